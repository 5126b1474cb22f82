"""The curriculum as it is: everything loads, reads well, runs, and shows what its pages say.

The full proof (200 seeds, mutants, the sandbox) is `gradus author prove`; these are its quick parts.
"""

from functools import cache
from pathlib import Path

import pytest

from gradus.author import check_lesson, find_exercises, unit_folders
from gradus.author.examine import starter, texts
from gradus.author.judging import LocalJudge, told
from gradus.author.projects import project_problems
from gradus.checks import CheckSet, load_checks
from gradus.grader.projects import ProjectJudge, project_submission
from gradus.projects import load_probes
from gradus.projects.libraries import missing_libraries
from gradus.roadmap import faults_of, load_roadmap, ways_of

FOUND = find_exercises()
EXERCISES = [found.id for found in FOUND if found.exercise is None or not found.exercise.is_project]
PROJECTS = [found.id for found in FOUND if found.exercise is not None and found.exercise.is_project]
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


@pytest.mark.parametrize("name", PROJECTS)
def test_a_project_reads_well(name: str) -> None:
    exercise = load_roadmap().exercise(name)
    found = project_problems(exercise, load_probes(exercise.checks_path), faults_of(exercise), ways_of(exercise))
    assert [str(problem) for problem in found] == []


@pytest.mark.parametrize("name", PROJECTS)
def test_a_reference_project_passes_and_its_starter_does_not(name: str) -> None:
    exercise, judge = load_roadmap().exercise(name), ProjectJudge()
    if missing := missing_libraries(exercise.libraries):
        pytest.skip(f"`gradus install {exercise.libraries}` was not run: {', '.join(missing)} missing")
    verdict = judge.check(exercise, project_submission(exercise.solution_files, exercise), 1001)
    assert verdict.passed, told(verdict)
    assert verdict.checks > 0
    assert judge.check(exercise, project_submission(exercise.starter_files, exercise), 1).outcome == "unstarted"


@pytest.mark.parametrize("folder", UNITS, ids=lambda folder: folder.name)
def test_a_lesson_shows_what_its_code_does_and_its_cards_are_sound(folder: Path) -> None:
    report = check_lesson(folder)
    assert [str(problem) for problem in report.problems] == []
    assert report.figures >= 1
