"""``gradus version``."""

from __future__ import annotations

import click

from gradus.cli.out import emit_json


@click.command("version")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(as_json: bool) -> None:
    """Print the version, and the Python it runs on."""
    import platform

    from gradus import __version__

    if as_json:
        emit_json({"gradus": __version__, "python": platform.python_version(), "platform": platform.platform()})
    else:
        click.echo(f"gradus {__version__} (Python {platform.python_version()})")
