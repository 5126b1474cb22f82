"""The declared command in a fresh virtual environment: what can be shown without a container engine.

Shown: it starts from a clean copy with only what its requirements name, answers as the model does, is not ready without
the model, does not make the model itself, ends when asked to. Not shown, and the evidence says so: the image's user,
layers and address.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gradus.projects.quarters import free_port
from gradus.provers import container_build, containerfile, context
from gradus.provers.apart import small_environment
from gradus.provers.container_faults import failed, not_applicable, passed
from gradus.provers.container_start import answered
from gradus.provers.project import Project, ask, wait_until
from gradus.provers.report import Probe

GRACE = 8.0
INSTALL_SECONDS = 900.0

#: What an installation needs of the caller's environment: where packages come from, and whom to trust.
_PIP = ("PIP_", "SSL_CERT_", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy")


@dataclass(frozen=True)
class Environment:
    """A fresh environment's interpreter, and in words where its packages come from."""

    python: Path
    packages: str


def make(place: Path, project: Project) -> Environment:
    """A virtual environment with what the project's requirements name; with this environment's packages where they
    cannot be installed (no registry is reachable) or none are named."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place], check=True, capture_output=True)
    python = place / "bin" / "python" if os.name != "nt" else place / "Scripts" / "python.exe"
    wanted = project.folder / "requirements.txt"
    why = "the project names no requirements.txt"
    if wanted.is_file():
        pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--requirement", str(wanted)]
        kept = {name: value for name, value in os.environ.items() if name.startswith(_PIP)}
        try:
            done = subprocess.run(
                pip,
                env=small_environment(str(place)) | kept,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=INSTALL_SECONDS,
                check=False,
            )
            if not done.returncode:
                return Environment(python, "what requirements.txt names, and nothing else")
            why = (done.stderr.strip().splitlines() or ["pip failed"])[-1][:200]
        except subprocess.TimeoutExpired:
            why = f"the installation took longer than {INSTALL_SECONDS:g} s"
    inside = subprocess.check_output(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], text=True
    )
    (Path(inside.strip()) / "surroundings.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return Environment(python, f"those of the environment that Gradus runs in ({why})")


@dataclass(frozen=True)
class Running:
    """The declared command, running on 127.0.0.1:``port``."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def said(self) -> str:
        """The last of its output."""
        return self.log.read_text(errors="replace").strip()[-1500:]

    def wait_ready(self, project: Project, seconds: float) -> bool:
        """Wait for 200 from the readiness address."""
        path = project.text("ready", "/ready")
        return wait_until(lambda: ask(self.port, "GET", path, seconds=3).status == 200, lambda: self.alive, seconds)


@contextmanager
def started(project: Project, environment: Environment, folder: Path) -> Iterator[Running]:
    """The declared command in ``folder``; it and all it started are ended afterwards."""
    port = free_port()
    words = [word.replace("$PORT", str(port)) for word in project.command]
    if words[0] in ("python", "python3"):
        words[0] = str(environment.python)
    log = folder.with_suffix(".log")
    variables = small_environment(str(folder)) | {"PORT": str(port)}
    variables["PATH"] = f"{environment.python.parent}{os.pathsep}{variables['PATH']}"
    with log.open("wb") as stream:
        process = subprocess.Popen(
            words,
            cwd=folder,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield Running(process, port, log)
        finally:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                pass
            process.wait()


def in_environment(
    project: Project,
    instructions: tuple[containerfile.Instruction, ...],
    rng: np.random.Generator,
    *,
    rows: int,
    seconds: float,
) -> Iterator[Probe]:
    """The probes that need no engine."""
    with tempfile.TemporaryDirectory(prefix="gradus-") as place:
        if instructions:
            yield _context(project, instructions, rng, Path(place) / "context")
        title = "the declared command starts in a fresh environment"
        if not project.command:
            yield not_applicable("environment_serves", title, "service.toml declares no command.")
            return
        environment = make(Path(place) / "environment", project)
        folder = Path(place) / "project"
        shutil.copytree(project.folder, folder, ignore=container_build.LEFT_OUT, symlinks=True)
        copy = Project(folder, project.service, project.offline)
        before = _stamps(copy)
        try:
            yield from _run(copy, environment, before, rng, rows, seconds, title)
        except OSError as error:
            yield failed("environment_serves", title, "exits_at_start", f"It cannot be started: {error}.")


def _run(
    project: Project,
    environment: Environment,
    before: dict[str, int],
    rng: np.random.Generator,
    rows: int,
    seconds: float,
    title: str,
) -> Iterator[Probe]:
    with started(project, environment, project.folder) as running:
        if not running.wait_ready(project, seconds):
            fault = "never_ready" if running.alive else "exits_at_start"
            seen = f"`{' '.join(project.command)}`:\n{running.said()}\n"
            yield failed("environment_serves", title, fault, seen, packages=environment.packages)
            return
        message = f"Ready. Packages: {environment.packages}."
        yield passed("environment_serves", title, message, packages=environment.packages)
        drawn = project.rows(rng, rows)
        yield from answered(project, running.port, drawn, "environment_answers", "it answers as the model does")
        wrote = [name for name, stamp in _stamps(project).items() if before.get(name) != stamp]
        running.process.send_signal(signal.SIGTERM)
        stop = "it ends in time when asked to"
        try:
            code = running.process.wait(GRACE)
            yield passed("environment_stop", stop, f"It ended with status {code}.", exit_code=code)
        except subprocess.TimeoutExpired:
            yield failed("environment_stop", stop, "ignores_stop", f"After {GRACE:g} seconds it still runs.")
    yield _model(project, environment, wrote)


def _model(project: Project, environment: Environment, wrote: list[str]) -> Probe:
    """It is not ready without its model, and did not make it."""
    id, title = "environment_model", "the model is finished before the start, and needed for being ready"
    if not project.model:
        return not_applicable(id, title, "service.toml names no file of the model.")
    if wrote:
        return failed(id, title, "trains_at_start", f"{wrote[0]} was written after the start.", written=wrote)
    for name in project.model:
        (project.folder / name).unlink(missing_ok=True)
    with started(project, environment, project.folder) as running:
        path = project.text("ready", "/ready")
        wait_until(lambda: ask(running.port, "GET", path).status > 0, lambda: running.alive, 20)
        if running.wait_ready(project, 3):
            made = [name for name in project.model if (project.folder / name).exists()]
            fault = "trains_at_start" if made else "ready_without_model"
            return failed(
                id, title, fault, f"Without {', '.join(project.model)}, GET {path} says 200.", deleted=project.model
            )
        how = "runs and says that it is not ready" if running.alive else "ends at once"
        return passed(id, title, f"Without {', '.join(project.model)} it {how}.")


def _stamps(project: Project) -> dict[str, int]:
    files = {name: project.folder / name for name in project.model}
    return {name: path.stat().st_mtime_ns for name, path in files.items() if path.is_file()}


def _context(
    project: Project, instructions: tuple[containerfile.Instruction, ...], rng: np.random.Generator, copy: Path
) -> Probe:
    """Computed, since nothing is built: which planted files .dockerignore lets through and COPY takes."""
    id, title = "container_context", "no secret would be copied into the image"
    copy.mkdir()
    for name in context.NAMES:
        if (project.folder / name).is_file():
            shutil.copyfile(project.folder / name, copy / name)
    planted = container_build.plant(copy, instructions, rng)
    sent = context.build_context(planted.files, context.read_patterns(copy))
    taken = context.copied(sent, instructions)
    if taken:
        seen = f"COPY would take `{taken[0]}` (computed from .dockerignore and the Containerfile; nothing was built)."
        return failed(id, title, "secret_in_layer", seen, taken=taken, sent=sent)
    return passed(id, title, "Computed, not built: none of the planted files would be copied.", sent=sent)
