"""Prove milestone 2: read the learner's files once, examine them in the sandbox, write evidence and a report."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gradus.errors import UsageError
from gradus.grader import BrokenSubmission, Grader, LearnerError, Submission
from gradus.milestones.report import Probe, Report, now, sha256, write_evidence
from gradus.roadmap import Limits, Stage

if TYPE_CHECKING:
    from gradus.learner import Workspace

#: Each process runs one probe; the largest makes twenty evaluations of a few hundred rows.
LIMITS = Limits(seconds=180.0, memory_mb=2048, output_kb=1024)
_BOOSTING = re.compile(rb"\b(?:import|from)\s+(?:xgboost|lightgbm)\b")


def prove_stage2(
    stage: Stage, workspace: Workspace, grader: Grader, path: Path, submission: Submission, data: Path | str | None,
    seed: int | None, progress: Callable[[Probe], None] | None,
) -> Report:  # fmt: skip
    """Examine milestone 2. Raises UsageError when there is nothing to examine; nothing is written then."""
    from gradus.milestones.stage2 import Dossier, examine
    from gradus.milestones.stage2_declared import read_claims
    from gradus.milestones.stage2_vault import vault_reader
    from gradus.milestones.table import read_table

    claims = read_claims(path.parent)
    data_path = _data_path(path, claims.declared.data.file, data)
    if not data_path.exists():
        raise UsageError(
            "There is no such file.", str(data_path), f"{claims.path.name} names your CSV file under [data], as `file`."
        )
    table, content = read_table(data_path)
    drawn = seed if seed is not None else secrets.randbelow(2**31)
    layers: list[str] = []
    defined: set[str] = set()
    dossier = Dossier()
    probes = []
    examined = examine(
        _opener(grader, submission, layers, defined), defined, submission.source, table, data_path.name,
        claims.declared, drawn, vault_reader(workspace, claims.declared, data_path), dossier,
    )  # fmt: skip
    for probe in examined:
        probes.append(probe)
        if progress is not None:
            progress(probe)
    files = {
        path.name: sha256(submission.source), claims.path.name: sha256(claims.content), data_path.name: sha256(content),
    }  # fmt: skip
    report = Report(stage.number, stage.milestone.title, tuple(probes), files, drawn, tuple(layers), now())
    return _written(report, dossier, claims.declared, workspace)


def _written(report: Report, dossier: Any, declared: Any, workspace: Workspace) -> Report:
    from gradus.milestones.stage2_page import write_page

    evidence = write_evidence(report, workspace.evidence)
    page = write_page(replace(report, evidence=evidence), dossier, declared, evidence.with_suffix(""))
    return report.with_evidence(evidence, page)


def _opener(grader: Grader, submission: Submission, layers: list[str], defined: set[str]) -> Any:
    from gradus.milestones.proving import require, sentence
    from gradus.milestones.stage1 import ProbeFailed
    from gradus.milestones.stage2_work import HARNESS, INSIDE, inside_source

    library = _library(submission)
    inside = Submission(
        source=submission.source + HARNESS,
        name=submission.name,
        siblings={**submission.siblings, INSIDE: inside_source()},
    )

    @contextmanager
    def open_student() -> Iterator[Any]:
        session = grader.session(inside, LIMITS, library)
        try:
            with session as student:
                layers[:] = session.layers
                defined.update(session.defined)
                require(session.defined, ("build", "evaluate"), submission.name)
                yield student
        except BrokenSubmission as broken:
            raise ProbeFailed(f"{broken.what} {broken.next_step}".strip()) from None
        except LearnerError as raised:
            raise ProbeFailed(sentence(raised, submission.name)) from None

    return open_student


def _library(submission: Submission) -> str:
    from gradus.grader.libraries import SETS

    sources = (submission.source, *submission.siblings.values())
    return "boosting" if "boosting" in SETS and any(_BOOSTING.search(source) for source in sources) else "core"


def _data_path(path: Path, named: str | None, given: Path | str | None) -> Path:
    if given is not None:
        return Path(given).absolute()
    if not named:
        raise UsageError(
            "No data set is named.", str(path.parent / "claims.toml"), 'Add `file = "my-data.csv"` under [data].'
        )
    return path.parent / Path(named).expanduser()
