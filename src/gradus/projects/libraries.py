"""Which libraries a set needs, whether they are installed, and how to get them."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Mapping
from typing import Final

_CORE: Final = ("numpy", "pandas", "matplotlib", "sklearn", "statsmodels")
SETS: Final[Mapping[str, tuple[str, ...]]] = {
    "core": _CORE,
    "mlops": (
        *_CORE,
        *("fastapi", "uvicorn", "httpx", "mlflow", "wandb", "dvc", "pandera", "schemathesis", "check_jsonschema"),
        *("dask", "distributed"),
    ),
}
"""The top-level modules of each set that a project exercise may name."""


def missing_libraries(name: str) -> tuple[str, ...]:
    """The modules of a set that are not installed in this environment. Nothing is imported to find out."""
    importlib.invalidate_caches()
    return tuple(module for module in SETS.get(name, ()) if importlib.util.find_spec(module) is None)
