"""forest_proba(trees, X, classes): the mean of aligned probabilities over all trees."""

import numpy as np

from gradus.checks import cases, misconception, valid


@valid
def a_forest(trees, X, classes):
    if not trees or X.ndim != 2 or not len(classes) or (np.unique(classes) != classes).any():
        return False
    return all(len(known) and np.isin(known, classes).all() and (np.unique(known) == known).all() for known, _ in trees)


def _tree(rng, known, d):
    """Its probabilities depend on the rows of X and on nothing else."""
    weights = rng.normal(size=(d, len(known)))

    def proba(X):
        score = np.exp(X @ weights)
        return score / score.sum(axis=1, keepdims=True)

    return known, proba


def _forest(rng, classes, sizes, d):
    return [_tree(rng, np.sort(rng.choice(classes, size=k, replace=False)), d) for k in sizes]


@cases
def forests(rng):
    """Labels that are no positions, texts, trees that know one class, a class that no tree knows, one row, no row."""
    d = int(rng.integers(2, 4))
    n = int(rng.integers(4, 8))
    numbers = np.sort(rng.choice(np.arange(10, 60), size=4, replace=False))
    yield _forest(rng, numbers, (3, 4, 2, 3), d), rng.normal(size=(n, d)), numbers
    words = np.array(["ant", "bee", "cat", "dog"])
    yield _forest(rng, words, (3, 1, 2), d), rng.normal(size=(n, d)), words
    yield _forest(rng, numbers[1:], (2, 3), d), rng.normal(size=(1, d)), numbers
    yield _forest(rng, np.arange(3), (3,) * int(rng.integers(2, 5)), d), rng.normal(size=(n, d)), np.arange(3)
    yield _forest(rng, np.arange(2), (2, 2), d), np.zeros((0, d)), np.arange(2)


def _aligned(trees, X, classes):
    opinions = np.zeros((len(trees), len(X), len(classes)))
    for opinion, (known, proba) in zip(opinions, trees):
        opinion[:, np.searchsorted(classes, known)] = proba(X)
    return opinions


@misconception
def votes(trees, X, classes):
    """Each tree cast a vote; how sure it was is lost.

    A tree that says 51 % and one that says 99 % then count the same, and five trees can only give sixths. A vote is
    enough to name a class. Probabilities, and every threshold you choose later, need the averages."""
    opinions = _aligned(trees, X, classes)
    return (opinions.argmax(axis=2)[..., None] == np.arange(len(classes))).mean(axis=0)


@misconception
def by_position(trees, X, classes):
    """A tree's first column was taken for the first class.

    A tree that has never seen the first class begins with the second. Its columns belong to the classes in `known`;
    added by position they end up with the wrong ones, and no error says so."""
    total = np.zeros((len(X), len(classes)))
    for known, proba in trees:
        total[:, : len(known)] += proba(X)
    return total / len(trees)


@misconception
def only_those_who_know(trees, X, classes):
    """The rows do not add up to 1: each class was averaged over the trees that know it.

    That a tree has never seen a class is an opinion, too: it gives it no probability. Leaving those trees out makes
    rare classes look likelier than any tree believes."""
    known_by = np.array([np.isin(classes, known) for known, _ in trees]).sum(axis=0)
    return _aligned(trees, X, classes).sum(axis=0) / np.maximum(known_by, 1)


@misconception
def sum_of_opinions(trees, X, classes):
    """The rows add up to the number of trees, not to 1.

    Adding up is the first half of a mean. Divide by how many trees there are."""
    return _aligned(trees, X, classes).sum(axis=0)


@misconception
def the_surest_tree(trees, X, classes):
    """Each entry is that of the tree that gives it most.

    One tree that is sure and wrong then speaks for the whole forest. The strength of a forest is that such errors
    average out."""
    return _aligned(trees, X, classes).max(axis=0)


@misconception
def last_tree(trees, X, classes):
    """Only one tree was heard, the last.

    Assigning (`=`) where adding (`+=`) is meant lets each tree replace those before it."""
    return _aligned(trees, X, classes)[-1]
