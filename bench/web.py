"""Pages and checks of the web app, over a real socket, with a year of attempts in the record."""

from __future__ import annotations

import http.client
import json
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.measure import Row, Sample, at_most
from bench.year import year
from gradus.grader import Grader, Submission
from gradus.learner import Workspace
from gradus.roadmap import load_roadmap

PAGES = (
    "/", "/unit/numpy", "/exercise/standardize", "/review", "/quiz/numpy", "/plan", "/progress", "/resources",
    "/milestone/1", "/welcome", "/placement/1", "/settings",
)  # fmt: skip
EXERCISE = "standardize"
PAGE_GOAL, CHECK_GOAL, FIRST_LOAD_GOAL = 10.0, 15.0, 300.0


class Browser:
    """One connection that is let in."""

    def __init__(self, port: int, token: str, csrf: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port)
        self.origin, self.csrf = f"http://127.0.0.1:{port}", csrf
        answer = self.ask("GET", f"/enter?token={token}")
        self.cookie = answer.getheader("set-cookie", "").partition(";")[0]

    cookie = ""

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> http.client.HTTPResponse:
        """One request; its answer is read to the end (``text`` holds it)."""
        known = {"Cookie": self.cookie, "Accept": "text/html", **headers}
        if body is not None:
            known |= {"Content-Type": "application/json", "Origin": self.origin, "X-CSRF-Token": self.csrf,
                      "Accept": "application/json"}  # fmt: skip
        self.connection.request(method, path, json.dumps(body) if body is not None else None, known)
        answer = self.connection.getresponse()
        self.text = answer.read()
        return answer


@contextmanager
def server(workspace: Workspace, grader: Grader) -> Iterator[Browser]:
    """The app behind uvicorn, in a thread."""
    import uvicorn

    from gradus.web.app import create_app
    from gradus.web.security import Keys
    from gradus.web.serve import listening, take_short_turns

    take_short_turns()
    with listening(0) as listener:
        port, keys = listener.getsockname()[1], Keys.new()
        app = create_app(workspace, load_roadmap(), lambda: grader, keys=keys, port=port)
        config = uvicorn.Config(app, http="h11", ws="none", log_level="warning", timeout_graceful_shutdown=1,
                                timeout_keep_alive=60)  # fmt: skip
        running = uvicorn.Server(config)
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield Browser(port, keys.token, keys.csrf)
        finally:
            running.should_exit = True
            thread.join()


def _pages(browser: Browser, times: int) -> Iterator[Row]:
    every: list[float] = []
    for page in PAGES:
        taken = []
        for number in range(times + 1):
            begun = time.perf_counter()
            answer = browser.ask("GET", page)
            if number:  # the first one makes what later ones keep
                taken.append((time.perf_counter() - begun) * 1000)
            assert answer.status in (200, 303), (page, answer.status)
        every += taken
        yield at_most(f"page {page}, p50", Sample(tuple(taken)).p50, PAGE_GOAL, "ms")
    yield at_most("all pages, p50", Sample(tuple(every)).p50, PAGE_GOAL, "ms")
    yield Row("all pages, p99", f"{Sample(tuple(every)).p99:,.1f} ms")


def _checks(browser: Browser, grader: Grader, times: int) -> Iterator[Row]:
    """A check from the page and the grader's own call, in turns, with a pause in which each can prepare the next."""
    exercise = load_roadmap().exercise(EXERCISE)
    version = json.loads(_file(browser))["version"]
    alone, through = [], []
    for number in range(times + 3):
        source = f"{exercise.solution}\n# {number}\n"
        begun = time.perf_counter()
        browser.ask("POST", f"/api/check/{EXERCISE}", {"source": source, "version": version})
        took = (time.perf_counter() - begun) * 1000
        version = json.loads(browser.text)["version"]
        time.sleep(0.4)
        begun = time.perf_counter()
        grader.check(exercise, Submission(source.encode(), f"{EXERCISE}.py", {}))
        own = (time.perf_counter() - begun) * 1000
        time.sleep(0.4)
        if number >= 3:
            through.append(took)
            alone.append(own)
    more = Sample(tuple(page - own for page, own in zip(through, alone, strict=True)))
    yield Row("the grader's call alone, p50", f"{Sample(tuple(alone)).p50:,.1f} ms")
    yield Row("a check from the page, saved and recorded, p50", f"{Sample(tuple(through)).p50:,.1f} ms")
    yield at_most("what the page adds to the grader, p50", more.p50, CHECK_GOAL, "ms")


def _file(browser: Browser) -> bytes:
    browser.ask("GET", f"/api/file/{EXERCISE}", Accept="application/json")
    return browser.text


def _first_load(browser: Browser) -> Iterator[Row]:
    """What a browser fetches for the map: the page, its script and its style, compressed."""
    import re

    browser.ask("GET", "/")
    sizes = [len(browser.text)]
    for path in set(re.findall(r'(?:src|href)="(/static/[^"]+)"', browser.text.decode())):
        browser.ask("GET", path, **{"Accept-Encoding": "gzip"})
        sizes.append(len(browser.text))
    yield at_most("first load of the map, compressed (fonts apart)", sum(sizes) / 1024, FIRST_LOAD_GOAL, "KB")


def rows(times: int = 40) -> Iterator[Row]:
    """Every measurement."""
    with tempfile.TemporaryDirectory() as folder, Grader() as grader:
        workspace = year(Path(folder) / "year")
        grader.ready()
        with server(workspace, grader) as browser:
            browser.ask("GET", "/progress")
            yield from _pages(browser, times)
            yield from _first_load(browser)
            yield from _checks(browser, grader, times // 2)


if __name__ == "__main__":
    for row in rows():
        print(f"{row.what:60} {row.value:>16}  {row.goal}", flush=True)
