"""Where a project's commands run, seen from outside: started, watched, bounded, and ended as a whole.

`gradus.projects.opening.open_quarters` gives the best kind that a machine has.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import shutil
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, Self

from gradus.projects.environment import environment
from gradus.projects.errors import OverLimit
from gradus.projects.folder import Folder

LimitKind = Literal["time", "memory", "output", "processes", "files", "superseded"]

_BOOT: Final = "import sys; sys.path.insert(0, {source!r}); from gradus.projects.warden import main; main({options!r})"
_START_SECONDS: Final = 30.0
_LOOK_EVERY: Final = 0.05
_MOST_PATIENCE: Final = 4.0


@dataclass(frozen=True)
class Bounds:
    """What everything together may use: seconds of wall-clock time for the whole check, memory, output, disk."""

    seconds: float = 60.0
    memory_mb: int = 2048
    output_kb: int = 1024
    disk_mb: int = 512
    files: int = 20_000
    file_mb: int = 256
    processes: int = 96
    threads: int = 768


@dataclass
class Captured:
    """What came out of a pipe: all of it, up to the bound."""

    data: bytearray = field(default_factory=bytearray)
    closed: threading.Event = field(default_factory=threading.Event)

    def text(self) -> str:
        return bytes(self.data).decode("utf-8", "replace")


class Process:
    """One command that was started."""

    def __init__(self, quarters: Quarters, pid: int, handle: int, out: Captured, err: Captured) -> None:
        self.quarters = quarters
        self.pid = pid
        self.handle = handle
        self.out = out
        self.err = err
        self.status: int | None = None
        self.peak_mb = 0.0
        self.cpu = 0.0

    def wait(self, seconds: float) -> int | None:
        """The exit status once it has ended (negative: the signal), None when it still runs after so long.

        Raises:
            OverLimit: the check as a whole has met a limit meanwhile.
        """
        until = time.monotonic() + seconds
        while self.status is None:
            self.quarters.check()
            left = min(until - time.monotonic(), 0.25)
            if self.quarters.has_ended(self, max(0.0, left)):
                break
            if time.monotonic() >= until:
                return None
        self.quarters.check()
        return self.status

    def kill(self, number: int = 9) -> None:
        """Send it, and what it started, a signal; SIGKILL when none is named."""
        if self.status is None:
            self.quarters.signal(self, number)

    def memory_mb(self) -> float:
        """The memory it and everything it started hold now, without what is shared with files, in MB; 0 if unknown."""
        pid = self.quarters.number(self)
        if not pid:
            return 0.0
        return sum(resident(one) for one in (pid, *self.quarters.below(pid))) / 2**20


class Quarters:
    """A sandbox of one project folder. Made by :func:`open_quarters`; a context manager."""

    layers: tuple[str, ...] = ()
    lost: Mapping[str, str] = {}
    temporary = ""

    def __init__(self, name: str, bounds: Bounds, deadline: float) -> None:
        self.bounds = bounds
        self.opened = time.monotonic()
        self.deadline = deadline
        base = "/tmp" if os.access("/tmp", os.W_OK) else None
        self.home = Path(tempfile.mkdtemp(prefix="gradus-", dir=base))
        self.path = self.home / name
        self.limit: LimitKind | None = None
        self.processes: list[Process] = []
        self.written = 0
        self.asked = 0
        self._closing = False
        self._selector = selectors.DefaultSelector()
        self._woken, self._waker = socket.socketpair()
        self._selector.register(self._woken, selectors.EVENT_READ)
        self._keeper = threading.Thread(target=self._keep, name="gradus keeper", daemon=True)
        self.folder: Folder

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # What each kind does in its own way

    def launch(self, argv: Sequence[str], env: Mapping[str, str], fds: Sequence[int]) -> tuple[int, int]:
        """Start a command; its number and its descriptor (-1 where there is none)."""
        raise NotImplementedError

    def has_ended(self, process: Process, seconds: float) -> bool:
        """Wait for its end; its ``status`` is set then."""
        raise NotImplementedError

    def signal(self, process: Process, number: int) -> None:
        raise NotImplementedError

    def number(self, process: Process) -> int:
        """Its number as we see it; 0 when unknown."""
        raise NotImplementedError

    def connect(self, port: int) -> socket.socket:
        """A socket that is connected, or about to be, to a port inside. Raises OSError."""
        raise NotImplementedError

    def free_port(self) -> int:
        raise NotImplementedError

    def end(self) -> None:
        """End every process, whatever it takes."""
        raise NotImplementedError

    def everything(self) -> list[int]:
        """Every process inside, by our numbers."""
        raise NotImplementedError

    def release(self) -> None:
        """Give back what the kind itself holds."""

    # The same for all

    def below(self, pid: int) -> list[int]:
        """Every process below this one, by our numbers."""
        from gradus.projects.warden import descendants

        return descendants(pid) if sys.platform == "linux" else []

    def check(self) -> None:
        """Raises OverLimit once a limit was met."""
        if self.limit is not None:
            raise OverLimit(self.limit)

    def start(
        self,
        argv: Sequence[str],
        env: Mapping[str, str] | None = None,
        stdin: bytes = b"",
        merged: bool = False,
    ) -> Process:
        """Start a command in the folder. ``python`` stands for this interpreter.

        Raises:
            NotFound: there is no such program.
            OverLimit: a limit was met before.
        """
        self.check()
        words = [str(word) for word in argv]
        if words and words[0] in ("python", "python3"):
            words[0] = sys.executable
        out, err = Captured(), Captured()
        out_read, out_write = os.pipe()
        err_read, err_write = (-1, out_write) if merged else os.pipe()
        given = _input(stdin)
        own = {**environment(self.temporary or str(self.path)), **(env or {})}
        try:
            pid, handle = self.launch(words, own, (given, out_write, err_write))
        except BaseException:
            for fd in (out_read, err_read):
                if fd >= 0:
                    os.close(fd)
            raise
        finally:
            for fd in {given, out_write, err_write}:
                os.close(fd)
        process = Process(self, pid, handle, out, out if merged else err)
        self.processes.append(process)
        for fd, captured in ((out_read, out), (err_read, err)):
            if fd >= 0:
                os.set_blocking(fd, False)
                self._selector.register(fd, selectors.EVENT_READ, captured)
        self._wake()
        return process

    def _wake(self) -> None:
        with contextlib.suppress(OSError):
            self._waker.send(b".")

    def watch(self) -> None:
        """Begin to read what comes out and to look at the limits."""
        self._keeper.start()

    def _keep(self) -> None:
        looked = 0.0
        while not self._closing:
            for key, _event in self._selector.select(_LOOK_EVERY):
                if key.data is None:
                    self._woken.recv(64)
                else:
                    self._read(key.fd, key.data)
            now = time.monotonic()
            if self.limit is None and now - looked >= _LOOK_EVERY:
                looked = now
                found = self._look(now)
                if found is not None:
                    self.stop(found)

    def _read(self, fd: int, captured: Captured) -> None:
        try:
            data = os.read(fd, 1 << 16)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._selector.unregister(fd)
            os.close(fd)
            captured.closed.set()
            return
        self.written += len(data)
        room = (self.bounds.output_kb << 10) - (self.written - len(data))
        captured.data += data[: max(0, room)]
        if self.written > self.bounds.output_kb << 10 and self.limit is None:
            self.stop("output")

    def _look(self, now: float) -> LimitKind | None:
        if now >= self.deadline and now >= self.opened + (self.deadline - self.opened) * patience():
            return "time"
        found = self.everything()
        if len(found) > self.bounds.processes:
            return "processes"
        if sum(map(resident, found)) > self.bounds.memory_mb << 20:
            return "memory"
        return "files" if self.folder.is_full() else None

    def stop(self, kind: LimitKind) -> None:
        """End everything because a limit was met; who waits is told."""
        if self.limit is None:
            self.limit = kind
            self.end()

    def close(self) -> None:
        """End everything and remove the folder."""
        if self._closing:
            return
        self._closing = True
        self._wake()
        if self._keeper.is_alive() and threading.current_thread() is not self._keeper:
            self._keeper.join(10)
        self.end()
        self.release()
        for process in self.processes:
            if process.handle >= 0:
                os.close(process.handle)
                process.handle = -1
        for key in list(self._selector.get_map().values()):
            if key.data is not None:
                os.close(key.fd)
        self._selector.close()
        self._woken.close()
        self._waker.close()
        shutil.rmtree(self.home, ignore_errors=True)


def patience() -> float:
    """How much longer than usual things may take now, because other programs keep the processors busy: 1 to 4 times."""
    try:
        load = os.getloadavg()[0]
    except (OSError, AttributeError):
        return 1.0
    return min(_MOST_PATIENCE, max(1.0, load / (os.cpu_count() or 1)))


def resident(pid: int) -> int:
    """The bytes of memory of its own that a process holds; 0 where that cannot be told."""
    total = 0
    try:
        with open(f"/proc/{pid}/status", "rb") as status:  # noqa: PTH123
            for line in status:
                if line.startswith((b"RssAnon:", b"RssShmem:")):
                    total += int(line.split()[1]) << 10
    except (OSError, ValueError):
        pass
    return total


def host_number(handle: int) -> int:
    """The number that a process, by its descriptor, has for us; 0 when it has ended."""
    try:
        for line in Path(f"/proc/self/fdinfo/{handle}").read_text().splitlines():
            if line.startswith("Pid:"):
                return max(0, int(line.split()[1]))
    except OSError:
        pass
    return 0


def _input(data: bytes) -> int:
    """A descriptor to read these bytes from."""
    if not data:
        return os.open(os.devnull, os.O_RDONLY)
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        file.seek(0)
        return os.dup(file.fileno())


def free_port() -> int:
    """A port of loopback that nobody listens on right now."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])
