"""The background host: how a command finds it, starts it and talks to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

Json = dict[str, Any]


def ask_host(root: Path | None, what: str, args: Json, start: bool) -> Json | None:
    return None


def status() -> Json | None:
    return None


def start_quietly() -> None:
    pass
