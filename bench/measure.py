"""Timing and small statistics, shared by the benchmarks."""

from __future__ import annotations

import math
import os
import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

#: Every child that is measured runs with one thread, as learner processes do.
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "MPLBACKEND": "Agg"}


@dataclass(frozen=True)
class Sample:
    """Repeated timings in milliseconds."""

    milliseconds: tuple[float, ...]

    @property
    def p50(self) -> float:
        return self.quantile(0.5)

    @property
    def p99(self) -> float:
        return self.quantile(0.99)

    def quantile(self, q: float) -> float:
        """The smallest timing that at least a share ``q`` of them does not exceed."""
        ordered = sorted(self.milliseconds)
        return ordered[max(0, math.ceil(q * len(ordered)) - 1)]


def timed(run: Callable[[], object], times: int, warmup: int = 0) -> Sample:
    """Time ``run`` ``times`` times, after ``warmup`` untimed ones."""
    for _ in range(warmup):
        run()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        taken.append((time.perf_counter() - start) * 1000)
    return Sample(tuple(taken))


@dataclass(frozen=True)
class Row:
    """One line of the results. ``goal`` is what was asked for, ``met`` whether it was reached (None: no goal)."""

    what: str
    value: str
    goal: str = ""
    met: bool | None = None


def at_most(what: str, value: float, goal: float, unit: str, note: str = "") -> Row:
    return Row(what, f"{value:,.1f} {unit}{note}", f"≤ {goal:g} {unit}", value <= goal)


def at_least(what: str, value: float, goal: float, unit: str, note: str = "") -> Row:
    return Row(what, f"{value:,.1f} {unit}{note}", f"≥ {goal:g} {unit}", value >= goal)


def table(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table."""
    marks = {True: "yes", False: "**no**", None: ""}
    lines = ["| what | measured | asked for | met |", "| --- | --- | --- | --- |"]
    return "\n".join(lines + [f"| {row.what} | {row.value} | {row.goal} | {marks[row.met]} |" for row in rows])


def machine() -> str:
    """The machine in a line: processor, cores, memory, system, Python."""
    model = next(
        (line.split(":", 1)[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.processor() or platform.machine(),
    )
    memory = next(
        (int(line.split()[1]) / 2**20 for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0.0
    )
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    system = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    return f"{cores} cores of {model}, {memory:.0f} GiB, {system}"


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text().splitlines()
    except OSError:
        return []


def private_kib(pid: int) -> int:
    """Memory that would be freed if this process ended alone: its private pages, in KiB."""
    return _rollup(pid, ("Private_Clean:", "Private_Dirty:"))


def pss_kib(pid: int) -> int:
    """Proportional set size in KiB: private pages plus this process's share of the shared ones."""
    return _rollup(pid, ("Pss:",))


def _rollup(pid: int, names: tuple[str, ...]) -> int:
    return sum(int(line.split()[1]) for line in _lines(f"/proc/{pid}/smaps_rollup") if line.startswith(names))
