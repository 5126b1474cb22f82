"""pca(X, d): components as rows, scores of centered rows, shares of the total variance; signs are free."""

import numpy as np

from gradus.checks import behaviour, cases, compare, fail, misconception, valid


def with_fixed_signs(submission, X, d):
    """The answer with each component turned so that its largest entry is positive, and its scores along with it."""
    return _turned(*submission.pca(X, d))


def _turned(components, scores, share):
    components, scores = np.asarray(components), np.asarray(scores)
    if components.ndim != 2 or scores.ndim != 2 or len(components) != scores.shape[1] or components.size == 0:
        return components, scores, share
    if not (components.dtype.kind == scores.dtype.kind == "f" and np.isfinite(components).all()):
        return components, scores, share
    largest = np.abs(components).argmax(axis=1)
    sign = np.where(components[np.arange(len(components)), largest] < 0, -1.0, 1.0)
    return components * sign[:, None], scores * sign, share


@valid
def clear_directions(X, d):
    """The singular values are well apart, and no component has two entries that compete for being the largest."""
    if not (X.ndim == 2 and X.shape[0] >= 2 and 1 <= d <= min(X.shape)):
        return False
    singular, directions = np.linalg.svd(X - X.mean(axis=0))[1:]
    values = np.append(singular, 0.0)[: d + 1]
    if not (values[:-1] - values[1:] > 1e-3 * singular[0] + 1e-9).all():
        return False
    entries = np.sort(np.abs(directions[:d]), axis=1)
    return X.shape[1] == 1 or bool((entries[:, -1] - entries[:, -2] > 1e-4).all())


def _table(rng, n, p):
    """A tilted cloud far from the origin, whose spreads fall by clear steps."""
    while True:
        turn, _ = np.linalg.qr(rng.normal(size=(p, p)))
        parts = rng.normal(size=(n, p)) * 6.0 / 1.8 ** np.arange(p)
        X = parts @ turn.T + rng.uniform(8, 15, size=p) * rng.choice([-1.0, 1.0], size=p)
        if clear(X, min(n - 1, p)):
            return X


def clear(X, d):
    singular, directions = np.linalg.svd(X - X.mean(axis=0))[1:]
    entries = np.sort(np.abs(directions[:d]), axis=1)
    gaps = singular[: d - 1] - singular[1:d]
    return bool((gaps > 0.05 * singular[0]).all() and (entries[:, -1] - entries[:, -2] > 1e-3).all())


@cases(run=with_fixed_signs, compare=compare.close(rtol=1e-6, atol=1e-7))
def tables(rng):
    """More rows than columns, one component, all components, more columns than rows."""
    yield _table(rng, 14, 4), 2
    yield _table(rng, 9, 3), 1
    yield _table(rng, 11, 3), 3
    yield _table(rng, 4, 6), 2


def _parts(X, d, center=True, scale=False):
    Z = X - X.mean(axis=0) if center else X
    Z = Z / X.std(axis=0) if scale else Z
    singular, directions = np.linalg.svd(Z, full_matrices=False)[1:]
    return Z, singular, directions[:d]


@misconception
def not_centered(X, d):
    """Nothing was centered: the first direction points from the origin to the mean.

    Without subtracting the mean, squared *length* is what is largest, and that says where the data lie, not how they
    differ. No error tells you."""
    Z, singular, V = _parts(X, d, center=False)
    return V, Z @ V.T, (singular**2 / (singular**2).sum())[:d]


@misconception
def scores_not_centered(X, d):
    """The directions are right, and the scores are measured from the origin.

    New or old, rows are centered with the same mean before they are projected. Then each column of scores has mean
    0."""
    _, singular, V = _parts(X, d)
    return V, X @ V.T, (singular**2 / (singular**2).sum())[:d]


@misconception
def shares_of_singular_values(X, d):
    """The shares are too even: they are those of the singular values, not of the variance.

    A singular value is in the units of the data, like a deviation. Variance goes with its square."""
    Z, singular, V = _parts(X, d)
    return V, Z @ V.T, (singular / singular.sum())[:d]


@misconception
def shares_of_what_is_kept(X, d):
    """The shares always add up to 1, however few components are kept.

    You divided by the variance of the kept components. What counts is the *total*: otherwise nobody can see what has
    been lost."""
    Z, singular, V = _parts(X, d)
    return V, Z @ V.T, singular[:d] ** 2 / (singular[:d] ** 2).sum()


@misconception
def variances(X, d):
    """You returned the variances themselves, not their shares.

    Divide by the sum over all directions."""
    Z, singular, V = _parts(X, d)
    return V, Z @ V.T, singular[:d] ** 2 / (len(X) - 1)


@misconception
def standardized(X, d):
    """The columns were scaled to deviation 1 as well.

    That is often wise when the units differ, and it is another analysis, of the correlations. Here the columns are
    taken in the units they have."""
    Z, singular, V = _parts(X, d, scale=True)
    return V, Z @ V.T, (singular**2 / (singular**2).sum())[:d]


@misconception
def components_as_columns(X, d):
    """The directions stand in columns; one per row is asked for.

    Eigenvectors come as columns from `eigh`. Transpose them: `components` has shape `(d, p)`."""
    Z, singular, V = _parts(X, d)
    return V.T, Z @ V.T, (singular**2 / (singular**2).sum())[:d]


@misconception
def smallest_first(X, d):
    """You kept the directions of the *smallest* variance.

    `eigh` sorts its values upward, so the ones you want come last. (The SVD sorts downward.)"""
    Z = X - X.mean(axis=0)
    values, vectors = np.linalg.eigh(Z.T @ Z)
    V = vectors.T[:d]
    return V, Z @ V.T, np.maximum(values, 0)[:d] / values.sum()


@misconception
def scores_of_unit_variance(X, d):
    """The scores are all equally spread.

    `U`, the first part of the SVD, has columns of length 1: multiply each by its singular value. Otherwise the picture
    no longer shows along which direction the rows differ more."""
    Z, singular, V = _parts(X, d)
    return V, Z @ V.T / singular[:d], (singular**2 / (singular**2).sum())[:d]


@behaviour("the components are perpendicular, and the rows can be put together again from all of them")
def puts_together_again(student, rng):
    """With all directions kept nothing is lost: the mean plus scores times components is the table itself. That holds
    only if each direction has length 1 and is perpendicular to the others."""
    X = _table(rng, 12, 4)
    components, scores, share = (np.asarray(part) for part in student.pca(X, 4))
    if components.shape != (4, 4) or scores.shape != (12, 4):
        return  # the cases tell
    if not np.allclose(components @ components.T, np.eye(4), atol=1e-6):
        fail(
            "The components are not perpendicular and of length 1.",
            case="components @ components.T",
            expected=np.eye(4),
            actual=components @ components.T,
        )
    if not np.allclose(X.mean(axis=0) + scores @ components, X, atol=1e-6):
        fail(
            "Mean plus scores times components is not the table.",
            expected=X,
            actual=X.mean(axis=0) + scores @ components,
        )
    if not np.isclose(share.sum(), 1.0):
        fail("All shares together are not 1.", expected=1.0, actual=float(share.sum()))


@behaviour("moving the whole cloud changes no direction")
def shift(student, rng):
    """How the rows differ has nothing to do with where the zero of a column lies."""
    X = _table(rng, 12, 3)
    before, after = _turned(*student.pca(X, 2)), _turned(*student.pca(X + np.array([100.0, -50.0, 7.0]), 2))
    if not all(np.allclose(one, other, rtol=1e-4, atol=1e-6) for one, other in zip(before, after, strict=True)):
        fail("Moved to another place, the same cloud has other components.", expected=before[0], actual=after[0])
