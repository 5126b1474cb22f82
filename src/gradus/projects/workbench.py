"""What a probe works with: a copy of the learner's files, commands that run in it, services that it talks to."""

from __future__ import annotations

import contextlib
import signal
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from gradus.projects.errors import CommandFailed, NotReady, ProjectFault
from gradus.projects.forward import Forwarder
from gradus.projects.http import Answer, Client, connected
from gradus.projects.opening import Isolation, open_quarters
from gradus.projects.quarters import Bounds, Process, Quarters, patience

_TAIL = 4000
#: How long after a command's end its last output may take to arrive, as something it started may hold the pipe.
_LAST_WORDS = 0.5


@dataclass(frozen=True)
class Finished:
    """A command that ran. ``status`` is its exit code, negative for a signal; when ``timed_out`` it was ended for that.
    """  # fmt: skip

    command: str
    status: int
    stdout: str
    stderr: str
    seconds: float
    timed_out: bool = False
    peak_mb: float = 0.0

    @property
    def ok(self) -> bool:
        """Whether it ended by itself with status 0."""
        return self.status == 0 and not self.timed_out

    @property
    def said(self) -> str:
        """The end of what it wrote, standard error first."""
        return (self.stderr.strip() or self.stdout.strip())[-_TAIL:]

    def require(self, headline: str = "") -> Finished:
        """Itself, when it succeeded. Raises CommandFailed, with what it said, when it did not."""
        if self.ok:
            return self
        how = f"does not end within {self.seconds:.0f} s" if self.timed_out else f"ends with status {self.status}"
        raise CommandFailed(headline or f"`{self.command}` {how}.", self.said)


class Service:
    """A program that was started to be talked to. A context manager that ends it."""

    def __init__(self, process: Process, port: int, quarters: Quarters) -> None:
        self._process = process
        self._quarters = quarters
        self.port = port
        self._client = Client(self.connect, f"127.0.0.1:{port}", lambda: self.output()[-_TAIL:])
        self._forwarder: Forwarder | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Talking to it

    def connect(self, seconds: float = 5.0) -> socket.socket:
        """A connected TCP socket to the service. Raises OSError when nobody listens or it takes too long."""
        self._quarters.check()
        return connected(self._quarters.connect(self.port), seconds)

    def request(self, method: str, path: str, **options: Any) -> Answer:
        """One HTTP request: ``json=``, ``data=``, ``headers=``, ``params=``, ``seconds=`` (10) for the whole answer.

        Raises:
            NoAnswer: nobody listens, it hangs up, or the answer takes too long.
            BadAnswer: what comes is not HTTP, or too large.
            OverLimit: the check has met a limit.
        """
        self._quarters.asked += 1
        options.setdefault("seconds", 10.0 * patience())
        try:
            return self._client.request(method, path, **options)
        except ProjectFault:
            self._quarters.check()
            raise

    def get(self, path: str, **options: Any) -> Answer:
        """`request` with GET."""
        return self.request("GET", path, **options)

    def post(self, path: str, **options: Any) -> Answer:
        """`request` with POST."""
        return self.request("POST", path, **options)

    def wait_ready(self, path: str = "/", seconds: float = 20.0) -> Answer:
        """Ask until it answers 200 to 299, and return that answer. On a busy machine it may take longer, as `run` may.

        Raises:
            NotReady: it ended, or did not get ready in time.
        """
        began = time.monotonic()
        last = "it accepts no connection"
        while True:
            self._quarters.check()
            if not self.alive:
                raise NotReady(
                    f"The service ends at its start, with status {self._process.status}.", self.output()[-_TAIL:]
                )
            try:
                answer = self.get(path, seconds=5.0)
                if answer.ok:
                    return answer
                last = f"`GET {path}` answers with status {answer.status}"
            except ProjectFault as fault:
                last = fault.headline.rstrip(".")
            if time.monotonic() - began >= seconds * patience():
                raise NotReady(f"The service is not ready after {seconds:g} s: {last}.", self.output()[-_TAIL:])
            time.sleep(0.03)

    def url_outside(self) -> str:
        """An address on this machine's loopback that leads to the service, for tools that need one. Until it is closed.
        """  # fmt: skip
        if self._forwarder is None:
            self._forwarder = Forwarder(self.connect)
        return f"http://127.0.0.1:{self._forwarder.port}"

    # Looking at it

    @property
    def alive(self) -> bool:
        """Whether the program that was started still runs."""
        return self._process.wait(0) is None

    @property
    def status(self) -> int | None:
        """Its exit status, negative for a signal; None while it runs."""
        return self._process.wait(0)

    def output(self) -> str:
        """What it has written so far, standard output and error as they came."""
        return self._process.out.text()

    def memory_mb(self) -> float:
        """The memory that it and all it started hold now, in MB."""
        return self._process.memory_mb()

    def wait(self, seconds: float = 10.0) -> int | None:
        """Its exit status once it has ended; None when it still runs after so long."""
        return self._process.wait(seconds)

    def terminate(self) -> None:
        """Ask it to end, with SIGTERM, as a process manager does."""
        self._process.kill(signal.SIGTERM)

    def kill(self) -> None:
        """End it and all that it started, at once."""
        self._process.kill()
        self._process.wait(5)

    def close(self) -> None:
        """End it, and the address outside if one was asked for."""
        if self._forwarder is not None:
            self._forwarder.close()
            self._forwarder = None
        if self._quarters.limit is None:
            self.kill()


@dataclass
class Workbench:
    """A fresh copy of a project's files, in quarters of its own."""

    files: Mapping[str, bytes]
    bounds: Bounds = field(default_factory=Bounds)
    name: str = "project"
    isolation: Isolation = "auto"
    deadline: float = 0.0

    def __post_init__(self) -> None:
        self.deadline = self.deadline or time.monotonic() + self.bounds.seconds
        self.quarters = open_quarters(self.name, self.bounds, self.deadline, self.isolation)
        try:
            self.quarters.folder.fill(self.files)
        except BaseException:
            self.quarters.close()
            raise
        self.ran: list[tuple[str, Process]] = []

    @classmethod
    def of(cls, folder: Path, **options: Any) -> Workbench:
        """One with a copy of a folder on disk."""
        files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        return cls(files, name=folder.resolve().name, **options)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End everything and remove the copy."""
        self.quarters.close()

    @contextlib.contextmanager
    def fresh(self) -> Iterator[Workbench]:
        """Another workbench with the files as they were handed in."""
        with Workbench(self.files, self.bounds, self.name, self.isolation, self.deadline) as other:
            other.ran = self.ran  # what runs in either is shown
            try:
                yield other
            finally:
                self.quarters.asked += other.quarters.asked

    @property
    def asked(self) -> int:
        """How many programs were run and requests made so far."""
        return self.quarters.asked + len(self.ran)

    @property
    def folder(self) -> Path:
        """The copy's folder, the same name outside and inside. Read with `read`, which follows no link out of it."""
        return self.quarters.path

    # Files

    def read(self, name: str) -> bytes:
        """The bytes of a file. Raises MissingFile when it is not there, or not a file."""
        return self.quarters.folder.read(name)

    def text(self, name: str) -> str:
        """A file as text; what is not UTF-8 in it is replaced."""
        return self.read(name).decode("utf-8", "replace")

    def write(self, name: str, content: bytes | str) -> None:
        """Make or replace a file, with the folders on the way."""
        self.quarters.folder.write(name, content.encode() if isinstance(content, str) else content)

    def remove(self, name: str) -> None:
        """Remove a file, or a folder with all that is in it; nothing when it is not there."""
        self.quarters.folder.remove(name)

    def exists(self, name: str) -> bool:
        """Whether there is something of that name."""
        return self.quarters.folder.exists(name)

    def names(self) -> list[str]:
        """Every file in the folder now, sorted, as ``data/rows.csv``."""
        return self.quarters.folder.names()

    # Programs

    def run(
        self,
        command: Sequence[str],
        seconds: float = 30.0,
        env: Mapping[str, str] | None = None,
        stdin: bytes = b"",
    ) -> Finished:
        """Run a command to its end in the folder. It does not raise when the command fails: ask ``.ok``, or `require`.

        ``seconds`` is on a machine that has nothing else to do; on a busy one up to four times as many are granted.

        Raises:
            NotFound: there is no such program.
            OverLimit: the check has met a limit.
        """
        began = time.monotonic()
        process = self.quarters.start(command, env, stdin)
        self.ran.append((shown(command), process))
        status = process.wait(seconds)
        while status is None and time.monotonic() - began < seconds * patience():
            status = process.wait(0.5)
        timed_out = status is None
        if timed_out:
            process.kill()
            status = process.wait(5)
        for captured in (process.out, process.err):
            captured.closed.wait(_LAST_WORDS)
        self.quarters.check()
        ended = -int(signal.SIGTERM) if status is None else status
        return Finished(
            shown(command), ended, process.out.text(), process.err.text(), time.monotonic() - began, timed_out,
            process.peak_mb,
        )  # fmt: skip

    def start(self, command: Sequence[str], env: Mapping[str, str] | None = None) -> Service:
        """Start a command that goes on. ``$PORT`` in it and in ``env`` is replaced by a free port; ``PORT`` is set.

        Raises:
            NotFound: there is no such program.
            OverLimit: the check has met a limit.
        """
        port = self.quarters.free_port()
        words = [str(word).replace("$PORT", str(port)) for word in command]
        own = {"PORT": str(port), **{key: value.replace("$PORT", str(port)) for key, value in (env or {}).items()}}
        process = self.quarters.start(words, own, merged=True)
        self.ran.append((shown(words), process))
        return Service(process, port, self.quarters)


def shown(command: Sequence[str]) -> str:
    """A command as one would type it."""
    import shlex

    return shlex.join(map(str, command))
