"""A road of one stage and one unit, whose exercises are a project and a function."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from gradus.roadmap import Exercise, Roadmap, load_exercise, load_roadmap

EXAMPLE = Path(__file__).parent / "example" / "tally"
_WRITTEN = {
    "roadmap.toml": """title = "Road"
promise = "p"
stages = ["1-services"]

[[tracks]]
id = "ml-engineer"
title = "t"
focus = "f"
maths = "m"
stack = ["s"]
starts_with = "all"
weight = { 1 = 1.0 }
""",
    "1-services/stage.toml": """title = "Services"
summary = "s"
weeks = [1, 2]
can_do = ["c"]
[milestone]
title = "m"
statement = "s"
""",
    "1-services/1-first/unit.toml": """title = "First"
summary = "About services."
minutes = 60
placement = "tally"
[[outcomes]]
id = "services"
can = "Run a service."
""",
    "1-services/1-first/lesson.md": "# First\n\nRead.\n",
    "1-services/1-first/one/exercise.toml": """title = "One"
difficulty = 5
minutes = 5
skills = ["services"]
provides = ["one"]
libraries = "bare"
""",
    "1-services/1-first/one/task.md": "Write `one()`.\n",
    "1-services/1-first/one/hints.md": "1. a b c d\n2. b c d e\n3. c d e f\n",
    "1-services/1-first/one/starter.py": "def one():\n    pass\n",
    "1-services/1-first/one/solution.py": "def one():\n    return 1\n",
    "1-services/1-first/one/checks.py": (
        "from gradus.checks import call, cases\n\n\n@cases\ndef all(rng):\n    yield call()\n"
    ),
}


@pytest.fixture(scope="session")
def curriculum(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("curriculum")
    for name, text in _WRITTEN.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    shutil.copytree(EXAMPLE, root / "1-services" / "1-first" / "tally")
    return root


@pytest.fixture(scope="session")
def road(curriculum: Path) -> Roadmap:
    return load_roadmap(curriculum)


@pytest.fixture(scope="session")
def exercise() -> Exercise:
    return load_exercise(EXAMPLE, "services", 5)
