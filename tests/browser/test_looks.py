"""Every page in both themes: nothing that axe objects to, nothing that runs over the edge; the README's pictures."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

import pytest
from test_journeys import GOOD, SAMPLE, write

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
CURRICULUM = Path(os.environ.get("GRADUS_CURRICULUM") or ROOT / "curriculum")
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
PAGES = (
    "/", "/unit/numpy", "/unit/gradients", "/exercise/standardize", "/review", "/quiz/numpy", "/plan", "/progress",
    "/resources", "/milestone/1", "/milestone/2", "/settings", "/welcome", "/placement/1", "/no-such-page",
)  # fmt: skip
PASSED = ("flatten_counts", "group", "parse_rows", "running_stats", "word_index")
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


def solve(page: Any, origin: str, exercise: str) -> None:
    """Pass an exercise with its reference, through the page's own requests."""
    source = next(CURRICULUM.glob(f"*/*/{exercise}/solution.py")).read_text(encoding="utf-8")
    outcome = page.evaluate(
        """async ([exercise, source]) => {
            const csrf = document.querySelector('meta[name="csrf-token"]').content;
            const read = await fetch(`/api/file/${exercise}`, { headers: { Accept: "application/json" } });
            const sent = await fetch(`/api/check/${exercise}`, {
                method: "POST",
                headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRF-Token": csrf },
                body: JSON.stringify({ source, version: (await read.json()).version }),
            });
            return (await sent.json()).verdict.outcome;
        }""",
        [exercise, source],
    )
    assert outcome == "passed", exercise


def keep(picture: bytes, path: Path) -> None:
    """A picture in 256 colors, half the size: frequent ones exactly, rare ones by their nearest."""
    import numpy as np
    from PIL import Image

    image = Image.open(io.BytesIO(picture)).convert("RGB")
    found = sorted(image.getcolors(image.width * image.height), reverse=True)
    colors = np.array([color for _, color in found])
    chosen, apart = [], np.full(len(colors), 999)
    while len(chosen) < min(256, len(colors)) and apart.max() > 12:
        # The most frequent ones as they are, then the most frequent one that is far from all chosen.
        chosen.append(colors[len(chosen) if len(chosen) < 64 else (apart > 12).argmax()])
        apart = np.minimum(apart, np.abs(colors - chosen[-1]).max(axis=1))
    palette = Image.new("P", (1, 1))
    palette.putpalette(np.array(chosen, np.uint8).tobytes())
    image.quantize(palette=palette, dither=Image.Dither.NONE).save(path, optimize=True)


def test_the_pictures_of_the_readme(site: Any, tmp_path: Path) -> None:
    """Five at 1440 pixels for the README, to the folder that GRADUS_PICTURES names; the others to the test's own."""
    readme = Path(os.environ.get("GRADUS_PICTURES") or tmp_path / "readme")
    readme.mkdir(parents=True, exist_ok=True)
    for scheme, width in (("light", 1440), ("dark", 1440), ("light", 390), ("dark", 390)):
        with site.page(width=width, height=900, color_scheme=scheme, reduced_motion="reduce") as page:
            main = (scheme, width) == ("light", 1440)
            path = f"{readme}/{{}}.png" if main else f"{tmp_path}/{{}}-{scheme}-{width}.png"

            def take(name: str, height: int = 900, width: int = width, page: Any = page, path: str = path) -> None:
                page.set_viewport_size({"width": width, "height": height})
                page.wait_for_timeout(500)
                keep(page.screenshot(), Path(path.format(name)))
                page.set_viewport_size({"width": width, "height": 900})

            page.goto(f"{site.origin}/exercise/standardize")
            for name, source, outcome in (("failing", SAMPLE, "not_yet"), ("passing", GOOD, "passed")):
                write(page, source)
                for _ in range(2):  # the second time everything is warm
                    page.keyboard.press("Control+Enter")
                    page.locator(f".verdict[data-outcome={outcome}]").wait_for()
                    page.locator("#verdict[aria-busy]").wait_for(state="detached")
                page.evaluate("scrollTo(0, 0)")
                take(name, (1420 if outcome == "not_yet" else 1180) if width > 1000 else 2300)
            if main:
                for exercise in PASSED:
                    solve(page, site.origin, exercise)
            page.goto(site.origin)
            take("map", 1000)
            page.goto(f"{site.origin}/plan")
            take("plan")
            page.goto(f"{site.origin}/unit/gradients")
            page.locator(".katex").first.wait_for()
            explorable = page.locator(".explorable").first
            explorable.scroll_into_view_if_needed()
            explorable.locator(".predict .choice").nth(1).click()
            explorable.get_by_role("button", name="See what happens").click()
            explorable.locator("input[name=rate]").fill("0.17")
            explorable.locator(".caption:has-text('oscillates')").wait_for()
            page.evaluate("scrollTo(0, document.querySelector('.explorable').offsetTop - 330)")
            take("unit", 1100)
    taken = [*readme.glob("*.png"), *tmp_path.glob("*.png")]
    assert len(taken) >= 20
    assert all(5_000 < path.stat().st_size < 200_000 for path in taken)
