"""core_rows and dbscan: the row itself counts, border rows pass nothing on, noise is -1; numbers are free."""

import numpy as np

from gradus.checks import behaviour, cases, fail, misconception, probes, valid


def _near(X, eps):
    return ((X[:, None] - X) ** 2).sum(axis=2) <= eps**2


def _apart(X, eps):
    distances = np.sqrt(((X[:, None] - X) ** 2).sum(axis=2))
    return bool((np.abs(distances - eps) > 1e-6).all())


@valid
def rows(X, eps, m):
    whole = np.array_equal(X, np.round(X)) and eps == round(eps)
    return X.ndim == 2 and min(X.shape) >= 1 and eps > 0 and m >= 1 and (whole or _apart(X, eps))


def _shapes(rng, n=14):
    """Two bars close together, with rows at their ends and in the gap, and strays."""
    along = np.linspace(0, 6, n // 2) + rng.uniform(-0.1, 0.1, size=n // 2)
    bars = [np.column_stack([along + 5 * i, np.full(n // 2, 3.0 * i) + rng.uniform(-0.2, 0.2, n // 2)]) for i in (0, 1)]
    strays = np.array([[-9.0, 4.0], [20.0, -3.0], [6.9, 0.1]]) + rng.uniform(-0.05, 0.05, size=(3, 2))
    return rng.permutation(np.vstack([*bars, strays])), 1.25, 3


def _chain(rng):
    """Two dense groups, and between them one row that is a neighbor of a core row on either side, but no core row."""
    left = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    X = np.vstack([left, left + np.array([5.0, 0.0]), [[3.0, 0.0]], [[-2.0, 0.0]], [[3.0, 9.0]]])
    return rng.permutation(X), 2.0, 4


def _no_ties(rng, make):
    while True:
        X, eps, m = make(rng)
        if _apart(X, eps):
            return X, eps, m


@cases(of="core_rows")
def neighborhoods(rng):
    """Distances of exactly eps, in whole numbers; a row that is a core row only if it counts itself."""
    yield _no_ties(rng, _shapes)
    yield _chain(rng)
    yield rng.permutation(np.arange(9))[:, None].astype(float), 1.0, 3
    yield rng.integers(0, 6, size=(15, 2)).astype(float), 2.0, 5
    yield rng.normal(size=(5, 3)), 0.01, 1


@misconception(of="core_rows")
def itself_not_counted(X, eps, m):
    """A row with exactly `m` rows within reach, itself included, should be a core row.

    Either the row itself was not counted, or more than `m` were asked for. By the usual definition, scikit-learn's
    included, at least `m` rows have to be within reach, and the row itself is one of them."""
    return _near(X, eps).sum(axis=1) - 1 >= m


@misconception(of="core_rows")
def closer_than_eps(X, eps, m):
    """Rows at a distance of exactly `eps` were left out.

    *At most* `eps` is within reach. On whole-number coordinates it shows."""
    return (((X[:, None] - X) ** 2).sum(axis=2) < eps**2).sum(axis=1) >= m


@misconception(of="core_rows")
def root_forgotten(X, eps, m):
    """Squared distances were compared with `eps`.

    Either take the root, or square `eps` as well. For `eps` below 1 the reach becomes too long, above 1 too short."""
    return (((X[:, None] - X) ** 2).sum(axis=2) <= eps).sum(axis=1) >= m


@misconception(of="core_rows")
def how_many(X, eps, m):
    """You returned how many neighbors each row has.

    Whether that is enough is the question: compare the counts with `m`."""
    return _near(X, eps).sum(axis=1)


def without_names(submission, X, eps, m):
    """What is judged: who is together with whom among core rows, what is noise, and where border rows went.

    Clusters are named by their first core row; a border row that may go to several is only asked whether it did."""
    labels = np.asarray(submission.dbscan(X, eps, m))
    if labels.shape != (len(X),) or labels.dtype.kind not in "iu":
        return labels
    near = _near(X, eps)
    core = near.sum(axis=1) >= m
    first = {}
    for i in np.flatnonzero(core):
        first.setdefault(int(labels[i]), int(i))
    shown = []
    for i, label in enumerate(labels.tolist()):
        choices = set(labels[near[i] & core].tolist())
        if not core[i] and len(choices) > 1 and label in choices:
            shown.append("one of several")
        elif label == -1:
            shown.append("noise")
        else:
            shown.append(f"with row {first[label]}" if label in first else "a cluster without a core row")
    used = sorted(set(labels.tolist()) - {-1})
    return {"rows": shown, "numbers": "from 0, without gaps" if used == list(range(len(used))) else used}


@cases(of="dbscan", run=without_names)
def shapes(rng):
    yield _no_ties(rng, _shapes)
    yield _chain(rng)
    yield _no_ties(rng, lambda rng: (*_shapes(rng, 20)[:1], 1.0, 4))
    yield rng.permutation(np.array([0.0, 1.0, 2.0, 3.0, 4.0, 7.0, 8.0, 12.0]))[:, None], 1.0, 3
    yield rng.normal(size=(6, 2)) + np.arange(6)[:, None] * 20, 1.0, 2
    yield rng.permutation(np.array([[0.0], [1.0], [5.0], [6.0]])), 1.0, 2
    yield rng.permutation(np.array([[0.0], [1.0], [2.0], [10.0], [11.0], [12.0]])), 1.0, 3


def _spread(X, eps, m, through_border=False, border=True, start=0, noise=-1):
    near = _near(X, eps)
    core = near.sum(axis=1) >= m
    labels, cluster = np.full(len(X), noise), start
    free = np.ones(len(X), dtype=bool)
    for first in np.flatnonzero(core):
        if not free[first]:
            continue
        stack = [first]
        free[first] = False
        labels[first] = cluster
        while stack:
            i = stack.pop()
            if not core[i] and not through_border:
                continue
            for j in np.flatnonzero(near[i] & free & (core | border)):
                free[j] = False
                labels[j] = cluster
                stack.append(j)
        cluster += 1
    return labels


@misconception(of="dbscan")
def chained_through_border_rows(X, eps, m):
    """Clusters grow on through border rows, so two groups have become one.

    A border row is reached by a cluster, but it is not dense around it. If it passed the cluster on, one thin chain of
    rows could join everything."""
    return _spread(X, eps, m, through_border=True)


@misconception(of="dbscan")
def border_rows_are_noise(X, eps, m):
    """Border rows were labeled as noise.

    They have too few neighbors to be core rows, but one of these is a core row, and they belong to its cluster.
    Noise is what no core row reaches."""
    return _spread(X, eps, m, border=False)


@misconception(of="dbscan")
def noise_is_a_cluster(X, eps, m):
    """Every stray row has become a cluster of its own.

    A row that no core row reaches is noise: -1. That is what sets DBSCAN apart from methods that give everything a
    cluster."""
    labels = _spread(X, eps, m)
    stray = np.flatnonzero(labels == -1)
    labels[stray] = labels.max() + 1 + np.arange(len(stray))
    return labels


@misconception(of="dbscan")
def all_noise_together(X, eps, m):
    """The stray rows form a cluster together.

    They have nothing in common but being alone. Their label is -1, and clusters count from 0."""
    return _spread(X, eps, m) + 1


@misconception(of="dbscan")
def one_step_only(X, eps, m):
    """Clusters end one step from where they began.

    The neighbors of the first core row were labeled, but not the neighbors of those among them that are core rows. A
    cluster spreads until nothing new is reached."""
    near = _near(X, eps)
    core = near.sum(axis=1) >= m
    labels, cluster = np.full(len(X), -1), 0
    for i in np.flatnonzero(core):
        if labels[i] == -1:
            labels[near[i] & (labels == -1)] = cluster
            cluster += 1
    return labels


@misconception(of="dbscan")
def later_takes_over(X, eps, m):
    """A cluster has taken rows away that belonged to another one.

    The numbers have gaps, or a core row stands in another cluster than its neighbors. Give a number only to rows that
    have none, and start a cluster only at a core row without a number."""
    near = _near(X, eps)
    core = near.sum(axis=1) >= m
    labels = np.full(len(X), -1)
    for cluster, i in enumerate(np.flatnonzero(core)):
        labels[near[i]] = cluster
    return labels


def _case(rng):
    return _no_ties(rng, _shapes)


core_follow = probes.permutation(
    of="core_rows",
    make=_case,
    title="core rows stay core rows in any order of the rows",
    message="Being a core row is about distances alone. Order and starting point have no say.",
)


@behaviour("the clusters of core rows, and the noise, do not depend on the order of the rows")
def order_free(student, rng):
    """Which core rows are connected, and which rows no core row reaches, is a matter of distances. Only a border row
    between two clusters may go either way."""
    X, eps, m = _case(rng)
    order = rng.permutation(len(X))
    core = _near(X, eps).sum(axis=1) >= m
    before, after = np.asarray(student.dbscan(X, eps, m)), np.asarray(student.dbscan(X[order], eps, m))
    if before.shape != (len(X),) or after.shape != (len(X),):
        return  # the cases tell
    back = np.empty(len(X), dtype=before.dtype)
    back[order] = after
    same = (before[core][:, None] == before[core]) == (back[core][:, None] == back[core])
    if not same.all() or not np.array_equal(before == -1, back == -1):
        fail("In another order the same rows form other clusters.", case=(X, eps, m), expected=before, actual=back)
