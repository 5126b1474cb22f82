"""Installing a stage's libraries into the environment that Gradus runs in, with pip or uv."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gradus.errors import HostError, UsageError

#: Set -> what it is for.
SETS: Final = {"mlops": "Stage 5: from a model to a service"}
_PACKAGE: Final = "gradus-ml"
_NAMED = re.compile(r"^\s*(?:Collecting|Requirement already satisfied:|Downloading|Using cached)\s+([A-Za-z0-9._-]+)")
_STARTED = re.compile(r"^\s*(?:Collecting|Requirement already satisfied:)\s+([A-Za-z0-9._-]+)")
_KEPT = 40

Show = Callable[[str, str], None]
"""Gets each line, and what it means in a few words ("" for nothing worth saying)."""


@dataclass(frozen=True)
class Plan:
    """What will be run. ``packages`` is how many the lock names, 0 where there is none."""

    name: str
    command: tuple[str, ...]
    packages: int
    lock: Path | None


def plan(name: str) -> Plan:
    """How to install a set here: from a checkout's lock, hash-checked, or as an extra of the package.

    Raises:
        UsageError: there is no such set, or this environment has neither pip nor uv.
    """
    if name not in SETS:
        known = ", ".join(SETS)
        raise UsageError(f"There is no set of libraries “{name}”.", next_step=f"There is: {known}.")
    lock = Path(__file__).resolve().parents[3] / "requirements" / f"{name}.txt"
    checkout = lock.is_file() and (lock.parents[1] / "pyproject.toml").is_file()
    wanted = ("--require-hashes", "-r", str(lock)) if checkout else (f"{_PACKAGE}[{name}]",)
    packages = len(set(re.findall(r"^([a-z0-9._-]+)==", lock.read_text(), re.MULTILINE))) if checkout else 0
    return Plan(name, (*_installer(), *wanted), packages, lock if checkout else None)


def _installer() -> tuple[str, ...]:
    if importlib.util.find_spec("pip") is not None:
        return (
            sys.executable,
            "-m",
            "pip",
            "install",
            "--disable-pip-version-check",
            "--no-input",
            "--progress-bar",
            "off",
        )
    if uv := shutil.which("uv"):
        return (uv, "pip", "install", "--python", sys.executable)
    raise UsageError(
        "This environment has no pip to install with.", sys.prefix, f"Add it with: {sys.executable} -m ensurepip"
    )


def missing(name: str) -> tuple[str, ...]:
    """The modules of a set that are not installed."""
    from gradus.projects.libraries import missing_libraries

    return missing_libraries(name)


def install(chosen: Plan, show: Show) -> None:
    """Run it; ``show`` gets each line as it comes.

    Raises:
        HostError: it did not end well; in words, with what to do.
    """
    said: list[str] = []
    process = subprocess.Popen(
        chosen.command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        encoding="utf-8", errors="replace",
    )  # fmt: skip
    assert process.stdout is not None
    started: set[str] = set()
    try:
        for line in process.stdout:
            said = [*said[-_KEPT:], line.rstrip()]
            if found := _STARTED.match(line):
                started.add(found[1].lower())
            show(line.rstrip(), _told(line, len(started), chosen.packages))
        status = process.wait()
    except BaseException:
        process.terminate()
        process.wait()
        raise
    if status != 0:
        raise _failure(said, status)


def _told(line: str, count: int, total: int) -> str:
    """What to show for a line of pip's; empty for nothing."""
    if line.startswith("Installing collected packages"):
        return "Putting the packages in place"
    found = _NAMED.match(line)
    if found is None:
        return ""
    name = re.split(r"-\d", found[1])[0]
    return f"{name} ({min(count, total)} of {total})" if total else name


#: What the installer says -> what it means, and what to do. The first that fits.
_CAUSES: Final = (
    (r"do not match the hashes|hashes are required",
     "A package is not the one that the lock names, so nothing was kept.",
     "Run it again; if it stays, somebody between you and the package index changes packages."),
    (r"No space left on device", "The disk is full.", "Make room (about 1 GB) and run it again."),
    (r"externally-managed-environment", "This Python belongs to the system, which does not let pip change it.",
     "Install Gradus in a virtual environment of its own: python3 -m venv .venv"),
    (r"Permission denied|Access is denied", "This environment may not be written to.",
     "Use the account that made it, or a virtual environment of your own."),
    (r"NewConnectionError|Temporary failure in name resolution|Name or service not known|getaddrinfo|"
     r"Connection refused|timed out|Network is unreachable|ConnectTimeout|ProxyError|dns error|error sending|"
     r"Failed to fetch",
     "The package index cannot be reached.", "With a connection, run it again: what was fetched already is kept."),
    (r"CERTIFICATE_VERIFY_FAILED|SSLError", "The package index's certificate is not trusted here.",
     "Behind a company's proxy, set PIP_CERT to its certificate, and run it again."),
    (r"No matching distribution|Could not find a version|Requires-Python",
     "The package index has no fitting version for this Python.",
     "If you are offline, that is why: run it again with a connection. "
     "Python 3.11 to 3.13 on Linux, macOS or Windows has one."),
)  # fmt: skip


def _failure(said: Sequence[str], status: int) -> HostError:
    text = "\n".join(said)
    last = next((line.strip() for line in reversed(said) if line.strip()), f"exit status {status}")
    for pattern, what, next_step in _CAUSES:
        if re.search(pattern, text, re.IGNORECASE):
            return HostError(f"The libraries are not installed. {what}", last[:300], next_step)
    return HostError(
        "The libraries are not installed.", last[:300], "The whole story: the same command with --verbose."
    )
