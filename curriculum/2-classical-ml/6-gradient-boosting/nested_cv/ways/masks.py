"""Keeps one array that says in which fold each row is, and picks rows by comparing: nothing to glue together."""

from collections.abc import Callable
from typing import Any

import numpy as np


def nested_cv(
    score: Callable[[Any, np.ndarray, np.ndarray], float], space: list[Any], folds: list[np.ndarray]
) -> tuple[np.ndarray, list[Any]]:
    fold_of = np.empty(sum(map(len, folds)), dtype=int)
    for i, rows in enumerate(folds):
        fold_of[rows] = i

    losses, chosen = [], []
    for outer in range(len(folds)):
        table = [
            [
                score(setting, np.flatnonzero(~np.isin(fold_of, (outer, inner))), np.flatnonzero(fold_of == inner))
                for inner in range(len(folds))
                if inner != outer
            ]
            for setting in space
        ]
        chosen.append(space[int(np.mean(table, axis=1).argmin())])
        losses.append(score(chosen[-1], np.flatnonzero(fold_of != outer), np.flatnonzero(fold_of == outer)))
    return np.array(losses), chosen
