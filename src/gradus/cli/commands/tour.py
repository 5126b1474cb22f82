"""``gradus tour``: the whole road walked once, from a first exercise to a deployed model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from gradus.cli.commands.shared import json_option
from gradus.cli.term import Terminal


@click.command("tour")
@click.argument(
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("gradus-tour"),
    help="A new folder for all of it; ./gradus-tour by default.",
)
@click.option("--serve", "serve_it", is_flag=True, help="Run the deployed model, of this tour or one walked before.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="For --serve.")
@click.option(
    "--engine", type=click.Choice(["auto", "podman", "docker", "none"]), default="auto", show_default=True,
    help="The container engine.",
)  # fmt: skip
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), help="Draw what is drawn as an earlier tour did.")
@json_option
@click.pass_context
def command(
    ctx: click.Context, folder: Path, serve_it: bool, port: int, engine: str, seed: int | None, as_json: bool
) -> None:
    """Walk the whole road once in a new FOLDER, with the reference solutions as the learner.

    Everything is really done: exercises are judged, a test set is sealed, models are trained and tracked, a service is
    started, examined and put into a container where there is an engine. Takes some minutes.
    """
    from gradus.cli.out import emit, emit_json
    from gradus.cli.tour import LiveShow, PlainShow, SilentShow, end_lines
    from gradus.tour import steps, walk

    term = Terminal.detect()
    folder = folder.absolute()
    if serve_it and _walked(folder):
        _serve(folder, port, term)
        return
    show: Any = SilentShow() if as_json else LiveShow(term, len(steps())) if term.interactive else PlainShow(term)
    try:
        walked = walk(folder, show, seed=seed, engine=engine)
    finally:
        show.close()
    if as_json:
        emit_json(walked.to_json())
    else:
        emit(end_lines(walked, term))
    if serve_it and walked.curl:
        _serve(folder, port, term)
    ctx.exit(1 if walked.failed else 0)


def _walked(folder: Path) -> bool:
    """Whether a tour that ended lies in this folder."""
    try:
        return bool(json.loads((folder / "tour.json").read_text(encoding="utf-8")).get("curl"))
    except (OSError, ValueError, AttributeError):
        return False


def _serve(folder: Path, port: int, term: Terminal) -> None:
    from gradus.cli.out import emit
    from gradus.tour import serve
    from gradus.tour.deployed import curl_line

    curl = str(json.loads((folder / "tour.json").read_text(encoding="utf-8"))["curl"])
    shown = curl.replace("127.0.0.1:8000", f"127.0.0.1:{port}") if curl else curl_line({}, port)

    def ready(url: str) -> None:
        emit(
            ["", f"The model answers at {url} until Ctrl-C. In another terminal:", "", term.style(f"  {shown}", "info")]
        )

    serve(folder, port, ready)
