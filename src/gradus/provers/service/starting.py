"""Starting a project's service as an ordinary process group, in a copy of its folder, with a small environment."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from gradus.errors import GradusError, UsageError
from gradus.projects.environment import TELEMETRY_OFF
from gradus.projects.quarters import free_port
from gradus.provers.service.processes import memory_kib, session_pids
from gradus.provers.service.speaking import NoAnswer, Place, Speaker

#: What a copy leaves out: environments and caches, which are not the project.
LEFT_OUT = (".venv", "venv", "node_modules", "__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".gradus")
LARGEST = 2 * 2**30
NOBODY = 65534


@dataclass(frozen=True)
class Copy:
    """A copy of the project, a home that is empty, and the user it is run as."""

    folder: Path
    home: Path
    canary: str
    revision: str | None
    user: int | None = None

    def environment(self, extra: Mapping[str, str] | None = None, port: int | None = None) -> dict[str, str]:
        """What the project's processes find: paths, a language, nothing of the person who runs the prover."""
        found = {
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
            "HOME": str(self.home), "TMPDIR": str(self.home), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8",
            "PYTHONUNBUFFERED": "1", "SERVICE_SIGNING_KEY": self.canary, "GIT_TERMINAL_PROMPT": "0", **TELEMETRY_OFF,
        }  # fmt: skip
        if port is not None:
            found["PORT"] = str(port)
        return found | {name: self.filled(value, port) for name, value in (extra or {}).items()}

    def filled(self, text: str, port: int | None) -> str:
        """``text`` with ``$PORT`` and ``$REVISION`` replaced."""
        return text.replace("$PORT", str(port or "")).replace("$REVISION", self.revision or "unknown")

    def command(self, words: Sequence[str], port: int | None = None) -> list[str]:
        """The command as it is run: ``python`` is this very interpreter."""
        first, *rest = [self.filled(word, port) for word in words]
        return [sys.executable if first in ("python", "python3") else first, *rest]


@contextmanager
def copied(project: Path) -> Iterator[Copy]:
    """A copy of the project that may be changed and run, gone when the block ends."""
    from gradus.provers.service.identity import head_of

    _refuse_large(project)
    with tempfile.TemporaryDirectory(prefix="gradus-service-", ignore_cleanup_errors=True) as scratch:
        folder, home = Path(scratch) / "project", Path(scratch) / "home"
        shutil.copytree(project, folder, symlinks=True, ignore=shutil.ignore_patterns(*LEFT_OUT))
        home.mkdir()
        user = other_user()
        if user is not None:
            _hand_over(Path(scratch), user)
        yield Copy(folder, home, secrets.token_hex(16), head_of(project), user)


def _refuse_large(project: Path) -> None:
    if not hasattr(os, "killpg"):
        raise UsageError(
            "This system cannot run a service as a group of processes.",
            next_step="Start the service yourself and give its URL instead of the folder.",
        )
    total = 0
    for folder, names, files in os.walk(project):
        names[:] = [name for name in names if name not in LEFT_OUT]
        total += sum(os.lstat(Path(folder) / name).st_size for name in files)
        if total > LARGEST:
            raise UsageError(f"{project} holds more than {LARGEST // 2**30} GB.", next_step="Move data out of it.")


def other_user() -> int | None:
    """A user without rights, where the prover is root and that user can run this Python; None otherwise."""
    if os.geteuid() != 0:
        return None
    try:
        tried = subprocess.run(
            [sys.executable, "-c", ""], user=NOBODY, group=NOBODY, extra_groups=[], cwd="/", env={},
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=20,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return None
    return NOBODY if tried.returncode == 0 else None


def _hand_over(scratch: Path, user: int) -> None:
    for folder, _, files in os.walk(scratch):
        os.chown(folder, user, user)
        for name in files:
            os.chown(Path(folder) / name, user, user, follow_symlinks=False)


def kill_group(process: subprocess.Popen[str] | subprocess.Popen[bytes]) -> None:
    """SIGKILL to every process of the session that ``process`` leads, and wait for it."""
    for pid in session_pids(process.pid):
        try:
            os.kill(pid, signal.SIGKILL)
        except OSError:
            pass
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except OSError:
        pass
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:  # pragma: no cover - a process stuck in the kernel
        pass


@dataclass
class Running:
    """A service that was started. Use as a context manager: it never outlives the block."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path
    seconds: float = 30.0
    began: float = field(default_factory=time.monotonic)

    def speaker(self) -> Speaker:
        """A way to talk to it."""
        return Speaker(Place("127.0.0.1", self.port, "127.0.0.1"), self.seconds)

    @property
    def alive(self) -> bool:
        """Whether the process that was started still runs."""
        return self.process.poll() is None

    def pids(self) -> list[int]:
        """Its processes, the started one first."""
        return session_pids(self.process.pid)

    def memory_kib(self) -> int:
        """Memory that its processes hold for themselves, in KiB; 0 where the system does not say."""
        return sum(memory_kib(pid) for pid in self.pids())

    def output(self, characters: int = 1200) -> str:
        """The end of what it wrote."""
        try:
            with self.log.open("rb") as stream:
                stream.seek(max(0, stream.seek(0, os.SEEK_END) - 4 * characters))
                return stream.read().decode("utf-8", "replace")[-characters:]
        except OSError:
            return ""

    def stop(self, patience: float) -> int:
        """SIGTERM to the started process; how many of its processes are left after ``patience`` seconds."""
        until = time.monotonic() + patience
        self.process.send_signal(signal.SIGTERM)
        try:
            while (self.alive or self.pids()) and time.monotonic() < until:
                time.sleep(0.02)
            return len(self.pids())
        finally:
            self.kill()

    def kill(self) -> None:
        """SIGKILL to all of it, as a power cut would."""
        kill_group(self.process)

    def __enter__(self) -> Running:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()


def start(copy: Copy, command: Sequence[str], env: Mapping[str, str], port: int | None = None) -> Running:
    """Start the declared command on a free port. Raises GradusError when the command itself cannot be run."""
    port = port or free_port()
    log = copy.home.parent / f"service-{port}-{time.monotonic_ns()}.log"
    words = copy.command(command, port)
    try:
        with log.open("wb") as stream:
            process = subprocess.Popen(
                words, cwd=copy.folder, env=copy.environment(env, port), stdin=subprocess.DEVNULL, stdout=stream,
                stderr=subprocess.STDOUT, start_new_session=True, user=copy.user, group=copy.user,
                extra_groups=[] if copy.user is not None else None,
            )  # fmt: skip
    except (OSError, ValueError) as error:
        raise GradusError(f"The command {words[0]!r} cannot be run: {error}") from None
    return Running(process, port, log)


def status_of(speaker: Speaker, path: str, seconds: float = 5.0) -> int | None:
    """The status of one GET, None when there is no answer."""
    try:
        return speaker.ask("GET", path, seconds=seconds).status
    except NoAnswer:
        return None
