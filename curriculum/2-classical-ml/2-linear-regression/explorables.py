"""One point to move: how the line of least squares follows it, and how much that depends on where it stands."""

import numpy as np

from gradus.roadmap.explorables import Explored, Slider, Toggle, panels

X = np.array([2.0, 3.0, 3.5, 4.5, 5.5, 6.0, 7.0, 7.5, 8.5, 9.5])
Y = np.array([3.1, 2.6, 4.4, 3.9, 5.6, 4.6, 5.2, 6.9, 6.0, 7.4])

ALONG = np.linspace(0, 20, 81)


def leverage_of_one_more(x):
    """The leverage that one more point would have at each of the places ``x``."""
    center = (X.sum() + x) / (len(X) + 1)
    width = ((X[:, None] - center) ** 2).sum(axis=0) + (x - center) ** 2
    return 1 / (len(X) + 1) + (x - center) ** 2 / width


def line_fit(
    across: Slider(0.0, 20.0, 0.5, "the point's x") = 6.0,
    up: Slider(0.0, 12.0, 0.5, "the point's y") = 10.0,
    squares: Toggle("show the squares") = True,
) -> Explored:
    """Eleven points with the line of least squares, the line without the moved point, and its leverage wherever it
    stands.

    Predict: You lift one point by four. Where must it stand to turn the line most?
    - In the middle of the others, where most of the weight is
    - * Far to the right of the others
    - It is the same everywhere: only the height counts
    """
    x, y = np.append(X, across), np.append(Y, up)
    slope, start = np.polyfit(x, y, 1)
    slope_without, start_without = np.polyfit(X, Y, 1)
    fitted = start + slope * x
    leverage = 1 / len(x) + (x - x.mean()) ** 2 / ((x - x.mean()) ** 2).sum()

    figure, (plot, pull) = panels("Least squares", "The diamond's leverage", shares=(1.7, 1))
    ends = np.array([-1.0, 21.0])
    plot.plot(ends, start_without + slope_without * ends, color="0.55", linewidth=1.2, linestyle="--")
    plot.plot(ends, start + slope * ends, color="C0")
    draw_residuals(plot, x, y, fitted, squares)
    plot.plot(X, Y, "o", color="C6", markersize=5)
    plot.plot(across, up, "D", color="C1", markersize=8)
    plot.text(0.3, 12.2, "dashed: without the diamond", fontsize=9)
    plot.set(
        xlabel="x", ylabel="y", xlim=(-0.5, 20.5), ylim=(-0.5, 13), xticks=(0, 5, 10, 15, 20), yticks=(0, 4, 8, 12)
    )
    plot.grid(False)

    pull.plot(ALONG, leverage_of_one_more(ALONG), color="0.55", linewidth=1.2)
    pull.plot(x[:-1], leverage[:-1], "o", color="C6", markersize=5)
    pull.plot(across, leverage[-1], "D", color="C1", markersize=8)
    pull.set(xlabel="x", ylabel="leverage", xlim=(-0.5, 20.5), ylim=(0, 1.03), xticks=(0, 10, 20))

    table = {"x": x, "y": y, "line": fitted, "residual": y - fitted, "squared": (y - fitted) ** 2, "leverage": leverage}
    caption = (
        f"Slope {slope:.2f} with the diamond, {slope_without:.2f} without it. Its leverage is {leverage[-1]:.2f}: "
        f"lift it by 1, and the line rises by {leverage[-1]:.2f} there. "
        f"The squares sum to {((y - fitted) ** 2).sum():.1f}."
    )
    return Explored(figure, table, caption.replace("-", "−"))


def draw_residuals(plot, x, y, fitted, squares):
    """Each residual as a line, or as the square whose area counts; a square is square on the screen."""
    from matplotlib.patches import Rectangle

    if not squares:
        plot.vlines(x, fitted, y, color="C1", linewidth=1.2)
        return
    box = plot.get_window_extent()
    ratio = box.height / box.width * 21 / 13.5  # of a unit of y to one of x
    for at, value, height in zip(x, y, fitted):
        size = value - height
        side = "C1" if at == x[-1] and value == y[-1] else "C5"
        plot.add_patch(Rectangle((at, height), -abs(size) * ratio, size, facecolor=side, edgecolor=side, alpha=0.35))
