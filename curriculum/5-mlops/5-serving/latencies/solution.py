import heapq

import numpy as np


def latencies(arrivals: np.ndarray, work: np.ndarray, workers: int) -> np.ndarray:
    """Return the time from arrival to end of each request, for one line and several workers.

    arrivals: shape (n,), ascending. work: shape (n,), positive. Returns: shape (n,).
    """
    free = [-np.inf] * workers  # a heap: since when each worker is free, the earliest first
    ends = np.empty(len(arrivals))
    for i, (arrival, needed) in enumerate(zip(arrivals, work)):
        start = max(arrival, heapq.heappop(free))
        ends[i] = start + needed
        heapq.heappush(free, ends[i])
    return ends - arrivals
