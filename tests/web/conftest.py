"""The app on a short road of its own, and a browser that is let in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from webclient import ORIGIN, PORT, ROAD, TOKEN, Open

from gradus.grader import Grader
from gradus.learner import Workspace
from gradus.roadmap import Roadmap, load_roadmap
from gradus.web.app import create_app
from gradus.web.security import Keys


@pytest.fixture(scope="session")
def road() -> Roadmap:
    return load_roadmap(ROAD)


@pytest.fixture(scope="session")
def grader() -> Iterator[Grader]:
    with Grader(library="numpy") as grader:
        yield grader


@pytest.fixture
def workspace(road: Roadmap, tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "work", road, git=False)


@pytest.fixture
def stranger(workspace: Workspace, road: Roadmap, grader: Grader) -> Iterator[Open]:
    """The app, and a browser that was not let in."""
    keys = Keys.new(TOKEN)
    app = create_app(workspace, road, lambda: grader, keys=keys, port=PORT, watch=False, warm=False)
    with TestClient(app, base_url=ORIGIN) as client:
        yield Open(app, app.app.state.site, client, keys)


@pytest.fixture(scope="module")
def shared(road: Roadmap, grader: Grader, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    """The app after the three questions, shared by the tests of a module that leave nothing behind."""
    workspace = Workspace.create(tmp_path_factory.mktemp("shared") / "work", road, git=False)
    keys = Keys.new(TOKEN)
    app = create_app(workspace, road, lambda: grader, keys=keys, port=PORT, watch=False, warm=False)
    with TestClient(app, base_url=ORIGIN) as client:
        client.get("/enter", params={"token": TOKEN}, follow_redirects=False)
        opened = Open(app, app.app.state.site, client, keys)
        opened.send("/api/plan", {"background": "developer"})
        yield opened


@pytest.fixture
def door(shared: Open) -> Open:
    """The same, let in anew: tests may throw the cookies away."""
    shared.client.cookies.clear()
    shared.client.get("/enter", params={"token": TOKEN}, follow_redirects=False)
    return shared


@pytest.fixture
def web(stranger: Open) -> Open:
    """The same, let in."""
    stranger.client.get("/enter", params={"token": TOKEN}, follow_redirects=False)
    return stranger


@pytest.fixture
def planned(web: Open) -> Open:
    """The same, after the three questions."""
    answers = {"background": "developer", "hours_per_week": 10, "track": "ml-engineer"}
    assert web.send("/api/welcome", answers).status_code == 200
    return web
