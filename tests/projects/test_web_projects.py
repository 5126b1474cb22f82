"""A project on the exercise page: a tab for each file, one of them in the editor, the folder checked as a whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from gradus.grader import Grader
from gradus.learner import Workspace
from gradus.roadmap import Roadmap
from gradus.web.app import create_app
from gradus.web.security import Keys

ORIGIN, TOKEN = "http://127.0.0.1:8123", "token"
Ask = Callable[..., Any]


@pytest.fixture(scope="module")
def site(road: Roadmap, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Ask, Workspace]]:
    workspace = Workspace.create(tmp_path_factory.mktemp("web") / "work", road, git=False)
    keys = Keys.new(TOKEN)
    with Grader("bare", parked=1) as grader:
        app = create_app(workspace, road, lambda: grader, keys=keys, port=8123, watch=False, warm=False)
        with TestClient(app, base_url=ORIGIN) as client:
            client.get("/enter", params={"token": TOKEN}, follow_redirects=False)

            def ask(method: str, path: str, body: Any = None, accept: str = "application/json") -> Any:
                own = {"accept": accept, "origin": ORIGIN, "x-csrf-token": keys.csrf}
                return client.request(method, path, json=body, headers=own, follow_redirects=False)

            ask("POST", "/api/plan", {"background": "developer"})
            yield ask, workspace


def test_each_file_has_a_tab_and_one_is_in_the_editor(site: tuple[Ask, Workspace]) -> None:
    ask, _ = site
    page = ask("GET", "/exercise/tally", accept="text/html").text
    for name in ("report.py", "service.py", "data/rows.csv"):
        assert f">{name}</a>" in page
    assert page.count('aria-current="page">report.py') == 1
    assert 'data-action="run"' not in page
    assert "name=report.py" in page
    other = ask("GET", "/exercise/tally?context=work&name=data/rows.csv", accept="text/html").text
    assert 'aria-current="page">data/rows.csv' in other
    assert "x,y" in other
    assert "data-lint" not in other
    new = ask("GET", "/exercise/tally?name=notes/plan.md", accept="text/html").text
    assert "notes/plan.md (new)" in new


@pytest.mark.parametrize(
    "name", ["../one.py", "/etc/passwd", "a/../../gradus.toml", "..", ".git/config", "a\\..\\b/.."]
)
def test_no_name_leads_out_of_the_folder(site: tuple[Ask, Workspace], name: str) -> None:
    ask, _ = site
    for method, path, body in (
        ("GET", "/exercise/tally", None),
        ("GET", "/api/file/tally", None),
        ("PUT", "/api/file/tally", {"source": "x", "version": ""}),
        ("POST", "/api/check/tally", {"source": "x", "version": ""}),
    ):
        from urllib.parse import quote

        answer = ask(method, f"{path}?name={quote(name, safe='')}", body)
        assert answer.status_code in (400, 404, 422), (method, path, answer.status_code)


def test_a_file_is_saved_checked_with_its_folder_and_found_in_the_history(
    site: tuple[Ask, Workspace], road: Roadmap
) -> None:
    ask, workspace = site
    folder = workspace.file_for(road.exercise("tally"))
    solution = {name: data.decode() for name, data in road.exercise("tally").solution_files.items()}
    seen = ask("GET", "/api/file/tally?name=service.py").json()
    saved = ask(
        "PUT", "/api/file/tally?name=service.py", {"source": solution["service.py"], "version": seen["version"]}
    )
    assert saved.status_code == 200, saved.text
    seen = ask("GET", "/api/file/tally?name=report.py").json()
    body = {"source": solution["report.py"].replace(" - 1", ""), "version": seen["version"], "context": "work"}
    checked = ask("POST", "/api/check/tally?context=work&name=report.py", body).json()
    assert checked["verdict"]["diagnosis"]["id"] == "header_counted"
    assert "What your programs wrote" in checked["html"] or not checked["verdict"]["stdout"].strip()
    again = {"source": solution["report.py"], "version": checked["version"], "context": "work"}
    passed = ask("POST", "/api/check/tally?context=work&name=report.py", again).json()
    assert passed["verdict"]["outcome"] == "passed"
    assert (folder / "report.py").read_text() == solution["report.py"]

    first = ask("GET", "/api/history/tally").json()["attempts"][-1]["id"]
    shown = ask("GET", f"/api/history/tally/{first}?context=work&name=report.py").json()
    assert shown["source"] == body["source"]
    put = {"event": first, "version": passed["version"], "context": "work"}
    restored = ask("POST", "/api/restore/tally?name=report.py", put).json()
    assert restored["source"] == body["source"]
    assert (folder / "report.py").read_text() == body["source"]

    for path in ("/api/ways/tally", "/api/solution/tally"):
        answer = ask("POST", path, {})
        assert answer.status_code == 200, answer.text
        assert "report.py" in answer.json()["html"]
    assert "adds up" in ask("GET", "/api/checks/tally").json()["html"]


def test_a_reset_gives_the_chosen_files_starter(site: tuple[Ask, Workspace], road: Roadmap) -> None:
    ask, _ = site
    answer = ask("POST", "/api/reset/tally?name=service.py", {"confirm": True})
    assert answer.status_code == 200, answer.text
    assert answer.json()["source"] == road.exercise("tally").starter_files["service.py"].decode()


def test_other_pages_hold_projects_too(site: tuple[Ask, Workspace]) -> None:
    ask, _ = site
    for path in ("/", "/unit/first", "/progress", "/placement/1"):
        assert ask("GET", path, accept="text/html").status_code in (200, 302, 303, 307), path
