"""one_hot(y, K): n rows, K columns whatever occurs, and labels out of range are refused."""

import numpy as np

from gradus.checks import cases, misconception, valid


@valid
def labels(y, K):
    return K >= 1 and y.ndim == 1 and y.dtype.kind == "i"


@cases
def class_numbers(rng):
    """The highest class and one in the middle are absent; n differs from K; -1 and K are refused."""
    K = int(rng.integers(4, 8))
    present = np.delete(np.arange(K - 1), int(rng.integers(1, K - 2)))
    y = rng.choice(present, size=K + int(rng.integers(1, 6)))
    y[:2] = present[-1], 0
    yield y, K
    yield rng.permutation(K - 1), K
    yield np.array([], dtype=int), 3
    yield np.array([0, 0]), 1
    yield np.array([0, -1, 1]), 3
    yield np.array([1, 3, 0, 1]), 3


def _checked(y, K):
    if y.size and (y.min() < 0 or y.max() >= K):
        raise ValueError("labels out of range")


@misconception
def only_classes_seen(y, K):
    """A class that does not occur has lost its column.

    Building the columns from `np.unique(y)` (or pandas' `get_dummies`) gives one per class *seen*. The next batch sees
    other classes, and the same column then means something else. The number of columns is K, always."""
    _checked(y, K)
    return (y[:, None] == np.unique(y)).astype(float)


@misconception
def as_many_as_largest(y, K):
    """Columns are missing at the right: there are only as many as the largest label asks for.

    `y.max() + 1` guesses the number of classes from this batch. If the last class happens to be absent the table is too
    narrow. You were told K: use it."""
    _checked(y, K)
    return np.eye(int(y.max()) + 1 if y.size else 0)[y]


@misconception
def classes_in_rows(y, K):
    """The classes run down the rows; they belong in the columns.

    You have the right answers lying on their side: shape (K, n). Examples are rows and what is known about each stands
    in columns, in every library you will meet."""
    _checked(y, K)
    return (np.arange(K)[:, None] == y).astype(float)


@misconception
def last_class_for_minus_one(y, K):
    """A label of -1 became the last class.

    As an index, -1 means "the last one", so a missing label coded as -1 silently turns into class K-1. Compare the
    labels with 0 and K first."""
    return np.eye(K)[y]  # K itself raises an IndexError, where a ValueError is asked for


@misconception
def counted_from_one(y, K):
    """Every 1 stands one column too far to the left: your classes start at 1.

    In Python, and in every library here, K classes are numbered 0 to K-1. Subtracting 1 sends class 0 to index -1,
    which is the last column."""
    _checked(y, K)
    return np.eye(K)[y - 1]


@misconception
def out_of_range_is_empty(y, K):
    """A label out of range became a row of zeros.

    Comparing with `arange(K)` finds no match for it and says nothing. A row without a 1 then counts as an example of no
    class, and the mistake in the data goes unseen. Refuse it."""
    return (y[:, None] == np.arange(K)).astype(float)
