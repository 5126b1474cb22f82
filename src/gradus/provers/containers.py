"""The container prover: the project's image is built and run with whichever engine is there, and probed.

Nothing is read for keywords but the base image's name: secrets are planted in the project and looked for in every
layer that the build made; the user, the address and the model's part are seen in running containers. Where no engine
works, the declared command runs in a fresh virtual environment, and the evidence says *partial: no container engine*.
All images and containers that were made are removed, however the examination ends.
"""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from gradus.errors import UsageError
from gradus.provers import container_build, container_start, containerfile, images
from gradus.provers.container_faults import failed, not_applicable, passed
from gradus.provers.container_run import told
from gradus.provers.engines import Engine, NoEngine, find_engine, machine_build_options
from gradus.provers.environment import in_environment
from gradus.provers.project import Project
from gradus.provers.report import Probe

ROWS = 40
BUILD_SECONDS = 1200.0
READY_SECONDS = 60.0


def examine(folder: Path, rng: np.random.Generator, *, engine: str = "auto") -> Iterator[Probe]:
    """Build and run the project's image; one probe after another, as soon as each is known.

    ``engine`` is ``"auto"``, ``"podman"``, ``"docker"`` or ``"none"``. Raises :class:`UsageError` without a readable
    service.toml.
    """
    project = Project.read(folder)
    file = containerfile.find(folder, project.text("containerfile", ""))
    if file is None:
        title, named = "the project says how its image is made", project.text("containerfile", "")
        if named:
            yield failed("container_file", title, "no_containerfile", f"There is no file {named}.")
        else:
            yield not_applicable("container_file", title, "The project declares no Containerfile.")
        instructions: tuple[containerfile.Instruction, ...] = ()
    else:
        instructions = containerfile.parse(file.read_text(encoding="utf-8", errors="replace"))
        yield _base(instructions, file.name)
    found = find_engine(engine) if file is not None else NoEngine(("there is nothing to build",))
    if isinstance(found, NoEngine):
        yield not_applicable(
            "container_engine",
            "an engine builds and runs the image",
            f"partial: no container engine ({'; '.join(found.reasons)}). "
            "The declared command runs in a fresh environment.",
            partial="no container engine",
            reasons=list(found.reasons),
        )
        yield from in_environment(project, instructions, rng, rows=ROWS, seconds=READY_SECONDS)
        return
    yield passed(
        "container_engine",
        "an engine builds and runs the image",
        f"{found.name} {found.version} runs containers here.",
        engine=found.name,
        version=found.version,
        run_options=list(found.run_options),
        build_options=[*found.build_options, *machine_build_options()],
    )
    assert file is not None
    yield from _with_engine(project, file, instructions, found, rng)


def _base(instructions: tuple[containerfile.Instruction, ...], name: str) -> Probe:
    """The base is named so that the next build starts from the same."""
    title = "the base image is named exactly"
    bases = containerfile.bases(instructions)
    references = [base.reference for base in bases]
    for base in bases:
        if base.moves:
            seen = f"Line {base.line} of {name} builds on `{base.reference}`."
            return failed("container_base", title, "moving_base", seen, bases=references)
    if not bases:
        return failed("container_base", title, "build_failed", f"{name} has no FROM.")
    return passed("container_base", title, f"It builds on {', '.join(references)}.", bases=references)


def _with_engine(
    project: Project,
    file: Path,
    instructions: tuple[containerfile.Instruction, ...],
    engine: Engine,
    rng: np.random.Generator,
) -> Iterator[Probe]:
    tag = f"localhost/gradus-proof:{secrets.token_hex(6)}"
    with tempfile.TemporaryDirectory(prefix="gradus-") as place, container_build.keeping(engine) as kept:
        copy = Path(place) / "project"
        shutil.copytree(project.folder, copy, ignore=container_build.LEFT_OUT, symlinks=True)
        planted = container_build.plant(copy, instructions, rng)
        built = container_build.build(kept, project, file, planted, copy, tag, BUILD_SECONDS)
        title = "the image is built from a clean copy of the project"
        if not built.ok and (unreachable := container_build.no_registry(built)):
            seen = f"partial: no registry ({unreachable}). The declared command runs in a fresh environment."
            yield not_applicable("container_build", title, seen, partial="no registry", output=built.said)
            yield from in_environment(project, instructions, rng, rows=ROWS, seconds=READY_SECONDS)
            return
        if not built.ok:
            yield failed(
                "container_build", title, "build_failed", f"The build stops:\n{built.said}\n", output=built.said
            )
            return
        size = engine.inspect(".Size", tag)
        yield passed("container_build", title, f"Built: {(size or 0) / 1e6:.0f} MB.", size=size)

        archive = Path(place) / "image.tar"
        known = container_build.base_layers(engine, instructions)
        try:
            contents = container_build.search(engine, tag, archive, planted, project, known)
        except (OSError, UsageError) as error:
            yield not_applicable("container_secrets", "no secret is in the image", f"It cannot be saved: {error}")
            return
        yield _secrets(contents, planted)
        yield from container_start.examine(kept, project, tag, archive, contents, rng, rows=ROWS, seconds=READY_SECONDS)


def _secrets(contents: images.Contents, planted: container_build.Planted) -> Probe:
    """No layer, no variable and no line of the history holds what was planted."""
    id, title = "container_secrets", "no secret is in the image"
    held = [found for found in contents.found if not found.what.startswith("model:")]
    evidence: dict[str, Any] = {
        "layers": contents.layers,
        "planted": sorted(planted.needles),
        "found": [vars(found) for found in held[:20]],
    }
    for found in sorted(held, key=lambda found: found.gone_in is None):
        if found.gone_in is not None:
            seen = (
                f"A later step deletes `/{found.path}`, and layer {found.layer + 1} of {contents.layers} still holds "
                f"{found.what} of the project."
            )
            return failed(id, title, "secret_deleted_later", seen, **evidence)
        fault = "secret_in_history" if found.what.startswith("--build-arg") else "secret_in_layer"
        seen = f"`/{found.path}` in layer {found.layer + 1} of {contents.layers} holds {found.what} of the project."
        return failed(id, title, fault, seen, **evidence)
    environment = [str(line) for line in contents.settings.get("Env") or []]
    whole = "\n".join([*contents.history, *environment, told(contents.settings.get("Labels"))])
    for line in environment:
        name, _, value = line.partition("=")
        ours = any(text in value for text in planted.arguments.values())
        hard = container_build.SECRET_NAME.search(name) and len(value) >= 6 and not value.startswith("/")
        if ours or hard:
            seen = f"The image's configuration sets {name}, for everybody who has the image to read."
            return failed(id, title, "secret_in_environment", seen, **evidence, variable=name)
    for what, needle in planted.needles.items():
        if needle.decode() in whole:
            seen = f"The image's history shows the value given as `{what}`."
            return failed(id, title, "secret_in_history", seen, **evidence)
    return passed(id, title, f"{len(planted.needles)} planted secrets, none in {contents.layers} layers.", **evidence)
