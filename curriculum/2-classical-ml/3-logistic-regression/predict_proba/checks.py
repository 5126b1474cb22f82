"""predict_proba(X, W, b): softmax of each row's scores, stable row by row."""

import numpy as np

from gradus.checks import behaviour, cases, fail, misconception, probes, valid


@valid
def a_model(X, W, b):
    fits = X.ndim == W.ndim == 2 and b.ndim == 1 and X.size > 0 and len(W) >= 2
    return fits and W.shape == (len(b), X.shape[1])


def _model(rng, n, d, k, scale=1.0):
    return scale * rng.normal(size=(n, d)), rng.normal(size=(k, d)), rng.normal(size=k)


@cases
def models(rng):
    """Sizes that all differ; two classes; whole numbers; scores in the thousands."""
    for n, d, k in ((4, 2, 3), (3, 5, 4), (6, 3, 2), (1, 2, 5)):
        yield _model(rng, n + int(rng.integers(0, 2)) * 7, d, k)
    yield rng.integers(-3, 4, size=(5, 2)), rng.integers(-2, 3, size=(3, 2)), rng.integers(-2, 3, size=3)
    X, W, b = _model(rng, 4, 2, 3)
    yield X * [[1.0], [3000.0], [1.0], [-2000.0]], W, b


@cases
def rows_far_apart(rng):
    """One row's scores are all thousands above another's."""
    X, W, b = _model(rng, 4, 1, 3)
    lift = np.array([0.0, 5000.0, -4000.0, 9000.0])[rng.permutation(4)]
    yield np.column_stack([X, lift]), np.column_stack([W, np.ones(3)]), b


def _softmax(Z, axis=1):
    E = np.exp(Z - Z.max(axis=axis, keepdims=True))
    return E / E.sum(axis=axis, keepdims=True)


@misconception
def not_shifted(X, W, b):
    """Large scores become `nan`.

    `exp` of anything above 709 is infinite, and infinity over infinity is no number. On paper a shift of all scores
    changes nothing; in floats it is the difference between an answer and none."""
    with np.errstate(all="ignore"):
        E = np.exp(X @ W.T + b)
        return E / E.sum(axis=1, keepdims=True)


@misconception
def shifted_by_the_largest_of_all(X, W, b):
    """Rows whose scores are far below another row's become `nan`.

    You subtracted the largest score of the whole table. That keeps the exponentials from growing, and lets every other
    row shrink to 0 / 0. Each row needs a shift of its own."""
    Z = X @ W.T + b
    with np.errstate(all="ignore"):
        E = np.exp(Z - Z.max())
        return E / E.sum(axis=1, keepdims=True)


@misconception
def down_the_columns(X, W, b):
    """The columns sum to 1, not the rows.

    Along `axis=0` the *examples* compete for a class. A row is an example, and its classes are along `axis=1`."""
    return _softmax(X @ W.T + b, axis=0)


@misconception
def over_the_whole_table(X, W, b):
    """All entries together sum to 1.

    The sum in the divisor is over the whole table. Each example has probabilities of its own."""
    Z = X @ W.T + b
    E = np.exp(Z - Z.max())
    return E / E.sum()


@misconception
def a_sigmoid_for_each(X, W, b):
    """Each class gets a probability as if the others did not exist, and the rows do not sum to 1.

    The sigmoid answers "this class or not?". That is right where several labels can hold at once. Here exactly one
    does, so a class can only win what others lose."""
    return 0.5 * (1 + np.tanh(0.5 * (X @ W.T + b)))


@misconception
def sigmoids_rescaled(X, W, b):
    """The rows sum to 1, but they are rescaled sigmoids.

    That is how one-against-rest models are combined. It squeezes large scores together: 5 and 10 are nearly the same
    to a sigmoid, and far apart for a softmax."""
    P = 0.5 * (1 + np.tanh(0.5 * (X @ W.T + b)))
    with np.errstate(all="ignore"):
        return P / P.sum(axis=1, keepdims=True)


@misconception
def winner_takes_all(X, W, b):
    """The best class gets all of the probability.

    `argmax` says which class wins and forgets by how much. Whoever sets a threshold or a price needs to know that."""
    Z = X @ W.T + b
    return np.eye(len(b))[Z.argmax(axis=1)]


@misconception
def intercepts_forgotten(X, W, b):
    """The intercepts play no part.

    They hold how frequent each class is to begin with."""
    return _softmax(X @ W.T + 0 * b)


@misconception
def scores_divided_by_their_sum(X, W, b):
    """You divided the scores by their sum, without the exponential.

    Scores may be negative, and so may their sum. The exponential makes them positive first."""
    Z = X @ W.T + b
    with np.errstate(all="ignore"):
        return Z / Z.sum(axis=1, keepdims=True)


@misconception
def log_probabilities(X, W, b):
    """These are the logarithms of the probabilities.

    They are what a loss wants, and stay finite where probabilities underflow. Asked for are the probabilities."""
    Z = X @ W.T + b
    return Z - np.logaddexp.reduce(Z, axis=1)[:, None]


@misconception
def twice(X, W, b):
    """The probabilities are too even: the softmax was applied twice.

    The first makes numbers from 0 to 1 of the scores, and the second takes those for scores. A class that is certain
    ends at no more than 0.73 of two."""
    return _softmax(_softmax(X @ W.T + b))


def _case(rng):
    return _model(rng, 6, 2, 3)


example_order = probes.permutation(
    of="predict_proba",
    make=_case,
    args=(0,),
    title="examples in another order get the same probabilities",
    message="Each row is an example of its own. If others change its probabilities, something spans the table.",
)
class_order = probes.permutation(
    of="predict_proba",
    make=_case,
    args=(1, 2),
    output=1,
    title="classes in another order get the same probabilities",
    message="The columns follow the rows of `W` and the entries of `b`.",
)


@behaviour("adding a constant to all scores of a row changes nothing")
def far_apart(student, rng):
    """Only differences of scores count. Here one feature lifts all scores of a row alike, by thousands in some rows,
    and each row must come out as it was without. Whatever you subtract has to be the row's own."""
    X, W, b = _model(rng, 4, 2, 3)
    lift = rng.permutation(np.array([0.0, 700.0, -5000.0, 9000.0]))
    expected = np.asarray(student.predict_proba(X, W, b))
    actual = np.asarray(student.predict_proba(np.column_stack([X, lift]), np.column_stack([W, np.ones(3)]), b))
    if not np.allclose(actual, expected, atol=1e-6):
        fail("Lifting all scores of a row changes its probabilities.", case=lift, expected=expected, actual=actual)


@behaviour("with two classes it is the sigmoid of the difference")
def two_classes(student, rng):
    """The odds of one class against another are the exponential of the difference of their scores. For two classes
    that is logistic regression as you know it."""
    X, W, b = _model(rng, 5, 3, 2)
    z = X @ (W[1] - W[0]) + b[1] - b[0]
    actual, expected = np.asarray(student.predict_proba(X, W, b))[:, 1], 1 / (1 + np.exp(-z))
    if not np.allclose(actual, expected):
        fail("For two classes the second column is another one.", case=(X, W, b), expected=expected, actual=actual)
