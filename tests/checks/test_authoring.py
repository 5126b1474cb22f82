"""The authoring vocabulary reads off a module what its author declared, and refuses what cannot be right."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import numpy as np
import pytest

from gradus.checks import Call, CheckFailed, File, Folder, call, cases, fail, load_checks, misconception
from gradus.errors import ContentError
from gradus.roadmap import Exercise, load_roadmap


@pytest.fixture
def exercise(tmp_path: Path) -> Exercise:
    real = load_roadmap().exercise("standardize")
    shutil.copytree(real.folder, tmp_path / "standardize")
    return dataclasses.replace(real, folder=tmp_path / "standardize")


def test_a_tuple_is_several_arguments_and_anything_else_is_one() -> None:
    @cases
    def group(rng: np.random.Generator) -> object:
        yield [1, 2]
        yield 1, 2
        yield call(1, bins=2)
        yield call((1, 2))

    drawn = list(group.draw(np.random.default_rng(0)))
    assert drawn == [Call(([1, 2],)), Call((1, 2)), Call((1,), {"bins": 2}), Call(((1, 2),))]


def test_a_message_splits_into_headline_and_explanation() -> None:
    @misconception
    def halves(x: float) -> float:
        """The result is half of
        what it should be.

        You divided by two."""
        return x / 2

    assert halves.headline == "The result is half of what it should be."
    assert halves.explanation == "You divided by two."
    assert halves(4.0) == 2.0


def test_a_misconception_without_a_message_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a docstring"):

        @misconception
        def silent(x: float) -> float:
            return x


def test_fail_carries_what_shows_it() -> None:
    with pytest.raises(CheckFailed) as caught:
        fail("It moves.", expected=1, actual=None)
    assert (caught.value.headline, caught.value.expected, caught.value.actual) == ("It moves.", 1, None)


@pytest.mark.parametrize("name", ["", "a/b", "..", "a\\b"])
def test_a_file_argument_has_no_folders(name: str) -> None:
    with pytest.raises(ValueError, match="no folders"):
        File(name, "x")


@pytest.mark.parametrize("path", ["", "/a", "a//b", "../a", "a/./b", "a\\b"])
def test_a_folder_s_files_lie_inside_it(path: str) -> None:
    with pytest.raises(ValueError, match="inside a folder"):
        Folder("store", {path: "x"})


def test_everything_declared_is_found(exercise: Exercise) -> None:
    loaded = load_checks(exercise)
    assert "tables" in {group.name for group in loaded.case_groups}
    assert "sample_deviation" in {item.name for item in loaded.misconceptions}
    assert {wrong.name: wrong.expects for wrong in loaded.wrong}["in_place"] == "input_changed"
    assert np.allclose(loaded.reference.standardize(np.array([[1, 10], [3, 10]])), [[-1, 0], [1, 0]])


def test_no_check_at_all_is_refused(exercise: Exercise) -> None:
    exercise.checks_path.write_text('"""Nothing."""\n')
    with pytest.raises(ContentError, match="not one check"):
        load_checks(exercise)


def test_an_error_in_the_checks_names_its_line(exercise: Exercise) -> None:
    exercise.checks_path.write_text("import numpy\n\nnumpy.no_such_thing\n")
    with pytest.raises(ContentError) as caught:
        load_checks(exercise)
    assert caught.value.where == f"{exercise.checks_path}:3"
    exercise.checks_path.write_text("def (:\n")
    with pytest.raises(ContentError, match="not valid Python"):
        load_checks(exercise)


def test_a_solution_must_define_what_the_exercise_provides(exercise: Exercise) -> None:
    exercise.solution_path.write_text("def other():\n    return 1\n")
    with pytest.raises(ContentError, match="does not define “standardize”"):
        load_checks(exercise)


def test_a_wrong_submission_must_say_what_it_expects(exercise: Exercise) -> None:
    (exercise.folder / "wrong" / "vague.py").write_text('"""Just wrong."""\n')
    with pytest.raises(ContentError, match="expects"):
        load_checks(exercise)
