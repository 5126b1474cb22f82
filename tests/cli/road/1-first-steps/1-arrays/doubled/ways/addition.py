"""Adding says the same without a constant."""

import numpy as np


def doubled(x: np.ndarray) -> np.ndarray:
    return x + x
