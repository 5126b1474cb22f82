"""Laying out a workspace, and laying it out again."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from gradus.errors import WorkspaceError
from gradus.learner import Workspace
from gradus.learner.layout import exercise_text
from gradus.roadmap import Roadmap, load_roadmap

git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def everything(root: Path) -> dict[str, bytes]:
    return {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file() and ".git/" not in str(p)}


def test_each_unit_is_a_folder_with_its_lesson_and_one_file_an_exercise(workspace: Workspace) -> None:
    files = set(everything(workspace.root))
    assert {
        "gradus.toml",
        "README.md",
        ".gitignore",
        "1-basics/1-first/lesson.md",
        "1-basics/1-first/figures/plot.png",
        "1-basics/1-first/add.py",
        "1-basics/1-first/data.csv",
        "1-basics/2-second/cube.py",
        "2-later/1-third/root.py",
    } <= files
    assert not (workspace.root / "2-later" / "2-fourth").exists()  # coming units have nothing to lay out
    assert not any("solution" in name or "checks" in name or "hints" in name for name in files)


def test_an_exercise_file_shows_its_task_and_still_compiles(workspace: Workspace, road: Roadmap) -> None:
    text = workspace.file_for(road.exercise("add")).read_text(encoding="utf-8")
    assert "# Write `add(x)`." in text
    assert "gradus check add" in text
    compile(text, "add.py", "exec")  # the starter's `from __future__` import comes first among statements
    assert text == exercise_text(road.exercise("add"), road.unit("first"))


def test_the_readme_says_what_to_do_next(workspace: Workspace) -> None:
    text = (workspace.root / "README.md").read_text(encoding="utf-8")
    assert "(1-basics/1-first/lesson.md)" in text
    assert "Fourth (coming)" in text
    assert "gradus next" in text


def test_creating_again_keeps_edits_and_restores_what_is_missing(workspace: Workspace, road: Roadmap) -> None:
    edited = workspace.file_for(road.exercise("add"))
    edited.write_text("mine\n")
    workspace.file_for(road.exercise("double")).unlink()
    again = Workspace.create(workspace.root, road, git=False)
    assert edited.read_text() == "mine\n"
    assert again.laid is not None
    assert again.laid.added == ("1-basics/1-first/double.py",)
    assert again.laid.kept == ("1-basics/1-first/add.py",)
    assert again.laid.renewed == ()


def test_a_new_curriculum_renews_only_files_left_as_they_were_laid(
    workspace: Workspace, road: Roadmap, tmp_path: Path
) -> None:
    copy = tmp_path / "newer"
    shutil.copytree(road.folder, copy)
    for name in ("add", "double"):
        (copy / "1-basics/1-first" / name / "task.md").write_text("A clearer task.\n")
    mine = workspace.file_for(road.exercise("double"))
    mine.write_text("mine\n")
    again = Workspace.create(workspace.root, load_roadmap(copy), git=False)
    assert again.laid is not None
    assert again.laid.renewed == ("1-basics/1-first/add.py",)
    assert "A clearer task." in workspace.file_for(road.exercise("add")).read_text()
    assert mine.read_text() == "mine\n"


def test_without_its_manifest_every_differing_file_counts_as_the_learners(workspace: Workspace, road: Roadmap) -> None:
    before = everything(workspace.root / "1-basics")
    shutil.rmtree(workspace.private)
    workspace.file_for(road.exercise("add")).write_text("mine\n")
    Workspace.create(workspace.root, road, git=False)
    after = everything(workspace.root / "1-basics")
    assert after.pop("1-first/add.py") == b"mine\n"
    assert after == {name: body for name, body in before.items() if name != "1-first/add.py"}


def test_find_walks_up(workspace: Workspace, road: Roadmap) -> None:
    found = Workspace.find(workspace.folder_for(road.unit("first")) / "figures")
    assert found.root == workspace.root


def test_find_outside_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="gradus init"):
        Workspace.find(tmp_path)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("format = 2", "reads format 1"),
        ("format = 1\nstreak = true", "not a setting"),
        ("format = 1\nrhythm = 3", "true or false"),
        ("format = = 1", "not valid TOML"),
        ("", "reads format 1"),
    ],
)
def test_a_bad_gradus_toml_is_refused_with_its_reason(workspace: Workspace, text: str, reason: str) -> None:
    (workspace.root / "gradus.toml").write_text(text)
    with pytest.raises(WorkspaceError, match=reason) as caught:
        Workspace.find(workspace.root)
    assert "gradus.toml" in caught.value.where


def test_a_workspace_is_not_made_inside_another(workspace: Workspace, road: Roadmap) -> None:
    with pytest.raises(WorkspaceError, match="inside the workspace"):
        Workspace.create(workspace.root / "inner", road, git=False)


def test_a_file_in_the_way_is_refused(tmp_path: Path, road: Roadmap) -> None:
    (tmp_path / "ml").write_text("")
    with pytest.raises(WorkspaceError, match="a file of this name"):
        Workspace.create(tmp_path / "ml", road)


def test_a_folder_that_leads_outside_is_left_alone(tmp_path: Path, road: Roadmap) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    root = tmp_path / "ml"
    (root / "1-basics").mkdir(parents=True)
    (root / "1-basics" / "1-first").symlink_to(outside, target_is_directory=True)
    made = Workspace.create(root, road, git=False)
    assert list(outside.iterdir()) == []
    assert made.laid is not None
    assert any("leads out of the workspace" in note for note in made.laid.notes)


def test_places_and_names_of_files(workspace: Workspace, road: Roadmap) -> None:
    add = road.exercise("add")
    assert workspace.locate(workspace.file_for(add)) == ("add", "work")
    assert workspace.locate(workspace.file_for(add, "review")) == ("add", "review")
    assert workspace.locate(workspace.file_for(add, "placement")) == ("add", "placement")
    assert workspace.locate(workspace.root / "notes.py") is None
    assert workspace.locate(workspace.root.parent / "add.py") is None
    assert workspace.context_of(workspace.root.parent / "add.py") == "work"


def git_here(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@git
def test_the_workspace_is_a_repository_even_without_an_identity(
    tmp_path: Path, road: Roadmap, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "somebody-elses"))  # as inside a git hook
    made = Workspace.create(tmp_path / "ml", road)
    monkeypatch.delenv("GIT_DIR")
    assert made.laid is not None
    assert made.laid.notes == ()
    assert git_here(made.root, "log", "--format=%s") == "Begin."
    assert git_here(made.root, "status", "--porcelain") == ""
    assert ".gradus" not in git_here(made.root, "ls-files")
    assert not (tmp_path / "somebody-elses").exists()


@git
def test_a_repository_above_is_left_alone_and_named(tmp_path: Path, road: Roadmap) -> None:
    git_here(tmp_path, "init", "-q")
    made = Workspace.create(tmp_path / "ml", road)
    assert made.laid is not None
    assert any("inside the repository" in note for note in made.laid.notes)
    assert not (made.root / ".git").exists()
    assert git_here(tmp_path, "diff", "--cached", "--name-only") == ""


def test_without_git_everything_else_is_there(tmp_path: Path, road: Roadmap, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    made = Workspace.create(tmp_path / "ml", road)
    assert made.laid is not None
    assert any("git is not installed" in note for note in made.laid.notes)
    assert (made.root / "1-basics/1-first/add.py").is_file()
