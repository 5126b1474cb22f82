"""``gradus prove``: prove one side of a project alone, without a workspace."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gradus.cli.commands.shared import json_option
from gradus.cli.term import Terminal

if TYPE_CHECKING:
    from gradus.provers import Probe

MARKS = {"passed": ("passed", "ok"), "failed": ("broken", "bad"), "not_applicable": ("unstarted", "dim")}


@click.group("prove", no_args_is_help=True)
def command() -> None:
    """Prove one side of a project: it is run, asked and pressed, and what is wrong is named."""


@command.command("service")
@click.argument("target", metavar="DIR|URL", help="A folder with service.toml, or the address of a running service.")
@click.option("--rows", type=click.IntRange(1, 100_000), default=200, show_default=True, help="Rows to compare.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), help="Draw the rows of an earlier examination again.")
@click.option(
    "--project",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="For a URL: the folder with service.toml and the offline model.",
)
@click.option("--loopback", is_flag=True, help="For a URL: an address of this machine is meant.")
@json_option
@click.pass_context
def service_command(
    ctx: click.Context, target: str, rows: int, seed: int | None, project: Path | None, loopback: bool, as_json: bool
) -> None:
    """Prove the service of a project, or one at a URL.

    A project's service is started from its declared command in a copy of the folder, compared with the offline model,
    sent junk, pressed, killed, started again, and started without its model. Of a running service only what can be
    asked from outside is proved; private addresses are refused.

    Exits 0 when nothing failed, 1 when a fault was found.
    """
    import secrets

    import numpy as np

    from gradus.cli.out import emit, emit_json
    from gradus.provers.service import examine

    term = Terminal.detect()
    seed = secrets.randbelow(2**31) if seed is None else seed
    live = Live(term if term.interactive and not as_json else None)
    found: list[Probe] = []
    rng = np.random.default_rng(seed)
    with (
        closing(examine(target, rows=rows, rng=rng, project=project, loopback=loopback, begun=live.begin)) as probes,
        closing(live),
    ):
        for probe in probes:
            found.append(probe)
            live.close()
            if not as_json:
                emit(_probe(probe, term))
    proved = bool(found) and all(probe.outcome != "failed" for probe in found)
    if as_json:
        emit_json(
            {
                "target": target,
                "outcome": "proved" if proved else "not_proved",
                "seed": seed,
                "faults": [probe.fault for probe in found if probe.fault],
                "probes": [probe.to_json() for probe in found],
            }
        )
    else:
        emit(_conclusion(found, proved, target, seed, term))
    ctx.exit(0 if proved else 1)


class Live:
    """The line that says what is being probed now, on a terminal; nothing elsewhere."""

    def __init__(self, term: Terminal | None) -> None:
        self._term = term
        self._shown = False

    def begin(self, title: str) -> None:
        """Show the probe that begins."""
        if self._term is None:
            return
        from gradus.cli.text import clip

        line = clip(f"{self._term.symbol('not_yet')} {title} {self._term.symbol('cut')}", self._term.width, "")
        self._write(f"\r\x1b[K{self._term.style(line, 'dim')}")
        self._shown = True

    def close(self) -> None:
        """Take the line away."""
        if self._shown:
            self._write("\r\x1b[K")
            self._shown = False

    @staticmethod
    def _write(text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()


def _probe(probe: Probe, term: Terminal) -> list[str]:
    """One probe: its title and what was measured in a line, what went wrong in full below it."""
    from gradus.cli.markdown import inline, render
    from gradus.cli.text import indent, one_line, wrap, wrap_spans

    symbol, style = MARKS[probe.outcome]
    first, *rest = wrap_spans(inline(one_line(probe.title, 300), term), term.width - 4, term) or [""]
    lines = [f"{term.style(term.symbol(symbol), style)} {first}", *indent(rest, "  ")]
    if probe.outcome == "passed":
        said = one_line(probe.message, 400)
        return lines + indent(wrap(term.prose(said), term.width - 4, term, "dim"), "    ") if said else lines
    return lines + indent(render(probe.message, term, max(20, term.width - 4)), "    ")


def _conclusion(found: list[Probe], proved: bool, target: str, seed: int, term: Terminal) -> list[str]:
    from gradus.cli.text import one_line, plural

    counts: Mapping[str, int] = {name: sum(probe.outcome == name for probe in found) for name in MARKS}
    left = counts["not_applicable"]
    aside = f", {plural(left, 'probe')} did not apply" if left else ""
    lines = [""]
    if proved:
        head = term.style(f"{term.symbol('passed')} Proved", "ok", "strong")
        lines.append(f"{head}: {plural(counts['passed'], 'probe')} passed{aside}")
        return lines
    faults: list[Any] = [probe.fault for probe in found if probe.fault]
    head = term.style(f"{term.symbol('broken')} Not proved", "bad", "strong")
    lines.append(f"{head}: {', '.join(map(str, faults)) or 'nothing could be probed'}")
    replay = f"gradus prove service {one_line(target, 200)} --seed {seed}"
    return [*lines, f"{term.style(replay, 'info')}   the same rows again"]
