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
FILE = click.Path(path_type=Path, dir_okay=False)
PROBES = {"passed": ("passed", "ok"), "failed": ("broken", "bad"), "not_applicable": ("unstarted", "dim")}
OUTCOMES = {
    "verified": ("passed", "ok", "Verified"),
    "partial": ("not_yet", "warn", "Partly verified"),
    "unverified": ("broken", "bad", "Not verified"),
}


@click.command("milestone")
@click.argument("stage", type=int, default=1, shell_complete=complete_stage, help="The stage's number; 1 by default.")
@click.option(
    "--file", "file", type=click.Path(path_type=Path, dir_okay=False), help="Your script, if it lies elsewhere."
)
@click.option(
    "--data",
    "data",
    type=click.Path(path_type=Path),
    help="Your data (stage 5: your project's folder) if not as named.",
)
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), help="Draw the alterations of an earlier examination again.")
@json_option
@click.pass_context
def command(
    ctx: click.Context, stage: int, file: Path | None, data: Path | None, seed: int | None, as_json: bool
) -> None:
    """Prove STAGE on your own work: it is run, probed and attacked, and what was measured is written down.

    The first time, the task and a starter are laid into your folder.
    Exits 0 when it is verified, 1 when it is not, or only partly.
    """
    from gradus.cli.ask import ask_slowly
    from gradus.cli.out import emit, emit_json

    term = Terminal.detect()
    options = {
        "file": str(file.absolute()) if file else None,
        "data": str(data.absolute()) if data else None,
        "seed": seed,
    }
    args = {"stage": stage, **{key: value for key, value in options.items() if value is not None}}
    shown: list[Json] = []

    def show(probe: Json) -> None:
        shown.append(probe)
        if not as_json:
            emit(_probe(probe, term))

    report = ask_slowly("milestone", args, show)
    if as_json:
        emit_json(report)
    elif report.get("laid_out"):
        emit(_invitation(report, term))
    else:
        emit([line for probe in report["probes"][len(shown) :] for line in _probe(probe, term)])
        emit(_conclusion(report, term))
    ctx.exit(0 if report["outcome"] == "verified" else 1)


def _invitation(report: Json, term: Terminal) -> list[str]:
    """The task, the first time."""
    from gradus.cli.markdown import render
    from gradus.cli.places import shorten
    from gradus.cli.text import one_line
    from gradus.cli.verdict import command_rows

    lines = [*render(report["task"], term), "", "Write it in"]
    lines += [f"  {term.style(one_line(shorten(report['laid_out']), 300), 'info')}", ""]
    return lines + command_rows([(f"gradus milestone {report['stage']}", "examines what you wrote")], term)


def _probe(probe: Json, term: Terminal) -> list[str]:
    """One probe as soon as it is known: what was asked, what was measured, what to say about it."""
    from gradus.cli.markdown import inline, render
    from gradus.cli.text import indent, one_line, wrap, wrap_spans

    symbol, style = PROBES.get(probe["outcome"], ("unstarted", "dim"))
    first, *rest = wrap_spans(inline(one_line(probe["title"], 300), term), term.width - 4, term) or [""]
    lines = [f"{term.style(term.symbol(symbol), style)} {first}", *indent(rest, "  ")]
    if measured := _measured(probe.get("measured")):
        lines += indent(wrap(measured, term.width - 4, term, "dim"), "    ")
    if probe.get("message") and probe["outcome"] != "passed":
        lines += indent(render(probe["message"], term, max(20, term.width - 4)), "    ")
    return lines


def _conclusion(report: Json, term: Terminal) -> list[str]:
    from gradus.cli.places import shorten
    from gradus.cli.text import one_line, wrap

    symbol, style, words = OUTCOMES[report["outcome"]]
    title = one_line(report.get("title") or "", 80)
    head = f"{term.style(f'{term.symbol(symbol)} {words}', style, 'strong')}: stage {report['stage']}"
    lines = ["", f"{head}, {title}" if title else head]
    if report.get("evidence"):
        evidence = f"What was run and measured is written down in {shorten(report['evidence'])}"
        lines += wrap(one_line(evidence, 400), term.width, term, "dim")
    if report.get("page"):
        lines += wrap(one_line(f"A page to show: {shorten(report['page'])}", 400), term.width, term)
    if report["outcome"] == "unverified":
        replay = f"gradus milestone {report['stage']} --seed {report.get('seed')}"
        lines += ["", f"{term.style(replay, 'info')}   the same alterations again"]
    return lines


def _measured(value: Any) -> str:
    from gradus.cli.text import one_line

    if isinstance(value, Mapping):
        return one_line("; ".join(f"{key.replace('_', ' ')} {_measured(item)}" for key, item in value.items()), 200)
    if isinstance(value, list | tuple):
        return one_line(", ".join(map(str, value)), 200)
    return "" if value is None else one_line(str(value), 200)
