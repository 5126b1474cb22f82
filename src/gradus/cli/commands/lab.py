"""``gradus lab``: measure what is said about methods, on the shipped data and simulated worlds."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from gradus.cli.commands.shared import json_option
from gradus.cli.term import Terminal


@click.group("lab", no_args_is_help=True)
def command() -> None:
    """Measure what is said about methods, instead of believing it."""


@command.command("boosting-vs-networks")
@click.option("--quick", is_flag=True, help="Six data sets, few rows and settings: under a minute.")
@click.option("--data", "data", multiple=True, metavar="NAME", help="Only this data set of the arena; repeatable.")
@click.option("--rounds", type=click.IntRange(1, 50), help="How often each data set is drawn anew.")
@click.option("--settings", type=click.IntRange(1, 200), help="The tuning budget: settings tried for each family.")
@click.option("--rows", type=click.IntRange(60, 5000), help="At most so many train rows.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=0, show_default=True, help="Draw other rows.")
@json_option
def boosting_command(
    quick: bool, data: tuple[str, ...], rounds: int | None, settings: int | None, rows: int | None, seed: int,
    as_json: bool,
) -> None:  # fmt: skip
    """Does boosting beat networks on tables? XGBoost, a network, a forest and a line, tuned alike.

    What is measured is kept, round by round: stopped with Ctrl-C, the same command goes on from there. Table, pictures
    and a page to show lie in lab/boosting-vs-networks/ of your folder.
    """
    from dataclasses import replace

    from gradus.arena.lab import NAME, design, read_rounds, run_lab
    from gradus.arena.lab_findings import findings_of
    from gradus.arena.lab_report import write_lab
    from gradus.cli.lab import lab_lines
    from gradus.cli.out import emit, emit_json
    from gradus.cli.places import require_workspace

    root = require_workspace()
    plan = design(quick, data, seed)
    plan = replace(
        plan, rounds=rounds or plan.rounds, settings=settings or plan.settings, rows=rows or plan.rows
    )  # fmt: skip
    record = root / ".gradus" / "lab" / f"{NAME}.jsonl"
    shows = not as_json and sys.stderr.isatty()

    def show(what: str, done: int, of: int) -> None:
        if shows:
            text = f"{done} of {of}: {what} (Ctrl-C keeps what is done)"
            click.echo(f"\r{text[:78]:78}", nl=False, err=True)

    try:
        run_lab(plan, record, show)
    except KeyboardInterrupt:
        pass
    finally:
        if shows:
            click.echo("\r" + " " * 78 + "\r", nl=False, err=True)
    found = findings_of(plan, read_rounds(record, plan))
    files: dict[str, Path] = {}
    if found.findings:
        files = write_lab(found, root / "lab" / (f"{NAME}-quick" if quick else NAME))
    if as_json:
        emit_json({**found.to_json(), "files": {name: str(path) for name, path in files.items()}})
    else:
        emit(lab_lines(found, files, Terminal.detect()))
