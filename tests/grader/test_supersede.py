"""A newer check does not wait for an older one of the same exercise to reach its limit."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from gradus.grader import Grader, Submission, Verdict
from gradus.roadmap import load_roadmap

ROAD = Path(__file__).parents[1] / "cli" / "road"
GOOD = b"import numpy as np\ndef doubled(x):\n    return 2 * x\n"
ENDLESS = b"import numpy as np\ndef doubled(x):\n    while True:\n        pass\n"


@pytest.fixture(scope="module")
def grader():
    with Grader() as grader:
        assert grader.ready()
        yield grader


def test_the_older_check_ends_at_once_and_is_nobodys_verdict(grader: Grader) -> None:
    exercise = load_roadmap(ROAD).exercise("doubled")
    older: list[Verdict] = []

    def check() -> None:
        older.append(grader.check(exercise, Submission(ENDLESS, "doubled.py", {})))

    threads = [threading.Thread(target=check) for _ in range(2)]  # one runs, one waits for it
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    grader.supersede("another_exercise")
    assert all(thread.is_alive() for thread in threads)
    grader.supersede("doubled")
    assert grader.check(exercise, Submission(GOOD, "doubled.py", {})).outcome == "passed"
    for thread in threads:
        thread.join(timeout=30)
    assert [verdict.outcome for verdict in older] == ["grader_error", "grader_error"]
    assert all(verdict.milliseconds["run"] < exercise.limits.seconds * 1000 for verdict in older)


def test_with_nothing_running_it_changes_nothing(grader: Grader) -> None:
    exercise = load_roadmap(ROAD).exercise("doubled")
    grader.supersede("doubled")
    assert grader.check(exercise, Submission(GOOD, "doubled.py", {})).outcome == "passed"
