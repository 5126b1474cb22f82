"""confusion(y, p), precision(C), recall(C): rows are true, columns predicted; 0 / 0 is 0."""

import numpy as np

from gradus.checks import behaviour, cases, fail, misconception, valid


@valid(of="confusion")
def labels(y, p):
    return y.ndim == 1 and y.shape == p.shape and len(y) >= 1


@valid(of="precision")
def a_matrix(C):
    return C.ndim == 2 and C.shape[0] == C.shape[1] >= 1 and (C >= 0).all()


@valid(of="recall")
def a_matrix_too(C):
    return C.ndim == 2 and C.shape[0] == C.shape[1] >= 1 and (C >= 0).all()


def _labels(rng, k, n):
    """Labels that need not be 0 to k - 1, every class in y; predictions that lean to one class."""
    classes = np.sort(rng.choice(np.arange(2, 30), size=k, replace=False))
    y = rng.permutation(np.concatenate([np.arange(k), rng.integers(0, k, size=n - k)]))
    p = np.where(rng.random(n) < 0.5, y, np.minimum(y + 1, k - 1))
    p[np.flatnonzero(y == 0)[0]] = k - 1
    return classes[y], classes[p]


@cases(of="confusion")
def predictions(rng):
    """Binary, many classes, strings, a class that is only predicted, one that is never predicted, all right."""
    y = rng.permutation(np.array([0, 0, 0, 0, 0, 1, 1, 1]))
    yield y, rng.permutation(np.where(y == 1, 1, 0)) | (y & 1)
    for k in (3, 4):
        yield _labels(rng, k, 15 + int(rng.integers(0, 6)))
    names = np.array(["cat", "dog", "newt"])
    y, p = rng.integers(0, 2, size=9), rng.integers(0, 3, size=9)
    y[:2], p[:3] = [0, 1], [2, 2, 0]
    yield names[y], names[p]
    yield np.array([3, 3, 1, 2, 2]), np.array([1, 1, 1, 1, 3])
    yield np.array([7, 7]), np.array([7, 7])


def _matrix(rng, k):
    C = rng.integers(1, 9, size=(k, k))
    C[0, -1] += 12
    return C


@cases(of="precision")
def matrices(rng):
    yield from (_matrix(rng, k) for k in (2, 3, 4))
    C = _matrix(rng, 3)
    C[:, 1] = 0
    yield C
    C[1, 1] = 1
    yield C


@cases(of="recall")
def matrices_again(rng):
    yield from (_matrix(rng, k) for k in (2, 3, 4))
    C = _matrix(rng, 3)
    C[2] = 0
    yield C
    C[2, 2] = 1
    yield C


def _count(y, p, classes):
    return np.array([[np.count_nonzero((y == a) & (p == b)) for b in classes] for a in classes])


@misconception(of="confusion")
def transposed(y, p):
    """Rows and columns have changed places.

    Both layouts are in books. With scikit-learn's, rows are the truth. Read the other way round, every precision
    becomes a recall, and nobody notices, since all numbers are plausible."""
    return _count(y, p, np.union1d(y, p)).T


@misconception(of="confusion")
def shares_of_the_truth(y, p):
    """The rows were divided by their sums.

    That is a normalized confusion matrix: its diagonal is the recall. It hides how many examples there were, and a
    share of 1.00 may be one of one. Counts are asked for."""
    C = _count(y, p, np.union1d(y, p))
    return C / np.maximum(C.sum(axis=1, keepdims=True), 1)


@misconception(of="confusion")
def only_true_classes(y, p):
    """A class that is predicted but never occurs is missing.

    Its column holds mistakes, and with it they disappear: the table then sums to less than the number of examples."""
    return _count(y, p, np.unique(y))


@misconception(of="confusion")
def only_predicted_classes(y, p):
    """A class that is never predicted is missing.

    Its row holds mistakes only. A classifier that forgets a class would look better for it."""
    return _count(y, p, np.unique(p))


@misconception(of="confusion")
def repeated_pairs_counted_once(y, p):
    """No cell is above 1.

    `C[rows, cols] += 1` reads all cells first and writes them afterwards, so a pair that occurs five times is counted
    once. `np.add.at` adds one by one."""
    return (_count(y, p, np.union1d(y, p)) > 0).astype(int)


@misconception(of="confusion")
def positives_first(y, p):
    """The classes are in descending order.

    In medicine the positives come first. scikit-learn sorts upward, so with labels 0 and 1 the true negatives stand at
    the top left."""
    return _count(y, p, np.union1d(y, p)[::-1])


@misconception(of="precision")
def recall_as_precision(C):
    """This is the recall: the diagonal over the sums of the *rows*.

    Precision asks of those who were *called* ill, how many are. They are in a column. The two are taken for each
    other all the time; say the question aloud first."""
    return np.diag(C) / np.maximum(C.sum(axis=1), 1)


@misconception(of="precision")
def never_predicted_is_nan(C):
    """A class that was never predicted gets `nan`.

    0 / 0 has no value, and one `nan` poisons every average. The task gives a rule for it."""
    with np.errstate(all="ignore"):
        return np.diag(C) / C.sum(axis=0)


@misconception(of="precision")
def one_number(C):
    """You give one number, the share of all that are right: the accuracy.

    It says nothing about the class that is rare. Each class has a precision of its own."""
    return np.trace(C) / C.sum()


@misconception(of="precision")
def off_the_diagonal(C):
    """You give the share of wrong predictions.

    Precision is the share of right ones."""
    return (C.sum(axis=0) - np.diag(C)) / np.maximum(C.sum(axis=0), 1)


@misconception(of="precision")
def of_everybody(C):
    """The right answers are divided by all examples.

    Precision looks only at those who were predicted to belong to the class."""
    return np.diag(C) / max(C.sum(), 1)


@misconception(of="recall")
def precision_as_recall(C):
    """This is the precision: the diagonal over the sums of the *columns*.

    Recall asks of those who *are* ill, how many were found. They are in a row, whatever was said of them."""
    return np.diag(C) / np.maximum(C.sum(axis=0), 1)


@misconception(of="recall")
def never_occurs_is_nan(C):
    """A class that never occurs gets `nan`.

    There is nobody to be found, and 0 / 0 has no value. The task gives a rule for it."""
    with np.errstate(all="ignore"):
        return np.diag(C) / C.sum(axis=1)


@misconception(of="recall")
def accuracy(C):
    """You give one number, the share of all that are right: the accuracy.

    Each class has a recall of its own."""
    return np.trace(C) / C.sum()


@behaviour("every example is counted once")
def conserves_rows(student, rng):
    """The cells sum to the number of examples. If they do not, some were dropped, or counted twice."""
    y, p = _labels(rng, 3, 20)
    C = np.asarray(student.confusion(y, p))
    if C.sum() != 20:
        fail("20 examples, and the cells do not sum to 20.", case=(y, p), expected=20, actual=C.sum())
