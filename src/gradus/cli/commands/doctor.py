"""``gradus doctor``: what is installed, what protects the learner, what is missing and what to do about it."""

from __future__ import annotations

from typing import Any

import click

from gradus.cli.out import emit, emit_json
from gradus.cli.term import Terminal
from gradus.cli.text import cells, indent, one_line, pad, plural, sanitize, wrap

WORDS = {"ok": ("passed", "ok"), "note": ("dot", "dim"), "weak": ("not_yet", "warn"), "missing": ("broken", "bad")}


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """Say what is installed, which protections hold, and what to do about what is missing.

    Exits 1 when something essential is missing, 0 otherwise.
    """
    from gradus.cli.examine import examine

    checks = examine()
    ok = not any(check["essential"] and check["status"] == "missing" for check in checks)
    if as_json:
        emit_json({"ok": ok, "checks": checks})
    else:
        emit(_render(checks, ok, Terminal.detect()))
    ctx.exit(0 if ok else 1)


def _render(checks: list[dict[str, Any]], ok: bool, term: Terminal) -> list[str]:
    lines: list[str] = []
    group = ""
    width = min(22, max(cells(check["title"]) for check in checks))
    for check in checks:
        if check["group"] != group:
            group = check["group"]
            lines += ([""] if lines else []) + [term.style(group, "strong")]
        lines += _row(check, width, term)
    return [*lines, "", *_summary(checks, ok, term)]


def _row(check: dict[str, Any], width: int, term: Terminal) -> list[str]:
    symbol, style = WORDS[check["status"]]
    mark = term.style(pad(term.symbol(symbol), 1 if term.unicode else 4), style)
    margin = cells(mark) + 3 + width
    if margin > term.width // 2:
        lines = [f"{mark} {check['title']}", *indent(wrap(_detail(check, term), term.width - 4, term, "dim"), "    ")]
    else:
        detail = wrap(_detail(check, term), term.width - margin, term) or [""]
        lines = [f"{mark} {pad(check['title'], width)}  {detail[0]}".rstrip(), *indent(detail[1:], " " * margin)]
    if check["remedy"]:
        arrow = f"    {term.symbol('arrow')} "
        first, *rest = wrap(term.prose(sanitize(check["remedy"])), term.width - cells(arrow), term, style)
        lines += [term.style(arrow, style) + first, *indent(rest, " " * cells(arrow))]
    return lines


def _detail(check: dict[str, Any], term: Terminal) -> str:
    words = {"missing": "missing", "weak": "not active"}.get(check["status"], "")
    detail = term.prose(one_line(check["detail"], 400))
    return f"{words}: {detail}" if words and detail else words or detail


def _summary(checks: list[dict[str, Any]], ok: bool, term: Terminal) -> list[str]:
    weak = sum(check["status"] in ("weak", "missing") for check in checks)
    if not ok:
        return [term.style("Something essential is missing; see the arrows above.", "bad", "strong")]
    if weak:
        text = f"Everything essential is here. {plural(weak, 'thing')} could be better; see the arrows."
        return wrap(text, term.width, term, "strong")
    return [term.style("Everything is here.", "ok", "strong")]
