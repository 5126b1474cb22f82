"""median_interval(x, level, resamples, rng): a percentile bootstrap.

The distribution of a bootstrap median is known exactly: it is at most the j-th smallest of n entries when more than
half of n draws are, and that number is binomial. So with few entries the cases ask for quantiles on which thousands of
resamples cannot disagree, and no tolerance for chance is needed; with many, the bound is known.
"""

import math
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from gradus.checks import behaviour, cases, compare, fail, misconception, probes, valid

RESAMPLES = 2000


@cache
def _steps(n):
    """P(bootstrap median <= j-th smallest of n entries), for j = 0 … n; n is odd."""
    k = np.arange(n // 2 + 1, n + 1)
    ways = np.array([float(math.comb(n, int(i))) for i in k])
    share = np.arange(n + 1)[:, None] / n
    return (ways * share**k * (1 - share) ** (n - k)).sum(axis=1)


def _chance(share):
    """How far off a share of the resamples can be: more than this happens once in a hundred million runs."""
    return 6 * np.sqrt(share * (1 - share) / RESAMPLES)


def _is_sure(n, tail):
    """Whether the quantile falls well inside a step, so that every run finds the same entry."""
    steps = _steps(n)
    return bool((np.abs(steps - tail) > _chance(steps)).all())


def _generator(rng):
    return np.random.default_rng(int(rng.integers(2**32)))


def _skewed(rng, n):
    """Unsorted, distinct entries with a long tail to the right."""
    return rng.permutation(np.cumsum(rng.uniform(0.5, 1.0, size=n) * 1.6 ** np.arange(n)))


@valid
def certain_enough(x, level, resamples, rng):
    """Shrinking must not leave the cases whose answer is certain."""
    if x.ndim != 1 or not len(x) or not 0 < level < 1 or resamples < 1:
        return False
    if len(np.unique(x)) == 1:
        return True
    return len(x) % 2 == 1 and len(x) < 30 and resamples >= RESAMPLES and _is_sure(len(x), (1 - level) / 2)


@cases
def few_entries(rng):
    """Levels at which the ends are as good as certain."""
    yield _skewed(rng, 5), float(rng.uniform(0.52, 0.60)), RESAMPLES, _generator(rng)
    yield np.full(int(rng.integers(2, 9)), float(rng.integers(1, 9))), 0.9, 50, _generator(rng)


@cases(compare=compare.close(rtol=0, atol=1.75))
def evenly_spaced(rng):
    """201 whole numbers: two runs differ by at most one, a wrong quantile by more than three."""
    yield rng.permutation(np.arange(201.0)), float(rng.uniform(0.68, 0.72)), RESAMPLES, _generator(rng)


def _ends(values, tail):
    low, high = np.quantile(values, [tail, 1 - tail])
    return float(low), float(high)


@misconception
def spread_of_the_data(x, level, resamples, rng):
    """The interval is about single entries, not about their median.

    Quantiles of `x` say where a single patient lies. The median of many patients varies far less: its interval comes
    from the quantiles of the resampled medians."""
    return _ends(x, (1 - level) / 2)


@misconception
def tail_not_halved(x, level, resamples, rng):
    """The interval is too narrow: it leaves out twice what it should.

    A level of 0.9 leaves a tenth outside in all. You left a tenth out at *each* end."""
    return _ends(np.median(rng.choice(x, size=(resamples, len(x))), axis=1), 1 - level)


@misconception
def one_sided(x, level, resamples, rng):
    """The lower end is the smallest median of all.

    Everything that is left out was taken from the upper end. The interval is meant to leave out equally much on both
    sides."""
    medians = np.median(rng.choice(x, size=(resamples, len(x))), axis=1)
    return float(medians.min()), float(np.quantile(medians, level))


def _intervals(student, rng):
    """Intervals for three samples of 99 different numbers, each with its sample."""
    for _ in range(3):
        x = rng.permutation(np.arange(1.0, 100.0) + rng.integers(0, 50))
        yield x, student.median_interval(x, 0.9, 60, _generator(rng))


@behaviour("draws with replacement")
def with_replacement(student, rng):
    """Drawn without replacement, a sample of the same size holds exactly the same entries in another order, and its
    median is the same, too: the interval shrinks to a point. Only when some entries come twice and others not at all
    do resamples differ from the sample, as a new sample from the world would."""
    found = list(_intervals(student, rng))
    if all(low == high == np.median(x) for x, (low, high) in found):
        x, ends = found[0]
        fail("The interval has no width: both ends are the median of the sample.", case=(x, 0.9, 60), actual=ends)


@behaviour("resamples differ from each other")
def resamples_differ(student, rng):
    """Sixty resamples of 99 different numbers had one and the same median. That happens when each of them was drawn by
    a generator that was made anew with the same seed, inside the loop: they are all the same resample."""
    for x, (low, high) in _intervals(student, rng):
        if low == high:
            fail("On 99 different numbers your interval has no width.", case=(x, 0.9, 60), actual=(low, high))


generator_decides = probes.determinism(
    of="median_interval",
    make=lambda rng: (rng.normal(size=60), 0.8, 40),
    rng=3,
    title="`rng` decides the answer, and nothing else does",
    message="All chance has to come from the generator that is passed in. `np.random.choice` draws from hidden global "
    "state, so nobody can repeat the run; a generator made inside, with a seed of its own, makes every run the same.",
)


@behaviour("with an odd number of entries, both ends are entries of the sample")
def ends_are_entries(student, rng):
    """The median of an odd number of entries is one of them, also in a resample. Ends that lie in between were not
    made from medians: perhaps from means, or from a formula with a standard deviation, which assumes a shape that the
    bootstrap does not need to assume."""
    x = _skewed(rng, 5)
    ends = student.median_interval(x, 0.56, RESAMPLES, _generator(rng))
    if not all(np.isclose(x, end).any() for end in ends):
        fail("An end of your interval is no entry of the sample.", case=(x, 0.56), actual=ends)


@cache
def _progression():
    """How far the diabetes of 442 patients progressed; importing scikit-learn for it would take a second."""
    folder = Path(find_spec("sklearn").origin).parent / "datasets" / "data"
    return np.loadtxt(folder / "diabetes_target.csv.gz")


@behaviour("is right for real patients: the progression of diabetes")
def on_patients(student, rng):
    """With hundreds of patients the ends of the interval vary a little from run to run; yours are further away than
    chance allows. Check the size of the resamples (as many as there are patients) and which quantiles you take."""
    x = np.sort(rng.permutation(_progression())[:201])
    level = float(rng.choice([0.5, 0.8, 0.9]))
    tail = (1 - level) / 2
    ends = student.median_interval(rng.permutation(x), level, RESAMPLES, _generator(rng))
    steps = _steps(len(x))  # (n + 1,)
    for name, end, share in zip(("lower", "upper"), ends, (tail, 1 - tail), strict=True):
        first, last = np.searchsorted(steps, [share - _chance(share), share + _chance(share)])
        lowest, highest = x[max(first - 1, 0)], x[min(last, len(x)) - 1]
        if not lowest <= end <= highest:
            fail(
                f"On 201 patients, the {name} end of your interval is off.",
                case=("201 patients", level, RESAMPLES),
                expected=f"{lowest:g} to {highest:g}",
                actual=end,
            )
