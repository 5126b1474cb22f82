"""The entry point of the ``gradus`` command, and the one place where errors become sentences and exit codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from gradus.cli.group import LazyGroup
from gradus.errors import GradusError

PASSED, NOT_PASSED, USAGE, FAULT, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 3, 130, 141

_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 96}


@click.command(cls=LazyGroup, invoke_without_command=True, context_settings=_CONTEXT, no_args_is_help=False)
@click.option("--version", is_flag=True, help="Print the version and leave.")
@click.pass_context
def cli(ctx: click.Context, version: bool) -> None:
    """Learn machine learning by doing it: every step is proved by running what you wrote.

    Inside your folder, `gradus` alone says where you are and what comes next.
    """
    if version:
        from gradus import __version__

        click.echo(f"gradus {__version__}")
    elif ctx.invoked_subcommand is None:
        from gradus.cli.commands.home import home

        ctx.exit(home())


def main(args: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and leave with its exit code: 0 passed, 1 not passed, 2 usage, 3 our fault."""
    code = run(sys.argv[1:] if args is None else args)
    _flush()
    sys.exit(code)


def run(args: Sequence[str]) -> int:
    """The exit code of one command line. Nothing but ``SystemExit`` from a signal handler leaves it."""
    _forgiving_streams()
    try:
        result = cli.main(list(args), prog_name="gradus", standalone_mode=False)
        return result if isinstance(result, int) else PASSED
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        _silence()
        return PIPE_CLOSED
    except click.ClickException as error:
        return _show_usage(error)
    except GradusError as error:
        from gradus.cli.failures import show_error

        return show_error(error, as_json="--json" in args)
    except Exception as error:
        from gradus.cli.failures import show_unexpected

        return show_unexpected(error, args, as_json="--json" in args)


def _show_usage(error: click.ClickException) -> int:
    """What Click found wrong with the command line, on two lines."""
    from gradus.cli.failures import show_usage

    return show_usage(error)


def _forgiving_streams() -> None:
    """A character that the terminal's code page lacks is shown escaped; it never ends the program."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _flush() -> None:
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (BrokenPipeError, ValueError):
        _silence()


def _silence() -> None:
    """Let the interpreter's last flush of a closed pipe go nowhere."""
    try:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
    except (OSError, ValueError):
        pass
