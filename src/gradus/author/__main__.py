"""``python -m gradus.author prove|new|lessons``: the author's tools without the rest of the command line."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from gradus.errors import GradusError

if TYPE_CHECKING:
    from gradus.author.lessons import LessonReport


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns 0 when all is well, 1 when something must be mended, 2 for a wrong request."""
    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options)
    except GradusError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Stopped. What was proved is remembered.", file=sys.stderr)
        return 130
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="gradus author", description="Prove, scaffold and check exercises and lessons."
    )
    commands = parser.add_subparsers(required=True)
    prove = commands.add_parser("prove", help="prove exercises; all of them when none is named")
    prove.add_argument("names", nargs="*", metavar="ID", help="an exercise, a unit (numpy, 1.2) or a stage (1)")
    prove.add_argument("--all", action="store_true", help="prove everything, whatever is remembered")
    prove.add_argument("--seeds", type=int, default=200)
    prove.add_argument("--jobs", type=int, default=None)
    prove.add_argument("--json", action="store_true")
    prove.add_argument("--no-sandbox", action="store_true", help="leave the checks in the real sandbox out (quicker)")
    prove.set_defaults(run=_prove)
    new = commands.add_parser("new", help="make the folder of a new exercise")
    new.add_argument("unit", metavar="STAGE/UNIT")
    new.add_argument("name", metavar="NAME")
    new.add_argument("--project", action="store_true", help="a folder of files that is run, instead of a function")
    new.set_defaults(run=_new)
    lessons = commands.add_parser("lessons", help="run lessons and check them, their cards and their outcomes")
    lessons.add_argument(
        "units", nargs="*", metavar="UNIT", help="a unit (numpy, 1.2); all with a lesson when none is named"
    )
    lessons.add_argument("--write", action="store_true", help="put today's outputs and figures in place")
    lessons.add_argument("--json", action="store_true")
    lessons.set_defaults(run=_lessons)
    return parser


def _prove(options: argparse.Namespace) -> int:
    from gradus.author.find import find_exercises
    from gradus.author.prove import prove
    from gradus.author.report import progress_on, report

    found = find_exercises(options.names)
    with progress_on() as progress:
        proof = prove(
            found, options.seeds, options.jobs, progress=progress, fresh=options.all, sandboxed=not options.no_sandbox
        )
    if options.json:
        print(json.dumps(proof.to_json(), indent=2))
    else:
        print(report(proof))
    return 0 if proof.ok else 1


def _new(options: argparse.Namespace) -> int:
    from gradus.author.scaffold import scaffold

    folder = scaffold(options.unit, options.name, project=options.project)
    print(f"Made {folder}. Its files say what to write; `gradus author prove {options.name}` says what is missing.")
    return 0


def _lessons(options: argparse.Namespace) -> int:
    from gradus.author.find import unit_folders
    from gradus.author.lessons import check_lessons
    from gradus.author.report import lesson_lines

    def show(report: LessonReport) -> None:
        if not options.json:
            print("\n".join(lesson_lines(report)), flush=True)

    reports = check_lessons(unit_folders(options.units), options.write, show)
    if options.json:
        print(json.dumps([report.to_json() for report in reports], indent=2))
    return 0 if reports and all(report.ok for report in reports) else 1


if __name__ == "__main__":
    sys.exit(main())
