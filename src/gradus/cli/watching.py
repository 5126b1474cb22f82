"""Noticing saves: the system's file events, with the content of the file in focus compared besides."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

#: As measured: an atomic save is reported within 13 to 42 ms; the defaults take up to 115.
DEBOUNCE_MS, STEP_MS = 50, 10
POLL_SECONDS = 0.5


class Saves:
    """Calls ``on_save`` with the files of exercises that were written below ``root``, from a thread of its own.

    A second thread looks at the file in focus twice a second: file events do not reach every folder (network drives,
    mounted containers, exhausted limits), and one may be lost between two saves. Whoever is told compares contents.
    """

    def __init__(self, root: Path, on_save: Callable[[set[Path]], None], polling: bool = False) -> None:
        self.root = root
        self.focus: Path | None = None
        self._on_save = on_save
        self._polling = polling
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin to look."""
        targets = [self._poll] if self._polling else [self._listen, self._poll]
        for target in targets:
            thread = threading.Thread(target=target, name=f"gradus-saves{target.__name__}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """Look no more."""
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=1)

    def _listen(self) -> None:
        from watchfiles import watch

        try:
            for changes in watch(
                self.root, watch_filter=_wanted, debounce=DEBOUNCE_MS, step=STEP_MS, stop_event=self._stop,
                rust_timeout=500, ignore_permission_denied=True, raise_interrupt=False,
            ):  # fmt: skip
                self._on_save({Path(path) for _, path in changes})
        except Exception:  # no file events here (a limit, a strange file system): polling goes on alone
            return

    def _poll(self) -> None:
        seen: tuple[Path | None, tuple[int, int] | None] = (None, None)
        while not self._stop.wait(POLL_SECONDS):
            path = self.focus
            now = (path, _stamp(path))
            if path is not None and now[1] is not None and now != seen:
                self._on_save({path})  # also the first time: it may have been saved before anybody looked
            seen = now


def stamp_of(folder: Path) -> tuple[int, int]:
    """What tells whether a project's folder is as it was: the newest time of its files, and their number and sizes."""
    from gradus.learner.project_files import is_made_by_tools

    newest = total = 0
    waiting: list[tuple[str, tuple[str, ...]]] = [(str(folder), ())]
    while waiting:
        here, above = waiting.pop()
        try:
            entries = list(os.scandir(here))
        except OSError:
            continue
        for entry in entries:
            parts = (*above, entry.name)
            if not is_made_by_tools(parts):
                if entry.is_dir(follow_symlinks=False):
                    waiting.append((entry.path, parts))
                else:
                    state = entry.stat(follow_symlinks=False)
                    newest, total = max(newest, state.st_mtime_ns), total + state.st_size + 1
    return newest, total


def _stamp(path: Path | None) -> tuple[int, int] | None:
    if path is not None and path.is_dir():
        return stamp_of(path)
    try:
        state = path.stat() if path is not None else None
    except OSError:
        return None
    return (state.st_mtime_ns, state.st_size) if state else None


def _wanted(change: object, path: str) -> bool:
    """Python files and a project's files: editors' swap files, what programs leave, and our own record are no save."""
    if f"{os.sep}.gradus{os.sep}" in path:
        return False
    name = os.path.basename(path)  # noqa: PTH119 - called for every event
    if name.endswith(".py") and not name.startswith("."):
        return True
    from gradus.learner.project_files import is_project_save

    return is_project_save(path)
