"""What needs no engine: names of bases, ignore files, layers, and the declared command in a fresh environment."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from gradus.errors import UsageError
from gradus.provers import container_build, containerfile, context, images
from gradus.provers.container_faults import TEACHING
from gradus.provers.containers import examine
from gradus.provers.engines import NoEngine, Ran, find_engine
from gradus.provers.report import Probe
from tests.provers.containers.faults import BUILT, HONEST, STATIC, TRAIN, Planted, changed


def probed(folder: Path) -> dict[str, Probe]:
    return {probe.id: probe for probe in examine(folder, np.random.default_rng(5), engine="none")}


@pytest.mark.parametrize("name", sorted(STATIC))
def test_fault_is_named_before_a_build(name: str, make: Callable[[Planted], Path]) -> None:
    first = next(examine(make(STATIC[name]), np.random.default_rng(5)))
    assert first.fault == STATIC[name].expects


def test_no_engine_is_partial(make: Callable[[Planted], Path]) -> None:
    probes = probed(make(HONEST["as_it_is"]))
    assert probes["container_engine"].outcome == "not_applicable"
    assert "partial: no container engine" in probes["container_engine"].message
    others = {id: probe.outcome for id, probe in probes.items() if id != "container_engine"}
    assert others == dict.fromkeys(
        [
            *("container_base", "container_context", "environment_serves"),
            *("environment_answers", "environment_stop", "environment_model"),
        ],
        "passed",
    )
    assert "no requirements.txt" in probes["environment_serves"].measured["packages"]


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("copy_all", "container_context"),
        ("ignores_env_alone", "container_context"),
        ("deleted_later", "container_context"),
        ("positional", "environment_answers"),
        ("missing_value", "environment_answers"),
        ("always_ready", "environment_model"),
    ],
)
def test_fault_is_named_without_an_engine(name: str, id: str, make: Callable[[Planted], Path]) -> None:
    probe = probed(make(BUILT[name]))[id]
    expected = "secret_in_layer" if id == "container_context" else BUILT[name].expects
    assert probe.fault == expected, probe.message
    assert TEACHING[expected] in probe.message


def test_command_that_trains_is_named(make: Callable[[Planted], Path]) -> None:
    files = {"train.py": TRAIN, "app.py": changed("app.py", ("from scoring", "import train\nfrom scoring"))}
    assert probed(make(Planted("", files)))["environment_model"].fault == "trains_at_start"


def test_command_that_ends_is_named(make: Callable[[Planted], Path]) -> None:
    probe = probed(make(Planted("", {"app.py": "raise SystemExit('no such column')"})))["environment_serves"]
    assert probe.fault == "exits_at_start"
    assert "no such column" in probe.message


def test_project_without_declarations_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"service\.toml"):
        next(examine(tmp_path, np.random.default_rng(5)))


def test_engine_that_nobody_asked_for_is_not_found() -> None:
    assert find_engine("none") == NoEngine(("none was asked for",))


def test_containerfile_instructions() -> None:
    text = """# syntax=docker/dockerfile:1
ARG TAG=3.12.7
FROM python:${TAG} AS build
RUN apt-get update && \\
    # a comment within
    apt-get install -y gcc
COPY --from=build --chown=1:1 ["a b", "c", "/x/"]
RUN <<END
FROM inside:latest
END
from build
RUN --mount=type=secret,id=token,target=/t --mount=type=cache,target=/c true
"""
    parsed = containerfile.parse(text)
    assert [(one.keyword, one.line) for one in parsed] == [
        ("ARG", 2), ("FROM", 3), ("RUN", 4), ("COPY", 7), ("RUN", 8), ("FROM", 11), ("RUN", 12)
    ]  # fmt: skip
    assert parsed[2].value == "apt-get update && apt-get install -y gcc"
    assert parsed[3].arguments == ["a b", "c", "/x/"]
    assert parsed[3].flags == {"from": ["build"], "chown": ["1:1"]}
    assert [base.reference for base in containerfile.bases(parsed)] == ["python:3.12.7"]
    assert [base.reference for base in containerfile.bases(parsed, {"TAG": "3.13.0"})] == ["python:3.13.0"]
    assert containerfile.secret_mounts(parsed) == ("token",)


@pytest.mark.parametrize(
    ("reference", "moves"),
    [
        ("python", True),
        ("python:latest", True),
        ("registry.example:5000/team/python", True),
        ("registry.example:5000/team/python:3.12.7", False),
        ("python:3.13-slim-bookworm", False),
        ("python@sha256:" + "0" * 64, False),
        ("python:latest@sha256:" + "0" * 64, False),
        ("scratch", False),
        ("debian:stable", True),
    ],
)
def test_moving_bases(reference: str, moves: bool) -> None:
    assert containerfile.Base(reference, 1).moves is moves


@pytest.mark.parametrize(
    ("lines", "ignored"),
    [
        ([".env"], {".env"}),
        (["**/.env"], {".env", "config/.env"}),
        (["*.pem"], {"key.pem"}),
        (["*/*.pem"], {"config/key.pem"}),
        (["config"], {"config/.env", "config/key.pem", "config/deep/a.py"}),
        (["/config/"], {"config/.env", "config/key.pem", "config/deep/a.py"}),
        (["config/**"], {"config/.env", "config/key.pem", "config/deep/a.py"}),
        (["*", "!app.py"], {".env", "key.pem", "config/.env", "config/key.pem", "config/deep/a.py", "b.py"}),
        (["!app.py", "*.py"], {"app.py", "b.py"}),
        (["config", "!config/deep"], {"config/.env", "config/key.pem"}),
        (["# .env", "", "  .env  "], {".env"}),
        (["?.py"], {"b.py"}),
        (["[a-c].py", "./key.pem"], {"b.py", "key.pem"}),
    ],
)
def test_ignore_rules(lines: list[str], ignored: set[str]) -> None:
    files = [".env", "key.pem", "app.py", "b.py", "config/.env", "config/key.pem", "config/deep/a.py"]
    assert context.build_context(files, lines) == [name for name in files if name not in ignored]


def tar(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as made:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            made.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


def archive(path: Path, *layers: dict[str, bytes]) -> Path:
    """A saved image with these layers."""
    history = [{"created_by": f"step {number}"} for number in range(len(layers))]
    config = {"config": {}, "rootfs": {"diff_ids": [f"sha256:{n}" for n in range(len(layers))]}, "history": history}
    names = [f"{number}.tar" for number in range(len(layers))]
    manifest = [{"Config": "config.json", "RepoTags": ["a:1"], "Layers": names}]
    files = {"config.json": json.dumps(config).encode(), "manifest.json": json.dumps(manifest).encode()}
    path.write_bytes(tar(files | {name: tar(layer) for name, layer in zip(names, layers, strict=True)}))
    return path


@pytest.mark.parametrize(
    ("later", "gone"),
    [
        ({"app/.wh..env": b""}, True),
        ({"app/.wh..wh..opq": b""}, True),
        ({".wh.app": b""}, True),
        ({"app/.env": b"harmless"}, True),
        ({"app/.wh.env": b""}, False),
        ({"other/.wh..env": b""}, False),
    ],
)
def test_what_a_later_layer_hides(later: dict[str, bytes], gone: bool, tmp_path: Path) -> None:
    saved = archive(tmp_path / "image.tar", {"./app/.env": b"TOKEN=planted-1"}, later)
    contents = images.read(saved, {".env": b"planted-1"}, {}, {}, ())
    assert [(one.path, one.layer, one.gone_in) for one in contents.found] == [("app/.env", 0, 1 if gone else None)]


def test_layers_of_the_base_are_left_out(tmp_path: Path) -> None:
    saved = archive(tmp_path / "image.tar", {"a": b"planted-1"}, {"b": b"planted-1"})
    contents = images.read(saved, {"it": b"planted-1"}, {}, {}, (), known=["sha256:0"])
    assert [one.path for one in contents.found] == ["b"]


def test_deleting_adds_a_layer(tmp_path: Path) -> None:
    saved = archive(tmp_path / "image.tar", {"app/model.json": b"{}", "app/app.py": b""})
    images.without(saved, ["app/model.json"], "b:1", tmp_path / "without.tar")
    contents = images.read(tmp_path / "without.tar", {}, {}, {"model.json": "model"}, ())
    assert contents.layers == 2
    assert [(one.path, one.gone_in) for one in contents.found] == [("app/model.json", 1)]


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "image.tar").write_bytes(b"nothing")
    with pytest.raises(UsageError, match="cannot be read"):
        images.read(tmp_path / "image.tar", {}, {}, {}, ())


@pytest.mark.parametrize(
    ("said", "unreachable"),
    [
        (
            "Error: initializing source docker://python:3.13: pinging container registry registry: dial tcp: lookup",
            True,
        ),
        ("ERROR: failed to solve: python:3.13: dial tcp: lookup registry on 127.0.0.1:53: no such host", True),
        ("WARNING: Retrying: NewConnectionError: Failed to establish a new connection", True),
        ("E: Could not resolve 'packages.example'", True),
        ("Error: reading manifest 3.99 in docker.io/library/python: manifest unknown", False),
        ("ERROR: No matching distribution found for nothing==1.0", False),
    ],
)
def test_registries_out_of_reach(said: str, unreachable: bool) -> None:
    assert bool(container_build.no_registry(Ran(1, "STEP 1/2: FROM python:3.13", said))) is unreachable


def test_every_fault_of_the_tests_is_taught() -> None:
    planted = {fault.expects for fault in [*STATIC.values(), *BUILT.values()]}
    assert planted == set(TEACHING)
