"""A submission that means nothing, put through the real path before a learner's arrives.

A forked child pays for every page it writes to for the first time; the decoy makes it pay while nobody waits. It is
never a solution: what a process once held can be found again in its memory.
"""

from __future__ import annotations

import linecache
import sys
from typing import Any

from gradus.grader.runner import Runner
from gradus.grader.wire.codec import decode, encode

_PLAIN = b'''"""Nothing."""
import math


def decoy(values, scale=1.0):
    """Add up."""
    total = 0.0
    for value in values:
        total += math.sqrt(abs(value)) * scale
    return {"total": total, "parts": [str(value) for value in values], "count": len(values)}


def fails():
    raise ValueError("decoy")


class Decoy:
    def __init__(self):
        self.state = []

    def add(self, item):
        self.state.append(item)
        return len(self.state)
'''
_NUMPY = b"""
import numpy as np


def table(x):
    z = np.asarray(x, dtype=float)
    z = (z - z.mean(axis=0)) / np.where(z.std(axis=0) > 0, z.std(axis=0), 1.0)
    return np.concatenate([z, z @ np.eye(z.shape[1])]).sum(axis=1) + np.sort(z[:, 0]).max()
"""
_PANDAS = b"""
import pandas as pd


def frame(t):
    t = t.assign(c=t["a"] * 2)
    return t[t["c"] > 2]
"""


def _requests() -> tuple[bytes, list[tuple[str, tuple[Any, ...], dict[str, Any]]]]:
    source = _PLAIN
    calls: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = [
        ("decoy", ([1.0, 2.0, 3.0],), {"scale": 2.0}),
        ("Decoy", (), {}),
        ("fails", (), {}),
    ]
    if "numpy" in sys.modules:
        import numpy as np

        source += _NUMPY
        calls += [("table", (np.arange(12.0).reshape(4, 3) + step,), {}) for step in range(3)]
    if "pandas" in sys.modules:
        import pandas as pd

        source += _PANDAS
        calls += [("frame", (pd.DataFrame({"a": [1.0, 2.0, 3.0], "b": ["x", "y", "x"]}),), {})]
    return source, calls


class _Sink:
    """A channel that only listens."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []

    def send(self, payload: bytes, deadline: float | None = None) -> None:
        self.heard.append(payload)


def prime(runner: Runner) -> None:
    """Run the decoy in this process through ``runner``, whose channel is not touched, and forget it."""
    source, calls = _requests()
    sink = _Sink()
    runner.channel = sink  # type: ignore[assignment]
    finders = list(sys.meta_path)
    runner.limit = lambda cpu, memory: None
    runner.serve_bytes(encode(("load", 0, "decoy_submission", source, (), 1, (1, 1))))
    runner.serve_bytes(encode(("calls", 0, calls)))
    runner.serve_bytes(encode(("do", 0, "text", decode_handle(), (), {})))
    for payload in sink.heard:
        decode(payload, _LOOSE)
    sys.meta_path[:] = finders
    sys.modules.pop("decoy_submission", None)
    linecache.cache.pop("decoy_submission.py", None)


def decode_handle() -> Any:
    """The decoy module itself, as the judge names it."""
    from gradus.grader.wire.codec import Handle

    return Handle(0, "module", "module")


def _loose() -> Any:
    from gradus.grader.wire.codec import Hooks

    return Hooks(handle=lambda handle: handle)


_LOOSE = _loose()
