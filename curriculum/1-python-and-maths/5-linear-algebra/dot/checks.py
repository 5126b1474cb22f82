"""dot(u, v): the dot product along the last axis, in floating point; different lengths are refused."""

import numpy as np

from gradus.checks import behaviour, cases, fail, misconception, valid
from gradus.checks.raised import LearnerRaised


@valid
def vectors_or_tables(u, v):
    """Equally long rows, equally many where both are tables, and something to multiply."""
    shapes_fit = u.ndim in (1, 2) and v.ndim in (1, 2) and 0 not in u.shape and u.shape[-1] == v.shape[-1]
    return shapes_fit and (u.ndim == 1 or v.ndim == 1 or len(u) == len(v))


@cases
def pairs(rng):
    d = int(rng.integers(3, 7))
    n = d + int(rng.integers(1, 6))  # never square
    yield rng.normal(size=d), rng.normal(size=d)
    yield rng.normal(size=(n, d)), rng.normal(size=d)
    yield rng.normal(size=d), rng.normal(size=(n, d))
    yield rng.normal(size=(n, d)), rng.normal(size=(n, d))


@misconception
def elementwise(u, v):
    """You return the products themselves; nothing adds them up.

    In NumPy `*` works entry by entry and keeps the shape. It looks like the multiplication of a textbook, but a dot
    product has a second half: the products are summed, and the last axis disappears."""
    return u * v


@misconception
def one_sum_for_everything(u, v):
    """For a table you return one number; there should be one for each row.

    A sum without an axis adds up every entry of every row. For two vectors that is right, which is why the
    mistake hides until a table comes along."""
    return (u * v).sum()


@misconception
def all_pairs(u, v):
    """Two tables give an n × n table: every row met every row.

    `@` between two tables is a matrix product, which pairs each row of the first with each row of the other. Here
    row `i` belongs to row `i` alone."""
    return u @ v.T if u.ndim == 2 else v @ u


@misconception
def down_the_columns(u, v):
    """A table is summed down its columns, so there is one number for each feature.

    `axis=0` is the first axis. For a vector the first axis is also the last one, so vectors come out right and
    tables do not."""
    return (u * v).sum(axis=0)


@behaviour("is bilinear: stretch or add vectors, and the dot products stretch or add up alike")
def bilinear(student, rng):
    """A dot product is linear in each of its two vectors. All of linear algebra leans on this, and so does every
    linear model: twice the input, twice the answer; the sum of two inputs, the sum of their answers."""
    d = int(rng.integers(2, 6))
    u, w, v = rng.normal(size=(3, d))
    a = float(rng.uniform(2, 5))
    expected = a * student.dot(u, v) + student.dot(w, v)
    actual = student.dot(a * u + w, v)
    if not np.isclose(actual, expected, rtol=1e-4, atol=1e-4):  # single precision is fine
        fail("`dot(a*u + w, v)` is not `a*dot(u, v) + dot(w, v)`.", case=(a, u, w, v), expected=expected, actual=actual)


@behaviour("pixels of 8 bits give the full answer")
def pixels_wrap_around(student, rng):
    """The product of two `uint8` numbers is a `uint8` again: beyond 255 it starts over at 0, without a warning. A sum
    comes too late to mend it, and so does a conversion of the sum."""
    d = int(rng.integers(3, 7))
    image, weights = rng.integers(100, 256, size=(d + 2, d), dtype=np.uint8), rng.integers(100, 256, d, dtype=np.uint8)
    expected, actual = image.astype(float) @ weights.astype(float), student.dot(image, weights)
    right = np.shape(actual) == expected.shape and np.allclose(actual, expected, rtol=1e-4)
    if not right or np.asarray(actual).dtype.kind != "f":
        fail("Eight-bit pixels get another answer.", case=(image, weights), expected=expected, actual=actual)


@behaviour("vectors of different length are refused")
def lengths_that_differ(student, rng):
    """A dot product of vectors of different length has no meaning. NumPy notices most of them by itself, but not a
    length of 1: broadcasting repeats the single entry until the shapes fit, and answers. That is for you to check."""
    d = int(rng.integers(3, 7))
    for u, v in (
        (rng.normal(size=d), rng.normal(size=d + 1)),
        (rng.normal(size=d), rng.normal(size=1)),
        (rng.normal(size=(d + 2, 1)), rng.normal(size=d)),
    ):
        try:
            actual = student.dot(u, v)
        except LearnerRaised as raised:
            if raised.is_a("ValueError"):
                continue
            actual = raised.type
        fail("Last axes of different length are accepted.", case=(u, v), expected="ValueError", actual=actual)
