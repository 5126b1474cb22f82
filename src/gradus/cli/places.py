"""Where things are, found without importing anything heavy: the workspace, the state folder, the runtime folder."""

from __future__ import annotations

import os
import sys
from pathlib import Path

MARKER = "gradus.toml"


def workspace_root(start: Path | None = None) -> Path | None:
    """The nearest folder upward that holds ``gradus.toml``; None outside a workspace."""
    try:
        here = (start or Path.cwd()).resolve()
    except OSError:
        return None
    for folder in (here, *here.parents):
        if (folder / MARKER).is_file():
            return folder
    return None


def require_workspace() -> Path:
    """The workspace's folder. Raises WorkspaceError outside one."""
    root = workspace_root()
    if root is None:
        from gradus.errors import WorkspaceError

        raise WorkspaceError(
            "This folder is not in a Gradus workspace.", str(Path.cwd()),
            "Make one with `gradus init FOLDER`, or go into the one you have.",
        )  # fmt: skip
    return root


def state_folder() -> Path:
    """Where logs go outside a workspace."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local") / "gradus"
    if sys.platform == "darwin":
        return Path.home() / "Library/Logs/gradus"
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local/state") / "gradus"


def shorten(path: Path | str) -> str:
    """The path as a person in this folder would type it."""
    path = Path(path)
    try:
        return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)
    except (OSError, ValueError):
        return str(path)
