"""Watch mode: one loop that takes events (a save, a key, a verdict, a resize) and draws one page."""

from __future__ import annotations

import hashlib
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gradus.cli.page import Page
from gradus.errors import GradusError

Json = dict[str, Any]
Ask = Callable[..., Json]


@dataclass
class Event:
    """Something that happened. ``kind``: save, key, reply, failure, resize, suspend, tick, quit."""

    kind: str
    value: Any = None
    token: int = 0


@dataclass
class Watch:
    """The state of watch mode, free of terminals: tests drive it through ``handle``.

    ``ask`` answers questions about the workspace (see ``gradus.cli.ask``); ``page`` draws.
    """

    ask: Ask
    page: Page
    focus: Json
    events: queue.SimpleQueue[Event] = field(
        default_factory=queue.SimpleQueue
    )  # its `put` may be called in a signal handler
    running: int = 0
    started: float = 0.0
    _token: int = 0
    _hashes: dict[Path, str] = field(default_factory=dict)
    _asked: str = ""

    # ------------------------------------------------------------------------------------------------ life

    def open(self) -> None:
        """Show where we are; check at once what already holds work."""
        self._remember(self.file)
        self.page.show_task(self.focus)
        if self.focus.get("touched"):
            self.check()

    @property
    def file(self) -> Path | None:
        """The file of the exercise in focus."""
        return Path(self.focus["file"]) if self.focus.get("file") else None

    def handle(self, event: Event) -> bool:
        """Take one event; False when it is time to leave."""
        if event.kind == "quit":
            return False
        if event.kind == "save":
            self.saved(event.value)
        elif event.kind == "key":
            return self.key(event.value)
        elif event.kind == "reply" and event.token == self.running:
            self._took(event.value)
        elif event.kind == "failure" and event.token == self.running:
            self.running = 0
            self.page.show_failure(event.value)
        elif event.kind in ("resize", "tick"):
            self.page.draw(self._waiting())
        return True

    def _waiting(self) -> float:
        return time.monotonic() - self.started if self.running else 0.0

    # ------------------------------------------------------------------------------------------------ saves

    def saved(self, paths: set[Path]) -> None:
        """Files were written: check the exercise in focus, or move the focus to the one that was saved."""
        changed = [path for path in sorted(paths) if self._is_new(path)]
        if not changed:
            return
        if any(self._is_mine(path) for path in changed):
            self.check()
            return
        for path in changed:
            other = self._exercise_at(path)
            if other and other.get("exercise") != self.focus.get("exercise"):
                self.focus = other
                self.check()
                return
        if self.focus.get("exercise") and any(path.parent == (self.file or path).parent for path in changed):
            self.check()  # a helper beside it

    def _is_mine(self, path: Path) -> bool:
        """Whether it is the file in focus, or lies in the project's folder in focus."""
        return path == self.file or (
            self.file is not None and self.focus.get("kind") == "project" and path.is_relative_to(self.file)
        )

    def _exercise_at(self, path: Path) -> Json | None:
        try:
            return self.ask("focus", path=str(path))
        except GradusError:
            return None

    def _is_new(self, path: Path) -> bool:
        """Whether the content differs from what was seen last: editors touch more than they change."""
        before = self._hashes.get(path)
        return self._remember(path) != before and path.exists()

    def _remember(self, path: Path | None) -> str:
        if path is None:
            return ""
        try:
            if path.is_dir():
                from gradus.cli.watching import stamp_of

                digest = str(stamp_of(path))
            else:
                digest = hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError:
            digest = ""
        self._hashes[path] = digest
        return digest

    # ------------------------------------------------------------------------------------------------ checks

    def check(self) -> None:
        """Check the exercise in focus in a thread; an older check still running is superseded."""
        if not self.focus.get("exercise"):
            return
        self._asked = ""
        self._token += 1
        token = self.running = self._token
        self.started = time.monotonic()
        args = {"exercise": self.focus["exercise"], "file": self.focus.get("file"), "supersede": True}
        threading.Thread(target=self._run, args=(token, args), name=f"gradus-check-{token}", daemon=True).start()
        self.page.checking()

    def _run(self, token: int, args: Json) -> None:
        try:
            self.events.put(Event("reply", self.ask("check", **args), token))
        except GradusError as error:
            self.events.put(Event("failure", error, token))
        except Exception as error:  # the loop must learn of it, whatever it is
            self.events.put(Event("failure", GradusError(f"{type(error).__name__}: {error}"), token))

    def _took(self, reply: Json) -> None:
        self.running = 0
        self.focus = {**self.focus, **(reply.get("focus") or {})}
        self.page.show_verdict(self.focus, reply["verdict"], reply["screen"])

    # ------------------------------------------------------------------------------------------------ keys

    def key(self, key: str) -> bool:
        """One key. While a check runs, keys that ask for something recorded (hint, next, solution) wait."""
        name = key.lower() if len(key) == 1 else key
        if name in ("q", "\x03", "\x04"):
            return False
        if self.page.scroll(name):
            return True
        if self.running and name in ("h", "n", "s"):
            return True
        action = {"r": self.check, "h": self._hint, "n": self._next, "l": self._lesson, "s": self._solution,
                  "t": self._task, "e": self._edit, "?": self.page.show_help}.get(name)  # fmt: skip
        if action:
            asked, self._asked = self._asked, ""
            try:
                action() if name not in ("s", "n") else action(asked)  # type: ignore[operator]
            except GradusError as error:
                self.page.show_failure(error)
        return True

    def _hint(self) -> None:
        if self.focus.get("exercise"):
            hint = self.ask("hint", exercise=self.focus["exercise"])
            self.focus["hints"] = hint.get("remaining")
            self.page.show_hint(hint)

    def _task(self) -> None:
        self.page.show_task(self.focus)

    def _lesson(self) -> None:
        if self.focus.get("unit"):
            self.page.show_lesson(self.ask("lesson", unit=self.focus["unit"]["id"]))

    def _next(self, asked: str) -> None:
        if self.focus.get("exercise") and not self.focus.get("passed") and asked != "next":
            self._asked = "next"
            self.page.note("Not passed yet. Press n again to leave it for later.")
            return
        self.focus = self.ask("focus", after=self.focus.get("exercise"))
        self._remember(self.file)
        self.page.show_task(self.focus)
        if self.focus.get("touched") and not self.focus.get("passed"):
            self.check()

    def _solution(self, asked: str) -> None:
        if not self.focus.get("exercise"):
            return
        if not self.focus.get("passed") and asked != "solution":
            self._asked = "solution"
            self.page.note("Not passed yet: after seeing it, a pass counts as helped. Press s again to see it.")
            return
        self.page.show_solution(self.ask("solution", exercise=self.focus["exercise"]))

    def _edit(self) -> None:
        if self.file:
            self.page.edit(self.file)
