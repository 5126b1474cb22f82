"""simulate(p, n, rng): the running share of successes; judged by its distribution, exactly where it is certain."""

import numpy as np

from gradus.checks import behaviour, cases, fail, misconception, probes, valid


@valid
def at_least_one_trial(p, n, rng):
    return p in (0.0, 1.0) and n >= 1


@cases
def certain(rng):
    """With p = 0 or 1 nothing is left to chance."""
    for p in (1.0, 0.0):
        yield p, int(rng.integers(4, 30)), np.random.default_rng(int(rng.integers(2**32)))
    yield 1.0, 1, np.random.default_rng(int(rng.integers(2**32)))


@misconception
def successes_turned_round(p, n, rng):
    """What never happens, happens always, and the reverse.

    A uniform number lies *below* p with probability p. Above p it lies with probability 1 − p. At p = 0.5 the two are
    the same, so a fair coin hides the slip."""
    return (rng.random(n) > p).cumsum() / np.arange(1, n + 1)


@misconception
def counts(p, n, rng):
    """The entries grow without end: they are counts, not shares.

    The cumulative sum says how many successes there were so far. A share also needs the number of trials so far."""
    return (rng.random(n) < p).cumsum().astype(float)


@misconception
def divided_by_all(p, n, rng):
    """Only the last entry is a share; the ones before are too small.

    You divided every count by `n`. After the first ten trials only ten trials have been made: each entry has a
    divisor of its own."""
    return (rng.random(n) < p).cumsum() / n


@misconception
def one_trial_behind(p, n, rng):
    """Each entry is one trial behind.

    Python counts from 0, trials are counted from 1. Entry 0 is about the first trial, so its divisor is 1."""
    successes = rng.random(n) < p
    return (successes.cumsum() - successes) / np.arange(1, n + 1)


@misconception
def only_the_last(p, n, rng):
    """You return the share after all trials; the way there is missing.

    One number says where the frequency arrived, and hides how it got there. Asked for is one entry for each trial."""
    return float((rng.random(n) < p).mean())


def _run(student, p, n, seed):
    return np.asarray(student.simulate(p, n, np.random.default_rng(seed)), dtype=float)


def _seeds(rng, k):
    return [int(seed) for seed in rng.choice(2**31, size=k, replace=False)]


@behaviour("every entry is a number of successes, divided by the number of trials so far")
def counts_successes(student, rng):
    """Each trial either succeeds or fails, so the share after `k` trials is a whole number divided by `k`, and one more
    trial adds 0 or 1 to that whole number. An answer such as `p` itself is what frequencies *tend* to. A simulation
    returns what happened."""
    share = _run(student, 0.3, 40, _seeds(rng, 1)[0])
    if share.shape != (40,):
        fail("The answer does not have one entry for each trial.", expected=(40,), actual=share.shape)
    count = share * np.arange(1, 41)
    steps = np.diff(count, prepend=0)
    if not (np.isclose(steps, 0) | np.isclose(steps, 1)).all():
        fail("Your shares are not those of whole numbers of successes.", case=(0.3, 40), actual=share)


@behaviour("the trials of one run differ from each other")
def fresh_draws(student, rng):
    """In 200 tosses of a fair coin, all came out the same. A generator that is made anew with the same seed starts
    again at the same place; made inside the loop, it gives every trial the same number. It looks careful, since seeds
    make results repeatable, but a seed belongs at the very beginning, once."""
    share = _run(student, 0.5, 200, _seeds(rng, 1)[0])
    if np.ptp(share) == 0 and share[0] in (0.0, 1.0):
        fail("All 200 tosses of a fair coin came out the same.", case=(0.5, 200), actual=share)


@behaviour("another generator gives another run")
def listens_to_generator(student, rng):
    """Two generators with different seeds gave the same 200 tosses, so the chance in your function does not come from
    `rng`. A generator made inside the function with a fixed seed makes every call the same experiment: averaging a
    hundred such runs teaches no more than one."""
    first, second = (_run(student, 0.5, 200, seed) for seed in _seeds(rng, 2))
    if np.array_equal(first, second):
        fail("Two different generators gave the same 200 tosses.", case=(0.5, 200), actual=first)


@behaviour("the same generator state gives the same run")
def repeats_with_seed(student, rng):
    """The same state of `rng` gave two different runs, so some of the chance comes from elsewhere: `np.random.rand` and
    the `random` module draw from hidden global state that the caller cannot set. Nobody could repeat the experiment."""
    seed = _seeds(rng, 1)[0]
    first, second = _run(student, 0.5, 200, seed), _run(student, 0.5, 200, seed)
    if not np.array_equal(first, second):
        fail("The same generator state gave two different runs.", case=(0.5, 200), expected=first, actual=second)


def _experiment(rng):
    return float(rng.choice([0.2, 0.3, 0.7])), 400


right_on_average = probes.stochastic_band(
    of="simulate",
    make=_experiment,
    rng=2,
    statistic=lambda share: share[-1],
    expected=lambda p, n: p,
    deviation=lambda p, n: np.sqrt(p * (1 - p) / n),
    title="over many runs, successes are as frequent as `p` says",
    message="One run proves little, many runs do: the share of successes must average to `p`. A comparison "
    "that does not use "
    "`p`, or uses it rounded, shows here.",
)


@behaviour("over many runs, the successes are as spread as a binomial's")
def spread_of_independent_trials(student, rng):
    """Independent trials have a known spread: the number of successes in `n` trials varies by about `sqrt(n * p * (1
    - p))` around `n * p`. More spread means that trials hang together, less that chance was evened out."""
    p, n, runs = float(rng.choice([0.2, 0.3, 0.7])), 150, 25
    totals = np.array([_run(student, p, n, seed)[-1] * n for seed in _seeds(rng, runs)])
    spread = ((totals - n * p) ** 2).sum() / (n * p * (1 - p))  # chi-squared with `runs` degrees of freedom
    if not 2.5 < spread < 90:  # honest work is outside about once in a hundred million checks
        fail(
            f"Over {runs} runs, the number of successes in {n} trials is spread too much or too little.",
            case=(p, n),
            expected=f"a standard deviation of about {np.sqrt(n * p * (1 - p)):.1f}",
            actual=f"{totals.std():.1f}",
        )
