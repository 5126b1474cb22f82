import numpy as np


def patches(images: np.ndarray, size: int) -> np.ndarray:
    """Cut each image into squares that do not overlap, in reading order.

    images: shape (n, H, W). Returns: shape (n, H // size * W // size, size * size). Raises ValueError if size does not
    divide H and W.
    """
    n, height, width = images.shape
    down, across = height // size, width // size
    grid = images.reshape(n, down, size, across, size)  # a ValueError if pixels would be left over
    squares = grid.transpose(0, 1, 3, 2, 4)  # (n, down, across, size, size)
    return squares.reshape(n, down * across, size * size)
