"""residual_mse(y, p): one difference per example, flat or column, and no wrapping of unsigned ints."""

import numpy as np

from gradus.checks import behaviour, cases, fail, misconception, valid
from gradus.checks.raised import LearnerRaised


@valid
def flat_or_column(y, p):
    return all(a.size >= 1 and (a.ndim == 1 or (a.ndim == 2 and a.shape[1] == 1)) for a in (y, p))


@cases
def labels_and_predictions(rng):
    """Every combination of flat and column; unsigned bytes that would wrap; unequal lengths last.

    A single prediction for many labels is left to a behaviour: broadcasting would hide which mistake it is."""
    n = int(rng.integers(3, 9))
    y = rng.normal(2, 1, size=n)
    p = y + rng.normal(1, 1, size=n)
    yield y, p
    yield y, p[:, None]
    yield y[:, None], p
    yield y[:, None], p[:, None]
    pixels = rng.integers(0, 100, size=n).astype(np.uint8)
    yield pixels, (pixels + rng.integers(20, 90, size=n)).astype(np.uint8)[:, None]
    yield rng.integers(-50, 50, size=n), p
    yield np.array([3.0]), np.array([[5.0]])
    yield y, p[:-1]


def _flat(y, p):
    y, p = y.reshape(-1), p.reshape(-1)
    if y.shape != p.shape:
        raise ValueError("lengths differ")
    return y, p


@misconception
def every_pair(y, p):
    """A flat array and a column make all n × n differences, not n.

    `(n,)` minus `(n, 1)` broadcasts: every label meets every prediction. Nothing fails, the mean of it is one number
    and looks like a loss, and a model trained on it learns to predict the average. Give both the same shape before
    you subtract."""
    return float(np.mean((y.astype(float) - p.astype(float)) ** 2))


@misconception
def every_pair_of_bytes(y, p):
    """A flat array and a column make all n × n differences, and unsigned ints wrap around.

    `(n,)` minus `(n, 1)` broadcasts: every label meets every prediction. Give both the same shape before you subtract.
    And in `uint8`, 3 - 5 is 254, as there are no negative numbers in it: convert to float first."""
    return float(np.mean((y - p) ** 2))


@misconception
def unsigned_wraps(y, p):
    """For unsigned ints the error is far off.

    `uint8` has no negative numbers: 3 - 5 wraps around to 254, and squares are cut to 8 bits as well. Images arrive as
    `uint8`, so this happens with real pixels. Convert to float before you subtract."""
    y, p = _flat(y, p)
    return float(np.mean((y - p) ** 2))


@misconception
def root(y, p):
    """You took the root: that is the RMSE.

    Both are in use. The root is back in the units of the labels, which is good for reports; the mean of the squares is
    what least squares minimizes, and what is asked for here."""
    y, p = _flat(y, p)
    return float(np.sqrt(np.mean((y.astype(float) - p) ** 2)))


@misconception
def summed(y, p):
    """You gave the sum of the squared errors, not their mean.

    A sum grows with the number of examples, so the same model looks worse on more data. Divide by n."""
    y, p = _flat(y, p)
    return float(np.sum((y.astype(float) - p) ** 2))


@misconception
def without_squares(y, p):
    """The differences are not squared, so errors above and below cancel.

    A model that is 10 too high half of the time and 10 too low the other half would get error 0. Square each difference
    before averaging."""
    y, p = _flat(y, p)
    return float(np.mean(y.astype(float) - p))


@behaviour("unequal lengths are refused")
def lengths_refused(student, rng):
    """An axis of length 1 is repeated to fit any other, so one prediction is silently compared with every label.
    Something was lost on the way to this function, and only a comparison of the lengths can tell."""
    y = rng.integers(0, 9, size=4).astype(float)
    for p in (y[:1], y[:1, None]):
        try:
            answer = student.residual_mse(y, p)
        except LearnerRaised as raised:
            if not raised.is_a("ValueError"):
                raise
        else:
            fail(
                "Four labels and one prediction should raise `ValueError`.",
                case=f"residual_mse of shapes {y.shape} and {p.shape}",
                expected="ValueError is raised",
                actual=answer,
            )
