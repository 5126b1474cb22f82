"""Milestone 1: honest scripts of several styles are verified, and each planted fault is named by its probe."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from gradus.errors import UsageError
from gradus.grader import Grader
from gradus.learner import Workspace
from gradus.milestones import Report, prove
from gradus.roadmap import load_roadmap

SOLUTION = (load_roadmap().stage(1).folder / "milestone" / "solution.py").read_text()


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    with Grader() as made:
        yield made


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("work") / "mine"
    return Workspace.create(folder, load_roadmap(), git=False)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rng = np.random.default_rng(5)
    frame = pd.DataFrame(
        {
            "city": rng.choice(["Oslo", "Lima", "Pune"], 120),
            "rent": rng.gamma(3, 400, 120).round(2),
            "rooms": rng.integers(1, 7, 120),
        }
    )
    frame.loc[rng.choice(120, 6, replace=False), "rent"] = np.nan
    path = tmp_path_factory.mktemp("data") / "flats.csv"
    frame.to_csv(path, index=False)
    return path


def examine(tmp_path: Path, grader: Grader, workspace: Workspace, data: Path, source: str, seed: int = 11) -> Report:
    path = tmp_path / "milestone.py"
    path.write_text(source)
    return prove(1, workspace, grader=grader, file=path, data=data, seed=seed)


PANDAS_DESCRIBE = SOLUTION.replace(
    'return df.select_dtypes("number").agg(["count", "mean", "std", "min", "median", "max"]).T',
    'return df.describe().rename(index={"50%": "median"})',
)
NUMPY_AND_DICTS = """
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

def load(path):
    df = pd.read_csv(path)
    df["city"] = df["city"].astype("category")
    return df

def stats(df):
    out = {}
    for name in df.select_dtypes("number"):
        x = df[name].dropna().to_numpy(float)
        out[name] = dict(count=len(x), mean=x.mean(), std=x.std(), min=x.min(), median=np.median(x), max=x.max())
    return out

def plot(df, column):
    counts, edges = np.histogram(df[column].dropna(), bins=12)
    fig, ax = plt.subplots()
    ax.bar(edges[:-1], counts, width=np.diff(edges), align="edge")
    ax.set_xlabel(f"{column} (per month)")
    return ax
"""
DROPS_INCOMPLETE_ROWS = SOLUTION.replace("return pd.read_csv(path)", "return pd.read_csv(path).dropna()")


@pytest.mark.parametrize("source", [SOLUTION, PANDAS_DESCRIBE, NUMPY_AND_DICTS], ids=["agg", "describe", "numpy"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_honest_scripts_are_verified(
    tmp_path: Path, grader: Grader, workspace: Workspace, data: Path, source: str, seed: int
) -> None:
    report = examine(tmp_path, grader, workspace, data, source, seed)
    assert [(probe.id, probe.message) for probe in report.probes if probe.outcome != "passed"] == []
    assert report.outcome == "verified"


def replaced(old: str, new: str) -> str:
    assert old in SOLUTION
    return SOLUTION.replace(old, new)


HIST = 'ax.hist(df[column].dropna(), bins="auto", edgecolor="white")'
FAULTS = {
    "constants": (
        replaced(
            'return df.select_dtypes("number")',
            'df = pd.DataFrame({"rent": [1.0, 2.0], "rooms": [1, 2]})\n    return df',
        ),
        "statistics",
        "count of “rent”",
    ),
    "first rows only": (replaced("pd.read_csv(path)", "pd.read_csv(path).head(50)"), "shuffled", "shuffled"),
    "fills missing values": (replaced("pd.read_csv(path)", "pd.read_csv(path).fillna(0)"), "missing", "filled in"),
    "counts rows, not values": (
        replaced('"max"]).T', '"max"]).T.assign(count=len(df))'),
        "statistics",
        "count of “rent”",
    ),
    "mean for median": (
        replaced('"max"]).T', '"max"]).T.assign(median=df.mean(numeric_only=True))'),
        "statistics",
        "median of",
    ),
    "density": (replaced("edgecolor", "density=True, edgecolor"), "bars", "density"),
    "clipped range": (replaced('bins="auto"', 'range=(0, 1), bins="auto"'), "bars", "add up to"),
    "no label": (replaced("ax.set_xlabel(column)", "pass"), "bars", "label of the x axis"),
    "a line": (replaced(HIST, "ax.plot(df[column])"), "bars", "No bars"),
    "not returned": (replaced("return ax", "plt.show()"), "bars", "returns None"),
    "raises": (replaced("return pd.read_csv(path)", "return pd.read_csv(path)['nothing']"), "loads", "KeyError"),
    "unwritten": (replaced("return pd.read_csv(path)", "raise NotImplementedError"), "loads", "not written yet"),
    "misspelled": (replaced("def stats", "def statistics"), "loads", "does not define `stats`"),
    "printed": (replaced("return df.select_dtypes", "print(df)\n    df.select_dtypes"), "statistics", "returned None"),
    "endless": (replaced("return pd.read_csv(path)", "while True: pass"), "loads", "never ends"),
    "exits": (replaced("return pd.read_csv(path)", "import os; os._exit(0)"), "loads", "load"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_named_by_its_probe(
    tmp_path: Path, grader: Grader, workspace: Workspace, data: Path, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gradus.milestones import proving as module
    from gradus.roadmap import Limits

    if fault == "endless":
        monkeypatch.setattr(module, "LIMITS", Limits(seconds=1.0))
    source, probe_id, words = FAULTS[fault]
    report = examine(tmp_path, grader, workspace, data, source)
    failed = [probe for probe in report.probes if probe.outcome == "failed"]
    assert report.outcome == "unverified"
    assert failed[0].id == probe_id
    assert words in failed[0].message


def test_dropping_incomplete_rows_is_honest_where_one_column_is_missing(
    tmp_path: Path, grader: Grader, workspace: Workspace, data: Path
) -> None:
    report = examine(tmp_path, grader, workspace, data, DROPS_INCOMPLETE_ROWS)
    assert {probe.id: probe.outcome for probe in report.probes}["statistics"] == "passed"


def test_the_evidence_says_what_ran_on_what_and_what_was_measured(
    tmp_path: Path, grader: Grader, workspace: Workspace, data: Path
) -> None:
    report = examine(tmp_path, grader, workspace, data, SOLUTION)
    assert report.evidence is not None
    written = json.loads(report.evidence.read_text())
    assert written["outcome"] == "verified"
    assert set(written["files"]) == {"milestone.py", "flats.csv"}
    assert all(len(digest) == 64 for digest in written["files"].values())
    assert written["seed"] == 11
    assert {"python", "pandas", "gradus"} <= set(written["environment"])
    assert all(probe["measured"] for probe in written["probes"])
    again = examine(tmp_path, grader, workspace, data, SOLUTION)
    assert again.evidence != report.evidence
    assert report.evidence.exists()


def test_the_first_call_lays_out_the_task(grader: Grader, tmp_path: Path) -> None:
    fresh = Workspace.create(tmp_path / "fresh", load_roadmap(), git=False)
    milestone = fresh.root / "1-python-and-maths" / "milestone.py"
    milestone.unlink(missing_ok=True)
    with pytest.raises(UsageError, match="yours to write"):
        prove(1, fresh, grader=grader)
    assert "def load" in milestone.read_text()
    with pytest.raises(UsageError, match="no such file"):
        prove(1, fresh, grader=grader)
    milestone.write_text("def load(path):\n    return 1\n")
    with pytest.raises(UsageError, match="No data set is named"):
        prove(1, fresh, grader=grader)


def test_a_stage_without_a_prover_says_so(grader: Grader, workspace: Workspace) -> None:
    with pytest.raises(UsageError, match="cannot be proved yet"):
        prove(3, workspace, grader=grader)
