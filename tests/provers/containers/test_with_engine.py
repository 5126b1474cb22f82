"""Every planted fault is named by building and running it, honest variants pass, and nothing is left behind."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from gradus.provers import containers, context, images
from gradus.provers.container_build import keeping
from gradus.provers.containers import examine
from gradus.provers.engines import Engine
from tests.provers.containers.faults import BUILT, FEW, HONEST, Planted

PROBES = [
    *("base", "engine", "build", "secrets", "user", "serves", "answers"),
    *("healthcheck", "stop", "restart", "model"),
]
ALL = os.environ.get("GRADUS_TEST_CONTAINERS") == "all"

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """The small project is ready within a second."""
    monkeypatch.setattr(containers, "READY_SECONDS", 15.0)


def left(engine: Engine) -> set[str]:
    """The images and containers of the prover that exist."""
    images = engine.ask("images", "--format", "{{.Repository}}:{{.Tag}}").stdout.split()
    containers = engine.ask("ps", "--all", "--format", "{{.Image}}").stdout.split()
    return {name for name in [*images, *containers] if "gradus-proof" in name or "<none>" in name}


@pytest.mark.parametrize("name", sorted(BUILT) if ALL else FEW)
def test_fault_is_named(name: str, make: Callable[[Planted], Path], engine: Engine) -> None:
    before = left(engine)
    planted = BUILT[name]
    failed = None
    for probe in examine(make(planted), np.random.default_rng(7)):
        if probe.outcome == "failed":
            failed = probe
            break
    assert failed is not None, "nothing was found"
    assert failed.fault == planted.expects, failed.message
    assert left(engine) == before


@pytest.mark.parametrize(
    "lines",
    [["*", "!app.py", "!data/keep.txt"], ["**/.env", "data/*.csv"], ["data", "  !data/keep.txt ", "# app.py", "?.env"]],
)
def test_ignore_rules_are_the_engines(lines: list[str], tmp_path: Path, engine: Engine) -> None:
    files = ["app.py", ".env", "a.env", "data/.env", "data/a.csv", "data/deep/b.csv", "data/keep.txt"]
    for name in files:
        (tmp_path / "project" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "project" / name).write_text("here")
    (tmp_path / "project" / ".dockerignore").write_text("\n".join(lines))
    (tmp_path / "Containerfile").write_text("FROM scratch\nCOPY . /\n")
    tag, saved = "localhost/gradus-proof:rules", tmp_path / "image.tar"
    with keeping(engine) as kept:
        kept.images.append(tag)
        file, project = str(tmp_path / "Containerfile"), str(tmp_path / "project")
        built = engine.ask("build", *engine.build_options, "--tag", tag, "--file", file, project)
        assert built.ok, built.said
        assert engine.ask("save", "--output", str(saved), tag).ok
    sent = {found.path for found in images.read(saved, {"it": b"here"}, {}, {}, ()).found}
    assert sorted(sent) == sorted(context.build_context(files, lines))


@pytest.mark.parametrize("name", sorted(HONEST) if ALL else ["as_it_is"])
def test_honest_project_passes(name: str, make: Callable[[Planted], Path], engine: Engine) -> None:
    before = left(engine)
    probes = list(examine(make(HONEST[name]), np.random.default_rng(7)))
    assert [(probe.id, probe.message) for probe in probes if probe.outcome != "passed"] == []
    assert [probe.id.removeprefix("container_") for probe in probes] == PROBES
    assert left(engine) == before
