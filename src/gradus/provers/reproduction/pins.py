"""What a project requires: are all requirements pinned, and are they what is installed here?"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

_PINNED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?\s*===?\s*([^\s;*,]+)\s*(?:;.*)?$")
_NAME = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)")


@dataclass(frozen=True)
class Requirement:
    """One line of a requirements file. ``version`` is empty when the line leaves it open."""

    name: str
    version: str
    line: str
    where: str


def read_requirements(folder: Path, names: Iterable[str], known: frozenset[str] = frozenset()) -> Iterator[Requirement]:
    """Every requirement of these files and of those that they include with ``-r``.

    Raises OSError for a file that is not there.
    """
    for name in names:
        if name in known:
            continue
        path = (folder / name).resolve()
        for number, line in _lines(path.read_text(encoding="utf-8")):
            words = line.split()
            if words[0] in ("-r", "--requirement", "-c", "--constraint"):
                inner = (path.parent / words[1]).relative_to(folder.resolve()).as_posix()
                yield from read_requirements(folder, [inner], known | {name})
            elif words[0].startswith("-") and words[0] not in ("-e", "--editable"):
                continue  # an option: an index, hashes
            else:
                yield _requirement(line, f"{name}:{number}")


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines that say something, without comments and hashes, and where each begins."""
    number, begun = 0, ""
    for raw in text.splitlines():
        number += 1
        if raw.endswith("\\"):
            begun += raw[:-1] + " "
            continue
        line, begun = begun + raw, ""
        line = re.sub(r"(^|\s)#.*$", "", line).strip()
        line = re.sub(r"\s--hash=\S+", "", line).strip()
        if line:
            yield number, line


def _requirement(line: str, where: str) -> Requirement:
    if match := _PINNED.match(line):
        return Requirement(normal(match[1]), match[2], line, where)
    name = _NAME.match(line)
    return Requirement(normal(name[1]) if name else line, "", line, where)


def normal(name: str) -> str:
    """A distribution's name as the index compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def differences(requirements: Iterable[Requirement]) -> list[str]:
    """Where what is installed here is not what is required, in words. Requirements for other systems are left out."""
    from importlib.metadata import PackageNotFoundError, version

    found = []
    for requirement in requirements:
        if not requirement.version or not _applies(requirement.line):
            continue
        try:
            here = version(requirement.name)
        except PackageNotFoundError:
            found.append(f"{requirement.name} {requirement.version} is not installed")
            continue
        if here != requirement.version:
            found.append(f"{requirement.name} {requirement.version} is {here} here")
    return found


def _applies(line: str) -> bool:
    """Whether the marker behind a semicolon, if there is one, holds here; when in doubt, it does."""
    marker = line.partition(";")[2].strip()
    if not marker:
        return True
    try:
        from packaging.markers import InvalidMarker, Marker
    except ImportError:
        return True
    try:
        return Marker(marker).evaluate()
    except InvalidMarker:
        return True


def unlisted(folder: Path, requirements: Iterable[Requirement]) -> dict[str, str]:
    """Packages that the project's own modules import and no requirement names: module -> file that imports it.

    Only imports at the top of modules count: one inside a function may be meant to be optional.
    """
    from importlib.metadata import packages_distributions

    listed = {requirement.name for requirement in requirements}
    owners = packages_distributions()
    own = {path.stem for path in folder.glob("*.py")} | {path.name for path in folder.iterdir() if path.is_dir()}
    found: dict[str, str] = {}
    for path in sorted(folder.rglob("*.py")):
        if any(part.startswith(".") for part in path.relative_to(folder).parts) or "tests" in path.parts:
            continue
        for name in _imports(path):
            if name in own or name in sys.stdlib_module_names or name in found:
                continue
            distributions = {normal(owner) for owner in owners.get(name, [])}
            if distributions and not distributions & listed:
                found[name] = path.relative_to(folder).as_posix()
    return found


def _imports(path: Path) -> Iterator[str]:
    try:
        tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError):
        return
    for node in tree.body:
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.partition(".")[0]
