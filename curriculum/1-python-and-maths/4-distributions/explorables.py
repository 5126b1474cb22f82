"""A histogram to handle: how bins, a few wild values and the divisor change what a sample seems to say."""

import numpy as np

from gradus.roadmap.explorables import Choice, Explored, Slider, panels

COMMUTES = np.round(np.random.default_rng(4).lognormal(3.3, 0.45, 300), 1)  # minutes, one way; made up


def distribution_lab(
    n: Slider(5, 300, 5, "people asked") = 40,
    bins: Slider(2, 60, 1, "bins") = 12,
    outliers: Slider(0, 6, 1, "typing errors") = 0,
    size: Slider(80, 240, 10, "a typing error says (minutes)") = 240,
    ddof: Choice(("0", "1"), "ddof of the deviation") = "1",
) -> Explored:
    """A histogram of made-up travel times, with the mean, the median and one deviation to both sides of the mean.

    Predict: Forty people are asked how long they travel, and for one of them 240 minutes are entered by mistake.
    What moves?
    - The mean and the median, by about as much
    - * The mean and the deviation; the median hardly
    - Only the deviation: one of forty is too few for the others
    """
    times = np.concatenate([COMMUTES[:n], np.full(outliers, float(size))])
    mean, median, spread = times.mean(), np.median(times), times.std(ddof=int(ddof))
    counts, edges = np.histogram(times, bins=bins)
    figure, (plot,) = panels("Minutes on the way to work")
    plot.bar(edges[:-1], counts, np.diff(edges), align="edge", color="C0", alpha=0.55, edgecolor="C0", linewidth=0.6)
    top = counts.max()
    plot.plot([mean - spread, mean + spread], [1.08 * top] * 2, color="C1", linewidth=2, marker="|", markersize=9)
    plot.text(mean + spread, 1.13 * top, " one deviation", color="C1", fontsize=9)
    for value, name, color, high in ((mean, "mean", "C1", 1.32), (median, "median", "C2", 1.45)):
        plot.plot([value, value], [0, high * top], color=color)
        plot.text(value, high * top, f" {name} {value:.1f}", color=color, va="top")
    plot.set(
        xlabel="minutes",
        ylabel="people",
        xlim=(min(0, mean - spread - 4), max(100, 1.06 * times.max())),
        ylim=(0, 1.5 * top),
    )
    other = times.std(ddof=1 - int(ddof))
    caption = (
        f"{len(times)} values: mean {mean:.1f}, median {median:.1f}, deviation {spread:.2f} with ddof={ddof} "
        f"({other:.2f} with ddof={1 - int(ddof)}, {100 * abs(other / spread - 1):.1f} % off). "
        f"Each of the {bins} bins is {edges[1] - edges[0]:.1f} minutes wide."
    )
    return Explored(figure, {"from": edges[:-1], "to": edges[1:], "people": counts}, caption)
