"""A descent to watch: what the rate and the momentum do in a valley that is steep across and gentle along."""

import numpy as np

from gradus.roadmap.explorables import Explored, Slider, panels

CURVATURE = np.array([1.0, 10.0])  # f(x) = (x₀² + 10 x₁²) / 2: gentle along the valley, steep across it
START = np.array([-9.0, 2.0])
STEPS = 40

GRID = np.meshgrid(np.linspace(-10.5, 10.5, 61), np.linspace(-4.2, 4.2, 41))
HEIGHT = (GRID[0] ** 2 + 10 * GRID[1] ** 2) / 2


def gradient_descent(
    rate: Slider(0.005, 0.4, 0.005, "learning rate") = 0.02,
    momentum: Slider(0.0, 0.95, 0.05, "momentum") = 0.0,
) -> Explored:
    """Forty steps of gradient descent in a long valley, seen from above, and the loss after each step.

    Predict: The valley is ten times as steep across as along, and a rate of 0.02 crawls. What does a rate of 0.21 do?
    - It gets there about ten times as fast
    - * It lands further away at every step
    - It circles around the lowest point at one distance
    """
    path = descend(rate, momentum)  # (STEPS + 1, 2)
    loss = (CURVATURE * path**2).sum(axis=1) / 2
    figure, (valley, curve) = panels("The valley from above", "Loss", shares=(1.25, 1))
    valley.contour(*GRID, HEIGHT, levels=[1, 5, 14, 28, 48, 75], colors="0.55", linewidths=0.7)
    valley.plot(*np.clip(path, -1e3, 1e3).T, ".-", markersize=5, linewidth=1)
    valley.plot(0, 0, "+", color="C6", markersize=10)
    valley.set(xlim=(-10.5, 10.5), ylim=(-4.2, 4.2), xlabel="first weight", ylabel="second weight")
    valley.set(xticks=(-10, -5, 0, 5, 10), yticks=(-3, 0, 3))
    valley.grid(False)
    shown = np.log10(np.clip(loss, 1e-6, 1e6))
    curve.axhline(shown[0], color="0.55", linewidth=1, linestyle=":")
    curve.plot(shown)
    curve.text(STEPS, shown[0] + 0.2, "start", ha="right", fontsize=9)
    curve.set(xlabel="step", ylabel="loss", xlim=(-1, STEPS + 1), ylim=(-6.4, 6.4), xticks=(0, 10, 20, 30, 40))
    curve.set_yticks((-6, -3, 0, 3, 6), ("10⁻⁶", "10⁻³", "1", "10³", "10⁶"))
    table = {"step": range(STEPS + 1), "first weight": path[:, 0], "second weight": path[:, 1], "loss": loss}
    return Explored(figure, table, in_words(rate, momentum, path, loss))


def descend(rate, momentum):
    """The weights after each step, shape (STEPS + 1, 2)."""
    path, velocity = [START], np.zeros(2)
    for _ in range(STEPS):
        velocity = momentum * velocity - rate * CURVATURE * path[-1]
        path.append(path[-1] + velocity)
    return np.array(path)


def growth(rate, momentum):
    """By how much a step multiplies the distance in the long run, one number for each direction."""
    steps = [np.array([[1 + momentum - rate * curvature, -momentum], [1, 0]]) for curvature in CURVATURE]
    return np.array([np.abs(np.linalg.eigvals(step)).max() for step in steps])


def in_words(rate, momentum, path, loss):
    along, across = growth(rate, momentum)
    turns = int((np.sign(path[1:]) != np.sign(path[:-1])).sum(axis=0).max())
    share = loss[-1] / loss[0]
    if max(along, across) > 1 + 1e-9:
        what = "It diverges: every step lands further away."
    elif max(along, across) > 1 - 1e-9:
        what = "It swings for ever from one side to the other."
    elif share > 0.01:
        what = "It crawls: much of the way is still ahead." if turns < 3 else "It oscillates, and calms down slowly."
    else:
        what = "It oscillates, and settles." if turns >= 3 else "It converges."
    if momentum == 0:
        factors = 1 - rate * CURVATURE
        why = f"A step multiplies the distance by {factors[0]:.3g} along the valley and by {factors[1]:.3g} across it"
    else:
        why = f"In the long run a step multiplies the distance by {along:.3g} along the valley, {across:.3g} across it"
    return f"{what} {why}; after {STEPS} steps the loss is {plain(loss[-1])}, from {loss[0]:.3g}.".replace("-", "−")


def plain(value):
    """Two digits that matter, as they are said: 0.0088, 41,000, 3.0 × 10³⁹."""
    if 1e-3 <= value < 1e6:
        return f"{float(f'{value:.2g}'):,.6g}"
    power = int(np.floor(np.log10(value)))
    return f"{value / 10.0**power:.1f} × 10{str(power).translate(str.maketrans('-0123456789', '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'))}"
