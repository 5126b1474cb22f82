"""What travels in the wheel, and that every dependency of the package stands in the lock."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel_names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    return set(zipfile.ZipFile(wheel).namelist())


def test_the_wheel_holds_the_whole_curriculum(wheel_names: set[str]) -> None:
    files = {path.relative_to(ROOT).as_posix() for path in (ROOT / "curriculum").rglob("*") if path.is_file()}
    wanted = {f"gradus/{name}" for name in files if "__pycache__" not in name}
    assert "gradus/curriculum/1-python-and-maths/2-numpy/standardize/solution.py" in wanted
    assert wanted <= wheel_names


def test_the_wheel_holds_migrations_and_types(wheel_names: set[str]) -> None:
    assert "gradus/py.typed" in wheel_names
    assert any(re.match(r"gradus/learner/migrations/versions/\w+\.py", name) for name in wheel_names)


def named(lines: list[str]) -> set[str]:
    return {re.split(r"[<>=\[ ]", line)[0] for line in lines}


def test_every_dependency_is_locked_with_its_hash() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    everywhere = named([*project["dependencies"], *extras["notebook"], *extras["boosting"]])
    assert set(extras) == {"notebook", "boosting", "competitions", "openml"}  # the last one stays out of the locks
    for name, wanted in (("gradus.txt", everywhere), ("dev.txt", everywhere | named(extras["competitions"]))):
        text = (ROOT / "requirements" / name).read_text()
        locked = set(re.findall(r"^([a-z0-9-]+)==", text, flags=re.MULTILINE))
        assert wanted <= locked
        assert text.count("==") <= text.count("--hash=sha256:")
