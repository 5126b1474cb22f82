import numpy as np


def best_split(X: np.ndarray, y: np.ndarray) -> tuple[int, float] | None:
    """Return the feature and the threshold of the question with the smallest cost, or None if there is none.

    X: shape (n, d). y: shape (n,), numbers or labels 0 and 1.
    """
    n = len(y)
    size = np.arange(1, n)  # of the left side, for each place to cut: (n - 1,)
    centered = y - y.mean()  # now the two sides' sums are opposite, and one of them says all
    best, answer = -np.inf, None
    for j, column in enumerate(X.T):
        order = np.argsort(column)
        values = column[order]
        left = np.cumsum(centered[order])[:-1]  # (n - 1,)
        gain = left**2 / size + left**2 / (n - size)  # by how much the cost falls
        gain[values[:-1] == values[1:]] = -np.inf  # equal values cannot be parted
        if gain.max(initial=-np.inf) > best:
            k = int(gain.argmax())
            best, answer = gain[k], (j, float(values[k] + values[k + 1]) / 2)
    return answer
