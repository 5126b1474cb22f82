"""The curriculum as it is: everything loads, reads well, runs, and shows what its pages say.

The full proof (200 seeds, mutants, the sandbox) is `gradus author prove`; these are its quick parts.
"""

from functools import cache
from pathlib import Path

import pytest

from gradus.author import check_lesson, find_exercises, unit_folders
from gradus.author.examine import starter, texts
from gradus.author.judging import LocalJudge, told
from gradus.checks import CheckSet, load_checks
from gradus.roadmap import load_roadmap

EXERCISES = [found.id for found in find_exercises()]
UNITS = [folder for folder in unit_folders() if any(folder.glob("*/exercise.toml"))]


@cache
def checks_of(name: str) -> CheckSet:
    return load_checks(load_roadmap().exercise(name))


def test_the_first_stage_is_whole() -> None:
    stage = load_roadmap().stage(1)
    assert len(stage.units) == 7
    assert len(stage.exercises) >= 28
    assert all(len(unit.exercises) >= 4 for unit in stage.units)


def test_all_six_stages_are_on_the_road_and_outlines_are_not_done() -> None:
    roadmap = load_roadmap()
    assert [stage.number for stage in roadmap.stages] == [1, 2, 3, 4, 5, 6]
    assert all(stage.units for stage in roadmap.stages)
    assert all(unit.coming == (not unit.exercises) for unit in roadmap.units)


@pytest.mark.parametrize("name", EXERCISES)
def test_an_exercise_reads_well_and_its_examples_run(name: str) -> None:
    assert texts(checks_of(name))["problems"] == []


@pytest.mark.parametrize("name", EXERCISES)
def test_the_reference_passes_and_the_starter_does_not(name: str) -> None:
    checks = checks_of(name)
    judge = LocalJudge(checks)
    verdict = judge(checks.exercise.solution, 1001)
    assert verdict.passed, told(verdict)
    assert verdict.checks > 0
    assert starter(checks, judge) == {"starter": "unstarted"}


@pytest.mark.parametrize("folder", UNITS, ids=lambda folder: folder.name)
def test_a_lesson_shows_what_its_code_does_and_its_cards_are_sound(folder: Path) -> None:
    report = check_lesson(folder)
    assert [str(problem) for problem in report.problems] == []
    assert report.figures >= 1
