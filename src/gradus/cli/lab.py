"""How the lab looks in a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from gradus.arena.lab_findings import BOOSTING, FOREST, LINE, NETWORK, Findings
from gradus.arena.lab_report import PAGE, interval_words
from gradus.cli.places import shorten
from gradus.cli.term import Terminal
from gradus.cli.text import clip, pad, wrap

HEADS = ("line", "forest", "network", "XGBoost")
VERDICTS = {"ahead": ("boosting", "ok"), "behind": ("network", "info"), "open": ("open", "dim")}


def lab_lines(found: Findings, files: Mapping[str, Path], term: Terminal) -> list[str]:
    """The table, what it says, and where the page lies."""
    lines: list[str] = []
    if found.findings:
        heads = "".join(f"{name:>8}" for name in HEADS)
        lines.append(term.style(clip(f"{pad('', 11)}{heads}  ahead     XGBoost − network", term.width), "strong"))
    for each in sorted(found.findings, key=lambda each: -each.differences[NETWORK].share):
        apart = each.differences[NETWORK]
        scores = "".join(f"{each.scores[name]:>8.4g}" for name in (LINE, FOREST, NETWORK, BOOSTING))
        words, style = VERDICTS[apart.verdict]
        text = clip(f"{pad(each.data, 11)}{scores}  {pad(words, 8)}  {interval_words(apart)}", term.width)
        lines.append(term.style(term.prose(text), style))
    first, *others = found.sentences()
    lines += ["", *(term.style(line, "strong") for line in wrap(first, term.width, term))]
    for sentence in others:
        lines += wrap(sentence, term.width, term)
    if found.done < found.steps:
        lines += ["", f"{found.done} of {found.steps} rounds are measured; the same command goes on."]
    if PAGE in files:
        lines += ["", f"The page, to keep or to show: {term.style(shorten(files[PAGE]), 'info')}"]
    return lines
