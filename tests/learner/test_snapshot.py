"""What a submission is made of."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gradus.errors import WorkspaceError
from gradus.learner import Workspace
from gradus.learner import snapshot as limits
from gradus.roadmap import Roadmap


def test_the_file_and_its_neighbors_are_read_once(workspace: Workspace, road: Roadmap) -> None:
    add = road.exercise("add")
    path = workspace.file_for(add)
    path.write_bytes(b"x = 1\xff")  # undecodable text stays bytes
    (path.parent / "helpers.py").write_text("h = 1\n")
    (path.parent / "tools").mkdir()
    (path.parent / "tools" / "__init__.py").write_text("t = 1\n")
    (workspace.root / "shared.py").write_text("s = 1\n")
    taken = workspace.snapshot(add)
    path.write_text("changed later")
    assert taken.source == b"x = 1\xff"
    assert taken.name == "add.py"
    assert set(taken.siblings) == {"double.py", "negate.py", "helpers.py", "tools/__init__.py", "shared.py"}
    assert taken.siblings["helpers.py"] == b"h = 1\n"


def test_a_resolve_cannot_reach_the_first_solution(workspace: Workspace, road: Roadmap) -> None:
    add = road.exercise("add")
    fresh = workspace.file_for(add, "review")
    fresh.parent.mkdir()
    fresh.write_text("y = 2\n")
    taken = workspace.snapshot(add, fresh)
    assert taken.source == b"y = 2\n"
    assert "add.py" not in taken.siblings
    assert "double.py" in taken.siblings


def test_a_named_file_outside_is_allowed(workspace: Workspace, road: Roadmap, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("z = 3\n")
    (tmp_path / "beside.py").write_text("b = 3\n")
    taken = workspace.snapshot(road.exercise("add"), tmp_path / "mine.py")
    assert (taken.name, taken.source, dict(taken.siblings)) == ("mine.py", b"z = 3\n", {"beside.py": b"b = 3\n"})


def test_links_out_of_the_workspace_are_not_followed(workspace: Workspace, road: Roadmap, tmp_path: Path) -> None:
    secret = tmp_path / "secret.py"
    secret.write_text("secret\n")
    add = road.exercise("add")
    path = workspace.file_for(add)
    (path.parent / "leak.py").symlink_to(secret)
    (path.parent / "linked").symlink_to(tmp_path, target_is_directory=True)
    assert not any("leak" in name or "secret" in name for name in workspace.snapshot(add).siblings)
    path.unlink()
    path.symlink_to(secret)
    with pytest.raises(WorkspaceError, match="leads out of the workspace"):
        workspace.snapshot(add)


def test_a_link_inside_the_workspace_is_followed(workspace: Workspace, road: Roadmap) -> None:
    add = road.exercise("add")
    path = workspace.file_for(add)
    (workspace.root / "real.py").write_text("real\n")
    path.unlink()
    path.symlink_to(workspace.root / "real.py")
    assert workspace.snapshot(add).source == b"real\n"


def test_a_missing_file_says_how_to_get_it_back(workspace: Workspace, road: Roadmap) -> None:
    workspace.file_for(road.exercise("add")).unlink()
    with pytest.raises(WorkspaceError, match="gradus init"):
        workspace.snapshot(road.exercise("add"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_refused_without_waiting(workspace: Workspace, road: Roadmap) -> None:
    path = workspace.file_for(road.exercise("add"))
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(WorkspaceError, match="not a regular file"):
        workspace.snapshot(road.exercise("add"))


def test_sizes_and_counts_are_bounded(workspace: Workspace, road: Roadmap) -> None:
    add = road.exercise("add")
    path = workspace.file_for(add)
    for number in range(100):
        (path.parent / f"many_{number:03}.py").write_bytes(b"#" * 40_000)
    (path.parent / "huge.py").write_bytes(b"#" * (limits.MOST_BYTES_A_FILE + 1))
    siblings = workspace.snapshot(add).siblings
    assert 0 < len(siblings) <= limits.MOST_FILES
    assert sum(map(len, siblings.values())) <= limits.MOST_BYTES
    assert "huge.py" not in siblings
    path.write_bytes(b"#" * (limits.MOST_BYTES_A_FILE + 1))
    with pytest.raises(WorkspaceError, match="too large"):
        workspace.snapshot(add)
