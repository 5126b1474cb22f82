"""The lab's result as files to keep: a table, two pictures, and a page with all of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from math import inf, isfinite
from pathlib import Path

from gradus.arena.lab_findings import BOOSTING, FOREST, LINE, NETWORK, Difference, Finding, Findings
from gradus.arena.lab_models import families
from gradus.arena.lab_rounds import boosting_version
from gradus.arena.pictures import BEST, FIELD, INK, QUIET, YOU, figure_of, save_picture
from gradus.arena.report import page_head, picture_tag, table_tag
from gradus.vault.rows import write_whole

TITLE = "Boosting beats networks on tabular data: does it?"
DIFFERENCE, SHARES, PAGE, TABLE, JSON = "difference.png", "shares.png", "report.html", "results.md", "results.json"
COLORS = {BOOSTING: YOU, NETWORK: "#0072b2", FOREST: BEST, LINE: QUIET}
MARKS = {BOOSTING: "o", NETWORK: "s", FOREST: "^", LINE: "D"}
TITLES = {BOOSTING: "XGBoost", NETWORK: "network", FOREST: "forest", LINE: "line"}
VERDICTS = {"ahead": "boosting", "behind": "network", "open": "open"}
HEADS = ("data", "rows", "columns", "metric", "guessing", "line", "forest", "network", "XGBoost", "best possible",
         "XGBoost − network", "ahead")  # fmt: skip


def write_lab(found: Findings, folder: Path) -> dict[str, Path]:
    """Write table, numbers, pictures and page into ``folder``: name -> file."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {name: folder / name for name in (DIFFERENCE, SHARES, PAGE, TABLE, JSON)}
    difference_picture(found, files[DIFFERENCE])
    shares_picture(found, files[SHARES])
    write_whole(files[TABLE], markdown(found).encode())
    write_whole(files[JSON], json.dumps(found.to_json(), indent=1, ensure_ascii=False).encode() + b"\n")
    write_whole(files[PAGE], page(found, files).encode())
    return files


def table_rows(found: Findings) -> list[list[str]]:
    """The table's cells, one row for each data set, boosting's largest leads first."""
    rows = []
    for each in _sorted(found.findings):
        apart = each.differences[NETWORK]
        scores = [f"{each.scores[name]:.4g}" for name in (LINE, FOREST, NETWORK, BOOSTING)]
        optimum = "" if each.optimum is None else f"{each.optimum:.4g}"
        title = "RMSE" if each.metric.name == "rmse" else each.metric.title
        metric = f"{title} {'↑' if each.metric.higher else '↓'}"
        rows.append([
            each.data, f"{each.train:,}", str(each.columns), metric,
            f"{each.guess:.4g}", *scores, optimum, interval_words(apart), VERDICTS[apart.verdict],
        ])  # fmt: skip
    return rows


def interval_words(apart: Difference) -> str:
    """A difference with its interval."""
    if apart.low != apart.low:
        return f"{apart.mean:+.3g}"
    return f"{apart.mean:+.3g} [{apart.low:+.3g}, {apart.high:+.3g}]"


def markdown(found: Findings) -> str:
    """The result as Markdown: sentences, table, and how it was measured."""
    lines = [*(f"- {sentence}" for sentence in found.sentences()), ""]
    lines += [f"| {' | '.join(HEADS)} |", f"|{' --- |' * len(HEADS)}"]
    lines += [f"| {' | '.join(row)} |" for row in table_rows(found)]
    return "\n".join([*lines, "", *method_words(found), ""])


def method_words(found: Findings) -> list[str]:
    """How it was measured, in sentences."""
    plan = found.plan
    seconds = [sum(each.seconds[name] for each in found.findings) for name in (BOOSTING, NETWORK, FOREST, LINE)]
    spent = ", ".join(f"{title} {value:,.0f} s" for title, value in zip(TITLES.values(), seconds, strict=True))
    return [
        f"{plan.rounds} rounds a data set, each with train and test rows drawn anew (at most {plan.rows} train rows); "
        f"{plan.settings} settings a family (its default and {plan.settings - 1} drawn at random), chosen on the same "
        f"{plan.folds} inner folds by the same metric, the best fitted to all train rows and scored once. The last "
        "columns are paired differences, turned so that more is better for boosting, with 95 % intervals over rounds "
        "(Student's t; for real data, whose rounds share rows, widened after Nadeau and Bengio).",
        "With many intervals at 95 %, about one in twenty misses the truth. The network is a plain one "
        "(scikit-learn's MLP), not one made for tables.",
        f"Seed {plan.seed}; computing on one core: {spent}; scikit-learn {_version('scikit-learn')}, "
        f"XGBoost {boosting_version()}.",
    ]  # fmt: skip


def page(found: Findings, files: dict[str, Path]) -> str:
    """One HTML page with everything in it; it loads and runs nothing."""
    first, *others = found.sentences()
    parts = [
        page_head(TITLE), f"<h1>{TITLE}</h1>", f'<p class="result">{escape(first)}</p>',
        *(f"<p>{escape(sentence)}</p>" for sentence in others),
    ]  # fmt: skip
    if found.done < found.steps:
        parts.append(f"<p>{found.done} of {found.steps} rounds are measured so far.</p>")
    parts += [
        "<h2>Boosting against the network</h2>", picture_tag(files[DIFFERENCE], _difference_alt(found)),
        "<h2>All four families</h2>", picture_tag(files[SHARES], _shares_alt(found)),
        table_tag("The scores", HEADS, [[escape(cell) for cell in row] for row in table_rows(found)]),
        "<h2>How it was measured</h2>", *(f"<p>{escape(words)}</p>" for words in method_words(found)),
        table_tag("The settings drawn from", ("family", "space"),
                  [[escape(each.title), escape(each.space)] for each in families()]),
        f'<p class="facts">{datetime.now(UTC).date().isoformat()} · lab boosting-vs-networks · key '
        f"{found.plan.key}</p>", "</main></html>",
    ]  # fmt: skip
    return "\n".join(parts)


def difference_picture(found: Findings, path: Path) -> Path:
    """Boosting minus network for each data set, with its interval, in shares of what there is to gain."""
    rows = _with_shares(found.findings)
    figure, axes = figure_of(7.2, 1.5 + 0.3 * max(3, len(rows)))
    axes.axvline(0, color=QUIET, linewidth=1, zorder=1)
    colors = {"ahead": COLORS[BOOSTING], "behind": COLORS[NETWORK], "open": QUIET}
    reach = max([0.1, *(abs(each.differences[NETWORK].share) for each in rows)]) * 1.8
    for place, each in enumerate(rows):
        apart = each.differences[NETWORK]
        color = colors[apart.verdict]
        low, high = max(apart.share_low, -reach), min(apart.share_high, reach)
        if low == low:
            axes.plot([low, high], [place, place], color=color, linewidth=2, solid_capstyle="round", zorder=2)
            for end, cut, mark in ((low, apart.share_low < low, "<"), (high, apart.share_high > high, ">")):
                if cut:
                    axes.plot(end, place, mark, color=color, markersize=5, zorder=3)
        axes.plot(apart.share, place, "o", color=color, markersize=7, zorder=3)
    axes.set_yticks(range(len(rows)), [each.data for each in rows], fontsize=9)
    axes.set_ylim(len(rows) - 0.4, -1.3)
    axes.set_xlim(-reach * 1.05, reach * 1.05)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:+.0%}" if abs(value) > 1e-9 else "0")
    axes.text(-reach, -0.9, "network better", color=COLORS[NETWORK], fontsize=9, va="center")
    axes.text(reach, -0.9, "boosting better", color=COLORS[BOOSTING], fontsize=9, va="center", ha="right")
    axes.set_xlabel("XGBoost − network, in shares of what there is to gain over guessing (95 % intervals)", fontsize=9)
    return save_picture(figure, path)


def shares_picture(found: Findings, path: Path) -> Path:
    """How much of what there is to gain each family reaches: 0 is guessing, 1 the best possible or the best of all."""
    rows = _with_shares(found.findings)
    figure, axes = figure_of(7.2, 1.6 + 0.3 * max(3, len(rows)))
    lowest = 0.0
    for place, each in enumerate(rows):
        values = {name: max(share, -0.25) for name, share in each.shares.items()}
        lowest = min(lowest, *values.values())
        axes.plot([min(values.values()), max(values.values())], [place, place], color="#dfe6ea", linewidth=3, zorder=1)
        for name, value in values.items():
            axes.plot(value, place, MARKS[name], color=COLORS[name], markersize=6, zorder=3, alpha=0.9,
                      markeredgecolor="white", markeredgewidth=0.6)  # fmt: skip
    for name, title in TITLES.items():
        axes.plot([], [], MARKS[name], color=COLORS[name], markersize=6, label=title)
    axes.axvline(1, color=FIELD, linewidth=1, linestyle=(0, (4, 3)), zorder=1)
    axes.set_yticks(range(len(rows)), [each.data for each in rows], fontsize=9)
    axes.set_ylim(len(rows) - 0.4, -0.7)
    axes.set_xlim(min(lowest, 0) - 0.03, 1.08)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    axes.set_xlabel("of what there is to gain: 0 % guesses, 100 % is the best possible (worlds) or the best of four",
                    fontsize=9, color=INK)  # fmt: skip
    figure.legend(loc="outside upper center", ncols=4, frameon=False, fontsize=9)
    return save_picture(figure, path)


def _sorted(findings: Sequence[Finding]) -> list[Finding]:
    """By what boosting gains over the network, most first."""

    def lead(each: Finding) -> float:
        share = each.differences[NETWORK].share
        return -share if isfinite(share) else inf

    return sorted(findings, key=lead)


def _with_shares(findings: Sequence[Finding]) -> list[Finding]:
    """The same without data sets on which nobody beats guessing: there is no share of anything."""
    return [each for each in _sorted(findings) if isfinite(each.differences[NETWORK].share)]


def _difference_alt(found: Findings) -> str:
    parts = [f"{each.data} {each.differences[NETWORK].share:+.0%}" for each in _with_shares(found.findings)]
    return f"Dots with intervals, boosting minus network: {', '.join(parts)}."


def _shares_alt(found: Findings) -> str:
    parts = [f"{each.data}: best {TITLES[each.best]}" for each in _with_shares(found.findings)]
    return f"Shares that four families reach of what there is to gain. {'; '.join(parts)}."


def _version(name: str) -> str:
    from importlib.metadata import version

    return version(name)
