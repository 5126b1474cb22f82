"""``gradus author``: prove exercises and lessons, start a new exercise."""

from __future__ import annotations

import sys

import click

from gradus.cli.commands.shared import json_option
from gradus.cli.group import ExerciseId


@click.group("author", no_args_is_help=True)
def command() -> None:
    """Tools for those who write exercises: prove them, run the lessons, start a new one."""


@command.command("prove")
@click.argument(
    "names", nargs=-1, metavar="[ID]...", type=ExerciseId(), help="Exercises, units (numpy, 1.2), stages (1)."
)
@click.option("--all", "fresh", is_flag=True, help="Prove everything anew, whatever is remembered.")
@click.option("--seeds", type=click.IntRange(1), default=200, show_default=True, help="Seeds for each reference.")
@click.option("--jobs", type=click.IntRange(1), help="Processes; one for each core by default.")
@click.option("--no-sandbox", is_flag=True, help="Leave the checks in the real sandbox out (quicker).")
@json_option
@click.pass_context
def prove_command(
    ctx: click.Context,
    names: tuple[str, ...],
    fresh: bool,
    seeds: int,
    jobs: int | None,
    no_sandbox: bool,
    as_json: bool,
) -> None:
    """Prove exercises (all of them by default).

    The reference passes on every seed, the starter does not, each known mistake is caught and named, every other way
    passes, and mutants of the reference die. Exits 1 when something must be mended.
    """
    from gradus.author.find import find_exercises
    from gradus.author.prove import prove
    from gradus.author.report import progress_on, report
    from gradus.cli.out import emit, emit_json

    with progress_on() as progress:
        proof = prove(find_exercises(names), seeds, jobs, progress=progress, fresh=fresh, sandboxed=not no_sandbox)
    if as_json:
        emit_json(proof.to_json())
    else:
        emit([report(proof)])
    ctx.exit(0 if proof.ok else 1)


@command.command("new")
@click.argument("unit", metavar="UNIT", help="The unit it belongs to: numpy, or 1.2.")
@click.argument("name", metavar="NAME", help="Its id: a Python name, unique in the whole curriculum.")
@click.option("--project", is_flag=True, help="A project: a folder of files that is run, instead of a function.")
def new_command(unit: str, name: str, project: bool) -> None:
    """Make the folder of a new exercise. Its files say what to write."""
    from gradus.author.scaffold import scaffold
    from gradus.cli.out import emit
    from gradus.cli.places import shorten

    folder = scaffold(unit, name, project=project)
    emit(
        [f"Made {shorten(folder)}. Its files say what to write.", f"gradus author prove {name}   says what is missing"]
    )


@command.command("lessons")
@click.argument("units", nargs=-1, metavar="[UNIT]...", help="Units (numpy, 1.2); all that have a lesson by default.")
@click.option("--write", is_flag=True, help="Put the outputs and figures of this run in place.")
@json_option
@click.pass_context
def lessons_command(ctx: click.Context, units: tuple[str, ...], write: bool, as_json: bool) -> None:
    """Run the code of lessons and compare outputs and figures; check their cards and outcomes, too."""
    from gradus.author.find import unit_folders
    from gradus.author.lessons import LessonReport, check_lessons
    from gradus.author.report import lesson_lines
    from gradus.cli.out import emit, emit_json

    def show(report: LessonReport) -> None:
        if not as_json:
            emit(lesson_lines(report))
            sys.stdout.flush()

    reports = check_lessons(unit_folders(units), write, show)
    if as_json:
        emit_json([report.to_json() for report in reports])
    ctx.exit(0 if reports and all(report.ok for report in reports) else 1)
