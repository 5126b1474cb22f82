"""compare_models(a, b, groups): a paired interval, over groups where rows belong together."""

import numpy as np

from gradus.checks import behaviour, call, cases, fail, misconception, valid


@valid
def two_differences(a, b, groups=None):
    if not a.ndim == 1 or a.shape != b.shape or not (np.isfinite(a).all() and np.isfinite(b).all()):
        return False
    return len(a) >= 2 and (groups is None or (groups.shape == a.shape and len(np.unique(groups)) >= 2))


@cases
def losses(rng):
    """Rows that are hard for both models; then groups of unequal sizes, in any order."""
    for n in (5, 30):
        hard = rng.gamma(2, 2, size=n)
        yield hard + rng.normal(0, 0.3, size=n), hard + rng.normal(0.2, 0.3, size=n)
    yield rng.integers(0, 2, size=25), rng.integers(0, 2, size=25)
    groups = rng.permutation(np.repeat(rng.choice(99, size=6, replace=False), [1, 2, 3, 4, 5, 9]))
    ease = rng.normal(size=100)[groups]
    hard = rng.gamma(2, 2, size=24)
    yield call(hard + ease, hard + rng.normal(0, 0.2, size=24), groups=groups)
    yield call(hard, hard + ease, groups=rng.permutation(groups))


def _differences(a, b, groups):
    if groups is None:
        return a - b
    return np.array([(a - b)[groups == group].mean() for group in np.unique(groups)])


def _interval(center, margin):
    return float(center), float(center - margin), float(center + margin)


@misconception
def unpaired(a, b, groups=None):
    """The interval is far too wide: it contains how much the *rows* differ.

    You took the two models' deviations apart and added their squares, as for two separate samples. Here both models met
    the same rows. Most of their spread is rows that are hard for both, and it falls out in the difference."""
    if groups is not None:
        names = np.unique(groups)
        a, b = (np.array([loss[groups == name].mean() for name in names]) for loss in (a, b))
    margin = 1.96 * np.sqrt(a.var(ddof=1) / len(a) + b.var(ddof=1) / len(b))
    return _interval((a - b).mean(), margin)


@misconception
def deviation_for_error(a, b, groups=None):
    """The interval does not shrink as rows are added.

    You took the deviation of the differences, which says how far *single rows* lie from the mean. How well the mean
    itself is known is the standard error: divide by the root of the number of differences. The `±` of the roadmap's
    snippet, the deviation over folds, is no interval for the mean either."""
    differences = _differences(a, b, groups)
    return _interval(differences.mean(), 1.96 * differences.std(ddof=1))


@misconception
def population_deviation(a, b, groups=None):
    """The interval is slightly too narrow.

    NumPy's `std` divides by `n` unless told otherwise. The mean was computed from the same differences, so one of them
    is used up: with few groups this matters."""
    differences = _differences(a, b, groups)
    return _interval(differences.mean(), 1.96 * differences.std() / np.sqrt(len(differences)))


@misconception
def groups_ignored(a, b, groups=None):
    """Where groups are given, the rows are treated as if they were independent.

    Nine rows of one patient are not nine patients. Counting each row, you claim to know more than you do, and the
    patient with the most rows decides. Average within each group first."""
    differences = a - b
    return _interval(differences.mean(), 1.96 * differences.std(ddof=1) / np.sqrt(len(differences)))


@misconception
def groups_only_counted(a, b, groups=None):
    """Where groups are given, only their number is used.

    You divided by the root of the number of groups, but the mean and the deviation are still over rows. A group's rows
    have to become one number first."""
    differences = a - b
    n = len(differences) if groups is None else len(np.unique(groups))
    return _interval(differences.mean(), 1.96 * differences.std(ddof=1) / np.sqrt(n))


@misconception
def other_way_round(a, b, groups=None):
    """The difference is the other way round.

    `b - a` is positive when A is better. It matters little which way is chosen, and a lot that everybody chooses the
    same."""
    differences = _differences(b, a, groups)
    return _interval(differences.mean(), 1.96 * differences.std(ddof=1) / np.sqrt(len(differences)))


@misconception
def one_standard_error(a, b, groups=None):
    """The interval is one standard error to either side.

    That covers the true difference in two of three cases only. For 95 % it takes 1.96 of them."""
    differences = _differences(a, b, groups)
    return _interval(differences.mean(), differences.std(ddof=1) / np.sqrt(len(differences)))


@misconception
def percentiles_of_differences(a, b, groups=None):
    """Your interval holds 95 % of the single differences.

    Percentiles of the differences say where single rows lie, however many there are. Asked for is where the *mean* may
    lie, which more rows make known better."""
    differences = _differences(a, b, groups)
    low, high = np.percentile(differences, [2.5, 97.5])
    return float(differences.mean()), float(low), float(high)


@behaviour("what is hard for both models does not matter")
def common_difficulty(student, rng):
    """The same amount was added to both losses of a row, for each row another one. No difference has changed, so the
    answer
    must not change either. That is what comparing on the same rows is for."""
    a, b, hard = rng.normal(size=12), rng.normal(size=12), rng.gamma(2, 5, size=12)
    before, after = student.compare_models(a, b), student.compare_models(a + hard, b + hard)
    if not np.allclose(before, after):
        fail("Rows that are harder for both models change the answer.", case=hard, expected=before, actual=after)


@behaviour("copies of rows in a group add no certainty")
def copies_add_nothing(student, rng):
    """Every row was given twice, with its copy in the same group. Nobody new was asked, so the interval must stay. If
    it
    shrinks, rows are counted where groups should be."""
    a, b, groups = rng.normal(size=10), rng.normal(size=10), rng.permutation(np.repeat([3, 8, 5], [2, 3, 5]))
    before = student.compare_models(a, b, groups=groups)
    after = student.compare_models(np.tile(a, 2), np.tile(b, 2), groups=np.tile(groups, 2))
    if not np.allclose(before, after):
        fail("With each row given twice, the interval changes.", case=groups, expected=before, actual=after)
