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
    stage5 = named([*project["dependencies"], *extras["mlops"]])
    assert set(extras) == {"notebook", "boosting", "competitions", "openml", "mlops"}  # openml stays out of the locks
    tests = everywhere | stage5 | named(extras["competitions"])
    for name, wanted in (("gradus.txt", everywhere), ("mlops.txt", stage5), ("dev.txt", tests)):
        text = (ROOT / "requirements" / name).read_text()
        locked = set(re.findall(r"^([a-z0-9-]+)==", text, flags=re.MULTILINE))
        assert wanted <= locked
        assert text.count("==") <= text.count("--hash=sha256:")


def test_what_two_locks_name_is_the_same_version_in_both() -> None:
    pins: dict[str, set[str]] = {}
    for name in ("gradus.txt", "mlops.txt", "dev.txt"):
        text = (ROOT / "requirements" / name).read_text()
        for package in set(re.findall(r"^([a-z0-9-]+)==", text, flags=re.MULTILINE)):
            versions = ",".join(sorted(re.findall(rf"^{package}==(\S+)", text, flags=re.MULTILINE)))
            pins.setdefault(package, set()).add(versions)
    assert [package for package, versions in pins.items() if len(versions) > 1] == []


def test_no_lock_names_where_packages_come_from() -> None:
    for lock in (ROOT / "requirements").glob("*.txt"):
        assert not re.search(r"://|--(extra-)?index|--find-links", lock.read_text())
