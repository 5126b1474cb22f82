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
CURRICULUM = Path(os.environ.get("GRADUS_CURRICULUM") or Path(__file__).parents[2] / "curriculum")


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
        if message.type == "error":
            self.trouble.append(f"{message.location.get('url')}: {message.text}")

    def _see(self, url: str) -> None:
        if not url.startswith((f"{self.origin}/", "blob:", "data:", "about:")):
            self.trouble.append(f"a request left for {url}")


@pytest.fixture(scope="module")
def start(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Site]]:
    """Start a server for a new folder; called twice, there are two."""
    running: list[subprocess.Popen[str]] = []

    def begin() -> Site:
        home = tmp_path_factory.mktemp("home")
        folder = home / "work"
        environment = {
            **os.environ, "HOME": str(home), "XDG_RUNTIME_DIR": str(home), "GRADUS_CURRICULUM": str(CURRICULUM),
            "OPENBLAS_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1",
        }  # fmt: skip
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
