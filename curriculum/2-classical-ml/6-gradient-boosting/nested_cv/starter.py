from collections.abc import Callable
from typing import Any

import numpy as np


def nested_cv(
    score: Callable[[Any, np.ndarray, np.ndarray], float], space: list[Any], folds: list[np.ndarray]
) -> tuple[np.ndarray, list[Any]]:
    """Return the loss on each outer fold, shape (len(folds),), and the setting chosen for each without it."""
    raise NotImplementedError
