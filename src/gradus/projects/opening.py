"""The best quarters for a project that this machine has."""

from __future__ import annotations

import sys
import time
from typing import Literal

from gradus.projects.errors import CannotRun
from gradus.projects.plain import Plain
from gradus.projects.quarters import Bounds, Quarters

Isolation = Literal["auto", "none", "plain"]


def open_quarters(name: str, bounds: Bounds, deadline: float | None = None, isolation: Isolation = "auto") -> Quarters:
    """Quarters for a folder of this name. ``isolation`` is ``auto`` but for tests: ``none`` leaves the namespaces out,
    ``plain`` everything.

    Raises:
        CannotRun: no process can be started at all.
    """
    if sys.platform == "win32":
        raise CannotRun("projects are run on Linux and macOS; on Windows, use Gradus in WSL 2")
    until = time.monotonic() + bounds.seconds if deadline is None else deadline
    found: Quarters | None = None
    why = ""
    if sys.platform == "linux" and isolation != "plain":
        for namespaces in (True, False):
            if namespaces and isolation == "none":
                why = "namespaces are switched off"
                continue
            from gradus.projects.sandboxed import Sandbox

            try:
                found = Sandbox(name, bounds, until, namespaces, why)
                break
            except CannotRun as error:
                why = str(error)
    if found is None:
        found = Plain(name, bounds, until, why)
    found.watch()
    return found
