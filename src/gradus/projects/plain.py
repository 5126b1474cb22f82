"""Quarters without any of the sandbox's layers: ordinary processes, each the first of a group of its own."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence

from gradus.projects.errors import NotFound
from gradus.projects.folder import Folder
from gradus.projects.quarters import Bounds, Process, Quarters, free_port


class Plain(Quarters):
    """Ordinary processes, for systems without any of the sandbox's layers."""

    def __init__(self, name: str, bounds: Bounds, deadline: float, why: str = "") -> None:
        super().__init__(name, bounds, deadline)
        self.path.mkdir()
        spare = self.home / "tmp"
        spare.mkdir()
        self.temporary = str(spare)
        names = ("user", "pid", "mount", "net", "ipc", "uts", "seccomp", "landlock", "capabilities", "rlimits")
        self.lost = dict.fromkeys(names, why or f"{sys.platform} has no such thing")
        self.folder = Folder(self.path, -1, bounds.disk_mb << 20)
        self._children: dict[int, subprocess.Popen[bytes]] = {}

    def launch(self, argv: Sequence[str], env: Mapping[str, str], fds: Sequence[int]) -> tuple[int, int]:
        given, out, err = fds
        try:
            child = subprocess.Popen(
                list(argv), cwd=self.path, env=dict(env), stdin=given, stdout=out, stderr=err, start_new_session=True
            )
        except OSError as error:
            raise NotFound(argv[0], str(error.strerror)) from None
        self._children[child.pid] = child
        return child.pid, -1

    def has_ended(self, process: Process, seconds: float) -> bool:
        try:
            process.status = self._children[process.pid].wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def signal(self, process: Process, number: int) -> None:
        child = self._children[process.pid]
        if hasattr(os, "killpg"):
            with contextlib.suppress(OSError):
                os.killpg(process.pid, number)
        elif child.poll() is None:
            child.kill()

    def number(self, process: Process) -> int:
        return process.pid

    def connect(self, port: int) -> socket.socket:
        door = socket.socket()
        door.setblocking(False)
        door.connect_ex(("127.0.0.1", port))
        return door

    def free_port(self) -> int:
        return free_port()

    def everything(self) -> list[int]:
        alive = [pid for pid, child in self._children.items() if child.poll() is None]
        return [*alive, *(below for pid in alive for below in self.below(pid))]

    def end(self) -> None:
        for process in self.processes:
            tree = self.below(process.pid)
            self.signal(process, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
            for pid in tree:
                with contextlib.suppress(OSError):
                    os.kill(pid, signal.SIGKILL)

    def release(self) -> None:
        for child in self._children.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(5)
        self.folder.close()
