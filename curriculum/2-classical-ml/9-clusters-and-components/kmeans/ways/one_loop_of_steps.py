"""One plain loop per start, with the labels of the last turn at hand: everything to be seen on one page."""

import numpy as np


def kmeans(X: np.ndarray, k: int, rng: np.random.Generator, starts: int = 10) -> tuple[np.ndarray, np.ndarray, float]:
    best = None
    for _ in range(starts):
        chosen = [int(rng.integers(len(X)))]
        while len(chosen) < k:
            gap = np.min([((X - X[i]) ** 2).sum(axis=1) for i in chosen], axis=0)  # (n,)
            chosen.append(int(rng.choice(len(X), p=gap / gap.sum())))
        centers, labels = X[chosen], None
        while True:
            distance = np.stack([((X - center) ** 2).sum(axis=1) for center in centers], axis=1)  # (n, k)
            joined = distance.argmin(axis=1)
            if labels is not None and np.array_equal(joined, labels):
                break
            labels = joined
            counts = np.bincount(labels, minlength=k)
            centers = np.stack([X[labels == j].mean(axis=0) if counts[j] else centers[j] for j in range(k)])
        inertia = float(distance[np.arange(len(X)), labels].sum())
        if best is None or inertia < best[2]:
            best = labels, centers, inertia
    return best
