"""Check lessons: their code runs, prints and draws what the page shows, and their words keep to the house style."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from gradus.author.figures import difference, stored_description
from gradus.author.lesson_text import Step, blocks, prose_problems, rewritten, steps
from gradus.author.proofs import Problem
from gradus.author.prose import word_count
from gradus.author.units import unit_problems

_SECONDS: Final = 120
_PINNED: Final = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "MPLBACKEND": "Agg",
    "PYTHONUTF8": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
}


@dataclass(frozen=True)
class LessonReport:
    """One unit's lesson and cards: what must be mended, and what ``write`` changed."""

    unit: str
    problems: tuple[Problem, ...] = ()
    words: int = 0
    figures: int = 0
    rewritten: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        return not self.problems

    def to_json(self) -> dict[str, Any]:
        return {
            "unit": self.unit,
            "ok": self.ok,
            "words": self.words,
            "figures": self.figures,
            "rewritten": list(self.rewritten),
            "problems": [problem.to_json() for problem in self.problems],
            "seconds": round(self.seconds, 2),
        }


def check_lessons(
    folders: Sequence[Path], write: bool = False, progress: Callable[[LessonReport], None] | None = None
) -> list[LessonReport]:
    """Check the units in these folders one after the other; ``write`` puts today's outputs and figures in place."""
    reports = []
    for folder in folders:
        report = check_lesson(folder, write)
        if progress is not None:
            progress(report)
        reports.append(report)
    return reports


def check_lesson(folder: Path, write: bool = False) -> LessonReport:
    """Check one unit: lesson.md, its figures, and the unit's cards and outcomes."""
    started = time.perf_counter()
    path = folder / "lesson.md"
    problems: list[Problem] = []
    changed: list[str] = []
    text = ""
    try:
        text = path.read_text(encoding="utf-8")
        found = steps(blocks(text))
        problems += [_left_over(block.line) for block in blocks(text) if _is_stray_output(block, found)]
        with tempfile.TemporaryDirectory(prefix="gradus-lesson-") as scratch:
            drawn = Path(scratch) / "figures"
            drawn.mkdir()
            results, told = run_steps(found, drawn)
            problems += told
            if write:
                changed += _write(path, text, found, results, drawn)
                text = path.read_text(encoding="utf-8")
            else:
                problems += _differences(folder, found, results)
        problems += prose_problems(text, folder)
    except FileNotFoundError:
        problems.append(Problem("lesson.md", "", "the lesson is missing"))
    except (ValueError, UnicodeDecodeError) as error:
        problems.append(Problem("lesson.md", "", str(error)))
    problems += unit_problems(folder)
    return LessonReport(
        unit=folder.name,
        problems=tuple(replace(p, file=f"{folder.name}/{p.file}") for p in dict.fromkeys(problems)),
        words=word_count(text),
        figures=len(list((folder / "figures").glob("*.png"))),
        rewritten=tuple(changed),
        seconds=time.perf_counter() - started,
    )


def _is_stray_output(block: Any, found: list[Step]) -> bool:
    return block.info == "output" and all(step.output != block for step in found)


def _left_over(line: int) -> Problem:
    return Problem("lesson.md", f"line {line}", "this output block follows no Python block")


def run_steps(found: list[Step], figures: Path) -> tuple[list[dict[str, Any]], list[Problem]]:
    """Run the steps in a fresh Python process; what each did, and what went wrong."""
    request = {
        "blocks": [{"code": step.code.code, "line": step.code.line, "figure": step.code.figure} for step in found],
        "figures": str(figures),
    }
    try:
        done = subprocess.run(
            [sys.executable, "-m", "gradus.author.lesson_run"],
            input=json.dumps(request),
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=_SECONDS,
            cwd=figures.parent,
            env=os.environ | _PINNED,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return [], [Problem("lesson.md", "code", f"the lesson's code takes more than {_SECONDS} seconds")]
    try:
        results: list[dict[str, Any]] = json.loads(done.stdout)
    except ValueError:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        return [], [Problem("lesson.md", "code", f"the process that ran the lesson died ({done.returncode}): {last}")]
    problems = []
    for step, result in zip(found, results, strict=False):
        where = f"line {step.code.line}"
        if result["error"]:
            problems.append(Problem("lesson.md", "code", result["error"]))
        problems += [Problem("lesson.md", where, f"the code warns: {text}") for text in result["warnings"]]
        problems += [Problem("lesson.md", where, f"figure “{step.code.figure}”: {x}") for x in result.get("labels", ())]
    return results, problems


def _differences(folder: Path, found: list[Step], results: list[dict[str, Any]]) -> list[Problem]:
    problems = []
    for step, result in zip(found, results, strict=False):
        shown = step.output.code if step.output is not None else ""
        printed = _as_shown(result["printed"])
        where = f"line {(step.output or step.code).line}"
        if printed != shown:
            what = (
                _first_difference(shown, printed) if shown else "the code prints something that the page does not show"
            )
            problems.append(Problem("lesson.md", where, f"{what} (`gradus author lessons --write` rewrites it)"))
        if step.code.figure and result.get("drawing") is not None:
            problems += _figure_problems(folder, step.code.figure, result["drawing"])
    return problems


def _as_shown(printed: str) -> str:
    """Output as a fenced block holds it: no trailing empty lines, one newline at the end."""
    return printed.rstrip("\n") + "\n" if printed.strip("\n") else ""


def _first_difference(shown: str, printed: str) -> str:
    old, new = shown.splitlines(), printed.splitlines()
    for a, b in zip(old, new, strict=False):
        if a != b:
            return f"the page shows “{a}”, the code prints “{b}”"
    return f"the page shows {len(old)} lines of output, the code prints {len(new)}"


def _figure_problems(folder: Path, name: str, drawing: dict[str, Any]) -> list[Problem]:
    path = folder / "figures" / f"{name}.png"
    remedy = "(`gradus author lessons --write` draws it)"
    if not path.is_file():
        return [Problem(f"figures/{name}.png", "", f"the figure is missing {remedy}")]
    stored = stored_description(path)
    if stored is None:
        return [Problem(f"figures/{name}.png", "", f"the figure was not drawn by this command {remedy}")]
    told = difference(stored, drawing)
    return [Problem(f"figures/{name}.png", "", f"the code draws something else: {told} {remedy}")] if told else []


def _write(path: Path, text: str, found: list[Step], results: list[dict[str, Any]], drawn: Path) -> list[str]:
    """Put outputs and figures in place; names of the files that changed."""
    changed = []
    outputs = [(step, _as_shown(result["printed"])) for step, result in zip(found, results, strict=False)]
    fresh = rewritten(text, [(s, printed) for s, printed in outputs if printed != (s.output.code if s.output else "")])
    if fresh != text:
        path.write_text(fresh, encoding="utf-8")
        changed.append("lesson.md")
    for step, result in zip(found, results, strict=False):
        name = step.code.figure
        if name is None or result.get("drawing") is None:
            continue
        target = path.parent / "figures" / f"{name}.png"
        stored = stored_description(target)
        if stored is None or difference(stored, result["drawing"]):
            target.parent.mkdir(exist_ok=True)
            shutil.copyfile(drawn / f"{name}.png", target)
            changed.append(f"figures/{name}.png")
    return changed
