"""Two ways to look at points without labels: k-means, half a step at a time, and a line to project them on."""

from functools import lru_cache

import numpy as np

from gradus.roadmap.explorables import Explored, Slider, Toggle, panels

PLACES = np.array([[1.5, 1.5], [2.2, 4.6], [5.2, 5.2], [5.8, 1.4]])
POINTS = np.concatenate([np.random.default_rng(2).normal(place, 0.62, (30, 2)) for place in PLACES])
HALF_STEPS = 30
MARKS = "os^Dv"


def k_means(
    half_steps: Slider(0, 30, 1, "half steps: assign, move, assign …") = 1,
    k: Slider(2, 5, 1, "clusters: k") = 4,
    start: Slider(1, 12, 1, "which random start") = 1,
) -> Explored:
    """Points, each drawn as its nearest center says, with the way of the centers so far, and the sum of squares
    after each half step.

    Predict: k-means runs to its end from two random starts. Do both end with the same clusters?
    - Always: neither half step ever makes the sum of squares larger
    - * Not always: a start may end where no step helps, with a larger sum
    - Never: the clusters depend on chance
    """
    ways, labels, sums = steps(k, start)
    figure, (plot, curve) = panels("Points and centers", "Sum of squared distances", shares=(1.25, 1), height=3.6)
    now = labels[half_steps]
    if now is None:
        plot.plot(*POINTS.T, "o", color="0.55", markersize=4)
    else:
        for number in range(k):
            plot.plot(*POINTS[now == number].T, MARKS[number], color=f"C{number}", markersize=4, alpha=0.8)
    for number in range(k):
        way = ways[: half_steps + 1, number]
        plot.plot(*way.T, "-", color="C6", linewidth=1)
        plot.plot(*way[-1], MARKS[number], color=f"C{number}", markersize=12, markeredgecolor="C6", markeredgewidth=1.6)
    plot.set(
        xlabel="first feature",
        ylabel="second feature",
        xlim=(-0.6, 8),
        ylim=(-0.6, 7),
        xticks=(0, 3, 6),
        yticks=(0, 3, 6),
    )
    curve.plot(np.arange(1, HALF_STEPS + 1), sums[1:], ".-", color="C0", linewidth=1.5)
    if half_steps:
        curve.plot(half_steps, sums[half_steps], "o", color="C6", markersize=9)
    curve.axhline(best(k), color="0.55", linewidth=1, linestyle=":")
    curve.text(HALF_STEPS, best(k), "best of 12 starts", ha="right", va="bottom", fontsize=9)
    top = 1.08 * max(sums[1], 2 * best(k))
    curve.set(
        xlabel="half step", ylabel="sum of squares", xlim=(0, HALF_STEPS + 0.5), ylim=(0, top), xticks=(0, 10, 20, 30)
    )
    moved = [None, *("assign" if number % 2 else "move" for number in range(1, HALF_STEPS + 1))]
    table = {"half step": range(HALF_STEPS + 1), "what": moved, "sum of squares": [None, *sums[1:]]}
    for number in range(k):
        table[f"center {number + 1}"] = [f"({x:.2f}, {y:.2f})" for x, y in ways[:, number]]
    return Explored(figure, table, told(half_steps, k, sums, now))


def told(half_steps, k, sums, now):
    if now is None:
        return f"{k} of the points were drawn as the first centers. No point belongs to a cluster yet."
    what = "Each point went to its nearest center" if half_steps % 2 else "Each center went to the mean of its points"
    sizes = ", ".join(str(int((now == number).sum())) for number in range(k))
    rest = "Nothing moves any more" if half_steps > 2 and sums[half_steps] == sums[half_steps - 2] else what
    ends = f"the sum is {sums[half_steps]:.1f}, and {best(k):.1f} after the best of 12 starts"
    return f"{rest}. Clusters of {sizes} points; {ends}."


@lru_cache(maxsize=64)
def steps(k, start):
    """After each half step: the centers, (HALF_STEPS + 1, k, 2), the labels, and the sum of squares."""
    centers = POINTS[np.random.default_rng(start + 100).choice(len(POINTS), k, replace=False)]
    now, ways, labels, sums = None, [centers], [None], [np.nan]
    for half_step in range(1, HALF_STEPS + 1):
        if half_step % 2:
            now = ((POINTS[:, None] - centers) ** 2).sum(axis=2).argmin(axis=1)
        else:  # a center that lost all its points stays where it is
            centers = np.array([POINTS[now == n].mean(axis=0) if (now == n).any() else centers[n] for n in range(k)])
        ways.append(centers)
        labels.append(now)
        sums.append(float(((POINTS - centers[now]) ** 2).sum()))
    return np.array(ways), labels, sums


@lru_cache(maxsize=8)
def best(k):
    return min(steps(k, start)[2][-1] for start in range(1, 13))


KIND = np.arange(120) < 60
CLOUD = np.random.default_rng(8).normal(0, (2.0, 0.35), (120, 2)) + np.where(KIND, -0.75, 0.75)[:, None] * (0, 1)
TURN = np.deg2rad(30)
CLOUD = CLOUD @ np.array([[np.cos(TURN), np.sin(TURN)], [-np.sin(TURN), np.cos(TURN)]])
CLOUD = CLOUD - CLOUD.mean(axis=0) + (3.2, 0.6)
ANGLES = np.arange(181)
BINS = np.linspace(-8.8, 8.8, 45)


def projection(
    angle: Slider(0, 180, 2, "direction of the line (degrees)") = 90,
    centered: Toggle("subtract the mean first") = True,
) -> Explored:
    """Two kinds of points and a line through the origin, the points' shadows on the line, and how much variance
    each direction keeps.

    Predict: PCA takes the direction that keeps the most variance. The two kinds of points differ. Does that
    direction tell them apart?
    - Yes: what differs most is what varies most
    - * Not here: they differ across the cloud, and the cloud is long the other way
    - It depends on how many points there are
    """
    points = CLOUD - CLOUD.mean(axis=0) if centered else CLOUD
    line = np.array([np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))])
    shadows = points @ line
    kept = shares(centered)
    figure, (plot, shade, curve) = panels("The points", "Their shadows", "Share kept", shares=(1.25, 1, 1), height=3.1)
    plot.plot(*(np.outer([-9, 9], line)).T, color="C6", linewidth=1.2)
    for kind, color, mark in ((True, "C0", "o"), (False, "C1", "^")):
        mine, cast = points[KIND == kind], shadows[KIND == kind]
        ways = np.stack([mine, np.outer(cast, line), np.full_like(mine, np.nan)], axis=1)[::5]  # point, foot, gap
        plot.plot(*ways.reshape(-1, 2).T, color=color, linewidth=0.6)
        plot.plot(*mine.T, mark, color=color, markersize=3.5)
        shade.stairs(np.histogram(cast, BINS)[0], BINS, fill=True, color=color, alpha=0.55)
    plot.plot(0, 0, "+", color="C6", markersize=10)
    plot.set(
        xlabel="first feature",
        ylabel="second feature",
        xlim=(-6.5, 8),
        ylim=(-6, 7),
        xticks=(-5, 0, 5),
        yticks=(-5, 0, 5),
    )
    plot.set_aspect("equal")  # or right angles would not look right
    shade.set(
        xlabel="place on the line",
        ylabel="points",
        xlim=(-8.8, 8.8),
        ylim=(0, 32),
        xticks=(-5, 0, 5),
        yticks=(0, 10, 20, 30),
    )
    curve.plot(ANGLES, kept, color="C0")
    curve.plot(angle, kept[angle], "o", color="C6", markersize=8, clip_on=False)
    top = int(kept[:180].argmax())
    curve.axvline(top, color="C2", linewidth=1, linestyle=":")
    curve.set(
        xlabel="direction (degrees)",
        ylabel="share of the variance",
        xlim=(0, 180),
        ylim=(0, 1.03),
        xticks=(0, 90, 180),
        yticks=(0, 0.5, 1),
    )
    gap = abs(shadows[KIND].mean() - shadows[~KIND].mean()) / np.sqrt((shadows[KIND].var() + shadows[~KIND].var()) / 2)
    word = "variance" if centered else "mean square (no variance: the mean is still in it)"
    caption = (
        f"At {angle}° the line keeps {100 * kept[angle]:.0f} % of the {word}; "
        f"the most is {100 * kept[top]:.0f} %, at {top}°. "
        f"On the line the means of the two kinds lie {gap:.1f} deviations apart."
    )
    return Explored(figure, {"direction (degrees)": ANGLES[::5], "share kept": kept[::5]}, caption)


@lru_cache(maxsize=2)
def shares(centered):
    """The share of the whole mean square that is left on the line, for each angle."""
    points = CLOUD - CLOUD.mean(axis=0) if centered else CLOUD
    lines = np.stack([np.cos(np.deg2rad(ANGLES)), np.sin(np.deg2rad(ANGLES))])
    return ((points @ lines) ** 2).sum(axis=0) / (points**2).sum()
