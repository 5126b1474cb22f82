"""rbf_kernel(A, B, gamma): (n, m), exp(-gamma * squared distance)."""

import numpy as np

from gradus.checks import behaviour, cases, compare, fail, misconception, probes, valid


def _sqdist(A, B):
    return ((A[:, None] - B) ** 2).sum(axis=2)


@valid
def rows(A, B, gamma):
    return A.ndim == B.ndim == 2 and A.shape[1] == B.shape[1] and min(*A.shape, *B.shape) >= 1 and gamma > 0


@cases(compare=compare.close(rtol=1e-6, atol=1e-12))
def row_sets(rng):
    """n, m and d all differ, then n equals m; near rows, so that no entry is lost in the tail."""
    n, m, d = (int(k) for k in rng.choice([2, 3, 4, 5, 6], size=3, replace=False))
    for gamma in (0.3, 1.7):
        yield rng.normal(size=(n, d)), rng.normal(size=(m, d)), gamma
    yield rng.uniform(-1, 1, size=(n, d)), rng.uniform(-1, 1, size=(n, d)), 0.8
    yield rng.integers(-2, 3, size=(m, 2)).astype(float), rng.integers(-2, 3, size=(n, 2)).astype(float), 0.25


@misconception
def not_squared(A, B, gamma):
    """The distance in the exponent is not squared.

    That is the Laplacian kernel's shape, with a sharp tip at 0. The radial kernel falls slowly at first, then fast, and
    saves the square root."""
    return np.exp(-gamma * np.sqrt(_sqdist(A, B)))


@misconception
def grows(A, B, gamma):
    """The values grow with the distance.

    A kernel measures likeness: 1 for equal rows, less for others. A minus is missing in the exponent."""
    return np.exp(gamma * _sqdist(A, B))


@misconception
def sigma_for_gamma(A, B, gamma):
    """`gamma` was read as a width.

    In some books the kernel is `exp(-distance² / (2 σ²))`, and a larger σ makes it wider. Here a larger gamma makes it
    narrower: gamma is `1 / (2 σ²)`."""
    return np.exp(-_sqdist(A, B) / (2 * gamma**2))


@misconception
def divided_by_gamma(A, B, gamma):
    """You divided by `gamma` where it multiplies.

    A larger gamma should make likeness fade faster."""
    return np.exp(-_sqdist(A, B) / gamma)


@misconception
def gamma_squared_away(A, B, gamma):
    """`gamma` was squared along with the difference.

    Only the distance is squared; gamma multiplies the result."""
    return np.exp(-((gamma**2) * _sqdist(A, B)))


@misconception
def mean_of_squares(A, B, gamma):
    """The exponent is too small by a factor of `d`.

    You averaged over the columns; the squared distance adds them up. (scikit-learn's default gamma divides by the
    number of columns, which is a choice of gamma and not a part of the kernel.)"""
    return np.exp(-gamma * ((A[:, None] - B) ** 2).mean(axis=2))


@misconception
def city_block(A, B, gamma):
    """You added absolute differences instead of squared ones.

    The result then depends on where the axes point. Square each difference, then add."""
    return np.exp(-gamma * np.abs(A[:, None] - B).sum(axis=2))


@misconception
def b_by_a(A, B, gamma):
    """Rows and columns are swapped: entry `[i, j]` belongs to row `j` of A.

    With equally many rows in both the shape looks right, and only the numbers tell."""
    return np.exp(-gamma * _sqdist(A, B)).T


@misconception
def only_the_diagonal(A, B, gamma):
    """Row i of A meets row i of B only.

    Every row of A against every row of B needs room for a third axis before you subtract."""
    return np.exp(-gamma * ((A - B) ** 2).sum(axis=1))


@misconception
def the_distances(A, B, gamma):
    """You returned the exponent without the exponential.

    Minus gamma times the squared distance is 0 for equal rows and falls without end. The exponential brings it
    between 0 and 1."""
    return -gamma * _sqdist(A, B)


def _pair(rng):
    return rng.normal(size=(6, 3)), rng.normal(size=(4, 3)), 0.7


rows_follow = probes.permutation(
    of="rbf_kernel",
    make=_pair,
    args=(0,),
    title="the rows of the answer follow the rows of A",
    message="Line i of the answer is about row i of A.",
)


@behaviour("no row is more like another one than like itself")
def likeness(student, rng):
    """For rows of one table the matrix is symmetric, has ones on the diagonal, and no negative eigenvalue: a support
    vector machine relies on each of the three."""
    A = rng.normal(size=(7, 2))
    K = np.asarray(student.rbf_kernel(A, A, 0.6))
    if not np.allclose(np.diag(K), 1, atol=1e-9):
        fail(
            "A row's likeness with itself is not 1.",
            case="rbf_kernel(A, A, 0.6)",
            expected=np.ones(7),
            actual=np.diag(K),
        )
    if not np.allclose(K, K.T, atol=1e-9) or np.linalg.eigvalsh((K + K.T) / 2)[0] < -1e-8:
        fail("The matrix of a table with itself is not that of a kernel.", case=A, actual=K)


@behaviour("far from the origin and far apart, values stay between 0 and 1")
def far_apart(student, rng):
    """Only the difference of two rows counts, so moving all of them changes nothing. And `exp` of a very negative
    number is 0, which is the right answer. Parts of the exponent taken alone can be huge: put them together
    first."""
    A, B = rng.normal(size=(4, 2)), rng.normal(size=(3, 2))
    expected = np.exp(-0.5 * _sqdist(A, B))
    for shift in (60.0, 3000.0):
        actual = np.asarray(student.rbf_kernel(A + shift, B + shift, 0.5))
        if not np.allclose(actual, expected, rtol=1e-4, atol=1e-7):
            fail(
                f"Moved by {shift:g}, the same rows have other values.",
                case=A + shift,
                expected=expected,
                actual=actual,
            )
    actual = np.asarray(student.rbf_kernel(A, A + 1000.0, 2.0))
    if not (actual == 0).all():
        fail("Rows very far apart should have likeness 0.", expected=np.zeros((4, 4)), actual=actual)
