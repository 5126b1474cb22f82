from collections.abc import Callable

import numpy as np


def learning_curve(
    make: Callable,
    X: np.ndarray,
    y: np.ndarray,
    order: np.ndarray,
    sizes: list[int],
    X_new: np.ndarray,
    y_new: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the training errors and the errors on new rows, for models trained on more and more rows.

    make: returns a new model's functions fit(X, y) and predict(X). X: (n, d). y, order: (n,).
    X_new: (m, d). y_new: (m,). Returns: two float arrays, one entry for each size.
    """
    on_train, on_new = [], []
    for size in sizes:
        rows = order[:size]
        fit, predict = make()
        fit(X[rows], y[rows])
        on_train.append(np.mean((predict(X[rows]) - y[rows]) ** 2))
        on_new.append(np.mean((predict(X_new) - y_new) ** 2))
    return np.array(on_train), np.array(on_new)
