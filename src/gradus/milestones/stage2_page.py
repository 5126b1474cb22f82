"""The report as a page."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def write_page(report: Any, dossier: Any, declared: Any, stem: Path) -> Path | None:
    return None
