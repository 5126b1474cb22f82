"""``gradus.toml``: the few things a learner may switch, and the mark of a workspace."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from gradus.errors import WorkspaceError

if TYPE_CHECKING:
    from gradus.learner.workspace import Workspace

FILE = "gradus.toml"
DEFAULT_TEXT = """\
# Your Gradus workspace. `gradus` finds it from any folder inside.
format = 1

# Show the days you practiced. Resting loses nothing; set this to false to hide them altogether.
rhythm = true

# Lay a paired notebook beside each unit's lesson (needs `pip install "gradus[notebook]"`).
notebooks = {notebooks}
"""


@dataclass(frozen=True)
class Settings:
    """What ``gradus.toml`` says."""

    rhythm: bool = True
    notebooks: bool = False


def read_settings(path: Path) -> Settings:
    """Read ``gradus.toml``. Raises WorkspaceError with file and reason; unknown keys are an error, so typos show."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise WorkspaceError(f"not UTF-8 text: {error.reason}", str(path)) from None
    except tomllib.TOMLDecodeError as error:
        raise WorkspaceError(f"not valid TOML: {error}", str(path)) from None
    except OSError as error:
        raise WorkspaceError(f"cannot be read: {error.strerror}", str(path)) from None
    version = raw.pop("format", None)
    if version != 1:
        raise WorkspaceError(
            f"format is {version!r}, this version of Gradus reads format 1", str(path), "Upgrade gradus and try again."
        )
    for key, value in raw.items():
        if key not in ("rhythm", "notebooks"):
            raise WorkspaceError(f"“{key}” is not a setting", str(path), "The settings are rhythm and notebooks.")
        if not isinstance(value, bool):
            raise WorkspaceError(f"“{key}” must be true or false", str(path))
    return Settings(**raw)


def write_settings(workspace: Workspace, *, rhythm: bool) -> Workspace:
    """Switch the rhythm in ``gradus.toml``, leaving every other line as it is. Raises WorkspaceError."""
    from gradus.learner.layout import replace as put
    from gradus.learner.layout import writing

    path = workspace.root / FILE
    with writing(workspace.root):
        text = path.read_text(encoding="utf-8")
        line = f"rhythm = {str(rhythm).lower()}"
        text, found = re.subn(r"^rhythm\s*=[^\n#]*", line, text, count=1, flags=re.MULTILINE)
        put(path, (text if found else f"{text.rstrip()}\n{line}\n").encode())
    return replace(workspace, settings=read_settings(path))
