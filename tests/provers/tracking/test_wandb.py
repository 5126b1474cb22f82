"""W&B's offline runs: their file format, and the same looks at them as at MLflow's."""

from __future__ import annotations

import hashlib
import json
import shutil
import struct
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus.provers.tracking import examine
from gradus.provers.tracking.wandb_store import BLOCK, HEADER, read_wandb, records
from tests.provers.conftest import run


def written(contents: list[bytes]) -> bytes:
    """A log as W&B writes it."""
    out = bytearray(HEADER)
    for content in contents:
        left, first = content, True
        while first or left:
            room = BLOCK - len(out) % BLOCK
            if room < 7:
                out += bytes(room)
                continue
            part, left = left[: room - 7], left[room - 7 :]
            kind = 1 if first and not left else 2 if first else 3 if left else 4
            out += struct.pack("<IHB", zlib.crc32(bytes([kind]) + part), len(part), kind) + part
            first = False
    return bytes(out)


@given(st.lists(st.integers(0, 3 * BLOCK), max_size=6), st.binary(min_size=1, max_size=50))
def test_records_come_back_whatever_their_size(sizes: list[int], seed: bytes) -> None:
    contents = [(seed * (size // len(seed) + 1))[:size] for size in sizes]
    assert list(records(written(contents))) == contents


def test_a_changed_byte_is_noticed_and_a_torn_end_is_not_an_error() -> None:
    log = written([b"one" * 20, b"two" * 20])
    with pytest.raises(ValueError, match="checksum"):
        list(records(log.replace(b"twotwo", b"twoTwo", 1)))
    assert list(records(log[:-10])) == [b"one" * 20]
    with pytest.raises(ValueError, match="begin"):
        list(records(b"something else"))


TRAIN = """
import hashlib, json, sys
from pathlib import Path
import wandb
HERE = Path(__file__).parent
sha = hashlib.sha256((HERE / "data.csv").read_bytes()).hexdigest()
for weight, score, test in ((1, 0.25, 0.9), (2, 0.5, 0.8)):
    (HERE / "model.json").write_text(json.dumps({"weight": weight}))
    with wandb.init(project="small", dir=str(HERE), config={"weight": weight, "sha256": {"data.csv": sha}}) as run:
        run.log({"valid_score": score / 2})
        run.log({"valid_score": score, "test_score": test})
        model = wandb.Artifact("model", "model")
        model.add_file(str(HERE / "model.json"))
        run.log_artifact(model)
        (HERE / f"claim-{weight}.json").write_text(json.dumps({"run": run.id}))
"""
EVALUATE = """
import json
from pathlib import Path
def metric():
    return json.loads((Path(__file__).parent / "model.json").read_text())["weight"] / 4
"""
SETTINGS = {
    "wandb": "wandb", "claim": "claim-2.json", "artifact": "model.json", "metric": "valid_score",
    "recompute": "evaluate:metric", "data": ["data.csv"], "code": ["train.py"],
}  # fmt: skip


@pytest.fixture(scope="module")
def tracked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("wandb", reason="the extra “mlops” is not installed")
    folder = tmp_path_factory.mktemp("wandb") / "small"
    folder.mkdir()
    (folder / "train.py").write_text(TRAIN)
    (folder / "evaluate.py").write_text(EVALUATE)
    (folder / "data.csv").write_text("1\n")
    run(folder, "python", "train.py")
    return folder


@pytest.fixture
def folder(tracked: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tracked, tmp_path / "small", symlinks=True))


def faults(folder: Path, **settings: object) -> dict[str, str | None]:
    return {probe.id: probe.fault for probe in examine(folder, settings={**SETTINGS, **settings})}


def test_what_a_run_says(folder: Path) -> None:
    store = read_wandb(folder / "wandb")
    chosen = store.find(json.loads((folder / "claim-2.json").read_text())["run"])
    assert chosen is not None
    assert chosen.finished
    assert chosen.metrics["valid_score"] == 0.5
    assert [value.value for value in chosen.history["valid_score"]] == [0.25, 0.5]
    assert chosen.hash_of("data.csv") == ("sha256", hashlib.sha256(b"1\n").hexdigest())
    assert any(artifact.holds((folder / "model.json").read_bytes()) for artifact in chosen.artifacts)


def test_an_honest_project_passes_but_for_the_code_that_it_did_not_record(folder: Path) -> None:
    found = {probe.id: probe for probe in examine(folder, settings={**SETTINGS, "code": []})}
    assert {name: probe.outcome for name, probe in found.items()} == {
        "tracking.run": "passed", "tracking.artifact": "passed", "tracking.data": "passed",
        "tracking.code": "not_applicable", "tracking.metric": "passed", "tracking.choice": "passed",
    }  # fmt: skip
    assert faults(folder)["tracking.code"] == "code_not_recorded"


def test_faults_are_named(folder: Path) -> None:
    first = faults(folder, claim="claim-1.json")
    assert first["tracking.artifact"] == "artifact_of_another_run"
    assert first["tracking.metric"] == "metric_of_another_run"
    assert first["tracking.choice"] == "picked_by_test"
    (folder / "data.csv").write_text("2\n")
    assert faults(folder)["tracking.data"] == "data_changed"
    (folder / "model.json").write_text('{"weight": 3}')
    assert faults(folder)["tracking.artifact"] == "artifact_replaced"


def test_a_file_that_was_edited_is_named(folder: Path) -> None:
    (file,) = sorted((folder / "wandb").glob("offline-run-*"))[1].glob("*.wandb")
    file.write_bytes(file.read_bytes().replace(b"valid_score", b"valid_scorf"))
    assert faults(folder) == {"tracking.run": "store_edited"}


def test_a_run_id_that_was_used_twice_is_named(folder: Path) -> None:
    claimed = json.loads((folder / "claim-2.json").read_text())["run"]
    (run_folder,) = (folder / "wandb").glob(f"offline-run-*-{claimed}")
    shutil.copytree(run_folder, run_folder.with_name("offline-run-again"))
    assert faults(folder) == {"tracking.run": "run_reused"}
