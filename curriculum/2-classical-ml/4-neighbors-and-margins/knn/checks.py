"""knn(X_train, y_train, X, k): the majority of the k nearest; ties to the smallest label; labels are not positions."""

import numpy as np

from gradus.checks import behaviour, cases, fail, misconception, probes, valid


def _sqdist(A, B):
    return ((A[:, None, :] - B) ** 2).sum(axis=2)


@valid
def no_equal_distances(X_train, y_train, X, k):
    if not (len(X_train) == len(y_train) >= k >= 1 and len(X) >= 1 and X_train.shape[1:] == X.shape[1:] != (0,)):
        return False
    return bool((np.diff(np.sort(_sqdist(X, X_train), axis=1), axis=1) > 1e-6).all())


def _labels(rng, classes):
    return np.sort(rng.choice(np.arange(3, 60), size=classes, replace=False)).astype(np.int64)


def _clouds(rng, n=18, m=7, d=3, classes=3):
    names = _labels(rng, classes)
    which = rng.permutation(np.arange(n) % classes)
    centers = rng.normal(size=(classes, d)) * 1.5
    X = centers[rng.integers(0, classes, size=m)] + rng.normal(size=(m, d))
    return centers[which] + rng.normal(size=(n, d)), names[which], X


@cases
def clouds_and_lines(rng):
    """A line on which each wrong idea gives another answer, in any order of rows; then overlapping clouds."""
    low, middle, high = _labels(rng, 3)
    line = np.array([[0.0, 0.1], [1.0, -0.2], [2.2, 0.0], [3.1, 0.3], [4.3, 0.0], [7.0, 0.2], [9.1, 0.0]])
    names = np.array([high, low, low, middle, middle, high, high])
    queries = np.array([[0.05, 0.0], [2.6, 0.1], [1.9, 0.1], [3.3, 0.0], [9.5, 0.0], [5.0, 0.7]])
    order = rng.permutation(len(line))
    for k in (1, 2, 3, 7):
        yield line[order], names[order], queries, k
    yield (*_clouds(rng, d=int(rng.integers(2, 5))), 5)
    yield (*_clouds(rng, n=16, m=6, classes=2), 4)


def _nearest(X_train, X, k, start=0):
    return _sqdist(X, X_train).argsort(axis=1)[:, start : start + k]


def _winner(labels):
    names, counts = np.unique(labels, return_counts=True)
    return names[counts.argmax()]


def _vote(y_train, nearest):
    return np.array([_winner(y_train[row]) for row in nearest])


@misconception
def one_neighbor(X_train, y_train, X, k):
    """Only the nearest row decides; the other votes are not counted.

    With `k = 1` that is right. One odd row then makes an island of its own, which is exactly what more votes are
    for."""
    return y_train[_nearest(X_train, X, 1)[:, 0]]


@misconception
def nearest_left_out(X_train, y_train, X, k):
    """The nearest training row has no vote.

    Skipping the first neighbor is right when a *training* row is asked, because that is the row itself. A new row
    is not among the training rows, so its nearest neighbor is a real one."""
    return _vote(y_train, _nearest(X_train, X, k, start=1))


@misconception
def farthest(X_train, y_train, X, k):
    """The votes come from the rows that are farthest away.

    `argsort` sorts upward: small distances come first. (For a similarity it would be the other way round.)"""
    return _vote(y_train, (-_sqdist(X, X_train)).argsort(axis=1)[:, :k])


@misconception
def tie_to_the_nearer(X_train, y_train, X, k):
    """A tied vote goes to whichever label was met first.

    `Counter.most_common` and counting by hand keep the order in which labels turn up, so the nearest row breaks the
    tie. That is a fair rule, but not the one that is asked for: here the smallest label wins."""
    answers = []
    for row in _nearest(X_train, X, k):
        names = list(dict.fromkeys(y_train[row].tolist()))
        answers.append(max(names, key=lambda name: int((y_train[row] == name).sum())))
    return np.array(answers)


@misconception
def tie_to_the_largest(X_train, y_train, X, k):
    """A tied vote goes to the largest label.

    Look at how the maximum is searched: the last of several equal ones was kept. The smallest label should win."""
    return -_vote(-y_train, _nearest(X_train, X, k))


@misconception
def average_label(X_train, y_train, X, k):
    """The labels of the neighbors were averaged.

    A label is a name that happens to be written as a number: halfway between class 3 and class 7 there is no class 5.
    (For a *quantity* the mean of the neighbors is right; that is KNN regression.)"""
    return np.round(y_train[_nearest(X_train, X, k)].mean(axis=1)).astype(np.int64)


@misconception
def positions(X_train, y_train, X, k):
    """You returned positions, not labels.

    The winner of the vote is a place in the array of classes. It looks like a label as long as the labels happen to be
    0, 1, 2, …."""
    return np.searchsorted(np.unique(y_train), _vote(y_train, _nearest(X_train, X, k)))


@misconception
def largest_dot_product(X_train, y_train, X, k):
    """The rows with the largest dot product vote, and those are the longest rows.

    A dot product grows with the length of a row, so a row far out is "similar" to everything in its direction. Distance
    compares positions."""
    return _vote(y_train, (-(X @ X_train.T)).argsort(axis=1)[:, :k])


@misconception
def signed_differences(X_train, y_train, X, k):
    """Differences were added up without being squared, so steps to the left cancel steps to the right.

    A very negative sum then counts as very near. Square each coordinate's difference before adding."""
    return _vote(y_train, (X[:, None] - X_train).sum(axis=2).argsort(axis=1)[:, :k])


def _case(rng):
    return (*_clouds(rng), 3)


rows_follow = probes.permutation(
    of="knn",
    make=_case,
    args=(2,),
    title="each row is classified by itself",
    message="The answer for a row depends on that row and the training rows, not on the rows that are asked with it.",
)
training_order = probes.permutation(
    of="knn",
    make=_case,
    args=(0, 1),
    output=None,
    title="the order of the training rows plays no part",
    message="Neighbors are found by distance, so it cannot matter in which order the training rows are stored. If it "
    "does, rows and labels have come apart, or a tie goes to whichever row comes first.",
)


@behaviour("turning all points together changes nothing")
def rotation(student, rng):
    """A rotation keeps every Euclidean distance, so the neighbors are the same. If the answers change, something else
    than Euclidean distance is measured: a sum of absolute differences, for one, depends on where the axes point."""
    for _ in range(6):
        X_train, y_train, X, k = (*_clouds(rng, n=30, m=12), 1)
        turn, _upper = np.linalg.qr(rng.normal(size=(3, 3)))
        before = student.knn(X_train, y_train, X, k)
        after = student.knn(X_train @ turn, y_train, X @ turn, k)
        if not np.array_equal(before, after):
            fail("The same points, turned, are classified differently.", expected=before, actual=after)
