"""cosine(u, v): the dot product of the two directions; lengths play no part."""

import numpy as np

from gradus.checks import behaviour, cases, fail, misconception, valid


@valid
def two_vectors(u, v):
    return u.ndim == v.ndim == 1 and len(u) == len(v) >= 1 and u.any() and v.any()


@cases
def ordinary(rng):
    d = int(rng.integers(3, 8))
    u = rng.normal(size=d) * 3
    yield u, rng.normal(size=d) * 5
    yield u, -rng.uniform(0.5, 2) * u + rng.normal(size=d)  # mostly opposite
    yield rng.integers(1, 9, size=d), rng.integers(1, 9, size=d)
    yield np.append(u, 0.0), np.append(rng.normal(size=d) * 5, 2.0)  # one entry is 0, the vector is not
    yield np.array([rng.normal() * 4]), np.array([3.0])


def _norm(v):
    return np.sqrt(v @ v)


@misconception
def raw_dot(u, v):
    """The answer grows with the vectors' lengths.

    A dot product mixes two things: how well the directions agree, and how long the vectors are. Used as a similarity it
    rewards length: a long vector that half agrees beats a short one that agrees fully."""
    return float(u @ v)


@misconception
def one_length(u, v):
    """One of the two lengths is still in the answer.

    Divided by one norm, the dot product is the length of one vector's shadow on the other. That is a projection:
    useful, but it still grows with the vector that casts the shadow."""
    return float(u @ v / _norm(u))


@misconception
def other_length(u, v):
    """One of the two lengths is still in the answer.

    Divided by one norm, the dot product is the length of one vector's shadow on the other. That is a projection:
    useful, but it still grows with the vector that casts the shadow."""
    return float(u @ v / _norm(v))


@misconception
def squared_lengths(u, v):
    """Longer vectors now come out *less* alike.

    You divided by `u @ u` and `v @ v`. Those are the squares of the lengths, so the lengths are divided away twice."""
    return float(u @ v / ((u @ u) * (v @ v)))


@misconception
def number_of_entries(u, v):
    """The vectors' lengths are still in the answer.

    `len(v)` counts the entries of a vector. The length that matters here is the geometric one, the norm."""
    return float(u @ v / len(u))


@misconception
def angle(u, v):
    """You return an angle, not its cosine.

    The quotient of dot product and lengths already *is* the cosine. The arccosine turns it back into the angle, in
    radians, where alike is 0 and unlike is large."""
    return float(np.arccos(np.clip(float(u @ v / (_norm(u) * _norm(v))), -1, 1)))


@misconception
def distance(u, v):
    """Vectors that point the same way get 0, and opposite ones get 2.

    That is the cosine *distance*, 1 minus the cosine; some libraries return it under a similar name. Asked for is the
    similarity."""
    return 1.0 - float(u @ v / (_norm(u) * _norm(v)))


@behaviour("a zero vector has cosine 0 with anything")
def zero_vector(student, rng):
    """The length of a zero vector is 0, and 0 divided by 0 is not a number. NumPy warns once and carries on, and the
    `nan` then spreads to whatever is computed from it, a ranking for instance."""
    v = rng.normal(size=int(rng.integers(2, 5)))
    for case in ((np.zeros_like(v), v), (v, np.zeros_like(v)), (np.zeros_like(v), np.zeros_like(v))):
        actual = student.cosine(*case)
        if actual != 0:
            fail("With a zero vector the answer is not 0.", case=case, expected=0.0, actual=actual)


@behaviour("the lengths of the vectors play no part")
def scale_invariant(student, rng):
    """Stretching a vector does not turn it, so the cosine must not move. If it holds for moderate factors and not
    for extreme ones, the squares are to blame: a float ends near `1e308`, and `1e200` squared is far beyond it, while
    `1e-200` squared is rounded to 0. The lengths come out as `inf` or `0` although the vectors have a direction."""
    d = int(rng.integers(2, 6))
    u, v = rng.uniform(0.5, 2, size=(2, d)) * rng.choice([-1.0, 1.0], size=(2, d))
    expected = float(u @ v / np.sqrt((u @ u) * (v @ v)))
    for scale_u, scale_v in ((7.0, 0.01), (1e200, 1.0), (1.0, 1e200), (1e-200, 1.0), (1e200, 1e200), (1e-200, 1e-200)):
        actual = student.cosine(scale_u * u, scale_v * v)
        if not np.isclose(actual, expected, rtol=1e-9, atol=1e-9):
            fail(
                "A stretched vector has another cosine, though it points the same way.",
                case=(scale_u * u, scale_v * v),
                expected=expected,
                actual=actual,
            )


@behaviour("the order of the two vectors plays no part")
def symmetric(student, rng):
    """The angle from one vector to another is the angle back."""
    u, v = rng.normal(size=(2, 4)) * [[1.0], [8.0]]
    there, back = student.cosine(u, v), student.cosine(v, u)
    if not np.isclose(there, back, rtol=1e-9, atol=1e-12):
        fail("`cosine(u, v)` and `cosine(v, u)` differ.", case=(u, v), expected=there, actual=back)
