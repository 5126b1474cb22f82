import heapq

import numpy as np


def latencies(arrivals: np.ndarray, work: np.ndarray, workers: int) -> np.ndarray:
    """Return the time from arrival to end of each request, for one line and several workers.

    arrivals: shape (n,), ascending. work: shape (n,), positive. Returns: shape (n,).
    """
    raise NotImplementedError
