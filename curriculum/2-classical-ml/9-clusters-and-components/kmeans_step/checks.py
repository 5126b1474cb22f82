"""kmeans_step(X, centers): nearest centers, means of their rows; empty centers take the rows that are worst off."""

import numpy as np

from gradus.checks import behaviour, cases, fail, misconception, valid


def _sqdist(X, centers):
    return ((X[:, None] - centers) ** 2).sum(axis=2)


@valid
def no_ties(X, centers):
    """Nearest centers and farthest rows are clear, unless two centers are equal."""
    if not (X.ndim == centers.ndim == 2 and X.shape[1] == centers.shape[1] >= 1 and len(X) >= len(centers) >= 1):
        return False
    distances = _sqdist(X, centers)
    far = np.sort(distances.min(axis=1))
    return bool((np.diff(far) > 1e-9).all()) and bool(
        all((np.diff(np.unique(row)) > 1e-9).all() for row in distances) and np.isfinite(distances).all()
    )


def _groups(rng, n, k, d):
    middles = rng.normal(size=(k, d)) * 4
    return middles[rng.permutation(np.arange(n) % k)] + rng.normal(size=(n, d)), middles


@cases
def steps(rng):
    """Every center wanted; two equal centers; one, then two centers that nobody joins, in the middle of the list."""
    X, _ = _groups(rng, 17, 3, 2)
    yield X, X[rng.choice(17, size=3, replace=False)]
    X, middles = _groups(rng, 14, 4, 3)
    yield X, middles + rng.normal(size=middles.shape)
    X, middles = _groups(rng, 13, 2, 2)
    yield X, np.vstack([middles[:1], rng.uniform(80, 90, size=(1, 2)), middles[1:]])
    X, middles = _groups(rng, 12, 3, 1)
    yield X, np.vstack([[[70.0]], middles, [[-99.0]]])
    X, middles = _groups(rng, 11, 2, 3)
    yield X, np.vstack([middles, middles[:1]])


def _step(X, centers, empty):
    labels = _sqdist(X, centers).argmin(axis=1)
    worst = iter((-_sqdist(X, centers).min(axis=1)).argsort())
    moved = [X[labels == j].mean(axis=0) if (labels == j).any() else empty(j, X, worst) for j in range(len(centers))]
    return labels, np.array(moved, dtype=float)


@misconception
def empty_becomes_nan(X, centers):
    """A center that no row joined becomes `nan`.

    The mean of nothing is 0 / 0. From then on every distance to that center is `nan`, and the cluster is lost for good.
    Ask whether anybody joined before you average."""
    return _step(X, centers, lambda j, X, worst: np.full(X.shape[1], np.nan))


@misconception
def empty_stays(X, centers):
    """A center that no row joined stays where it is.

    Then it will hardly ever be the nearest one, and you get fewer clusters than you asked for. It is put to use where a
    row is far from all centers."""
    return _step(X, centers, lambda j, X, worst: centers[j])


@misconception
def empty_to_zero(X, centers):
    """A center that no row joined goes to the origin.

    A sum of no rows, divided by `max(count, 1)`, is 0. The origin is no better place than any other."""
    return _step(X, centers, lambda j, X, worst: np.zeros(X.shape[1]))


@misconception
def same_row_for_all_empty(X, centers):
    """All empty centers move onto the same row.

    Two equal centers are one center: in the next step the second is empty again. Each takes a row of its own, the
    farthest, the second farthest, and so on."""
    first = X[_sqdist(X, centers).min(axis=1).argmax()]
    return _step(X, centers, lambda j, X, worst: first)


@misconception
def farthest_from_the_empty_one(X, centers):
    """An empty center takes the row farthest from that center itself.

    How far a row is from a center that is not its own says nothing. The row that is worst off is farthest from the
    center that it *has*."""
    return _step(X, centers, lambda j, X, worst: X[_sqdist(X, centers[j : j + 1])[:, 0].argmax()])


@misconception
def labels_of_the_next_step(X, centers):
    """The centers are right, and the labels are those of the next step.

    You assigned the rows again after moving the centers. One step is: join, then move."""
    moved = _step(X, centers, lambda j, X, worst: X[next(worst)])[1]
    return _sqdist(X, moved).argmin(axis=1), moved


@misconception
def columns_summed(X, centers):
    """The nearest center is looked for by a sum of differences, in which left and right cancel.

    Square each coordinate's difference before you add."""
    labels = np.abs((X[:, None] - centers).sum(axis=2)).argmin(axis=1)
    worst = iter((-_sqdist(X, centers).min(axis=1)).argsort())
    moved = [X[labels == j].mean(axis=0) if (labels == j).any() else X[next(worst)] for j in range(len(centers))]
    return labels, np.array(moved)


@misconception
def medians(X, centers):
    """The centers move to the median of their rows.

    That is k-medians, a sibling which outliers pull less. The mean is the point with the smallest sum of *squared*
    distances, and only with it can no step raise the inertia."""
    labels, moved = _step(X, centers, lambda j, X, worst: X[next(worst)])
    for j in range(len(centers)):
        if (labels == j).any():
            moved[j] = np.median(X[labels == j], axis=0)
    return labels, moved


@misconception
def rows_of_the_center(X, centers):
    """For each center you looked for the nearest row, not the other way round.

    `argmin` ran along the wrong axis. There is one label for every row."""
    return _sqdist(X, centers).argmin(axis=0), _step(X, centers, lambda j, X, worst: X[next(worst)])[1]


@behaviour("no step raises the inertia")
def inertia_never_rises(student, rng):
    """The inertia is the sum of squared distances to the nearest center. Joining the nearest center lowers it or leaves
    it, and so does moving a center to the mean of its rows. So a run always comes to an end. If a step raises it,
    one of the two moves is not what it should be."""
    X, _ = _groups(rng, 40, 4, 2)
    centers = np.vstack([X[:3], [[60.0, 60.0]]])
    inertia = [float(_sqdist(X, centers).min(axis=1).sum())]
    for _ in range(8):
        _labels, centers = student.kmeans_step(X, centers)
        centers = np.asarray(centers, dtype=float)
        if centers.shape != (4, 2) or not np.isfinite(centers).all():
            return  # the cases tell
        inertia.append(float(_sqdist(X, centers).min(axis=1).sum()))
    if (np.diff(inertia) > 1e-9 * inertia[0]).any():
        fail("The inertia rises in the course of a run.", expected="never rises", actual=[round(v, 2) for v in inertia])
