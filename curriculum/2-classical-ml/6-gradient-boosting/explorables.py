"""Boosting, tree by tree: each new tree is fitted to what is left over, until what is left over is noise."""

from functools import lru_cache

import numpy as np

from gradus.roadmap.explorables import Choice, Explored, Slider, panels

TREES = 200
RNG = np.random.default_rng(11)


def truth(x):
    return np.sin(1.3 * x) + 0.5 * (x > 3.4)


X = np.sort(RNG.uniform(0, 6, 70))
Y = truth(X) + RNG.normal(0, 0.35, 70)
HELD_X = np.sort(RNG.uniform(0, 6, 200))
HELD_Y = truth(HELD_X) + RNG.normal(0, 0.35, 200)
GRID = np.linspace(0, 6, 241)
MIDDLES = (X[1:] + X[:-1]) / 2


def boosting(
    trees: Slider(0, 200, 1, "trees") = 3,
    rate: Choice(("0.03", "0.1", "0.3", "1.0"), "learning rate") = "0.3",
    depth: Slider(1, 5, 1, "depth of a tree") = 2,
) -> Explored:
    """What a boosted model says after some trees, what it leaves over, and the error on its own points and on held-
    out ones.

    Predict: The error on the model's own points falls with every tree. What does the error on held-out points do?
    - It falls with it, only a little higher
    - * It falls, then rises again while the other goes on falling
    - It stays where it is: the trees never see those points
    """
    stages, own, held = boosted(float(rate), depth)
    said = stages[trees]
    figure, (plot, rest, curve) = panels("The sum of the trees", "What is left over", "Mean squared error", height=3.1)
    plot.plot(X, Y, "o", color="C0", markersize=3.5, alpha=0.7)
    plot.plot(GRID, said[np.searchsorted(MIDDLES, GRID)], color="C1")
    plot.set(xlabel="x", ylabel="y", xlim=(0, 6), ylim=(-2.2, 2.2), xticks=(0, 3, 6), yticks=(-2, 0, 2))
    rest.vlines(X, 0, Y - said, color="C0", linewidth=1)
    rest.plot(X, Y - said, "o", color="C0", markersize=3.5)
    rest.axhline(0, color="C1", linewidth=1.2)
    rest.set(xlabel="x", ylabel="y minus the sum", xlim=(0, 6), ylim=(-2.2, 2.2), xticks=(0, 3, 6), yticks=(-2, 0, 2))
    best = int(held.argmin())
    curve.plot(own, color="C0", linewidth=1.5)
    curve.plot(held, color="C2", linewidth=1.5)
    curve.plot(trees, own[trees], "o", color="C0", clip_on=False)
    curve.plot(trees, held[trees], "o", color="C2", clip_on=False)
    curve.axvline(best, color="C2", linewidth=1, linestyle=":")
    top = 1.08 * max(own[0], held[0])
    curve.text(198, 0.97 * top, "held out", color="C2", ha="right", va="top")
    curve.text(198, 0.87 * top, "own points", color="C0", ha="right", va="top")
    curve.set(
        xlabel="trees", ylabel="error", xlim=(-4, 204), ylim=(0, top), xticks=(0, 100, 200), yticks=(0, 0.2, 0.4, 0.6)
    )
    table = {"trees": range(TREES + 1), "error on its own points": own, "error on held-out points": held}
    caption = (
        f"After {trees} trees: {own[trees]:.3f} on its own points, {held[trees]:.3f} on held-out ones. "
        f"Held-out error is smallest after {best} trees, {held[best]:.3f}; the noise alone is about {0.35**2:.2f}."
    )
    return Explored(figure, table, caption)


@lru_cache(maxsize=24)
def boosted(rate, depth):
    """The sum after each number of trees, (TREES + 1, n), and both errors, (TREES + 1,)."""
    stages = [np.full(len(X), Y.mean())]
    for _ in range(TREES):
        stages.append(stages[-1] + rate * tree(Y - stages[-1], depth))
    stages = np.array(stages)
    held = stages[:, np.searchsorted(MIDDLES, HELD_X)]
    return stages, ((Y - stages) ** 2).mean(axis=1), ((HELD_Y - held) ** 2).mean(axis=1)


def tree(left_over, depth):
    """A tree of least squares on the sorted points: in each leaf the mean of what is left over there."""
    if depth == 0 or len(left_over) < 2:
        return np.full(len(left_over), left_over.mean())
    before, n = np.cumsum(left_over)[:-1], np.arange(1, len(left_over))
    after = left_over.sum() - before
    cut = int((before**2 / n + after**2 / (len(left_over) - n)).argmax()) + 1
    return np.concatenate([tree(left_over[:cut], depth - 1), tree(left_over[cut:], depth - 1)])
