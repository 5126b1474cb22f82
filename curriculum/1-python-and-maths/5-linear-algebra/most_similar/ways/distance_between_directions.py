"""Uses that for vectors of length 1 the nearest is also the most similar: any nearest-neighbor index will do then."""

import numpy as np
from sklearn.neighbors import NearestNeighbors


def most_similar(queries: np.ndarray, images: np.ndarray, k: int) -> np.ndarray:
    index = NearestNeighbors(n_neighbors=k).fit(images / np.linalg.norm(images, axis=1, keepdims=True))
    return index.kneighbors(queries / np.linalg.norm(queries, axis=1, keepdims=True), return_distance=False)
