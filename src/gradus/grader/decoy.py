"""A submission that means nothing, put through the real path before a learner's arrives.

A forked child pays for every page it writes to for the first time; the decoy makes it pay while nobody waits. It is
never a solution: what a process once held can be found again in its memory.
"""

from __future__ import annotations

import linecache
import socket
import sys
from collections.abc import Callable
from typing import Any

from gradus.grader.runner import Runner
from gradus.grader.wire.channel import Channel
from gradus.grader.wire.codec import decode, encode

_PLAIN = b'''"""Nothing."""
import math


def decoy(values, scale=1.0):
    """Add up."""
    total = 0.0
    for value in values:
        total += math.sqrt(abs(value)) * scale
    return {"total": total, "parts": [str(value) for value in values], "count": len(values)}
'''
_RARE = b"""

def fails():
    raise ValueError("decoy")


class Decoy:
    def __init__(self):
        self.state = []

    def add(self, item):
        self.state.append(item)
        return len(self.state)
"""
_NUMPY = b'''
import numpy as np


def table(x):
    """Add up."""
    z = np.asarray(x, dtype=float)
    if z.ndim != 2 or not np.isfinite(z).all():
        raise ValueError("not a table")
    z = (z - z.mean(axis=0)) / np.where(z.std(axis=0) > 0, z.std(axis=0), 1.0)
    rest = np.zeros_like(z)
    rest[z > 0] = np.sqrt(np.abs(z[z > 0]))
    rest[np.argsort(z[:, 0])[0]] = 1
    z = z.copy() + np.exp(-rest) * np.ones(z.shape[1])
    return np.concatenate([z, z @ np.eye(z.shape[1])]).sum(axis=1) + np.sort(z[:, 0]).max()
'''
_PANDAS = b"""
import pandas as pd


def frame(t):
    t = t.assign(c=t["a"] * 2)
    return t[t["c"] > 2]
"""


_Calls = list[tuple[str, tuple[Any, ...], dict[str, Any]]]


def _requests(brief: bool) -> tuple[bytes, _Calls]:
    source = _PLAIN
    calls: _Calls = [("decoy", ([1.0, 2.0, 3.0],), {"scale": 2.0})]
    if not brief:
        source += _RARE
        calls += [("Decoy", (), {}), ("fails", (), {})]
    if "numpy" in sys.modules:
        import numpy as np

        source += _NUMPY
        calls += [("table", (np.arange(12.0).reshape(4, 3) + step,), {}) for step in range(3)]
    if "pandas" in sys.modules:
        import pandas as pd

        source += _PANDAS
        calls += [("frame", (pd.DataFrame({"a": [1.0, 2.0, 3.0], "b": ["x", "y", "x"]}),), {})]
    return source, calls


def prime(runner: Runner, limit: Callable[[int, int], None] = lambda cpu, memory: None, brief: bool = False) -> None:
    """Run the decoy in this process through ``runner``, on a channel that nobody else has, and forget it.

    ``limit`` stands for what bounds a learner's code. ``brief`` leaves out what most submissions never come to.
    """
    source, calls = _requests(brief)
    here, there = socket.socketpair()
    judge, runner.channel = Channel(here), Channel(there)
    finders = list(sys.meta_path)
    runner.limit = limit
    requests: list[tuple[tuple[Any, ...], int]] = [
        (("load", 0, "decoy_submission", source, (), 1, (1, 1)), 1),
        (("calls", 1, [encode(call) for call in calls]), len(calls)),
    ]
    if not brief:
        requests.append((("do", 1 + len(calls), "text", decode_handle(), (), {}), 1))
    for request, replies in requests:
        judge.send(encode(request))
        runner.serve_bytes(runner.channel.receive())
        for _ in range(replies):
            decode(judge.receive(), _LOOSE)
    judge.close()
    runner.channel.close()
    sys.meta_path[:] = finders
    sys.modules.pop("decoy_submission", None)
    linecache.cache.pop("decoy_submission.py", None)


def decode_handle() -> Any:
    """The decoy module itself, as the judge names it."""
    from gradus.grader.wire.values import Handle

    return Handle(0, "module", "module")


def _loose() -> Any:
    from gradus.grader.wire.codec import Hooks

    return Hooks(handle=lambda handle: handle)


_LOOSE = _loose()
