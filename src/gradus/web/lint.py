"""Marks in the editor from Ruff: what would fail, and what is probably not meant. In a process of its own, bounded."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from gradus.learner.records import Record

#: Errors, undefined and unused names, bugbear's likely mistakes. No questions of style: nobody asked for those.
RULES: Final = "E9,F,B006,B007,B008,B011,B015,B018,B020,B023,PLE,PLW0127,PLW0131"
IGNORED: Final = "F401"  # the starter imports what will be needed
SECONDS: Final = 5.0
MOST: Final = 50


@dataclass(frozen=True)
class Mark(Record):
    """One mark; lines and columns count from 1."""

    line: int
    column: int
    end_line: int
    end_column: int
    code: str
    message: str
    severity: str


def lint(source: str, name: str) -> tuple[Mark, ...]:
    """The marks of a source text; none where Ruff is not installed or does not answer."""
    ruff = _ruff()
    if ruff is None:
        return ()
    command = [ruff, "check", "--isolated", "--no-cache", "--select", RULES, "--ignore", IGNORED, "--output-format",
               "json", "--exit-zero", "--stdin-filename", name, "-"]  # fmt: skip
    try:
        done = subprocess.run(
            command, input=source.encode("utf-8", "replace"), capture_output=True, timeout=SECONDS, check=False,
            cwd=tempfile.gettempdir(),
        )  # fmt: skip
        found = json.loads(done.stdout or b"[]")
    except (OSError, subprocess.TimeoutExpired, ValueError):
        return ()
    return tuple(_mark(item) for item in found[:MOST])


def _mark(item: dict[str, Any]) -> Mark:
    start, end = item["location"], item["end_location"]
    code = item.get("code") or "syntax"
    error = code.startswith(("E9", "F8", "PLE", "syntax", "invalid"))
    return Mark(
        start["row"], start["column"], end["row"], end["column"], code, item["message"], "error" if error else "warning"
    )


@cache
def _ruff() -> str | None:
    beside = Path(sys.executable).with_name("ruff.exe" if sys.platform == "win32" else "ruff")
    return str(beside) if beside.is_file() else shutil.which("ruff")
