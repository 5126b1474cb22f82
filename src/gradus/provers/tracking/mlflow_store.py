"""Read an MLflow store: the database or folder of the project, and the artifacts beside it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from gradus.projects.environment import TELEMETRY_OFF
from gradus.provers.tracking.runs import Artifact, Run, Store, Unreadable, Value, Version

_SECONDS = 120.0
_MOST_FILES = 500


def read_mlflow(folder: Path, store: Path) -> Store:
    """Everything in the store at ``store``; artifacts are looked for below ``folder`` first, wherever they were logged.

    The client gets a copy, since opening a store may change it. Raises Unreadable.
    """
    if find_spec("mlflow") is None:
        raise Unreadable(
            "MLflow is not installed. `gradus doctor` says how to install what stage 5 needs.", "no_mlflow"
        )
    with tempfile.TemporaryDirectory(prefix="gradus-") as place:
        copy = Path(place) / store.name
        if store.is_dir():
            shutil.copytree(store, copy, ignore=shutil.ignore_patterns("artifacts"))
            uri = copy.as_uri()
        else:
            for suffix in ("", "-wal"):
                if (part := store.with_name(store.name + suffix)).is_file():
                    shutil.copyfile(part, copy.with_name(copy.name + suffix))
            uri = f"sqlite:///{copy}"
        found = _ask(uri, place)
    places = _Places(folder, store)
    models: dict[str, list[str]] = {}
    for model in found["models"]:
        models.setdefault(model["run"], []).append(model["artifacts"])
    runs = tuple(_run(run, places, models.get(run["id"], [])) for run in found["runs"])
    return Store("MLflow", runs, tuple(Version(**version) for version in found["versions"]))


def _ask(uri: str, place: str) -> Any:
    command = [sys.executable, "-m", "gradus.provers.tracking.mlflow_reader", uri]
    env = {**os.environ, **TELEMETRY_OFF, "MLFLOW_TRACKING_URI": uri, "TMPDIR": place}
    try:
        done = subprocess.run(command, capture_output=True, env=env, cwd=place, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise Unreadable(f"MLflow did not read the store in {_SECONDS:.0f} seconds.") from None
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["it gave no reason"]
        raise Unreadable(f"MLflow cannot read the store: {lines[-1][:300]}")
    return json.loads(done.stdout)


def _run(found: Any, places: _Places, models: list[str]) -> Run:
    history = {name: tuple(Value(int(step), value) for step, value in rows) for name, rows in found["history"].items()}
    folders = [places.find(uri, found["id"]) for uri in [found["artifacts"], *models]]
    return Run(
        found["id"],
        found["status"],
        found["said"],
        found["metrics"],
        history,
        tuple(artifact for at in folders if at is not None for artifact in _files(at)),
        found["group"],
    )


def _files(folder: Path) -> Iterator[Artifact]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    for _, path in zip(range(_MOST_FILES), files, strict=False):
        yield Artifact(path.relative_to(folder).as_posix(), path)


class _Places:
    """Where artifacts lie now. A store keeps absolute paths, and a project may have been moved since."""

    def __init__(self, folder: Path, store: Path) -> None:
        self.roots = list(dict.fromkeys([store if store.is_dir() else store.parent, folder]))

    def find(self, uri: str, run: str) -> Path | None:
        """The folder that an artifact URI means: its last parts below the project, else where the URI says."""
        path = Path(unquote(urlsplit(uri).path)) if uri.startswith("file:") else Path(uri)
        parts = path.parts
        for root in self.roots:
            for take in range(2, min(len(parts), 6)):
                if (near := root.joinpath(*parts[-take:])).is_dir() and (run in near.parts or take > 2):
                    return near
        return path if "://" not in uri.removeprefix("file://") and path.is_dir() else None
