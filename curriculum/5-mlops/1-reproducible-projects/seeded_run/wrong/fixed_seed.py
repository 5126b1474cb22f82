"""The seed of the configuration is ignored.

expects: seed_decides
A seed written into the function makes every run equal, whatever the configuration says.
"""

import numpy as np


def run(cfg, table):
    return _train(np.random.default_rng(42), cfg, table, cfg["features"])


def _train(rng, cfg, table, names, w=None):
    X = np.column_stack([table[name] for name in names])
    y = table[cfg["target"]]
    order = rng.permutation(len(y))
    k = round(cfg["holdout"] * len(y))
    held, train = order[:k], order[k:]
    X = (X - X[train].mean(axis=0)) / X[train].std(axis=0)
    if w is None:
        w = np.append(rng.normal(0, 0.1, size=X.shape[1]), 0.0)
    for _ in range(cfg["epochs"]):
        for rows in np.array_split(rng.permutation(train), cfg["batches"]):
            error = 1 / (1 + np.exp(-(X[rows] @ w[:-1] + w[-1]))) - y[rows]
            w -= cfg["rate"] * np.append(X[rows].T @ error, error.sum()) / len(rows)
    z = X[held] @ w[:-1] + w[-1]
    loss = np.logaddexp(0, z) - y[held] * z
    return {
        "log_loss": float(loss.mean()),
        "accuracy": float(((z >= 0) == (y[held] == 1)).mean()),
        "held_out": len(held),
    }
