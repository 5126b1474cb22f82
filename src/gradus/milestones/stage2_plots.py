"""The plots of milestone 2's report: scores, predictions, chance, claims; each a PNG with a sentence that says it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gradus.milestones.stage2_scores import auc, signal

if TYPE_CHECKING:
    from gradus.milestones.stage2 import Dossier
    from gradus.milestones.stage2_compare import Contest
    from gradus.milestones.stage2_findings import Curve

#: Okabe and Ito's palette, as in the lessons.
BLUE, ORANGE, GREEN, RED, GRAY, INK = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#8A8F98", "#20242B"
QUIET = "#5C636E"  # gray that can be read as text
LABELS = {"guessing": "guessing", "linear": "linear model", "boosting": "default boosting"}
RESULTS = {"confirmed": GREEN, "contradicted": RED, "unresolved": GRAY}
STYLE: Any = {
    "font.size": 10, "axes.spines.top": False, "axes.spines.right": False, "axes.edgecolor": GRAY,
    "axes.labelcolor": INK, "text.color": INK, "xtick.color": INK, "ytick.color": INK, "axes.titlesize": 10,
    "axes.titleweight": "bold", "axes.titlelocation": "left", "figure.facecolor": "white", "savefig.dpi": 150,
}  # fmt: skip

SHRINK = 1.4


@dataclass(frozen=True)
class Picture:
    """A plot: its name, the PNG, and what it shows in words."""

    name: str
    title: str
    png: bytes
    words: str

    @property
    def width(self) -> int:
        """How wide it is shown, in CSS pixels: letters are then as large in every picture."""
        return round(int.from_bytes(self.png[16:20], "big") / SHRINK)


def draw(dossier: Dossier, claimed: float) -> list[Picture]:
    """Every plot that the examination has numbers for. A plot that cannot be drawn is left out."""
    pictures = []
    makers: list[Callable[[], Picture | None]] = [
        lambda: _scores(dossier.contest, claimed),
        lambda: _predictions(dossier.contest),
        lambda: _chance(dossier),
        lambda: _claims(dossier.inquiry.curves if dossier.inquiry else []),
    ]
    for make in makers:
        try:
            picture = make()
        except Exception:
            continue  # a plot is a courtesy; what was measured stands without it
        if picture is not None:
            pictures.append(picture)
    return pictures


@contextmanager
def _figure(width: float, height: float, columns: int = 1, rows: int = 1) -> Iterator[tuple[Any, Any]]:
    """A figure of its own, without pyplot's shared state, as examinations run in threads."""
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(width, height), layout="constrained")
        FigureCanvasAgg(figure)
        yield figure, figure.subplots(rows, columns, squeeze=False)


def _png(figure: Any) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()


def _scores(contest: Contest | None, claimed: float) -> Picture | None:
    if contest is None or not np.isfinite(contest.score):
        return None
    names = [name for name in ("boosting", "linear", "guessing") if name in contest.rivals]
    with _figure(7.2, 1.5 + 0.45 * (len(names) + 1)) as (figure, panels):
        axes = panels[0, 0]
        top = len(names)
        axes.errorbar(
            contest.score, top, xerr=1.96 * contest.error, fmt="o", color=BLUE, markersize=9, capsize=4, linewidth=2
        )
        axes.scatter(contest.fold_scores, [top - 0.28] * len(contest.fold_scores), s=16, color=BLUE, alpha=0.5)
        for place, name in enumerate(reversed(names)):
            found = contest.rivals[name]
            axes.scatter(found["score"], place, s=64, color=GRAY if name == "guessing" else ORANGE, marker="D")
            words = {"won": "yours is better", "lost": "yours is worse", "tie": "a tie"}[found["result"]]
            axes.annotate(words, (1.01, place), xycoords=("axes fraction", "data"), va="center", fontsize=9)
        axes.axvline(claimed, color=INK, linestyle="--", linewidth=1)
        axes.annotate(
            f"claimed {claimed:.3g}", (claimed, 1.0), xycoords=("data", "axes fraction"), xytext=(3, 2),
            textcoords="offset points", fontsize=9, va="bottom",
        )  # fmt: skip
        axes.set_yticks(range(top + 1), [*(LABELS[name] for name in reversed(names)), "your model"])
        axes.set_ylim(-0.6, top + 0.6)
        arrow = "less is better" if contest.metric.sign < 0 else "more is better"
        axes.set_xlabel(f"{contest.metric.title} ({arrow})")
        beside = ", ".join(f"{LABELS[name]} {contest.rivals[name]['score']:.4g}" for name in names)
        words = (
            f"Your model's {contest.metric.title} is {contest.score:.4g} (bar: 95 % interval; small dots: the folds), "
            f"beside {beside or 'no baselines'}."
        )
        return Picture("scores", "The score, and what is simple", _png(figure), words)


def _predictions(contest: Contest | None) -> Picture | None:
    if contest is None or (contest.evaluated is None and contest.built is None):
        return None
    kind = contest.study.problem.kind
    if kind == "regression":
        return _numbers(contest)
    return _two_classes(contest) if kind == "binary" else _confusion(contest)


def _numbers(contest: Contest) -> Picture:
    truth, values = contest.truth, contest.values
    low, high = float(min(truth.min(), values.min())), float(max(truth.max(), values.max()))
    with _figure(4.8, 4.4) as (figure, panels):
        axes = panels[0, 0]
        axes.plot([low, high], [low, high], color=GRAY, linewidth=1)
        axes.scatter(truth, values, s=14, color=BLUE, alpha=0.6, edgecolors="none")
        axes.annotate(
            "as predicted", (low, low), xytext=(16, 0), textcoords="offset points", va="center", fontsize=9, color=QUIET
        )
        axes.set_xlabel(f"true {contest.study.y.name}")
        axes.set_ylabel("prediction for the held-out row")
        words = f"Each of {len(truth):,} held-out rows: what was predicted against what is true."
        return Picture("predictions", "Held-out predictions", _png(figure), words)


def _two_classes(contest: Contest) -> Picture:
    problem = contest.study.problem
    truth, chances = (contest.truth == problem.positive).astype(float), contest.values
    name = f"{contest.study.y.name} = {problem.classes[problem.positive]}"
    with _figure(8.4, 4.0, columns=2) as (figure, panels):
        left, right = panels[0]
        order = np.argsort(-chances, kind="stable")
        ends = np.append(np.diff(chances[order]) != 0, True)
        hits = np.cumsum(truth[order])[ends] / max(1, truth.sum())
        alarms = np.cumsum(1 - truth[order])[ends] / max(1, (1 - truth).sum())
        left.plot([0, 1], [0, 1], color=GRAY, linewidth=1)
        left.plot([0, *alarms], [0, *hits], color=BLUE, linewidth=2)
        area = auc(truth, chances)
        left.annotate(f"AUC {area:.3f}", (0.97, 0.05), ha="right", fontsize=11, color=BLUE)
        left.set_xlabel("false alarms (share of the others)")
        left.set_ylabel(f"found (share of {name})")
        left.set_title("Ranking")
        right.plot([0, 1], [0, 1], color=GRAY, linewidth=1)
        for chance, share, error in _calibration(truth, chances):
            right.errorbar(chance, share, yerr=error, fmt="o", color=BLUE, markersize=6, capsize=3)
        right.set_xlabel("predicted chance")
        right.set_ylabel(f"share with {name}")
        right.set_title("Calibration")
        right.set_xlim(-0.02, 1.02)
        right.set_ylim(-0.05, 1.05)
        words = (
            f"Left: the ROC curve over held-out rows, AUC {area:.3f}. Right: where {name} was predicted with some "
            "chance, how often it was so (bars: 95 %); on the line, chances are what they say."
        )
        return Picture("predictions", "Held-out predictions", _png(figure), words)


def _calibration(truth: Any, chances: Any) -> Iterator[tuple[float, float, float]]:
    order = np.argsort(chances, kind="stable")
    for part in np.array_split(order, min(8, max(2, len(order) // 20))):
        share = float(truth[part].mean())
        error = 1.96 * float(np.sqrt((share * (1 - share) + 0.25 / len(part)) / len(part)))
        yield float(chances[part].mean()), share, error


def _confusion(contest: Contest) -> Picture:
    problem, truth = contest.study.problem, contest.truth
    said = contest.values.argmax(axis=1)
    many = len(problem.classes)
    table = np.zeros((many, many), dtype=int)
    np.add.at(table, (truth, said), 1)
    with _figure(1.9 + 0.75 * many, 1.6 + 0.6 * many) as (figure, panels):
        axes = panels[0, 0]
        axes.imshow(table / np.maximum(table.sum(axis=1, keepdims=True), 1), cmap="Blues", vmin=0, vmax=1.2)
        for row in range(many):
            for column in range(many):
                axes.text(column, row, table[row, column], ha="center", va="center")
        names = [str(name)[:14] for name in problem.classes]
        axes.set_xticks(range(many), names, rotation=30 if many > 3 else 0)
        axes.set_yticks(range(many), names)
        axes.set_xlabel("predicted")
        axes.set_ylabel("true")
        right = int(np.trace(table))
        words = f"{right:,} of {len(truth):,} held-out rows lie on the diagonal: predicted as what they are."
        return Picture("predictions", "Held-out predictions", _png(figure), words)


def _chance(dossier: Dossier) -> Picture | None:
    bench, contest = dossier.bench, dossier.contest
    if bench is None or not bench.null:
        return None
    real = None
    if contest is not None and (contest.evaluated or contest.built) is not None:
        real = signal(contest.study.problem)(contest.truth, contest.values)
    with _figure(7.2, 2.3) as (figure, panels):
        axes = panels[0, 0]
        lift = np.linspace(-0.15, 0.15, len(bench.null))
        axes.scatter(bench.null, lift, s=28, color=GRAY, edgecolors="none")
        axes.axvline(0, color=GRAY, linewidth=1)
        axes.annotate(
            "labels dealt out at random", (float(np.mean(bench.null)), 0.27), ha="center", color=QUIET,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
        )  # fmt: skip
        if real is not None:
            axes.scatter([real], [0], s=110, color=BLUE, marker="D")
            axes.annotate("the true labels", (real, 0.27), ha="center", color=BLUE)
        axes.set_ylim(-0.4, 0.5)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.set_xlabel("signal found in held-out rows (0: chance, 1: perfect)")
        words = (
            f"With labels dealt out at random {len(bench.null)} times, the evaluation finds "
            f"{np.mean(bench.null):+.2f} on average"
            + (f"; with the true labels {real:.2f}." if real is not None else ".")
        )
        return Picture("chance", "What is found where there is nothing to find", _png(figure), words)


def _claims(curves: list[Curve]) -> Picture | None:
    if not curves:
        return None
    columns = min(2, len(curves))
    rows = -(-len(curves) // columns)
    with _figure(3.6 * columns + 0.6, 2.9 * rows + 0.3, columns, rows) as (figure, panels):
        for axes, curve in zip(panels.ravel(), curves, strict=False):
            _one_claim(axes, curve)
        for axes in panels.ravel()[len(curves) :]:
            axes.set_visible(False)
        words = "; ".join(f"“{curve.claim.text}”: {curve.result}" for curve in curves) + "."
        return Picture("claims", "What you found, on held-out rows", _png(figure), words)


def _one_claim(axes: Any, curve: Curve) -> None:
    import textwrap

    color = RESULTS[curve.result]
    if curve.grid and curve.claim.effect in ("raises", "lowers"):
        axes.fill_between(curve.grid, curve.low, curve.high, color=color, alpha=0.2, linewidth=0)
        axes.plot(curve.grid, curve.response, color=color, marker="o", markersize=4)
        axes.set_xlabel(curve.claim.feature)
        axes.set_ylabel("mean prediction")
    else:
        mean, low, high = (value / curve.skill for value in curve.importance)
        axes.errorbar(mean, 1, xerr=[[max(0.0, mean - low)], [max(0.0, high - mean)]], fmt="o", color=color, capsize=3)
        if curve.noise is not None:
            axes.scatter([curve.noise / curve.skill], [0], color=GRAY, marker="D")
        axes.axvline(0, color=GRAY, linewidth=1)
        axes.set_yticks([0, 1], ["planted noise", curve.claim.feature[:16]])
        axes.set_ylim(-0.6, 1.6)
        axes.set_xlim(min(low, -0.05) * 1.1, max(high, 0.15) * 1.1)  # what is next to nothing should look so
        axes.locator_params(axis="x", nbins=4)
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
        axes.set_xlabel("what permuting costs, of what is explained")
    text = "\n".join(textwrap.wrap(curve.claim.text.replace("$", r"\$"), 38)[:2])
    axes.set_title(f"{text}\n{curve.result}", color=INK, fontsize=9)
