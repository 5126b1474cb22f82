"""Three kinds of model on identical points: where each draws the line, and what that costs on new points."""

from functools import lru_cache

import numpy as np
from sklearn.datasets import make_moons
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

from gradus.roadmap.explorables import Explored, Slider, panels

X, Y = make_moons(110, noise=0.32, random_state=3)
NEW_X, NEW_Y = make_moons(1000, noise=0.32, random_state=4)
ACROSS, UP = np.linspace(-2.0, 3.0, 75), np.linspace(-1.6, 2.1, 56)
GRID = np.stack(np.meshgrid(ACROSS, UP), axis=-1).reshape(-1, 2)


def by_distance(points):
    """For each point the classes of the fitted points, nearest first: with them, every k is a matter of counting."""
    away = ((points[:, None] - X) ** 2).sum(axis=2)
    return Y[away.argsort(axis=1)]


NEAREST_OWN, NEAREST_NEW, NEAREST_GRID = by_distance(X), by_distance(NEW_X), by_distance(GRID)


def decision_boundary(
    k: Slider(1, 41, 2, "nearest neighbors: k") = 1,
    c: Slider(-2.0, 4.0, 0.5, "support vectors: log₁₀ C") = 0.0,
    depth: Slider(1, 12, 1, "tree: depth") = 3,
) -> Explored:
    """The same 110 points three times, with the regions that nearest neighbors, a support vector machine and a tree
    make.

    Predict: With k = 1 the nearest point alone decides. How well does that do on the 110 points themselves, and on
    new ones?
    - About equally well on both
    - * Perfectly on its own points, clearly worse on new ones
    - Badly on both: one point is too little to go by
    """
    names = (f"Neighbors, k = {k}", f"Support vectors, C = {plain(10**c)}", f"Tree, depth {depth}")
    found = [fitted("knn", k), fitted("svm", c), fitted("tree", depth)]
    figure, plots = panels("Nearest neighbors", "Support vectors", "Tree", height=3.1)
    for plot, (regions, own, new) in zip(plots, found):
        plot.contourf(ACROSS, UP, regions, levels=[-0.5, 0.5, 1.5], colors=["C0", "C1"], alpha=0.22)
        plot.contour(ACROSS, UP, regions, levels=[0.5], colors=["C6"], linewidths=1)
        plot.plot(*X[Y == 0].T, "o", color="C0", markersize=3.5)
        plot.plot(*X[Y == 1].T, "^", color="C1", markersize=4)
        plot.set(xlim=(-2, 3), ylim=(-1.6, 2.1), xticks=(-1, 0, 1, 2), yticks=(-1, 0, 1, 2))
        plot.set(xlabel=f"own points {own:.2f}, new points {new:.2f}", ylabel="second feature")
        plot.grid(False)
    table = {
        "model": names,
        "accuracy on its own points": [own for _, own, _ in found],
        "accuracy on 1000 new points": [new for *_, new in found],
    }
    said = [f"{name}: {own:.2f} on its own points, {new:.2f} on new ones" for name, (_, own, new) in zip(names, found)]
    caption = "; ".join(said)
    return Explored(figure, table, f"{caption}.")


def plain(number):
    """Three digits that matter, without an exponent."""
    return np.format_float_positional(number, 3, fractional=False, trim="-")


@lru_cache(maxsize=128)
def fitted(kind, setting):
    """The classes on the grid, and the accuracy on the points it was fitted to and on new ones."""
    if kind == "knn":
        own, new, grid = (near[:, :setting].mean(axis=1) > 0.5 for near in (NEAREST_OWN, NEAREST_NEW, NEAREST_GRID))
        return grid.reshape(len(UP), len(ACROSS)), (own == Y).mean(), (new == NEW_Y).mean()
    if kind == "svm":
        model = SVC(C=10**setting, gamma=1.0)
    else:
        model = DecisionTreeClassifier(max_depth=setting, random_state=0)
    model.fit(X, Y)
    return model.predict(GRID).reshape(len(UP), len(ACROSS)), model.score(X, Y), model.score(NEW_X, NEW_Y)
