import numpy as np


def run(cfg: dict, table: dict[str, np.ndarray]) -> dict[str, float]:
    """Train as the configuration says and return the metrics on the held-out rows.

    cfg: seed, features, target, holdout, rate, epochs, batches. table: columns, each of shape (n,).
    Returns: log_loss, accuracy, held_out. Raises KeyError for a key that is missing.
    """
    rng = np.random.default_rng(cfg["seed"])
    X = np.column_stack([table[name] for name in cfg["features"]])  # (n, d)
    y = table[cfg["target"]]  # (n,)
    order = rng.permutation(len(y))
    held, train = np.split(order, [round(cfg["holdout"] * len(y))])
    X = (X - X[train].mean(axis=0)) / X[train].std(axis=0)
    w, b = rng.normal(0, 0.1, size=X.shape[1]), 0.0
    for _ in range(cfg["epochs"]):
        for rows in np.array_split(rng.permutation(train), cfg["batches"]):
            error = _sigmoid(X[rows] @ w + b) - y[rows]  # (m,)
            w = w - cfg["rate"] * X[rows].T @ error / len(rows)
            b = b - cfg["rate"] * error.mean()
    z = X[held] @ w + b  # (k,)
    loss = np.logaddexp(0, z) - y[held] * z  # -log of the probability given to the truth
    right = (z >= 0) == (y[held] == 1)
    return {"log_loss": float(loss.mean()), "accuracy": float(right.mean()), "held_out": len(held)}


def _sigmoid(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z))
