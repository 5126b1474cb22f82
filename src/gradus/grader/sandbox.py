"""What a process gives up by itself before a learner's code arrives, layer by layer; a layer that fails is named, not
hidden.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field

# Not inside the functions: a zygote calls them when its root is gone and nothing of ours can be imported anymore.
from gradus.grader import sandbox_landlock, sandbox_seccomp
from gradus.grader.sandbox_kernel import drop_capabilities
from gradus.grader.sandbox_landlock import OpenPaths, Paths

FILE_BYTES = 64 << 20
THREADS = 64
OPEN_FILES = 256


@dataclass
class Layers:
    """The isolation layers that hold, and those that do not, each with the reason."""

    active: list[str] = field(default_factory=list)
    lost: dict[str, str] = field(default_factory=dict)

    def lose(self, name: str, error: OSError | str) -> None:
        self.lost[name] = str((error.strerror or error) if isinstance(error, OSError) else error)

    def copy(self) -> Layers:
        return Layers(list(self.active), dict(self.lost))


def hard_limits() -> None:
    """Bounds that hold for every submission; those that an exercise sets come with it, and can only be tighter."""
    import resource

    bounds = [
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, FILE_BYTES),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_STACK, 8 << 20),
    ]
    if sys.platform == "linux":
        bounds += [(resource.RLIMIT_MEMLOCK, 0), (resource.RLIMIT_MSGQUEUE, 0)]
    for kind, bound in bounds:
        _soft, hard = resource.getrlimit(kind)
        if hard != resource.RLIM_INFINITY:
            bound = min(bound, hard)
        resource.setrlimit(kind, (bound, bound))


def limit_threads() -> None:
    """Bound how many threads this process's user may have. Only where that user has no other process."""
    import resource

    resource.setrlimit(resource.RLIMIT_NPROC, (THREADS + 1, THREADS + 1))


def confine(
    layers: Layers, allowed: Paths | OpenPaths | None, folder: str, part: sandbox_seccomp.Part = "whole"
) -> None:
    """Give up, for good: capabilities, every path but these, and the system calls that no exercise needs.

    ``folder`` is the process's own, where it may write. ``allowed``, beside it and ``/dev/null``, is None when it
    is not known which paths the interpreter needs. ``part`` is "outer" for a process that only starts others.
    """
    hard_limits()
    layers.active.append("rlimits")
    if sys.platform != "linux":
        for name in ("capabilities", "landlock", "seccomp"):
            layers.lose(name, f"{sys.platform} has no such thing")
        return
    try:
        drop_capabilities()
        layers.active.append("capabilities")
    except OSError as error:
        layers.lose("capabilities", error)
    if allowed is None:
        layers.lose("landlock", "Python's own folders cannot be told from the user's")
    else:
        try:
            sandbox_landlock.restrict(allowed, Paths(writable=(folder, "/dev/null")))
            layers.active.append("landlock")
        except OSError as error:
            layers.lose("landlock", error)
    try:
        sandbox_seccomp.restrict(os.getpid(), part=part)
        layers.active.append("seccomp")
    except OSError as error:
        layers.lose("seccomp", error)
