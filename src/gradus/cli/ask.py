"""Asking a question about the workspace: of the background host where one runs, else in this very process."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gradus.cli.places import workspace_root

Json = dict[str, Any]


def ask(what: str, /, **args: Any) -> Json:
    """The answer as JSON data. Raises GradusError as the service did."""
    return _ask(what, args, start=False)


def ask_checker(what: str, /, **args: Any) -> Json:
    """The same for questions that run the learner's code: they are worth starting a host for, when none runs."""
    return _ask(what, args, start=True)


def ask_slowly(what: str, args: Json, show: Callable[[Any], None]) -> Json:
    """The same for questions that take seconds: ``show`` is called with each step as it is done."""
    return _ask(what, args, start=True, show=show)


def _ask(what: str, args: Json, *, start: bool, show: Callable[[Any], None] | None = None) -> Json:
    from gradus.cli import hosting

    root = workspace_root()
    if os.environ.get("GRADUS_NO_HOST") != "1":
        answer = hosting.ask_host(root, what, args, start, show)
        if answer is not None:
            return answer
    return _here(root, what, args, show)


def _here(root: Path | None, what: str, args: Json, show: Callable[[Any], None] | None) -> Json:
    """Answer in this process: slower, since it loads what the host has loaded already."""
    from gradus.cli.graders import LazyGrader
    from gradus.cli.service import Service

    grader = LazyGrader()
    service = Service(root, grader.lend)
    try:
        return service.answer(what, args, show)
    finally:
        service.close()
        grader.close()


def host_status() -> Json | None:
    """What the running host says about itself; None when none runs."""
    from gradus.cli import hosting

    return hosting.status()


def warm_up(root: Path) -> None:
    """Start the host in the background, without waiting for it. Never fails."""
    from gradus.cli import hosting

    if os.environ.get("GRADUS_NO_HOST") != "1":
        hosting.start_quietly()
