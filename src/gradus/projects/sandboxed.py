"""Quarters below a warden: a sandbox with every layer that this machine has (see `gradus.projects.warden`)."""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from gradus.projects.environment import environment
from gradus.projects.errors import CannotRun, NotFound, OverLimit
from gradus.projects.folder import Folder
from gradus.projects.quarters import Bounds, Process, Quarters, free_port, host_number

_BOOT: Final = "import sys; sys.path.insert(0, {source!r}); from gradus.projects.warden import main; main({options!r})"
#: Nothing can be reached, but some tools do not even start without certificates.
_CERTIFICATES: Final = ("/etc/ssl/certs", "/etc/pki/tls/certs", "/etc/pki/ca-trust", "/etc/ca-certificates")
_START_SECONDS: Final = 30.0


class Sandbox(Quarters):
    """Processes below a warden of their own."""

    def __init__(self, name: str, bounds: Bounds, deadline: float, namespaces: bool = True, why: str = "") -> None:
        super().__init__(name, bounds, deadline)
        self._lock = threading.Lock()
        self._port = 20_000 + int.from_bytes(os.urandom(2), "big") % 20_000
        root = self.home / "root"
        spare = self.home / "tmp"
        for place in (root, spare):
            place.mkdir()
        if not namespaces:
            self.path.mkdir()
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.settimeout(_START_SECONDS)
        options = {
            "socket": theirs.fileno(), "root": str(root), "folder": str(self.path), "temporary": str(spare),
            "secrets": [str(path) for path in _secrets()], "home": str(Path.home()),
            "readable": [path for path in _CERTIFICATES if os.path.isdir(path)],  # noqa: PTH112

            "namespaces": namespaces, "why": why,
            "memory": bounds.memory_mb << 20, "disk": bounds.disk_mb << 20, "files": bounds.files,
            "file_bytes": bounds.file_mb << 20, "threads": bounds.threads,
        }  # fmt: skip
        try:
            self._begin(theirs, options)
        except BaseException:
            self._abandon()
            raise

    def _begin(self, theirs: socket.socket, options: dict[str, Any]) -> None:
        import gradus

        if os.geteuid() == 0:
            os.chmod(self.home, 0o711)  # noqa: PTH101
        source = str(Path(gradus.__file__).parents[1])
        said = tempfile.TemporaryFile()  # noqa: SIM115
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-s", "-P", "-c", _BOOT.format(source=source, options=options)],
                stdin=subprocess.DEVNULL, stdout=said, stderr=said, cwd="/", start_new_session=True,
                env=environment(str(self.home)), pass_fds=(theirs.fileno(),),
            )  # fmt: skip
            theirs.close()
            answer, fds = self._receive()
        except (CannotRun, OSError) as error:
            said.seek(0)
            words = said.read(4000).decode("utf-8", "replace").strip()
            raise CannotRun(words.splitlines()[-1] if words else str(error)) from error
        finally:
            said.close()
            theirs.close()
        self._handle, folder = fds
        self.layers = tuple(answer["active"])
        self.lost = dict(answer["lost"])
        self.temporary = answer["temporary"]
        self.first = host_number(self._handle)
        self.namespaced = bool(answer["namespaced"])
        self.user = user = int(answer["own"])
        rooted = bool(answer["rooted"])
        self.folder = Folder(folder, user, None if rooted else self.bounds.disk_mb << 20)
        if rooted:
            self.path.symlink_to(f"/proc/{os.getpid()}/fd/{folder}")
        elif user >= 0:
            for place in (self.path, self.home / "tmp"):
                os.chown(place, user, user)

    def _receive(self) -> tuple[dict[str, Any], list[int]]:
        from gradus.projects.warden import MESSAGE

        data, fds, *_ = socket.recv_fds(self._control, MESSAGE, 4)
        for fd in fds:
            os.set_inheritable(fd, False)
        if not data:
            raise CannotRun("the sandbox ended at its start")
        return json.loads(data), list(fds)

    def _ask(self, word: str, fds: Sequence[int] = (), **rest: Any) -> tuple[dict[str, Any], list[int]]:
        with self._lock:
            try:
                socket.send_fds(self._control, [json.dumps({"do": word, **rest}).encode()], list(fds))
                return self._receive()
            except (OSError, CannotRun) as error:
                self.check()
                raise CannotRun(f"the sandbox is gone ({error})") from error

    def launch(self, argv: Sequence[str], env: Mapping[str, str], fds: Sequence[int]) -> tuple[int, int]:
        if self.user >= 0:
            for fd in set(fds):  # or it could not be opened again, as /dev/stderr is
                if not stat.S_ISCHR(os.fstat(fd).st_mode):
                    os.fchown(fd, self.user, self.user)
        answer, given = self._ask("start", fds, argv=list(argv), env=dict(env), cwd=str(self.path))
        if "error" in answer:
            raise NotFound(argv[0], answer["why"])
        return answer["pid"], given[0]

    def has_ended(self, process: Process, seconds: float) -> bool:
        waiting = select.poll()
        waiting.register(process.handle, select.POLLIN)
        if not waiting.poll(seconds * 1000):
            return False
        answer, _ = self._ask("ending", pid=process.pid)
        if answer["status"] is None:
            return False
        process.status, process.cpu = answer["status"], answer["cpu"]
        process.peak_mb = answer["peak"] / 2**20
        return True

    def signal(self, process: Process, number: int) -> None:
        tree = self.below(self.number(process)) if number == signal.SIGKILL else []
        self._ask("kill", pid=process.pid, number=number)
        for pid in tree:
            with contextlib.suppress(OSError):
                os.kill(pid, number)

    def number(self, process: Process) -> int:
        return host_number(process.handle)

    def connect(self, port: int) -> socket.socket:
        answer, given = self._ask("connect", port=port)
        if "error" in answer:
            raise OSError(answer["error"], answer["why"])
        return socket.socket(fileno=given[0])

    def free_port(self) -> int:
        if not self.namespaced:
            return free_port()
        self._port += 1
        return self._port

    def everything(self) -> list[int]:
        return self.below(self.first)

    def end(self) -> None:
        if not self.namespaced:
            with contextlib.suppress(CannotRun, OverLimit, OSError):
                self._ask("end")
            for pid in self.everything():
                with contextlib.suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
        # Where it is the first process of a namespace, the kernel ends all others with it.
        with contextlib.suppress(OSError):
            signal.pidfd_send_signal(self._handle, signal.SIGKILL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(5)

    def release(self) -> None:
        self._control.close()
        os.close(self._handle)
        self.folder.close()
        self._abandon()

    def _abandon(self) -> None:
        process = getattr(self, "_process", None)
        if process is not None and process.poll() is None:
            process.kill()
            process.wait()
        self._control.close()
        if not self._keeper.is_alive():
            shutil.rmtree(self.home, ignore_errors=True)


def _secrets() -> list[Path]:
    from gradus.grader.pool import secret_folders

    return secret_folders()
