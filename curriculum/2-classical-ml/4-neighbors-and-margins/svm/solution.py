import numpy as np


def svm(X: np.ndarray, y: np.ndarray, C: float) -> tuple[np.ndarray, float]:
    """Return (w, b) of the linear support vector machine: the smallest w @ w / 2 + C * (sum of hinge losses).

    X: shape (n, d), standardized columns. y: shape (n,), zeros and ones. Returns: shape (d,), and a float.
    """
    miss = np.where(y == 1, 1.0, -1.0)  # sign - X @ w: the b at which each row would stand on the edge of the street
    low, high = np.minimum(0.0, C * miss), np.maximum(0.0, C * miss)  # (n,)
    pull = np.zeros(len(y))  # w = pull @ X: each row pulls to its own side, at most as hard as C
    for _ in range(5000):
        i = np.where(pull < high - 1e-9, miss, -np.inf).argmax()  # the row that wants b highest, and can still rise
        j = np.where(pull > low + 1e-9, miss, np.inf).argmin()  # the one that wants it lowest, and can still fall
        if miss[i] - miss[j] < 1e-4:  # they agree: this is the minimum
            break
        best = (miss[i] - miss[j]) / ((X[i] - X[j]) ** 2).sum()  # on this pair alone
        step = min(best, high[i] - pull[i], pull[j] - low[j])
        pull[i] += step
        pull[j] -= step
        miss -= step * (X @ (X[i] - X[j]))
    return pull @ X, (miss[i] + miss[j]) / 2
