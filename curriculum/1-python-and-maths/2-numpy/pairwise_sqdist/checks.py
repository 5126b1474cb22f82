"""pairwise_sqdist(A, B): (n, m) squared distances, nonnegative, the same wherever the origin is."""

import numpy as np

from gradus.checks import behaviour, cases, compare, fail, misconception, valid


@valid
def points(A, B):
    return A.ndim == B.ndim == 2 and A.shape[1] == B.shape[1] and min(*A.shape, *B.shape) >= 1


@cases(compare=compare.close(rtol=1e-6, atol=1e-9))
def point_sets(rng):
    """n, m and d all differ, then two of them agree at a time: equal lengths hide wrong axes."""
    n, m, d = (int(k) for k in rng.choice([2, 3, 4, 5, 6, 7], size=3, replace=False))
    yield rng.normal(size=(n, d)), rng.normal(size=(m, d))
    yield rng.normal(size=(n, d)), rng.normal(size=(n, d))
    yield rng.normal(size=(n, d)), rng.normal(size=(d, d))
    A = rng.integers(-5, 6, size=(n, d)).astype(float)
    yield A, A[::-1].copy()
    yield rng.normal(size=(1, 1)), rng.normal(size=(3, 1))


def _all_differences(A, B):
    return A[:, None, :] - B[None, :, :]


@misconception
def distances(A, B):
    """You took the square root: these are distances.

    The *squared* distance is asked for. It puts neighbors in the same order, saves the root, and has a gradient
    everywhere, which is why so many methods stay with it."""
    return np.sqrt((_all_differences(A, B) ** 2).sum(axis=2))


@misconception
def city_block(A, B):
    """You added absolute differences: that is the city-block distance.

    It measures a walk along the streets. The Euclidean distance squares each difference before adding up."""
    return np.abs(_all_differences(A, B)).sum(axis=2)


@misconception
def b_by_a(A, B):
    """Rows and columns are swapped: your entry `[i, j]` belongs to point `j` of A and point `i` of B.

    With equally many points in both the shape looks right and only the numbers tell. `A[:, None]` puts the points of A
    along the first axis."""
    return (_all_differences(A, B) ** 2).sum(axis=2).T


@misconception
def mean_over_coordinates(A, B):
    """Each entry is d times too small.

    You averaged over the coordinates; the squared distance adds them up."""
    return (_all_differences(A, B) ** 2).mean(axis=2)


@misconception
def square_of_sum(A, B):
    """You added the differences first and squared the sum.

    Then a step to the right and a step to the left cancel, and different points are at distance 0. Square each
    coordinate's difference, then add."""
    return _all_differences(A, B).sum(axis=2) ** 2


@misconception
def row_by_row(A, B):
    """Row i of A meets row i of B only, so there is one distance per row.

    `A - B` lines the two tables up, and fails if they differ in length. Every point of A against every point of B needs
    a third axis: make room for it before you subtract."""
    return ((A - B) ** 2).sum(axis=1)


@misconception
def summed_over_b(A, B):
    """You added up over the points of B instead of over the coordinates.

    The array of differences has shape `(n, m, d)`; `axis=1` uses up `m` and leaves `(n, d)`. When m equals d the shape
    even looks right. The coordinates are the last axis."""
    return (_all_differences(A, B) ** 2).sum(axis=1)


@behaviour("the distances stay right far from the origin")
def far_from_origin(student, rng):
    """Expanding |a - b|² into |a|² - 2a·b + |b|² is quick, and right on paper. But with coordinates around 1,000,000
    each term is around 1e12 while their sum is around 1: the digits that matter are rounded away, and entries can even
    come out negative. Subtract before you square, or move the points near the origin first."""
    A, B = rng.integers(-3, 4, size=(6, 2)).astype(float), rng.integers(-3, 4, size=(9, 2)).astype(float)
    A += 0.25
    shift = np.array([1e6, -2e6]) + rng.uniform(0.1, 0.9, size=2)
    expected = (_all_differences(A, B) ** 2).sum(axis=2)
    if not np.allclose(student.pairwise_sqdist(A, B), expected):
        return  # wrong near the origin, too: the cases tell
    actual = student.pairwise_sqdist(A + shift, B + shift)
    if not np.allclose(actual, expected, rtol=1e-5, atol=1e-6):
        i, j = np.unravel_index(np.abs(actual - expected).argmax(), expected.shape)
        fail(
            "Moved far from the origin, the same points have other distances.",
            case=f"the points {A[i].tolist()} and {B[j].tolist()}, both moved by {shift.round(3).tolist()}",
            expected=float(expected[i, j]),
            actual=float(actual[i, j]),
        )


@behaviour("a point is at distance 0 from itself, and no entry is negative")
def zero_to_itself(student, rng):
    """A squared distance is a sum of squares. If it comes out below 0, even by a hair, the next square root is
    `nan`."""
    A = rng.normal(size=(30, 5)) * 100
    actual = student.pairwise_sqdist(A, A)
    if not np.allclose(actual, (_all_differences(A, A) ** 2).sum(axis=2), atol=1e-3):
        return  # wrong by more than rounding: the cases tell
    if (actual < 0).any():
        fail(
            "A squared distance is negative.", case="pairwise_sqdist(A, A)", expected="≥ 0", actual=float(actual.min())
        )
    if not np.allclose(np.diag(actual), 0, atol=1e-6):
        fail("A point is not at distance 0 from itself.", case="pairwise_sqdist(A, A)", actual=np.diag(actual))
