"""``gradus import``: read an export back."""

from __future__ import annotations

from pathlib import Path

import click

from gradus.cli.commands.shared import json_option


@click.command("import")
@click.argument(
    "file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True), help="A file that `gradus export` wrote."
)
@json_option
def command(file: Path, as_json: bool) -> None:
    """Read a FILE that `gradus export` wrote. What is known already is left alone, so doing it twice is harmless."""
    from gradus.cli.ask import ask
    from gradus.cli.out import emit, emit_json
    from gradus.cli.text import plural

    result = ask("import", content=_read(file))
    if as_json:
        emit_json(result)
    else:
        emit([f"{plural(result['new'], 'new event')}, {result['known']} known already."])


def _read(file: Path) -> str:
    import sys

    from gradus.errors import UsageError

    try:
        return sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UsageError("There is no such file.", str(file)) from None
    except UnicodeDecodeError:
        raise UsageError("This is not an export: it is not UTF-8 text.", str(file)) from None
    except OSError as error:
        raise UsageError(f"The file cannot be read: {error.strerror}.", str(file)) from None
