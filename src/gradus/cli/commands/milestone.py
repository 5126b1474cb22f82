"""``gradus milestone``: prove a stage on one's own work."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from gradus.cli.commands.roadmap import complete_stage
from gradus.cli.commands.shared import json_option
from gradus.cli.term import Terminal

Json = Mapping[str, Any]
WORDS = {
    "verified": ("passed", "ok", "Verified"),
    "partial": ("not_yet", "warn", "Partly verified"),
    "unverified": ("broken", "bad", "Not verified"),
}


@click.command("milestone")
@click.argument("stage", type=int, shell_complete=complete_stage, help="The stage's number.")
@click.option("--file", "file", type=click.Path(path_type=Path, dir_okay=False), help="Your own script or artifact.")
@click.option("--data", "data", type=click.Path(path_type=Path, dir_okay=False), help="Your own data file.")
@json_option
@click.pass_context
def command(ctx: click.Context, stage: int, file: Path | None, data: Path | None, as_json: bool) -> None:
    """Prove STAGE on your own work: it is run, probed and attacked, and what was measured is written down.

    Exits 0 when it is verified, 1 when it is not, or only partly.
    """
    from gradus.cli.ask import ask_checker
    from gradus.cli.out import emit, emit_json

    options = {"file": str(file.absolute()) if file else None, "data": str(data.absolute()) if data else None}
    report = ask_checker("milestone", stage=stage, **{key: value for key, value in options.items() if value})
    if as_json:
        emit_json(report)
    else:
        emit(_lines(report, Terminal.detect()))
    ctx.exit(0 if report["outcome"] == "verified" else 1)


def _lines(report: Json, term: Terminal) -> list[str]:
    from gradus.cli.markdown import render
    from gradus.cli.places import shorten
    from gradus.cli.text import indent, one_line

    symbol, style, words = WORDS[report["outcome"]]
    lines = [term.style(f"{term.symbol(symbol)} {words}", style, "strong") + f"  Stage {report['stage']}", ""]
    for probe in report["probes"]:
        symbol, style, _ = WORDS.get(probe["outcome"], _mark(probe["outcome"]))
        lines.append(f"{term.style(term.symbol(symbol), style)} {one_line(probe['title'], 200)}")
        if probe.get("measured") not in (None, "", {}, []):
            lines += indent([term.style(_measured(probe["measured"]), "dim")], "    ")
        if probe.get("message"):
            lines += indent(render(probe["message"], term, max(20, term.width - 4)), "    ")
    if report.get("evidence"):
        lines += ["", f"Evidence: {one_line(shorten(report['evidence']), 300)}"]
    return lines


def _mark(outcome: str) -> tuple[str, str, str]:
    return {"passed": WORDS["verified"], "not_run": WORDS["partial"], "skipped": WORDS["partial"]}.get(
        outcome, WORDS["unverified"]
    )


def _measured(value: Any) -> str:
    from gradus.cli.text import one_line

    if isinstance(value, Mapping):
        return one_line(", ".join(f"{key} {item}" for key, item in value.items()), 200)
    return one_line(str(value), 200)
