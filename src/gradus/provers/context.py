"""Which files a build may see: ``.dockerignore``, by the rules of its documentation, and what COPY takes of them.

The rules (Docker's documentation of ``.dockerignore``; matching as Go's ``filepath.Match`` plus ``**``): one pattern a
line; ``#`` begins a comment line; white space around a pattern and leading and trailing slashes do not count; ``*`` and
``?`` stop at a slash, ``**`` does not; a pattern that matches a folder holds for all that is in it; ``!`` makes an
exception; the *last* pattern that matches decides.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from gradus.provers import containerfile

NAMES = (".containerignore", ".dockerignore")


def read_patterns(folder: Path) -> tuple[str, ...]:
    """The lines of the project's ignore file; empty without one."""
    for name in NAMES:
        if (folder / name).is_file():
            return tuple((folder / name).read_text(encoding="utf-8", errors="replace").splitlines())
    return ()


def build_context(files: Iterable[str], lines: Sequence[str]) -> list[str]:
    """Those of ``files`` (paths from the project's root, with ``/``) that are sent to the build, in order."""
    rules = tuple(rule for line in lines if (rule := _rule(line)))
    return [path for path in files if not _ignored(path, rules)]


def _rule(line: str) -> tuple[bool, str] | None:
    line = line.removeprefix("\ufeff")
    if line.startswith("#"):
        return None
    pattern = line.strip()
    excepted = pattern.startswith("!")
    pattern = posixpath.normpath(pattern[1:].strip() if excepted else pattern) if pattern.strip("!") else ""
    pattern = pattern.strip("/")
    return (excepted, pattern) if pattern and pattern != "." else None


def _ignored(path: str, rules: tuple[tuple[bool, str], ...]) -> bool:
    parts = path.split("/")
    upwards = ["/".join(parts[:end]) for end in range(1, len(parts) + 1)]
    ignored = False
    for excepted, pattern in rules:
        if ignored == excepted and any(_expression(pattern).fullmatch(place) for place in upwards):
            ignored = not excepted
    return ignored


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    """The pattern as a regular expression over a whole path."""
    made, at = "", 0
    while at < len(pattern):
        sign = pattern[at]
        if pattern.startswith("**", at):
            at += 2
            if pattern.startswith("/", at):
                at += 1
                made += "(?:.*/)?"
            else:
                made += ".*"
            continue
        at += 1
        if sign == "*":
            made += "[^/]*"
        elif sign == "?":
            made += "[^/]"
        elif sign == "[" and (end := pattern.find("]", at + 1)) > 0:
            inside = pattern[at:end].replace("\\", "\\\\")
            made += f"[{inside}]"
            at = end + 1
        elif sign == "\\" and at < len(pattern):
            made += re.escape(pattern[at])
            at += 1
        else:
            made += re.escape(sign)
    return re.compile(made, re.DOTALL)


def copied(files: Iterable[str], instructions: tuple[containerfile.Instruction, ...]) -> list[str]:
    """Those of the context's ``files`` that COPY and ADD of the last stage take."""
    files = list(files)
    wanted: list[str] = []
    for instruction in containerfile.last_stage(instructions):
        if instruction.keyword in ("COPY", "ADD") and "from" not in instruction.flags:
            wanted += instruction.arguments[:-1]
    taken = []
    for path in files:
        parts = path.split("/")
        upwards = {"/".join(parts[:end]) for end in range(1, len(parts) + 1)}
        for source in wanted:
            name = posixpath.normpath(source).strip("/")
            if name in ("", ".") or any(_expression(name).fullmatch(place) for place in upwards):
                taken.append(path)
                break
    return taken
