"""What a project's ``service.toml`` declares, and the rows that it names."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gradus.errors import UsageError

Row = dict[str, Any]
_LARGEST = 64_000_000
_LEFT_OUT = frozenset({".venv", "venv", "__pycache__", "node_modules", ".mypy_cache", ".pytest_cache", ".ruff_cache"})
_MOST = 256 << 20


def declared(folder: Path) -> dict[str, Any]:
    """The tables of ``service.toml``. Raises UsageError when there is none or it is no TOML."""
    path = folder / "service.toml"
    try:
        found: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UsageError(
            "The project has no service.toml.", str(folder), "Lay one out with `gradus milestone 5`."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"service.toml cannot be read: {error}.", str(path), "Mend that line.") from None
    return found


def inside(folder: Path, name: Any) -> Path | None:
    """The path of a declared file, or None where it is no text, does not exist, or lies outside the project."""
    if not isinstance(name, str) or not name:
        return None
    path = (folder / name).resolve()
    return path if path.exists() and path.is_relative_to(folder.resolve()) else None


def files_of(folder: Path, git: bool = False) -> dict[str, bytes]:
    """The project's files by their names, without links, environments and caches; ``git``: with its repository.

    Raises UsageError for a project of more than 256 MB.
    """
    files, size = {}, 0
    left_out = _LEFT_OUT if git else _LEFT_OUT | {".git"}
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_symlink() or not path.is_file() or left_out & set(parts) or parts[:2] == (".dvc", "cache"):
            continue
        size += path.stat().st_size
        if size > _MOST:
            raise UsageError("The project is larger than 256 MB.", str(folder), "Keep data out of it, with DVC.")
        files["/".join(parts)] = path.read_bytes()
    return files


def read_rows(path: Path, without: object = None) -> list[Row]:
    """The rows of a CSV as a service gets them: numbers where the text is one, None where it is empty.

    ``without`` is a column to leave out. Raises UsageError for a file that is no CSV or is too large.
    """
    if path.stat().st_size > _LARGEST:
        raise UsageError("The file of rows is larger than 64 MB.", str(path), "Name a smaller one.")
    try:
        reader = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig")), restkey="")
        return [{k: cell(v) for k, v in row.items() if k and k != without} for row in reader]
    except (csv.Error, UnicodeDecodeError) as error:
        raise UsageError(f"The file of rows cannot be read: {error}.", str(path)) from None


def cell(text: str | None) -> Any:
    """A cell as JSON would carry it."""
    if text is None or not text.strip():
        return None
    for kind in (int, float):
        try:
            value = kind(text)
        except ValueError:
            continue
        return value if value == value and abs(value) != float("inf") else None
    return text


def number(table: Mapping[str, Any], name: str, default: float | None = None) -> float | None:
    """A declared number, or None where it is none."""
    value = table.get(name, default)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
