"""Exercise ids for completion, read from folder names: no content is loaded, so completion is instant."""

from __future__ import annotations

from pathlib import Path

from gradus.cli.places import workspace_root


def exercise_ids() -> list[str]:
    """The ids of every exercise of the installed curriculum, or of the workspace's files where there is none."""
    folder = _curriculum()
    if folder is not None:
        return sorted(path.parent.name for path in folder.glob("*/*/*/exercise.toml"))
    root = workspace_root()
    return sorted(path.stem for path in root.glob("*-*/*-*/*.py")) if root else []


def unit_ids() -> list[str]:
    """The ids of every unit that has a lesson."""
    folder = _curriculum()
    return sorted(path.parent.name.partition("-")[2] for path in folder.glob("*/*/lesson.md")) if folder else []


def stage_numbers() -> list[str]:
    """The numbers of the stages."""
    folder = _curriculum()
    return sorted(path.parent.name.partition("-")[0] for path in folder.glob("*/stage.toml")) if folder else []


def _curriculum() -> Path | None:
    """As ``gradus.roadmap.find_curriculum`` does, without importing it."""
    import os

    package = Path(__file__).resolve().parents[1]
    named = os.environ.get("GRADUS_CURRICULUM")
    folders = [Path(named)] if named else [package / "curriculum", package.parents[1] / "curriculum"]
    return next((folder for folder in folders if (folder / "roadmap.toml").is_file()), None)
