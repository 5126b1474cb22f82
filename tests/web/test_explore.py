"""Explorables: controls, pictures in the look of their page, and what the server reads without running it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.testclient import TestClient
from webclient import ORIGIN, PORT, ROAD, TOKEN, Open

from gradus.grader import Grader
from gradus.learner import Workspace
from gradus.roadmap import load_roadmap
from gradus.web.app import create_app
from gradus.web.explore import FILE, explorables_of
from gradus.web.pages.unit import lesson_of
from gradus.web.security import Keys

EXPLORABLES = '''
import numpy as np
from gradus.roadmap.explorables import Choice, Explored, Slider, Toggle


def wave(
    speed: Slider(1, 9, 1, "speed") = 3,
    shape: Choice(("sine", "cosine"), "shape") = "sine",
    grid: Toggle("grid") = False,
) -> Explored:
    """A wave over one second.

    Predict: What does a greater speed do?
    - It grows taller
    - * It has more crests
    """
    import matplotlib.pyplot as plt

    t = np.linspace(0, 1, 5)
    figure, axes = plt.subplots()
    axes.plot(t, getattr(np, {"sine": "sin", "cosine": "cos"}[shape])(speed * t))
    axes.grid(grid)
    return Explored(figure, {"t": t, "n": np.arange(5)}, f"{speed} crests <b>")


def broken(rate: Slider(0.0, 1.0, 0.1, "rate") = 0.5) -> Explored:
    """It fails."""
    raise ZeroDivisionError("no")
'''


@pytest.fixture(scope="module")
def explored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    """The app on a road with explorables."""
    folder = tmp_path_factory.mktemp("explored")
    shutil.copytree(ROAD, folder / "road")
    unit = folder / "road" / "1-first-steps" / "1-arrays"
    (unit / "explorables.py").write_text(EXPLORABLES)
    with (unit / "lesson.md").open("a") as lesson:
        lesson.write("\n\n{{explore wave}}\n")
    road, keys = load_roadmap(folder / "road"), Keys.new(TOKEN)
    workspace = Workspace.create(folder / "work", road, git=False)
    with Grader() as grader:
        app = create_app(workspace, road, lambda: grader, keys=keys, port=PORT, watch=False, warm=False)
        with TestClient(app, base_url=ORIGIN) as client:
            client.get("/enter", params={"token": TOKEN}, follow_redirects=False)
            yield Open(app, app.app.state.site, client, keys)


def test_controls_come_from_the_signature(explored: Open) -> None:
    text = explored.get("/unit/arrays").text
    assert 'data-url="/api/explore/arrays/wave"' in text
    assert '<input type="range" name="speed" min="1" max="9" step="1" value="3">' in text
    assert "<option selected>sine</option>" in text
    assert '<input type="checkbox" name="grid">' in text
    assert 'data-right="1"' in text
    assert "What does a greater speed do?" in text


def test_a_position_is_drawn_with_its_table(explored: Open) -> None:
    done = explored.send("/api/explore/arrays/wave", {"values": {"speed": 7.4, "grid": True}, "turn": 3}).json()
    assert done["turn"] == 3
    assert done["caption"] == "7 crests <b>"
    assert done["table"]["columns"] == ["t", "n"]
    assert done["table"]["rows"][1] == [0.25, 1]
    picture = explored.get(done["picture"])
    assert picture.content.startswith(b"\x89PNG")
    assert "sandbox" in picture.headers["content-security-policy"]
    again = explored.send("/api/explore/arrays/wave", {"values": {"speed": 7, "grid": True}, "turn": 4}).json()
    assert again["picture"] == done["picture"]


@pytest.mark.parametrize(
    ("name", "values", "status"),
    [
        ("wave", {"speed": "fast"}, 400), ("wave", {"shape": "square"}, 400), ("wave", {"other": 1}, 400),
        ("wave", [], 400), ("nothing", {}, 400), ("broken", {}, 500),
    ],
)  # fmt: skip
def test_senseless_positions_are_refused_in_words(explored: Open, name: str, values: Any, status: int) -> None:
    answer = explored.send(f"/api/explore/arrays/{name}", {"values": values, "turn": 1})
    assert answer.status_code == status
    assert answer.json()["error"]["what"]


def test_a_picture_has_the_colors_and_the_width_of_its_page(explored: Open) -> None:
    def drawn(**look: Any) -> tuple[bytes, int]:
        sent = {"values": {}, "turn": 1, **look}
        picture = explored.get(explored.send("/api/explore/arrays/wave", sent).json()["picture"]).content
        return picture, int.from_bytes(picture[16:20], "big")

    light, dark = drawn(theme="light", width=728, ratio=1), drawn(theme="dark", width=728, ratio=1)
    assert light[0] != dark[0]
    assert 728 <= light[1] < 780
    assert 2 * 728 <= drawn(theme="light", width=728, ratio=2)[1] < 1530
    assert 330 <= drawn(theme="light", width=330, ratio=1)[1] < 370
    for senseless in ({"width": "wide"}, {"width": -3, "ratio": 10**9}, {"theme": 7, "ratio": None}):
        assert 500 < drawn(**senseless)[1] < 1600


def test_the_server_reads_signatures_and_runs_nothing(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(UNRUNNABLE)
    found = explorables_of(tmp_path, 0)
    assert list(found) == ["wave"]
    assert found["wave"].read({"speed": 99}) == {"speed": 9}


UNRUNNABLE = '''
import gradus_has_no_such_module
from gradus.roadmap.explorables import Explored, Slider

TOP = 9
raise SystemExit


def wave(speed: Slider(1, TOP, 1, "speed") = 3) -> Explored:
    """Shows a wave."""
    boom()


def helper(x) -> int:
    return x
'''


def test_a_unit_still_to_come_shows_what_can_be_explored(tmp_path: Path) -> None:
    unit = SimpleNamespace(id="waves", folder=tmp_path, coming=True)
    assert lesson_of(unit) is None  # type: ignore[arg-type]
    source = next(Path(__file__).parents[2].glob("curriculum/1-*/7-*/explorables.py"))
    (tmp_path / "explorables.py").write_bytes(source.read_bytes())
    lesson = lesson_of(unit)  # type: ignore[arg-type]
    assert lesson is not None
    assert "is being written" in lesson.html
    assert 'data-url="/api/explore/waves/gradient_descent"' in lesson.html
    assert not lesson.cells
