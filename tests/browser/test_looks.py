"""Every page in both themes: nothing that axe objects to, nothing that runs over the edge; the README's pictures."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from test_journeys import GOOD, SAMPLE, write

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
PAGES = (
    "/", "/unit/numpy", "/unit/gradients", "/exercise/standardize", "/review", "/quiz/numpy", "/plan", "/progress",
    "/resources", "/milestone/1", "/milestone/2", "/settings", "/welcome", "/placement/1", "/no-such-page",
)  # fmt: skip
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def settle(page: Any, path: str) -> None:
    """Wait until the page's script has done its work, with every fold open."""
    page.wait_for_timeout(400)
    if path.startswith("/exercise"):
        page.locator(".cm-content").wait_for()
        page.keyboard.press("Control+Enter")
        page.locator(".verdict").wait_for()
    page.evaluate("document.querySelectorAll('details').forEach((fold) => (fold.open = true))")
    page.wait_for_timeout(400)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_objects_to_nothing_and_nothing_runs_over_the_edge(site: Any, scheme: str) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed: scripts/build-frontend fetches it")
    found = []
    with site.page(width=1280, color_scheme=scheme, bypass_csp=True, reduced_motion="reduce") as page:
        for path in PAGES:
            page.goto(site.origin + path)
            settle(page, path)
            page.evaluate(AXE.read_text(encoding="utf-8"))
            result = page.evaluate("(rules) => axe.run({ runOnly: rules })", RULES)
            found += [
                f"{path}: {violation['id']} at {node['target']}"
                for violation in result["violations"]
                for node in violation["nodes"]
            ]
            for width in (360, 768):
                page.set_viewport_size({"width": width, "height": 900})
                page.wait_for_timeout(150)  # the layout follows in the next frames
                wide = page.evaluate("document.documentElement.scrollWidth")
                found += [f"{path} is {wide} wide where {width} is there"] if wide > width else []
            page.set_viewport_size({"width": 1280, "height": 900})
    assert found == []


def test_the_pictures_of_the_readme(site: Any, tmp_path: Path) -> None:
    """Written to the folder that GRADUS_PICTURES names; taken all the same, so that they can always be taken."""
    folder = Path(os.environ.get("GRADUS_PICTURES") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    for scheme, width in (("light", 1440), ("dark", 1440), ("light", 390), ("dark", 390)):
        with site.page(width=width, height=900, color_scheme=scheme, reduced_motion="reduce") as page:

            def take(name: str, height: int = 900, scheme: str = scheme, width: int = width, page: Any = page) -> None:
                page.set_viewport_size({"width": width, "height": height})
                page.evaluate("scrollTo(0, 0)")
                page.wait_for_timeout(500)
                page.screenshot(path=folder / f"{name}-{scheme}-{width}.png")
                page.set_viewport_size({"width": width, "height": 900})

            page.goto(site.origin)
            take("map")
            page.goto(f"{site.origin}/unit/numpy")
            page.locator(".katex").first.wait_for()
            take("unit", 1300)
            page.goto(f"{site.origin}/plan")
            take("plan")
            page.goto(f"{site.origin}/exercise/standardize")
            for name, source, outcome in (("failing", SAMPLE, "not_yet"), ("passing", GOOD, "passed")):
                write(page, source)
                page.keyboard.press("Control+Enter")
                page.locator(f".verdict[data-outcome={outcome}]").wait_for()
                take(name, 1300 if width > 1000 else 2400)
    taken = sorted(path.name for path in folder.glob("*.png"))
    assert len(taken) >= 20
    assert all((folder / name).stat().st_size > 10_000 for name in taken)
