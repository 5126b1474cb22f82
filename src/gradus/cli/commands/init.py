"""``gradus init``: the folder a learner works in."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gradus.cli.commands.plan import BACKGROUNDS
from gradus.cli.commands.shared import json_option
from gradus.cli.term import Terminal

if TYPE_CHECKING:
    from gradus.learner import Plan, Workspace

ASKED = (
    ("background", "Where do you come from?", (
        ("developer", "I program for a living"),
        ("analyst", "I work with data: SQL, spreadsheets, some Python"),
        ("student", "I study, and program a little"),
        ("beginner", "programming is new to me"),
    )),
    ("track", "Where do you want to go?", (
        ("ml-engineer", "ML engineer: train models and run them; the whole road"),
        ("ai-engineer", "AI engineer: applications on language models; a shorter classical part"),
    )),
)  # fmt: skip
DEFAULTS = {"background": "developer", "track": "ml-engineer", "hours": 10.0}


@click.command("init")
@click.argument(
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    required=False,
    help="The folder; ./gradus-work by default.",
)
@click.option("--background", type=click.Choice(BACKGROUNDS), help="Where you come from.")
@click.option("--hours", type=float, help="Hours a week you have (10 by default).")
@click.option("--track", help="ml-engineer (by default) or ai-engineer.")
@click.option("--start", type=click.DateTime(["%Y-%m-%d"]), help="The day you begin; today by default.")
@click.option("--notebooks", is_flag=True, default=None, help="Lay a paired notebook beside each lesson.")
@click.option("--no-git", is_flag=True, help="Do not make the folder a git repository.")
@click.option("-y", "--yes", is_flag=True, help="Ask nothing; take the defaults.")
@json_option
def command(
    folder: Path | None,
    background: str | None,
    hours: float | None,
    track: str | None,
    start: datetime | None,
    notebooks: bool | None,
    no_git: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Make FOLDER: your exercises as plain files, your record, and a dated plan.

    Asks at most three short questions. Run again on a folder that exists, it adds what is new and never overwrites
    what you changed.
    """
    from gradus.cli.out import emit, emit_json
    from gradus.learner import Learner, Workspace
    from gradus.roadmap import load_roadmap

    term = Terminal.detect()
    folder = folder or _default_folder()
    roadmap = load_roadmap()
    before = (folder / "gradus.toml").is_file()
    given = {"background": background, "track": track, "hours": hours}
    ask = not (yes or as_json or before) and sys.stdin.isatty() and sys.stdout.isatty()
    answers = _questions(given, term) if ask else given
    workspace = Workspace.create(folder, roadmap, git=not no_git, notebooks=notebooks)
    with Learner.open(workspace, roadmap) as learner:
        plan = _plan(learner, answers, start, before)
        step = learner.next()
    _warm_up(workspace.root)
    if as_json:
        laid = workspace.laid.to_json() if workspace.laid else {}
        emit_json(
            {
                "workspace": str(workspace.root),
                "new": not before,
                **laid,
                "plan": plan.to_json(),
                "next": step.to_json(),
            }
        )
    else:
        emit(_explain(workspace, plan, before, term))


def _default_folder() -> Path:
    """The workspace we are in, or ``gradus-work`` here."""
    from gradus.cli.places import workspace_root

    return workspace_root() or Path("gradus-work")


def _plan(learner: Any, answers: dict[str, Any], start: datetime | None, before: bool) -> Plan:
    """Set the plan: from answers and defaults in a new folder, only from what was given in an old one."""
    known = learner.history().plan
    fill: dict[str, Any] = {} if before and known else DEFAULTS
    plan: Plan = learner.plan(
        background=answers["background"] or fill.get("background"),
        hours_per_week=answers["hours"] if answers["hours"] is not None else fill.get("hours"),
        track=answers["track"] or fill.get("track"),
        start=start.date() if start else None,
    )
    return plan


def _questions(given: dict[str, Any], term: Terminal) -> dict[str, Any]:
    """At most three questions; Enter takes the first answer."""
    from gradus.cli.text import wrap

    answers = dict(given)
    if all(value is not None for value in given.values()):
        return answers
    intro = "A few words, so that your plan fits you. Enter takes the default; everything can be changed later."
    click.echo("\n".join([*wrap(intro, term.width, term), ""]))
    for name, question, choices in ASKED:
        if answers[name] is None:
            answers[name] = _choose(question, choices, term)
    if answers["hours"] is None:
        answers["hours"] = _hours(term)
    return answers


def _choose(question: str, choices: Sequence[tuple[str, str]], term: Terminal) -> str:
    click.echo(term.style(question, "strong"))
    for number, (name, words) in enumerate(choices, start=1):
        click.echo(f"  {term.style(str(number), 'info')}  {term.prose(words)} {term.style(f'({name})', 'dim')}")
    while True:
        answer = _line("  1 by default: ").strip().lower() or "1"
        if answer.isdigit() and 1 <= int(answer) <= len(choices):
            click.echo("")
            return choices[int(answer) - 1][0]
        named = [name for name, _ in choices if name.startswith(answer)]
        if len(named) == 1:
            click.echo("")
            return named[0]
        click.echo(f"  A number from 1 to {len(choices)}, please.")


def _hours(term: Terminal) -> float:
    click.echo(term.style("How many hours a week do you have?", "strong"))
    while True:
        answer = _line("  10 by default: ").strip().replace(",", ".") or "10"
        try:
            hours = float(answer.split()[0])
        except ValueError:
            hours = 0.0
        if 0.5 <= hours <= 80:
            click.echo("")
            return hours
        click.echo("  A number between 0.5 and 80, please.")


def _line(prompt: str) -> str:
    try:
        return input(prompt)
    except EOFError:
        click.echo("")
        return ""


def _warm_up(root: Path) -> None:
    """Let the checker load its libraries while the learner reads, so that the first verdict is instant, too."""
    from gradus.cli.ask import warm_up

    warm_up(root)


def _explain(workspace: Workspace, plan: Plan, before: bool, term: Terminal) -> list[str]:
    """What was made, and the exact next command."""
    from gradus.cli.places import shorten
    from gradus.cli.text import one_line, plural, wrap
    from gradus.cli.verdict import command_rows

    laid = workspace.laid
    root = workspace.root
    added, kept = (len(laid.added), len(laid.kept)) if laid else (0, 0)
    if before:
        head = f"{shorten(root)} was there: {plural(added, 'file')} added, {plural(kept, 'file')} of yours left alone."
    else:
        head = f"Made {shorten(root)} with {plural(added, 'file')}."
    lines = wrap(one_line(head, 400), term.width, term, "strong")
    if not before:
        lines += ["", *_contents(plan, term)]
    for note in laid.notes if laid else ():
        lines += ["", *wrap(one_line(note, 400), term.width, term, "warn")]
    rows = [] if Path.cwd() == root else [(f"cd {_quoted(root)}", "go there")]
    rows.append(("gradus watch", "shows your first exercise and checks whatever you save"))
    return [*lines, "", term.style("Now type", "strong"), "", *command_rows(rows, term)]


def _contents(plan: Plan, term: Terminal) -> list[str]:
    from gradus.cli.text import indent, wrap

    settings = plan.settings
    points = [
        "Each unit is a folder with a lesson and its exercises. An exercise is one .py file with its task at the top; "
        "write in it with your own editor.",
        "Your record lives in .gradus/. Nothing leaves this machine.",
        f"Your plan: {settings.hours_per_week:g} hours a week as {_article(settings.background)}, until about "
        f"{plan.finish:%B %Y}. `gradus plan` shows the dates.",
    ]
    lines: list[str] = []
    for point in points:
        first, *rest = wrap(term.prose(point), term.width - 4, term)
        lines += [f"  {term.symbol('bullet')} {first}", *indent(rest, "    ")]
    return lines


def _article(word: str) -> str:
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"


def _quoted(path: Path) -> str:
    import shlex

    from gradus.cli.places import shorten

    return shlex.quote(shorten(path))
