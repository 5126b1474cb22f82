"""Errors as people read them: what happened, where, what to do next. No traceback reaches the screen."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import click

from gradus.cli.term import Terminal
from gradus.cli.text import cells, one_line, sanitize, wrap
from gradus.errors import GradusError, UsageError, WorkspaceError

USAGE, FAULT = 2, 3
_LOG_LIMIT = 64 * 1024


def exit_code(error: GradusError) -> int:
    """2 where the request was at fault, 3 where we or the machine were."""
    return USAGE if isinstance(error, UsageError | WorkspaceError) else FAULT


def show_error(error: GradusError, as_json: bool = False) -> int:
    """Render one of our own errors on the standard error stream and return the exit code."""
    code = exit_code(error)
    if as_json:
        _as_json(type(error).__name__, error.what, error.where, error.next_step)
    _lines(error.what, error.where, error.next_step)
    return code


def show_usage(error: click.ClickException) -> int:
    """Render what Click says about the command line."""
    usage = error if isinstance(error, click.UsageError) else None
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.format_message(), err=True)
        return USAGE
    path = usage.ctx.command_path if usage and usage.ctx else "gradus"
    _lines(error.format_message(), "", f"Run `{path} --help` to see what it takes.")
    return USAGE


def show_unexpected(error: Exception, args: Sequence[str], as_json: bool = False) -> int:
    """Keep the details in a bounded file, and say so in a sentence."""
    if os.environ.get("GRADUS_DEBUG"):
        raise error
    what = f"Gradus met a fault of its own: {type(error).__name__}: {one_line(str(error), 160)}"
    log = write_log(error, args)
    step = "Nothing of your work is lost. " + (f"The details are in {log}; please report them." if log else "")
    if as_json:
        _as_json("Fault", what, str(log or ""), step)
    _lines(what, "", step)
    return FAULT


def write_log(error: BaseException, args: Sequence[str]) -> Path | None:
    """Write the traceback into the workspace's ``.gradus/`` or the state folder; None where neither can be written."""
    import platform
    import traceback

    from gradus import __version__

    head = f"gradus {__version__}, Python {platform.python_version()}, {platform.platform()}\n"
    head += f"{time.strftime('%Y-%m-%d %H:%M:%S')}  gradus {' '.join(map(str, args))}\n\n"
    body = "".join(traceback.format_exception(error))
    for folder in _log_folders():
        path = folder / "fault.log"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path.write_text((head + body)[-_LOG_LIMIT:], encoding="utf-8", errors="backslashreplace")
        except OSError:
            continue
        return path
    return None


def _log_folders() -> list[Path]:
    from gradus.cli.places import state_folder, workspace_root

    root = workspace_root()
    return ([root / ".gradus"] if root else []) + [state_folder()]


def _as_json(kind: str, what: str, where: str, next_step: str) -> None:
    """Programs that asked for JSON get the error as JSON, too."""
    print(json.dumps({"error": {"kind": kind, "what": what, "where": where, "next_step": next_step}}))


def _lines(what: str, where: str, next_step: str) -> None:
    term = Terminal.detect(sys.stderr)
    label = "error: "
    body = wrap(term.prose(sanitize(what)), term.width - cells(label), term)
    out = [term.style(label, "bad", "strong") + body[0], *body[1:]]
    if where:
        out.append(term.style(f"{term.symbol('arrow')} {sanitize(where)}", "dim"))
    if next_step:
        out += wrap(term.prose(sanitize(next_step)), term.width, term)
    print("\n".join(out), file=sys.stderr)
