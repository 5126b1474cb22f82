"""The curriculum loads whole, and malformed content is refused with file, line and reason."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from gradus.errors import ContentError, UsageError
from gradus.roadmap import find_curriculum, load_roadmap
from gradus.roadmap.models import split_numbered

STAGE_TITLES = [
    "Python & maths",
    "Classical machine learning",
    "Deep learning & neural networks",
    "Large language models",
    "MLOps & production",
    "Portfolio",
]


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A curriculum of one stage, one unit and one exercise, to be damaged."""
    source = find_curriculum()
    root = tmp_path / "curriculum"
    unit = root / "1-python-and-maths" / "1-numpy"
    shutil.copytree(source / "1-python-and-maths" / "2-numpy" / "standardize", unit / "standardize")
    shutil.copy(source / "1-python-and-maths" / "stage.toml", unit.parent / "stage.toml")
    (unit / "lesson.md").write_text("# NumPy\n")
    (unit / "unit.toml").write_text(
        'title = "NumPy"\nsummary = "Arrays."\nminutes = 60\n\n'
        '[[outcomes]]\nid = "numpy-axes"\ncan = "Choose an axis."\n\n'
        '[[cards]]\nid = "one"\noutcome = "numpy-axes"\nquestion = "?"\n\n'
        '[[cards.choices]]\ntext = "a"\ncorrect = true\nwhy = "since"\n\n'
        '[[cards.choices]]\ntext = "b"\nwhy = "not"\n'
    )
    exercise = unit / "standardize" / "exercise.toml"
    lines = exercise.read_text().splitlines()
    exercise.write_text(
        "\n".join('skills = ["numpy-axes"]' if line.startswith("skills") else line for line in lines) + "\n"
    )
    (root / "roadmap.toml").write_text('title = "t"\npromise = "p"\nstages = ["1-python-and-maths"]\ntracks = []\n')
    return root


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_the_road_has_six_stages_and_both_tracks() -> None:
    roadmap = load_roadmap()
    assert [stage.title for stage in roadmap.stages] == STAGE_TITLES
    assert [stage.weeks for stage in roadmap.stages] == [(4, 6), (6, 8), (6, 8), (4, 6), (4, 6), None]
    assert {track.id for track in roadmap.tracks} == {"ml-engineer", "ai-engineer"}
    assert all(stage.milestone.probes and stage.projects and stage.resources for stage in roadmap.stages)
    assert len(roadmap.takeaways) == 8
    assert len(roadmap.answers) == 8


def test_units_without_exercises_are_coming() -> None:
    roadmap = load_roadmap()
    coming = {unit.number for unit in roadmap.units if unit.coming}
    assert not any(number.startswith("1.") for number in coming)
    assert all(unit.outcomes and unit.minutes > 0 for unit in roadmap.units)


def test_look_ups_offer_the_nearest_name() -> None:
    roadmap = load_roadmap()
    assert roadmap.exercise("standardize").provides == ("standardize",)
    assert roadmap.unit("1.2") is roadmap.unit("numpy")
    with pytest.raises(UsageError, match="standardize") as caught:
        roadmap.exercise("standardise")
    assert "Did you mean standardize" in caught.value.next_step
    with pytest.raises(UsageError, match="no stage 9"):
        roadmap.stage(9)


def test_the_small_curriculum_loads(small: Path) -> None:
    assert [exercise.id for exercise in load_roadmap(small).exercises] == ["standardize"]


Damage = Callable[[Path], None]
UNIT = "1-python-and-maths/1-numpy/unit.toml"
EXERCISE = "1-python-and-maths/1-numpy/standardize"


@pytest.mark.parametrize(
    ("where", "old", "new", "line", "reason"),
    [
        (UNIT, 'title = "NumPy"', 'title = "NumPy', 1, "not valid TOML"),
        (UNIT, "minutes = 60", 'minutes = "long"', 3, "minutes"),
        (UNIT, "minutes = 60", "minuets = 60", 3, "minuets"),
        (UNIT, 'outcome = "numpy-axes"', 'outcome = "nothing"', 11, "no outcome “nothing”"),
        (UNIT, "correct = true", "correct = false", 9, "exactly one choice must be correct"),
        (UNIT, 'why = "not"', 'why = " "', 9, "its own explanation"),
        (UNIT, 'text = "b"', 'text = "a"', 9, "read the same"),
        (UNIT, "minutes = 60", 'minutes = 60\nrequires = ["later"]', 4, "“later” is not an earlier unit"),
        (UNIT, "minutes = 60", 'minutes = 60\nplacement = "nope"', 4, "no exercise “nope”"),
        (EXERCISE + "/exercise.toml", "difficulty = 2", "difficulty = 9", 2, "1 to 5"),
        (EXERCISE + "/exercise.toml", '"numpy-axes"', '"unheard-of"', 4, "no outcome is called “unheard-of”"),
        (EXERCISE + "/hints.md", "3. ", "- ", 1, "three numbered hints"),
        ("roadmap.toml", '"1-python-and-maths"', '"1-nowhere"', 3, "no folder “1-nowhere”"),
    ],
)
def test_malformed_content_names_file_line_and_reason(
    small: Path, where: str, old: str, new: str, line: int, reason: str
) -> None:
    edit(small / where, old, new)
    with pytest.raises(ContentError) as caught:
        load_roadmap(small)
    assert caught.value.where == f"{small / where}:{line}"
    assert reason in caught.value.what


@pytest.mark.parametrize("name", ["task.md", "starter.py", "solution.py", "checks.py", "hints.md"])
def test_a_missing_file_of_an_exercise_is_named(small: Path, name: str) -> None:
    (small / EXERCISE / name).unlink()
    with pytest.raises(ContentError, match=name):
        load_roadmap(small)


def test_the_same_exercise_id_twice_is_refused(small: Path) -> None:
    stage = small / "1-python-and-maths"
    shutil.copytree(stage / "1-numpy", stage / "2-again")
    with pytest.raises(ContentError, match="is also"):
        load_roadmap(small)


def test_a_file_that_is_not_text_is_refused(small: Path) -> None:
    (small / UNIT).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ContentError, match="not UTF-8"):
        load_roadmap(small)


def test_an_exercise_digest_follows_every_file(small: Path) -> None:
    before = load_roadmap(small).exercise("standardize").digest
    (small / EXERCISE / "ways" / "another.py").write_text('"""Says what is good."""\n')
    load_roadmap.cache_clear()
    assert load_roadmap(small).exercise("standardize").digest != before


def test_numbered_items_keep_their_paragraphs_and_code() -> None:
    text = "1. First\n   goes on.\n\n2. Second:\n   ```python\n   x = 1. # not an item\n   ```\n3. Third"
    assert split_numbered(text) == ("First\ngoes on.", "Second:\n```python\nx = 1. # not an item\n```", "Third")
