"""The background process itself: it answers what commands ask, warm, and leaves when nobody has asked for a while."""

from __future__ import annotations

import contextlib
import fcntl
import hmac
import json
import os
import secrets
import signal
import socket
import struct
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from gradus.cli.graders import LazyGrader
from gradus.cli.hosting import address, try_connect
from gradus.cli.service import Service
from gradus.errors import GradusError

Json = dict[str, Any]
IDLE_SECONDS = 15 * 60
LONGEST_MESSAGE = 256 * 2**20
LOOK_SECONDS = 2.0
LEAVING_SECONDS = 10.0
MOST_WORKSPACES = 8


class Host:
    """One per user and installation. ``run`` returns when it has been idle, was told to end, or its code changed."""

    def __init__(self, idle: float = IDLE_SECONDS) -> None:
        self.socket_path = address()
        self.idle = idle
        self.started = time.monotonic()
        self._token = secrets.token_hex(32)
        self._grader = LazyGrader()
        self._services: dict[str | None, Service] = {}
        self._guard = threading.Lock()
        self._busy = 0
        self._last = time.monotonic()
        self._leave = threading.Event()
        self._sources = Sources()

    def run(self) -> None:
        """Listen until it is time to leave. Returns at once when another host of the same kind already runs."""
        with self.socket_path.with_suffix(".lock").open("w") as lock:
            if not self._alone(lock):
                return
            with self._listen() as listener:
                threading.Thread(target=self._warm, name="gradus-warm", daemon=True).start()
                try:
                    self._accept(listener)
                finally:
                    self._unlink()
        self._close()  # after the lock: the next host need not wait for it

    def stop(self) -> None:
        """Leave soon."""
        self._leave.set()

    def _alone(self, lock: IO[str]) -> bool:
        """Take the lock. One that is leaving is waited for; one that answers is left to its work."""
        deadline = time.monotonic() + LEAVING_SECONDS
        while time.monotonic() < deadline:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return True
            except BlockingIOError:
                connection = try_connect()
                if connection is not None:
                    connection.close()
                    return False
                time.sleep(0.02)
        return False

    def _listen(self) -> socket.socket:
        self.socket_path.unlink(missing_ok=True)
        token = self.socket_path.with_suffix(".token")
        token.unlink(missing_ok=True)
        with os.fdopen(os.open(token, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
            stream.write(self._token)
        listener = socket.socket(socket.AF_UNIX)
        before = os.umask(0o177)
        try:
            listener.bind(str(self.socket_path))
        finally:
            os.umask(before)
        listener.listen(64)
        listener.settimeout(0.5)
        return listener

    def _warm(self) -> None:
        """Load what the first check needs before it comes."""
        try:
            self._grader.lend()
            _ = Service(None, self._grader.lend).roadmap
        except Exception:
            traceback.print_exc()

    def _accept(self, listener: socket.socket) -> None:
        while not self._leave.is_set():
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                if self._is_idle():
                    return
                continue
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _is_idle(self) -> bool:
        with self._guard:
            return not self._busy and time.monotonic() - self._last > self.idle

    def _unlink(self) -> None:
        self.socket_path.unlink(missing_ok=True)
        self.socket_path.with_suffix(".token").unlink(missing_ok=True)

    def _close(self) -> None:
        for service in self._services.values():
            service.close()
        self._grader.close()

    # ------------------------------------------------------------------------------------------------ one connection

    def _serve(self, connection: socket.socket) -> None:
        with self._guard:
            self._busy += 1
        try:
            with connection, connection.makefile("rb") as stream:
                if _same_user(connection):
                    while line := stream.readline(LONGEST_MESSAGE):
                        self._respond(connection, line)
        except OSError:
            pass  # the command went away
        finally:
            with self._guard:
                self._busy -= 1
                self._last = time.monotonic()

    def _respond(self, connection: socket.socket, line: bytes) -> None:
        def send(message: Json) -> None:
            connection.sendall(json.dumps(message).encode() + b"\n")

        send(self._reply(line, lambda step: send({"progress": step})))

    def _reply(self, line: bytes, show: Callable[[Any], None]) -> Json:
        try:
            message = json.loads(line)
            if not hmac.compare_digest(str(message.get("token", "")), self._token):
                return _failure("HostError", "The token is wrong.")
            if self._sources.changed():
                self.stop()
                return {"stale": True}
            return {"answer": self._answer(message["what"], message.get("root"), message.get("args") or {}, show)}
        except GradusError as error:
            return _failure(_kind(error), error.what, error.where, error.next_step)
        except Exception as error:
            traceback.print_exc()
            what = f"The checker met a fault of its own: {type(error).__name__}: {error}"
            return _failure("HostError", what[:400], "", "Nothing of your work is lost. Run the same command again.")

    def _answer(self, what: str, root: str | None, args: Json, show: Callable[[Any], None]) -> Json:
        if what == "status":
            return {
                "running": True,
                "pid": os.getpid(),
                "uptime": round(time.monotonic() - self.started, 1),
                "workspaces": len(self._services),
                "socket": str(self.socket_path),
            }
        if what == "stop":
            self.stop()
            return {"pid": os.getpid()}
        return self._service(root).answer(what, args, show)

    def _service(self, root: str | None) -> Service:
        with self._guard:
            service = self._services.pop(root, None) or Service(Path(root) if root else None, self._grader.lend)
            self._services[root] = service  # the last used comes last
            while len(self._services) > MOST_WORKSPACES:
                self._services.pop(next(iter(self._services)))
            return service


class Sources:
    """Notices when the installed code or the curriculum is edited, as in a checkout: then a host is out of date."""

    def __init__(self) -> None:
        package = Path(__file__).resolve().parents[1]
        installed = any(part in ("site-packages", "dist-packages") for part in package.parts)
        fixed = installed or os.environ.get("GRADUS_WATCH_SOURCES") == "0"
        self._folders = [] if fixed else [package, *_curriculum()]
        self._looked = 0.0
        self._stamp = self._newest()

    def changed(self) -> bool:
        """Whether a file is newer, came or went since the start; looked at every two seconds at most."""
        if not self._folders or time.monotonic() - self._looked < LOOK_SECONDS:
            return False
        self._looked = time.monotonic()
        return self._newest() != self._stamp

    def _newest(self) -> tuple[int, int]:
        count, newest = 0, 0
        pending = [str(folder) for folder in self._folders]
        while pending:
            with contextlib.suppress(OSError), os.scandir(pending.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        if entry.name != "__pycache__":
                            pending.append(entry.path)
                    elif entry.name.endswith((".py", ".toml", ".md")):
                        count, newest = count + 1, max(newest, entry.stat().st_mtime_ns)
        return count, newest


def _curriculum() -> list[Path]:
    from gradus.roadmap import find_curriculum

    try:
        return [find_curriculum()]
    except GradusError:
        return []


def _kind(error: GradusError) -> str:
    """The nearest class of ``gradus.errors``: the other side knows no others."""
    return next(base.__name__ for base in type(error).__mro__ if base.__module__ == "gradus.errors")


def _failure(kind: str, what: str, where: str = "", next_step: str = "") -> Json:
    return {"error": {"kind": kind, "what": what, "where": where, "next_step": next_step}}


def _same_user(connection: socket.socket) -> bool:
    """The kernel's word on who is asking, where it gives one."""
    if not hasattr(socket, "SO_PEERCRED"):
        return True
    size = struct.calcsize("3i")
    _, user, _ = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))
    return bool(user == os.getuid())


def serve(idle: float = IDLE_SECONDS) -> None:
    """Run a host in this process, ending on SIGTERM and SIGINT."""
    host = Host(idle)
    for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(name, lambda *_: host.stop())
    print(f"{time.strftime('%Y-%m-%d %H:%M:%S')} host {os.getpid()} begins", file=sys.stderr, flush=True)
    host.run()
    print(f"{time.strftime('%Y-%m-%d %H:%M:%S')} host {os.getpid()} leaves", file=sys.stderr, flush=True)
