"""Hashes of files now, and as a commit holds them."""

from __future__ import annotations

import hashlib
import re
import subprocess
from functools import cache
from pathlib import Path

_COMMIT = re.compile(r"[0-9a-f]{7,64}")


class Hashes:
    """Of one project's files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._shown = cache(self._show)

    def of_bytes(self, content: bytes, algorithm: str) -> str:
        """The hexadecimal hash of ``content``; ``algorithm`` is "sha256" or "md5"."""
        return hashlib.new(algorithm, content, usedforsecurity=False).hexdigest()

    def at_revision(self, revision: str, name: str) -> tuple[str, str] | None:
        """What the committed file's hash was; None when there is no such commit or it does not hold the file."""
        if not _COMMIT.fullmatch(revision):
            return None  # nothing, or a commit with changes on top that nobody can look up
        content = self._shown(revision, name)
        return None if content is None else ("sha256", self.of_bytes(content, "sha256"))

    def _show(self, revision: str, name: str) -> bytes | None:
        command = ["git", "-C", str(self.folder), "show", f"{revision}:./{name}"]
        try:
            done = subprocess.run(command, capture_output=True, timeout=30, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return None
        return done.stdout if done.returncode == 0 else None
