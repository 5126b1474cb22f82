"""Proofs that still hold, by content: what was proved, by which judge, with which libraries."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Final

from gradus.author.proofs import ExerciseProof
from gradus.roadmap import Exercise

_LIBRARIES: Final = ("numpy", "pandas", "matplotlib", "scikit-learn", "scipy", "statsmodels")
_ROOMS: Final = ("checks", "grader", "author", "roadmap")
_PROJECTS: Final = ((*_ROOMS, "projects", "provers"), (*_LIBRARIES, "fastapi", "httpx", "mlflow-skinny", "wandb", "dvc",
                    "pandera", "dask", "distributed"))  # fmt: skip


def cache_folder() -> Path:
    """``.gradus-cache/proof`` of the repository; the user's cache folder for an installed package."""
    package = Path(__file__).resolve().parents[1]
    checkout = package.parents[1]
    if (checkout / "pyproject.toml").is_file() and (checkout / "curriculum").is_dir():
        return checkout / ".gradus-cache" / "proof"
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "gradus" / "proof"


@cache
def tools_digest(rooms: tuple[str, ...] = _ROOMS, libraries: tuple[str, ...] = _LIBRARIES) -> str:
    """SHA-256 over the sources that judge and the versions of what they run on."""
    digest = hashlib.sha256(sys.version.encode())
    package = Path(__file__).resolve().parents[1]
    for room in rooms:
        for path in sorted((package / room).rglob("*.py")):
            digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    for library in libraries:
        try:
            digest.update(f"{library} {metadata.version(library)}\0".encode())
        except metadata.PackageNotFoundError:
            digest.update(f"{library} missing\0".encode())
    return digest.hexdigest()


class ProofCache:
    """One file an exercise. Only proofs that hold are kept: a failed one is worth running again."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    def get(self, exercise: Exercise, seeds: int) -> ExerciseProof | None:
        """The proof of exactly this content on at least this many seeds, if it is known."""
        if self.folder is None:
            return None
        try:
            data = json.loads((self.folder / f"{exercise.id}.json").read_text(encoding="utf-8"))
            if data["key"] == self._key(exercise) and data["proof"]["reference"]["seeds"] >= seeds:
                return ExerciseProof.from_json(data["proof"], cached=True)
        except (OSError, ValueError, KeyError, TypeError):
            pass
        return None

    def put(self, exercise: Exercise, proof: ExerciseProof) -> None:
        """Remember a proof that holds."""
        if self.folder is None or not proof.ok:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{exercise.id}.json"
        fresh = path.with_suffix(f".{os.getpid()}.new")
        fresh.write_text(json.dumps({"key": self._key(exercise), "proof": proof.to_json()}), encoding="utf-8")
        fresh.replace(path)

    @staticmethod
    def _key(exercise: Exercise) -> str:
        return f"{exercise.digest} {tools_digest(*_PROJECTS) if exercise.is_project else tools_digest()}"
