"""In which order the cells of a notebook were run."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path


def out_of_order(folder: Path) -> tuple[str, list[int]] | None:
    """The first notebook whose cells were not run 1, 2, 3 … from top to bottom, and the order in which they were."""
    for path in sorted(folder.rglob("*.ipynb")):
        if any(part.startswith(".") for part in path.relative_to(folder).parts):
            continue
        try:
            cells = json.loads(path.read_bytes()).get("cells", [])
            counts = [cell.get("execution_count") for cell in cells if cell.get("cell_type") == "code"]
        except (ValueError, AttributeError):
            continue
        order = [count for count in counts if isinstance(count, int)]
        if order and order != list(range(1, len(order) + 1)):
            return path.relative_to(folder).as_posix(), order
    return None


def is_run_by(command: Sequence[str], notebook: str) -> bool:
    """Whether a command names the notebook, or a program that runs notebooks."""
    text = " ".join(command)
    return Path(notebook).name in text or any(
        word in text for word in ("nbconvert", "papermill", "notebook", "jupyter")
    )
