"""Lessons are run, compared with what the page shows, and rewritten on request."""

from pathlib import Path

import pytest

from gradus.author.figures import describe, difference, label_problems, stored_description
from gradus.author.lesson_text import Block, Step, blocks, link_problem, prose_problems, rewritten, steps
from gradus.author.lessons import check_lesson

LESSON = """# Means

## Why

You want to know where values lie.

## See it

```python
import numpy as np
x = np.random.default_rng(0).normal(size=50)
print(x.shape)
```

```output
(50,)
```

```python figure=values
import matplotlib.pyplot as plt
plt.hist(x)
plt.xlabel("value (m)")
plt.ylabel("count")
```

![A histogram of fifty values around zero](figures/values.png)

## Say it

## Beware

## Do

## Further
"""


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    folder = tmp_path / "1-start" / "1-means"
    folder.mkdir(parents=True)
    (folder / "unit.toml").write_text('title = "Means"\nsummary = "Where values lie."\nminutes = 30\noutcomes = []\n')
    return folder


def check(folder: Path, text: str | None = None, write: bool = False) -> list[str]:
    if text is not None:
        (folder / "lesson.md").write_text(text, encoding="utf-8")
    problems = [str(problem) for problem in check_lesson(folder, write).problems]
    return [p for p in problems if "words of prose" not in p and "unit.toml" not in p and "cards.py" not in p]


def test_write_puts_outputs_and_figures_in_place_and_then_all_is_well(unit: Path) -> None:
    text = LESSON.replace("```output\n(50,)\n```\n\n", "")
    assert any("prints something that the page does not show" in p for p in check(unit, text))
    assert check(unit, write=True) == []
    assert (unit / "lesson.md").read_text() == LESSON
    assert stored_description(unit / "figures" / "values.png") is not None
    assert check(unit) == []
    report = check_lesson(unit, write=True)
    assert report.rewritten == ()  # nothing to do the second time


def test_a_changed_output_is_told(unit: Path) -> None:
    check(unit, LESSON, write=True)
    problems = check(unit, LESSON.replace("(50,)", "(60,)"))
    assert [p for p in problems if "line 15" in p] == [
        "1-means/lesson.md (line 15): the page shows “(60,)”, the code prints “(50,)” "
        "(`gradus author lessons --write` rewrites it)"
    ]


def test_a_figure_that_shows_something_else_is_told(unit: Path) -> None:
    check(unit, LESSON, write=True)
    (problem,) = check(unit, LESSON.replace("plt.hist(x)", "plt.hist(x + 1)"))
    assert problem.startswith("1-means/figures/values.png: the code draws something else: figure, axes, bars")


def test_a_figure_drawn_elsewhere_is_told(unit: Path) -> None:
    check(unit, LESSON, write=True)
    from PIL import Image

    Image.new("RGB", (10, 10)).save(unit / "figures" / "values.png")
    assert any("was not drawn by this command" in p for p in check(unit))


def test_axes_without_labels_are_told(unit: Path) -> None:
    text = LESSON.replace('plt.xlabel("value (m)")\n', "")
    assert any("figure “values”: the figure: the x axis has no label" in p for p in check(unit, text, write=True))


def test_code_that_raises_names_its_line(unit: Path) -> None:
    problems = check(unit, LESSON.replace("print(x.shape)", "print(x.shap)"))
    assert any("(code): line 12: AttributeError" in p for p in problems)


def test_code_that_warns_is_told(unit: Path) -> None:
    text = LESSON.replace("print(x.shape)", "print(x.shape)\nnp.log(np.array([-1.0]))")
    assert any("the code warns: RuntimeWarning" in p for p in check(unit, text))


def test_a_process_that_dies_is_told(unit: Path) -> None:
    problems = check(unit, LESSON.replace("print(x.shape)", "import os; os._exit(7)"))
    assert any("the process that ran the lesson died (7)" in p for p in problems)


def test_a_missing_lesson_is_told(unit: Path) -> None:
    assert check(unit) == ["1-means/lesson.md: the lesson is missing"]


# --- the text --------------------------------------------------------------------------------------------------------


def told(text: str, folder: Path = Path()) -> list[str]:
    return [str(problem) for problem in prose_problems(text, folder)]


def test_sections_are_needed_in_their_order() -> None:
    assert any("there is no section “## Beware …”" in p for p in told(LESSON.replace("## Beware", "## Care")))
    swapped = LESSON.replace("## Say it", "## X").replace("## Beware", "## Say it").replace("## X", "## Beware")
    assert any("comes too early" in p for p in told(swapped))


def test_a_lesson_needs_600_to_1200_words() -> None:
    assert any("words of prose; a lesson has 600 to 1200" in p for p in told(LESSON))
    assert not any("words of prose" in p for p in told(LESSON + "word " * 700))
    assert any("words of prose" in p for p in told(LESSON + "word " * 1300))


def test_long_paragraphs_are_told() -> None:
    assert any("none is longer than five lines" in p for p in told(LESSON + "word " * 200))


def test_images_need_alt_text_and_code_that_draws_them() -> None:
    assert any("needs alt text" in p for p in told(LESSON.replace("A histogram of fifty values around zero", "plot")))
    assert any(
        "no code of the lesson draws figures/other.png" in p for p in told(LESSON + "\n![a b c](figures/other.png)\n")
    )
    assert any("“values” is not shown" in p for p in told(LESSON.replace("figures/values.png", "figures/v.png")))


@pytest.mark.parametrize(
    ("address", "fine"),
    [
        ("https://numpy.org/doc/stable/user/basics.broadcasting.html#general", True),
        ("http://localhost", False),
        ("https://", False),
        ("mailto:someone", False),
        ("nowhere.md", False),
        ("", False),
    ],
)
def test_links_are_well_formed(address: str, fine: bool, tmp_path: Path) -> None:
    assert (link_problem(address, tmp_path) == "") is fine


def test_blocks_may_hold_shorter_fences() -> None:
    text = "````markdown\n```python\nprint(1)\n```\n````\n\n```python\nx = 1\n```\n"
    assert [(block.info, block.line) for block in blocks(text)] == [("markdown", 1), ("python", 7)]


def test_a_block_that_is_never_closed_names_its_line() -> None:
    with pytest.raises(ValueError, match="line 3"):
        blocks("a\n\n```python\nx = 1\n")


def test_outputs_are_changed_added_and_taken_away() -> None:
    text = (
        "```python\na\n```\n\n```output\nold\n```\n\n```python\nb\n```\n\n```python\nc\n```\n\n```output\ngone\n```\n"
    )
    first, second, third = steps(blocks(text))
    assert second.output is None
    fresh = rewritten(text, [(first, "new\n"), (second, "more\n"), (third, "")])
    assert [step.output and step.output.code for step in steps(blocks(fresh))] == ["new\n", "more\n", None]


def test_a_step_is_a_block_and_its_output() -> None:
    assert steps([Block("python", "", 0, 1), Block("output", "1\n", 2, 4)]) == [
        Step(Block("python", "", 0, 1), Block("output", "1\n", 2, 4))
    ]


# --- figures ---------------------------------------------------------------------------------------------------------


def figure(values: list[float], label: str = "x"):
    from matplotlib.figure import Figure

    made = Figure()
    axes = made.subplots()
    axes.plot(values)
    axes.set_xlabel(label)
    axes.set_ylabel("y")
    return made


def test_the_same_picture_in_other_pixels_is_the_same() -> None:
    one, other = figure([1, 2, 3]), figure([1, 2, 3 + 1e-9])
    other.set_size_inches(3, 2)
    assert difference(describe(one), describe(other)) == ""


def test_other_data_and_other_words_are_different() -> None:
    assert "lines" in difference(describe(figure([1, 2, 3])), describe(figure([1, 2, 4])))
    assert "'x' stored, 'z' drawn" in difference(describe(figure([1])), describe(figure([1], "z")))


def test_empty_axes_are_told() -> None:
    from matplotlib.figure import Figure

    assert label_problems(Figure()) == ["nothing is drawn"]
    made = Figure()
    made.subplots()
    assert label_problems(made)[0] == "the figure: there is no data"
    assert label_problems(figure([1, 2])) == []


def test_shared_axes_need_one_label() -> None:
    from matplotlib.figure import Figure

    made = Figure()
    left, right = made.subplots(1, 2, sharey=True)
    for axes in (left, right):
        axes.plot([1, 2])
        axes.set_xlabel("x")
    left.set_ylabel("y")
    assert label_problems(made) == []
