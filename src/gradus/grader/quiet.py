"""Keep trusted code quiet, and let two runners be asked at the same time."""

from __future__ import annotations

import contextlib
import io
import os
import queue
import sys
import threading
import warnings
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, ClassVar, TypeVar

import numpy as np

T = TypeVar("T")
_silent = False
_here = threading.local()  # .stream: where this thread's prints go; the process's own where there is none


class _Nowhere(io.TextIOBase):
    """Takes everything and keeps nothing."""

    def write(self, text: str) -> int:
        return len(text)


class _Switch(io.TextIOBase):
    """Stands for ``sys.stdout`` while trusted code runs: only the threads that run it are redirected."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream

    def _target(self) -> Any:
        return getattr(_here, "stream", None) or self.stream

    def write(self, text: str) -> int:
        return int(self._target().write(text))

    def flush(self) -> None:
        self._target().flush()

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return bool(self._target().isatty())

    def fileno(self) -> int:
        return int(self.stream.fileno())

    @property
    def buffer(self) -> Any:
        return self.stream.buffer

    @property
    def encoding(self) -> Any:  # type: ignore[override]
        return self.stream.encoding


_NOWHERE = _Nowhere()
_switching = threading.Lock()
_users = 0


def _switch_on() -> None:
    global _users
    with _switching:
        _users += 1
        if not isinstance(sys.stdout, _Switch):
            sys.stdout = _Switch(sys.stdout)


def _switch_off() -> None:
    global _users
    with _switching:
        _users -= 1
        if _users == 0 and isinstance(sys.stdout, _Switch):
            sys.stdout = sys.stdout.stream


@contextlib.contextmanager
def _printing_to(stream: io.TextIOBase) -> Iterator[None]:
    """Send what this thread prints to ``stream``; other threads print as before."""
    before = getattr(_here, "stream", None)
    _switch_on()
    _here.stream = stream
    try:
        yield
    finally:
        _here.stream = before
        _switch_off()


@contextlib.contextmanager
def silence() -> Iterator[None]:
    """Discard what trusted code prints in this thread, and its warnings in every thread, until it is left. May be
    nested.
    """
    global _silent
    if _silent:
        yield
        return
    with warnings.catch_warnings(), _printing_to(_NOWHERE):
        warnings.simplefilter("ignore")
        _silent = True
        try:
            yield
        finally:
            _silent = False


class quiet:  # noqa: N801 - reads as a statement
    """Catch what trusted code prints, and its warnings: neither is the learner's.

    With ``output`` what is printed is kept there. Inside `silence` only NumPy's warnings, which are a thread's own, are
    left to be switched off.
    """

    def __init__(self, output: io.StringIO | None = None) -> None:
        self._stack = contextlib.ExitStack()
        self._output = output

    def __enter__(self) -> None:
        self._stack.enter_context(np.errstate(all="ignore"))
        if not _silent:
            self._stack.enter_context(warnings.catch_warnings())
            warnings.simplefilter("ignore")
        if self._output is not None or getattr(_here, "stream", None) is None:
            self._stack.enter_context(_printing_to(self._output or _NOWHERE))

    def __exit__(self, *error: Any) -> None:
        self._stack.__exit__(*error)


class _Helper:
    """A thread that stands ready: starting one takes longer than what it is asked for."""

    idle: ClassVar[deque[_Helper]] = deque()

    def __init__(self) -> None:
        self._asked: queue.SimpleQueue[tuple[Callable[[], None], threading.Lock]] = queue.SimpleQueue()
        threading.Thread(target=self._live, name="gradus judge", daemon=True).start()

    def _live(self) -> None:
        while True:
            work, done = self._asked.get()
            work()  # which raises nothing
            self.idle.append(self)
            done.release()
            del work, done  # and what they hold, while nothing is asked

    @classmethod
    def ask(cls, work: Callable[[], None]) -> threading.Lock:
        """Let a helper work; what is returned is locked until it is done."""
        done = threading.Lock()
        done.acquire()
        try:
            helper = cls.idle.pop()
        except IndexError:
            helper = cls()
        helper._asked.put((work, done))
        return done


def _forget_helpers() -> None:
    _Helper.idle.clear()  # threads stay behind in the process that was forked from


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_helpers)


def in_background(function: Callable[[], T]) -> Callable[[], T]:
    """Start a function in another thread; what is returned waits for it and gives its value, or raises."""
    outcome: list[T] = []
    failure: list[BaseException] = []

    def work() -> None:
        try:
            outcome.append(function())
        except BaseException as error:
            failure.append(error)

    done = _Helper.ask(work)

    def wait() -> T:
        with done:
            pass
        if failure:
            raise failure[0]
        return outcome[0]

    return wait
