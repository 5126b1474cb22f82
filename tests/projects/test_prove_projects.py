"""A tiny project exercise, whole: loaded, proved, judged."""

from __future__ import annotations

from gradus.author.projects import prove_project
from gradus.grader import Grader
from gradus.grader.projects import ProjectJudge, pack, project_submission, unpack
from gradus.roadmap import Exercise, faults_of, ways_of


def test_the_example_is_proved(exercise: Exercise) -> None:
    proof = prove_project(exercise, jobs=2)
    assert proof.problems == ()
    assert (proof.seeds_passed, proof.starter, proof.ways_passed, proof.mistakes_named) == (3, "unstarted", 1, 3)


def test_a_fault_gets_its_own_words_and_the_output_is_shown(exercise: Exercise) -> None:
    fault = next(fault for fault in faults_of(exercise) if fault.name == "falls_over")
    verdict = ProjectJudge().check(exercise, project_submission(fault.files, exercise), seed=5)
    assert verdict.outcome == "not_yet"
    assert verdict.diagnosis is not None
    assert verdict.diagnosis.id == "falls_over"
    assert verdict.headline == "The service hangs up on a body that is not an object of numbers."
    assert "AttributeError" in verdict.stdout
    assert "$ python report.py" in verdict.stdout
    assert verdict.provenance.keys() == fault.files.keys()
    assert verdict.checks == 2
    assert verdict.cases > 2


def test_the_grader_judges_projects_and_tells_how_far_it_is(exercise: Exercise) -> None:
    steps = []
    with Grader("bare", parked=0) as grader:
        submission = project_submission(ways_of(exercise)[0].files, exercise)
        verdict = grader.check(exercise, submission, 3, steps.append)
    assert verdict.passed
    assert [(step.number, step.total) for step in steps] == [(1, 2), (2, 2)]
    assert verdict.milliseconds["total"] >= verdict.milliseconds["run"] > 0


def test_a_packed_project_is_read_back(exercise: Exercise) -> None:
    large = {"big.bin": bytes(range(256)) * 100, "same.txt": b"a" * 5000, "é.txt": "é\r\n".encode()}
    packed = pack(large, {"same.txt": b"a" * 5000})
    assert unpack(packed, {"same.txt": b"a" * 5000}) == large
    assert "same.txt" not in unpack(packed, {"same.txt": b"b"})
    assert packed == pack(dict(reversed(large.items())), {"same.txt": b"a" * 5000})
