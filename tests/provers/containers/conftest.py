"""A copy of the small project with what differs, and an engine where one works."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from gradus.provers.engines import Engine, find_engine
from tests.provers.containers.faults import PROJECT, Planted

BASE = "localhost/gradus-base:bookworm"


@pytest.fixture
def make(tmp_path: Path) -> Callable[[Planted], Path]:
    """Lay out the project with what differs."""

    def laid_out(planted: Planted) -> Path:
        folder = tmp_path / "project"
        shutil.copytree(PROJECT, folder, ignore=shutil.ignore_patterns("__pycache__"))
        for name in planted.remove:
            (folder / name).unlink()
        for name, content in planted.files.items():
            (folder / name).write_text(content)
        return folder

    return laid_out


@pytest.fixture(scope="session")
def engine() -> Engine:
    """An engine that works and has the base image."""
    found = find_engine()
    if not isinstance(found, Engine):
        pytest.skip(f"no container engine: {'; '.join(found.reasons)}")
    if not found.ask("image", "inspect", BASE).ok:
        pytest.skip(f"no base image {BASE}: scripts/make-base-image makes one")
    return found
