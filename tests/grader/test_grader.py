"""The grader as its callers meet it: cached checks, prepared exams, threads, sessions, either kind of isolation."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gradus.grader import BrokenSubmission, Grader, LearnerError, LimitExceeded, Submission
from gradus.roadmap import Exercise, Limits
from tests.grader.exercises import submitted, write

SOLUTION = "def double(xs): return [2 * x for x in xs]\n"
CHECKS = """
from gradus.checks import behaviour, cases, misconception

@cases
def lists(rng):
    yield [int(n) for n in rng.integers(-99, 99, size=5)]
    yield []

@misconception
def squared(xs):
    "You squared the numbers.\\n\\nTwice is not squared."
    return [x * x for x in xs]

@behaviour("the length stays")
def length(student, rng):
    "One number for one number."
    assert len(student.double([1, 2, 3])) == 3, "Three numbers do not become three."
"""


@pytest.fixture(scope="module")
def exercise(tmp_path_factory: pytest.TempPathFactory) -> Exercise:
    return write(
        Path(tmp_path_factory.mktemp("grader")), name="double", solution=SOLUTION, checks=CHECKS, libraries="bare",
        starter="def double(xs): raise NotImplementedError", limits=Limits(seconds=2.0),
    )  # fmt: skip


@pytest.fixture(scope="module", params=["auto", "spawn"])
def grader(request: pytest.FixtureRequest) -> Iterator[Grader]:
    with Grader(library="bare", isolation=request.param) as grader:
        assert grader.ready()
        yield grader


def test_the_same_verdicts_whatever_the_isolation(grader: Grader, exercise: Exercise) -> None:
    assert grader.check(exercise, submitted(exercise, SOLUTION)).passed
    wrong = grader.check(exercise, submitted(exercise, "def double(xs): return [x ** 2 for x in xs]"), seed=4)
    assert wrong.diagnosis is not None
    assert (wrong.outcome, wrong.diagnosis.id) == ("not_yet", "squared")
    assert wrong.headline == "You squared the numbers."
    assert wrong.seed == 4
    assert grader.check(exercise, submitted(exercise, "def double(xs):\n  while 1: pass")).outcome == "over_limit"
    assert wrong.isolation


def test_every_attempt_has_a_seed_of_its_own(grader: Grader, exercise: Exercise) -> None:
    work = submitted(exercise, SOLUTION)
    seeds = {grader.check(exercise, work).seed for _ in range(4)}
    assert len(seeds) == 4


def test_the_next_exam_is_prepared_while_nobody_waits(grader: Grader, exercise: Exercise) -> None:
    grader.check(exercise, submitted(exercise, SOLUTION))
    deadline = time.monotonic() + 10
    while exercise.digest not in grader._next and time.monotonic() < deadline:
        time.sleep(0.02)
    prepared = grader._next[exercise.digest]
    verdict = grader.check(exercise, submitted(exercise, SOLUTION))
    assert verdict.seed == prepared.seed
    assert verdict.passed


def test_time_is_told_apart(grader: Grader, exercise: Exercise) -> None:
    times = grader.check(exercise, submitted(exercise, SOLUTION)).milliseconds
    assert set(times) == {"queue", "run", "total"}
    assert times["total"] == pytest.approx(times["queue"] + times["run"])
    assert times["run"] > 0


def test_threads_take_turns(grader: Grader, exercise: Exercise) -> None:
    verdicts = []

    def check(source: str) -> None:
        verdicts.append(grader.check(exercise, submitted(exercise, source)))

    threads = [threading.Thread(target=check, args=(source,)) for source in (SOLUTION, "def double(xs): return xs") * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(verdict.outcome for verdict in verdicts) == ["not_yet"] * 3 + ["passed"] * 3


def test_a_session_is_a_conversation(grader: Grader) -> None:
    source = b"""
class Stats:
    def __init__(self, values): self.values = values
    def mean(self): return sum(self.values) / len(self.values)
def load(path): return Stats([float(line) for line in open(path)])
def fail(): raise ValueError("no")
"""
    from gradus.checks import File

    session = grader.session(Submission(source, "stats.py"))
    with session as student:
        stats = student.load(File("n.txt", "1\n2\n6\n"))
        assert stats.mean() == 3.0
        assert stats.values == [1.0, 2.0, 6.0]
        assert session.defined["Stats"].kind == "class"
        assert set(session.provenance) == {"stats.py"}
        with pytest.raises(LearnerError) as raised:
            student.fail()
        assert (raised.value.type, raised.value.line) == ("ValueError", 6)


def test_a_session_says_why_it_cannot_go_on(grader: Grader) -> None:
    with pytest.raises(BrokenSubmission, match="Line 1 is not valid Python"):
        grader.session(Submission(b"def (", "work.py")).__enter__()
    endless = Submission(b"def f():\n while 1: pass", "work.py")
    with (
        grader.session(endless, Limits(seconds=0.5)) as student,
        pytest.raises(LimitExceeded, match="is stopped after"),
    ):
        student.f()
    exits = Submission(b"import os\ndef f(): os._exit(3)", "work.py")
    with grader.session(exits) as student, pytest.raises(BrokenSubmission, match="ended itself with exit status 3"):
        student.f()


def test_a_closed_grader_says_so(exercise: Exercise) -> None:
    grader = Grader(library="bare")
    grader.close()
    verdict = grader.check(exercise, submitted(exercise, SOLUTION))
    assert verdict.outcome == "grader_error"
    assert verdict.diagnosis is not None
    assert "has been closed" in verdict.diagnosis.message


def test_an_edited_exercise_is_loaded_again(tmp_path: Path) -> None:
    import dataclasses

    exercise = write(tmp_path, name="double", solution=SOLUTION, checks=CHECKS, libraries="bare", starter="x = 1")
    with Grader(library="bare") as grader:
        assert grader.check(exercise, submitted(exercise, SOLUTION)).passed
        (exercise.folder / "solution.py").write_text(SOLUTION.replace("2 *", "3 *"))
        again = dataclasses.replace(exercise)
        assert grader.check(again, submitted(exercise, SOLUTION)).outcome == "not_yet"
