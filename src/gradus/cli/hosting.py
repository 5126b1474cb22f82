"""The background host: how a command finds it, starts it and talks to it. Nothing heavy is imported here.

A host listens on a Unix socket that only its user can open, and wants a token besides. Messages are lines of JSON:
``{"token", "what", "root", "args"}`` is answered by ``{"answer"}`` or ``{"error"}``, after any ``{"progress"}``.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import stat
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gradus.errors import HostError

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from typing import BinaryIO

    Progress = Callable[[Any], None]

Json = dict[str, Any]
START_SECONDS = 20.0
MOST_ENDINGS, MOST_RENEWALS = 3, 5
LONGEST_PATH = 100  # a Unix socket's path is limited to some 104 to 108 bytes


class HostGone(Exception):  # noqa: N818 - an event, not an error
    """The host is not there, or ended in the middle of a question."""


class HostStale(HostGone):
    """The host found that its own code was edited, and left."""


def supported() -> bool:
    """Whether this system has Unix sockets and a way to start a process of its own session."""
    return hasattr(socket, "AF_UNIX") and os.name == "posix"


# ------------------------------------------------------------------------------------------------ asking


def ask_host(root: Path | None, what: str, args: Json, start: bool, show: Progress | None = None) -> Json | None:
    """The host's answer; None where no host runs and none was to be started.

    ``show`` is called with each step of a question that takes long. Raises the GradusError that the host's service
    raised; HostError when the host keeps ending in the middle.
    """
    if not supported():
        return None
    message = {"what": what, "root": str(root) if root else None, "args": args}
    ended = renewed = 0
    while ended < MOST_ENDINGS and renewed < MOST_RENEWALS:
        try:
            with _connect(start) as connection:
                return _exchange(connection, message, show)
        except HostStale:
            renewed += 1
        except HostGone:
            ended += 1
        if not start:
            return None
        time.sleep(0.1)  # a killed process may still accept a connection while the kernel takes it down
    if _can_listen():
        log = state_log()
        raise HostError("The checker ended in the middle of the check.", str(log), "Run the same command again.")
    return None


def status() -> Json | None:
    """What the running host says about itself; None when none runs."""
    try:
        with _connect(start=False) as connection:
            return _exchange(connection, {"what": "status", "root": None, "args": {}})
    except HostGone:
        return None


def stop() -> bool:
    """Tell the running host to leave; False when none runs."""
    try:
        with _connect(start=False) as connection:
            _exchange(connection, {"what": "stop", "root": None, "args": {}})
    except HostGone:
        return False
    return True


def hold() -> socket.socket | None:
    """An open connection, which keeps the host from leaving; None when none runs."""
    try:
        return _connect(start=False)
    except HostGone:
        return None


def start_quietly() -> None:
    """Start a host without waiting for it. Never fails."""
    if supported() and not address().exists():
        with contextlib.suppress(OSError):
            _spawn()


def _exchange(connection: socket.socket, message: Json, show: Progress | None = None) -> Json:
    try:
        token = address().with_suffix(".token").read_text()
        connection.sendall(json.dumps({**message, "token": token}).encode() + b"\n")
        with connection.makefile("rb") as stream:
            reply = _read_reply(stream)
            while "progress" in reply:
                if show is not None:
                    show(reply["progress"])
                reply = _read_reply(stream)
    except OSError:
        raise HostGone from None
    if reply.get("stale"):
        _wait_until_gone()
        raise HostStale
    if "error" in reply:
        raise _error(reply["error"])
    answer: Json = reply["answer"]
    return answer


def _read_reply(stream: BinaryIO) -> Json:
    line = stream.readline()
    if not line.endswith(b"\n"):
        raise HostGone
    reply: Json = json.loads(line)
    return reply


def _error(data: Json) -> Exception:
    """The error as it was raised in the host: its kind decides the exit code."""
    import gradus.errors

    kind = getattr(gradus.errors, str(data.get("kind")), None)
    if not (isinstance(kind, type) and issubclass(kind, gradus.errors.GradusError)):
        kind = HostError
    made: Exception = kind(str(data.get("what")), str(data.get("where", "")), str(data.get("next_step", "")))
    return made


# ------------------------------------------------------------------------------------------------ finding, starting


def _connect(start: bool) -> socket.socket:
    """Connect, starting a host if need be. Raises HostGone."""
    if not supported():
        raise HostGone
    if connection := try_connect():
        return connection
    if not start:
        raise HostGone
    try:
        process = _spawn()
    except OSError:
        raise HostGone from None
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        time.sleep(0.01)
        if connection := try_connect():
            return connection
        if process.poll() is not None and (connection := try_connect()) is None:
            break  # neither this one nor a faster one is there
        if connection:
            return connection
    raise HostGone


def try_connect() -> socket.socket | None:
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.connect(str(address()))
    except OSError:
        connection.close()
        return None
    return connection


def _spawn() -> subprocess.Popen[bytes]:
    """Start the host in a session of its own, so that Ctrl-C and a closed terminal do not reach it."""
    import subprocess

    log = state_log()
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > 256 * 1024:
        log.replace(log.with_suffix(".old.log"))
    with log.open("ab") as stream:
        return subprocess.Popen(
            [sys.executable, "-m", "gradus", "host"], stdin=subprocess.DEVNULL, stdout=stream, stderr=stream,
            start_new_session=True, cwd="/",
        )  # fmt: skip


def _wait_until_gone() -> None:
    """A host that found its own code changed says so and leaves."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        connection = try_connect()
        if connection is None:
            return
        connection.close()
        time.sleep(0.02)


def state_log() -> Path:
    """Where the host writes."""
    from gradus.cli.places import state_folder

    return state_folder() / "host.log"


def address() -> Path:
    """The socket of the host that belongs to this installation and this curriculum."""
    import zlib

    package = Path(__file__).resolve().parents[1]
    about = "\0".join((str(package), sys.prefix, os.environ.get("GRADUS_CURRICULUM", "")))
    return runtime_folder() / f"host-{zlib.crc32(os.fsencode(about)):08x}.sock"  # a name, not a secret


def runtime_folder() -> Path:
    """A folder that only this user can enter. Raises HostError where there is none and none can be made."""
    named = os.environ.get("XDG_RUNTIME_DIR")
    if named and len(named) < LONGEST_PATH - 40 and _private(folder := Path(named) / "gradus"):
        return folder
    import tempfile  # 4 ms that only systems without a runtime folder pay

    folder = Path(tempfile.gettempdir()) / f"gradus-{os.getuid()}"
    if _private(folder):
        return folder
    raise HostError("There is no private folder for the checker's socket.", str(folder), "Remove that one.")


def _private(folder: Path) -> bool:
    """Whether the folder is there, ours, and closed to others; made if it is missing."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        state = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(state.st_mode) and state.st_uid == os.getuid() and not state.st_mode & 0o077


def _can_listen() -> bool:
    """Whether a socket can be made here at all; where not, commands answer by themselves."""
    probe = runtime_folder() / f"probe-{os.getpid()}.sock"
    try:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(probe))
        probe.unlink()
    except OSError:
        return False
    return True
