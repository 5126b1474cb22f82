"""Answers as notebook output: HTML in which everything is escaped, and the same as plain text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gradus.errors import GradusError
    from gradus.learner import Hint, Progress, Step

_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
_MARK = {"passed": "✓", "not_yet": "✗", "unstarted": "…", "broken": "✗", "over_limit": "✗", "grader_error": "!"}


@dataclass(frozen=True)
class Page:
    """Something to display: a title, paragraphs of text, and blocks that keep their lines."""

    title: str
    paragraphs: tuple[str, ...] = ()
    blocks: tuple[tuple[str, str], ...] = ()
    pictures: tuple[str, ...] = ()

    def __repr__(self) -> str:
        parts = [self.title, *self.paragraphs]
        for label, text in self.blocks:
            indented = "\n".join("    " + line for line in text.splitlines())
            parts.append(f"{label}\n{indented}" if label else indented)
        return "\n\n".join(part for part in parts if part)

    def _repr_html_(self) -> str:
        parts = [f"<p><strong>{inline(self.title)}</strong></p>"]
        parts += [f"<p>{inline(text)}</p>" for text in self.paragraphs if text]
        for label, text in self.blocks:
            parts.append(f"<p>{inline(label)}</p><pre>{escape(text)}</pre>" if label else f"<pre>{escape(text)}</pre>")
        for picture in self.pictures:
            if _BASE64.fullmatch(picture):
                parts.append(f'<img alt="A figure that your code drew" src="data:image/png;base64,{picture}">')
        return "<div>" + "".join(parts) + "</div>"


def inline(text: str) -> str:
    """Escaped text with the little Markdown that messages use: code, bold and italic."""
    safe = escape(text)
    pieces = re.split(r"(`[^`\n]+`)", safe)
    return "".join(f"<code>{piece[1:-1]}</code>" if _is_code(piece) else _emphasis(piece) for piece in pieces)


def _is_code(piece: str) -> bool:
    return len(piece) > 2 and piece[0] == piece[-1] == "`"


def _emphasis(text: str) -> str:
    text = re.sub(r"\*\*([^*\n]+)\*\*", r"<strong>\1</strong>", text)
    return re.sub(r"\*([^*\n]+)\*", r"<em>\1</em>", text)


def failure(error: GradusError) -> Page:
    """A sentence that says what is wrong and what to do."""
    return Page(error.what, tuple(part for part in (error.where, error.next_step) if part))


def verdict_page(data: Mapping[str, Any], *, with_output: bool = True) -> Page:
    """A verdict: what is wrong, the smallest case that shows it, and which idea went astray."""
    findings = data.get("findings") or []
    first: Mapping[str, Any] = findings[0] if findings else {}
    blocks = [(label, str(first[key])) for key, label in _CASE if first.get(key)]
    diagnosis = data.get("diagnosis") or {}
    texts = [str(diagnosis.get("message") or first.get("message") or "")]
    if first.get("line"):
        texts.append(f"Line {first['line']}.")
    if len(findings) > 1:
        texts.append(f"And {len(findings) - 1} more that did not hold.")
    if with_output and data.get("stdout"):
        blocks.append(("Your code printed", str(data["stdout"])))
    mark = _MARK.get(str(data["outcome"]), "")
    pictures = tuple(str(figure) for figure in data.get("figures") or ()) if with_output else ()
    headline = str(data.get("headline") or str(data["outcome"]).replace("_", " "))
    return Page(f"{mark} {headline}".strip(), tuple(texts), tuple(blocks), pictures)


_CASE = (("case", "For"), ("expected", "expected"), ("actual", "yours"))


def hint_page(hint: Hint) -> Page:
    """A hint and how many are left."""
    left = {0: "That was the last hint.", 1: "1 hint left."}.get(hint.remaining, f"{hint.remaining} hints left.")
    return Page(f"Hint {hint.level}", (*hint.text.split("\n\n"), left))


def step_page(step: Step, root: Path) -> Page:
    """The next step."""
    texts = [step.why]
    if step.file is not None:
        texts.append(f"`{step.file.relative_to(root).as_posix()}`")
    if step.command:
        texts.append(f"In a terminal: `{step.command}`")
    return Page(step.title, tuple(texts))


def progress_page(progress: Progress) -> Page:
    """How far each stage and unit is."""
    lines = []
    for stage in progress.stages:
        lines.append(f"{stage.number} {stage.title}: {stage.status}, {stage.passed} of {stage.total}")
        for unit in stage.units:
            if unit.status != "coming":
                lines.append(f"    {unit.number} {unit.title}: {unit.status}, {unit.passed} of {unit.total}")
    texts = []
    if progress.rhythm is not None:
        texts.append(f"{progress.rhythm.days_this_week} days this week, {progress.rhythm.days_total} in all.")
    return Page(f"{progress.passed} of {progress.total} exercises passed", tuple(texts), (("", "\n".join(lines)),))
