"""most_similar(queries, images, k): nearest neighbors by cosine, on handwritten digits at random brightness."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from gradus.checks import behaviour, cases, fail, misconception, valid


@cache
def _pixels():
    """What `load_digits().data` holds, shape (1797, 64); importing scikit-learn for it would take a second."""
    folder = Path(find_spec("sklearn").origin).parent / "datasets" / "data"
    return np.loadtxt(folder / "digits.csv.gz", delimiter=",")[:, :64]


def _digits(rng, n, m):
    """n images and m queries, all different, each at a brightness of its own."""
    pixels = _pixels()
    rows = rng.permutation(len(pixels))[: n + m]
    chosen = pixels[rows] * rng.uniform(0.2, 3.0, size=(n + m, 1))
    return chosen[n:], chosen[:n]


def _cosines(queries, images):
    lengths = np.linalg.norm(queries, axis=1)[:, None] * np.linalg.norm(images, axis=1)
    return queries @ images.T / lengths


@valid
def unambiguous(queries, images, k):
    """No row without a direction, and no two images that only rounding could tell apart."""
    if queries.ndim != 2 or images.ndim != 2 or queries.shape[1] != images.shape[1]:
        return False
    if not (1 <= k <= len(images)) or not len(queries) or not queries.shape[1]:
        return False
    if not queries.any(axis=1).all() or not images.any(axis=1).all():
        return False
    gaps = np.diff(np.sort(_cosines(queries, images), axis=1), axis=1)
    return bool((gaps > 1e-9).all())


@cases
def small(rng):
    """Directions in the plane, evenly spread and turned at random, the most distant in direction made the longest."""
    n = int(rng.integers(5, 9))
    angles = np.deg2rad(rng.uniform(0, 3) + np.arange(n) * 80 / n)
    images = np.column_stack([np.cos(angles), np.sin(angles)]) * np.geomspace(1, 50, n)[:, None]
    order = rng.permutation(n)
    yield np.array([[5.0, 0.1], [2.0, 0.3]]), images[order], 3


@cases
def digits(rng):
    n, m = int(rng.integers(40, 61)), int(rng.integers(3, 7))
    queries, images = _digits(rng, n, m)
    yield queries, images, 5
    yield queries[:1], images[:12], 12


@misconception
def raw_dot(queries, images, k):
    """Bright images win, whatever they show.

    The dot product rewards length: an image with more ink has a larger product with nearly every query. Dividing by
    one length for the whole table does not help either, because it changes no order."""
    return np.argsort(-(queries @ images.T), axis=1)[:, :k]


@misconception
def by_distance(queries, images, k):
    """Images of the query's brightness win over images of its shape.

    The distance between two vectors also measures the difference of their lengths. The same digit, written with a
    thinner pen, is far away by distance and close by direction."""
    distances = np.linalg.norm(queries[:, None] - images, axis=2)
    return np.argsort(distances, axis=1)[:, :k]


@misconception
def least_similar_first(queries, images, k):
    """The images least like the query come first.

    `argsort` sorts from the smallest to the largest, which suits distances. Similarities are better the larger they
    are."""
    return np.argsort(_cosines(queries, images), axis=1)[:, :k]


@misconception
def worst_of_the_best_first(queries, images, k):
    """The right images, in the wrong order: the best one comes last.

    The end of an ascending order holds the largest values, but still in ascending order."""
    return np.argsort(_cosines(queries, images), axis=1)[:, -k:]


@misconception
def columns_normalized(queries, images, k):
    """Pixels have been brought to one length, not images.

    `axis=0` runs down the rows and gives one length per *column*. That is a way to treat features alike; the
    direction of an image is a matter of its row."""

    def scaled(X):
        lengths = np.linalg.norm(X, axis=0)
        return X / np.where(lengths == 0, 1.0, lengths)

    return np.argsort(-(scaled(queries) @ scaled(images).T), axis=1)[:, :k]


@misconception
def similarities_themselves(queries, images, k):
    """You return how similar the images are, not which images they are.

    `np.sort` returns the values and loses where they were. Asked for are indices."""
    return -np.sort(-_cosines(queries, images), axis=1)[:, :k]


@behaviour("brightness plays no part: scaled images are found in the same order")
def brightness_plays_no_part(student, rng):
    """A darker scan of the same page shows the same digits. Multiplying a row by a positive number changes its length,
    not its direction, so no ranking may change."""
    queries, images = _digits(rng, 30, 3)
    before = np.asarray(student.most_similar(queries, images, 4))
    gain = rng.uniform(0.05, 20.0, size=(len(images), 1))
    after = np.asarray(student.most_similar(queries * 0.25, images * gain, 4))
    if not np.array_equal(before, after):
        fail("Other images are found once the brightness changes.", expected=before, actual=after)


@behaviour("the order of the stored images plays no part")
def image_order(student, rng):
    """Shuffle the stored images, and the same pictures must be found, at their new places."""
    queries, images = _digits(rng, 30, 3)
    order = rng.permutation(len(images))
    before = np.asarray(student.most_similar(queries, images, 4))
    after = order[np.asarray(student.most_similar(queries, images[order], 4))]
    if not np.array_equal(before, after):
        fail("Other images are found once they are shuffled.", expected=before, actual=after)
