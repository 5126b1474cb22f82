"""Pages and checks of the web app, over a real socket, with a year of attempts in the record."""

from __future__ import annotations

import http.client
import json
import shutil
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
from gradus.roadmap.explorables import Explorable

PAGES = (
    "/", "/unit/numpy", "/exercise/standardize", "/review", "/quiz/numpy", "/plan", "/progress", "/resources",
    "/milestone/1", "/welcome", "/placement/1", "/settings",
)  # fmt: skip
EXERCISE = "standardize"
PAGE_GOAL, CHECK_GOAL, FIRST_LOAD_GOAL, PICTURE_GOAL = 10.0, 15.0, 300.0, 150.0
#: Notes, in the page, the time from each key press to the frame after the new picture has taken the old one's place.
WATCH = """(section) => {
    const taken = (window.taken = []);
    let pressed = 0;
    addEventListener("keydown", (event) => { pressed = event.timeStamp; }, true);
    const seen = () => requestAnimationFrame(() => taken.push(performance.now() - pressed));
    new MutationObserver(seen).observe(section.querySelector("img.picture"), { attributeFilter: ["src"] });
}"""


class Browser:
    """One connection that is let in."""

    def __init__(self, port: int, token: str, csrf: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port)
        self.origin, self.token, self.csrf = f"http://127.0.0.1:{port}", token, csrf
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


def _explorables() -> Iterator[tuple[str, Explorable]]:
    """Every unit's explorables that its lesson places, or would once it is written."""
    from gradus.web.explore import FILE, explorables_of

    for unit in (unit for stage in load_roadmap().stages for unit in stage.units):
        path = unit.folder / FILE
        if path.is_file():
            yield from ((unit.id, found) for found in explorables_of(unit.folder, path.stat().st_mtime_ns).values())


def _moves(explorable: Explorable, times: int) -> Iterator[dict[str, Any]]:
    """Positions as a hand makes them: the first control, from step to step."""
    from gradus.roadmap.explorables import Choice, Slider

    name, control, default = explorable.controls[0]
    for number in range(times):
        if isinstance(control, Slider):
            steps = round((control.high - control.low) / control.step)
            yield {name: control.low + control.step * (number % (steps + 1))}
        else:
            options = control.options if isinstance(control, Choice) else (not default, default)
            yield {name: options[number % len(options)]}


def _pictures(browser: Browser, times: int) -> Iterator[Row]:
    """What the server takes for one move of each explorable."""
    every: list[float] = []
    for unit, explorable in _explorables():
        taken = []
        for turn, values in enumerate(_moves(explorable, times + 3)):
            sent = {"values": values, "turn": turn, "theme": "light", "width": 728, "ratio": 1}
            begun = time.perf_counter()
            answer = browser.ask("POST", f"/api/explore/{unit}/{explorable.name}", sent)
            if turn >= 3:
                taken.append((time.perf_counter() - begun) * 1000)
            assert answer.status == 200, (explorable.name, browser.text)
        every += taken
        least = f" (least {min(taken):,.0f} ms)"
        yield at_most(f"{explorable.name}, server, p50", Sample(tuple(taken)).p50, PICTURE_GOAL, "ms", least)
    if every:
        yield at_most("all explorables, server, p50", Sample(tuple(every)).p50, PICTURE_GOAL, "ms")


def _presses(browser: Browser, times: int) -> Iterator[Row]:
    """From a key press to the new picture on the screen, in Chromium."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        chromium = None
    if chromium is None:
        yield Row("from a key press to the new picture", "not measured: no Playwright or no Chromium")
        return
    every: list[float] = []
    with sync_playwright() as play, play.chromium.launch(executable_path=chromium, args=["--no-sandbox"]) as opened:
        page = opened.new_page(viewport={"width": 1280, "height": 900})
        page.goto(f"{browser.origin}/enter?token={browser.token}")
        for unit, explorable in _explorables():
            page.goto(f"{browser.origin}/unit/{unit}")
            section = page.locator(f'[data-explorable="{explorable.name}"]')
            if not section.count():
                continue  # its lesson is not written yet
            taken = _pressed(page, section, times)
            every += taken
            least = f" (least {min(taken):,.0f} ms)"
            what = f"{explorable.name}, from key press to new picture, p50"
            yield at_most(what, Sample(tuple(taken)).p50, PICTURE_GOAL, "ms", least)
    if every:
        yield at_most("all, from key press to new picture, p50", Sample(tuple(every)).p50, PICTURE_GOAL, "ms")


#: Whether a press of this key would move a slider no further.
AT_ITS_END = "(field, key) => field.type === 'range' && field.value === (key === 'ArrowRight' ? field.max : field.min)"


def _pressed(page: Any, section: Any, times: int) -> list[float]:
    section.scroll_into_view_if_needed()
    section.locator(".predict input").first.check()
    section.locator(".predict button").click()
    section.locator("img.picture[src]").wait_for()
    section.evaluate(WATCH)
    field = section.locator(".controls input, .controls select").first
    key = "Space" if field.get_attribute("type") == "checkbox" else "ArrowRight"
    field.focus()
    for number in range(times):
        if key != "Space" and field.evaluate(AT_ITS_END, key):
            key = "ArrowLeft" if key == "ArrowRight" else "ArrowRight"
        page.keyboard.press(key)
        page.wait_for_function("(count) => window.taken.length >= count", arg=number + 1)
        page.wait_for_timeout(60)
    return [float(value) for value in page.evaluate("window.taken")][2:]


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
            yield from _pictures(browser, times)
            yield from _presses(browser, times // 2)


if __name__ == "__main__":
    for row in rows():
        print(f"{row.what:60} {row.value:>16}  {row.goal}", flush=True)
