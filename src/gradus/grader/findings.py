"""From what the judge found to the verdict: findings, and the record around them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from gradus.grader.diagnose import Miss
from gradus.grader.exam import Exam
from gradus.grader.headlines import Words
from gradus.grader.replies import Submission
from gradus.grader.verdict import Diagnosis, Finding, Outcome, Verdict, trace_texts
from gradus.roadmap import Exercise

#: Findings shown for cases; more say the same again.
MAX_FINDINGS = 4
#: What is said (None for a pass), the outcome, and what did not hold.
Conclusion = tuple[Words | None, Outcome, tuple[Finding, ...]]


def findings_from(first: Miss, misses: Sequence[Miss]) -> tuple[Finding, ...]:
    """Return the finding to show, and one for each other part or kind that differs."""
    chosen = [first]
    seen = {(first.part.group.name, first.difference.kind)}
    for miss in misses:
        key = miss.part.group.name, miss.difference.kind
        if key not in seen and len(chosen) < MAX_FINDINGS:
            seen.add(key)
            chosen.append(miss)
    return tuple(finding_from(miss) for miss in chosen)


def finding_from(miss: Miss) -> Finding:
    """Return a case that was missed as a finding."""
    difference = miss.difference
    message = f"{difference.headline} {difference.detail}".strip()
    return Finding(
        check=miss.part.title, message=message, case=miss.part.text(miss.case), expected=difference.expected_text,
        actual=difference.actual_text, line=miss.line, kind=difference.kind, detail=difference.detail,
        cells=difference.where, trace=trace_texts(miss.trace),
    )  # fmt: skip


def finding_of(words: Words, check: str, case: str = "") -> Finding:
    """Return a finding that says what the headline says."""
    return Finding(
        check=check, message=words.headline, case=case, line=words.line, kind=words.id, trace=trace_texts(words.trace)
    )


def source_digest(submission: Submission) -> str:
    """Return the SHA-256 that identifies what ran."""
    return hashlib.sha256(submission.source).hexdigest()


def verdict_on(
    exam: Exam,
    submission: Submission,
    said: Conclusion,
    ran: tuple[int, int],
    run: float,
    stdout: str,
) -> Verdict:
    """Put a verdict together. `ran` counts checks and cases, `run` is in milliseconds."""
    words, outcome, findings = said
    digest = source_digest(submission)
    return Verdict(
        exercise=exam.checks.exercise.id,
        outcome=outcome,
        seed=exam.seed,
        source_sha256=digest,
        headline=words.headline if words is not None else "Every check holds.",
        diagnosis=Diagnosis(words.id, words.message) if words is not None else None,
        findings=findings,
        checks=ran[0],
        cases=ran[1],
        milliseconds={"queue": 0.0, "run": run, "total": run},
        stdout=stdout,
        provenance={submission.name: digest},
    )


def unjudged(exercise: Exercise, submission: Submission, seed: int | None, words: Words) -> Verdict:
    """Return the verdict where there is nothing to judge by: no exam can be drawn, no runner started."""
    digest = source_digest(submission)
    return Verdict(
        exercise=exercise.id,
        outcome="grader_error",
        seed=seed or 0,
        source_sha256=digest,
        headline=words.headline,
        diagnosis=Diagnosis(words.id, words.message),
        findings=(Finding("the exercise can be judged", words.headline, kind=words.id),),
        milliseconds={"queue": 0.0, "run": 0.0, "total": 0.0},
        provenance={submission.name: digest},
    )
