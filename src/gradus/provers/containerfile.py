"""What a Containerfile says: its instructions, and the images it starts from.

Only what the provers need to know before a build; the engine alone decides what an instruction does.
Source: the Dockerfile reference (line continuation, comments, parser directives, heredocs, ARG before FROM).
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

NAMES = ("Containerfile", "Dockerfile")

#: Tags whose meaning changes from one month to the next without anybody choosing it.
MOVING = frozenset(
    {"latest", "edge", "nightly", "main", "master", "dev", "devel", "rolling", "stable", "testing", "lts"}
)

_HEREDOC = re.compile(r"<<-?\s*(['\"]?)([A-Za-z_]\w*)\1")
_VARIABLE = re.compile(r"\$(?:(\w+)|\{(\w+)(?::([-+])([^}]*))?\})")


@dataclass(frozen=True)
class Instruction:
    """One instruction: its keyword in capitals, the rest as one line, and where it begins (from 1)."""

    keyword: str
    value: str
    line: int

    @property
    def flags(self) -> dict[str, list[str]]:
        """The ``--name=value`` flags before the arguments."""
        found: dict[str, list[str]] = {}
        for word in self.value.split():
            if not word.startswith("--"):
                break
            name, _, value = word[2:].partition("=")
            found.setdefault(name, []).append(value)
        return found

    @property
    def arguments(self) -> list[str]:
        """The words after the flags; of a JSON list, its entries."""
        rest = self.value
        while rest.startswith("--"):
            rest = rest.partition(" ")[2].lstrip()
        if rest.startswith("["):
            try:
                return [str(item) for item in json.loads(rest)]
            except ValueError:
                pass
        try:
            return shlex.split(rest)
        except ValueError:
            return rest.split()


@dataclass(frozen=True)
class Base:
    """An image that a stage starts from."""

    reference: str
    line: int

    @property
    def digest(self) -> str:
        """The digest that names the very bytes, or an empty text."""
        return self.reference.partition("@")[2]

    @property
    def tag(self) -> str:
        """The tag, or an empty text."""
        last = self.reference.partition("@")[0].rpartition("/")[2]
        return last.partition(":")[2]

    @property
    def moves(self) -> bool:
        """Whether tomorrow's build may start from something else: no digest, and no tag or a moving one."""
        return not self.digest and self.reference != "scratch" and self.tag.lower() in MOVING | {""}


def find(folder: Path, named: str = "") -> Path | None:
    """The project's Containerfile: the one that it names, or a file called so; None if there is none."""
    for name in (named,) if named else NAMES:
        if (folder / name).is_file():
            return folder / name
    return None


def parse(text: str) -> tuple[Instruction, ...]:
    """The instructions in order. Comments and blank lines are left out, continued lines and heredocs joined."""
    return tuple(_instructions(text))


def _instructions(text: str) -> Iterator[Instruction]:
    lines = text.splitlines()
    escape = _escape(lines)
    number = 0
    while number < len(lines):
        start, parts = number + 1, list[str]()
        while number < len(lines):
            line = lines[number].strip()
            number += 1
            if line.startswith("#") or not line:
                if parts:
                    continue  # comments and blank lines inside a continued instruction do not end it
                break
            if not line.endswith(escape):
                parts.append(line)
                break
            parts.append(line[:-1].rstrip())
        joined = " ".join(part for part in parts if part)
        if not joined:
            continue
        keyword, _, value = joined.partition(" ")
        if keyword.upper() in ("RUN", "COPY", "ADD"):
            for _, end in _HEREDOC.findall(value):
                while number < len(lines) and lines[number].strip() != end:
                    value += "\n" + lines[number]
                    number += 1
                number += 1
        yield Instruction(keyword.upper(), value.strip(), start)


def _escape(lines: list[str]) -> str:
    for line in lines:
        directive = re.match(r"#\s*(\w+)\s*=\s*(\S+)\s*$", line)
        if not directive:
            break
        if directive[1].lower() == "escape":
            return directive[2]
    return "\\"


def arguments(instructions: tuple[Instruction, ...]) -> dict[str, str]:
    """Every ARG with its default value (an empty text without one), whatever the stage."""
    found: dict[str, str] = {}
    for instruction in instructions:
        if instruction.keyword == "ARG":
            for word in instruction.arguments:
                name, _, default = word.partition("=")
                found[name] = found.get(name) or default
    return found


def bases(instructions: tuple[Instruction, ...], given: Mapping[str, str] | None = None) -> tuple[Base, ...]:
    """The images that stages start from, in order, ARGs filled in; earlier stages of the same file are left out."""
    values: dict[str, str] = {}
    stages: set[str] = set()
    found: list[Base] = []
    for instruction in instructions:
        if instruction.keyword == "ARG" and not found and not stages:
            for word in instruction.arguments:
                name, _, default = word.partition("=")
                values[name] = (given or {}).get(name, default)
        if instruction.keyword != "FROM":
            continue
        words = instruction.arguments
        reference = fill(words[0], values) if words else ""
        if reference.lower() not in stages:
            found.append(Base(reference, instruction.line))
        if len(words) == 3 and words[1].upper() == "AS":
            stages.add(words[2].lower())
    return tuple(found)


def fill(text: str, values: Mapping[str, str]) -> str:
    """``text`` with ``$NAME``, ``${NAME}``, ``${NAME:-default}`` and ``${NAME:+other}`` replaced."""

    def value(match: re.Match[str]) -> str:
        said = values.get(match[1] or match[2], "")
        if match[3] == "-":
            return said or match[4]
        if match[3] == "+":
            return match[4] if said else ""
        return said

    return _VARIABLE.sub(value, text)


def last_stage(instructions: tuple[Instruction, ...]) -> tuple[Instruction, ...]:
    """The instructions from the last FROM on: what the image is made of."""
    starts = [index for index, instruction in enumerate(instructions) if instruction.keyword == "FROM"]
    return instructions[starts[-1] :] if starts else ()


def secret_mounts(instructions: tuple[Instruction, ...]) -> tuple[str, ...]:
    """The ids of secrets that a build asks for with ``RUN --mount=type=secret,id=…``."""
    found = []
    for instruction in instructions:
        for mount in instruction.flags.get("mount", []):
            options = dict(option.partition("=")[::2] for option in mount.split(","))
            if instruction.keyword == "RUN" and options.get("type") == "secret":
                target = options.get("target", options.get("dst", ""))
                found.append(options.get("id") or Path(target).name)
    return tuple(dict.fromkeys(name for name in found if name))
