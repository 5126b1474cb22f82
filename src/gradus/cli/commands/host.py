"""``gradus host``: the background process. Started by ``gradus check``; nobody needs to type it."""

from __future__ import annotations

import click


@click.command("host", hidden=True)
@click.argument("action", type=click.Choice(["run", "stop", "status"]), default="run")
@click.option("--idle", type=float, default=900.0, show_default=True, help="Leave after so many idle seconds.")
def command(action: str, idle: float) -> None:
    """Run the background process that answers checks, ask how it is, or end it."""
    from gradus.cli import hosting
    from gradus.cli.out import emit, emit_json

    if action == "run":
        from gradus.cli.host import serve

        serve(idle)
    elif action == "status":
        emit_json(hosting.status() or {"running": False})
    else:
        emit(["Ended."] if hosting.stop() else ["No background process runs."])
