"""split_rows(y, test_size, rng, groups, time): judged by what all right splits have in common."""

import numpy as np

from gradus.checks import behaviour, cases, fail, misconception, probes, valid


def facts(submission, y, test_size, seed, groups, time):
    """What must hold of a split, in words. Which rows are drawn is left to chance, so it is not among them."""
    rng = np.random.default_rng(seed)
    train, test = submission.split_rows(y, test_size, rng, groups=groups, time=time)
    train, test = np.asarray(train), np.asarray(test)
    told = {
        "row numbers are ints in increasing order": all(
            part.ndim == 1 and part.dtype.kind == "i" and bool((np.diff(part) > 0).all()) for part in (train, test)
        ),
        "each row is in exactly one part": sorted([*train.tolist(), *test.tolist()]) == list(range(len(y))),
    }
    if not told["each row is in exactly one part"]:
        return told
    if time is not None:
        told["every training row is earlier than every test row"] = bool(time[train].max() < time[test].min())
        told["the number of test rows is right"] = len(test) == np.sum(
            time >= np.sort(time)[-round(test_size * len(y))]
        )
    elif groups is not None:
        sizes = np.unique(groups[test], return_counts=True)[1]
        told["no group is on both sides"] = not set(groups[train].tolist()) & set(groups[test].tolist())
        told["there are enough test rows"] = bool(len(test) >= test_size * len(y))
        told["no more groups than needed are held out"] = bool(len(test) - sizes.max() < test_size * len(y))
    else:
        told["each class keeps its share"] = all(
            np.sum(y[test] == label) == round(test_size * np.sum(y == label)) for label in np.unique(y)
        )
    return {said: bool(holds) for said, holds in told.items()}


@valid
def a_split_exists(y, test_size, seed, groups, time):
    n = len(y)
    if not 0 < test_size < 1 or not all(v is None or len(v) == n for v in (groups, time)):
        return False
    if groups is not None and time is not None:
        return False
    if time is not None:
        return n >= 10 and 0 < np.sum(time >= np.sort(time)[-round(test_size * n)]) < n
    if groups is not None:
        sizes = np.unique(groups, return_counts=True)[1]
        return len(sizes) >= 4 and bool((sizes >= 2).all()) and n - sizes.min() >= test_size * n + sizes.max()
    sizes = np.unique(y, return_counts=True)[1]
    return len(sizes) >= 4 and all(0 < round(test_size * c) < c for c in sizes)


def _seed(rng):
    return int(rng.integers(2**32))


@cases(run=facts)
def by_class(rng):
    """Eight classes of different sizes, sorted by class, as files often are."""
    sizes = rng.permutation(np.arange(4, 12))
    y = np.repeat(np.sort(rng.choice(99, size=8, replace=False)), sizes)
    yield y, 0.2, _seed(rng), None, None
    yield rng.permutation(y), 0.4, _seed(rng), None, None


@cases(run=facts)
def by_group(rng):
    """Groups of three to six rows, a handful of rows apart; then groups that are neighbors in the table."""
    groups = np.repeat(rng.choice(99, size=10, replace=False), rng.integers(3, 7, size=10))
    y = rng.integers(0, 2, size=len(groups))
    yield y, 0.3, _seed(rng), rng.permutation(groups), None
    yield y, 0.2, _seed(rng), groups, None
    equal = np.repeat(rng.choice(99, size=10, replace=False), 4)
    yield rng.integers(0, 2, size=40), 0.2, _seed(rng), rng.permutation(equal), None


@cases(run=facts)
def by_time(rng):
    """Rows out of order; in the second case several rows share the time at which the test begins."""
    time = rng.permutation(np.arange(30)) * 2 + 7
    y = rng.integers(0, 2, size=30)
    yield y, 0.2, _seed(rng), None, time
    ties = rng.permutation(np.repeat(np.arange(10), 3))
    yield y, 1 / 3, _seed(rng), None, ties * 1.5
    yield y, 0.2, _seed(rng), None, np.arange(30) + 1900


def _parts(held_out):
    return np.flatnonzero(~held_out), np.flatnonzero(held_out)


def _some(n, test_size, rng):
    held_out = np.zeros(n, dtype=bool)
    held_out[rng.choice(n, size=round(test_size * n), replace=False)] = True
    return held_out


def _right(y, test_size, rng, groups, time):
    """The right answer, written once more for the misconceptions to fall back on."""
    if time is not None:
        return time >= np.sort(time)[-round(test_size * len(y))]
    held_out = np.zeros(len(y), dtype=bool)
    if groups is not None:
        for group in rng.permutation(np.unique(groups)):
            if held_out.sum() < test_size * len(y):
                held_out |= groups == group
        return held_out
    for label in np.unique(y):
        members = np.flatnonzero(y == label)
        held_out[rng.choice(members, size=round(test_size * len(members)), replace=False)] = True
    return held_out


@misconception
def always_at_random(y, test_size, rng, groups=None, time=None):
    """Classes lose their shares, groups are cut, and the past is predicted from the future.

    A plain shuffle fits one situation only: many rows that have nothing to do with each other. It is what libraries do
    when they are told nothing. With rows of one person on both sides, a model can recognize the person; with later rows
    in training, it can look up what happened next. Neither helps on the day of use."""
    return _parts(_some(len(y), test_size, rng))


@misconception
def groups_and_time_ignored(y, test_size, rng, groups=None, time=None):
    """Classes keep their shares, but groups are cut and later rows train for earlier ones.

    Keeping shares makes a score steadier. It does not make it honest: rows of one person still lie on both sides. What
    new rows share with old ones comes first, and only when it is nothing are shares all there is to keep."""
    return _parts(_right(y, test_size, rng, None, None))


@misconception
def groups_cut(y, test_size, rng, groups=None, time=None):
    """Rows of one group are on both sides.

    You gave each group its share of the test, as for classes. Groups are the opposite of classes: a class must be on
    both sides so that it can be learned, a group must not, because its rows know each other. Draw groups, not rows."""
    return _parts(_right(groups if groups is not None else y, test_size, rng, None, time))


@misconception
def share_of_groups(y, test_size, rng, groups=None, time=None):
    """One group more than needed is held out.

    A group was added although there were enough test rows already. Look at how many rows are held out *before* taking
    the next group; each group that is not needed for the test is missing in training."""
    held_out = _right(y, test_size, rng, groups, time)
    if groups is not None:
        held_out = held_out | (groups == groups[~held_out][0])
    return _parts(held_out)


@misconception
def order_in_the_table(y, test_size, rng, groups=None, time=None):
    """With a time given, some training rows are later than some test rows.

    You took the last rows of the *table*. Only if the table is sorted by time are they the latest, and nothing says
    that it is: exports are often sorted by a name. Look at the values of `time`."""
    if time is None:
        return _parts(_right(y, test_size, rng, groups, time))
    return _parts(np.arange(len(y)) >= len(y) - round(test_size * len(y)))


@misconception
def rows_of_one_moment_cut(y, test_size, rng, groups=None, time=None):
    """Some training rows are as late as the first test rows.

    Several rows can carry the same time: one day, one shipment. Cut at a row, and rows of one moment fall on both
    sides, although on that day none of their answers was known. Cut at a *time* instead."""
    if time is None:
        return _parts(_right(y, test_size, rng, groups, time))
    held_out = np.zeros(len(y), dtype=bool)
    held_out[np.argsort(time, kind="stable")[-round(test_size * len(y)) :]] = True
    return _parts(held_out)


@misconception
def earliest_tested(y, test_size, rng, groups=None, time=None):
    """With a time given, the test rows are the earliest.

    You train on the future and are tested on the past. When the model is used, the future is what it does not have:
    the test rows have to be the latest."""
    if time is None:
        return _parts(_right(y, test_size, rng, groups, time))
    return _parts(time <= np.sort(time)[round(test_size * len(y)) - 1])


@misconception
def parts_exchanged(y, test_size, rng, groups=None, time=None):
    """The two parts are in the wrong order.

    The training rows come first, as in scikit-learn's `split`. Exchanged, the small part trains and the large one
    tests."""
    return _parts(~_right(y, test_size, rng, groups, time))


def _classes(rng):
    return np.repeat(rng.permutation(4), [5, 10, 15, 20]), 0.4


repeatable = probes.determinism(of="split_rows", make=_classes, rng="rng")


@behaviour("which groups are held out is left to chance")
def any_group(student, rng):
    """Eight generators with different seeds hold out the same groups. Taken in the order of their names, the groups
    that
    come last are never tested: put them into a random order, drawn from `rng`."""
    y, groups = rng.integers(0, 2, size=40), np.repeat(np.arange(20), 2)
    tests = []
    for seed in rng.choice(2**31, size=8, replace=False):
        tests.append(np.asarray(student.split_rows(y, 0.5, np.random.default_rng(seed), groups=groups)[1]).tolist())
    if all(test == tests[0] for test in tests):
        fail(
            "Eight different seeds hold out the same groups.",
            case=groups,
            actual=sorted(set(groups[tests[0]].tolist())),
        )
