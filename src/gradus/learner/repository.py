"""The workspace as a git repository, when git is there; never anybody else's repository."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

_SECONDS = 30


def start_repository(root: Path, message: str = "Begin.") -> str:
    """Make ``root`` a repository with a first commit; return a sentence when something was left undone, else "".

    A repository above ``root`` is left alone. Works without a configured identity, signing key or hooks.
    """
    git = shutil.which("git")
    if git is None:
        return "git is not installed, so the folder is not a repository. Nothing else needs it."
    if (root / ".git").exists():
        return ""
    above = _run(git, root, "rev-parse", "--show-toplevel")
    if above.returncode == 0:
        return (
            f"The folder lies inside the repository {above.stdout.strip()}, so no repository was made "
            "and nothing was committed there."
        )
    return _first_commit(git, root, message)


def _first_commit(git: str, root: Path, message: str) -> str:
    begun = _run(git, root, "init", "-q", "-b", "main")
    if begun.returncode != 0:  # before git 2.28 there is no -b
        begun = _run(git, root, "init", "-q")
    if begun.returncode != 0:
        return f"git could not make a repository here ({_reason(begun)}). Nothing else needs it."
    quiet = ["-c", "commit.gpgsign=false", "-c", f"core.hooksPath={os.devnull}", "-c", "core.safecrlf=false"]
    if not _run(git, root, "config", "user.email").stdout.strip():
        quiet += ["-c", "user.name=Gradus learner", "-c", "user.email=learner@localhost"]
    added = _run(git, root, *quiet, "add", "-A")
    done = _run(git, root, *quiet, "commit", "-q", "-m", message) if added.returncode == 0 else added
    return "" if done.returncode == 0 else f"git could not make the first commit ({_reason(done)})."


def _run(git: str, root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    # A caller that is itself a git hook has these set, and they would point at its repository.
    quiet = {k: v for k, v in os.environ.items() if not k.startswith("GIT_") or k.startswith("GIT_CONFIG")}
    quiet |= {"GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    command = [git, "-C", str(root), *arguments]
    try:
        return subprocess.run(
            command,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_SECONDS,
            stdin=subprocess.DEVNULL,
            env=quiet,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return subprocess.CompletedProcess(command, 1, "", str(error))


def _reason(done: subprocess.CompletedProcess[str]) -> str:
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    return lines[0] if lines else f"exit status {done.returncode}"
