"""A dictionary of means per fold, with `get` for what is not in it: reads like the task."""

import numpy as np


def encode(category: np.ndarray, y: np.ndarray, folds: np.ndarray, other: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    def learned(rows):
        means = {name: y[rows & (category == name)].mean() for name in category[rows]}
        return lambda wanted: [means.get(name, y[rows].mean()) for name in wanted]

    encoded = np.empty(len(y))
    for fold in np.unique(folds):
        encoded[folds == fold] = learned(folds != fold)(category[folds == fold])
    return encoded, np.array(learned(np.ones(len(y), dtype=bool))(other))
