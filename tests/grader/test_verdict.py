"""The verdict as data: the command line's contract, and back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus.checks import load_checks
from gradus.grader import EXIT_CODES, Diagnosis, Finding, Verdict
from gradus.grader.replies import TraceFrame
from gradus.grader.verdict import trace_texts
from tests.grader.exercises import STANDARDIZE_SOLUTION, judged, write


def test_the_contract_of_the_command_line(tmp_path: Path) -> None:
    verdict = judged(load_checks(write(tmp_path)), STANDARDIZE_SOLUTION.replace("axis=0", "axis=1"), seed=81723)
    data = json.loads(json.dumps(verdict.to_json()))
    assert list(data) == [
        "exercise", "outcome", "seed", "source_sha256", "headline", "diagnosis", "findings", "ran", "milliseconds",
        "isolation", "stdout", "figures", "expected_figures", "provenance",
    ]  # fmt: skip
    assert data["exercise"] == "standardize"
    assert data["outcome"] == "not_yet"
    assert data["seed"] == 81723
    assert len(data["source_sha256"]) == 64
    assert set(data["diagnosis"]) == {"id", "message"}
    assert {"check", "message", "case", "expected", "actual", "line"} <= set(data["findings"][0])
    assert set(data["ran"]) == {"checks", "cases"}
    assert data["ran"]["cases"] == 7
    assert set(data["milliseconds"]) == {"queue", "run", "total"}
    assert data["milliseconds"]["total"] > 0
    assert data["provenance"] == {"standardize.py": data["source_sha256"]}


def test_exit_codes() -> None:
    assert EXIT_CODES == {
        "passed": 0, "not_yet": 1, "unstarted": 1, "broken": 1, "over_limit": 1, "grader_error": 3,
    }  # fmt: skip
    for outcome, code in EXIT_CODES.items():
        verdict = Verdict("e", outcome, 1, "0" * 64)  # type: ignore[arg-type]
        assert verdict.exit_code == code
        assert verdict.passed is (outcome == "passed")


texts = st.text(max_size=20)
findings = st.builds(
    Finding,
    check=texts,
    message=texts,
    case=texts,
    expected=texts,
    actual=texts,
    line=st.none() | st.integers(1, 999),
    kind=texts,
    detail=texts,
    cells=st.lists(st.lists(st.integers() | texts, max_size=3).map(tuple), max_size=3).map(tuple),
    trace=st.lists(texts, max_size=3).map(tuple),
)
verdicts = st.builds(
    Verdict,
    exercise=texts,
    outcome=st.sampled_from(sorted(EXIT_CODES)),
    seed=st.integers(0, 10**9),
    source_sha256=texts,
    headline=texts,
    diagnosis=st.none() | st.builds(Diagnosis, texts, texts),
    findings=st.lists(findings, max_size=2).map(tuple),
    checks=st.integers(0, 99),
    cases=st.integers(0, 99),
    milliseconds=st.just({"queue": 0.25, "run": 3.5, "total": 3.75}),
    isolation=st.lists(texts, max_size=3).map(tuple),
    stdout=texts,
    figures=st.lists(texts, max_size=2).map(tuple),
    provenance=st.dictionaries(texts, texts, max_size=2),
)


@given(verdicts)
def test_json_and_back(verdict: Verdict) -> None:
    assert Verdict.from_json(json.loads(json.dumps(verdict.to_json()))) == verdict


def test_a_long_trace_is_cut_in_the_middle() -> None:
    frames = [TraceFrame("f.py", line, "g", f"line {line}") for line in range(1, 21)]
    lines = trace_texts(frames)
    assert len(lines) == 8
    assert lines[0] == "f.py, line 1, in g: line 1"
    assert lines[2] == "… 13 more …"
    assert lines[-1] == "f.py, line 20, in g: line 20"
    assert trace_texts(frames[:3]) == tuple(f"f.py, line {n}, in g: line {n}" for n in (1, 2, 3))


def test_a_verdict_is_frozen() -> None:
    verdict = Verdict("e", "passed", 1, "0" * 64)
    with pytest.raises(AttributeError):
        verdict.outcome = "not_yet"  # type: ignore[misc]
