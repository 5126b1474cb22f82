"""Completion of library names: members of modules that this list allows, read off the modules themselves.

Nothing of the learner's is evaluated: a path is followed by attribute, from a known module on, and never called.
"""

from __future__ import annotations

import builtins
import importlib
import inspect
import keyword
import re
import types
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from gradus.learner.records import Record

MOST: Final = 200
ALLOWED: Final = (
    "numpy", "pandas", "scipy", "sklearn", "matplotlib", "statsmodels", "math", "statistics", "random", "itertools",
    "functools", "collections", "operator", "re", "json", "csv", "datetime", "pathlib", "dataclasses", "typing",
    "string",
)  # fmt: skip
_NAME: Final = re.compile(r"[A-Za-z_]\w*")
_PATH: Final = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")


@dataclass(frozen=True)
class Item(Record):
    """One completion. ``detail`` is the signature, ``info`` the first line of the documentation."""

    label: str
    type: str
    detail: str = ""
    info: str = ""


def complete(imports: Mapping[str, Any], path: str, prefix: str) -> tuple[Item, ...]:
    """Names below ``path`` that begin with ``prefix``. ``imports`` maps the learner's names to what they stand for."""
    if prefix and not _NAME.fullmatch(prefix):
        return ()
    rows = _members(_target(imports, path)) if path else _top()
    low = prefix.lower()
    found = [row for row in rows if row.label.lower().startswith(low)]
    if not prefix.startswith("_"):
        found = [row for row in found if not row.label.startswith("_")]
    return tuple(found[:MOST])


def _target(imports: Mapping[str, Any], path: str) -> str:
    """The full dotted name: ``np.linalg`` is ``numpy.linalg``."""
    if not _PATH.fullmatch(path) or len(path) > 200:
        return ""
    first, _, rest = path.partition(".")
    base = imports.get(first, first)
    if not isinstance(base, str) or not _PATH.fullmatch(base) or len(base) > 200:
        return ""
    return f"{base}.{rest}" if rest else base


@lru_cache(maxsize=128)
def _members(name: str) -> tuple[Item, ...]:
    if name.partition(".")[0] not in ALLOWED:
        return ()
    found = _resolve(name)
    return () if found is None else tuple(_item(label, found) for label in sorted(dir(found), key=str.lower))


def _resolve(name: str) -> Any:
    """The object of a dotted name: the longest importable module, then attributes of modules and classes."""
    parts = name.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            found: Any = importlib.import_module(".".join(parts[:cut]))
        except Exception:  # a name that is no module; a module that cannot be imported completes nothing
            continue
        for part in parts[cut:]:
            if not isinstance(found, types.ModuleType | type):
                return None
            found = inspect.getattr_static(found, part, None)
        return found
    return None


def _item(label: str, owner: Any) -> Item:
    value = inspect.getattr_static(owner, label, None)
    if isinstance(value, staticmethod | classmethod):
        value = value.__func__
    if isinstance(value, types.ModuleType):
        return Item(label, "module")
    info = (inspect.getdoc(value) or "").strip().partition("\n")[0][:160] if callable(value) else ""
    if isinstance(value, type):
        return Item(label, "class", "", info)
    if callable(value):
        return Item(label, "function", _signature(value), info)
    return Item(label, "constant")


def _signature(value: Any) -> str:
    try:
        text = str(inspect.signature(value))
    except (ValueError, TypeError):
        return ""
    return text if len(text) <= 120 else text[:119] + "…"


@lru_cache(maxsize=1)
def _top() -> tuple[Item, ...]:
    names = [Item(word, "keyword") for word in keyword.kwlist]
    names += [
        Item(name, "class" if isinstance(getattr(builtins, name), type) else "function")
        for name in dir(builtins)
        if not name.startswith("_") and callable(getattr(builtins, name))
    ]
    return tuple(sorted([*names, *(Item(name, "module") for name in ALLOWED)], key=lambda row: row.label.lower()))
