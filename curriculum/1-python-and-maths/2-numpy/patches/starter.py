import numpy as np


def patches(images: np.ndarray, size: int) -> np.ndarray:
    """Cut each image into squares that do not overlap, in reading order.

    images: shape (n, H, W). Returns: shape (n, H // size * W // size, size * size). Raises ValueError if size does not
    divide H and W.
    """
    raise NotImplementedError
