"""Projects that can be made again, and faults planted in them: each is named."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from gradus.provers.reproduction import examine, notebooks, pins
from tests.provers.conftest import commit, run

TRAIN = """
import json, random
from pathlib import Path
import numpy as np
HERE = Path(__file__).parent
rows = [float(line) for line in (HERE / "data.csv").read_text().split()]
rng = random.Random(0)
score = sum(row * rng.random() for row in rows)
(HERE / "metrics.json").write_text(json.dumps({"valid": {"score": score}, "rows": len(rows)}))
"""
SERVICE = """
[reproduce]
command = ["python", "train.py"]
metrics = "metrics.json"
tolerance = 1e-9
"""


def numpy_version() -> str:
    from importlib.metadata import version

    return version("numpy")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small honest project, trained and committed."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "train.py").write_text(TRAIN)
    (folder / "data.csv").write_text("1.5\n2.5\n4\n")
    (folder / "service.toml").write_text(SERVICE)
    (folder / "requirements.txt").write_text(f"# what it runs on\nnumpy=={numpy_version()}  # arrays\n")
    run(folder, "python", "train.py")
    commit(folder)
    return folder


def change(folder: Path, old: str, new: str, name: str = "train.py") -> None:
    text = (folder / name).read_text()
    assert old in text
    (folder / name).write_text(text.replace(old, new))


def trained(folder: Path) -> None:
    run(folder, "python", "train.py")
    commit(folder)


# ------------------------------------------------------------------------------------------------ planted faults


def unpinned(folder: Path) -> None:
    (folder / "requirements.txt").write_text("numpy>=2\n")
    commit(folder)


def from_a_branch(folder: Path) -> None:
    (folder / "requirements.txt").write_text(f"numpy=={numpy_version()}\n-e git+https://example.invalid/x.git#egg=x\n")
    commit(folder)


def not_listed(folder: Path) -> None:
    change(folder, "import numpy as np", "import numpy as np, pandas")
    trained(folder)


def no_requirements(folder: Path) -> None:
    (folder / "requirements.txt").unlink()
    commit(folder)


def path_outside(folder: Path) -> None:
    change(folder, '(HERE / "data.csv")', f"Path({str(folder / 'data.csv')!r})")
    trained(folder)


def unseeded(folder: Path) -> None:
    change(folder, "random.Random(0)", "random.Random()")
    trained(folder)


def hash_order(folder: Path) -> None:
    change(folder, "for row in rows)", 'for row in {f"row {k}": row for k, row in enumerate(rows)}.values())')
    change(
        folder, "score = ", "rows = [float(x) for x in {str(row + k / 7) for row in rows for k in range(40)}]\nscore = "
    )
    trained(folder)


def not_committed(folder: Path) -> None:
    (folder / ".gitignore").write_text("*.csv\n")
    subprocess.run(["git", "rm", "--quiet", "--cached", "data.csv"], cwd=folder, check=True)
    commit(folder)


def module_not_committed(folder: Path) -> None:
    (folder / ".gitignore").write_text("helpers.py\n")
    (folder / "helpers.py").write_text("ONE = 1\n")
    change(folder, "import json, random", "import json, random\nfrom helpers import ONE")
    trained(folder)


def by_hand(folder: Path) -> None:
    change(folder, '(HERE / "metrics.json").write_text', "print")
    commit(folder)


def other_numbers(folder: Path) -> None:
    (folder / "metrics.json").write_text(json.dumps({"valid": {"score": 0.99}, "rows": 3}))
    commit(folder)


def metrics_left_out(folder: Path) -> None:
    (folder / ".gitignore").write_text("metrics.json\n")
    subprocess.run(["git", "rm", "--quiet", "--cached", "metrics.json"], cwd=folder, check=True)
    commit(folder)


def crashes(folder: Path) -> None:
    change(folder, "import json, random", "import json, random\nraise SystemExit('no GPU')")
    commit(folder)


RUN_NOTEBOOK = """
import json
cells = json.load(open("train.ipynb"))["cells"]
space = {"__file__": "train.ipynb"}
for cell in cells:
    exec("".join(cell["source"]), space)
"""


def notebook(folder: Path, order: list[int], sources: list[str]) -> None:
    """A notebook whose cells stand as given, and were run in ``order``."""
    cells = [
        {"cell_type": "code", "execution_count": count, "source": [source], "outputs": [], "metadata": {}}
        for count, source in zip(order, sources, strict=True)
    ]
    (folder / "train.ipynb").write_text(
        json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    )
    (folder / "run_notebook.py").write_text(RUN_NOTEBOOK)
    change(folder, '"train.py"', '"run_notebook.py"', "service.toml")


WRITE = 'import json\njson.dump({"score": round(share * 4, 6)}, open("metrics.json", "w"))'


def notebook_order(folder: Path) -> None:
    """The first cell was changed after the others had used what it said: 0.9 was in memory, 0.5 is on the page."""
    notebook(folder, [5, 2, 3], ["share = 0.5", "share = share + 0", WRITE])
    (folder / "metrics.json").write_text(json.dumps({"score": 3.6}))
    commit(folder)


def notebook_hidden_name(folder: Path) -> None:
    """The cell that made the name was deleted."""
    notebook(folder, [2, 3], ["share = half + 0", WRITE])
    (folder / "metrics.json").write_text(json.dumps({"score": 2.0}))
    commit(folder)


def no_repository(folder: Path) -> None:
    (folder / ".git").rename(folder.parent / "elsewhere")


FAULTS: list[tuple[Callable[[Path], None], str, str]] = [
    (unpinned, "reproduce.pins", "unpinned_requirement"),
    (from_a_branch, "reproduce.pins", "unpinned_requirement"),
    (not_listed, "reproduce.pins", "requirement_missing"),
    (no_requirements, "reproduce.pins", "requirements_missing"),
    (path_outside, "reproduce.inside", "path_outside_project"),
    (unseeded, "reproduce.metrics", "unseeded_training"),
    (hash_order, "reproduce.metrics", "hash_order"),
    (not_committed, "reproduce.command", "file_not_committed"),
    (module_not_committed, "reproduce.command", "file_not_committed"),
    (by_hand, "reproduce.command", "metrics_not_written"),
    (other_numbers, "reproduce.metrics", "metrics_differ"),
    (metrics_left_out, "reproduce.clone", "metrics_not_committed"),
    (crashes, "reproduce.command", "command_failed"),
    (notebook_order, "reproduce.metrics", "notebook_order"),
    (notebook_hidden_name, "reproduce.command", "notebook_order"),
    (no_repository, "reproduce.clone", "not_a_repository"),
]


@pytest.mark.parametrize(("plant", "where", "fault"), FAULTS, ids=lambda value: getattr(value, "__name__", None))
def test_each_fault_is_named(folder: Path, plant: Callable[[Path], None], where: str, fault: str) -> None:
    plant(folder)
    found = {probe.id: probe for probe in examine(folder)}
    assert found[where].fault == fault, found
    assert [probe.id for probe in found.values() if probe.outcome == "failed"] == [where]
    assert len(found[where].message) > 80


# ------------------------------------------------------------------------------------------------ honest variants


def test_the_honest_project_passes(folder: Path) -> None:
    probes = list(examine(folder))
    assert [probe.outcome for probe in probes] == ["passed"] * 5, [probe.message for probe in probes]
    assert probes[-1].measured["valid.score"] == json.loads((folder / "metrics.json").read_text())["valid"]["score"]


def test_changes_that_are_not_committed_are_said_and_left_out(folder: Path) -> None:
    change(folder, "score = sum", "score = 1 + sum")
    (folder / "notes.txt").write_text("to do")
    probes = {probe.id: probe for probe in examine(folder)}
    assert all(probe.outcome == "passed" for probe in probes.values())
    assert probes["reproduce.clone"].measured["uncommitted"] == "train.py, notes.txt"


def test_other_versions_than_installed_are_said(folder: Path) -> None:
    (folder / "requirements.txt").write_text("numpy==1.0.1\nno-such-package==2.0\n")
    commit(folder)
    probes = {probe.id: probe for probe in examine(folder)}
    assert probes["reproduce.pins"].outcome == "not_applicable"
    assert "numpy 1.0.1 is" in probes["reproduce.pins"].message
    assert "no-such-package 2.0 is not installed" in probes["reproduce.pins"].message
    assert probes["reproduce.metrics"].outcome == "passed"


def test_a_wide_tolerance_is_the_learners_to_state(folder: Path) -> None:
    change(folder, "tolerance = 1e-9", "tolerance = 100.0", "service.toml")
    change(folder, "random.Random(0)", "random.Random()")
    trained(folder)
    assert all(probe.outcome == "passed" for probe in examine(folder))


def test_a_notebook_beside_the_command_does_not_matter(folder: Path) -> None:
    notebook(folder, [7, 3], ["a = 1", "b = 2"])
    change(folder, '"run_notebook.py"', '"train.py"', "service.toml")
    commit(folder)
    assert all(probe.outcome == "passed" for probe in examine(folder))
    assert notebooks.out_of_order(folder) == ("train.ipynb", [7, 3])


def test_a_notebook_run_from_top_to_bottom_passes(folder: Path) -> None:
    notebook(folder, [1, 2], ["share = 0.5", WRITE])
    run(folder, "python", "run_notebook.py")
    commit(folder)
    assert all(probe.outcome == "passed" for probe in examine(folder))


def test_a_project_below_the_repository_root_passes(tmp_path: Path, folder: Path) -> None:
    (folder / ".git").rename(tmp_path / ".git")
    commit(tmp_path, "One level up")
    assert all(probe.outcome == "passed" for probe in examine(folder))


def test_nothing_declared_is_said(tmp_path: Path) -> None:
    (tmp_path / "service.toml").write_text("[service]\n")
    (probe,) = examine(tmp_path)
    assert probe.outcome == "not_applicable"


# ------------------------------------------------------------------------------------------------ requirements


@pytest.mark.parametrize(
    ("line", "name", "version"),
    [
        ("numpy==2.1.0", "numpy", "2.1.0"),
        ("Foo_Bar[extra] == 1.0 ; python_version < '4'", "foo-bar", "1.0"),
        ("scipy===1.2", "scipy", "1.2"),
        ("numpy", "numpy", ""),
        ("numpy==2.*", "numpy", ""),
        ("numpy~=2.1", "numpy", ""),
        ("numpy==2.0,<3", "numpy", ""),
        ("x @ https://example.invalid/x.whl", "x", ""),
    ],
)
def test_what_counts_as_pinned(tmp_path: Path, line: str, name: str, version: str) -> None:
    (tmp_path / "r.txt").write_text(f"# {line}\n\n--index-url https://example.invalid\n{line}  # why\n")
    (found,) = pins.read_requirements(tmp_path, ["r.txt"])
    assert (found.name, found.version, found.where) == (name, version, "r.txt:4")


def test_included_files_are_read_once(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("-r b.txt\nx==1\n")
    (tmp_path / "b.txt").write_text("-r a.txt\ny==2 --hash=sha256:00\n")
    assert [(row.name, row.version) for row in pins.read_requirements(tmp_path, ["a.txt"])] == [("y", "2"), ("x", "1")]


@pytest.mark.slow
def test_the_reference_project_is_made_again_by_dvc(made_project: Path) -> None:
    pytest.importorskip("dvc", reason="the extra “mlops” is not installed")
    probes = list(examine(made_project))
    assert [probe.outcome for probe in probes] in (["passed"] * 5, ["passed", "not_applicable", *["passed"] * 3]), (
        probes
    )
