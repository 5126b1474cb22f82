"""How a process that will run a learner's code gets ready: libraries, limits, isolation, and then the runner's loop."""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any

from gradus.grader.decoy import prime
from gradus.grader.libraries import ENVIRONMENT, import_all, library_set, warm_up
from gradus.grader.loading import protected_names
from gradus.grader.runner import Runner, capture_output
from gradus.grader.sandbox import Layers, confine
from gradus.grader.sandbox_landlock import Paths
from gradus.grader.wire.channel import Channel
from gradus.grader.wire.codec import encode, load_rules

_PARTS = {"numpy": "arrays", "pandas": "frames", "scipy": "sparse", "matplotlib": "drawing"}


def load_libraries(name: str) -> tuple[str, ...]:
    """Import a library set and the codec's rules for it; the missing libraries are returned."""
    libraries = library_set(name)
    missing = import_all(libraries)
    warm_up(libraries)
    load_rules("plain")
    for library, part in _PARTS.items():
        if library in sys.modules:
            load_rules(part)
    protected_names()
    return missing


def forget_source() -> None:
    """Take the folder that Gradus itself is imported from out of the search path, unless the libraries are there,
    too.
    """
    source = str(Path(__file__).parents[2])
    if not source.endswith("-packages"):
        sys.path = [entry for entry in sys.path if os.path.abspath(entry) != source]  # noqa: PTH100


def open_own(name: str) -> int | None:
    """A file of ``/proc/self``, open: it can be read again when ``/proc`` is gone."""
    try:
        return os.open(f"/proc/self/{name}", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None


def data_bytes(status: int | None) -> int:
    """The private writable memory this process has mapped now; 0 where that cannot be told."""
    if status is None:
        return 0
    for line in os.pread(status, 65536, 0).splitlines():
        if line.startswith(b"VmData:"):
            return int(line.split()[1]) << 10
    return 0


def peak_bytes() -> int:
    """The most memory this process has had; 0 where that cannot be told."""
    try:
        import resource
    except ImportError:  # Windows
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def set_limits(cpu: int, memory: int, base: int) -> None:
    """Let the kernel stop this process: processor seconds from now, bytes of memory beyond ``base``."""
    try:
        import resource
    except ImportError:  # Windows
        return
    seconds = int(time.process_time()) + cpu
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    if base:
        resource.setrlimit(resource.RLIMIT_DATA, (base + memory, base + memory))


def clean_environment(folder: str) -> None:
    """Leave nothing of the host's environment behind."""
    os.environ.clear()
    os.environ.update({**ENVIRONMENT, "HOME": folder, "TMPDIR": folder, "MPLCONFIGDIR": folder})
    sys.argv = [""]
    sys.orig_argv = [""]


def give_up(options: dict[str, Any], layers: Layers) -> None:
    """What a spawned interpreter can give up without namespaces."""
    for name in ("user", "pid", "mount", "net", "ipc", "uts"):
        layers.lose(name, "spawned interpreters have no namespaces of their own")
    allowed = None
    if sys.platform == "linux":
        from gradus.grader import sandbox_kernel, sandbox_root

        sandbox_kernel.prctl(sandbox_kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
        try:
            plan = sandbox_root.plan(tuple(options["secrets"]), options["home"])
            allowed = Paths(plan.readable, listable=plan.listable)
        except sandbox_root.UnsafePlaceError:
            pass
    confine(layers, allowed, options["folder"])


def spawned(options: dict[str, Any]) -> None:
    """The whole life of a spawned interpreter."""
    missing = load_libraries(options["libraries"])
    forget_source()
    folder = options["folder"]
    clean_environment(folder)
    gc.collect()
    gc.freeze()
    status = open_own("status")
    base = data_bytes(status)
    if status is not None:
        os.close(status)
    layers = Layers()
    if options["isolate"]:
        give_up(options, layers)
    channel = Channel(socket.socket(fileno=options["socket"]))
    prime(Runner(channel, folder, options["out"], options["err"]))
    runner = Runner(channel, folder, options["out"], options["err"], lambda cpu, memory: set_limits(cpu, memory, base))
    channel.send(encode(("ready", tuple(layers.active), layers.lost, peak_bytes(), missing)))
    os.dup2(options["out"], 1)
    os.dup2(options["err"], 2)
    capture_output(1, 2)
    runner.run()
    os._exit(0)
