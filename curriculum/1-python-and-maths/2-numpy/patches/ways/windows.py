"""Takes every window and keeps each size-th one: change the step and the patches overlap, as in a convolution."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def patches(images: np.ndarray, size: int) -> np.ndarray:
    n, height, width = images.shape
    if height % size or width % size:
        raise ValueError(f"{height} × {width} pixels cannot be cut into squares of {size}")
    windows = sliding_window_view(images, (size, size), axis=(1, 2))[:, ::size, ::size]  # a view; nothing copied yet
    return windows.reshape(n, -1, size * size)
