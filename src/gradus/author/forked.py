"""Run something that may hang, crash or eat the memory in a forked child, and have an answer in any case.

What a proof runs is the author's own code and mutants of it: not hostile, but a mutant of a loop may never end. The
child shares the loaded libraries and checks of its parent, so a fork costs milliseconds.
"""

from __future__ import annotations

import ctypes
import faulthandler
import json
import os
import select
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from gradus.errors import UsageError

_DIE_WITH_PARENT: Final = 1  # PR_SET_PDEATHSIG


@dataclass(frozen=True)
class Ended:
    """How a forked call ended: with a ``value`` when ``how`` is "returned", otherwise "raised", "hung" or "crashed"."""

    how: str
    value: Any = None
    detail: str = ""
    seconds: float = 0.0


def run_forked(function: Callable[[], Any], *, seconds: float, memory_mb: int = 2048) -> Ended:
    """Call ``function`` in a child. Its answer must be JSON data.

    The child may use ``seconds`` of wall-clock time and ``memory_mb`` beyond what the parent has mapped; it may set
    itself a tighter limit of computing time with `allow_cpu`. Raises UsageError where there is no fork.
    """
    need_fork()
    sys.stdout.flush()
    sys.stderr.flush()
    reader, writer = os.pipe()
    started = time.perf_counter()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _be_the_child(function, writer, seconds, memory_mb)
    os.close(writer)
    try:
        data, complete = _read_until(reader, started + seconds)
    finally:
        os.close(reader)
        try:
            os.kill(child, signal.SIGKILL)
        except ProcessLookupError:
            pass
        _, status = os.waitpid(child, 0)
    return _ended(data, complete, status, time.perf_counter() - started)


def need_fork() -> None:
    """Raise UsageError where there is no fork."""
    if not hasattr(os, "fork"):
        raise UsageError("The proof needs a system that can fork.", next_step="Run it on Linux or macOS, or in WSL.")


def allow_cpu(seconds: float) -> None:
    """Give the calling child this much computing time from now on: unlike wall-clock time, it ignores the load."""
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, seconds)


def _ended(data: bytes, complete: bool, status: int, elapsed: float) -> Ended:
    if not complete:
        return Ended("hung", detail=f"no answer within {elapsed:.1f} s", seconds=elapsed)
    try:
        how, value = json.loads(data)
    except ValueError:
        number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        if number in (signal.SIGXCPU, signal.SIGPROF):
            return Ended("hung", detail="used up its time", seconds=elapsed)
        reason = f"died of {signal.Signals(number).name}" if number else "left without an answer"
        return Ended("crashed", detail=reason, seconds=elapsed)
    if how == "returned":
        return Ended("returned", value, seconds=elapsed)
    return Ended("raised", detail=str(value), seconds=elapsed)


def _read_until(reader: int, deadline: float) -> tuple[bytes, bool]:
    """Everything the child wrote, and whether it closed the pipe before the deadline."""
    chunks: list[bytes] = []
    while (left := deadline - time.perf_counter()) > 0:
        ready, _, _ = select.select([reader], [], [], left)
        if not ready:
            break
        chunk = os.read(reader, 1 << 16)
        if not chunk:
            return b"".join(chunks), True
        chunks.append(chunk)
    return b"".join(chunks), False


def _be_the_child(function: Callable[[], Any], writer: int, seconds: float, memory_mb: int) -> None:
    """Everything after the fork; never returns."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        _limit(seconds, memory_mb)
        quiet = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(quiet, stream)
        sys.stdout = sys.stderr = os.fdopen(quiet, "w")
        faulthandler.disable()  # a crash is an answer here, not news for the terminal
        try:
            answer: tuple[str, Any] = ("returned", function())
        except BaseException as error:
            answer = ("raised", f"{type(error).__name__}: {error}")
        data = json.dumps(answer).encode()
        while data:
            data = data[os.write(writer, data) :]
    finally:
        os._exit(0)


def die_with_parent() -> None:
    """Have the kernel end this process when its parent is gone, where it can."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)


def _limit(seconds: float, memory_mb: int) -> None:
    import resource

    die_with_parent()
    if sys.platform == "linux":
        with open("/proc/self/statm", encoding="ascii") as statm:  # noqa: PTH123
            mapped = int(statm.read().split()[0]) * resource.getpagesize()
        _lower(resource.RLIMIT_AS, mapped + memory_mb * 2**20)
    _lower(resource.RLIMIT_CPU, int(seconds) + 1)
    _lower(resource.RLIMIT_CORE, 0)


def _lower(what: int, limit: int) -> None:
    """Set a limit, unless a lower one is set already (a forked child may fork again)."""
    import resource

    _, hard = resource.getrlimit(what)
    most = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
    resource.setrlimit(what, (most, hard))
