"""``gradus start``: one server for a folder, on the loopback address alone, ended by Ctrl-C."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from webclient import ROAD

from gradus.errors import HostError, UsageError
from gradus.learner import Workspace
from gradus.roadmap import Roadmap, load_roadmap
from gradus.web.serve import _alone, _listening_as_before, listening, running_at


@pytest.fixture
def started(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str, Path]]:
    """A server in a process of its own, and its link."""
    folder = tmp_path / "work"
    process = start(folder)
    assert process.stdout is not None
    link = ""
    for line in process.stdout:
        if found := re.search(r"http://\S+", line):
            link = found[0]
        if "Ctrl-C" in line:
            break
    yield process, link, folder
    process.kill()
    process.wait()


def start(folder: Path) -> subprocess.Popen[str]:
    environment = {**os.environ, "GRADUS_CURRICULUM": str(ROAD), "OMP_NUM_THREADS": "1", "NO_COLOR": "1"}
    command = [sys.executable, "-m", "gradus", "start", str(folder), "--no-browser"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment)


def fetch(link: str, path: str, cookie: str = "") -> http.client.HTTPResponse:
    port = int(re.search(r":(\d+)/", link)[1])  # type: ignore[index]
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers={"Cookie": cookie, "Accept": "text/html"})
    return connection.getresponse()


def test_the_printed_link_opens_the_welcome_and_ctrl_c_ends_it(
    started: tuple[subprocess.Popen[str], str, Path],
) -> None:
    process, link, folder = started
    assert link.startswith("http://127.0.0.1:")
    assert (folder / "gradus.toml").is_file()
    entered = fetch(link, link.partition("/enter")[1] + link.partition("/enter")[2])
    assert entered.status == 303
    cookie = entered.getheader("set-cookie", "").partition(";")[0]
    assert fetch(link, "/", cookie).getheader("location") == "/welcome"
    assert fetch(link, "/welcome", cookie).status == 200
    assert fetch(link, "/welcome").status == 401
    stream = fetch(link, "/api/events", cookie)
    assert stream.readline() == b"event: hello\n"
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=30)
    assert process.returncode == 0, rest
    assert "Traceback" not in rest
    assert not (folder / ".gradus" / "web.link").exists()


def test_a_second_start_shows_the_first_ones_link(started: tuple[subprocess.Popen[str], str, Path]) -> None:
    _, link, folder = started
    second = start(folder)
    said, _ = second.communicate(timeout=60)
    assert second.returncode == 0
    assert "already runs" in said
    assert link in said
    mode = (folder / ".gradus" / "web.link").stat().st_mode
    assert mode & 0o077 == 0


def test_one_server_holds_a_folder(workspace: Workspace, road: Roadmap) -> None:
    assert running_at(workspace) is None
    with _alone(workspace) as note:
        note("http://127.0.0.1:1/enter?token=x")
        assert running_at(workspace) == "http://127.0.0.1:1/enter?token=x"
        with pytest.raises(HostError), _alone(workspace):
            pass
    assert running_at(workspace) is None


def test_a_port_that_is_taken_is_said_so() -> None:
    with listening(0) as listener:
        assert listener.getsockname()[0] == "127.0.0.1"
        listener.setsockopt(1, 2, 0)
        with pytest.raises(UsageError, match="cannot be used"), listening(listener.getsockname()[1]):
            pass


def test_the_last_port_is_taken_again_while_it_is_free(tmp_path: Path) -> None:
    road = load_roadmap(ROAD)
    workspace = Workspace.create(tmp_path / "work", road, git=False)
    other = Workspace.create(tmp_path / "other", road, git=False)
    with _listening_as_before(workspace, 0) as first:
        port = first.getsockname()[1]
    with _listening_as_before(workspace, 0) as again:
        assert again.getsockname()[1] == port
        (other.private / "web.port").write_text(f"{port}\n")
        with _listening_as_before(other, 0) as elsewhere:
            assert elsewhere.getsockname()[1] != port
    for nonsense in ("", "many", "99999999", "-1"):
        (workspace.private / "web.port").write_text(nonsense)
        with _listening_as_before(workspace, 0) as any_port:
            assert any_port.getsockname()[1] > 0
