"""Pictures of a competition: the board, the shake-up between public and private, and your submissions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gradus.arena.board import Board
from gradus.arena.field import Scored
from gradus.arena.play import Submission
from gradus.vault import Metric

INK, QUIET, FIELD, YOU, BEST = "#22303a", "#6b7a84", "#7aa6c2", "#d55e00", "#00795c"


def board_picture(board: Board, path: Path) -> Path:
    """A dot for each entry, best on top; yours and the best possible score stand out."""
    rows = list(board.rows)
    figure, axes = figure_of(7.6, 1.6 + 0.178 * max(8, len(rows)))
    low, high = _limits([row.score for row in rows], board)
    for place, row in enumerate(rows):
        yours = row.kind == "you"
        inside = low <= row.score <= high
        shown = min(max(row.score, low), high)
        marker = "o" if inside else ("<" if row.score < low else ">")
        axes.plot(shown, place, marker, color=YOU if yours else FIELD, markersize=9 if yours else 4.5, zorder=3)
        axes.axhline(place, color="#e6ecef", linewidth=0.6, zorder=1)
    if board.optimum is not None:
        axes.axvline(board.optimum, color=BEST, linewidth=1.4, linestyle=(0, (5, 3)), zorder=2)
        axes.annotate(
            f"best possible {board.optimum:.4f}", (board.optimum, -1.5), color=BEST, fontsize=8,
            ha="right" if board.metric.higher else "left", va="center", annotation_clip=False,
        )  # fmt: skip
    axes.set_yticks(range(len(rows)), [f"{row.name}  {row.rank:>2}" for row in rows], fontsize=7)
    for label, row in zip(axes.get_yticklabels(), rows, strict=True):
        if row.kind == "you":
            label.set(color=YOU, fontweight="bold", fontsize=9)
    axes.set_ylim(len(rows) - 0.4, -2.2)
    pad = (high - low) * 0.03
    axes.set_xlim(low - pad, high + pad)
    axes.set_xlabel(f"{board.metric.title} on the {board.which} rows ({board.metric.better})")
    axes.set_title(f"{board.title}: the {board.which} board", loc="left", fontsize=11, color=INK, fontweight="bold")
    return save_picture(figure, path)


def shake_picture(
    board: Board, field: Sequence[Scored], made: Sequence[Submission], chosen: Sequence[int], path: Path
) -> Path:
    """Public against private: who rose and who fell when the private rows were opened."""
    figure, axes = figure_of(6.4, 5.2)
    known = [each for each in field if each.public == each.public and each.private == each.private]
    both = [value for each in known for value in (each.public, each.private)] or [each.public for each in made]
    low, high = _limits(both, board)
    pad = (high - low) * 0.05
    axes.plot([low, high], [low, high], color=QUIET, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)
    axes.plot([each.public for each in known], [each.private for each in known], "o", color=FIELD, markersize=5,
              label="the field", zorder=2)  # fmt: skip
    counted = [each for each in made if each.n in chosen]
    others = [each for each in made if each.n not in chosen]
    axes.plot([each.public for each in others], [each.private for each in others], "o", markerfacecolor="none",
              color=YOU, markersize=7, label="your submissions", zorder=3)  # fmt: skip
    axes.plot([each.public for each in counted], [each.private for each in counted], "o", color=YOU, markersize=9,
              label="yours that count", zorder=4)  # fmt: skip
    axes.set_xlim(low - pad, high + pad)
    axes.set_ylim(low - pad, high + pad)
    axes.set_xlabel(f"{board.metric.title}, public")
    axes.set_ylabel(f"{board.metric.title}, private")
    axes.set_title("Public against private", loc="left", fontsize=11, color=INK, fontweight="bold")
    axes.legend(frameon=False, fontsize=8, loc="upper left")
    return save_picture(figure, path)


def progress_picture(
    metric: Metric, made: Sequence[Submission], finished: bool, optimum: float | None, path: Path
) -> Path:
    """Your submissions one after the other; the private score beside the public one once finished."""
    figure, axes = figure_of(6.4, 3.4)
    numbers = [each.n for each in made]
    axes.plot(numbers, [each.public for each in made], "o-", color=YOU, markersize=6, linewidth=1.2, label="public")
    if finished:
        axes.plot(
            numbers, [each.private for each in made], "s--", color=INK, markersize=5, linewidth=1, label="private"
        )
    if optimum is not None:
        axes.axhline(optimum, color=BEST, linewidth=1.2, linestyle=(0, (5, 3)), label="best possible")
    axes.set_xticks(numbers)
    axes.set_xlabel("submission")
    axes.set_ylabel(metric.title)
    axes.set_title("Your submissions", loc="left", fontsize=11, color=INK, fontweight="bold")
    axes.legend(frameon=False, fontsize=8)
    return save_picture(figure, path)


def figure_of(width: float, height: float) -> tuple[Any, Any]:
    """A quiet figure with one pair of axes; it takes no display."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), dpi=130, facecolor="white", layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color("#c4ced4")
    axes.tick_params(colors=INK, length=0, labelsize=8)
    return figure, axes


def _limits(scores: Sequence[float], board: Board) -> tuple[float, float]:
    """What is worth showing: from the best down past most of the field; outliers are drawn at the edge."""
    ordered = sorted((board.metric.gain(score) for score in scores), reverse=True)
    best = ordered[0]
    worst = ordered[min(len(ordered) - 1, int(len(ordered) * 0.94))]
    ends = [best, worst]
    if board.optimum is not None:
        ends.append(board.metric.gain(board.optimum))
    if board.you is not None:
        ends.append(max(board.metric.gain(board.you.score), ordered[-1]))
    values = [board.metric.gain(end) for end in ends]
    low, high = min(values), max(values)
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def save_picture(figure: Any, path: Path) -> Path:
    """Write a PNG whole, or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    figure.savefig(unfinished, format="png", facecolor="white")
    unfinished.replace(path)
    return path
