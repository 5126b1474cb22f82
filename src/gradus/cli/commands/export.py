"""``gradus export``: the whole record, as one JSON file."""

from __future__ import annotations

import json
from pathlib import Path

import click

from gradus.cli.commands.shared import json_option


@click.command("export")
@click.argument(
    "file",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    required=False,
    help="Where to write it: gradus-export-DATE.json by default, - for the screen.",
)
@click.option("--force", is_flag=True, help="Replace a file that exists.")
@json_option
def command(file: Path | None, force: bool, as_json: bool) -> None:
    """Write everything you did (attempts, hints, cards, plan, the texts that were checked) to one JSON FILE."""
    from datetime import date

    from gradus.cli.ask import ask
    from gradus.cli.commands.plan import _write
    from gradus.cli.out import emit, emit_json
    from gradus.cli.places import shorten
    from gradus.cli.text import plural

    data = ask("export")
    text = json.dumps(data, indent=1, ensure_ascii=False) + "\n"
    if file is not None and str(file) == "-":
        click.echo(text, nl=False)
        return
    path = file or Path(f"gradus-export-{date.today():%Y-%m-%d}.json")
    _write(path, text, force)
    count = len(data.get("events", []))
    if as_json:
        emit_json({"file": str(path.absolute()), "events": count})
    else:
        emit([f"Wrote {shorten(path)}: {plural(count, 'event')}. `gradus import` reads it back, here or elsewhere."])
