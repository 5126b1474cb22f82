"""Gradus' own modules that a zygote still has to import after its root is gone: carried along as compiled code."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import types
from collections.abc import Mapping, Sequence
from pathlib import Path

_PARTS = ("plain", "arrays", "frames", "sparse", "drawing")


def carry() -> dict[str, types.CodeType]:
    """The codec's rules for each library, by module name; they import the library, so they cannot be imported before
    it.
    """
    folder = Path(__file__).parent / "wire"
    return {
        f"gradus.grader.wire.{part}": compile((folder / f"{part}.py").read_bytes(), f"<gradus {part}>", "exec")
        for part in _PARTS
    }


class Carried(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports from code that is in memory."""

    def __init__(self, code: Mapping[str, types.CodeType]) -> None:
        self._code = code

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname not in self._code:
            return None
        return importlib.util.spec_from_loader(fullname, self, origin="carried")

    def exec_module(self, module: types.ModuleType) -> None:
        exec(self._code[module.__name__], module.__dict__)
