"""Faults planted in a small project tracked by MLflow: each is named."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from gradus.provers.tracking import examine, mlflow_reader, mlflow_store
from gradus.provers.tracking.runs import Unreadable
from tests.provers.conftest import commit, run

pytest.importorskip("mlflow", reason="the extra “mlops” is not installed")

TRAIN = """
import hashlib, json, os, sys
from pathlib import Path
import mlflow

HERE = Path(__file__).parent.resolve()
REUSED = os.environ.get("REUSED")
def sha(path):
    return hashlib.sha256((HERE / path).read_bytes()).hexdigest()
def score(weight, name):
    rows = [line.split(",") for line in (HERE / "data" / name).read_text().split()]
    return sum((float(x) * weight > 1) == (y == "1") for x, y in rows) / len(rows)
def main():
    mlflow.set_tracking_uri(f"sqlite:///{HERE / 'mlflow.db'}")
    if mlflow.get_experiment_by_name("e") is None:
        mlflow.create_experiment("e", artifact_location=(HERE / "mlruns").as_uri())
    mlflow.set_experiment("e")
    tags = {f"sha256/{path}": sha(path) for path in ("data/valid.csv", "train.py")}
    best = None
    for weight in (0.5, 2.0, 4.0):
        with mlflow.start_run(tags=tags) as run:
            (HERE / "model.json").write_text(json.dumps({"weight": weight}))
            mlflow.log_metric("valid_accuracy", score(weight, "valid.csv"))
            mlflow.log_metric("test_accuracy", score(weight, "test.csv"))
            mlflow.log_artifact(str(HERE / "model.json"))
            mlflow.set_tag("sha256/model.json", sha("model.json"))
        if best is None or score(weight, "valid.csv") > best[0]:
            best = score(weight, "valid.csv"), weight, run.info.run_id
    (HERE / "model.json").write_text(json.dumps({"weight": best[1]}))
    (HERE / "claim.json").write_text(json.dumps({"run": best[2]}))
if __name__ == "__main__":
    main()
"""
EVALUATE = """
import json
from pathlib import Path
from train import score
def metric():
    return score(json.loads((Path(__file__).parent / "model.json").read_text())["weight"], "valid.csv")
"""
SERVICE = """
[tracking]
store = "mlflow.db"
claim = "claim.json"
artifact = "model.json"
metric = "valid_accuracy"
recompute = "evaluate:metric"
data = ["data/valid.csv"]
code = ["train.py"]
"""


@pytest.fixture(scope="module")
def tracked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tracked") / "small"
    (folder / "data").mkdir(parents=True)
    (folder / "train.py").write_text(TRAIN)
    (folder / "evaluate.py").write_text(EVALUATE.replace("from train import score", SCORE))
    (folder / "service.toml").write_text(SERVICE)
    # Of the three weights, 2.0 is best on the validation rows (0.9) and 4.0 on the test rows.
    valid = [(0.6, 1), (0.7, 1), (0.8, 1), (0.9, 1), (0.2, 0), (0.3, 0), (0.4, 0), (0.45, 0), (0.1, 0), (0.05, 1)]
    test = [(0.3, 1), (0.4, 1), (0.6, 1), (0.2, 0), (0.1, 0)]
    for name, rows in (("valid.csv", valid), ("test.csv", test)):
        (folder / "data" / name).write_text("".join(f"{x},{y}\n" for x, y in rows))
    (folder / ".gitignore").write_text("mlflow.db\nmlruns/\n__pycache__/\n")
    commit(folder)
    run(folder, "python", "train.py")
    return folder


@pytest.fixture
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read stores here: MLflow is imported once, not once for each fault."""

    def ask(uri: str, place: str) -> object:
        try:
            return mlflow_reader.read(uri)
        except Exception as error:
            raise Unreadable(f"MLflow cannot read the store: {error}") from None

    monkeypatch.setattr(mlflow_store, "_ask", ask)


SCORE = """
def score(weight, name):
    rows = [line.split(",") for line in (Path(__file__).parent / "data" / name).read_text().split()]
    return sum((float(x) * weight > 1) == (y == "1") for x, y in rows) / len(rows)
"""


def edit(folder: Path, sql: str, *values: object) -> None:
    with sqlite3.connect(folder / "mlflow.db") as store:
        store.execute(sql, values)
    store.close()


def claimed(folder: Path) -> str:
    return str(json.loads((folder / "claim.json").read_text())["run"])


def best_by(folder: Path, metric: str, place: int = 0) -> str:
    with sqlite3.connect(folder / "mlflow.db") as store:
        rows = store.execute(
            "SELECT run_uuid FROM latest_metrics WHERE key = ? ORDER BY value DESC", (metric,)
        ).fetchall()
    store.close()
    return str(rows[place][0])


def deploy(folder: Path, name: str) -> None:
    shutil.copyfile(folder / "mlruns" / name / "artifacts" / "model.json", folder / "model.json")
    (folder / "claim.json").write_text(json.dumps({"run": name}))


# ------------------------------------------------------------------------------------------------ planted faults


def another_run(folder: Path) -> None:
    (folder / "claim.json").write_text(json.dumps({"run": best_by(folder, "valid_accuracy", 1)}))


def edited_metric(folder: Path) -> None:
    edit(
        folder, "UPDATE latest_metrics SET value = 0.99 WHERE run_uuid = ? AND key = 'valid_accuracy'", claimed(folder)
    )


def edited_history_too(folder: Path) -> None:
    edited_metric(folder)
    edit(folder, "UPDATE metrics SET value = 0.99 WHERE run_uuid = ? AND key = 'valid_accuracy'", claimed(folder))


def replaced_artifact(folder: Path) -> None:
    (folder / "model.json").write_text('{"weight": 1.9}')


def replaced_in_both_places(folder: Path) -> None:
    replaced_artifact(folder)
    shutil.copyfile(folder / "model.json", folder / "mlruns" / claimed(folder) / "artifacts" / "model.json")


def changed_data(folder: Path) -> None:
    text = (folder / "data" / "valid.csv").read_text()
    (folder / "data" / "valid.csv").write_text(text.replace("0.05,1", "0.05,0"))


def changed_code(folder: Path) -> None:
    with (folder / "train.py").open("a") as stream:
        stream.write("# a better way\n")


def picked_by_test(folder: Path) -> None:
    deploy(folder, best_by(folder, "test_accuracy"))


def reused_run(folder: Path) -> None:
    text = (folder / "train.py").read_text()
    again = text.replace("mlflow.start_run(tags=tags)", f"mlflow.start_run(run_id={claimed(folder)!r})")
    (folder / "again.py").write_text(again.replace("(0.5, 2.0, 4.0)", "(2.0,)"))
    run(folder, "python", "again.py")


def deleted_store(folder: Path) -> None:
    (folder / "mlflow.db").unlink()


def new_store(folder: Path) -> None:
    (folder / "claim.json").write_text(json.dumps({"run": "0" * 32}))


def failed_run(folder: Path) -> None:
    edit(folder, "UPDATE runs SET status = 'FAILED' WHERE run_uuid = ?", claimed(folder))


def number_by_heart(folder: Path) -> None:
    (folder / "evaluate.py").write_text("def metric():\n    return 0.9\n")


def number_by_heart_beside_the_file(folder: Path) -> None:
    number_by_heart(folder)
    reads = "(Path(__file__).parent / 'model.json').read_text()"
    (folder / "evaluate.py").write_text(f"from pathlib import Path\ndef metric():\n    {reads}\n    return 0.9\n")


def broken_store(folder: Path) -> None:
    (folder / "mlflow.db").write_bytes(b"not a database" * 100)


FAULTS: list[tuple[Callable[[Path], None], str, str]] = [
    (another_run, "tracking.artifact", "artifact_of_another_run"),
    (another_run, "tracking.metric", "metric_of_another_run"),
    (edited_metric, "tracking.metric", "metric_edited"),
    (edited_history_too, "tracking.metric", "metric_edited"),
    (replaced_artifact, "tracking.artifact", "artifact_replaced"),
    (replaced_in_both_places, "tracking.artifact", "artifact_replaced"),
    (changed_data, "tracking.data", "data_changed"),
    (changed_data, "tracking.metric", "metric_differs"),
    (changed_code, "tracking.code", "code_changed"),
    (picked_by_test, "tracking.choice", "picked_by_test"),
    (reused_run, "tracking.run", "run_reused"),
    (deleted_store, "tracking.run", "store_missing"),
    (new_store, "tracking.run", "run_unknown"),
    (failed_run, "tracking.run", "run_unfinished"),
    (number_by_heart, "tracking.metric", "metric_not_from_artifact"),
    (number_by_heart_beside_the_file, "tracking.metric", "metric_not_from_artifact"),
    (broken_store, "tracking.run", "store_unreadable"),
]


def test_the_honest_project_passes(tracked: Path) -> None:
    probes = list(examine(tracked))
    assert [probe.outcome for probe in probes] == ["passed"] * 6, [probe.message for probe in probes]
    assert probes[4].measured["valid_accuracy"] == 0.9


@pytest.mark.parametrize("plant", dict.fromkeys(fault[0] for fault in FAULTS), ids=lambda plant: plant.__name__)
@pytest.mark.usefixtures("in_this_process")
def test_each_fault_is_named(tracked: Path, tmp_path: Path, plant: Callable[[Path], None]) -> None:
    folder = Path(shutil.copytree(tracked, tmp_path / "small"))
    plant(folder)
    found = {probe.id: probe for probe in examine(folder)}
    for _, where, fault in (row for row in FAULTS if row[0] is plant):
        assert found[where].fault == fault, found[where]
        assert len(found[where].message) > 80


# ------------------------------------------------------------------------------------------------ honest variants


@pytest.mark.usefixtures("in_this_process")
def test_a_commit_stands_in_for_hashes(tracked: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(tracked, tmp_path / "small"))
    commit(folder)
    head = subprocess.check_output(["git", "rev-parse", "HEAD"], cwd=folder, text=True).strip()
    edit(folder, "DELETE FROM tags WHERE key LIKE 'sha256/%'")
    edit(folder, "DELETE FROM tags WHERE key = 'mlflow.source.git.commit'")
    assert {probe.id: probe.fault for probe in examine(folder)}["tracking.code"] == "code_not_recorded"
    edit(folder, "INSERT INTO tags (key, value, run_uuid) VALUES ('git_commit', ?, ?)", head, claimed(folder))
    assert all(probe.outcome == "passed" for probe in examine(folder))


@pytest.mark.usefixtures("in_this_process")
def test_a_worse_run_may_be_deployed_when_the_test_did_not_choose_it(tracked: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(tracked, tmp_path / "small"))
    worst = best_by(folder, "valid_accuracy", 2)
    edit(folder, "DELETE FROM latest_metrics WHERE key = 'test_accuracy'")
    edit(folder, "DELETE FROM metrics WHERE key = 'test_accuracy'")
    deploy(folder, worst)
    assert [probe.outcome for probe in examine(folder)] == ["passed"] * 6


def test_nothing_declared_is_said(tmp_path: Path) -> None:
    (tmp_path / "service.toml").write_text("[service]\n")
    (probe,) = examine(tmp_path)
    assert probe.outcome == "not_applicable"
    assert "[tracking]" in probe.message


def test_the_reference_project_passes(made_project: Path) -> None:
    probes = list(examine(made_project))
    assert [probe.outcome for probe in probes] == ["passed"] * 6, [probe.message for probe in probes]
