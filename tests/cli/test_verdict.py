"""The learner's screen, pinned: feedback cannot rot unseen."""

from __future__ import annotations

from typing import Any

import pytest

from gradus.cli.compare import side_by_side
from gradus.cli.term import Terminal
from gradus.cli.text import cells, plain
from gradus.cli.verdict import OUTCOMES, render_verdict

WIDE, NARROW, COLOR = Terminal(), Terminal(width=40), Terminal(color=True)
ASCII = Terminal(unicode=False)

VERDICT: dict[str, Any] = {
    "exercise": "standardize",
    "outcome": "not_yet",
    "seed": 81723,
    "source_sha256": "0" * 64,
    "headline": "Each column's spread is slightly too small.",
    "diagnosis": {
        "id": "sample_deviation",
        "message": "Each column's spread is slightly too small.\n\nYou divided by the *sample* deviation (`ddof=1`).",
    },
    "findings": [
        {
            "check": "tables",
            "message": "",
            "case": "standardize([[0], [2]])",
            "expected": "[[-1.],\n [ 1.]]",
            "actual": "[[-0.71],\n [ 0.71]]",
            "line": None,
        },
        {"check": "scale changes nothing", "message": "", "case": "", "expected": "", "actual": "", "line": None},
    ],
    "ran": {"checks": 3, "cases": 24},
    "milliseconds": {"queue": 0.4, "run": 31.2, "total": 33.0},
    "isolation": ["pid"],
    "stdout": "",
}
SCREEN: dict[str, Any] = {"title": "Standardize columns", "file": "/w/standardize.py", "hints": 2, "next": None}


def show(term: Terminal = WIDE, screen: dict[str, Any] | None = None, **changes: Any) -> str:
    return "\n".join(render_verdict({**VERDICT, **changes}, {**SCREEN, **(screen or {})}, term))


def test_a_verdict_reads_as_a_teacher_would_say_it() -> None:
    assert (
        show()
        == """\
◐ Not yet · Standardize columns                                            33 ms

Each column's spread is slightly too small.

  standardize([[0], [2]])

  expected   yours
  [[-1.],    [[-0.71],
    ^^^        ^^^^^
   [ 1.]]     [ 0.71]]
     ^^         ^^^^

You divided by the sample deviation (`ddof=1`).

Also not yet: scale changes nothing.

gradus hint standardize                 2 hints left
gradus check standardize --seed 81723   runs these very inputs again"""
    )


def test_on_a_narrow_terminal_values_stand_below_each_other() -> None:
    text = show(NARROW, None, findings=[{**VERDICT["findings"][0], "expected": "1" * 30, "actual": "2" * 30}])
    assert all(cells(line) <= 40 for line in text.split("\n"))
    lines = text.split("\n")
    assert lines.index("  expected") < lines.index("  yours")


def test_colors_mark_differences_by_underlining_too() -> None:
    text = show(COLOR)
    assert "\x1b[1;4m-0.71\x1b[0m" in text
    assert "^" not in text
    assert plain(text).split("\n")[2] == "Each column's spread is slightly too small."


def test_without_unicode_nothing_but_ascii_is_needed() -> None:
    text = show(ASCII, {"figures": ["a.png"]}, stdout="hello\n" * 20)
    assert text.isascii()


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_every_outcome_is_told_apart_without_color(outcome: str) -> None:
    heads = {name: show(outcome=name).split("\n")[0].split("·")[0].strip() for name in OUTCOMES}
    assert len(set(heads.values())) == len(OUTCOMES)
    ascii_heads = {name: show(ASCII, outcome=name).split("\n")[0].split("-")[0].strip() for name in OUTCOMES}
    assert len(set(ascii_heads.values())) == len(OUTCOMES)


def test_our_fault_is_never_shown_as_theirs() -> None:
    text = show(outcome="grader_error", headline="The checker met a fault.", findings=[], diagnosis=None)
    assert "Our fault, not yours" in text
    assert "nothing was recorded against you" in text
    assert "gradus hint" not in text


def test_broken_code_shows_its_line() -> None:
    finding = {"check": "loads", "message": "", "case": "", "expected": "", "actual": "", "line": 2}
    text = show(
        screen={"source": "def f(x):\n    return (x\n\nprint()"},
        outcome="broken", headline="Line 2 is not valid Python.", findings=[finding], diagnosis=None,
    )  # fmt: skip
    assert "▸    2 │     return (x" in text
    assert "/w/standardize.py:2" in text
    assert "expected" not in text
    assert "--seed" not in text


def test_an_unstarted_exercise_names_its_file() -> None:
    text = show(outcome="unstarted", headline="Nothing is written yet.", findings=[], diagnosis=None)
    assert "/w/standardize.py" in text
    assert "Not started" in text


def test_after_a_pass_comes_what_is_next() -> None:
    step = {"title": "One-hot vectors", "command": "gradus next"}
    text = show(screen={"next": step}, outcome="passed", headline="", findings=[], diagnosis=None)
    assert text.startswith("✓ Passed")
    assert "3 checks held on 24 fresh inputs." in text
    assert "gradus ways standardize" in text
    assert "next: One-hot vectors" in text


def test_prints_are_bounded_and_harmless() -> None:
    text = show(stdout="\x1b[2Jgone\n" + "line\n" * 100)
    assert "\x1b" not in text
    assert "\\x1b[2Jgone" in text
    assert "more lines" in text
    assert text.count("\n") < 50


def test_hostile_text_in_every_field_is_harmless() -> None:
    evil = "\x1b]0;owned\x07\x1b[31m"
    finding = {"check": evil, "message": evil, "case": evil, "expected": evil, "actual": evil + "x", "line": 1}
    for term in (WIDE, ASCII, NARROW):
        text = show(
            term, {"title": evil, "file": f"/{evil}", "figures": [evil], "missing": [evil], "source": evil},
            exercise=evil, headline=evil, findings=[finding, finding], stdout=evil,
            diagnosis={"id": evil, "message": evil},
        )  # fmt: skip
        assert "\x1b" not in text
        assert "\x07" not in text


def test_missing_isolation_is_said_only_where_something_is_missing() -> None:
    assert "Ran without" not in show()
    assert "Ran without: network, seccomp." in show(screen={"missing": ["network", "seccomp"]})


def test_hints_used_up_lead_to_the_solution() -> None:
    assert "gradus solution standardize" in show(screen={"hints": 0})


class TestSideBySide:
    def test_unequal_shapes_still_mark_lines(self) -> None:
        text = "\n".join(side_by_side("[1 2 3]", "[1 2]", WIDE))
        assert "^" in text

    def test_long_values_are_cut_around_the_first_difference(self) -> None:
        expected = "\n".join(f"row {i}" for i in range(100))
        actual = expected.replace("row 60", "row x")
        text = "\n".join(side_by_side(expected, actual, WIDE))
        assert "row 60" in text
        assert "row x" in text
        assert text.count("\n") < 25

    def test_one_side_alone(self) -> None:
        assert side_by_side(None, "None", WIDE) == ["  yours", "    None"]
        assert side_by_side("", "", WIDE) == []
