"""logistic_grad(w, X, y): the gradient of the mean log-loss, checked against differences of the loss itself."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from gradus.checks import behaviour, cases, fail, misconception, probes, valid


def _sigmoid(z):
    return 0.5 * (1 + np.tanh(0.5 * z))


def _loss(w, X, y):
    z = X @ w
    return float((np.logaddexp(0, z) - y * z).mean())


@cache
def _diabetes():
    """Standardized measurements with a column of ones, and whether the progression is above the median.

    Read without importing scikit-learn, which would take a second.
    """
    folder = Path(find_spec("sklearn").origin).parent / "datasets" / "data"
    data, target = (np.loadtxt(folder / f"diabetes_{name}.csv.gz") for name in ("data_raw", "target"))
    X = (data - data.mean(axis=0)) / data.std(axis=0)  # (442, 10)
    return np.column_stack([X, np.ones(len(X))]), (target > np.median(target)).astype(int)


def _patients(rng, n):
    X, y = _diabetes()
    rows = rng.permutation(len(y))[:n]
    return X[rows], y[rows]


@valid
def examples(w, X, y):
    fits = w.ndim == y.ndim == 1 and X.shape == (len(y), len(w)) and X.size > 0
    return fits and np.isin(y, (0, 1)).all()


@cases
def small(rng):
    for _ in range(2):
        d = int(rng.integers(2, 5))
        n = d + int(rng.integers(2, 8))
        yield rng.normal(size=d), rng.normal(size=(n, d)), rng.permutation(np.arange(n) % 2)


@cases
def patients(rng):
    X, y = _patients(rng, 40)
    yield rng.normal(scale=0.5, size=X.shape[1]), X, y


@misconception
def summed(w, X, y):
    """The gradient is too large, by a factor of the number of examples.

    The loss is a *mean*, so its gradient is one, too. With a sum, the right learning rate would depend on how many
    examples there are."""
    return X.T @ (_sigmoid(X @ w) - y)


@misconception
def uphill(w, X, y):
    """The gradient points downhill.

    `y - p` is the error as one usually thinks of it, and it is what a descent *adds* in the end. The gradient of the
    loss itself points to where the loss grows."""
    return X.T @ (y - _sigmoid(X @ w)) / len(y)


@misconception
def sigmoid_missing(w, X, y):
    """This is the gradient for a linear model.

    `X @ w - y` compares a score with a label. A score can be any number; the sigmoid has to make a probability of it
    first."""
    return X.T @ (X @ w - y) / len(y)


@misconception
def hard_predictions(w, X, y):
    """Each example either counts fully or not at all.

    The probabilities were rounded to 0 and 1 before they were compared with the labels. Nearly right and clearly
    wrong then look the same, and a loss made of hard predictions has no slope to follow."""
    return X.T @ ((_sigmoid(X @ w) > 0.5) - y) / len(y)


@misconception
def squared_error(w, X, y):
    """Examples about which the model is sure are hardly counted, even where it is wrong.

    An extra factor `p * (1 - p)` is left: the slope of the sigmoid. It belongs to the *squared* error. In the
    log-loss the first link of the chain divides by the same factor, and the two cancel. That is why the log-loss
    learns fast from confident mistakes."""
    p = _sigmoid(X @ w)
    return X.T @ ((p - y) * p * (1 - p)) / len(y)


@misconception
def squared_error_doubled(w, X, y):
    """Examples about which the model is sure are hardly counted, even where it is wrong.

    An extra factor `2 * p * (1 - p)` is left: this is the gradient of the *squared* error. In the log-loss the first
    link of the chain divides by `p * (1 - p)`, and the two cancel. That is why the log-loss learns fast from
    confident mistakes."""
    p = _sigmoid(X @ w)
    return X.T @ (2 * (p - y) * p * (1 - p)) / len(y)


@misconception
def last_link_missing(w, X, y):
    """The last link of the chain is missing: `X` does not appear.

    `p - y` says how the loss changes with the scores. The weights move the scores by way of `X`, so each example has
    to be weighted with its measurements."""
    return (_sigmoid(X @ w) - y) / len(y)


@misconception
def not_summed_up(w, X, y):
    """You return one gradient for each example; they have yet to be averaged.

    The table of shape `(n, d)` holds what each example asks for. The gradient of the loss has one entry for each
    weight."""
    return X * (_sigmoid(X @ w) - y)[:, None]


def _thirty_patients(rng):
    X, y = _patients(rng, 30)
    return rng.normal(scale=0.3, size=X.shape[1]), X, y


gradient_check = probes.gradient(
    of="logistic_grad",
    loss=_loss,
    make=_thirty_patients,
    title="agrees with differences of the loss",
    message="A gradient predicts how the loss answers to a small change of each weight. That can be measured "
    "without any "
    "formula, by central differences, and the two have to agree. Do this with every gradient that you work "
    "out by hand.",
)
example_order = probes.permutation(
    of="logistic_grad",
    make=_thirty_patients,
    args=(1, 2),
    output=None,
    title="the order of the examples plays no part",
    message="The loss is a mean over the examples, and a mean does not know their order. If yours does, rows "
    "of `X` and "
    "labels have come apart.",
)


@behaviour("a descent with your gradient learns from the patients")
def learns(student, rng):
    """Eight small steps against a right gradient lower this loss at every step. If yours grows, or hardly falls, the
    gradient points elsewhere."""
    X, y = _patients(rng, 120)
    w = np.zeros(X.shape[1])
    losses = [_loss(w, X, y)]
    for _ in range(8):
        w = w - 0.3 * np.asarray(student.logistic_grad(w, X, y))
        losses.append(_loss(w, X, y))
    if not (np.diff(losses) < 0).all() or losses[-1] > losses[0] - 0.03:
        fail("The loss does not fall along your gradient.", case="120 patients", actual=[round(v, 4) for v in losses])


@behaviour("is finite and right for scores in the thousands")
def large_scores(student, rng):
    """`exp` of anything above 709 is `inf`, and once a probability is rounded to exactly 0 or 1, `p * (1 - p)` is 0.
    So `inf / inf` or `0 / 0` can appear in a formula that is right on paper. Write the sigmoid so that an infinity
    can only stand in a divisor, and cancel factors on paper instead of multiplying by them and dividing again."""
    X, y = rng.uniform(1, 2, size=(4, 2)) * [[1.0], [1.0], [-1.0], [-1.0]], np.array([0, 1, 0, 1])
    w = rng.uniform(2000, 4000, size=2)
    expected, actual = (_sigmoid(X @ w) - y) @ X / 4, np.asarray(student.logistic_grad(w, X, y))
    if not np.allclose(actual, expected, rtol=1e-6, atol=1e-9):
        fail("For large scores the gradient is lost.", case=(w, X, y), expected=expected, actual=actual)
