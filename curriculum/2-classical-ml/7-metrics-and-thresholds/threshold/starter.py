import numpy as np


def threshold(y: np.ndarray, s: np.ndarray, false_alarm: float, miss: float) -> tuple[float, float]:
    """Return (t, cost): the score, or infinity, at which calling s >= t costs least, and the total cost there.

    y: shape (n,), zeros and ones. s: shape (n,). If several cost the same, t is the highest.
    """
    raise NotImplementedError


def honest_cost(
    y: np.ndarray, s: np.ndarray, y_test: np.ndarray, s_test: np.ndarray, false_alarm: float, miss: float
) -> float:
    """Return the mean cost on the test examples, at the threshold that was chosen on y and s.

    y, s: shape (n,). y_test, s_test: shape (m,).
    """
    raise NotImplementedError
