"""The drift prover: is a monitor quiet while nothing changes, and awake when the declared shift comes? (C21)

It is asked many times. Its streams are the project's own rows drawn anew, as they are or with the declared feature
shifted, at several sizes. Alarms are counted and judged by exact binomial bounds: at most 5 % of the stationary
streams, over all features together, and at least the stated power on the shifted ones.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from gradus.provers.apart import Ended
from gradus.provers.chances import Rate
from gradus.provers.declared import declared, files_of, inside, number, read_rows
from gradus.provers.drift_streams import Answers, Runner, Streams, ask
from gradus.provers.report import Probe

FAMILY = 0.05
LEAST_POWER = 0.5
_HUGE = 5.0
_FEWEST = 30


@dataclass(frozen=True)
class Claim:
    """What ``[monitor]`` states: with ``n`` rows, a shift of ``shift`` deviations of ``feature`` is noticed."""

    check: str
    feature: str
    n: int
    shift: float
    power: float

    @property
    def sizes(self) -> tuple[int, int, int]:
        """Fewer rows than stated, as many, and more."""
        return max(_FEWEST, self.n // 5), self.n, min(4 * self.n, max(self.n, 5000))


class _Found(Exception):  # noqa: N818 - a finding, not an error
    def __init__(self, fault: str, message: str, **measured: Any) -> None:
        super().__init__(message)
        self.fault, self.message, self.measured = fault, message, measured


@dataclass
class _Bench:
    """One monitor under examination, and how it is asked."""

    folder: Path
    claim: Claim
    streams: Streams
    run: Runner
    ends: float

    def ask(self, make: Callable[[], str], count: int) -> Answers:
        left = max(5.0, self.ends - time.monotonic())
        return ask(self.run, self.folder, self.claim.check, (make() for _ in range(count)), left)

    def rate(self, name: str, make: Callable[[], str], count: int) -> Rate:
        """How often the monitor alarms on ``count`` streams."""
        return self.rates_of({name: (make, count)})[0]

    def rates_of(self, wanted: Mapping[str, tuple[Callable[[], str], int]]) -> list[Rate]:
        """The same for several kinds of streams, in one process: to start one takes longer than to ask it."""
        makers = [make for make, count in wanted.values() for _ in range(count)]
        left = max(5.0, self.ends - time.monotonic())
        answers = ask(self.run, self.folder, self.claim.check, (make() for make in makers), left)
        if answers.kind in ("raised", "exited", "type", "missing", "crashed"):
            # Who ends the program on some quiet streams and answers on others does so where chance looks like drift.
            sometimes = answers.kind == "exited" and any(answer is not None for answer in answers.said)
            raise _no_answer(answers, sometimes or not any(name.startswith("stationary") for name in wanted))
        rates, place = [], 0
        for _, count in wanted.values():
            said = answers.said[place : place + count]
            if not said:
                raise _no_answer(answers, shifted=False)
            rates.append(Rate(sum(answer is True for answer in said), len(said)))
            place += count
        return rates


def examine(
    folder: Path | str,
    rng: np.random.Generator,
    *,
    streams: int = 200,
    seconds: float = 240.0,
    run: Runner | None = None,
) -> Iterator[Probe]:
    """Examine the monitor that ``service.toml`` declares in ``[monitor]``; yields each probe as soon as it is known.

    ``streams`` are drawn for each size, ``seconds`` bound the whole. The monitor runs in a sandbox with a copy of the
    project, unless ``run`` says how a command is run instead. A failed probe's ``measured["fault"]`` is one of
    missing, unclear_claim, too_few_rows, no_feature, raises, exits, not_bool, slow, fixed_psi_threshold,
    alarms_by_sample_size, uncorrected_tests, false_alarms, never_alarms, compares_with_itself, ignores_feature,
    drift_as_failure, low_power. Raises UsageError when there is no readable service.toml.
    """
    folder = Path(folder)
    titles = {
        "monitor_answers": "The monitor answers with True or False",
        "monitor_quiet": "A stationary stream stays quiet",
        "monitor_awake": "The declared shift is noticed",
    }
    steps: dict[str, Callable[[_Bench, int], tuple[str, Mapping[str, Any]]]] = {
        "monitor_answers": _answers,
        "monitor_quiet": _quiet,
        "monitor_awake": _awake,
    }
    bench: _Bench | None = None
    for id_, step in steps.items():
        try:
            if bench is None:
                bench = _opened(folder, rng, run or _sandboxed, time.monotonic() + seconds)
            message, measured = step(bench, streams)
        except _Found as found:
            yield Probe(id_, titles[id_], "failed", found.message, {"fault": found.fault, **found.measured})
            if id_ == "monitor_answers":
                return
        else:
            yield Probe(id_, titles[id_], "passed", message, measured)


def _sandboxed(command: Sequence[str], folder: Path, *, stdin: bytes = b"", seconds: float = 60.0) -> Ended:
    from gradus.projects import Bounds, OverLimit, Workbench

    bounds = Bounds(seconds=seconds + 10, memory_mb=4096, output_kb=4096)
    try:
        with Workbench(files_of(folder), bounds, "project") as work:
            ended = work.run(command, seconds=seconds, stdin=stdin)
    except OverLimit as limit:
        return Ended(1, b"", f"The limit of {limit.kind} was met.".encode())
    return Ended(ended.status, ended.stdout.encode(), ended.stderr.encode(), ended.timed_out)


def _opened(folder: Path, rng: np.random.Generator, run: Runner, ends: float) -> _Bench:
    tables = declared(folder)
    table, offline = tables.get("monitor"), tables.get("offline", {})
    if not isinstance(table, Mapping) or not isinstance(table.get("check"), str) or ":" not in table["check"]:
        raise _Found(
            "missing",
            "service.toml declares no monitor. Write a function of reference rows and current rows, and name it: "
            '[monitor] check = "monitor:alarm".',
        )
    path = inside(folder, table.get("rows", offline.get("rows")))
    if path is None:
        raise _Found("missing", "service.toml names no file of rows to draw streams from ([offline] rows).")
    rows = read_rows(path, without=offline.get("target"))
    if len(rows) < 50:
        raise _Found("too_few_rows", f"{path.name} has {len(rows)} rows; streams need 50 to draw from.", rows=len(rows))
    claim = _claim(table)
    streams = Streams(rows, claim.feature, rng)
    if claim.feature not in streams.numeric or not streams.spread(claim.feature) > 0:
        raise _Found(
            "no_feature",
            f"“{claim.feature}” is no column of numbers that vary in {path.name}, so it cannot be shifted.",
        )
    return _Bench(folder, claim, streams, run, ends)


def _claim(table: Mapping[str, Any]) -> Claim:
    n, shift, power = (number(table, name) for name in ("n", "shift", "power"))
    feature = table.get("feature")
    if not n or not shift or power is None or not isinstance(feature, str) or n < _FEWEST or n > 20_000:
        raise _Found(
            "unclear_claim",
            f"[monitor] must state which shift it notices: `feature`, `n` ({_FEWEST} to 20,000 rows), `shift` in "
            "standard deviations, and `power`.",
        )
    if not LEAST_POWER <= power < 1 or not 0 < abs(shift) <= 2:
        raise _Found(
            "unclear_claim",
            f"[monitor] states a power of {power:g} for a shift of {shift:g} standard deviations. That says little: "
            f"state a power of at least {LEAST_POWER:g} and below 1 for a shift of at most 2.",
            power=power,
            shift=shift,
        )
    return Claim(str(table["check"]), feature, int(n), shift, power)


def _answers(bench: _Bench, streams: int) -> tuple[str, dict[str, Any]]:
    answers = bench.ask(lambda: bench.streams.stationary(bench.claim.n), 3)
    if answers.kind:
        raise _no_answer(answers, shifted=False)
    return f"{bench.claim.check} answers on {bench.claim.n} rows.", {"rows": len(bench.streams.rows)}


def _no_answer(answers: Answers, shifted: bool) -> _Found:
    kind, trouble = answers.kind, answers.trouble
    if kind == "missing":
        return _Found("missing", f"The monitor cannot be loaded: {trouble}.")
    if kind == "slow":
        return _Found("slow", "The monitor did not answer in time. It is asked hundreds of times; work on arrays.")
    if kind == "type":
        return _Found(
            "not_bool",
            f"The monitor returned a value of type {trouble}; it should say True for alarm and False for none.",
        )
    if shifted:
        return _Found(
            "drift_as_failure",
            f"Where rows differ the monitor did not answer but stopped: {trouble or 'the process ended'}. Drift is no "
            "failure: rows may have changed while the model is as right as before, so report it (True), keep serving, "
            "and let delayed outcomes say whether the model got worse.",
            said=trouble,
        )
    fault = "exits" if kind in ("exited", "crashed") else "raises"
    return _Found(fault, f"On rows like the reference the monitor gave no answer: {trouble or 'its process ended'}.")


def _quiet(bench: _Bench, streams: int) -> tuple[str, dict[str, Any]]:
    drawn = bench.streams
    sizes = bench.claim.sizes
    found = bench.rates_of({f"stationary_{n}": (partial(drawn.stationary, n), streams) for n in sizes})
    rates = dict(zip(sizes, found, strict=True))
    pooled = sum(rates.values(), Rate(0, 0))
    measured: dict[str, Any] = {"n": {str(n): rate.to_json() for n, rate in rates.items()}, "all": pooled.to_json()}
    if not pooled.above(FAMILY) and not any(rate.above(FAMILY) for rate in rates.values()):
        said = ", ".join(f"{rate.share:.1%} at n = {n}" for n, rate in rates.items())
        return (
            f"False alarms on {pooled.streams} stationary streams: {said}; together {pooled.share:.1%}, with 95 % "
            f"confidence at most {pooled.upper:.1%} (allowed: {FAMILY:.0%}).",
            measured,
        )
    raise _false_alarms(bench, rates, measured, streams)


def _false_alarms(bench: _Bench, rates: dict[int, Rate], measured: dict[str, Any], streams: int) -> _Found:
    """Why a monitor cries wolf, told from when it does."""
    (few, small), _, (many, large) = rates.items()
    worst_n, worst = max(rates.items(), key=lambda item: item[1].share)
    seen = (
        f"{worst.share:.0%} of {worst.streams} streams in which nothing had changed raised an alarm at n = {worst_n} "
    )
    seen += f"(at least {worst.lower:.0%}, with 95 % confidence; allowed: {FAMILY:.0%}). "
    if small.above(FAMILY) and large.share < small.share / 4:
        return _Found(
            "fixed_psi_threshold",
            f"{seen}At n = {many} it was {large.share:.0%}. A fixed limit on a distance such as PSI does this: chance "
            "alone makes a distance of about 2 × (bins - 1) / n, whatever the limit. Let the limit depend on the "
            "numbers of rows: a p-value, or a quantile of the distance between samples of the reference.",
            **measured,
        )
    same = bench.rate("stationary_same_size", lambda: bench.streams.stationary(bench.claim.n, True), streams)
    measured["same_size"] = same.to_json()
    if large.above(FAMILY) and (small.share < large.share / 2 or same.share < worst.share / 3):
        return _Found(
            "alarms_by_sample_size",
            f"{seen}At n = {few} it was {small.share:.0%}, and {same.share:.0%} with as many reference rows as current "
            "ones. The alarm follows the number of rows, not a change in them: counts are compared as they are, or the "
            "reference is taken for the truth although it is a sample, too. Compare shares; count both samples' noise.",
            **measured,
        )
    alone = bench.rate("stationary_one_column", lambda: bench.streams.one_column(few), streams)
    measured["one_column"] = alone.to_json()
    if not alone.above(FAMILY) and alone.share < 0.65 * worst.share:
        count = len(bench.streams.rows[0])
        return _Found(
            "uncorrected_tests",
            f"{seen}With “{bench.claim.feature}” alone drawn anew it is {alone.share:.0%}. Each of {count} columns is "
            "tested at its own level, and any of them raises the alarm: thirty tests at 5 % alarm in 79 % of quiet "
            "weeks. Share the 5 % out among the tests (Bonferroni, Holm), or make one test of them.",
            **measured,
        )
    return _Found(
        "false_alarms", f"{seen}The level that the test is made at is not the one it keeps: measure it.", **measured
    )


def _awake(bench: _Bench, streams: int) -> tuple[str, dict[str, Any]]:
    claim, drawn = bench.claim, bench.streams
    amount = claim.shift * drawn.spread(claim.feature)
    shift = {claim.feature: amount}
    wanted = {
        f"shifted_{n}": (partial(drawn.shifted, n, shift), streams if n == claim.n else max(20, streams // 4))
        for n in claim.sizes
    }
    rates = dict(zip(claim.sizes, bench.rates_of(wanted), strict=True))
    measured: dict[str, Any] = {
        "shift": claim.shift, "feature": claim.feature, "power": claim.power,
        "n": {str(n): rate.to_json() for n, rate in rates.items()},
    }  # fmt: skip
    reached, more = rates[claim.n], rates[claim.sizes[-1]]
    if not reached.below(claim.power) and not more.below(claim.power):
        said = ", ".join(f"{rate.share:.0%} at n = {n}" for n, rate in rates.items())
        return (
            f"A shift of “{claim.feature}” by {claim.shift:g} deviations is noticed in {said}; stated: "
            f"{claim.power:.0%} at n = {claim.n}, and with 95 % confidence it is at least {reached.lower:.0%}.",
            measured,
        )
    raise _asleep(bench, rates, measured)


def _asleep(bench: _Bench, rates: dict[int, Rate], measured: dict[str, Any]) -> _Found:
    """Why a monitor does not notice, told from what else it does not notice."""
    claim, drawn = bench.claim, bench.streams
    everything = {name: _HUGE * drawn.spread(name) + 1 for name in drawn.numeric}
    rate_all = bench.rate("all_shifted", lambda: drawn.shifted(claim.n, everything), 20)
    measured["everything"] = rate_all.to_json()
    reached = rates[claim.n]
    if rate_all.share < 0.2:
        seen = f"Every column was shifted by {_HUGE:g} standard deviations, and the monitor said nothing. "
        which = _unread(bench)
        if which:
            return _Found(
                "compares_with_itself",
                f"{seen}It does not even look at the {which} rows: what it compares are two copies of the same ones, "
                "which never differ. Compare the current rows with the reference.",
                **measured, unread=which,
            )  # fmt: skip
        return _Found(
            "never_alarms",
            f"{seen}A monitor that is always quiet has no false alarms, and is of no use. Shift a copy of your own "
            "rows and see that it speaks.",
            **measured,
        )
    alone = bench.rate("feature_alone", lambda: drawn.shifted(claim.n, {claim.feature: everything[claim.feature]}), 20)
    measured["feature_alone"] = alone.to_json()
    if alone.share < 0.5:
        return _Found(
            "ignores_feature",
            f"“{claim.feature}” was shifted by {_HUGE:g} standard deviations and {alone.share:.0%} of the streams "
            f"raised an alarm; with every column shifted it was {rate_all.share:.0%}. The column that the claim is "
            "about is not watched: left out of a list, named differently in the rows, or cut off by rounding.",
            **measured,
        )
    return _Found(
        "low_power",
        f"A shift of “{claim.feature}” by {claim.shift:g} deviations is noticed in {reached.share:.0%} of "
        f"{reached.streams} streams at n = {claim.n} (at most {reached.upper:.0%}, with 95 % confidence); stated are "
        f"{claim.power:.0%}. Ask for more rows, watch fewer columns, or use a sharper test; or state what it reaches.",
        **measured,
    )


def _unread(bench: _Bench) -> str:
    """Which half the monitor does without: rows without any column there do not trouble it, but do elsewhere."""
    troubled = {
        which: bool(answers.kind) or bool(answers.alarms)
        for which in ("reference", "current")
        for answers in [bench.ask(partial(bench.streams.blank, bench.claim.n, which), 2)]
    }
    if sum(troubled.values()) != 1:
        return ""
    return next(which for which, trouble in troubled.items() if not trouble)
