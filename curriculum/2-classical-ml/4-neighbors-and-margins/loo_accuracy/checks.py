"""loo_accuracy(X, y, k): each row by its k nearest other rows; twins count, the row itself does not."""

import numpy as np

from gradus.checks import behaviour, cases, fail, misconception, probes, valid


def _sqdist(X):
    return ((X[:, None, :] - X) ** 2).sum(axis=2)


@valid
def clear_neighbors(X, y, k):
    """The k-th and the next other neighbor of each row lie at different distances, so who votes is no matter of
    luck."""
    if not (X.ndim == 2 and X.shape[1] >= 1 and len(X) == len(y) and 1 <= k <= len(X) - 1):
        return False
    distances = _sqdist(X)
    np.fill_diagonal(distances, np.inf)
    distances = np.sort(distances, axis=1)
    return bool((distances[:, k] - distances[:, k - 1] > 1e-9).all())


def _clouds(rng, n, d=2, spread=1.2, classes=3):
    names = np.sort(rng.choice(np.arange(3, 60), size=classes, replace=False)).astype(np.int64)
    which = rng.permutation(np.arange(n) % classes)
    centers = rng.normal(size=(classes, d)) * 2
    return centers[which] + rng.normal(size=(n, d)) * spread, names[which]


def _with_twins(rng, n, same):
    """Clouds, and three pairs of equal rows far out, with labels that differ within a pair, or that no near row has."""
    X, y = _clouds(rng, n, classes=2)
    low, high = np.unique(y)
    angle = np.array([0.0, 2.1, 4.2]) + rng.uniform(0, 2 * np.pi)
    twins = np.column_stack([np.cos(angle), np.sin(angle)]) * rng.uniform(14, 18, size=(3, 1))
    nearest = y[((twins[:, None] - X) ** 2).sum(axis=2).argmin(axis=1)]
    first = np.where(nearest == low, high, low)
    second = first if same else nearest
    order = rng.permutation(n + 6)
    return np.vstack([X, twins, twins])[order], np.concatenate([y, first, second])[order]


@cases
def tables(rng):
    """Overlapping clouds for several k, twins of the same class and of the other one."""
    for k in (1, 2, 3, 5):
        yield (*_clouds(rng, 23, d=int(rng.integers(2, 5))), k)
    yield (*_with_twins(rng, 17, same=False), 1)
    yield (*_with_twins(rng, 17, same=True), 1)
    yield (*_with_twins(rng, 19, same=False), 3)
    yield (*_with_twins(rng, 19, same=True), 2)


def _share(y, candidates):
    """The share of right votes; `candidates` holds, for each row, the positions of those who vote."""
    hits = 0
    for label, row in zip(y, candidates, strict=True):
        names, counts = np.unique(y[row], return_counts=True)
        hits += len(row) > 0 and names[counts.argmax()] == label
    return float(hits / len(y))


def _order(X):
    return _sqdist(X).argsort(axis=1, kind="stable")


@misconception
def votes_for_itself(X, y, k):
    """Every row is its own nearest neighbor and votes for itself.

    With `k = 1` that gives 100 % on any data without twins, even if the labels were drawn by lot. The score should tell
    how the *others* would classify a row."""
    return _share(y, _order(X)[:, :k])


@misconception
def first_left_out(X, y, k):
    """Where two rows are equal, the wrong one of them was left out.

    Sorted by distance, a row *usually* comes first in its own line. But an equal row is at distance 0 as well and may
    come before it; then the twin is skipped and the row votes for itself. Leave it out by its position, not by its
    rank."""
    return _share(y, _order(X)[:, 1 : k + 1])


@misconception
def zeros_left_out(X, y, k):
    """Rows that are equal to another one are left out as well.

    You dropped everything at distance 0. A twin is another row, and the best neighbor there is. Only the row itself
    must not vote."""
    distances = _sqdist(X)
    return _share(y, [order[line[order] > 0][:k] for line, order in zip(distances, _order(X), strict=True)])


@misconception
def one_vote_short(X, y, k):
    """Only `k - 1` neighbors vote.

    The row itself was counted among its `k` nearest and then taken out. Take it out first, and there are `k` others."""
    return _share(y, [[j for j in order[:k] if j != i] for i, order in enumerate(_order(X))])


def _others(X, k, skip=0):
    distances = _sqdist(X)
    np.fill_diagonal(distances, np.inf)
    return distances.argsort(axis=1, kind="stable")[:, skip : k + skip]


@misconception
def labels_slipped(X, y, k):
    """The labels have slipped by one against their rows.

    After one row is deleted, positions among the others are no longer positions in `y`: behind the gap all of them are
    one too small. Take the same row out of the labels as well, or leave the table whole."""
    hits = 0
    for i in range(len(X)):
        others = np.delete(X, i, axis=0)
        order = ((others - X[i]) ** 2).sum(axis=1).argsort(kind="stable")
        names, counts = np.unique(y[order[:k]], return_counts=True)
        hits += names[counts.argmax()] == y[i]
    return float(hits / len(X))


@misconception
def error_rate(X, y, k):
    """You returned the share of wrong predictions.

    The two add up to 1, and both are in use. Accuracy is the share that is right."""
    return 1 - _share(y, _others(X, k))


@misconception
def how_many(X, y, k):
    """You returned how many rows are right, not which share of them.

    A count cannot be compared between tables of different length."""
    return float(_share(y, _others(X, k)) * len(y))


@misconception
def only_the_nearest(X, y, k):
    """Only the nearest other row is asked; `k` has no effect.

    `k` rows vote, and the majority decides."""
    return _share(y, _others(X, 1))


@misconception
def all_must_agree(X, y, k):
    """You counted how many of the neighbors have the row's label.

    The neighbors first agree on one prediction, by majority, and that is right or wrong. A row with two of three votes
    is right, not two thirds right."""
    return float((y[_others(X, k)] == y[:, None]).mean())


def _table(rng):
    return (*_clouds(rng, 24), 3)


row_order = probes.permutation(
    of="loo_accuracy",
    make=_table,
    args=(0, 1),
    output=None,
    title="the order of the rows plays no part",
    message="Each row asks all the others, wherever they are stored. If the order matters, rows are left out by "
    "rank or in blocks, or labels have come apart from their rows.",
)
scale_free = probes.equivariance(
    of="loo_accuracy",
    make=_table,
    shift="same",
    scale="same",
    title="moving or enlarging the whole picture changes nothing",
    message="All distances grow alike, so every row keeps its neighbors.",
)


@behaviour("labels drawn by lot are not predicted")
def nothing_to_learn(student, rng):
    """Here the labels have nothing to do with the columns, so nobody can be right much more often than by chance. A
    high score means that a row's own label took part in its prediction."""
    X, y = rng.normal(size=(60, 3)), rng.permutation(np.arange(60) % 2)
    score = student.loo_accuracy(X, y, 1)
    if score > 0.95:
        fail("With labels drawn by lot the score is nearly 1.", case="60 rows", expected="about 0.5", actual=score)
