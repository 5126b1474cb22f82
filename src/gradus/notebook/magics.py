"""The magics. They ask the same rooms as the other doors and only show the answer.

A verdict is never made in the kernel, where the learner's own code runs: ``%%check`` asks the ``gradus`` command, in a
process of its own, and shows what it answers.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gradus.errors import GradusError, HostError, UsageError
from gradus.notebook.show import Page, failure, hint_page, progress_page, step_page, verdict_page

if TYPE_CHECKING:
    from gradus.learner import Learner, Workspace

_LONGEST_CHECK = 600
_DEFINES = ("passed", "not_yet")  # outcomes after which the cell is safe to run in the kernel, too


def register(shell: Any) -> None:
    """Give a running IPython the magics (what ``%load_ext gradus`` calls)."""
    shell.register_magic_function(_check(shell), "cell", "check")
    for name, answer in (("hint", _hint), ("next", _next), ("progress", _progress)):
        shell.register_magic_function(_line_magic(answer), "line", name)


def _check(shell: Any) -> Any:
    def check(line: str, cell: str) -> None:
        """Check the cell as the submission to an exercise, then define its names here: ``%%check EXERCISE``."""
        try:
            data = run_check(_one_name(line, "%%check"), cell)
        except GradusError as error:
            _show(failure(error))
            return
        runs = data["outcome"] in _DEFINES
        _show(verdict_page(data, with_output=not runs))
        if runs:
            shell.run_cell(cell)

    return check


def _line_magic(answer: Any) -> Any:
    def magic(line: str) -> None:
        try:
            with _open_learner() as learner:
                page = answer(learner, line)
                notices = learner.notices
        except GradusError as error:
            _show(failure(error))
            return
        for notice in notices:
            _show(Page(notice))
        _show(page)

    magic.__doc__ = answer.__doc__
    return magic


def _hint(learner: Learner, line: str) -> Page:
    """The next hint: ``%hint EXERCISE``; without a name, for the exercise that comes next."""
    name = line.strip() or learner.next().exercise
    if not name:
        raise UsageError("Which exercise?", next_step="Say %hint EXERCISE.")
    return hint_page(learner.hint(name))


def _next(learner: Learner, line: str) -> Page:
    """The one obvious next step: ``%next``."""
    return step_page(learner.next(), learner.workspace.root)


def _progress(learner: Learner, line: str) -> Page:
    """Where you stand: ``%progress``."""
    return progress_page(learner.progress())


def run_check(exercise: str, cell: str, start: Path | None = None) -> dict[str, Any]:
    """The verdict on a cell, as the command line's JSON. Raises GradusError in words.

    The cell is written to ``.gradus/cells/`` and checked from there by ``gradus check``, in a process of its own.
    """
    workspace = _workspace(start)
    exercise_id = _known(exercise)
    path = workspace.private / "cells" / f"{exercise_id}.py"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(cell.encode("utf-8", "surrogatepass"))
    except OSError as error:
        raise UsageError(f"The cell cannot be saved: {error.strerror or error}.", str(path)) from None
    # -I is not used: an editable or user installation of gradus must still be found. Safe-path keeps the notebook's
    # folder, and with it the learner's files, off the command's import path.
    command = [sys.executable, "-P", "-m", "gradus", "check", exercise_id, "--file", str(path), "--json"]
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONSTARTUP", "PYTHONINSPECT")}
    try:
        done = subprocess.run(
            command,
            cwd=workspace.root,
            env=environment,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=_LONGEST_CHECK,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise HostError(f"The check could not be run: {error}") from None
    return _verdict(done)


def _verdict(done: subprocess.CompletedProcess[bytes]) -> dict[str, Any]:
    """The verdict that the command printed; fail closed when it printed none."""
    try:
        data = json.loads(done.stdout)
    except ValueError:
        data = None
    if not isinstance(data, dict) or "outcome" not in data:
        said = done.stderr.decode("utf-8", "replace").strip()
        raise HostError(said or f"The check gave no verdict (exit status {done.returncode}).", "", "Try it again.")
    return data


def _known(exercise: str) -> str:
    from gradus.roadmap import load_roadmap

    found = load_roadmap().exercise(exercise)
    if found.is_project:
        raise UsageError(
            "This exercise is a project: a folder of files that is run as a whole, not a cell.",
            found.id,
            f"Work in the folder {found.id}/ beside this notebook, and check it in a terminal: gradus check {found.id}",
        )
    return found.id


def _one_name(line: str, magic: str) -> str:
    names = line.split()
    if len(names) != 1:
        raise UsageError(f"{magic} takes the name of one exercise.", next_step=f"For instance: {magic} standardize")
    return names[0]


def _workspace(start: Path | None = None) -> Workspace:
    from gradus.learner import Workspace

    return Workspace.find(start)


def _open_learner() -> Learner:
    from gradus.learner import Learner

    return Learner.open(_workspace())


def _show(page: Page) -> None:
    from IPython.display import display

    display(page)  # type: ignore[no-untyped-call]
