"""The process behind a runner, whichever pool made it: what the client needs of it, and how its end is told."""

from __future__ import annotations

import math
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from gradus.grader.output import bound
from gradus.grader.wire import Channel


@dataclass(frozen=True)
class RunLimits:
    """What one runner may use. ``seconds`` is wall-clock time spent waiting for it, in all its calls together."""

    seconds: float = 5.0
    memory_mb: int = 512
    output_kb: int = 256


@dataclass(frozen=True)
class Ending:
    """How a process ended, as far as it is known: ``cpu`` is its processor time in seconds, ``peak`` the most memory it
    had, in bytes.
    """

    signal: int | None = None
    status: int | None = None
    cpu: float = 0.0
    peak: int = 0


def ending_of(code: int, cpu: float, peak: int) -> Ending:
    """An ending from ``os.waitstatus_to_exitcode`` and what ``wait4`` says was used (``ru_maxrss``, as it is)."""
    memory = peak * (1 if sys.platform == "darwin" else 1024)
    return Ending(-code, None, cpu, memory) if code < 0 else Ending(None, code, cpu, memory)


def computed_if_waiting(pid: int) -> float:
    """The processor time of a process that waits for a processor now; infinite for one that sleeps, or cannot be
    looked at.
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return math.inf
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") if fields[0] == "R" else math.inf


class Body(Protocol):
    """The process behind a runner, as a pool made it."""

    channel: Channel
    out: int
    err: int
    layers: tuple[str, ...]
    lost: dict[str, str]
    peak: int
    """The most memory it had, in bytes, before a learner's code arrived."""

    def admit(self, output_bytes: int) -> None:
        """Make the process ready for a learner's code: bound its output."""

    def kill(self) -> None:
        """Stop it and all that it started, at once."""

    def wait(self, seconds: float) -> Ending | None:
        """How it ended; None if it still runs after so many seconds."""

    def number(self) -> int:
        """Its process number, as we see it; 0 when it is gone or that cannot be told."""

    def close(self) -> None:
        """Kill it, and give back what it held."""


class Connected:
    """What every such process of ours has: the channel to it, the files for its output, and what is known of it."""

    def __init__(self, channel: Channel, out: int, err: int) -> None:
        self.channel = channel
        self.out = out
        self.err = err
        self.layers: tuple[str, ...] = ()
        self.lost: dict[str, str] = {}
        self.peak = 0

    def admit(self, output_bytes: int) -> None:
        bound(self.out, output_bytes)
        bound(self.err, output_bytes)
