"""Prove milestone 5: find the project, examine it, write down what was measured and of which files."""

from __future__ import annotations

import secrets
import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gradus.errors import UsageError
from gradus.milestones.report import Probe, Report, now, sha256, write_evidence
from gradus.roadmap import Stage

if TYPE_CHECKING:
    from gradus.learner import Workspace
    from gradus.milestones.stage5 import Part

#: A probe that says this was left out only for want of a container engine.
NO_ENGINE = "partial: no container engine"
_MOST_FILES = 400


def prove_stage5(
    stage: Stage,
    workspace: Workspace,
    path: Path,
    project: Path | str | None,
    seed: int | None,
    progress: Callable[[Probe], None] | None,
    *,
    chosen: tuple[Part, ...] | None = None,
    begun: Callable[[Part], None] | None = None,
) -> Report:
    """Examine the project that ``milestone.toml`` at ``path`` names, or ``project`` in its place.

    ``chosen`` are the provers (all of them by default), ``begun`` hears of each as it starts. Raises UsageError when
    there is no project to examine; nothing is written then.
    """
    from gradus.milestones.stage5 import examine, parts

    folder = project_folder(path, project)
    drawn = seed if seed is not None else secrets.randbelow(2**31)
    files = hashes(folder)
    probes = []
    for probe in examine(folder, drawn, parts() if chosen is None else chosen, begun):
        probes.append(probe)
        if progress is not None:
            progress(probe)
    report = Report(stage.number, stage.milestone.title, tuple(probes), files, drawn, (), now())
    return report.with_evidence(write_evidence(report, workspace.evidence))


def project_folder(path: Path, given: Path | str | None) -> Path:
    """The project's folder: the one given, or ``project`` of the milestone file, beside it unless it is absolute.

    Raises UsageError when none is named, or it has no ``service.toml``.
    """
    folder = Path(given).absolute() if given is not None else path.parent / Path(_named(path)).expanduser()
    if not folder.is_dir():
        raise UsageError(
            "The project's folder is not there.",
            str(folder),
            f'Make it, or name another one in {path.name}: project = "…".',
        )
    if not (folder / "service.toml").is_file():
        raise UsageError(
            "The project has no service.toml, so nothing says how its parts are called.",
            str(folder),
            "milestone.md shows one with every entry explained. Write it at the project's root.",
        )
    return folder.resolve()


def _named(path: Path) -> str:
    try:
        name = tomllib.loads(path.read_text(encoding="utf-8")).get("project")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"The milestone's file cannot be read: {error}.", str(path)) from None
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path.name} is not valid TOML: {error}.", str(path), "Mend that line.") from None
    if not isinstance(name, str) or not name:
        raise UsageError("No project is named.", str(path), 'Add a line project = "my-service" with its folder.')
    return name


def hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of what is examined: the commit, every committed file, and the deployed model's files."""
    import contextlib

    found: dict[str, str] = {}
    if revision := _git(folder, "rev-parse", "HEAD"):
        found["git revision"] = revision.strip()
    names = [name for name in _git(folder, "ls-files", "-z", "--", ".").split("\0") if name]
    for name in list(dict.fromkeys([*names, *_declared_files(folder)]))[:_MOST_FILES]:
        with contextlib.suppress(OSError):
            found[name] = sha256((folder / name).read_bytes())
    return found


def _declared_files(folder: Path) -> list[str]:
    """What service.toml names and git may well ignore: the model, the store, the data of the run, the rows."""
    try:
        tables: dict[str, Any] = tomllib.loads((folder / "service.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ["service.toml"]
    service, tracking, offline = (tables.get(name, {}) for name in ("service", "tracking", "offline"))
    named = [
        service.get("model"),
        tracking.get("artifact"),
        tracking.get("data"),
        offline.get("rows"),
        tracking.get("store"),
    ]
    flat = [item for value in named for item in (value if isinstance(value, list) else [value])]
    return ["service.toml", *(item for item in flat if isinstance(item, str) and (folder / item).is_file())]


def _git(folder: Path, *words: str) -> str:
    try:
        done = subprocess.run(["git", "-C", str(folder), *words], capture_output=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""
