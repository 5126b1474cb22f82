"""The stream: files that change on disk, attempts from another door, probes of a milestone; turns and pictures."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from webclient import ORIGIN, PORT, TOKEN, Open

from gradus.grader import Grader
from gradus.learner import Learner, Workspace
from gradus.roadmap import Roadmap, load_roadmap
from gradus.web.app import create_app
from gradus.web.assets import Pictures
from gradus.web.events import Hub, message
from gradus.web.security import Keys
from gradus.web.turns import Turns


async def take(stream: AsyncIterator[str], count: int) -> list[str]:
    return [await anext(stream) for _ in range(count)]


def in_a_loop(work: Coroutine[Any, Any, Any]) -> Any:
    """What ``work`` returns. In a thread of its own: a running Playwright keeps an event loop in the main one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


# ------------------------------------------------------------------------------------------------ the hub


def test_every_listener_hears_everything_from_any_thread() -> None:
    async def run() -> list[list[str]]:
        hub = Hub()
        hub.open()
        streams = [hub.listen(message("hello", {"server": "x"})) for _ in range(2)]
        first = [await anext(stream) for stream in streams]
        threading.Thread(target=hub.publish, args=("file", {"exercise": "a\n\ndata: x"})).start()
        heard = [await anext(stream) for stream in streams]
        hub.close()
        ended = [[text async for text in stream] for stream in streams]
        assert ended == [[], []]
        return [first, heard]

    first, heard = in_a_loop(run())
    assert first[0].startswith('event: hello\ndata: {"server": "x"}\n\nevent: host\n')
    assert heard[0] == heard[1] == 'event: file\ndata: {"exercise": "a\\n\\ndata: x"}\n\n'


def test_a_listener_that_leaves_is_forgotten_and_one_that_sleeps_costs_little() -> None:
    async def run() -> None:
        hub = Hub()
        hub.open()
        stream = hub.listen("")
        await anext(stream)
        for number in range(2000):
            hub.publish("file", {"number": number})
        await asyncio.sleep(0.01)
        (queue,) = hub._listeners
        assert queue.qsize() <= 256
        await stream.aclose()
        assert not hub._listeners
        hub.publish("file", {})

    in_a_loop(run())


def test_too_many_pages_are_told_to_wait(planned: Open) -> None:
    planned.site.hub._listeners |= {asyncio.Queue() for _ in range(64)}
    answer = planned.get("/api/events")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "30"
    planned.site.hub._listeners.clear()


# ------------------------------------------------------------------------------------------------ turns, pictures


def test_of_those_who_wait_only_the_newest_gets_a_turn() -> None:
    async def run() -> list[tuple[int, bool]]:
        turns, done = Turns(), list[tuple[int, bool]]()

        async def one(number: int) -> None:
            async with turns.take("key") as mine:
                await asyncio.sleep(0.01)
                done.append((number, mine))

        async def later(number: int) -> None:
            await asyncio.sleep(0.001 * number)
            await one(number)

        await asyncio.gather(*(later(number) for number in range(4)), one(9))
        async with turns.take("other") as mine:
            assert mine
        return done

    done = in_a_loop(run())
    assert done[-1] == (3, True)
    assert [mine for _, mine in done[1:-1]] == [False] * 3


def test_pictures_are_bounded_and_the_oldest_goes_first() -> None:
    pictures = Pictures(most_bytes=250)
    first, second = pictures.put(b"a" * 100), pictures.put(b"b" * 100)
    assert pictures.put(b"a" * 100) == first  # looked at again: now the second is the oldest
    pictures.put(b"c" * 100)
    assert pictures.get(first.rpartition("/")[2]) == b"a" * 100
    assert pictures.get(second.rpartition("/")[2]) is None


# ------------------------------------------------------------------------------------------------ the folder


@pytest.fixture
def watching(workspace: Workspace, road: Roadmap, grader: Grader) -> Iterator[tuple[Open, Callable[..., Any]]]:
    """The app with its watcher, and what it published so far."""
    keys = Keys.new(TOKEN)
    app = create_app(workspace, road, lambda: grader, keys=keys, port=PORT, warm=False)
    site = app.app.state.site
    heard: list[tuple[str, dict[str, Any]]] = []
    publish = site.hub.publish
    site.hub.publish = lambda event, data: (heard.append((event, data)), publish(event, data))

    def wait(event: str, **fields: Any) -> dict[str, Any]:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            for name, data in heard:
                if name == event and all(data.get(key) == value for key, value in fields.items()):
                    return data
            time.sleep(0.02)
        raise AssertionError(f"no {event} {fields} among {heard}")

    with TestClient(app, base_url=ORIGIN) as client:
        client.get("/enter", params={"token": TOKEN}, follow_redirects=False)
        time.sleep(0.5)  # the watcher has begun to look
        yield Open(app, site, client, keys), wait


def test_a_change_on_disk_is_told_with_its_version(watching: tuple[Open, Callable[..., Any]]) -> None:
    web, wait = watching
    path = web.site.workspace.file_for(web.site.roadmap.exercise("doubled"))
    path.write_text("mine = 1\n")
    told = wait("file", exercise="doubled", context="work")
    shown = web.twin("/api/file/doubled")
    assert told["version"] == shown["version"]
    assert told["path"] == "1-first-steps/1-arrays/doubled.py"
    path.unlink()
    wait("file", exercise="doubled", version="")


def test_an_attempt_from_another_door_is_told(watching: tuple[Open, Callable[..., Any]], grader: Grader) -> None:
    web, wait = watching
    with Learner.open(web.site.workspace, web.site.roadmap) as elsewhere:
        elsewhere.check("doubled", grader=grader)
    assert wait("attempt", exercise="doubled")["outcome"] == "unstarted"


# ------------------------------------------------------------------------------------------------ milestones

SCRIPT = """
import pandas as pd

DATA = "mine.csv"


def load(path):
    return pd.read_csv(path)


def stats(df):
    numbers = df.select_dtypes("number")
    return numbers.agg(["count", "mean", "std", "min", "median", "max"]).T


def plot(df, column):
    import matplotlib.pyplot as plt

    fig, axes = plt.subplots()
    axes.hist(df[column].dropna())
    axes.set_xlabel(column)
    return axes
"""


@pytest.fixture
def proving(tmp_path: Path) -> Iterator[tuple[Open, list[tuple[str, dict[str, Any]]]]]:
    """The app on the real road, and what it published."""
    road, keys = load_roadmap(), Keys.new(TOKEN)
    workspace = Workspace.create(tmp_path / "work", road, git=False)
    with Grader() as grader:
        app = create_app(workspace, road, lambda: grader, keys=keys, port=PORT, watch=False, warm=False)
        site = app.app.state.site
        heard: list[tuple[str, dict[str, Any]]] = []
        publish = site.hub.publish
        site.jobs._tell = lambda event, data: (heard.append((event, data)), publish(event, data))
        with TestClient(app, base_url=ORIGIN) as client:
            client.get("/enter", params={"token": TOKEN}, follow_redirects=False)
            yield Open(app, site, client, keys), heard


@pytest.mark.slow
def test_a_milestone_is_proved_probe_by_probe(proving: tuple[Open, list[tuple[str, dict[str, Any]]]]) -> None:
    web, heard = proving
    assert web.client.get("/api/milestone/1/file", headers={"accept": "application/json"}).json()["version"] == ""
    assert web.submit("/api/milestone/1/file").headers["location"] == "/milestone/1"
    draft = web.twin("/api/milestone/1/file")
    assert web.send("/api/milestone/1/file", {"source": SCRIPT, "version": draft["version"]}, "PUT").status_code == 200
    folder = (web.site.workspace.root / draft["path"]).parent
    rows = "\n".join(f"{n},{n * n % 17},{n * 0.5}" for n in range(60))
    (folder / "mine.csv").write_text(f"n,rest,half\n{rows}\n")
    started = web.send("/api/milestone/1", {})
    assert started.status_code == 202
    job = started.json()["job"]
    state = wait_for(web, job)
    assert state["state"] == "done"
    assert state["report"]["outcome"] == "verified", state["report"]
    assert [event for event, _ in heard] == ["probe"] * (len(heard) - 1) + ["milestone"]
    assert len(heard) > 5
    assert all(data["job"] == job for _, data in heard)
    twin = web.twin("/milestone/1")
    assert twin["proved"]
    assert Path(twin["proofs"][0]["report"]["evidence"]).is_file()
    assert json.loads(Path(twin["proofs"][0]["report"]["evidence"]).read_text())["outcome"] == "verified"
    assert "Verified" in web.get("/milestone/1").text


def wait_for(web: Open, job: str) -> dict[str, Any]:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        state: dict[str, Any] = web.twin(f"/api/milestone/1/{job}")
        if state["state"] != "running":
            return state
        time.sleep(0.05)
    raise AssertionError("the examination does not end")


@pytest.mark.slow
def test_what_cannot_be_proved_says_why_and_a_running_one_is_cancelled(
    proving: tuple[Open, list[tuple[str, dict[str, Any]]]],
) -> None:
    web, _ = proving
    web.submit("/api/milestone/1/file")
    failed = wait_for(web, web.send("/api/milestone/1", {"data": "none.csv"}).json()["job"])
    assert failed["state"] == "failed"
    assert failed["error"]["what"]
    assert "notice-bad" in failed["html"]
    assert web.get("/api/milestone/1/unknown").status_code == 404
    assert web.get("/api/milestone/2/file").status_code in (200, 400)
    assert web.twin("/milestone/1")["proofs"] == []
    job = web.site.jobs.start(1)
    assert web.send(f"/api/milestone/1/{job.id}/cancel", {}).status_code == 200
    assert job.cancelled.is_set()
    again = web.send("/api/milestone/1", {})
    assert again.json()["job"] == job.id  # one examination of a stage at a time
