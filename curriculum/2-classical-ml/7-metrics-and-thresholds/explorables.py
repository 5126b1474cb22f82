"""One threshold, five views of it: scores, confusion matrix, ROC, precision and recall, cost."""

from functools import lru_cache

import numpy as np

from gradus.roadmap.explorables import Explored, Slider, panels

CASES, SICK = 600, 60
RNG = np.random.default_rng(5)
LABELS = np.arange(CASES) < SICK
SCORES = 1 / (1 + np.exp(-(RNG.normal(0, 1.1, CASES) + np.where(LABELS, 0.7, -1.3))))
THRESHOLDS = np.linspace(0, 1, 101)
BINS = np.linspace(0, 1, 26)
WELL, ILL = np.histogram(SCORES[~LABELS], BINS)[0], np.histogram(SCORES[LABELS], BINS)[0]


def threshold(
    cut: Slider(0.0, 1.0, 0.01, "threshold") = 0.5,
    miss: Slider(1, 30, 1, "cost of a miss (a false alarm costs 1)") = 10,
) -> Explored:
    """One threshold on 600 scores, a tenth of them ill: its place among the scores, the confusion matrix, the ROC,
    precision and recall, and the cost.

    Predict: A miss costs ten times as much as a false alarm. Where is the cheapest threshold?
    - At 0.5, where both classes are equally likely
    - * Below 0.5
    - Above 0.5
    """
    caught, alarms = counts()
    at = round(100 * cut)
    true, false = caught[at], alarms[at]
    cost = miss * (SICK - caught) + alarms
    precision = np.where(caught + alarms > 0, caught / np.maximum(caught + alarms, 1), np.nan)
    figure, plots = panels(
        "Scores", "Confusion matrix", "Cost", "ROC curve", "Precision and recall", height=2.75, rows=(2, 3)
    )
    scores, matrix, costs, roc, recalls = plots
    scores.stairs(WELL, BINS, fill=True, color="C0", alpha=0.45)
    scores.stairs(ILL, BINS, fill=True, color="C1", alpha=0.7)
    scores.axvline(cut, color="C6")
    scores.text(0.97, 57, "well", color="C0", ha="right")
    scores.text(0.97, 49, "ill", color="C1", ha="right")
    scores.set(xlabel="score", ylabel="cases", xlim=(0, 1), ylim=(0, 66), xticks=(0, 0.5, 1), yticks=(0, 30, 60))
    draw_matrix(matrix, true, false)
    draw_curve(costs, THRESHOLDS, cost, at, "threshold", "cost", (0, 1.05 * cost.max()))
    costs.plot(THRESHOLDS[cost.argmin()], cost.min(), "*", color="C2", markersize=11)
    draw_curve(
        roc, alarms / (CASES - SICK), caught / SICK, at, "false alarms of the well", "caught of the ill", (0, 1.03)
    )
    roc.plot([0, 1], [0, 1], color="0.55", linewidth=1, linestyle=":")
    draw_curve(recalls, caught / SICK, precision, at, "recall", "precision", (0, 1.03))
    recalls.axhline(SICK / CASES, color="0.55", linewidth=1, linestyle=":")

    table = {
        "threshold": THRESHOLDS, "caught": caught, "missed": SICK - caught, "false alarms": alarms,
        "left alone": CASES - SICK - alarms, "cost": cost,
        "precision": [None if value != value else value for value in precision],
    }  # fmt: skip
    named = f"precision {precision[at]:.2f}" if true + false else "no alarm at all, so no precision"
    caption = (
        f"At {cut:.2f}: {true} of {SICK} ill are caught (recall {true / SICK:.2f}) with {false} false alarms, {named}. "
        f"Cost {cost[at]}; the star marks the cheapest, {cost.min()} at {THRESHOLDS[cost.argmin()]:.2f}. "
        f"Accuracy {(true + CASES - SICK - false) / CASES:.2f}; never raising an alarm has 0.90."
    )
    return Explored(figure, table, caption)


@lru_cache(maxsize=1)
def counts():
    """How many of the ill and of the well are at or above each threshold."""
    above = SCORES[:, None] >= THRESHOLDS
    return above[LABELS].sum(axis=0), above[~LABELS].sum(axis=0)


def draw_matrix(plot, true, false):
    cells = ((0, 1, "caught", true, "C1"), (1, 1, "missed", SICK - true, "C1"),
             (0, 0, "false alarm", false, "C0"), (1, 0, "left alone", CASES - SICK - false, "C0"))  # fmt: skip
    for x, y, name, number, color in cells:
        share = number / (SICK if y else CASES - SICK)
        plot.fill([x, x + 1, x + 1, x], [y, y, y + 1, y + 1], color=color, alpha=0.08 + 0.6 * share, linewidth=0)
        plot.text(x + 0.5, y + 0.56, f"{number}", ha="center", va="center", fontsize=15, fontweight="bold")
        plot.text(x + 0.5, y + 0.24, name, ha="center", va="center", fontsize=9)
    plot.set(xlim=(0, 2), ylim=(0, 2), xlabel="what the threshold says", ylabel="what is the case")
    plot.set_xticks((0.5, 1.5), ("alarm", "none"))
    plot.set_yticks((0.5, 1.5), ("well", "ill"))
    plot.grid(False)


def draw_curve(plot, x, y, at, xlabel, ylabel, ylim):
    plot.plot(x, y, color="C0", linewidth=1.5)
    plot.plot(x[at], y[at], "o", color="C6", markersize=8, clip_on=False)
    plot.set(xlabel=xlabel, ylabel=ylabel, xlim=(0, 1), ylim=ylim, xticks=(0, 0.5, 1))
