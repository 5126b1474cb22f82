"""Runners that stand ready: a pool keeps a few processes parked, hands each out once, and replaces it off the press
path.
"""

from __future__ import annotations

import sys
import threading
import time
from collections import deque
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from gradus.errors import UsageError
from gradus.grader.body import Body, Ending, RunLimits
from gradus.grader.client import MODULE, Runner
from gradus.grader.libraries import LibrarySet, library_set
from gradus.grader.replies import (
    CallSpec,
    Crashed,
    Defined,
    Failure,
    LimitHit,
    Loaded,
    RaisedError,
    Reply,
    Returned,
    RunnerFault,
    Submission,
    TraceFrame,
)

__all__ = [
    "MODULE",
    "Body",
    "CallSpec",
    "Crashed",
    "Defined",
    "Ending",
    "Failure",
    "LimitHit",
    "Loaded",
    "Pool",
    "RaisedError",
    "Reply",
    "Returned",
    "RunLimits",
    "Runner",
    "RunnerFault",
    "Submission",
    "TraceFrame",
    "open_pool",
]


class LimitsLike(Protocol):
    """What an exercise says a check may use (``gradus.roadmap.Limits`` does)."""

    @property
    def seconds(self) -> float: ...
    @property
    def memory_mb(self) -> int: ...
    @property
    def output_kb(self) -> int: ...


class Pool:
    """Keeps ``parked`` processes ready. Subclasses say how one is made.

    A context manager; safe to use from several threads. Nothing it started is left running after :meth:`close`.
    """

    layers: tuple[str, ...] = ()
    """The isolation layers that hold for its processes."""
    missing: tuple[str, ...] = ()
    """The libraries of the set that are not installed."""
    expected: str = ""
    """The exercise that the next submissions are probably for: runners that are made now are prepared for it."""

    def __init__(self, libraries: LibrarySet, parked: int = 2) -> None:
        self.lost: dict[str, str] = {}
        """The isolation layers that do not hold, each with the reason."""
        self.libraries = libraries
        self._wanted = parked
        self._parked: deque[Body] = deque()
        self._state = threading.Condition()
        self._out = 0
        self._open = True
        self._failure: Exception | None = None
        self._keeper = threading.Thread(target=self._keep, name=f"gradus pool {libraries.name}", daemon=True)

    def start(self) -> Self:
        """Begin to fill the pool, without waiting for it."""
        self._keeper.start()
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def wait_ready(self, seconds: float = 120.0) -> bool:
        """Wait until every place is filled; False when that took too long.

        Raises:
            RunnerFault: processes cannot be made.
        """
        with self._state:
            self._state.wait_for(lambda: len(self._parked) >= self._wanted or self._failure is not None, seconds)
            self._raise_failure()
            return len(self._parked) >= self._wanted

    def acquire(self, limits: LimitsLike | None = None, seconds: float = 120.0, *, kept: bool = False) -> Runner:
        """A fresh process for one submission, at once when one is parked.

        ``kept``: it is meant to stay out for long, so its place is filled again at once.

        Raises:
            RunnerFault: none can be made, or not within ``seconds``.
        """
        given = limits or RunLimits()
        bounds = RunLimits(given.seconds, given.memory_mb, given.output_kb)
        deadline = time.monotonic() + seconds
        with self._state:
            while True:
                while not self._parked and self._open and self._failure is None:
                    if not self._state.wait(max(0.0, deadline - time.monotonic())):
                        raise RunnerFault("no process to run the code became ready in time")
                if not self._open:
                    raise RunnerFault("the grader has been closed")
                if not self._parked:
                    self._raise_failure()
                body = self._parked.popleft()
                if self._usable(body):
                    if kept:
                        self._state.notify_all()
                        return Runner(body, bounds)
                    self._out += 1
                    return Runner(body, bounds, self._returned)
                body.close()
                self._state.notify_all()

    def learn(self, body: Body, name: str) -> None:
        """Take note of the memory that a check of the exercise ``name`` needs, from a process that has been through
        one. Nothing to note where processes are not forked.
        """

    def _usable(self, body: Body) -> bool:
        """Whether a parked process still lives: one may have been killed by the system meanwhile."""
        return body.wait(0) is None

    def _returned(self) -> None:
        with self._state:
            self._out -= 1
            self._state.notify_all()

    def _raise_failure(self) -> None:
        if self._failure is not None:
            failure, self._failure = self._failure, None
            self._state.notify_all()  # the next one to ask makes the keeper try again
            raise RunnerFault(f"no process to run the code can be made: {failure}") from failure

    def _keep(self) -> None:
        while True:
            with self._state:
                # One is replaced when its check is over: making it while the check runs would take its processor.
                self._state.wait_for(
                    lambda: (
                        not self._open
                        or (self._failure is None and not self._parked)
                        or (self._failure is None and self._out == 0 and len(self._parked) < self._wanted)
                    )
                )
                if not self._open:
                    return
            self.tidy()
            try:
                body = self.make()
            except Exception as error:
                with self._state:
                    self._failure = error
                    self._state.notify_all()
                continue
            if not self._park(body):
                body.close()

    def _park(self, body: Body) -> bool:
        """Keep a process for the next check; False when the pool has been closed meanwhile."""
        with self._state:
            if self._open:
                self._parked.append(body)
                self._state.notify_all()
            return self._open

    def make(self) -> Body:
        """Make one process, ready for a submission. Called from one thread only."""
        raise NotImplementedError

    def tidy(self) -> None:
        """Clear away what closed processes left. Called from the same thread as :meth:`make`."""

    def close(self) -> None:
        """Kill every parked process. Runners that are out are closed by whoever holds them."""
        with self._state:
            self._open = False
            bodies = list(self._parked)
            self._parked.clear()
            self._state.notify_all()
        for body in bodies:
            body.close()
        if self._keeper.is_alive() and threading.current_thread() is not self._keeper:
            self._keeper.join(timeout=30)


def secret_folders() -> list[Path]:
    """What a learner's process must not see: Gradus itself, and the curriculum, wherever it lies."""
    import gradus

    folders = [Path(gradus.__file__).parent]
    try:
        from gradus.roadmap import find_curriculum

        folders.append(Path(find_curriculum()))
    except Exception:
        pass  # without a curriculum there is nothing to hide
    return folders


def open_pool(library: str = "core", isolation: str = "auto", parked: int = 2) -> Pool:
    """A started pool of one library set.

    ``isolation`` is ``"auto"`` (the sandboxed zygote where this machine has what it needs, spawned interpreters
    elsewhere), ``"zygote"`` or ``"spawn"``.

    Raises:
        UsageError: there is no such library set.
    """
    libraries = library_set(library)
    if isolation not in ("auto", "zygote", "spawn"):
        raise UsageError(f"there is no isolation {isolation!r}", next_step="Use auto, zygote or spawn.")
    if isolation == "zygote" or (isolation == "auto" and sys.platform == "linux"):
        from gradus.grader.zygote_pool import ZygotePool

        return ZygotePool(libraries, parked).start()
    from gradus.grader.spawn import SpawnPool

    return SpawnPool(libraries, parked).start()
