"""The pool of sandboxed runners: it owns one zygote and asks it for children."""

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
from pathlib import Path
from typing import Any

import gradus
from gradus.grader.body import Body, Ending, ending_of
from gradus.grader.libraries import ENVIRONMENT, LibrarySet
from gradus.grader.output import bound, open_output
from gradus.grader.pool import Pool, secret_folders
from gradus.grader.replies import RunnerFault
from gradus.grader.wire import Channel, decode, encode

_BOOT = "import sys; sys.path.insert(0, {source!r}); from gradus.grader.zygote import main; main({options!r})"
_START_SECONDS = 120.0
_CHILD_SECONDS = 30.0


class ZygoteBody:
    """One forked, isolated child."""

    def __init__(
        self, zygote: ZygoteProcess, pid: int, process: int, channel: Channel, out: int, err: int, folder: str
    ) -> None:
        self.channel = channel
        self.out = out
        self.err = err
        self.layers: tuple[str, ...] = ()
        self.lost: dict[str, str] = {}
        self.peak = 0
        self._folder = folder
        self._zygote = zygote
        self._pid = pid
        self._process = process
        self._ended = select.poll()
        self._ended.register(process, select.POLLIN)
        self._ending: Ending | None = None
        self._closed = False

    def admit(self, output_bytes: int) -> None:
        bound(self.out, output_bytes)
        bound(self.err, output_bytes)

    def kill(self) -> None:
        # The child is the first process of its PID namespace: with it the kernel kills all that it started.
        try:
            signal.pidfd_send_signal(self._process, signal.SIGKILL)
        except OSError:
            pass

    def wait(self, seconds: float) -> Ending | None:
        if self._ending is None and self._ended.poll(seconds * 1000):
            self._ending = self._zygote.ending(self._pid)
        return self._ending

    def number(self) -> int:
        # The zygote counts in its own namespace; the descriptor knows what the number is in ours.
        try:
            for line in Path(f"/proc/self/fdinfo/{self._process}").read_text().splitlines():
                if line.startswith("Pid:"):
                    return max(0, int(line.split()[1]))
        except OSError:
            pass
        return 0

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


class ZygoteProcess:
    """The running zygote and the conversation with it."""

    def __init__(self, libraries: LibrarySet, namespaces: bool, why: str) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control = ours
        self._lock = threading.Lock()
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
        command = [sys.executable, "-s", "-P", "-c", _BOOT.format(source=str(package.parent), options=options)]
        environment = {**ENVIRONMENT, "HOME": self._folder, "TMPDIR": self._folder, "MPLCONFIGDIR": self._folder}
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
            word, missing, layers, _lost, user = self._receive(_START_SECONDS)[0]
            if word != "ready":
                raise RunnerFault("the zygote did not get ready")
        except Exception as error:
            said = self.said()
            self.close()
            why = said.splitlines()[-1] if said else f"the zygote ended at its start ({error!r})"
            raise RunnerFault(why) from error
        self.missing: tuple[str, ...] = missing
        self.rooted = "mount" in layers
        self._user = user
        if not self.rooted:
            os.chmod(self._folder, 0o711)  # noqa: PTH101

    def said(self) -> str:
        """What the zygote wrote to its standard error: a traceback, if it broke."""
        return os.pread(self._said, 8000, 0).decode("utf-8", "replace").strip()

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def _receive(self, seconds: float) -> tuple[Any, list[int]]:
        self._control.settimeout(seconds)
        data, fds, _flags, _address = socket.recv_fds(self._control, 65536, 1)
        if not data:
            raise RunnerFault("the zygote is gone")
        return decode(data), list(fds)

    def fork(self) -> ZygoteBody:
        """A new child, isolated and primed.

        Raises:
            RunnerFault: the zygote could not make one.
        """
        ours, theirs = socket.socketpair()
        out, err = open_output("stdout"), open_output("stderr")
        folder = "" if self.rooted else self._make_folder()
        try:
            with self._lock:
                socket.send_fds(self._control, [encode(("fork", folder))], [theirs.fileno(), out, err])
                message, fds = self._receive(_CHILD_SECONDS)
            if message[0] != "forked" or not fds:
                raise RunnerFault(f"the zygote cannot fork: {message[1]}")
        except BaseException:
            ours.close()
            os.close(out)
            os.close(err)
            raise
        finally:
            theirs.close()
        body = ZygoteBody(self, message[1], fds[0], Channel(ours), out, err, folder)
        try:
            word, layers, lost, body.peak = decode(body.channel.receive(time.monotonic() + _CHILD_SECONDS))
            if word != "ready":
                raise RunnerFault("a child did not get ready")
            body.layers, body.lost = tuple(layers), dict(lost)
        except Exception as error:
            said = os.pread(err, 4000, 0).decode("utf-8", "replace").strip()
            body.close()
            raise RunnerFault(said or self.said() or f"a child ended at its start ({error!r})") from error
        return body

    def _make_folder(self) -> str:
        """A folder for one child where it has no ``/tmp`` of its own."""
        folder = tempfile.mkdtemp(dir=self._folder)
        if os.geteuid() == 0:
            os.chown(folder, self._user, self._user)
        return folder

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
        """End the zygote, and with it every child it still has."""
        self._control.close()
        try:
            self._process.wait(5.0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._said)
        shutil.rmtree(self._folder, ignore_errors=True)


class ZygotePool(Pool):
    """Forked, isolated children of one zygote, which is started again should it die.

    Where namespaces cannot be had, the zygote does without them; where it cannot be at all, interpreters are spawned.
    What is then missing stands in ``lost``. ``namespaces=False`` goes to the second step at once (for tests).
    """

    def __init__(self, libraries: LibrarySet, parked: int = 2, namespaces: bool = True, fallback: bool = True) -> None:
        super().__init__(libraries, parked)
        self._zygote: ZygoteProcess | None = None
        self._namespaces = namespaces
        self._fallback = fallback
        self._why = "namespaces are switched off"
        self._spawner: Pool | None = None

    def make(self) -> Body:
        if self._spawner is not None:
            return self._spawner.make()
        if self._zygote is not None and not self._zygote.alive:
            self._zygote.close()
            self._zygote = None
        try:
            if self._zygote is None:
                self._zygote = ZygoteProcess(self.libraries, self._namespaces, self._why)
                self.missing = self._zygote.missing
            body = self._zygote.fork()
        except RunnerFault as error:
            return self._with_less(error)
        self.layers, self.lost = body.layers, body.lost
        return body

    def _with_less(self, error: RunnerFault) -> Body:
        """Try again without what may be the cause. Only at the start: later the same zygote has worked before."""
        if self.layers or not self._fallback:
            raise error
        if self._zygote is not None:
            self._zygote.close()
            self._zygote = None
        if self._namespaces:
            self._namespaces, self._why = False, str(error)
            return self.make()
        from gradus.grader.spawn import SpawnPool

        self._spawner = SpawnPool(self.libraries)
        body = self._spawner.make()
        self.missing, self.layers, self.lost = self._spawner.missing, self._spawner.layers, self._spawner.lost
        return body

    def close(self) -> None:
        super().close()
        if self._zygote is not None:
            self._zygote.close()
            self._zygote = None
