"""``gradus vault``: seal a test set before the work, open it once, and see whether anything was tampered with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from gradus.cli.commands.shared import json_option
from gradus.cli.term import Terminal

if TYPE_CHECKING:
    from gradus.vault import Standing

F = TypeVar("F", bound=Callable[..., Any])
FILE = click.Path(path_type=Path, dir_okay=False)
vault_option: Callable[[F], F] = click.option(
    "--vault", "where", type=click.Path(path_type=Path, file_okay=False),
    help="The vault's folder; `vault` in your workspace by default.",
)  # fmt: skip
STATES = {
    "sealed": ("passed", "ok", "sealed, never opened"),
    "opened": ("passed", "ok", "opened once"),
    "seen": ("not_yet", "warn", "seen"),
}


@click.group("vault", no_args_is_help=True)
def command() -> None:
    """Seal a test set before you work on the rest, open it once, and prove that it was so.

    Everything is written into a ledger that shows when somebody changed it.
    """


@command.command("seal")
@click.argument("data", type=FILE)
@click.option("--target", required=True, help="The column that is to be predicted.")
@click.option("--name", default="", help="What to call the sealed set; the file's name by default.")
@click.option("--share", type=float, default=0.2, show_default=True, help="The part of the rows to seal.")
@click.option("--metric", help="How predictions will be scored: accuracy, roc_auc, rmse, …")
@click.option("--positive", help="The class whose chance is meant; the last one by default.")
@click.option("--groups", help="A column: rows with the same value are sealed together or not at all.")
@click.option("--time", "time", help="A column of moments: the latest rows are sealed.")
@vault_option
@json_option
def seal_command(
    data: Path, target: str, name: str, share: float, metric: str | None, positive: str | None, groups: str | None,
    time: str | None, where: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Take some rows of the CSV file DATA out, commit to them in the ledger, and leave the rest in DATA."""
    from gradus.cli.out import emit, emit_json
    from gradus.cli.places import shorten
    from gradus.cli.text import wrap
    from gradus.vault import Request, seal

    request = Request(data, target, name, share, metric, positive, groups, time)
    done = seal(_folder(where), request)
    if as_json:
        emit_json(done.to_json())
        return
    term, sealed = Terminal.detect(), done.standing.sealed
    how = {
        "random": "at random",
        "groups": f"by whole groups of “{sealed.groups}”",
        "time": f"the latest by “{sealed.time}”",
    }
    lines = [
        f"{term.style(term.symbol('passed'), 'ok')} Sealed as “{sealed.name}”: {sealed.rows:,} rows, {how[sealed.how]}."
    ]
    lines += wrap(
        f"{shorten(data)} holds the other {sealed.rest:,}; cross-validate on them as often as you like. The sealed "
        f"rows' features, without answers, are in {shorten(done.folder / 'questions.csv')}.",
        term.width, term,
    )  # fmt: skip
    lines += wrap(f"Scored by {sealed.task.measure.title}: predict {sealed.task.words()}.", term.width, term)
    for note in done.notes:
        lines += ["", *wrap(note, term.width, term, "warn")]
    lines += ["", f"  {term.style(f'gradus vault open {sealed.name} predictions.csv', 'info')}   once, at the very end"]
    emit(lines)


@command.command("open")
@click.argument("name")
@click.argument("predictions", type=FILE, required=False)
@click.option("--again", is_flag=True, help="Look a second time; later claims on the set are marked as seen.")
@click.option("--rows", type=FILE, help="Copy the sealed rows, with answers, to this file; marks the set as seen.")
@vault_option
@json_option
def open_command(
    name: str, predictions: Path | None, again: bool, rows: Path | None, where: Path | None, as_json: bool
) -> None:
    """Score PREDICTIONS (a CSV with `row` and `prediction`) against the sealed set NAME. Possible once."""
    from gradus.cli.out import emit, emit_json
    from gradus.cli.places import shorten
    from gradus.cli.text import wrap
    from gradus.errors import UsageError
    from gradus.vault import METRICS, open_set, take_rows_out

    term = Terminal.detect()
    if (predictions is None) == (rows is None):
        raise UsageError(
            "Opening scores a file of predictions, or copies the rows out with --rows; name one of the two.", "",
            f"gradus vault open {name} predictions.csv",
        )  # fmt: skip
    if rows is not None:
        standing = take_rows_out(_folder(where), name, rows)
        if as_json:
            emit_json(standing.to_json())
        else:
            emit([f"The sealed rows are in {shorten(rows)}. Every claim on “{name}” is from now on marked as seen."])
        return
    assert predictions is not None
    opening = open_set(_folder(where), name, predictions, again)
    if as_json:
        emit_json(opening.to_json())
        return
    metric = METRICS[opening.metric]
    words = (
        f"{metric.title} {opening.score:.4f} (95 % interval {opening.low:.4f} to {opening.high:.4f}; {metric.better})"
    )
    lines = [f"{term.style(words, 'strong')}, written into the ledger."]
    if opening.seen:
        lines += wrap("Marked as seen: this set was looked at before, so the score flatters.", term.width, term, "warn")
    else:
        lines += wrap("This was the one look that counts as unseen.", term.width, term)
    emit(lines)


@command.command("status")
@click.argument("name", required=False)
@vault_option
@json_option
def status_command(name: str | None, where: Path | None, as_json: bool) -> None:
    """Say how each sealed set stands: sealed, opened once, or seen."""
    from gradus.cli.out import emit, emit_json
    from gradus.vault import read_ledger

    ledger = read_ledger(_folder(where))
    standings = [ledger.standing(each) for each in ([name] if name else ledger.names)]
    if as_json:
        sets = [standing.to_json() for standing in standings]
        emit_json({"head": ledger.head, "sets": sets, "problems": [item.to_json() for item in ledger.problems]})
        return
    term = Terminal.detect()
    if not standings:
        emit(["Nothing is sealed here.", "gradus vault seal data.csv --target COLUMN   seals a test set"])
        return
    emit([line for standing in standings for line in _standing_lines(standing, term)])


@command.command("verify")
@vault_option
@json_option
@click.pass_context
def verify_command(ctx: click.Context, where: Path | None, as_json: bool) -> None:
    """Check the ledger's chain and every sealed file. Exits 1 when something was tampered with."""
    from gradus.cli.out import emit, emit_json
    from gradus.cli.text import wrap
    from gradus.vault import read_ledger

    ledger = read_ledger(_folder(where))
    if as_json:
        problems = [problem.to_json() for problem in ledger.problems]
        emit_json(
            {"intact": not ledger.tampered, "entries": len(ledger.entries), "head": ledger.head, "problems": problems}
        )
    else:
        term = Terminal.detect()
        lines = []
        for problem in ledger.problems:
            symbol, style = ("broken", "bad") if problem.is_tampering else ("not_yet", "warn")
            first, *rest = wrap(problem.words, term.width - 2, term)
            lines += [f"{term.style(term.symbol(symbol), style)} {first}", *(f"  {line}" for line in rest)]
        if not ledger.tampered:
            entries = f"{len(ledger.entries)} {'entry' if len(ledger.entries) == 1 else 'entries'}"
            good = term.style(term.symbol("passed"), "ok")
            lines += [f"{good} The ledger is whole: {entries}, every sealed file as it was."]
            lines += [term.style(f"  last hash {ledger.head}", "dim")]
        emit(lines)
    ctx.exit(1 if ledger.tampered else 0)


def _standing_lines(standing: Standing, term: Terminal) -> list[str]:
    from gradus.cli.text import wrap

    sealed = standing.sealed
    symbol, style, words = STATES[standing.state]
    if standing.state == "seen":
        words = (
            f"seen: looked at {len(standing.openings)} times"
            if len(standing.openings) > 1
            else "seen: its rows were taken out"
        )
    head = f"{term.style(term.symbol(symbol), style)} {term.style(sealed.name, 'strong')}  {words}"
    whole = sealed.rows + sealed.rest
    about = f"{sealed.rows:,} of {whole:,} rows of {sealed.source}, sealed {sealed.at[:10]}; target “{sealed.target}”"
    lines = [head, *(f"    {line}" for line in wrap(about, term.width - 4, term, "dim"))]
    for opening in standing.openings:
        if opening.score is None:
            lines.append(f"    {opening.at[:10]}  rows taken out")
        else:
            lines.append(
                f"    {opening.at[:10]}  {opening.metric} {opening.score:.4f}{'  seen' if opening.seen else ''}"
            )
    for problem in standing.problems:
        lines += [
            f"    {line}"
            for line in wrap(problem.words, term.width - 4, term, "bad" if problem.is_tampering else "warn")
        ]
    return lines


def _folder(where: Path | None) -> Path:
    from gradus.cli.places import workspace_root
    from gradus.errors import WorkspaceError
    from gradus.vault import vault_folder

    if where is not None:
        return where.absolute()
    root = workspace_root()
    if root is None:
        raise WorkspaceError(
            "This folder is not in a Gradus workspace.", str(Path.cwd()),
            "Make one with `gradus init FOLDER`, or name a folder for the vault with --vault.",
        )  # fmt: skip
    return vault_folder(root)
