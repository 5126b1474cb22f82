"""The host's side of the processes that fork: the zygote, the sandboxes it makes, and the runners in them."""

from __future__ import annotations

import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradus
from gradus.grader.body import Connected, Ending, ending_of
from gradus.grader.libraries import ENVIRONMENT, LibrarySet
from gradus.grader.output import open_output
from gradus.grader.pool import secret_folders
from gradus.grader.replies import RunnerFault
from gradus.grader.wire import Channel, decode, encode

# CPython takes memory for objects by the megabyte, between the libraries' own mappings. Taken in one piece before the
# first import it can be gathered into huge pages, which makes forking, and ending, cheaper. One object in each half
# megabyte keeps it from being given back.
_BOOT = (
    "import sys; kept = [bytes(479) for _ in range({objects} << 11)][::1000]; sys.path.insert(0, {source!r}); "
    "from gradus.grader.zygote import main; main({options!r})"
)
_HEAP = "glibc.malloc.top_pad=8388608:glibc.malloc.trim_threshold=1073741824"  # the C library's in one piece, too
_START_SECONDS = 120.0
_CHILD_SECONDS = 30.0


class ZygoteBody(Connected):
    """One forked, isolated child of ``parent``, which gets it back through ``left`` when it is closed."""

    def __init__(
        self, parent: Forker, pid: int, process: int, channel: Channel, out: int, err: int, folder: str
    ) -> None:
        super().__init__(channel, out, err)
        self.left: Callable[[], None] = lambda: None
        self._folder = folder
        self._parent = parent
        self._pid = pid
        self._process = process
        self._ended = select.poll()
        self._ended.register(process, select.POLLIN)
        self._ending: Ending | None = None
        self._closed = False

    def kill(self) -> None:
        # It cannot have started others; where no filter forbids that, it is the first process of its PID namespace,
        # and with it the kernel kills all that it started.
        _kill(self._process)

    def wait(self, seconds: float) -> Ending | None:
        if self._ending is None and self._ended.poll(seconds * 1000):
            self._ending = self._parent.ending(self._pid)
        return self._ending

    def number(self) -> int:
        return _number(self._process)

    def cell(self) -> Cell | None:
        """The sandbox that it shares with those before and after it, if it does."""
        return self._parent if isinstance(self._parent, Cell) else None

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        self.kill()
        self.channel.close()
        for fd in (self.out, self.err, self._process):
            os.close(fd)
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)
        self.left()


def _number(process: int) -> int:
    """The number, as we count, of the process that a descriptor stands for; 0 when it is gone."""
    # Who forked it counts in a namespace of its own; the descriptor knows what the number is in ours.
    try:
        for line in Path(f"/proc/self/fdinfo/{process}").read_text().splitlines():
            if line.startswith("Pid:"):
                return max(0, int(line.split()[1]))
    except OSError:
        pass
    return 0


def _kill(process: int) -> None:
    try:
        signal.pidfd_send_signal(process, signal.SIGKILL)
    except OSError:
        pass


class Forker:
    """The conversation with a process that forks on request (``gradus.grader.fork_server``)."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._lock = threading.Lock()
        self.place = ""
        """A child's folder, as it sees it, where every child has one of that name."""
        self.layers: tuple[str, ...] = ()
        """The isolation layers that hold for its children as for itself, if they do."""
        self.lost: dict[str, str] = {}

    def _receive(self, seconds: float) -> tuple[Any, list[int]]:
        self._control.settimeout(seconds)
        data, fds, _flags, _address = socket.recv_fds(self._control, 65536, 1)
        if not data:
            raise RunnerFault("the process that forks is gone")
        return decode(data), list(fds)

    def _new(self, word: str, fds: list[int], folder: str, memory: bytes = b"") -> tuple[int, int]:
        """A new child's number and descriptor."""
        try:
            with self._lock:
                socket.send_fds(self._control, [encode((word, folder, memory))], fds)
                message, process = self._receive(_CHILD_SECONDS)
        except OSError as error:
            raise RunnerFault(f"the process that forks does not answer: {error}") from error
        if message[0] != "forked" or not process:
            raise RunnerFault(f"no process can be forked: {message[1]}")
        return message[1], process[0]

    def fork(self, folder: str = "", memory: bytes = b"") -> ZygoteBody:
        """A new child, isolated and primed. ``folder`` is its own, on this side, if it has one; ``memory`` names pages
        that it is to make its own beyond those that every child does (see `written_pages`).

        Raises:
            RunnerFault: none could be made.
        """
        ours, theirs = socket.socketpair()
        out, err = open_output("stdout"), open_output("stderr")
        try:
            pid, process = self._new("fork", [theirs.fileno(), out, err], folder or self.place, memory)
        except BaseException:
            ours.close()
            os.close(out)
            os.close(err)
            raise
        finally:
            theirs.close()
        body = ZygoteBody(self, pid, process, Channel(ours), out, err, folder)
        try:
            word, layers, lost, body.peak = decode(body.channel.receive(time.monotonic() + _CHILD_SECONDS))
            if word != "ready":
                raise RunnerFault("a child did not get ready")
            body.layers, body.lost = (self.layers, self.lost) if layers is None else (tuple(layers), dict(lost))
        except Exception as error:
            said = os.pread(err, 4000, 0).decode("utf-8", "replace").strip()
            body.close()
            raise RunnerFault(said or f"a child ended at its start ({error!r})") from error
        return body

    def ending(self, pid: int) -> Ending:
        """How a child that has ended did so."""
        try:
            with self._lock:
                self._control.settimeout(5.0)
                self._control.send(encode(("ending", pid, 0.5)))
                message, _ = self._receive(5.0)
        except (OSError, RunnerFault):
            return Ending()
        _word, status, cpu, peak = message
        return Ending() if status is None else ending_of(os.waitstatus_to_exitcode(status), cpu, peak)

    def close(self) -> None:
        self._control.close()


class Cell(Forker):
    """A sandbox that stays, for one runner after the other: only the process in it is new."""

    def __init__(self, control: socket.socket, process: int) -> None:
        super().__init__(control)
        self._process = process
        self.runners = 0
        try:
            word, layers, lost = self._receive(_CHILD_SECONDS)[0]
            if word != "cell":
                raise RunnerFault("a sandbox did not get ready")
        except Exception as error:
            self.close()
            raise RunnerFault(f"a sandbox ended at its start ({error!r})") from error
        self.layers, self.lost = tuple(layers), dict(lost)

    def fork(self, folder: str = "", memory: bytes = b"") -> ZygoteBody:
        self.runners += 1
        return super().fork(folder, memory)

    def number(self) -> int:
        return _number(self._process)

    def close(self) -> None:
        """End it, and what runs in it."""
        super().close()
        if self._process >= 0:
            _kill(self._process)
            os.close(self._process)
            self._process = -1


class ZygoteProcess(Forker):
    """The running zygote and the conversation with it."""

    def __init__(self, libraries: LibrarySet, namespaces: bool, why: str) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        super().__init__(ours)
        # Root becomes another user on the way, who may not pass through root's own temporary folder.
        self._folder = tempfile.mkdtemp(prefix="gradus-", dir="/tmp" if os.geteuid() == 0 else None)
        self._said = open_output("zygote")
        package = Path(gradus.__file__).parent
        options: dict[str, Any] = {
            "socket": theirs.fileno(),
            "root": self._folder,
            "libraries": libraries.name,
            "home": str(Path.home()),
            "secrets": [str(folder) for folder in secret_folders()],
            "namespaces": namespaces,
            "why": why,
            "readable": [],
        }
        boot = _BOOT.format(objects=libraries.objects_mb, source=str(package.parent), options=options)
        command = [sys.executable, "-s", "-P", "-c", boot]
        ours_alone = {"HOME": self._folder, "TMPDIR": self._folder, "MPLCONFIGDIR": self._folder}
        environment = {**ENVIRONMENT, "GLIBC_TUNABLES": _HEAP, **ours_alone}
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=self._said,
                stderr=self._said,
                cwd="/",
                env=environment,
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
            )
        finally:
            theirs.close()
        try:
            word, missing, layers, place, user, hot = self._receive(_START_SECONDS)[0]
            if word != "ready":
                raise RunnerFault("the zygote did not get ready")
        except Exception as error:
            said = self.said()
            self.close()
            why = said.splitlines()[-1] if said else f"the zygote ended at its start ({error!r})"
            raise RunnerFault(why) from error
        self.missing: tuple[str, ...] = missing
        self.rooted = "mount" in layers
        self.place = place if self.rooted else ""
        self._user = user
        self.hot: bytes = hot
        """What every runner in a cell makes its own before it is asked anything."""
        if not self.rooted:
            os.chmod(self._folder, 0o711)  # noqa: PTH101

    def said(self) -> str:
        """What the zygote wrote to its standard error: a traceback, if it broke."""
        return os.pread(self._said, 8000, 0).decode("utf-8", "replace").strip()

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def fork(self, folder: str = "", memory: bytes = b"") -> ZygoteBody:
        return super().fork("" if self.rooted else self._make_folder())

    def cell(self) -> Cell:
        """A new sandbox. Only of a zygote that is ``rooted``.

        Raises:
            RunnerFault: the zygote could not make one.
        """
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            _pid, process = self._new("cell", [theirs.fileno()], self.place)
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        return Cell(ours, process)

    def _make_folder(self) -> str:
        """A folder for one child where it has no ``/tmp`` of its own."""
        folder = tempfile.mkdtemp(dir=self._folder)
        if os.geteuid() == 0:
            os.chown(folder, self._user, self._user)
        return folder

    def close(self) -> None:
        """End the zygote, and with it every child it still has."""
        super().close()
        try:
            self._process.wait(5.0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._said)
        shutil.rmtree(self._folder, ignore_errors=True)
