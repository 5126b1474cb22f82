"""``gradus install``: the libraries of a stage, when the learner reaches it."""

from __future__ import annotations

import shlex
import sys

import click

from gradus.cli.commands.shared import json_option


@click.command("install")
@click.argument("libraries", metavar="SET", default="mlops", help="Which libraries; mlops (Stage 5) by default.")
@click.option("--how", "dry", is_flag=True, help="Only say what would be run.")
@click.option("--again", is_flag=True, help="Install although everything is there.")
@click.option("--verbose", is_flag=True, help="Show everything that the installer says.")
@json_option
@click.pass_context
def command(ctx: click.Context, libraries: str, dry: bool, again: bool, verbose: bool, as_json: bool) -> None:
    """Install the libraries of a stage into the environment that Gradus runs in.

    From a checkout they come from its lock: every package pinned and its hash checked. Otherwise they are the package's
    extra of that name. Exits 0 when they are there.
    """
    from gradus.cli import hosting
    from gradus.cli.installing import SETS, install, missing, plan
    from gradus.cli.out import emit, emit_json
    from gradus.errors import HostError

    chosen = plan(libraries)
    absent = missing(libraries)
    typed = shlex.join(chosen.command)
    if dry or (not absent and not again):
        if as_json:
            emit_json({"set": libraries, "command": typed, "missing": list(absent), "installed": not absent})
        elif dry:
            emit([typed])
        else:
            emit([f"Everything for {SETS[libraries]} is installed already."])
        return
    if not as_json:
        count = (
            f"{chosen.packages} packages, each with its hash checked" if chosen.packages else "from the package index"
        )
        emit([f"Installing what {SETS[libraries]} needs ({count}).", f"  {typed}"])
    with _shown(verbose, as_json) as show:
        install(chosen, show)
    hosting.stop()  # one that runs has the old versions loaded
    absent = missing(libraries)
    if absent:
        raise HostError("The installer ended well, but some libraries are missing still.", ", ".join(absent))
    if as_json:
        emit_json({"set": libraries, "command": typed, "missing": [], "installed": True})
    else:
        emit([f"Done: {SETS[libraries]} can begin."])


class _shown:  # noqa: N801 - used as a function
    """Shows a line as it comes: replaced by the next on a terminal, one below the other with ``verbose``."""

    def __init__(self, verbose: bool, quiet: bool) -> None:
        self._replaces = sys.stderr.isatty() and not verbose and not quiet
        self._prints = verbose and not quiet

    def __enter__(self) -> _shown:
        return self

    def __call__(self, line: str, told: str) -> None:
        if self._replaces and told:
            from gradus.cli.term import Terminal
            from gradus.cli.text import clip

            sys.stderr.write(f"\r\x1b[K  {clip(told, max(10, Terminal.detect().width - 3), '…')}")
            sys.stderr.flush()
        elif self._prints:
            print(line, file=sys.stderr, flush=True)

    def __exit__(self, *_: object) -> None:
        if self._replaces:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
