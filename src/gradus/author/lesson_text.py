"""A lesson as text: its code blocks with what they print and draw, and what can be said of its prose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gradus.author.proofs import Problem
from gradus.author.prose import prose, tone_problems, word_count

WORDS: Final = range(600, 1201)
SECTIONS: Final = ("Why", "See", "Say", "Beware", "Do", "Further")
_LONGEST_PARAGRAPH: Final = 640  # characters: five full lines, and a little
_OPENING: Final = re.compile(r"^(`{3,})\s*([^`]*)$")
_FIGURE: Final = re.compile(r"\bfigure=([a-z0-9][a-z0-9_-]*)$")
_IMAGE: Final = re.compile(r"!\[([^\]]*)\]\(([^)\s]*)\)")
_LINK: Final = re.compile(r"(?<!!)\[([^\]]+)\]\(([^)]*)\)")


@dataclass(frozen=True)
class Block:
    """A fenced block: ``start`` is the index of its opening line, ``end`` that of its closing line."""

    info: str
    code: str
    start: int
    end: int

    @property
    def line(self) -> int:
        """The 1-based line of the opening fence."""
        return self.start + 1

    @property
    def is_python(self) -> bool:
        return self.info.split(" ", 1)[0] == "python"

    @property
    def figure(self) -> str | None:
        """The name of the figure that the block draws."""
        match = _FIGURE.search(self.info)
        return match[1] if match else None


@dataclass(frozen=True)
class Step:
    """A Python block and the output block that belongs to it."""

    code: Block
    output: Block | None = None


def blocks(text: str) -> list[Block]:
    """Every fenced block, in order. Raises ValueError for one that is never closed."""
    lines = text.splitlines()
    found, position = [], 0
    while position < len(lines):
        if opening := _OPENING.match(lines[position]):
            fence = opening[1]
            end = next((i for i in range(position + 1, len(lines)) if lines[i].rstrip() == fence), None)
            if end is None:
                raise ValueError(f"line {position + 1}: the block is never closed")
            code = "".join(line + "\n" for line in lines[position + 1 : end])
            found.append(Block(opening[2].strip(), code, position, end))
            position = end
        position += 1
    return found


def steps(found: list[Block]) -> list[Step]:
    """The Python blocks, each with the output block that follows it."""
    paired = []
    for block, following in zip(found, [*found[1:], None], strict=True):
        if block.is_python:
            paired.append(Step(block, following if following is not None and following.info == "output" else None))
    return paired


def rewritten(text: str, outputs: list[tuple[Step, str]]) -> str:
    """The lesson with each step's output block as it was printed: changed, added, or taken away."""
    lines = text.splitlines()
    for step, printed in reversed(outputs):
        fresh = ["```output", *printed.rstrip("\n").split("\n"), "```"] if printed else []
        if step.output is not None:
            lines[step.output.start : step.output.end + 1] = fresh
        elif fresh:
            lines[step.code.end + 1 : step.code.end + 1] = ["", *fresh]
    return "\n".join(lines) + "\n"


def prose_problems(text: str, folder: Path) -> Iterator[Problem]:
    """What is wrong with a lesson's words, sections, links and images."""
    count = word_count(text)
    if count not in WORDS:
        yield _problem("words", f"{count} words of prose; a lesson has {WORDS[0]} to {WORDS[-1]}")
    for what in tone_problems(prose(text)):
        yield _problem("words", what)
    yield from _section_problems(text)
    yield from _paragraph_problems(text)
    yield from _link_problems(text, folder)
    yield from _image_problems(text, folder)


def _problem(field: str, what: str) -> Problem:
    return Problem("lesson.md", field, what)


def _section_problems(text: str) -> Iterator[Problem]:
    headings = [line[3:].strip() for line in _outside_code(text) if line.startswith("## ")]
    position = -1
    for name in SECTIONS:
        at = next((i for i, heading in enumerate(headings) if re.match(rf"{name}\b", heading)), None)
        if at is None:
            yield _problem("sections", f"there is no section “## {name} …”")
        elif at < position:
            yield _problem("sections", f"“{name}” comes too early; the order is {', '.join(SECTIONS)}")
        else:
            position = at
    if not text.startswith("# "):
        yield _problem("title", "the first line must be the title, “# …”")


def _outside_code(text: str) -> list[str]:
    """The lines, those of code blocks emptied."""
    lines = text.splitlines()
    for block in blocks(text):
        lines[block.start : block.end + 1] = [""] * (block.end + 1 - block.start)
    return lines


def _paragraph_problems(text: str) -> Iterator[Problem]:
    lines = _outside_code(text)
    start = 0
    for position, line in enumerate([*lines, ""]):
        starts_item = bool(re.match(r"\s*([-*+|>]|\d+\.)\s", line))
        if line.strip() and not starts_item:
            continue
        paragraph = " ".join(lines[start:position])
        if len(paragraph) > _LONGEST_PARAGRAPH:
            what = f"the paragraph has {len(paragraph)} characters; none is longer than five lines"
            yield _problem(f"line {start + 1}", what)
        start = position + (0 if starts_item else 1)


def _link_problems(text: str, folder: Path) -> Iterator[Problem]:
    anchors = {_anchor(line.lstrip("#").strip()) for line in _outside_code(text) if line.startswith("#")}
    for number, line in enumerate(_outside_code(text), start=1):
        for label, address in _LINK.findall(re.sub(r"`[^`]*`", "", line)):
            if problem := link_problem(address.strip(), folder, anchors):
                yield _problem(f"line {number}", f"the link “{label}”: {problem}")


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def link_problem(address: str, folder: Path, anchors: set[str] | None = None) -> str:
    """What is wrong with a link's address; empty when nothing is. Nothing is fetched."""
    if re.match(r"^https?://[\w-]+(\.[\w-]+)+(:\d+)?([/?#][^\s<>\"]*)?$", address):
        return ""
    if re.match(r"^[a-z]+:", address):
        return f"“{address}” is not a well-formed http(s) address"
    path, _, anchor = address.partition("#")
    if not path and anchor:
        return "" if anchors is None or anchor in anchors else f"there is no heading “#{anchor}”"
    if not path or not (folder / path).exists():
        return f"there is no file “{path}” beside the lesson"
    return ""


def _image_problems(text: str, folder: Path) -> Iterator[Problem]:
    images: dict[str, str] = {}
    for number, line in enumerate(_outside_code(text), start=1):
        for alt, address in _IMAGE.findall(line):
            images[address] = alt
            if len(alt.split()) < 3:
                yield _problem(f"line {number}", f"the image {address} needs alt text that says what it shows")
    drawn = [block.figure for block in blocks(text) if block.is_python and block.figure]
    if not drawn:
        yield _problem("figures", "at least one figure made by the lesson's code is needed (```python figure=NAME)")
    for name in sorted({name for name in drawn if drawn.count(name) > 1}):
        yield _problem("figures", f"two blocks draw “{name}”")
    for name in drawn:
        if f"figures/{name}.png" not in images:
            yield _problem("figures", f"the figure “{name}” is not shown: ![alt text](figures/{name}.png)")
    for address in images:
        if address not in {f"figures/{name}.png" for name in drawn}:
            yield _problem("figures", f"no code of the lesson draws {address}")
    for path in sorted((folder / "figures").glob("*")):
        if path.stem not in drawn:
            yield Problem(f"figures/{path.name}", "", "no code of the lesson draws it; remove it")
    for block in blocks(text):
        if "figure" in block.info and block.figure is None:
            yield _problem(f"line {block.line}", f"“{block.info}”: write ```python figure=some-name")
