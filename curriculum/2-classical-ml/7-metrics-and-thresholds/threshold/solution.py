import numpy as np


def threshold(y: np.ndarray, s: np.ndarray, false_alarm: float, miss: float) -> tuple[float, float]:
    """Return (t, cost): the score, or infinity, at which calling s >= t costs least, and the total cost there.

    y: shape (n,), zeros and ones. s: shape (n,). If several cost the same, t is the highest.
    """
    candidates = np.append(np.inf, np.unique(s)[::-1])  # (m,), from the highest down: argmin takes the first
    costs = [_cost(y, s, t, false_alarm, miss) for t in candidates]
    best = np.argmin(costs)
    return candidates[best], costs[best]


def honest_cost(
    y: np.ndarray, s: np.ndarray, y_test: np.ndarray, s_test: np.ndarray, false_alarm: float, miss: float
) -> float:
    """Return the mean cost on the test examples, at the threshold that was chosen on y and s.

    y, s: shape (n,). y_test, s_test: shape (m,).
    """
    t, _ = threshold(y, s, false_alarm, miss)
    return _cost(y_test, s_test, t, false_alarm, miss) / len(y_test)


def _cost(y: np.ndarray, s: np.ndarray, t: float, false_alarm: float, miss: float) -> float:
    """The total cost of calling everyone with s >= t."""
    called = s >= t
    return false_alarm * np.count_nonzero(called & (y == 0)) + miss * np.count_nonzero(~called & (y == 1))
