"""`gradus start` as a learner starts it, and Debian's Chromium as the learner's browser."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

CHROMIUM = os.environ.get("GRADUS_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
)  # fmt: skip
CURRICULUM = Path(__file__).parents[2] / "curriculum"
PLANTED = '''"""How far a step goes."""

from gradus.roadmap.explorables import Explored, Slider


def parabola(rate: Slider(0.01, 1.2, 0.01, "learning rate") = 0.1) -> Explored:
    """Ten steps of gradient descent on a parabola.

    Predict: What happens at a rate of 1.1?
    - It takes fewer steps
    - * It jumps further away at every step
    """
    import matplotlib.pyplot as plt

    path = [2.0]
    for _ in range(10):
        path.append(path[-1] - rate * 2 * path[-1])
    figure, axes = plt.subplots()
    axes.plot(path, [x * x for x in path], "o-")
    return Explored(figure=figure, table={"x": path}, caption=f"The last x is {path[-1]:.3f}.")
'''


@pytest.fixture(scope="session")
def road(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The curriculum, with an explorable in the unit on gradients."""
    copy = tmp_path_factory.mktemp("road") / "curriculum"
    shutil.copytree(CURRICULUM, copy, ignore=shutil.ignore_patterns("__pycache__"))
    unit = copy / "1-python-and-maths" / "7-gradients"
    if not (unit / "explorables.py").exists():
        (unit / "explorables.py").write_text(PLANTED, encoding="utf-8")
        lesson = unit / "lesson.md"
        lesson.write_text(lesson.read_text(encoding="utf-8") + "\n{{explore parabola}}\n", encoding="utf-8")
    return copy


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser
        browser.close()


class Site:
    """One running `gradus start`: its link, its folder, and pages that note what goes wrong on them."""

    def __init__(self, link: str, folder: Path, browser: Any) -> None:
        self.link, self.folder, self._browser = link, folder, browser
        self.origin = link.partition("/enter")[0]
        self.trouble: list[str] = []

    @contextmanager
    def page(self, width: int = 1440, height: int = 900, **options: Any) -> Iterator[Any]:
        """A fresh browser that has been let in. Console errors and requests to elsewhere are noted in `trouble`."""
        context = self._browser.new_context(viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.on("console", lambda message: self._hear(message))
        page.on("pageerror", lambda error: self.trouble.append(f"{page.url}: {error}"))
        page.on("request", lambda request: self._see(request.url))
        page.goto(self.link)
        yield page
        context.close()

    def _hear(self, message: Any) -> None:
        refused_save = "409" in message.text  # a conflict: the answer that was wanted
        if message.type == "error" and not refused_save:
            self.trouble.append(f"{message.location.get('url')}: {message.text}")

    def _see(self, url: str) -> None:
        if not url.startswith((f"{self.origin}/", "blob:", "data:", "about:")):
            self.trouble.append(f"a request left for {url}")


@pytest.fixture(scope="module")
def start(road: Path, chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Site]]:
    """Start a server for a new folder; called twice, there are two."""
    running: list[subprocess.Popen[str]] = []

    def begin() -> Site:
        home = tmp_path_factory.mktemp("home")
        folder = home / "work"
        environment = {**os.environ, "HOME": str(home), "XDG_RUNTIME_DIR": str(home), "GRADUS_CURRICULUM": str(road),
                       "OPENBLAS_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}  # fmt: skip
        command = [sys.executable, "-m", "gradus", "start", str(folder), "--no-browser"]
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
        )
        running.append(process)
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if "/enter?token=" in line:
                link = next(word for word in line.split() if "/enter?token=" in word)
                return Site(link, folder, chromium)
        raise AssertionError(f"gradus start gave no link: {''.join(said)}")

    yield begin
    for process in running:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="module")
def site(start: Callable[[], Site]) -> Site:
    """A server whose learner has a plan."""
    site = start()
    with site.page() as page:
        page.get_by_role("button", name="Make my plan").click()
        page.wait_for_url("**/welcome")
        page.get_by_role("heading", name="Your plan stands").wait_for()
    return site
