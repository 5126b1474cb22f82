"""What is said about words, tasks, hints, starters and examples."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradus.author.lint import example_problems, message_problems, starter_problems, text_problems
from gradus.author.prose import british_words, prose, tone_problems, word_count
from gradus.checks import load_checks

# --- words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("british", "american"),
    [("colour", "color"), ("normalise", "normalize"), ("Standardised", "Standardized"), ("modelling", "modeling")],
)
def test_british_spellings_are_named_with_the_american_ones(british: str, american: str) -> None:
    assert british_words(f"The {british} here.") == [(british, american)]


@pytest.mark.parametrize(
    "word", ["exercise", "otherwise", "precise", "advise", "noise", "raised", "promise", "analysis"]
)
def test_words_that_only_look_british_are_left_alone(word: str) -> None:
    assert british_words(word) == []


def test_exclamation_marks_are_refused_but_not_in_code() -> None:
    assert tone_problems("Well done!") == ["no exclamation marks: no blame, no praise by rote"]
    assert (
        tone_problems(prose("The operator `a != b`, and 3! in `3!` and $n!$.\n\n```python\nprint('hi!')\n```\n")) == []
    )


def test_prose_is_what_is_read() -> None:
    text = (
        "# Title\n\nSome `code` and [a link](https://a.b/colour) with $x^2$.\n\n"
        "```python\ncolour = 1\n```\n\n![alt](a.png)\n"
    )
    assert "colour" not in prose(text)
    assert "a link" in prose(text)
    assert word_count(text) == 8  # the span of code and the formula count as one word each, “#” does not


@settings(deadline=None)  # how long it takes says how busy the machine is
@given(st.text())
def test_any_text_has_a_number_of_words(text: str) -> None:
    assert word_count(text) >= 0
    assert isinstance(prose(text), str)


# --- an exercise's texts ---------------------------------------------------------------------------------------------


def lint(found) -> list[str]:
    return [str(problem) for problem in text_problems(found.exercise)]


def test_a_sound_exercise_has_no_problem(build) -> None:
    found = build()
    checks = load_checks(found.exercise)
    assert lint(found) == []
    assert message_problems(checks) == []
    assert example_problems(found.exercise, checks.reference) == []


def test_an_example_must_print_what_it_says(build, files) -> None:
    found = build({"task.md": files["task.md"].replace("0.,  1.", "0.,  2.")})
    (problem,) = example_problems(found.exercise, load_checks(found.exercise).reference)
    assert problem.file == "task.md"
    assert "prints array([-1.,  0.,  1.]), the text says array([-1.,  0.,  2.])" in problem.what


def test_an_example_that_raises_is_told(build, files) -> None:
    found = build({"task.md": files["task.md"].replace("np.array", "np.arrray")})
    (problem,) = example_problems(found.exercise, load_checks(found.exercise).reference)
    assert "raises AttributeError" in problem.what


def test_a_task_needs_an_example_and_the_name(build) -> None:
    problems = lint(build({"task.md": "Subtract the mean.\n"}))
    assert "task.md (center): the task does not name what is to be written" in problems
    assert any(p.startswith("task.md (example): a worked example is needed") for p in problems)


def test_hints_must_not_give_the_line_away(build, files) -> None:
    solution = files["solution.py"].replace(
        "return x - x.mean()", "return (x - x.mean(axis=0, keepdims=True)).astype(float)"
    )
    hints = files["hints.md"].replace(
        "The method that gives the average of an array is called mean.",
        "Write `return (x - x.mean(axis=0, keepdims=True)).astype(float)`.",
    )
    problems = lint(build({"solution.py": solution, "hints.md": hints}))
    assert "hints.md (hint 3): it gives a whole line of the solution away" in problems


def test_minutes_must_be_believable(build, files) -> None:
    problems = lint(build({"exercise.toml": files["exercise.toml"].replace("minutes = 10", "minutes = 600")}))
    assert any(p.startswith("exercise.toml (minutes): 600 minutes") for p in problems)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("x: np.ndarray)", "values: np.ndarray)", "its signature is (values: np.ndarray -> np.ndarray)"),
        ("def center(", "def centre(", "the starter does not define it"),
        ('"""Return x minus its mean. x: shape (n,). Returns: shape (n,), float."""', "", "a docstring is needed"),
        ("raise NotImplementedError", "return x - x.mean()", "it gives solution code away: return x - x.mean()"),
        ("def center(x", "def center(x x", "not valid Python"),
    ],
)
def test_what_is_wrong_with_a_starter(build, files, before: str, after: str, told: str) -> None:
    found = build({"starter.py": files["starter.py"].replace(before, after)})
    assert any(told in str(problem) for problem in starter_problems(found.exercise))


def test_messages_keep_to_the_house_style(build, files) -> None:
    checks = files["checks.py"].replace("You subtracted the *median*.", "Wrong! The centre is not the median.")
    told = [str(problem) for problem in message_problems(load_checks(build({"checks.py": checks}).exercise))]
    assert "checks.py (median): “centre” is spelled “center” in this house" in told
    assert "checks.py (median): no exclamation marks: no blame, no praise by rote" in told


def test_two_wrong_ideas_and_another_way_are_needed(build, files) -> None:
    checks = files["checks.py"][: files["checks.py"].index("@misconception")]
    found = build({"checks.py": checks, "ways/functions.py": None, "wrong/in_place.py": None})
    told = [str(problem) for problem in message_problems(load_checks(found.exercise))]
    assert "checks.py (misconceptions): at least two wrong ideas are needed, in checks.py or wrong/" in told
    assert "ways/: at least one other good solution is needed" in told
