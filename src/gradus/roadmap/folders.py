"""A project's files on disk: read as a folder, shown as text."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

#: Left behind by tools, and nobody's work.
PASSED_OVER = frozenset(
    ("__pycache__", ".git", ".venv", "venv", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".ipynb_checkpoints",
     ".hypothesis", "node_modules", ".DS_Store")
)  # fmt: skip


def is_passed_over(parts: tuple[str, ...]) -> bool:
    """Whether a file with these parts in its name is a tool's and not the learner's."""
    return any(part in PASSED_OVER for part in parts) or parts[:2] in ((".dvc", "cache"), (".dvc", "tmp"))


def read_tree(folder: Path) -> dict[str, bytes]:
    """Every file below ``folder`` by its name within it (``data/rows.csv``), sorted; what tools leave is left out."""
    found = {}
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and not is_passed_over(parts):
            found["/".join(parts)] = path.read_bytes()
    return found


def as_text(files: Mapping[str, bytes]) -> str:
    """Files to read, below each other, each with its name; of one that is not text only the size is told."""
    pieces = []
    for name, data in files.items():
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            text = f"({len(data):,} bytes, not text)"
        if "\0" in text:
            text = f"({len(data):,} bytes, not text)"
        pieces.append(f"# ==== {name} ====\n{text.rstrip()}\n")
    return "\n".join(pieces)
