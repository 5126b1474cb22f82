"""kmeans(X, k, rng, starts): a converged run with k clusters, and the best of several; names of clusters are free."""

import numpy as np

from gradus.checks import behaviour, cases, fail, misconception, valid


def _sqdist(A, B):
    return ((A[:, None] - B) ** 2).sum(axis=2)


def by_first_row(submission, X, k, rng, starts=None):
    """The answer with its clusters named in the order of their first rows, so that names play no part."""
    return _named(*(submission.kmeans(X, k, rng) if starts is None else submission.kmeans(X, k, rng, starts=starts)), k)


def _named(labels, centers, inertia, k):
    labels, centers = np.asarray(labels), np.asarray(centers)
    if labels.ndim != 1 or labels.dtype.kind not in "iu" or centers.ndim != 2 or not np.isin(labels, range(k)).all():
        return labels, centers, inertia
    order = np.array(list(dict.fromkeys(labels.tolist())))
    rank = np.full(max(k, len(centers)), len(order))
    rank[order] = np.arange(len(order))
    if len(centers) != k:
        return rank[labels], centers, inertia
    return rank[labels], centers[np.argsort(rank, kind="stable")], inertia


@valid
def enough_rows(X, k, rng, starts=None):
    return X.ndim == 2 and X.shape[1] >= 1 and 1 <= k <= len(np.unique(X, axis=0))


def _far_groups(rng, k, each, d=2):
    """Groups far apart and of unlike size, so that there is one best clustering by a wide margin."""
    angle = 2 * np.pi * (np.arange(k) + rng.uniform()) / k
    middles = np.column_stack([np.cos(angle), np.sin(angle), *[rng.normal(size=k) for _ in range(d - 2)]]) * 20
    which = np.repeat(np.arange(k), each)
    which = rng.permutation(np.concatenate([which, rng.integers(0, k, size=3)]))
    return middles[which] + rng.normal(size=(len(which), d)) + rng.uniform(40, 60, size=d)


@cases(run=by_first_row)
def groups(rng):
    for k, each, d, starts in ((2, 7, 2, None), (3, 6, 3, 5), (4, 5, 2, 6)):
        yield _far_groups(rng, k, each, d), k, np.random.default_rng(int(rng.integers(1 << 30))), starts
    X = np.repeat(rng.permutation(np.array([[0.0, 0.0], [9.0, 0.0], [0.0, 9.0], [9.0, 30.0]])), [6, 1, 4, 2], axis=0)
    yield X, 4, np.random.default_rng(int(rng.integers(1 << 30))), 2
    yield rng.normal(size=(9, 2)), 1, np.random.default_rng(3), 1


class _Wrong:
    @staticmethod
    def best(X, k):
        """The best clustering, from starts that cannot miss it: every group far from the ones before."""
        centers = X[:1]
        while len(centers) < k:
            centers = np.vstack([centers, X[_sqdist(X, centers).min(axis=1).argmax()]])
        for _ in range(20):
            labels = _sqdist(X, centers).argmin(axis=1)
            centers = np.array([X[labels == j].mean(axis=0) for j in range(k)])
        return labels, centers, float(_sqdist(X, centers).min(axis=1).sum())


@misconception
def distances_not_squared(X, k, rng, starts=10):
    """The inertia adds up distances; it should add up their squares.

    The mean of a cluster makes the sum of *squared* distances smallest. Only with squares do the two moves of a step
    agree about what is better."""
    labels, centers, _ = _Wrong.best(X, k)
    return labels, centers, float(np.sqrt(_sqdist(X, centers).min(axis=1)).sum())


@misconception
def mean_inertia(X, k, rng, starts=10):
    """The inertia is divided by the number of rows.

    The mean squared distance would be a fine measure. What is called inertia is the sum."""
    labels, centers, inertia = _Wrong.best(X, k)
    return labels, centers, inertia / len(X)


@misconception
def inertia_to_all_centers(X, k, rng, starts=10):
    """The inertia adds up the distances to all centers.

    Each row counts once, with the center that it has joined."""
    labels, centers, _ = _Wrong.best(X, k)
    return labels, centers, float(_sqdist(X, centers).sum())


@misconception
def one_label_for_all(X, k, rng, starts=10):
    """All rows have the same label.

    Either everything joined one center and stayed there, or the labels are not those of the run. Look at the axis along
    which you search for the nearest center."""
    return (
        np.zeros(len(X), dtype=np.int64),
        np.repeat(X.mean(axis=0)[None], k, axis=0),
        float(_sqdist(X, X.mean(axis=0)[None]).sum()),
    )


def _rectangles(rng):
    """Two rectangles far apart, two centers for each, which join the ends of each short side. A run that joins the long
    ones, or puts three centers into one rectangle, stops there: fewer than half of all runs end well."""
    corners = np.array([[0.0, 0.0], [0.0, 1.1], [1.0, 0.0], [1.0, 1.1]])
    both = np.vstack([corners, corners + np.array([60.0, 0.0])])[[0, 2, 4, 6, 1, 3, 5, 7]]
    return both + rng.uniform(-5, 5, size=2)


@behaviour("of several runs the best is kept")
def best_of_several(student, rng):
    """Each run stops in the first valley it meets: two groups may share a center while another is cut in half. Which
    valley it is depends on the start, so one start is a matter of luck. Make as many runs as you are told, and keep the
    one with the smallest inertia."""
    for _ in range(2):
        X = _rectangles(rng)
        inertia = float(student.kmeans(X, 4, np.random.default_rng(int(rng.integers(1 << 30))), starts=40)[2])
        if inertia > 2.001:
            fail("After 40 starts there is still a better clustering.", case=X, expected=2.0, actual=inertia)


@behaviour("a start spreads its centers out")
def spread_starts(student, rng):
    """Six small groups far apart: with k-means++ even a single start puts a center into each, as a row near a
    chosen one has next to no chance. Rows drawn with equal chances nearly always leave a group out, and the run
    does not recover."""
    for _ in range(6):
        X = rng.permutation(np.arange(24) % 6)[:, None] * np.array([[7.0, -3.0]]) + rng.normal(size=(24, 2)) * 1e-3
        inertia = float(student.kmeans(X, 6, np.random.default_rng(int(rng.integers(1 << 30))), starts=1)[2])
        if inertia > 1.0:
            fail("A single start misses one of six clear groups.", case=X, expected="about 0", actual=inertia)


@behaviour("the run has come to its end")
def converged(student, rng):
    """At the end every row is with its nearest center, every center is the mean of its rows, and the inertia is that of
    what is returned. If one of these fails, the run was stopped too early, or labels and centers come from different
    moments."""
    for _ in range(4):
        X = rng.normal(size=(60, 2))
        chance = np.random.default_rng(int(rng.integers(1 << 30)))
        labels, centers, inertia = student.kmeans(X, 6, chance, starts=1)
        labels, centers = np.asarray(labels), np.asarray(centers, dtype=float)
        if labels.shape != (60,) or centers.shape != (6, 2):
            return  # the cases tell
        if not np.isin(labels, range(6)).all():
            fail("A label is not the position of a center.", expected=list(range(6)), actual=np.unique(labels))
        distances = _sqdist(X, centers)
        own = distances[np.arange(60), labels]
        if (own > distances.min(axis=1) + 1e-9).any():
            fail("A row is nearer to another center than to its own.", case="60 rows, k = 6")
        for j in np.unique(labels):
            if not np.allclose(X[labels == j].mean(axis=0), centers[j], atol=1e-6):
                fail("A center is not the mean of its rows.", expected=X[labels == j].mean(axis=0), actual=centers[j])
        if not np.isclose(own.sum(), inertia, rtol=1e-6):
            fail("The inertia is not that of the labels and centers.", expected=own.sum(), actual=inertia)


@behaviour("only the given generator is a source of chance")
def repeatable(student, rng):
    """With two generators in the same state the same runs are made, so the answers are equal, numbers of the clusters
    included. A generator that you make yourself, or `np.random.rand`, cannot be repeated by the caller."""
    X, seed = rng.normal(size=(40, 2)), int(rng.integers(1 << 30))
    one = np.asarray(student.kmeans(X, 6, np.random.default_rng(seed), starts=1)[0])
    for _ in range(2):
        other = np.asarray(student.kmeans(X, 6, np.random.default_rng(seed), starts=1)[0])
        if not np.array_equal(one, other):
            fail("The same seed gives other clusters.", expected=one, actual=other)
    others = [np.asarray(student.kmeans(X, 6, np.random.default_rng(seed + i), starts=1)[0]) for i in range(1, 9)]
    if all(np.array_equal(one, other) for other in others):
        fail("Nine seeds give the same labels: the generator is not used.", actual=one)
