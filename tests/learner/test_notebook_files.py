"""A unit as a paired notebook."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from gradus.learner import Workspace
from gradus.learner.notebooks import lesson_cells, notebook_files
from gradus.roadmap import Roadmap, load_roadmap


def test_a_lesson_becomes_prose_and_code() -> None:
    text = (
        "# Title\n\nProse.\n\n```python\nx = 1\nprint(x)\n```\n\n```output\n1\n```\n\nMore `prose`.\n\n"
        "```console\n$ pip\n```\n\n```python figure=plot\nplot()\n```\n\n![alt](figures/plot.png)\n"
    )
    assert list(lesson_cells(text)) == [
        ("markdown", "# Title\n\nProse."),
        ("code", "x = 1\nprint(x)"),
        ("markdown", "More `prose`.\n\n```console\n$ pip\n```"),
        ("code", "plot()"),
        ("markdown", "![alt](figures/plot.png)"),
    ]


def test_the_files_are_paired_and_always_the_same(road: Roadmap) -> None:
    jupytext = pytest.importorskip("jupytext")
    nbformat = pytest.importorskip("nbformat")
    unit = road.unit("first")
    (script_name, script), (book_name, book) = notebook_files(unit)
    assert (script_name, book_name) == ("notebook.py", "notebook.ipynb")
    assert notebook_files(unit) == [(script_name, script), (book_name, book)]
    whole = nbformat.reads(book.decode(), as_version=4)
    nbformat.validate(whole)
    back = jupytext.reads(script.decode(), fmt="py:percent")
    assert [cell.source for cell in back.cells] == [cell.source for cell in whole.cells]
    code = [cell.source for cell in whole.cells if cell.cell_type == "code"]
    assert code[0] == "%load_ext gradus"
    assert code[1] == "print(1)"
    assert [source.split("\n")[0] for source in code[2:]] == ["%%check add", "%%check double", "%%check negate"]
    assert "formats: ipynb,py:percent" in script.decode()


def test_they_are_laid_out_on_request_and_remembered(tmp_path: Path, road: Roadmap) -> None:
    pytest.importorskip("jupytext")
    made = Workspace.create(tmp_path / "ml", road, git=False, notebooks=True)
    folder = made.folder_for(road.unit("first"))
    assert (folder / "notebook.py").is_file()
    assert (folder / "notebook.ipynb").is_file()
    (folder / "notebook.py").unlink()
    Workspace.create(made.root, road, git=False)  # gradus.toml remembers the wish
    assert (folder / "notebook.py").is_file()
    assert "notebook.py" not in made.snapshot(road.exercise("add")).siblings


def test_without_jupytext_the_rest_is_laid_out_and_the_remedy_named(
    tmp_path: Path, road: Roadmap, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "jupytext", None)
    made = Workspace.create(tmp_path / "ml", road, git=False, notebooks=True)
    assert made.laid is not None
    assert made.laid.notes == (
        'Notebooks need jupytext, which is not installed. Install it with: pip install "gradus[notebook]"',
    )
    assert made.file_for(road.exercise("add")).is_file()


def test_every_real_unit_makes_a_notebook() -> None:
    nbformat = pytest.importorskip("nbformat")
    pytest.importorskip("jupytext")
    for unit in load_roadmap().units:
        if not unit.coming:
            nbformat.validate(nbformat.reads(notebook_files(unit)[1][1].decode(), as_version=4))
