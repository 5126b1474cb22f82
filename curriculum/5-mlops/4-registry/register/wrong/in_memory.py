"""Versions are kept in the object.

expects: seen_by_others
Only this object knows what was registered; nothing is written.
"""

import hashlib
import re
from pathlib import Path

Files = dict[str, bytes]


def version_of(files: Files) -> str:
    """Twelve hexadecimal digits that name this content: the same files, the same digits."""
    lines = [f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)]
    return hashlib.sha256("".join(lines).encode()).hexdigest()[:12]


class Store:
    """Models in a folder, each under a name that its content gives it."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.known = {}
        self.versions = Path(folder) / "versions"

    def register(self, files: Files) -> str:
        """Keep the files as a version that never changes, and return its name. Raises ValueError for unfit names."""
        if not files or any(name in ("", ".", "..") or "/" in name for name in files):
            raise ValueError("a model needs files with plain names")
        version = version_of(files)
        folder = self.versions / version
        if not folder.exists():
            self.known[version] = dict(files)
        return version

    def load(self, version: str) -> Files:
        """The files of a version. Raises KeyError if there is none, ValueError if its content is not what it was."""
        if version in self.known:
            return dict(self.known[version])
        folder = self.versions / version
        if not re.fullmatch("[0-9a-f]{12}", version) or not folder.is_dir():
            raise KeyError(version)
        files = {path.name: path.read_bytes() for path in folder.iterdir()}
        if version_of(files) != version:
            raise ValueError(f"version {version} has been changed")
        return files
