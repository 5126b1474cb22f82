"""Turns the dict into a frozen dataclass first: a missing or misspelled key is found before anything is trained."""

from dataclasses import dataclass, fields

import numpy as np


@dataclass(frozen=True)
class Config:
    seed: int
    features: list
    target: str
    holdout: float
    rate: float
    epochs: int
    batches: int


def run(cfg: dict, table: dict[str, np.ndarray]) -> dict[str, float]:
    config = Config(**{field.name: cfg[field.name] for field in fields(Config)})
    rng = np.random.default_rng(config.seed)
    held, train, y = split(config, table, rng)
    X = features(config, table, train)
    weights = fit(config, X, y, train, rng)
    return score(X[held], y[held], weights)


def split(config, table, rng):
    y = np.asarray(table[config.target])
    order = rng.permutation(len(y))
    k = round(config.holdout * len(y))
    return order[:k], order[k:], y


def features(config, table, train):
    X = np.array([table[name] for name in config.features], dtype=float).T
    ones = np.ones((len(X), 1))
    return np.hstack([(X - X[train].mean(axis=0)) / X[train].std(axis=0), ones])


def fit(config, X, y, train, rng):
    w = np.append(rng.normal(0, 0.1, size=X.shape[1] - 1), 0.0)
    for _ in range(config.epochs):
        for rows in np.array_split(rng.permutation(train), config.batches):
            p = 1 / (1 + np.exp(-X[rows] @ w))
            w = w + config.rate * ((y[rows] - p)[:, None] * X[rows]).mean(axis=0)
    return w


def score(X, y, w):
    p = 1 / (1 + np.exp(-X @ w))
    chance = np.where(y == 1, p, 1 - p)
    return {
        "log_loss": float(-np.log(chance).mean()),
        "accuracy": float(((p >= 0.5) == (y == 1)).mean()),
        "held_out": len(y),
    }
