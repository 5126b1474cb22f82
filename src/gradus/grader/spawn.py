"""A pool of spawned interpreters, each used once: for machines without fork, or where forking is unsafe.

The protocol and the replies are the zygote's. Isolation is weaker (no namespaces): what the process can give up by
itself it gives up, and the pool's ``layers`` name it.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import gradus
from gradus.grader.body import Connected, Ending, ending_of
from gradus.grader.libraries import ENVIRONMENT, LibrarySet
from gradus.grader.output import open_output
from gradus.grader.pool import Pool, secret_folders
from gradus.grader.replies import RunnerFault
from gradus.grader.wire import Channel, decode

_BOOT = "import sys; sys.path.insert(0, {source!r}); from gradus.grader.child import spawned; spawned({options!r})"
_START_SECONDS = 120.0


class SpawnBody(Connected):
    """One spawned interpreter."""

    def __init__(self, process: subprocess.Popen[bytes], channel: Channel, out: int, err: int, folder: str) -> None:
        super().__init__(channel, out, err)
        self._process = process
        self._folder = folder
        self._ending: Ending | None = None
        self._closed = False

    def kill(self) -> None:
        if self._ending is None:
            try:
                os.killpg(self._process.pid, signal.SIGKILL)
            except (OSError, AttributeError):
                self._process.kill()

    def wait(self, seconds: float) -> Ending | None:
        deadline = time.monotonic() + seconds
        pause = 0.0005
        while self._ending is None:
            self._ending = self._look()
            if self._ending is not None or time.monotonic() >= deadline:
                break
            time.sleep(pause)
            pause = min(pause * 2, 0.02)
        return self._ending

    def _look(self) -> Ending | None:
        if not hasattr(os, "wait4"):
            code = self._process.poll()
            return None if code is None else Ending(status=code)
        try:
            pid, status, usage = os.wait4(self._process.pid, os.WNOHANG)
        except ChildProcessError:
            return Ending()
        if pid == 0:
            return None
        # The group outlives its leader when the leader had children; nothing else can have this number yet.
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except OSError:
            pass
        code = os.waitstatus_to_exitcode(status)
        self._process.returncode = code
        return ending_of(code, usage.ru_utime + usage.ru_stime, usage.ru_maxrss)

    def number(self) -> int:
        return self._process.pid if self._ending is None else 0

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        self.kill()
        self.wait(5.0)
        self.channel.close()
        os.close(self.out)
        os.close(self.err)
        shutil.rmtree(self._folder, ignore_errors=True)


class SpawnPool(Pool):
    """Spawned interpreters. ``isolate=False`` leaves out what a process can give up by itself (for tests)."""

    def __init__(self, libraries: LibrarySet, parked: int = 2, isolate: bool = True) -> None:
        super().__init__(libraries, parked)
        self._isolate = isolate

    def make(self) -> SpawnBody:
        """Start an interpreter and wait until its libraries are imported."""
        ours, theirs = socket.socketpair()
        out, err = open_output("stdout"), open_output("stderr")
        folder = tempfile.mkdtemp(prefix="gradus-")
        options: dict[str, Any] = {
            "socket": theirs.fileno(),
            "out": out,
            "err": err,
            "folder": folder,
            "libraries": self.libraries.name,
            "isolate": self._isolate,
            "home": str(Path.home()),
            "secrets": [str(secret) for secret in secret_folders()],
        }
        source = str(Path(gradus.__file__).parent.parent)
        command = [sys.executable, "-s", "-P", "-c", _BOOT.format(source=source, options=options)]
        environment = {**ENVIRONMENT, "HOME": folder, "TMPDIR": folder, "MPLCONFIGDIR": folder}
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=err,
                stderr=err,
                cwd=folder,
                env=environment,
                pass_fds=(theirs.fileno(), out, err),
                start_new_session=True,
            )
        finally:
            theirs.close()
        body = SpawnBody(process, Channel(ours), out, err, folder)
        try:
            message = decode(body.channel.receive(time.monotonic() + _START_SECONDS))
            word, layers, lost, body.peak, missing = message
            if word != "ready":
                raise RunnerFault("the interpreter did not get ready")
            body.layers = self.layers = tuple(layers)
            body.lost = self.lost = dict(lost)
            self.missing = tuple(missing)
        except Exception as error:
            said = os.pread(err, 4000, 0).decode("utf-8", "replace").strip()
            body.close()
            raise RunnerFault(said.splitlines()[-1] if said else f"it ended at its start ({error!r})") from error
        for fd in (out, err):
            os.lseek(fd, 0, os.SEEK_SET)
            os.ftruncate(fd, 0)
        return body
