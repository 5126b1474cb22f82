"""A container engine that really runs containers: Podman or Docker, with the options that it needs on this machine.

A client without a daemon is no engine, and a daemon whose runtime refuses every container is none either. So an engine
counts as found once it has run the smallest image there is: one file, a program of a few bytes that ends at once.
"""

from __future__ import annotations

import io
import json
import os
import secrets
import shlex
import shutil
import struct
import subprocess
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

#: More options for every build on this machine (a proxy's certificates, host networking, a local base image).
BUILD_OPTIONS = "GRADUS_BUILD_OPTIONS"

Name = Literal["podman", "docker"]
ENGINES: tuple[Name, ...] = ("podman", "docker")


@dataclass(frozen=True)
class Ran:
    """How a command of the engine ended."""

    status: int
    stdout: str
    stderr: str

    @property
    def ok(self) -> bool:
        return self.status == 0

    @property
    def said(self) -> str:
        """The last lines of what it said, without the warnings of an engine that misses systemd."""
        lines = [line for line in (self.stdout + "\n" + self.stderr).splitlines() if line.strip()]
        told = [line for line in lines if "systemd" not in line and "level=warning" not in line]
        return "\n".join(told[-12:])[-2000:]


@dataclass(frozen=True)
class Engine:
    """An engine that works, and how it has to be asked here."""

    name: Name
    program: str
    version: str
    run_options: tuple[str, ...] = ()
    build_options: tuple[str, ...] = ()

    def ask(self, *words: str, seconds: float = 60.0, stdin: bytes | None = None) -> Ran:
        """Run a command of the engine; status 124 when it takes too long."""
        return _ask((self.program, *words), seconds, stdin)

    def inspect(self, what: str, of: str) -> Any:
        """What ``inspect`` says about ``of`` at the path ``what`` (a Go template's, as ``.State``); None if nothing."""
        ran = self.ask("inspect", "--format", f"{{{{json {what}}}}}", of)
        try:
            return json.loads(ran.stdout) if ran.ok else None
        except ValueError:
            return None


@dataclass(frozen=True)
class NoEngine:
    """Why none was found: one reason for each engine."""

    reasons: tuple[str, ...]


@cache
def find_engine(wanted: str = "auto") -> Engine | NoEngine:
    """The first engine that runs a container: ``"auto"`` tries Podman, then Docker; ``"none"`` finds none."""
    names: tuple[Name, ...] = ENGINES if wanted == "auto" else tuple(name for name in ENGINES if name == wanted)
    reasons = [] if names else ["none was asked for"]
    for name in names:
        found = _try(name)
        if isinstance(found, Engine):
            return found
        reasons.append(found)
    return NoEngine(tuple(reasons))


def _try(name: Name) -> Engine | str:
    program = shutil.which(name)
    if program is None:
        return f"{name} is not installed"
    asked = "{{.Server.Version}} {{.Server.Arch}}" if name == "docker" else "{{.Version.Version}} {{.Host.Arch}}"
    info = _ask((program, "version" if name == "docker" else "info", "--format", asked), 20)
    version, _, machine = info.stdout.strip().partition(" ")
    if not info.ok or not version:
        lines = info.said.splitlines()
        return f"{name} is installed, and its engine does not answer: {lines[-1] if lines else 'it says nothing'}"
    build = ("--format", "docker") if name == "podman" else ()
    refused = ""
    image = f"localhost/gradus-smallest:{secrets.token_hex(6)}"
    smallest = _smallest_image(machine)
    if smallest is None:
        return Engine(name, program, version, (), build)
    imported = _ask((program, "import", "-", image), 30, smallest)
    if not imported.ok:
        return f"{name} cannot store an image: {imported.said}"
    try:
        for options in _ways(name):
            ran = _ask((program, "run", "--rm", *options, image, "/end"), 30)
            if ran.ok:
                runtime = options[:2] if options[:1] == ("--runtime",) else ()
                return Engine(name, program, version, options, (*build, *runtime) if name == "podman" else build)
            refused = refused or ran.said
    finally:
        _ask((program, "rmi", "--force", image), 30)
    return f"{name} is installed, and its runtime refuses every container: {refused}"


def _ways(name: Name) -> Iterator[tuple[str, ...]]:
    """Options to try, plain first: lower limits where they cannot be raised, another runtime where one refuses."""
    limits = ("--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024")
    runtimes = [r for r in ("runc", "crun") if shutil.which(r)] if name == "podman" else []
    for runtime in ((), *(("--runtime", r) for r in runtimes)):
        for lower in ((), limits):
            yield (*runtime, *lower)


def _ask(words: tuple[str, ...], seconds: float, stdin: bytes | None = None) -> Ran:
    try:
        done = subprocess.run(
            words,
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        return Ran(124, "", f"{' '.join(words[:2])} took longer than {late.timeout:g} s")
    except OSError as error:
        return Ran(127, "", str(error))
    return Ran(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))


def machine_build_options() -> tuple[str, ...]:
    """The options of :data:`BUILD_OPTIONS`, split as a shell would."""
    return tuple(shlex.split(os.environ.get(BUILD_OPTIONS, "")))


def _smallest_image(machine: str) -> bytes | None:
    """A tar with one program that ends with status 0; None for a machine whose code we do not know."""
    program = _ending_program(machine)
    if program is None:
        return None
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        entry = tarfile.TarInfo("end")
        entry.size, entry.mode = len(program), 0o755
        tar.addfile(entry, io.BytesIO(program))
    return packed.getvalue()


def _ending_program(machine: str) -> bytes | None:
    """A static ELF program of some 130 bytes: exit(0), and nothing else."""
    codes = {
        "amd64": (62, bytes.fromhex("31ff b83c000000 0f05")),  # xor edi, edi; mov eax, 60; syscall
        "arm64": (183, struct.pack("<3I", 0xD2800000, 0xD2800BA8, 0xD4000001)),  # mov x0, 0; mov x8, 93; svc 0
    }
    if machine not in codes:
        return None
    number, code = codes[machine]
    head, base = 64 + 56, 0x400000
    kind = b"\x7fELF\x02\x01\x01" + bytes(9)
    file_header = struct.pack("<16sHHIQQQIHHHHHH", kind, 2, number, 1, base + head, 64, 0, 0, 64, 56, 1, 0, 0, 0)
    size = head + len(code)
    segment = struct.pack("<IIQQQQQQ", 1, 5, 0, base, base, size, size, 0x1000)
    return file_header + segment + code
