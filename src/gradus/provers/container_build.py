"""Build a project's image from a copy with planted secrets, and look for them in what comes out."""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from gradus.provers import containerfile, images
from gradus.provers.engines import Engine, Ran, machine_build_options
from gradus.provers.project import Project

#: Left out of the copy: made anew by whoever needs them, and large.
LEFT_OUT = shutil.ignore_patterns(".venv", "venv", "node_modules", "__pycache__", ".git")

#: Names that say "this is a secret", of files and of variables.
SECRET_FILE = re.compile(
    r"(^|/)(\.env(\..+)?|\.netrc|\.pgpass|\.git-credentials|kaggle\.json|credentials(\.json)?|id_(rsa|ed25519)|.+\.key)$"
)
SECRET_NAME = re.compile(r"(TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY)", re.IGNORECASE)


@dataclass(frozen=True)
class Planted:
    """Secrets that no honest image holds: a text for each place where one was put."""

    files: Mapping[str, bytes]
    arguments: Mapping[str, str]
    mounts: Mapping[str, str]

    @property
    def needles(self) -> dict[str, bytes]:
        return (
            dict(self.files)
            | {f"--build-arg {name}": value.encode() for name, value in self.arguments.items()}
            | {f"--secret {name}": value.encode() for name, value in self.mounts.items()}
        )


def plant(folder: Path, instructions: tuple[containerfile.Instruction, ...], rng: np.random.Generator) -> Planted:
    """Put into ``folder`` what lies about in projects: a .env, a private key, a git configuration with a token."""

    def nonce() -> str:
        return f"planted-{rng.bytes(12).hex()}"

    files: dict[str, bytes] = {}
    for name, before, after in (
        (".env", "DATABASE_PASSWORD=", "\n"),
        ("server.key", "-----BEGIN PRIVATE KEY-----\n", "\n-----END PRIVATE KEY-----\n"),
        (".git/config", '[remote "origin"]\n\turl = https://reader:', "@example.org/project.git\n"),
    ):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        secret = nonce()
        old = path.read_text(errors="replace") + "\n" if path.is_file() else ""
        path.unlink(missing_ok=True)
        path.write_text(old + before + secret + after)
        files[name] = secret.encode()
    arguments = {name: nonce() for name in containerfile.arguments(instructions) if SECRET_NAME.search(name)}
    return Planted(files, arguments, {name: nonce() for name in containerfile.secret_mounts(instructions)})


@dataclass
class Kept:
    """What the prover made and has to remove: containers, then images, the newest first."""

    engine: Engine
    containers: list[str] = field(default_factory=list)
    images: list[str] = field(default_factory=list)

    def clear(self) -> None:
        for container in self.containers:
            self.engine.ask("rm", "--force", "--volumes", container, seconds=60)
        for image in reversed(self.images):
            self.engine.ask("rmi", "--force", image, seconds=120)


@contextmanager
def keeping(engine: Engine) -> Iterator[Kept]:
    """Everything that is noted in it is removed at the end, however it ends."""
    kept = Kept(engine)
    try:
        yield kept
    finally:
        kept.clear()


def build(
    kept: Kept,
    project: Project,
    file: Path,
    planted: Planted,
    copy: Path,
    tag: str,
    seconds: float,
) -> Ran:
    """Build the image ``tag`` from ``copy``. What a failed build leaves behind is noted for removal, too."""
    options: list[str] = [*kept.engine.build_options, *machine_build_options()]
    for name, value in planted.arguments.items():
        options += ["--build-arg", f"{name}={value}"]
    with tempfile.TemporaryDirectory(prefix="gradus-") as place:
        for number, (name, value) in enumerate(planted.mounts.items()):
            source = Path(place) / str(number)
            source.write_text(value)
            options += ["--secret", f"id={name},src={source}"]
        at = copy / file.relative_to(project.folder)
        ran = kept.engine.ask("build", *options, "--tag", tag, "--file", str(at), str(copy), seconds=seconds)
    kept.images += _steps(ran.stdout)
    kept.images.append(tag)
    return ran


#: What an engine, pip or apt say when a registry cannot be reached: no fault of the project.
_UNREACHABLE = re.compile(
    r"pinging container registry|no such host|server misbehaving|network is unreachable|i/o timeout"
    r"|TLS handshake timeout"
    r"|certificate signed by unknown authority|CERTIFICATE_VERIFY_FAILED|Failed to establish a new connection"
    r"|(Temporary failure|Could not) resolv|dial tcp .*connection refused",
    re.IGNORECASE,
)


def no_registry(ran: Ran) -> str:
    """The line of a failed build that says that a registry (of images or of packages) was not reached; or nothing."""
    lines = [line.strip() for line in (ran.stdout + "\n" + ran.stderr).splitlines()]
    return next((line[:300] for line in lines if _UNREACHABLE.search(line)), "")


def _steps(output: str) -> list[str]:
    """The images of single steps that Podman stored, as it reports them (not those that it reused)."""
    return re.findall(r"^--> ([0-9a-f]{11,64})\s*$", output, re.MULTILINE)


def given_bases(instructions: tuple[containerfile.Instruction, ...]) -> tuple[containerfile.Base, ...]:
    """The bases of a build on this machine: ARGs as its build options set them, or as the file does."""
    options = machine_build_options()
    given = {}
    for at, word in enumerate(options):
        text = (
            word.partition("=")[2]
            if word.startswith("--build-arg=")
            else options[at + 1]
            if word == "--build-arg"
            else ""
        )
        name, _, value = text.partition("=")
        given[name] = value
    return containerfile.bases(instructions, given)


def search(
    engine: Engine, tag: str, archive: Path, planted: Planted, project: Project, known: list[str]
) -> images.Contents:
    """Save the image and read its layers: planted texts, secret files of the project, the model."""
    saved = engine.ask("save", "--output", str(archive), tag, seconds=300)
    if not saved.ok:
        raise OSError(saved.said)
    hashes, sizes = {}, set()
    for path in sorted(project.folder.rglob("*")):
        name = path.relative_to(project.folder).as_posix()
        if SECRET_FILE.search(name) and path.is_file() and path.stat().st_size:
            hashes[hashlib.sha256(path.read_bytes()).hexdigest()] = name
            sizes.add(path.stat().st_size)
    for name in project.model:
        path = project.folder / name
        if path.is_file():
            hashes[hashlib.sha256(path.read_bytes()).hexdigest()] = f"model:{name}"
            sizes.add(path.stat().st_size)
    endings = {name: f"model:{name}" for name in project.model}
    return images.read(archive, planted.needles, hashes, endings, sizes, known)


def base_layers(engine: Engine, instructions: tuple[containerfile.Instruction, ...]) -> list[str]:
    """The layers that come with the bases, where the engine knows them: nobody's secrets of this project are there."""
    layers: list[str] = []
    for base in given_bases(instructions):
        layers += engine.inspect(".RootFS.Layers", base.reference) or []
    return layers
