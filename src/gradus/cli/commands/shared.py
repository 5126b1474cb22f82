"""Options and arguments that several commands take."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from gradus.cli.group import ExerciseId
from gradus.cli.term import Terminal

F = TypeVar("F", bound=Callable[..., Any])

json_option: Callable[[F], F] = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def exercise_argument(required: bool = False) -> Callable[[F], F]:
    """An exercise's id, or a path to its file; the current exercise when left out."""
    text = "An exercise's id, or the path of its file." + ("" if required else " The current one by default.")
    return click.argument("exercise", type=ExerciseId(), required=required, help=text)


def which(exercise: str | None) -> dict[str, str]:
    """The argument as a question's arguments: a path when it looks like one or is one, an id otherwise."""
    if exercise is None:
        return {}
    names_no_exercise = not exercise.isidentifier() and Path(exercise).is_dir()
    if (
        os.sep in exercise
        or "/" in exercise
        or exercise.endswith(".py")
        or Path(exercise).is_file()
        or names_no_exercise
    ):
        return {"path": str(Path(exercise).absolute())}
    return {"exercise": exercise}


def page(lines: list[str], term: Terminal) -> None:
    """Print lines, through the reader's pager where a terminal is too short for them."""
    from gradus.cli.out import emit

    if term.interactive and len(lines) >= term.height:
        click.echo_via_pager("\n".join(lines) + "\n", color=term.color)
    else:
        emit(lines)
