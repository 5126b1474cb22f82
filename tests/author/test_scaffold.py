"""`author new` makes a folder that the proof refuses until it is written."""

from pathlib import Path

import pytest

from gradus.author.cache import ProofCache
from gradus.author.find import find_exercises
from gradus.author.prove import prove
from gradus.author.scaffold import scaffold
from gradus.errors import UsageError


@pytest.fixture
def curriculum(tmp_path: Path) -> Path:
    (tmp_path / "1-start" / "2-arrays").mkdir(parents=True)
    (tmp_path / "1-start" / "1-lists").mkdir()
    return tmp_path


@pytest.mark.parametrize("unit", ["1-start/2-arrays", "2-arrays", "arrays", "1.2", "1-start/2-arrays/"])
def test_finds_the_unit_by_any_of_its_names(curriculum: Path, unit: str) -> None:
    assert scaffold(unit, "halve", curriculum) == curriculum / "1-start" / "2-arrays" / "halve"


def test_a_scaffold_loads_and_does_not_pass_the_proof(curriculum: Path) -> None:
    scaffold("arrays", "halve", curriculum)
    (found,) = find_exercises(["halve"], curriculum)
    assert found.exercise is not None
    proof = prove([found], seeds=2, jobs=1, cache=ProofCache(None), sandboxed=False)
    assert not proof.ok
    told = [str(problem) for problem in proof.exercises[0].problems]
    for file in ("exercise.toml", "task.md", "starter.py", "solution.py", "checks.py", "hints.md", "ways/another.py"):
        assert any(line.startswith(f"halve/{file} (line ") and "still to be written" in line for line in told), file


@pytest.mark.parametrize("name", ["Halve", "2x", "for", "a-b", "a b", "../x", "", "x" * 50])
def test_refuses_bad_names(curriculum: Path, name: str) -> None:
    with pytest.raises(UsageError, match="cannot be an exercise's name"):
        scaffold("arrays", name, curriculum)


def test_refuses_a_name_that_exists_in_another_unit(curriculum: Path) -> None:
    scaffold("lists", "halve", curriculum)
    with pytest.raises(UsageError, match="already"):
        scaffold("arrays", "halve", curriculum)


def test_refuses_an_unknown_unit_and_offers_the_nearest(curriculum: Path) -> None:
    with pytest.raises(UsageError, match="Did you mean arrays"):
        scaffold("array", "halve", curriculum)
