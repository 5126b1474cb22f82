"""A clean clone of what is committed, and what the working folder has besides."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gradus.provers.findings import Found

_SECONDS = 120.0


@dataclass(frozen=True)
class Committed:
    """The state of a repository. ``changed`` are tracked files that differ from the commit, ``untracked`` new ones."""

    revision: str
    inside: str
    """Where the project lies in the repository: "" at its root."""
    changed: tuple[str, ...]
    untracked: tuple[str, ...]


def git(folder: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    """One git command in ``folder``, without asking anybody for anything."""
    command = ["git", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", *words]
    return subprocess.run(
        command, cwd=folder, capture_output=True, timeout=_SECONDS, stdin=subprocess.DEVNULL, check=False
    )


def look_at(folder: Path) -> Committed:
    """What is committed. Raises Found when there is no repository, or nothing in it."""
    try:
        head = git(folder, "rev-parse", "HEAD")
        prefix = git(folder, "rev-parse", "--show-prefix")
    except OSError:
        raise Found("no_git", "git is not installed, so no clean clone can be made. Install it.") from None
    if prefix.returncode:
        raise Found(
            "not_a_repository",
            "The project is not under git, so nobody can get the same files. Run `git init`, and commit it.",
        )
    if head.returncode:
        raise Found("nothing_committed", "The repository has no commit yet. Commit the project.")
    status = git(folder, "status", "--porcelain=v1", "-z", "--untracked-files=normal", "--", ".")
    rows = [row.decode("utf-8", "replace") for row in status.stdout.split(b"\0") if row]
    return Committed(
        head.stdout.decode().strip(),
        prefix.stdout.decode().strip(),
        tuple(row[3:] for row in rows if not row.startswith("??") and row[2:3] == " "),
        tuple(row[3:] for row in rows if row.startswith("??")),
    )


def clone(folder: Path, target: Path, state: Committed) -> Path:
    """Clone the repository into ``target``, sharing nothing with it; returns the project's folder in the clone.

    Raises Found when git cannot.
    """
    top = git(folder, "rev-parse", "--show-toplevel").stdout.decode().strip()
    done = git(folder, "clone", "--quiet", "--no-local", "--no-hardlinks", "--", top, str(target))
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["it gave no reason"]
        raise Found("clone_fails", f"git cannot clone the repository: {lines[-1][:300]}")
    git(target, "checkout", "--quiet", "--detach", state.revision)
    return target / state.inside


def committed_files(folder: Path, names: Sequence[str]) -> dict[str, bool]:
    """Which of these files are in the commit."""
    done = git(folder, "ls-tree", "-r", "--name-only", "-z", "HEAD", "--", ".")
    known = set(done.stdout.decode("utf-8", "replace").split("\0"))
    return {name: name in known for name in names}
