"""Writing to the screen, for people and for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Any


def emit(lines: Iterable[str]) -> None:
    """Print lines in one write, so that a terminal shows them at once."""
    sys.stdout.write("\n".join([*lines, ""]))


def emit_json(data: Any) -> None:
    """Print JSON with stable key order."""
    sys.stdout.write(json.dumps(data, indent=2, ensure_ascii=False, default=str) + "\n")
