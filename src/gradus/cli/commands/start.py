"""``gradus start``: the same road in a browser, served on this machine alone."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("start")
@click.argument(
    "folder", type=click.Path(path_type=Path, file_okay=False), required=False,
    help="Your folder; the one you are in, or ./gradus-work, by default. It is made if it is missing.",
)  # fmt: skip
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The port to listen on; a free one by default.")
@click.option("--no-browser", is_flag=True, help="Only print the link.")
def command(folder: Path | None, port: int, no_browser: bool) -> None:
    """Open Gradus in the browser: lessons, editor, checks and plan on one page.

    Only this machine and only who has the printed link can reach it. Ctrl-C ends it; nothing of your work is lost.
    """
    from gradus.cli.graders import LazyGrader
    from gradus.cli.out import emit
    from gradus.cli.places import shorten, workspace_root
    from gradus.cli.term import Terminal
    from gradus.learner import Workspace
    from gradus.roadmap import load_roadmap
    from gradus.web.serve import running_at, serve

    term = Terminal.detect()
    root = folder or workspace_root() or Path("gradus-work")
    roadmap = load_roadmap()
    is_new = not (root / "gradus.toml").is_file()
    workspace = Workspace.create(root, roadmap) if is_new else Workspace.find(root)
    if is_new:
        emit([f"Made {shorten(workspace.root)}: your exercises are plain files in it."])
    if url := running_at(workspace):
        emit(["Gradus already runs for this folder:", "", f"  {term.style(url, 'info')}"])
        if not no_browser:
            click.launch(url)
        return

    def say(url: str) -> None:
        emit(["Gradus runs at", "", f"  {term.style(url, 'info')}", "", "Ctrl-C ends it."])
        if not no_browser:
            click.launch(url)

    grader = LazyGrader()
    try:
        serve(workspace, roadmap, grader.lend, port, say)
    finally:
        grader.close()
