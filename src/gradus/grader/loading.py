"""In the learner's process: load their file from memory, serve the files beside it, and tell errors by their own lines.

Nothing here is trusted by the judge: it runs beside the learner's code.
"""

from __future__ import annotations

import builtins
import errno
import functools
import importlib.abc
import importlib.machinery
import importlib.util
import linecache
import os
import sys
import types
from collections.abc import Callable, Sequence
from typing import Any

from gradus.grader.wire.plain import describe_error

MAX_FRAMES = 20
_MAX_LINE = 300


@functools.cache
def protected_names() -> frozenset[str]:
    """The modules that no file of a learner's replaces: Python's own, and what is imported by the time of the first
    call.

    A zygote asks before it forks: walking over all modules' names writes to thousands of pages.
    """
    return sys.stdlib_module_names | {name.partition(".")[0] for name in sys.modules}


class Siblings(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports the learner's other files, each fetched from the judge when it is first asked for.

    A file named like a library or like part of Python never takes its place: a learner's ``numpy.py`` beside the
    exercise would otherwise break every import of NumPy, also the library's own.
    """

    def __init__(self, files: Sequence[str], fetch: Callable[[str], bytes | None]) -> None:
        self.files = frozenset(files)
        self.loaded: set[str] = set()
        self.shadowed: set[str] = set()
        self._fetch = fetch
        self._protected = protected_names()

    def file_of(self, module: str) -> str | None:
        stem = module.replace(".", "/")
        return next((file for file in (f"{stem}.py", f"{stem}/__init__.py") if file in self.files), None)

    def hides(self, module: str) -> str | None:
        """The learner's file that a real module of that name keeps from being imported, if there is one."""
        file = self.file_of(module)
        return file if file is not None and module in self._protected else None

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        file = self.file_of(fullname)
        if file is None or fullname.partition(".")[0] in self._protected:
            return None
        package = file.endswith("/__init__.py")
        spec = importlib.util.spec_from_loader(fullname, self, origin=file, is_package=package)
        if spec is not None and package:
            spec.submodule_search_locations = [file.removesuffix("/__init__.py")]
        return spec

    def exec_module(self, module: types.ModuleType) -> None:
        spec = module.__spec__
        file = spec.origin if spec is not None else None
        source = self._fetch(file) if file is not None else None
        if file is None or source is None:
            raise ModuleNotFoundError(f"No module named {module.__name__!r}", name=module.__name__)
        self.loaded.add(file)
        module.__file__ = file
        exec(compile_source(source, file), module.__dict__)


def compile_source(source: bytes, file: str) -> types.CodeType:
    """Compile a learner's file; its lines are kept so that traces can show them."""
    if b"\0" in source:  # some versions of Python raise ValueError, none says where
        line = source[: source.index(b"\0")].count(b"\n") + 1
        raise SyntaxError("source code string cannot contain null bytes", (file, line, None, None))
    text = _text_of(source)
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    return compile(source, file, "exec", dont_inherit=True)


def _text_of(source: bytes) -> str:
    """The text of a source file; the plain case, UTF-8 without a declaration, without Python's search for one."""
    if b"\r" not in source and b"coding" not in source and not source.startswith(b"\xef\xbb\xbf"):
        try:
            return source.decode("utf-8")
        except UnicodeDecodeError:
            pass  # what is wrong with it is told as Python tells it
    return importlib.util.decode_source(source)


def load_module(name: str, source: bytes) -> types.ModuleType:
    """The learner's file as a module called ``name``, so that an ``if __name__ == "__main__"`` block does not run."""
    file = f"{name}.py"
    module = types.ModuleType(name)
    module.__file__ = file
    module.__spec__ = importlib.machinery.ModuleSpec(name, None, origin=file)
    code = compile_source(source, file)
    if name not in sys.modules:
        sys.modules[name] = module
    exec(code, module.__dict__)
    return module


def outline(module: types.ModuleType) -> list[tuple[str, str, int]]:
    """What the module defines: ``(name, kind, line)``, kind being function, class, module or value."""
    found = []
    for name, value in list(vars(module).items()):
        if type(name) is not str or name.startswith("__"):
            continue
        kind, line = "value", 0
        if isinstance(value, types.ModuleType):
            kind = "module"
        elif isinstance(value, types.FunctionType | types.BuiltinFunctionType | type):
            own = getattr(value, "__module__", None) == module.__name__
            kind = ("class" if isinstance(value, type) else "function") if own else "imported"
            code = getattr(value, "__code__", None) if own else None
            line = code.co_firstlineno if isinstance(code, types.CodeType) else 0
        found.append((name[:200], kind, line))
    return found[:1000]


def no_input(prompt: object = "") -> str:
    """Stands in for ``input``: nobody is there to type."""
    raise EOFError("input() cannot be used here: a check passes values as arguments, nobody types them")


def prepare(seed: int) -> None:
    """Seed every random state a learner's code may use without saying so, and take ``input`` away."""
    import random

    builtins.input = no_input
    random.seed(seed)
    if "numpy" in sys.modules:
        import numpy as np

        np.random.seed(seed & 0xFFFFFFFF)
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(seed & 0x7FFFFFFF)


def frames_of(error: BaseException, files: frozenset[str]) -> list[tuple[str, int, str, str]]:
    """The learner's own frames of a trace, outermost first: ``(file, line, function, source line)``."""
    found = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if code.co_filename in files:
            line = trace.tb_lineno or 0
            text = linecache.getline(code.co_filename, line).rstrip()[:_MAX_LINE]
            found.append((code.co_filename, line, code.co_name[:200], text))
        trace = trace.tb_next
    if len(found) > MAX_FRAMES:
        found = found[: MAX_FRAMES // 4] + found[-(MAX_FRAMES - MAX_FRAMES // 4) :]
    return found


def limit_of(error: BaseException, output_full: bool) -> str | None:
    """Which limit an exception stands for, if it is one that the sandbox causes."""
    if isinstance(error, MemoryError):
        return "memory"
    if isinstance(error, OSError):
        if output_full and error.errno in (errno.EPERM, errno.EFBIG, errno.ENOSPC):
            return "output"
        if error.errno == errno.EAGAIN:
            return "processes"
        if error.errno in (errno.EFBIG, errno.ENOSPC, errno.EMFILE, errno.EDQUOT):
            return "files"
        if error.errno == errno.ENOMEM:
            return "memory"
    if isinstance(error, RuntimeError) and "can't start new thread" in str(error):
        return "processes"
    return None


def details_of(error: BaseException, siblings: Siblings | None) -> dict[str, Any]:
    """What else is worth saying: a syntax error's place, a missing module's name, a file that hides behind a
    library's name.
    """
    details: dict[str, Any] = {}
    if isinstance(error, SyntaxError):
        for key, value in (
            ("file", error.filename),
            ("line", error.lineno),
            ("offset", error.offset),
            ("end_offset", error.end_offset),
            ("text", error.text),
            ("message", error.msg),
        ):
            if type(value) in (int, str):
                details[key] = value[:_MAX_LINE] if isinstance(value, str) else value
    names: list[str] = []
    if isinstance(error, ImportError) and type(error.name) is str:
        names.append(error.name)
        if isinstance(error, ModuleNotFoundError):
            details["module"] = error.name[:200]
    if isinstance(error, AttributeError) and isinstance(error.obj, types.ModuleType):
        names.append(str(error.obj.__name__))
    if siblings is not None:
        for name in names:
            hidden = siblings.hides(name.partition(".")[0])
            if hidden is not None:
                details["shadowed"] = hidden
    if isinstance(error, PermissionError):
        last = error.__traceback__
        while last is not None and last.tb_next is not None:
            last = last.tb_next
        file = last.tb_frame.f_code.co_filename if last is not None else ""
        if os.path.basename(file) in ("socket.py", "connection.py", "client.py"):  # noqa: PTH119
            details["blocked"] = "network"
    return details


def describe(
    error: BaseException, files: frozenset[str], siblings: Siblings | None
) -> tuple[Any, list[tuple[str, int, str, str]], dict[str, Any]]:
    """An exception as data, the learner's frames, and details."""
    try:
        return describe_error(error), frames_of(error, files), details_of(error, siblings)
    except BaseException:  # the learner's exception class may itself misbehave
        return describe_error(RuntimeError("an exception that cannot be shown")), [], {}
