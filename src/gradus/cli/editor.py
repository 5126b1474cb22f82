"""Finding and opening the learner's own editor."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

#: Editors that open a window of their own and return at once.
WINDOWED = {"code", "codium", "cursor", "subl", "zed", "gedit", "kate", "pycharm", "charm", "notepad", "mate"}
_KNOWN = ("code", "codium", "subl", "zed", "gedit", "kate", "nvim", "vim", "nano", "micro", "emacs", "vi", "notepad")


def find_editor() -> list[str] | None:
    """The command of ``$VISUAL`` or ``$EDITOR``, or a well-known editor on the path."""
    for name in ("VISUAL", "EDITOR"):
        if text := os.environ.get(name, "").strip():
            command = shlex.split(text, posix=sys.platform != "win32")
            if command and shutil.which(command[0]):
                return command
    for name in _KNOWN:
        if shutil.which(name):
            return [name]
    return None


def is_windowed(command: list[str]) -> bool:
    """Whether the editor opens its own window, so that the terminal stays free."""
    return Path(command[0]).stem.lower() in WINDOWED


def open_file(path: Path, command: list[str]) -> bool:
    """Open the file; waits for an editor that takes the terminal. False when it could not be started."""
    try:
        if is_windowed(command):
            subprocess.Popen([*command, str(path)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            return True
        return subprocess.run([*command, str(path)], check=False).returncode == 0
    except OSError:
        return False
