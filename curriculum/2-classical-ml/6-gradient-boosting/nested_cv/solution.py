from collections.abc import Callable
from typing import Any

import numpy as np


def nested_cv(
    score: Callable[[Any, np.ndarray, np.ndarray], float], space: list[Any], folds: list[np.ndarray]
) -> tuple[np.ndarray, list[Any]]:
    """Return the loss on each outer fold, shape (len(folds),), and the setting chosen for each without it."""

    def cross_validated(setting: Any, parts: list[np.ndarray]) -> float:
        return np.mean([score(setting, np.concatenate(without(parts, j)), parts[j]) for j in range(len(parts))])

    losses, chosen = [], []
    for i, outer in enumerate(folds):
        inner = without(folds, i)
        best = min(space, key=lambda setting: cross_validated(setting, inner))
        chosen.append(best)
        losses.append(score(best, np.concatenate(inner), outer))
    return np.array(losses), chosen


def without(parts: list[np.ndarray], j: int) -> list[np.ndarray]:
    """All parts but the one at position j."""
    return parts[:j] + parts[j + 1 :]
