"""A unit as a notebook: the lesson's prose and code, then a ``%%check`` cell for each exercise.

The percent-format ``notebook.py`` is the file to keep in git; ``notebook.ipynb`` is paired to it by jupytext.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from gradus.errors import WorkspaceError
from gradus.roadmap.explorables import in_words

if TYPE_CHECKING:
    from gradus.roadmap import Unit

SCRIPT, NOTEBOOK = "notebook.py", "notebook.ipynb"
_NAME = "Python 3"
_PROJECT = (
    "This exercise is a project: the folder `{id}/` beside this notebook, which is run as a whole. Work in its files, "
    "and check it from the command line with `gradus check {id}`. Stuck? `%hint {id}`"
)


def notebook_files(unit: Unit) -> list[tuple[str, bytes]]:
    """The paired files of a unit's notebook. Raises WorkspaceError when jupytext is not installed."""
    try:
        import jupytext
        import nbformat
    except ImportError:
        raise WorkspaceError(
            "Notebooks need jupytext, which is not installed.", "", 'Install it with: pip install "gradus[notebook]"'
        ) from None
    book = nbformat.v4.new_notebook(  # type: ignore[no-untyped-call]
        metadata={
            "kernelspec": {"display_name": _NAME, "language": "python", "name": "python3"},
            "jupytext": {"formats": "ipynb,py:percent"},
        }
    )
    book.cells = [_cell(nbformat, number, kind, text) for number, (kind, text) in enumerate(_cells(unit))]
    script: str = jupytext.writes(book, fmt="py:percent")
    text: str = nbformat.writes(book) + "\n"  # type: ignore[no-untyped-call]
    return [(SCRIPT, script.encode()), (NOTEBOOK, text.encode())]


def _cell(nbformat: Any, number: int, kind: str, text: str) -> Any:
    make = nbformat.v4.new_code_cell if kind == "code" else nbformat.v4.new_markdown_cell
    return make(text, id=f"cell-{number}")  # fixed ids, so that the same unit always gives the same file


def _cells(unit: Unit) -> Iterator[tuple[str, str]]:
    yield "code", "%load_ext gradus"
    if unit.lesson_path.is_file():
        yield from lesson_cells(in_words(unit.lesson_path.read_text(encoding="utf-8")))
    for exercise in unit.exercises:
        if exercise.is_project:
            yield "markdown", f"## {exercise.title}\n\n{exercise.task.strip()}\n\n{_PROJECT.format(id=exercise.id)}"
            continue
        yield "markdown", f"## {exercise.title}\n\n{exercise.task.strip()}\n\nStuck? `%hint {exercise.id}`"
        yield "code", f"%%check {exercise.id}\n{exercise.starter.strip()}"


def lesson_cells(text: str) -> Iterator[tuple[str, str]]:
    """A lesson's Markdown as cells: prose, and the code that runs. What the code prints is left for it to print."""
    prose: list[str] = []
    lines = iter(text.splitlines())
    for line in lines:
        language = line.strip().removeprefix("```").split(" ", 1)[0] if line.startswith("```") else ""
        if language not in ("python", "output"):
            prose.append(line)
            if line.startswith("```"):
                prose += _fence(lines, keep_end=True)
            continue
        body = _fence(lines, keep_end=False)
        if language == "python":
            if "".join(prose).strip():
                yield "markdown", "\n".join(prose).strip()
            prose = []
            yield "code", "\n".join(body).strip("\n")
    if "".join(prose).strip():
        yield "markdown", "\n".join(prose).strip()


def _fence(lines: Iterator[str], *, keep_end: bool) -> list[str]:
    """The lines up to the end of a fenced block."""
    body: list[str] = []
    for line in lines:
        if line.rstrip() == "```":
            return [*body, line] if keep_end else body
        body.append(line)
    return body
