"""The dtype of the images is lost.

expects: wrong_dtype
`np.zeros` makes floats unless told otherwise, and the pixels written into it become floats.
"""

import numpy as np


def patches(images, size):
    n, height, width = images.shape
    if height % size or width % size:
        raise ValueError("size does not divide the image")
    cut = np.zeros((n, height // size * (width // size), size * size))
    for i in range(height // size):
        for j in range(width // size):
            square = images[:, i * size : (i + 1) * size, j * size : (j + 1) * size]
            cut[:, i * (width // size) + j] = square.reshape(n, -1)
    return cut
