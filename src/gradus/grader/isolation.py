"""Which isolation layers hold on this machine: each is found out by trying it from inside a real runner."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gradus.grader.pool import LimitHit, Loaded, Pool, Reply, Returned, RunLimits, Runner, RunnerFault, Submission


@dataclass(frozen=True)
class Layer:
    """One layer. ``detail`` says what was tried and what came of it, ``remedy`` what would bring the layer back."""

    name: str
    active: bool
    detail: str
    remedy: str = ""


_NAMESPACES = (
    "Let users make namespaces: `sysctl -w kernel.unprivileged_userns_clone=1` on Debian, "
    "`sysctl -w kernel.apparmor_restrict_unprivileged_userns=0` on Ubuntu; "
    "in a container, start it with `--security-opt seccomp=unconfined` or a profile that allows `unshare`."
)
_REMEDIES = {
    "user": _NAMESPACES,
    "pid": _NAMESPACES,
    "mount": _NAMESPACES,
    "net": _NAMESPACES,
    "ipc": _NAMESPACES,
    "uts": _NAMESPACES,
    "landlock": "Use Linux 5.13 or newer with `landlock` among the security modules (`cat /sys/kernel/security/lsm`).",
    "seccomp": "Use a Linux kernel with CONFIG_SECCOMP_FILTER on x86-64 or 64-bit ARM.",
    "uid": "On a machine of your own there is nothing to do; a server that runs as root has this layer.",
}
_ELSEWHERE = "Run Gradus on Linux (on Windows: in WSL 2) to have it."

_PROBE = b"""
import ctypes, os, resource


def outcome(function, *args):
    try:
        function(*args)
    except OSError as error:
        return error.errno
    return 0


def look(secret, pid):
    return {
        "secret": outcome(os.stat, secret),
        "signal": outcome(os.kill, pid, 0),
        "root": outcome(os.listdir, "/"),
        "fork": outcome(try_fork),
        "socket": outcome(try_socket),
        "capabilities": capabilities(),
        "core": resource.getrlimit(resource.RLIMIT_CORE)[1],
    }


def try_fork():
    if os.fork() == 0:
        os._exit(0)


def try_socket():
    import socket

    socket.socket().close()


def capabilities():
    data = (ctypes.c_uint32 * 6)()
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "capget"):
        return None
    libc.capget((ctypes.c_uint32 * 2)(0x20080522, 0), data)
    return sum(data)


def swell():
    return len(bytearray(1 << 30))
"""


def isolation_report(isolation: str = "auto") -> list[Layer]:
    """Try every layer, in a process like those that run a learner's code. Takes about a second.

    ``isolation`` is as for :func:`~gradus.grader.pool.open_pool`.

    Raises:
        RunnerFault: no such process can be made at all.
    """
    with _open(isolation) as pool, pool.acquire(RunLimits(seconds=10, memory_mb=64)) as runner:
        loaded = runner.load(Submission(_PROBE, "probe.py"))
        if not isinstance(loaded, Loaded):
            raise RunnerFault(f"the probe does not load: {loaded}")
        seen = _value(runner.call("look", [__file__, os.getpid()]))
        names = _namespaces(runner)
        memory = runner.call("swell")
        return _layers(seen, names, _user(runner), isinstance(memory, LimitHit), pool.lost)


def _open(isolation: str) -> Pool:
    from gradus.grader.pool import open_pool

    return open_pool("bare", isolation, parked=1)


def _value(reply: Reply) -> Mapping[str, Any]:
    return reply.value if isinstance(reply, Returned) and type(reply.value) is dict else {}


def _namespaces(runner: Runner) -> dict[str, bool]:
    """For each kind of namespace, whether the runner's differs from ours, as the kernel tells us from outside."""
    kinds = {"user": "user", "pid": "pid", "mount": "mnt", "net": "net", "ipc": "ipc", "uts": "uts"}
    pid = runner.process_id()
    found = {}
    for name, kind in kinds.items():
        try:
            theirs = os.readlink(f"/proc/{pid}/ns/{kind}")  # noqa: PTH115
            found[name] = theirs != os.readlink(f"/proc/self/ns/{kind}")  # noqa: PTH115
        except OSError:
            continue
    return found


def _user(runner: Runner) -> int | None:
    """The number of the user that the runner's process really has."""
    try:
        for line in Path(f"/proc/{runner.process_id()}/status").read_text().splitlines():
            if line.startswith("Uid:"):
                return int(line.split()[1])
    except OSError:
        pass
    return None


def _layers(
    seen: Mapping[str, Any],
    namespaces: Mapping[str, bool],
    user: int | None,
    memory: bool,
    lost: Mapping[str, str],
) -> list[Layer]:
    def layer(name: str, active: bool, good: str, bad: str) -> Layer:
        reason = lost.get(name, "")
        remedy = "" if active else (_REMEDIES.get(name, "") if sys.platform == "linux" else _ELSEWHERE)
        return Layer(name, active, good if active else f"{bad}{f': {reason}' if reason else ''}", remedy)

    refused = (1, 11, 13)
    return [
        layer(
            "uid",
            user not in (None, os.getuid()),
            "the code runs under a user number of its own",
            "the code runs under your user number",
        ),
        layer("user", namespaces.get("user", False), "in a user namespace of its own", "shares your user namespace"),
        layer(
            "pid",
            namespaces.get("pid", False),
            "sees no other process; all it starts ends with it",
            "is in the system's table of processes",
        ),
        layer(
            "mount",
            seen.get("secret") == 2,
            "your files and Gradus' own are not there for it",
            "your files are in its file system",
        ),
        layer("net", namespaces.get("net", False), "in a network of its own, with no way out", "shares your network"),
        layer("ipc", namespaces.get("ipc", False), "shares no memory with others", "could share memory with others"),
        layer("uts", namespaces.get("uts", False), "does not learn the machine's name", "knows the machine's name"),
        layer(
            "seccomp",
            seen.get("fork") in refused and seen.get("socket") in refused,
            "starting a process and opening a socket were refused",
            "starting a process or opening a socket was not refused",
        ),
        layer(
            "landlock",
            seen.get("root") in refused,
            "listing `/` was refused",
            "listing `/` was not refused",
        ),
        layer("capabilities", seen.get("capabilities") == 0, "it has none", "it has some, or it cannot be told"),
        layer("rlimits", memory and seen.get("core") == 0, "taking 1 GB of memory was refused", "took 1 GB of memory"),
    ]
