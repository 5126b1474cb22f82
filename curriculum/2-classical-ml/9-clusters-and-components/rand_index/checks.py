"""rand_index(a, b): the share of pairs treated alike, whatever the clusters are called."""

import numpy as np

from gradus.checks import behaviour, cases, fail, misconception, probes, valid


@valid
def labelings(a, b):
    return a.ndim == b.ndim == 1 and len(a) == len(b) >= 2


@cases
def pairs_of_labelings(rng):
    """Equal groups under other names, nearly equal ones, unrelated ones, and all together against all apart."""
    a = rng.permutation(np.arange(12) % 3)
    yield a, np.array([7, 5, 9])[a]
    b = (a + 1) % 3
    b[rng.choice(12, size=3, replace=False)] = 4
    yield a, b
    yield rng.permutation(np.array([0, 0, 0, 1, 1, 2, 2])), rng.permutation(np.array([3, 3, -1, -1, -1, -1, 8]))
    yield np.zeros(5, dtype=np.int64), rng.permutation(np.arange(5))
    yield rng.permutation(np.array([0, 0, 1, 1, 2])), rng.permutation(np.array([0, 1, 1, 1, 1]))


def _together(a):
    return a[:, None] == a


@misconception
def equal_numbers(a, b):
    """You counted the rows with the same number in both labelings.

    Cluster 0 of one run has nothing to do with cluster 0 of another: the numbers are names, given by chance. Exchange
    them and nothing about the groups has changed. Compare who is together with whom."""
    return float((a == b).mean())


@misconception
def rows_with_themselves(a, b):
    """The value is too large: every row is compared with itself as well.

    The diagonal of an `(n, n)` table says that each row is together with itself, in any labeling. That is agreement
    about nothing. Pairs consist of different rows."""
    return float((_together(a) == _together(b)).mean())


@misconception
def only_together(a, b):
    """Only pairs that are together in both were counted as agreement.

    Two labelings also agree when both keep two rows *apart*."""
    pairs = np.triu_indices(len(a), k=1)
    return float((_together(a) & _together(b))[pairs].mean())


@misconception
def jaccard(a, b):
    """Pairs that both labelings keep apart were left out altogether.

    That is the Jaccard index, another measure of agreement. Here every pair counts, and being kept apart by both is
    agreement, too."""
    pairs = np.triu_indices(len(a), k=1)
    one, other = _together(a)[pairs], _together(b)[pairs]
    return float((one & other).sum() / max(int((one | other).sum()), 1))


@misconception
def disagreement(a, b):
    """You returned the share of pairs about which the labelings disagree.

    The two shares add up to 1. Equal groupings should give 1."""
    pairs = np.triu_indices(len(a), k=1)
    return float((_together(a) != _together(b))[pairs].mean())


@misconception
def how_many_pairs(a, b):
    """You returned the number of pairs, not their share.

    Divide by the number of all pairs, so that tables of different length can be compared."""
    pairs = np.triu_indices(len(a), k=1)
    return float((_together(a) == _together(b))[pairs].sum())


@misconception
def neighbors_in_the_list(a, b):
    """Only rows that stand next to each other were compared.

    `a[1:] == a[:-1]` sees `n - 1` pairs. Every row has to meet every other one."""
    return float(((a[1:] == a[:-1]) == (b[1:] == b[:-1])).mean())


def _two(rng):
    return rng.integers(0, 3, size=10), rng.integers(0, 4, size=10)


row_order = probes.permutation(
    of="rand_index",
    make=_two,
    args=(0, 1),
    output=None,
    title="the order of the rows plays no part",
    message="Every pair is looked at, so it cannot matter where its two rows stand in the list.",
)


@behaviour("renaming the clusters changes nothing")
def names_are_arbitrary(student, rng):
    """The numbers come from the order in which the centers happened to be drawn. A measure that changes with them
    measures that order."""
    a, b = _two(rng)
    names = rng.choice(np.arange(-50, 50), size=4, replace=False)
    before, after = student.rand_index(a, b), student.rand_index(a, names[b])
    if abs(before - after) > 1e-9:
        fail("Under other names the same clusters agree differently.", case=(a, b), expected=before, actual=after)
