"""Compute a metric again with the learner's own function, in a copy of the project and a process of its own."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from gradus.provers.apart import Ended

Runner = Callable[..., Ended]
_LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "venv", "env", "node_modules", "__pycache__", ".ipynb_checkpoints")

#: Prints one line of JSON whatever the module prints: the value, or what went wrong, and the files that were opened.
DRIVER = """
import importlib, json, os, sys
reply = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)
sys.path.insert(0, os.getcwd())
opened = set()
def notice(event, args):
    if event == "open" and isinstance(args[0], (str, bytes)):
        opened.add(os.path.realpath(os.fsdecode(args[0])))
sys.addaudithook(notice)
def said(error):
    return (f"{type(error).__name__}: {error}" if str(error) else type(error).__name__)[:300]
module, _, name = sys.argv[1].partition(":")
answer = {}
try:
    function = getattr(importlib.import_module(module), name)
except BaseException as error:
    answer["missing"] = said(error)
else:
    try:
        value = function()
        answer["value"] = float(value)
        answer["kind"] = type(value).__name__
    except BaseException as error:
        answer["raised"] = said(error)
watched = {os.path.realpath(path): path for path in sys.argv[2:]}
answer["read"] = sorted(watched[path] for path in opened & set(watched))
reply.write(json.dumps(answer))
reply.flush()
"""


@dataclass(frozen=True)
class Recomputed:
    """The value, or why there is none; ``read`` are those of the watched files that were opened."""

    value: float | None
    trouble: str = ""
    missing: bool = False
    read: frozenset[str] = frozenset()


@contextmanager
def copied(folder: Path) -> Iterator[Path]:
    """A copy of the project that a function may do with as it likes; without repository and environments."""
    with TemporaryDirectory(prefix="gradus-") as place:
        copy = Path(place) / folder.name
        shutil.copytree(folder, copy, ignore=_LEFT_OUT)
        yield copy


def recompute(
    run: Runner, folder: Path, function: str, watched: Iterable[Path] = (), seconds: float = 120.0
) -> Recomputed:
    """Call ``module:function`` once in ``folder``."""
    names = [str(path) for path in watched]
    ended = run(["python", "-c", DRIVER, function, *names], folder, seconds=seconds)
    if ended.timed_out:
        return Recomputed(None, f"it took more than {seconds:.0f} seconds")
    try:
        answer = json.loads(ended.stdout)
    except ValueError:
        return Recomputed(None, ended.last_line or f"the process ended with status {ended.status}")
    read = frozenset(answer.get("read", ()))
    if "missing" in answer:
        return Recomputed(None, str(answer["missing"]), missing=True, read=read)
    if "raised" in answer:
        return Recomputed(None, str(answer["raised"]), read=read)
    value = float(answer["value"])
    return Recomputed(value, "" if math.isfinite(value) else "it is not a finite number", read=read)
