"""The author's side of projects: the scaffold, the page about them, and what a malformed one is told."""

from __future__ import annotations

import dataclasses
import re
import shutil
from pathlib import Path

import pytest

from gradus.author.find import find_exercises
from gradus.author.projects import project_problems, prove_project
from gradus.author.scaffold import scaffold
from gradus.errors import ContentError
from gradus.grader.projects import ProjectJudge, project_submission
from gradus.projects import errors as faults
from gradus.projects import load_probes
from gradus.roadmap import Exercise, faults_of, load_exercise, ways_of

from .conftest import EXAMPLE

PAGE = (Path(__file__).parents[2] / "docs" / "authoring.md").read_text(encoding="utf-8")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE, tmp_path / "1-stage" / "1-unit" / "tally"))


def refused(folder: Path) -> str:
    def load() -> None:
        exercise = load_exercise(folder, "unit", 1)
        load_probes(exercise.checks_path)
        ways_of(exercise)
        faults_of(exercise)

    with pytest.raises(ContentError) as raised:
        load()
    return str(raised.value)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("exercise.toml", 'kind = "project"', 'kind = "projekt"', "exercise.toml:1: kind"),
        ("exercise.toml", "[limits]", "provides = []\n[limits]", "exercise.toml:8: provides"),
        ("exercise.toml", "seconds = 20", "secnods = 20", "exercise.toml:9: limits.secnods"),
        ("exercise.toml", "difficulty = 2", "difficulty = 7", "exercise.toml:3: difficulty is 1 to 5"),
        ("wrong/no_service/fault.toml", "service.py", "absent.py", "fault.toml:1: remove: the solution has no file"),
        ("wrong/no_service/fault.toml", "expects", "expect", "fault.toml:1: expect: "),
        ("ways/csv_module/way.toml", "good", "praise", "way.toml:1: praise: "),
        (
            "probe.py",
            "@mistake\ndef header",
            "raise ValueError('x')\n@mistake\ndef header",
            "probe.py:6: probe.py does",
        ),
        ("probe.py", "from gradus.projects", "from gradus.projektz", "probe.py:3: probe.py does not run"),
    ],
)
def test_a_malformed_project_is_refused_with_file_line_and_reason(
    copy: Path, file: str, old: str, new: str, said: str
) -> None:
    path = copy / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    assert said in refused(copy)


@pytest.mark.parametrize(
    ("name", "said"),
    [("probe.py", "probe.py is missing"), ("starter", "starter/ is missing"), ("solution", "solution/ is missing")],
)
def test_a_missing_part_is_named(copy: Path, name: str, said: str) -> None:
    path = copy / name
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert said in refused(copy)


def test_a_fault_that_repeats_the_solution_is_refused(copy: Path) -> None:
    shutil.copy(copy / "solution" / "service.py", copy / "wrong" / "header_counted" / "service.py")
    assert "only what differs belongs here" in refused(copy)


def test_a_message_without_an_explanation_is_refused(copy: Path) -> None:
    text = (copy / "probe.py").read_text()
    (copy / "probe.py").write_text(re.sub(r"\n\n    The first line names.*?\"\"\"", '"""', text, flags=re.DOTALL))
    assert "needs a docstring of two parts" in refused(copy)


def test_what_nothing_plants_is_listed(copy: Path) -> None:
    shutil.rmtree(copy / "wrong" / "header_counted")
    exercise = load_exercise(copy, "unit", 1)
    probes = load_probes(exercise.checks_path)
    told = [str(p) for p in project_problems(exercise, probes, faults_of(exercise), ways_of(exercise))]
    assert any("header_counted" in line and "no planted fault" in line for line in told)
    assert any("3 planted faults are needed" in line for line in told)


def test_a_proof_says_which_fault_is_not_named_and_which_way_does_not_pass(copy: Path) -> None:
    (copy / "wrong" / "header_counted" / "fault.toml").write_text('expects = "falls_over"\nwhat = "Another."\n')
    (copy / "ways" / "csv_module" / "report.py").write_text("raise SystemExit(3)\n")
    proof = prove_project(load_exercise(copy, "unit", 1), jobs=2)
    assert not proof.ok
    assert (proof.ways_passed, proof.mistakes_named, proof.seeds_passed) == (0, 2, 3)
    told = [str(problem) for problem in proof.problems]
    assert any("tally/wrong/header_counted (fault): expected “falls_over”, got not_yet" in line for line in told)
    assert any("tally/ways/csv_module (way): it does not pass" in line and "command_failed" in line for line in told)


def test_a_probe_that_breaks_is_our_fault_with_its_line(copy: Path) -> None:
    text = (copy / "probe.py").read_text()
    (copy / "probe.py").write_text(text.replace("    rows = int(", "    {}['absent']\n    rows = int("))
    exercise = load_exercise(copy, "unit", 1)
    verdict = ProjectJudge().check(exercise, project_submission(exercise.solution_files, exercise), 1)
    assert verdict.outcome == "grader_error"
    assert verdict.diagnosis is not None
    assert re.search(r"tally/probe.py, line \d+: KeyError", verdict.diagnosis.message)


def test_libraries_that_are_missing_are_said_and_nothing_fails(
    exercise: Exercise, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gradus.projects import libraries

    monkeypatch.setattr(libraries, "SETS", {"mlops": ("numpy", "not_installed_anywhere")})
    exercise = dataclasses.replace(exercise, libraries="mlops")
    verdict = ProjectJudge().check(exercise, project_submission(exercise.solution_files, exercise), 1)
    assert verdict.outcome == "grader_error"
    assert verdict.diagnosis is not None
    assert verdict.diagnosis.id == "libraries_missing"
    assert "not_installed_anywhere" in verdict.diagnosis.message
    assert "gradus install mlops" in verdict.diagnosis.message


def test_a_scaffold_loads_and_is_refused_until_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "1-start" / "1-services").mkdir(parents=True)
    folder = scaffold("services", "answer_rows", tmp_path, project=True)
    (found,) = find_exercises(["answer_rows"], tmp_path)
    assert found.exercise is not None
    assert found.exercise.is_project
    probes = load_probes(folder / "probe.py")
    told = [
        str(p) for p in project_problems(found.exercise, probes, faults_of(found.exercise), ways_of(found.exercise))
    ]
    for file in ("exercise.toml", "task.md", "hints.md", "probe.py", "starter/main.py", "wrong/first/fault.toml"):
        assert any(line.startswith(f"{file} (line ") and "still to be written" in line for line in told), file


def test_the_page_shows_a_probe_that_loads_and_every_name_that_a_verdict_can_have(tmp_path: Path) -> None:
    (block,) = re.findall(r"^```py\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    (tmp_path / "probe.py").write_text(block, encoding="utf-8")
    assert [probe.name for probe in load_probes(tmp_path / "probe.py").probes] == ["parity"]
    for fault in faults.ProjectFault.__subclasses__():
        assert f"| `{fault.id}` |" in PAGE
