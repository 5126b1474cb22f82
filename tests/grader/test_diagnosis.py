"""Which mistake it is: misconceptions agree on every case, behaviours speak where the built-in kinds say little."""

from __future__ import annotations

import base64
import dataclasses
from pathlib import Path

import pytest

from gradus.checks import CheckSet, load_checks
from gradus.grader import Grader, Submission, Verdict
from gradus.roadmap import load_roadmap
from tests.grader.exercises import STANDARDIZE_CHECKS, STANDARDIZE_SOLUTION, judged, small, write


@pytest.fixture
def standardize(tmp_path: Path) -> CheckSet:
    return load_checks(write(tmp_path))


def named(verdict: Verdict) -> str:
    return verdict.diagnosis.id if verdict.diagnosis is not None else verdict.outcome


def test_a_misconception_is_named_whatever_the_code_looks_like(standardize: CheckSet) -> None:
    for spread in ("np.std(X, axis=0, ddof=1)", "np.sqrt(((X - X.mean(axis=0)) ** 2).sum(axis=0) / (len(X) - 1))"):
        source = STANDARDIZE_SOLUTION.replace("X.std(axis=0)", spread)
        verdict = judged(standardize, source)
        assert named(verdict) == "sample_deviation"
        assert verdict.headline == "Each column's spread is slightly too small."
        assert verdict.diagnosis is not None
        assert verdict.diagnosis.message == (
            "You divided by the *sample* deviation (`ddof=1`). Here the rows you have are all there are."
        )


def test_the_finding_is_the_smallest_case_on_which_the_misconception_shows(standardize: CheckSet) -> None:
    verdict = judged(standardize, STANDARDIZE_SOLUTION.replace("std(axis=0)", "std(axis=0, ddof=1)"))
    finding = verdict.findings[0]
    assert finding.case in {f"standardize([[{a}], [{b}]])" for a, b in (("1.0", "0.0"), ("0.0", "1.0"), (1, 0), (0, 1))}
    assert sorted((finding.expected, finding.actual)) in (
        ["[[-0.707], [0.707]]", "[[-1.0], [1.0]]"],
        ["[[0.707], [-0.707]]", "[[1.0], [-1.0]]"],
    )
    assert finding.cells == ((0, 0), (1, 0))
    assert finding.check == "tables"


def test_almost_a_misconception_is_none(standardize: CheckSet) -> None:
    source = STANDARDIZE_SOLUTION.replace("X.std(axis=0)", "X.std(axis=0, ddof=1 if len(X) != 6 else 0)")
    assert named(judged(standardize, source)) == "wrong_value"


def test_a_misconception_that_raises_is_named_by_its_exception(tmp_path: Path) -> None:
    checks = small(
        tmp_path,
        "def f(xs): return max(xs, default=None)",
        '''
from gradus.checks import cases, misconception
@cases
def lists(rng):
    yield [3, 1]
    yield []

@misconception
def no_default(xs):
    """An empty list has no largest item.

    `max` raises for it."""
    return max(xs)
''',
    )
    verdict = judged(checks, "def f(xs): return sorted(xs)[-1] if xs else max(xs)")
    assert named(verdict) == "no_default"
    assert verdict.headline == "An empty list has no largest item."
    assert named(judged(checks, "def f(xs): return sorted(xs)[-1]")) == "raised", "an IndexError is another mistake"


def test_the_first_misconception_that_agrees_is_named(tmp_path: Path) -> None:
    checks = small(
        tmp_path,
        "def f(n): return n",
        '''
from gradus.checks import cases, misconception
@cases
def numbers(rng):
    yield 3
    yield 4

@misconception
def same_as_reference(n):
    """Not a mistake at all."""
    return n

@misconception
def only_three(n):
    """Three is wrong."""
    return n + (n == 3)

@misconception
def also_three(n):
    """Three is wrong again."""
    return n + (n == 3)
''',
    )
    assert named(judged(checks, "def f(n): return 4")) == "only_three"
    assert named(judged(checks, "def f(n): return 5 - n")) == "wrong_value"
    verdict = judged(checks, "def f(n): return 4")
    assert verdict.headline == "Your answer is 4; 3 is expected.", "a message of one paragraph is no headline"
    assert verdict.diagnosis is not None
    assert verdict.diagnosis.message == "Three is wrong."


def test_a_misconception_belongs_to_one_function(tmp_path: Path) -> None:
    checks = small(
        tmp_path,
        "def f(n): return n\ndef g(n): return -n",
        '''
from gradus.checks import cases, misconception
@cases
def of_f(rng):
    yield 3
@cases(of="g")
def of_g(rng):
    yield 3
@misconception(of="g")
def sign(n):
    """The sign of g."""
    return n
''',
        provides=("f", "g"),
    )
    assert named(judged(checks, "def f(n): return n\ndef g(n): return n")) == "sign"
    assert named(judged(checks, "def f(n): return -n\ndef g(n): return -n")) == "wrong_value"
    both = judged(checks, "def f(n): return 0\ndef g(n): return n")
    assert named(both) == "sign"
    assert {finding.check for finding in both.findings} == {"of f", "of g"}


def test_a_behaviour_speaks_where_the_kind_says_little(standardize: CheckSet) -> None:
    verdict = judged(standardize, "def standardize(X): return X / 2.0")
    assert named(verdict) == "shift_invariant"
    assert verdict.headline == "Adding 100 to a column changes the answer."
    assert verdict.diagnosis is not None
    assert verdict.diagnosis.message == "Only distances from the mean count."
    assert verdict.findings[0].check == "shifting a column changes nothing"
    assert {finding.kind for finding in verdict.findings} == {"shift_invariant", "wrong_value"}


def test_a_telling_kind_speaks_before_a_behaviour(standardize: CheckSet) -> None:
    assert named(judged(standardize, "def standardize(X): return (X / 2.0)[0]")) == "wrong_shape"
    assert named(judged(standardize, "def standardize(X): return (X / 2.0).tolist()")) == "wrong_type"
    assert named(judged(standardize, "def standardize(X): return X.astype(int)")) == "integer_result"


def test_a_behaviour_that_only_stumbles_does_not_speak(standardize: CheckSet) -> None:
    assert named(judged(standardize, "def standardize(X): return X / nothing")) == "raised"


def test_a_behaviour_alone_can_fail(tmp_path: Path) -> None:
    checks = STANDARDIZE_CHECKS.replace("size=(5, 2)", "size=(5, 7)").replace("[100.0, -3.0]", "100.0")
    exercise = write(tmp_path, checks=checks)
    source = STANDARDIZE_SOLUTION.replace("    return", "    if X.shape[1] == 7: return X\n    return")
    verdict = judged(load_checks(exercise), source)
    assert named(verdict) == "shift_invariant"
    assert len(verdict.findings) == 1
    assert verdict.findings[0].expected != verdict.findings[0].actual


def test_the_leading_finding_is_of_the_kind_that_is_met_most(tmp_path: Path) -> None:
    checks = small(
        tmp_path,
        "def f(n): return n",
        "from gradus.checks import cases\n@cases\ndef numbers(rng):\n    yield from (1, 2, 3, 4, 5)\n",
    )
    verdict = judged(checks, "def f(n): return str(n) if n == 2 else -n")
    assert named(verdict) == "wrong_value"
    assert [finding.kind for finding in verdict.findings] == ["wrong_value", "wrong_type"]


def test_plain_assertions_are_findings_too(tmp_path: Path) -> None:
    checks = small(
        tmp_path,
        "def f(n): return n",
        '''
from gradus.checks import behaviour
@behaviour("positive for positive numbers")
def positive(student, rng):
    """Keep the sign."""
    assert student.f(3) > 0, "f(3) is not positive."
''',
    )
    verdict = judged(checks, "def f(n): return -n")
    assert (named(verdict), verdict.headline) == ("positive", "f(3) is not positive.")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("print(n * 2)", "printed_instead"),
        ("print('the answer is', n * 2)", "printed_instead"),
        ("print('hello')", "returned_none"),
        ("pass", "returned_none"),
    ],
)
def test_printing_is_told_from_returning(tmp_path: Path, body: str, expected: str) -> None:
    checks = small(
        tmp_path,
        "def f(n): return n * 2",
        "from gradus.checks import cases\n@cases\ndef numbers(rng):\n    yield 21\n    yield 4\n",
    )
    assert named(judged(checks, f"def f(n):\n    {body}")) == expected


def test_a_drawing_that_differs_is_shown_beside_the_one_expected() -> None:
    exercise = load_roadmap().exercise("plot_dist")
    source = exercise.solution.replace('ylabel="count"', 'ylabel="number"')
    with Grader() as grader:
        verdict = grader.check(exercise, Submission(source.encode(), "plot_dist.py"))
        passed = grader.check(exercise, Submission(exercise.solution.encode(), "plot_dist.py"))
    assert verdict.outcome == "not_yet"
    pictures = [base64.b64decode(picture) for picture in (*verdict.figures, *verdict.expected_figures)]
    assert len(pictures) == 2
    assert all(picture.startswith(b"\x89PNG") for picture in pictures)
    assert pictures[0] != pictures[1]
    assert Verdict.from_json(verdict.to_json()) == dataclasses.replace(
        verdict, milliseconds={name: round(value, 2) for name, value in verdict.milliseconds.items()}
    )
    assert passed.figures
    assert not passed.expected_figures
