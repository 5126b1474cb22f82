"""Repeats whole rounds of the class first and draws only the rest, so that no row comes twice as often as another."""

import numpy as np


def balance_folds(y: np.ndarray, folds: np.ndarray, rng: np.random.Generator) -> list[np.ndarray]:
    def filled(rows, size):
        rounds, rest = divmod(size, len(rows))
        return np.concatenate([np.tile(rows, rounds), rng.choice(rows, size=rest, replace=False)])

    balanced = []
    for fold in np.unique(folds):
        train = np.flatnonzero(folds != fold)
        names, counts = np.unique(y[train], return_counts=True)
        balanced.append(np.concatenate([filled(train[y[train] == name], counts.max()) for name in names]))
    return balanced
