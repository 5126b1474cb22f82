"""patches(images, size): the right shape is easy; the right pixels need a transpose between two reshapes."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from gradus.checks import cases, misconception, valid


@valid
def gray_images(images, size):
    return images.ndim == 3 and min(images.shape) >= 1 and size >= 1


@cache
def _digits():
    """What `load_digits().images` holds, read without importing scikit-learn, which would take a second."""
    folder = Path(find_spec("sklearn").origin).parent / "datasets" / "data"
    return np.loadtxt(folder / "digits.csv.gz", delimiter=",", dtype=np.uint8)[:, :64].reshape(-1, 8, 8)


@cases
def pictures(rng):
    """Numbered pixels first, so that a wrong order can be read off; wide and tall images; real digits; sizes that do
    not fit in one direction only."""
    size = int(rng.integers(2, 4))
    down, across = (int(k) for k in rng.choice([2, 3, 4], size=2, replace=False))
    yield np.arange(down * across * size * size).reshape(1, down * size, across * size), size
    yield rng.integers(0, 256, size=(3, across * size, down * size)).astype(np.uint8), size
    digits = _digits()
    yield digits[rng.choice(len(digits), size=2, replace=False)], int(rng.choice([2, 4]))
    yield rng.normal(size=(2, 3, 4)), 1
    yield rng.normal(size=(2, 5, 5)), 5
    yield rng.normal(size=(2, 4, 6)), 4
    yield rng.normal(size=(2, 6, 4)), 4


def _grid(images, size):
    n, height, width = images.shape
    if height % size or width % size:
        raise ValueError("size does not divide the image")
    return images.reshape(n, height // size, size, width // size, size)


def _joined(squares):
    n, a, b, c, d = squares.shape
    return squares.reshape(n, a * b, c * d)


@misconception
def reshaped_only(images, size):
    """The shape is right, the pixels are not: each "patch" is a stretch of consecutive pixels.

    `reshape` reads the pixels in the same order as before and only puts the brackets elsewhere, so a patch takes the
    first pixels of the image row by row. A square needs pixels of several rows: axes must change places, and only a
    transpose does that."""
    grid = _grid(images, size)
    return grid.reshape(len(images), -1, size * size)


@misconception
def down_before_across(images, size):
    """The patches come top to bottom first, then left to right.

    The axis that stands first changes slowest. With the patches across in front of the patches down, a whole column of
    patches is finished before the next begins. In reading order the rows of patches come first."""
    return _joined(_grid(images, size).transpose(0, 3, 1, 2, 4))


@misconception
def pixels_by_column(images, size):
    """Each patch lies on its side: its pixels run down the columns.

    The two pixel axes changed places on the way. A patch's rows must come before its columns."""
    return _joined(_grid(images, size).transpose(0, 1, 3, 4, 2))


@misconception
def edges_dropped(images, size):
    """An image whose sides `size` does not divide was cut short.

    Leaving out the last rows and columns loses pixels without a word. Refuse it with a `ValueError`, and whoever calls
    can decide to pad or to crop."""
    n, height, width = images.shape
    cropped = images[:, : height // size * size, : width // size * size]
    return _joined(_grid(cropped, size).transpose(0, 1, 3, 2, 4))
