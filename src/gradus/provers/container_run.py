"""A container of the project's image: start it, reach it, look into it, stop it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from gradus.provers.container_build import Kept
from gradus.provers.engines import Engine, Ran
from gradus.provers.project import Project, ask, wait_until

_PROCESSES = "for f in /proc/[0-9]*/status; do cat $f; echo; done 2>/dev/null; true"
_SOCKETS = "cat /proc/net/tcp /proc/net/tcp6 2>/dev/null; true"
_NOBODY = "65534"


@dataclass(frozen=True)
class Listening:
    """A TCP port that a process in the container listens on."""

    port: int
    loopback: bool


@dataclass(frozen=True)
class Process:
    """A process in the container."""

    pid: int
    user: int
    name: str


@dataclass(frozen=True)
class Container:
    """A running (or ended) container whose ``inside`` port is published as ``port`` on 127.0.0.1."""

    engine: Engine
    id: str
    inside: int
    port: int

    @property
    def running(self) -> bool:
        return bool(self.engine.inspect(".State.Running", self.id))

    @property
    def exit_code(self) -> int | None:
        code = self.engine.inspect(".State.ExitCode", self.id)
        return code if isinstance(code, int) else None

    def said(self) -> str:
        """The last lines of its output."""
        ran = self.engine.ask("logs", "--tail", "12", self.id)
        return (ran.stdout + ran.stderr).strip()[-1500:]

    def wait_ready(self, project: Project, seconds: float) -> bool:
        """Wait for 200 from the readiness address, over the published port; not where nobody can be reached by it."""
        path = project.text("ready", "/ready")
        asked = 0

        def worthwhile() -> bool:
            nonlocal asked
            asked += 1
            return self.running and (asked % 20 > 0 or not self.unreachable())

        return wait_until(lambda: ask(self.port, "GET", path, seconds=3).status == 200, worthwhile, seconds)

    def unreachable(self) -> bool:
        """Whether it listens already, and only where the published port does not lead."""
        sockets = self.listening()
        return bool(sockets) and not any(socket.port == self.inside and not socket.loopback for socket in sockets)

    def execute(self, *words: str, user: str = "", seconds: float = 20.0) -> Ran:
        """Run a command in the container."""
        return self.engine.ask("exec", *(("--user", user) if user else ()), self.id, *words, seconds=seconds)

    def processes(self) -> list[Process]:
        """Its processes, asked by a user of ours who is neither root nor the service's; empty without a shell."""
        ran = self.execute("/bin/sh", "-c", _PROCESSES, user=_NOBODY)
        found = []
        for block in ran.stdout.split("\n\n"):
            values = dict(re.findall(r"^(\w+):\s+(\S+)", block, re.MULTILINE))
            effective = re.search(r"^Uid:\s+\d+\s+(\d+)", block, re.MULTILINE)
            if effective and "Pid" in values and effective[1] != _NOBODY:
                found.append(Process(int(values["Pid"]), int(effective[1]), values.get("Name", "?")))
        return found

    def listening(self) -> list[Listening]:
        """The TCP ports that it listens on; empty without a shell."""
        found = []
        for line in self.execute("/bin/sh", "-c", _SOCKETS, user=_NOBODY).stdout.splitlines():
            match = re.match(r"\s*\d+: ([0-9A-F]+):([0-9A-F]{4}) \S+ 0A ", line)
            if match:
                address = bytes.fromhex(match[1])
                loopback = (len(address) == 4 and address[3] == 127) or match[1] == "00000000000000000000000001000000"
                found.append(Listening(int(match[2], 16), loopback))
        return found

    def changed(self) -> list[str]:
        """The files that were added or changed since it started."""
        ran = self.engine.ask("diff", self.id)
        return [line[2:].lstrip("/") for line in ran.stdout.splitlines() if line[:2] in ("A ", "C ")]

    def healthcheck(self, test: list[Any]) -> Ran:
        """Run the image's own health check, as the engine would."""
        words = [str(word) for word in test[1:]]
        if test[0] == "CMD-SHELL":
            words = ["/bin/sh", "-c", words[0] if words else "true"]
        return self.execute(*words, seconds=35)

    def stop(self, grace: int) -> int | None:
        """Ask it to end, wait ``grace`` seconds, then end it; its exit code (137: it had to be killed)."""
        self.engine.ask("stop", "--time", str(grace), self.id, seconds=grace + 30)
        return self.exit_code


class StartRefusedError(Exception):
    """The engine did not start the container."""


@contextmanager
def started(kept: Kept, image: str, inside: int) -> Iterator[Container]:
    """A container of ``image`` that is removed at the end. Raises :class:`StartRefusedError`."""
    engine = kept.engine
    ran = engine.ask(
        "run", "--detach", *engine.run_options, "--env", f"PORT={inside}", "--publish", f"127.0.0.1::{inside}", image
    )
    name = ran.stdout.strip().splitlines()[-1] if ran.stdout.strip() else ""
    if name:
        kept.containers.append(name)
    if not ran.ok or not name:
        raise StartRefusedError(ran.said)
    try:
        yield Container(engine, name, inside, _published(engine, name, inside))
    finally:
        engine.ask("rm", "--force", "--volumes", name, seconds=60)


def _published(engine: Engine, name: str, inside: int) -> int:
    ran = engine.ask("port", name, f"{inside}/tcp")
    match = re.search(r":(\d+)\s*$", ran.stdout.strip())
    return int(match[1]) if match else 0


def told(command: Any) -> str:
    """A command of the image's configuration as one would type it."""
    return shlex.join(map(str, command)) if isinstance(command, list) else str(command or "")
