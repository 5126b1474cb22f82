"""Goes through the pairs with `itertools.combinations`, exactly as the task says it."""

from itertools import combinations

import numpy as np


def rand_index(a: np.ndarray, b: np.ndarray) -> float:
    alike = [(a[i] == a[j]) == (b[i] == b[j]) for i, j in combinations(range(len(a)), 2)]
    return float(sum(alike) / len(alike))
