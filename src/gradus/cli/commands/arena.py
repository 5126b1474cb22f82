"""``gradus arena``: compete offline, with a public and a private board, or on Kaggle and OpenML."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gradus.cli.commands.shared import json_option
from gradus.cli.term import Terminal

if TYPE_CHECKING:
    from gradus.arena import Board, Play
    from gradus.arena.field import Scored

FILE = click.Path(path_type=Path, dir_okay=False)
NAME = click.argument("name", help="A competition's name, as `gradus arena list` shows it.")


@click.group("arena", no_args_is_help=True)
def command() -> None:
    """Compete: a train file, a test file without answers, a public board, and a private one at the end.

    The field is made by open pipelines on your own machine; nothing needs a network, save Kaggle and OpenML.
    """


@command.command("list")
@json_option
def list_command(as_json: bool) -> None:
    """List what can be played, and what you play."""
    from gradus.arena import contests, plays
    from gradus.arena.connectors import remotes
    from gradus.cli.arena import list_lines
    from gradus.cli.out import emit, emit_json
    from gradus.cli.places import workspace_root

    root = workspace_root()
    running = plays(root) if root else ()
    away = remotes(root) if root else ()
    if as_json:
        offered = [
            {"id": each.id, "title": each.title, "story": each.story, "kind": each.kind, "metric": each.metric,
             "source": each.source} for each in contests()
        ]  # fmt: skip
        emit_json({"contests": offered, "playing": [play.name for play in running] + [each.name for each in away]})
    else:
        emit(list_lines(contests(), running, away, Terminal.detect()))


@command.command("start")
@NAME
@click.option("--leak", is_flag=True, help="A simulated world: with a column that knew the answer, and other traps.")
@click.option("--drift", is_flag=True, help="A simulated world: the test rows come later, and things changed.")
@click.option("--missing", is_flag=True, help="A simulated world: with values missing, and not by chance.")
@click.option("--rows", type=int, default=1200, show_default=True, help="A simulated world: rows of the train file.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), help="Draw the same files as somebody else.")
@click.option("--again", is_flag=True, help="Draw it anew beside the one you play.")
@click.option("--no-field", is_flag=True, help="Leave the field to be computed later.")
@json_option
def start_command(
    name: str, leak: bool, drift: bool, missing: bool, rows: int, seed: int | None, again: bool, no_field: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """Lay the competition NAME out in your folder. `kaggle:titanic` or `openml:31` fetches one from there."""
    from gradus.arena import Options, start
    from gradus.arena.connectors import fetch, is_remote
    from gradus.cli.arena import remote_lines, start_lines
    from gradus.cli.out import emit, emit_json

    term = Terminal.detect()
    if is_remote(name):
        remote = fetch(_root(), name)
        if as_json:
            emit_json(remote.to_json())
        else:
            emit(remote_lines(remote, term))
        return
    play, is_new = start(_root(), name, Options(leak, drift, missing, rows), seed, again)
    if not as_json:
        emit(start_lines(play, is_new, term))
    field, entries = ([], 0) if no_field else _field(play, quiet=as_json)
    if as_json:
        emit_json({"name": play.name, "folder": str(play.folder), "new": is_new, "seed": play.meta["seed"],
                   "options": list(play.options.chosen), "computed": len(field), "entries": entries})  # fmt: skip


@command.command("submit")
@NAME
@click.argument("file", type=FILE)
@click.option("-m", "--note", default="", help="What is new about it, for yourself.")
@json_option
def submit_command(name: str, file: Path, note: str, as_json: bool) -> None:
    """Hand in FILE for the competition NAME; its public score and your place come back."""
    from gradus.arena import find_play, submit
    from gradus.arena.connectors import find_remote, hand_in
    from gradus.cli.arena import handed_in_lines, submitted_lines
    from gradus.cli.out import emit, emit_json

    term = Terminal.detect()
    remote = find_remote(_root(), name)
    if remote is not None:
        handed = hand_in(remote, file, note)
        if as_json:
            emit_json(handed.to_json())
        else:
            emit(handed_in_lines(handed, term))
        return
    play = find_play(_root(), name)
    made = submit(play, file, note)
    board = _board(play, compute=False)
    if as_json:
        emit_json({"submission": made.to_json(), "board": board.to_json()})
    else:
        emit(submitted_lines(made, board, term))


@command.command("board")
@NAME
@click.option("--all", "whole", is_flag=True, help="Every entry.")
@click.option("--public", is_flag=True, help="The public board, also after the finish.")
@json_option
def board_command(name: str, whole: bool, public: bool, as_json: bool) -> None:
    """Show where you stand, and draw the board as a picture. What is missing of the field is computed first."""
    from gradus.arena import find_play
    from gradus.arena.connectors import find_remote, standing
    from gradus.arena.report import draw_pictures
    from gradus.cli.arena import board_lines, remote_standing_lines
    from gradus.cli.out import emit, emit_json

    term = Terminal.detect()
    remote = find_remote(_root(), name)
    if remote is not None:
        found = standing(remote)
        if as_json:
            emit_json(found.to_json())
        else:
            emit(remote_standing_lines(found, term))
        return
    play = find_play(_root(), name)
    board = _board(play, quiet=as_json, which="public" if public else "")
    field, entries = _cached(play)
    pictures = draw_pictures(play, field, entries)
    if as_json:
        emit_json({**board.to_json(), "pictures": {key: str(path) for key, path in pictures.items()}})
    else:
        emit(board_lines(board, play, pictures, whole, term))


@command.command("finish")
@NAME
@click.option("--choose", type=int, multiple=True, help="A submission that counts; two at most. Your best by default.")
@json_option
def finish_command(name: str, choose: tuple[int, ...], as_json: bool) -> None:
    """End the competition NAME: your write-up is kept, the private board opens, the report is written."""
    from gradus.arena import find_play, finish
    from gradus.arena.report import write_report
    from gradus.cli.arena import finish_lines
    from gradus.cli.out import emit, emit_json

    _require_local(name)
    play = find_play(_root(), name)
    finish(play, choose)
    board = _board(play, quiet=as_json)
    page = write_report(play, *_cached(play))
    if as_json:
        emit_json({**board.to_json(), "told": list(play.drawn.told), "report": str(page)})
    else:
        emit(finish_lines(board, play, page, Terminal.detect()))


@command.command("report")
@NAME
@json_option
def report_command(name: str, as_json: bool) -> None:
    """Write the report of the competition NAME as a page with pictures, and say where it lies."""
    from gradus.arena import find_play, write_report
    from gradus.cli.out import emit, emit_json
    from gradus.cli.places import shorten

    _require_local(name)
    play = find_play(_root(), name)
    _board(play, quiet=as_json)
    page = write_report(play, *_cached(play))
    if as_json:
        emit_json({"report": str(page)})
    else:
        emit([f"The report is in {shorten(page)}."])


def _root() -> Path:
    from gradus.cli.places import require_workspace

    return require_workspace()


def _require_local(name: str) -> None:
    from gradus.arena.connectors import find_remote
    from gradus.errors import UsageError

    remote = find_remote(_root(), name)
    if remote is not None:
        raise UsageError(
            f"“{name}” is decided on {remote.host}, not here.", str(remote.folder), f"gradus arena board {name}"
        )


def _board(play: Play, *, compute: bool = True, quiet: bool = False, which: str = "") -> Board:
    from gradus.arena import board_of

    field, entries = _field(play, quiet=quiet) if compute else _cached(play)
    return board_of(play, field, entries, which)


def _cached(play: Play) -> tuple[list[Scored], int]:
    from gradus.arena.field import cached_field

    return cached_field(play.drawn)


def _field(play: Play, quiet: bool) -> tuple[list[Scored], int]:
    """Compute what is missing of the field; Ctrl-C leaves the rest for later."""
    from gradus.arena import compute_field

    field, entries = _cached(play)
    if len(field) == entries:
        return field, entries
    shows = not quiet and sys.stderr.isatty()

    def show(done: int, of: int) -> None:
        if shows:
            click.echo(f"\rThe field: {done} of {of} entries (Ctrl-C leaves the rest for later) ", nl=False, err=True)

    progress: Any = show
    try:
        compute_field(play.drawn, progress)
    except KeyboardInterrupt:
        pass
    finally:
        if shows:
            click.echo("\r" + " " * 70 + "\r", nl=False, err=True)
    return _cached(play)
