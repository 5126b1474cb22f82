"""Milestone 2: the learner's ``build`` and ``evaluate`` on their own data, and what they claim about it.

The folds, altered copies and permutations are drawn anew from an unpredictable seed. The functions run in the grader's
sandbox; predictions come back as data and are scored and compared here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from gradus.errors import UsageError
from gradus.milestones.report import Probe
from gradus.milestones.stage1 import NotApplicable, ProbeFailed
from gradus.milestones.stage2_audit import giveaway, split_audit
from gradus.milestones.stage2_compare import Contest, baselines, recomputed
from gradus.milestones.stage2_data import MOST_ROWS, BadData, Study, make_study, read_frame
from gradus.milestones.stage2_findings import Inquiry, check_claim
from gradus.milestones.stage2_leaks import (
    Bench,
    future_cut,
    held_out_labels,
    held_out_rows,
    permuted_labels,
    repeatable,
)
from gradus.milestones.stage2_loading import rows_alone
from gradus.milestones.stage2_spy import fit_spy
from gradus.milestones.stage2_work import OpenStudent, Work

if TYPE_CHECKING:
    import pandas as pd

    from gradus.milestones.stage2_declared import Declared
    from gradus.milestones.table import Table

TITLES = {
    "loads": "Your data loads, and says what is to be predicted",
    "rows_alone": "`load` computes each row from itself",
    "unfitted": "`build` returns a fresh estimator that has learned nothing yet",
    "repeatable": "`evaluate` gives the same predictions twice",
    "fit_spy": "No fit sees the rows it is scored on",
    "held_out_rows": "Overwritten held-out rows leave the other predictions as they were",
    "held_out_labels": "Changed held-out labels change no prediction",
    "permuted_labels": "Labels dealt out at random bring the score down to chance",
    "future_cut": "What comes later leaves earlier predictions as they were",
    "recomputed": "The score holds on folds you did not choose",
    "split_audit": "The split keeps together what belongs together",
    "giveaway": "No column gives the answer away",
    "baselines": "Guessing, a linear model and default boosting are no better",
    "vault": "The sealed test set was opened once",
    "claims": "What you found holds on held-out rows",
}
#: Nothing can be examined after one of these failed.
FIRST = ("loads", "unfitted", "repeatable")
Found = tuple[str, dict[str, Any]]
#: Reads the vault's ledger: a message and what was measured, or ProbeFailed, or NotApplicable for missing evidence.
ReadVault = Callable[["pd.DataFrame"], Found]


@dataclass
class Dossier:
    """What the examination leaves behind for the report."""

    study: Study | None = None
    contest: Contest | None = None
    bench: Bench | None = None
    inquiry: Inquiry | None = None
    about: dict[str, Any] = field(default_factory=dict)


def examine(
    open_student: OpenStudent, defined: set[str], source: bytes, table: Table, name: str, declared: Declared, seed: int,
    read_vault: ReadVault, dossier: Dossier,
) -> Iterator[Probe]:  # fmt: skip
    """Run every probe and yield it as soon as it is known; ``dossier`` is filled on the way.

    ``defined`` holds the names that the learner's file defines, once it was opened. Raises UsageError when the data and
    the declarations do not fit, so that there is nothing to examine.
    """
    work = Work(open_student)
    stream = np.random.SeedSequence(seed)
    rngs = {key: np.random.default_rng(child) for key, child in zip(_STREAMS, stream.spawn(len(_STREAMS)), strict=True)}
    frames: list[pd.DataFrame] = []
    probe = _attempt("loads", partial(_loads, work, defined, table, name, declared, frames, dossier, rngs["sample"]))
    yield probe
    if probe.outcome != "passed" or dossier.study is None:
        return
    study, whole = dossier.study, frames[0]
    bench = dossier.bench = Bench(work, study, rngs["bench"], source)
    contest = dossier.contest = Contest(work, study, declared, rngs["contest"])
    dossier.inquiry = Inquiry(work, study, rngs["inquiry"])
    for probe_id, run in _probes(work, bench, contest, declared, table, name, whole, dossier, "load" in defined):
        probe = _attempt(probe_id, run)
        yield probe
        if probe.outcome == "failed" and probe_id in FIRST:
            return
    yield from _claims(dossier.inquiry, declared)
    yield _attempt("vault", partial(read_vault, read_frame(table)))


_STREAMS = ("sample", "bench", "contest", "inquiry")


def _probes(
    work: Work, bench: Bench, contest: Contest, declared: Declared, table: Table, name: str, whole: pd.DataFrame,
    dossier: Dossier, has_load: bool,
) -> Iterator[tuple[str, Callable[[], Found]]]:  # fmt: skip
    yield "unfitted", partial(_unfitted, work, contest.study, dossier)
    if has_load:
        yield "rows_alone", partial(rows_alone, work, table, name, whole, declared)
    yield "repeatable", partial(repeatable, bench)
    yield "fit_spy", partial(fit_spy, bench)
    yield "held_out_rows", partial(held_out_rows, bench)
    yield "held_out_labels", partial(held_out_labels, bench)
    if contest.study.time is not None:
        yield "future_cut", partial(future_cut, bench, contest.study)
    yield "recomputed", partial(recomputed, contest)
    yield "split_audit", partial(split_audit, contest, declared, len(table.rows) if has_load else 0)
    yield "giveaway", partial(giveaway, contest)
    if contest.evaluated is not None:
        yield "baselines", partial(baselines, contest)
    yield "permuted_labels", partial(permuted_labels, bench)


def _claims(inquiry: Inquiry, declared: Declared) -> Iterator[Probe]:
    if not declared.claims:
        words = (
            "Missing evidence: claims.toml holds no [[claims]]. Say what you found, for instance that a higher value "
            "of "
            "some feature raises the prediction, and it is checked."
        )
        yield Probe("claims", TITLES["claims"], "not_applicable", words)
    for number, claim in enumerate(declared.claims, 1):
        yield _attempt(
            f"claim_{number}", partial(check_claim, inquiry, claim), f"Claim {number} holds on held-out rows"
        )


def _attempt(probe_id: str, run: Callable[[], Found], title: str = "") -> Probe:
    title = title or TITLES[probe_id]
    try:
        message, measured = run()
    except ProbeFailed as failed:
        return Probe(probe_id, title, "failed", failed.message, _rounded(failed.measured))
    except NotApplicable as reason:
        return Probe(probe_id, title, "not_applicable", str(reason))
    except BadData as bad:
        return Probe(probe_id, title, "failed", f"{bad.what} {bad.next_step}".strip())
    return Probe(probe_id, title, "passed", message, _rounded(measured))


def _rounded(measured: Mapping[str, Any]) -> dict[str, Any]:
    """Numbers with the digits that matter."""
    return {name: float(f"{value:.5g}") if isinstance(value, float) else value for name, value in measured.items()}


def _loads(
    work: Work, defined: set[str], table: Table, name: str, declared: Declared, frames: list[pd.DataFrame],
    dossier: Dossier, rng: np.random.Generator,
) -> Found:  # fmt: skip
    with work.open_student():
        pass
    if "load" in defined:
        frame, where = work.load(table, name), "What `load` returns"
    else:
        frame, where = read_frame(table), name
    try:
        study = make_study(frame, declared, where)
    except BadData as bad:
        if "load" in defined:
            raise
        raise UsageError(bad.what, name, bad.next_step) from None
    frames.append(frame)
    dossier.study = study.sample(MOST_ROWS, rng)
    rows, columns = study.X.shape
    kinds = {"binary": "two classes", "multiclass": f"{len(study.problem.classes)} classes", "regression": "a number"}
    kind = kinds[study.problem.kind]
    words = f"{rows:,} rows, {columns} features; “{declared.data.target}” is {kind}."
    if study.problem.kind == "binary":
        words += f" Chances are those of {study.problem.classes[study.problem.positive]!r}."
    if len(dossier.study) < rows:
        words += f" Examined on {len(dossier.study):,} of the rows."
    return words, {"rows": rows, "features": columns, "target": kind}


def _unfitted(work: Work, study: Study, dossier: Dossier) -> Found:
    from gradus.milestones.stage2_answers import NotAnswers, from_model
    from gradus.milestones.stage2_scores import signal

    found = dossier.about = work.about(study)
    kind = found["type"]
    if found["none"]:
        raise ProbeFailed("`build` returned None. Did you forget `return`?")
    if found["lacks"]:
        lacking = " and ".join(f"`{name}`" for name in found["lacks"])
        raise ProbeFailed(f"`build` returned a {kind}, which lacks {lacking}. Return an estimator.", type=kind)
    if found["same"]:
        raise ProbeFailed(
            f"`build` returns the same {kind} each time, so that what one fold learned is still there in the next. "
            "Make "
            "a new one inside `build`.",
            leak="fitted_before", type=kind,
        )  # fmt: skip
    if found["marks"]:
        raise ProbeFailed(
            f"`build` returns a {kind} that was fitted already (it has `{found['marks'][0]}`): whatever it was "
            "fitted on "
            "may be in the folds. Return it unfitted.",
            leak="fitted_before", type=kind, marks=found["marks"],
        )  # fmt: skip
    if found["answers"] is not None:
        try:
            values = from_model(found["answers"], np.arange(len(study)), study.problem).values
            strength = signal(study.problem)(study.truth, values)
        except NotAnswers:
            strength = 0.0
        if strength > max(0.2, 4 / np.sqrt(len(study))):
            raise ProbeFailed(
                f"The {kind} predicts before it was fitted, and well ({strength:.2f} on a scale from 0 to 1): it has "
                "learned already.",
                leak="fitted_before", type=kind,
            )  # fmt: skip
    return f"A fresh {kind}, unfitted.", {"type": kind}
