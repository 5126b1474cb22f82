"""Milestone 1: the learner's ``load``, ``stats`` and ``plot``, rerun on altered copies of their own CSV.

Every copy is drawn anew from an unpredictable seed, so constants and remembered answers fail. The functions run in
the grader's sandbox; the frames, tables and drawings come back as data and are examined here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from gradus.checks import File
from gradus.milestones.bars import examine_bars
from gradus.milestones.report import Probe
from gradus.milestones.statistics import (
    NAMES,
    NotStatistics,
    Statistics,
    close,
    first_difference,
    normalize,
    recompute,
)
from gradus.milestones.table import Table

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS = 20_000

TITLES = {
    "loads": "Your file loads into a DataFrame",
    "statistics": "The statistics are those of the frame you loaded",
    "sample": "A sample of the rows gives the statistics of that sample",
    "shuffled": "Shuffled rows leave every statistic as it was",
    "rescaled": "A column in another unit scales its own statistics and no others",
    "missing": "Values taken out lower the count by exactly that many",
    "added": "An added column leaves the others as they were",
    "bars": "The bars show every value of the column they name",
}


class ProbeFailed(Exception):  # noqa: N818 - reads as what it says at the place of use
    """A probe did not hold; the message is for the learner."""

    def __init__(self, message: str, **measured: Any) -> None:
        super().__init__(message)
        self.message = message
        self.measured = measured


class NotApplicable(Exception):  # noqa: N818 - as above
    """A probe does not apply to this data."""


@dataclass
class Subject:
    """The learner's three functions and the data they are examined on."""

    student: Any
    table: Table
    name: str
    rng: np.random.Generator

    def load(self, table: Table) -> pd.DataFrame:
        """The learner's frame of a copy. Raises ProbeFailed when it is not a frame with rows."""
        import pandas as pd

        frame = self.student.load(File(self.name, table.to_bytes()))
        if not isinstance(frame, pd.DataFrame):
            kind = "None" if frame is None else f"a {type(frame).__name__}"
            raise ProbeFailed(f"`load` should return a pandas DataFrame; yours returns {kind}.")
        if frame.empty:
            raise ProbeFailed("`load` returned a DataFrame without any rows.")
        return frame

    def stats(self, frame: pd.DataFrame) -> Statistics:
        try:
            return normalize(self.student.stats(frame))
        except NotStatistics as problem:
            raise ProbeFailed(str(problem)) from None

    def stats_of(self, table: Table) -> Statistics:
        return self.stats(self.load(table))


@dataclass
class Baseline:
    """What the learner's functions say about the unaltered data: filled by the first two probes."""

    frame: Any = None
    statistics: Statistics = field(default_factory=dict)
    columns: list[str] = field(default_factory=list)


#: Opens the learner's file in a fresh process and yields the student to call.
OpenStudent = Callable[[], AbstractContextManager[Any]]
Found = tuple[str, dict[str, Any]]


def examine(open_student: OpenStudent, table: Table, name: str, rng: np.random.Generator) -> Iterator[Probe]:
    """Run every probe, each in a process of its own, and yield it as soon as it is known.

    The first two are what the others build on: when one of them fails, the rest is not run.
    """
    small = table if len(table.rows) <= MOST_ROWS else table.take(rng.choice(len(table.rows), MOST_ROWS, replace=False))
    subject = Subject(None, small, name, rng)
    baseline = Baseline()
    for probe_id, run in PROBES.items():
        probe = _attempt(probe_id, partial(_run, open_student, run, subject, baseline))
        yield probe
        if probe.outcome == "failed" and probe_id in ("loads", "statistics"):
            return


def _run(
    open_student: OpenStudent, run: Callable[[Subject, Baseline], Found], subject: Subject, base: Baseline
) -> Found:
    with open_student() as student:
        return run(replace(subject, student=student), base)


def _attempt(probe_id: str, run: Callable[[], Found]) -> Probe:
    try:
        message, measured = run()
    except ProbeFailed as failed:
        return Probe(probe_id, TITLES[probe_id], "failed", failed.message, failed.measured)
    except NotApplicable as reason:
        return Probe(probe_id, TITLES[probe_id], "not_applicable", str(reason))
    return Probe(probe_id, TITLES[probe_id], "passed", message, measured)


def _loads(subject: Subject, baseline: Baseline) -> Found:
    frame = baseline.frame = subject.load(subject.table)
    rows, columns = frame.shape
    return f"{rows:,} rows and {columns} columns.", {"rows": rows, "columns": columns}


def _statistics(subject: Subject, baseline: Baseline) -> Found:
    frame = baseline.frame
    statistics = subject.stats(frame)
    numeric = [str(name) for name in frame.select_dtypes("number").columns]
    lacking = [name for name in numeric if name not in statistics]
    if lacking:
        raise ProbeFailed(f"`stats` has no row for the numeric column “{lacking[0]}”.", lacking=lacking)
    columns = [name for name in numeric if name in subject.table.numeric]
    if not columns:
        raise ProbeFailed(
            "No column is numeric both in your CSV and in the frame you loaded, so nothing can be probed."
        )
    _compare_with_frame(frame, statistics, columns)
    baseline.statistics, baseline.columns = statistics, columns
    return f"{len(columns) * len(NAMES)} statistics of {len(columns)} columns, recomputed.", {"columns": columns}


def _compare_with_frame(frame: pd.DataFrame, statistics: Statistics, columns: list[str]) -> None:
    for column in columns:
        allowed = recompute(frame[column])
        scale = float(frame[column].abs().max())
        for name in NAMES:
            actual = statistics.get(column, {}).get(name, float("nan"))
            if not any(close(actual, value, scale) for value in allowed[name]):
                raise ProbeFailed(
                    f"The {name} of “{column}” should be {allowed[name][0]:.6g}; yours is {actual:.6g}.",
                    column=column,
                    statistic=name,
                    expected=allowed[name][0],
                    actual=actual,
                )


def _sample(subject: Subject, baseline: Baseline) -> Found:
    rows = len(subject.table.rows)
    size = int(subject.rng.integers(rows // 2, rows * 3 // 4 + 1))
    frame = subject.load(subject.table.take(subject.rng.choice(rows, size=size, replace=False)))
    present = [name for name in baseline.columns if name in frame and frame[name].notna().sum() >= 2]
    if not present:
        raise NotApplicable("The sample leaves no numeric column with two values.")
    _compare_with_frame(frame, subject.stats(frame), present)
    return f"{size:,} of {rows:,} rows, recomputed.", {"rows": size}


def _shuffled(subject: Subject, baseline: Baseline) -> Found:
    copy = subject.table.take(subject.rng.permutation(len(subject.table.rows)))
    _same(subject.stats_of(copy), baseline.statistics, baseline.columns, "After the rows were shuffled")
    return "Every statistic stayed as it was.", {"rows": len(copy.rows)}


def _rescaled(subject: Subject, baseline: Baseline) -> Found:
    column = str(subject.rng.choice(baseline.columns))
    factor = int(subject.rng.integers(2, 10))
    expected = {name: dict(values) for name, values in baseline.statistics.items()}
    for name in NAMES:
        if name != "count":
            expected[column][name] *= factor
    actual = subject.stats_of(subject.table.scaled(column, factor))
    _same(actual, expected, baseline.columns, f"With “{column}” multiplied by {factor}")
    return f"“{column}” times {factor}: its statistics scaled, the others stayed.", {"column": column, "factor": factor}


def _missing(subject: Subject, baseline: Baseline) -> Found:
    column = max(baseline.columns, key=lambda name: baseline.statistics[name]["count"])
    wanted = int(subject.rng.integers(3, max(4, len(subject.table.rows) // 5)))
    copy, taken = subject.table.blanked(column, subject.rng, wanted)
    if not taken:
        raise NotApplicable("No column has more than two numbers to take out.")
    frame = subject.load(copy)
    statistics = subject.stats(frame)
    before, after = baseline.statistics[column]["count"], statistics.get(column, {}).get("count", float("nan"))
    if after != before - taken:
        hint = (
            "The missing values were filled in, so the count no longer says how many are there."
            if after == before
            else ""
        )
        raise ProbeFailed(
            f"{taken} values of “{column}” were taken out, so its count should fall from {before:g} to "
            f"{before - taken:g}; yours is {after:g}. {hint}".strip(),
            column=column,
            taken=taken,
            before=before,
            after=after,
        )
    _compare_with_frame(frame, statistics, [name for name in baseline.columns if frame[name].notna().sum() >= 2])
    return f"{taken} values taken out of “{column}”: {before:g} became {after:g}.", {"column": column, "taken": taken}


def _added(subject: Subject, baseline: Baseline) -> Found:
    name = f"gradus_{int(subject.rng.integers(1000, 10_000))}"
    cells = [str(value) for value in subject.rng.integers(0, 1000, size=len(subject.table.rows))]
    _same(
        subject.stats_of(subject.table.with_column(name, cells)),
        baseline.statistics,
        baseline.columns,
        "With one more column",
    )
    return "A column more, and the others stayed as they were.", {"column": name}


def _bars(subject: Subject, baseline: Baseline) -> Found:
    column = str(subject.rng.choice(baseline.columns))
    factor = int(subject.rng.integers(2, 10))
    frames = [baseline.frame, subject.load(subject.table.scaled(column, factor))]
    measured: dict[str, Any] = {"column": column}
    for frame in frames:
        problem, found = examine_bars(subject.student.plot(frame, column), frame[column], column)
        measured |= found
        if problem:
            raise ProbeFailed(problem, **measured)
    return f"{found['bars']} bars hold all {found['values']:,} values of “{column}”.", measured


#: In the order they are run. The first two fill the baseline.
PROBES: dict[str, Callable[[Subject, Baseline], Found]] = {
    "loads": _loads,
    "statistics": _statistics,
    "sample": _sample,
    "shuffled": _shuffled,
    "rescaled": _rescaled,
    "missing": _missing,
    "added": _added,
    "bars": _bars,
}


def _same(actual: Statistics, expected: Statistics, columns: list[str], when: str) -> None:
    difference = first_difference(actual, expected, columns)
    if difference is not None:
        column, name, got, wanted = difference
        raise ProbeFailed(
            f"{when}, the {name} of “{column}” should be {wanted:.6g}; yours is {got:.6g}.",
            column=column,
            statistic=name,
            expected=wanted,
            actual=got,
        )
