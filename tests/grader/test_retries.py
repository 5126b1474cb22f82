"""A process that dies from outside, in the middle of a check, changes no verdict."""

from __future__ import annotations

import os
import signal
from typing import Any

import pytest

from gradus.grader.client import Runner
from gradus.grader.grader import Grader
from gradus.grader.replies import Submission
from gradus.roadmap import load_roadmap


@pytest.mark.parametrize("kills", [1, 2])
def test_a_killed_runner_is_replaced_and_the_verdict_is_the_same(monkeypatch: pytest.MonkeyPatch, kills: int) -> None:
    exercise = load_roadmap().exercise("standardize")
    submission = Submission(exercise.solution_path.read_bytes(), "standardize.py")
    left = [kills]
    ask = Runner.call_many

    def killing(self: Runner, calls: Any, known: Any = None) -> Any:
        if left[0]:
            left[0] -= 1
            os.kill(self.process_id(), signal.SIGKILL)
            self.body.wait(5)
        return ask(self, calls, known)

    monkeypatch.setattr(Runner, "call_many", killing)
    with Grader("numpy") as grader:
        verdict = grader.check(exercise, submission)
    assert left == [0]
    assert verdict.outcome == "passed"
