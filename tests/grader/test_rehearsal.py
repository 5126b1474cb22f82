"""Behaviours that were rehearsed say the same as behaviours that are run."""

from __future__ import annotations

from collections.abc import Iterator
from unittest.mock import patch

import pytest

from gradus.checks import load_checks
from gradus.grader import Grader, Submission
from gradus.grader.exam import Exam
from gradus.grader.verdict import Verdict
from gradus.roadmap import Exercise, load_roadmap

SEED = 20
STAGE = [exercise for unit in load_roadmap().stage(1).units for exercise in unit.exercises]


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    with Grader() as grader:
        yield grader


def prepared(grader: Grader, exercise: Exercise, source: str) -> tuple[Verdict, Verdict]:
    """The verdicts on the same cases: with an exam that was not prepared, and with one that was."""
    submission = Submission(source.encode(), f"{exercise.id}.py")
    plain = grader.check(exercise, submission, SEED)
    exam = Exam(grader.checks(exercise), SEED).prepare()
    with patch.object(grader, "_exam", lambda *_: exam):
        return plain, grader.check(exercise, submission, SEED)


@pytest.mark.parametrize("exercise", [one for one in STAGE if load_checks(one).behaviours], ids=lambda one: one.id)
def test_a_rehearsal_changes_no_verdict(grader: Grader, exercise: Exercise) -> None:
    wrong = [file.read_text(encoding="utf-8") for file in exercise.wrong]
    for source in (exercise.solution, exercise.starter, *wrong):
        plain, rehearsed = prepared(grader, exercise, source)
        assert rehearsed.seed == plain.seed
        assert rehearsed.outcome == plain.outcome
        assert (rehearsed.checks, rehearsed.cases) == (plain.checks, plain.cases)
        assert (rehearsed.diagnosis and rehearsed.diagnosis.id) == (plain.diagnosis and plain.diagnosis.id)


def test_most_behaviours_can_be_rehearsed() -> None:
    counts = [0, 0]
    for exercise in STAGE:
        exam = Exam(load_checks(exercise), SEED).prepare()
        for number in (0, 1):
            for rehearsal in exam.rehearsals(number):
                counts[rehearsal is None] += 1
    assert counts[0] > counts[1]


LATER = """
import numpy as np
def standardize(X):
    deviation = X.std(axis=0)
    answer = (X - X.mean(axis=0)) / np.where(deviation == 0, 1.0, deviation)
    {deed}
    return answer
"""


@pytest.mark.parametrize(
    ("deed", "outcome"),
    [
        ("if X.shape == (8, 3): import os; os._exit(3)", "broken"),
        ("while X.shape == (8, 3): pass", "over_limit"),
        ("answer = answer * (1.5 if X.shape == (8, 3) else 1)", "passed"),  # shift and scale do not matter to it
        ("answer = answer + (X if X.shape == (8, 3) else 0)", "not_yet"),
    ],
)
def test_what_goes_wrong_in_a_rehearsed_call_is_seen(grader: Grader, deed: str, outcome: str) -> None:
    exercise = load_roadmap().exercise("standardize")
    plain, rehearsed = prepared(grader, exercise, LATER.format(deed=deed))
    assert (plain.outcome, rehearsed.outcome) == (outcome, outcome)
