"""silhouette(X, labels), choose_k(X, ks, cluster): without the row itself, the nearest other cluster, alone 0."""

import numpy as np

from gradus.checks import behaviour, cases, fail, misconception, probes, valid


def _distances(X):
    return np.sqrt(((X[:, None] - X) ** 2).sum(axis=2))


@valid
def clusters(X, labels):
    two = X.ndim == 2 and X.shape[1] >= 1 and len(X) == len(labels) and len(np.unique(labels)) >= 2
    return bool(two and len(np.unique(X, axis=0)) == len(X))


def _labeled(rng, sizes, d=2, spread=1.0):
    names = rng.choice(np.arange(-5, 40), size=len(sizes), replace=False)
    which = rng.permutation(np.repeat(np.arange(len(sizes)), sizes))
    middles = rng.normal(size=(len(sizes), d)) * 4
    return middles[which] + rng.normal(size=(len(which), d)) * spread, names[which]


@cases
def clusterings(rng):
    """Two clusters, four of unlike size, one row alone, and labels drawn by lot."""
    yield _labeled(rng, [4, 7])
    yield _labeled(rng, [3, 6, 2, 8], d=3)
    yield _labeled(rng, [5, 1, 4])
    yield rng.normal(size=(10, 2)), rng.permutation(np.array([7, 7, 7, 3, 3, 3, 3, 9, 9, 9]))


def _mean(X, labels, own=1, other=min, alone=0.0, squared=False, whole=False):
    """The mean silhouette with one thing different."""
    D = _distances(X) ** (2 if squared else 1)
    values = []
    for i, name in enumerate(labels):
        mates = labels == name
        if mates.sum() == 1:
            values.append(alone)
            continue
        a = D[i, mates].sum() / (mates.sum() - own)
        means = [D[i, labels == c].mean() for c in np.unique(labels) if c != name]
        b = D[i, ~mates].mean() if whole else other(means)
        values.append((b - a) / max(a, b))
    return float(np.mean(values))


@misconception
def counts_itself(X, labels):
    """The row itself is counted among the rows of its cluster.

    Its distance to itself, 0, makes every own cluster look nearer than it is, a small one most of all. The mean
    runs over the *other* rows."""
    return _mean(X, labels, own=0)


@misconception
def all_others_together(X, labels):
    """All other clusters are taken together.

    The mean over all rows elsewhere is mostly about clusters that are far away. What counts is the one cluster that the
    row might just as well belong to: the nearest."""
    return _mean(X, labels, whole=True)


@misconception
def farthest_cluster(X, labels):
    """You compared with the farthest cluster, not with the nearest.

    Being far from the farthest is easy. The question is whether the *second best* place is clearly worse."""
    return _mean(X, labels, other=max)


@misconception
def squared_distances(X, labels):
    """The distances are still squared.

    Squares push every value toward 1 or -1, so the clusters look clearer than they are. Take the root before the
    means."""
    return _mean(X, labels, squared=True)


@misconception
def alone_is_perfect(X, labels):
    """A row that is alone in its cluster counts 1.

    With no other rows its own mean distance seems to be 0, the best there is. Then a cluster for every row would be a
    perfect clustering. By convention such a row counts 0."""
    return _mean(X, labels, alone=1.0)


@misconception
def alone_is_nan(X, labels):
    """A row that is alone in its cluster makes the answer `nan`.

    The mean over no rows is 0 / 0. That row counts 0."""
    return _mean(X, labels, alone=float("nan"))


@misconception
def distances_to_centers(X, labels):
    """You measured the distances to the centers of the clusters.

    That is quicker, and called the simplified silhouette. It is too friendly to wide clusters: a center lies in the
    middle, nearer than the rows themselves."""
    names = np.unique(labels)
    centers = np.array([X[labels == c].mean(axis=0) for c in names])
    D = np.sqrt(((X[:, None] - centers) ** 2).sum(axis=2))
    values = []
    for i, name in enumerate(labels):
        a, b = D[i, names == name][0], D[i, names != name].min()
        values.append((b - a) / max(a, b) if (labels == name).sum() > 1 else 0.0)
    return float(np.mean(values))


@misconception
def sign_reversed(X, labels):
    """The sign is turned round.

    A row that is nearer to its own cluster than to any other gets a positive value."""
    return -_mean(X, labels)


@misconception
def sum_over_rows(X, labels):
    """You added the rows' values up.

    The mean lies between -1 and 1 for any number of rows."""
    return _mean(X, labels) * len(X)


def _clusterer(rng):
    """Rows in three clear groups, and a function that cuts them into any number: the best three by far."""
    X = np.sort(np.concatenate([rng.normal(c, 0.4, size=5) for c in (0.0, 10.0, 22.0)]))[:, None]
    cuts = {
        2: [5, 10],
        3: [5, 5, 5],
        4: [5, 5, 2, 3],
        5: [5, 2, 3, 2, 3],
        6: [2, 3, 2, 3, 2, 3],
    }

    def cut(X, k):
        return np.repeat(np.arange(k), cuts[k])

    return X, cut


@cases(of="choose_k")
def numbers(rng):
    X, cut = _clusterer(rng)
    yield X, [2, 3, 4, 5, 6], cut
    yield X, [6, 2, 5, 4], cut
    yield X[:10], [3, 2], lambda X, k: np.arange(10) // 5 if k == 2 else np.arange(10) % 3
    yield X, [4, 5, 2], lambda X, k: np.arange(15) // 5


def _inertia(X, labels):
    return sum(float(((X[labels == c] - X[labels == c].mean(axis=0)) ** 2).sum()) for c in np.unique(labels))


@misconception(of="choose_k")
def smallest_inertia(X, ks, cluster):
    """You took the number of clusters with the smallest inertia, and that is always the largest.

    Another center can only bring rows nearer to one, down to 0 when every row has its own. So the inertia cannot
    say when to stop. The silhouette can get worse."""
    return min(sorted(ks), key=lambda k: (round(_inertia(X, cluster(X, k)), 9), -k))


@misconception(of="choose_k")
def largest_of_equal(X, ks, cluster):
    """Of equally good numbers you took the largest.

    Take the simplest description that is as good as any other: the smallest."""
    return max(sorted(ks, reverse=True), key=lambda k: _mean(X, cluster(X, k)))


@misconception(of="choose_k")
def first_of_equal(X, ks, cluster):
    """Of equally good numbers you took the one that comes first in the list.

    The order in which someone wrote the numbers down should not decide. Take the smallest."""
    return max(ks, key=lambda k: _mean(X, cluster(X, k)))


@misconception(of="choose_k")
def position_in_the_list(X, ks, cluster):
    """You returned a position in `ks`, not the number that stands there.

    `argmax` answers *where*. Look the number up."""
    return int(np.argmax([_mean(X, cluster(X, k)) for k in ks]))


@misconception(of="choose_k")
def smallest_silhouette(X, ks, cluster):
    """You took the number with the smallest silhouette.

    A larger one is better: it means that rows are nearer to their own cluster than to any other."""
    return min(sorted(ks), key=lambda k: _mean(X, cluster(X, k)))


def _case(rng):
    return _labeled(rng, [5, 4, 6])


row_order = probes.permutation(
    of="silhouette",
    make=_case,
    args=(0, 1),
    output=None,
    title="the order of the rows plays no part",
    message="The value is a mean over the rows, and each is compared with all others.",
)
scale_free = probes.equivariance(
    of="silhouette",
    make=_case,
    shift="same",
    scale="same",
    title="moving or enlarging the whole picture changes nothing",
    message="Both distances grow alike, and their quotient stays.",
)


@behaviour("labels drawn by lot have a silhouette of about 0 or below")
def nothing_there(student, rng):
    """In one cloud without groups, labels drawn by lot put every row as near to the others as to its own. A clearly
    positive value would show clusters where there are none."""
    X, labels = rng.normal(size=(40, 2)), rng.permutation(np.arange(40) % 2)
    value = student.silhouette(X, labels)
    if not value < 0.1:
        fail("Labels drawn by lot look like clusters.", case="40 rows of one cloud", expected="about 0", actual=value)


@behaviour("the rows are clustered once for each number")
def once_each(student, rng):
    """Clustering is the expensive part, and with random starts a second call may even give other labels than those that
    were judged. Keep what the first call returned."""
    X, cut = _clusterer(rng)
    calls = []

    def counted(X, k):
        calls.append(int(k))
        return cut(X, k)

    student.choose_k(X, [4, 2, 3], counted)
    if sorted(calls) != [2, 3, 4]:
        fail("`cluster` is not called once for each number.", expected=[2, 3, 4], actual=sorted(calls))
