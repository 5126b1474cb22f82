"""Sorts only the winners: `argpartition` finds the k best in linear time, which pays with a million images."""

import numpy as np


def most_similar(queries: np.ndarray, images: np.ndarray, k: int) -> np.ndarray:
    # The length of a query scales all its similarities alike, so it cannot change their order.
    similarity = queries @ (images / np.linalg.norm(images, axis=1, keepdims=True)).T  # (m, n)
    best = np.argpartition(-similarity, k - 1, axis=1)[:, :k]  # (m, k), unsorted
    order = np.argsort(-np.take_along_axis(similarity, best, axis=1), axis=1)
    return np.take_along_axis(best, order, axis=1)
