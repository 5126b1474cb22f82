"""Whole journeys, as a learner goes them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

SAMPLE = (
    "import numpy as np\n\n\ndef standardize(X):\n    print('shape', X.shape)\n"
    "    return (X - X.mean(axis=0)) / X.std(axis=0, ddof=1)\n"
)
GOOD = (
    "import numpy as np\n\n\ndef standardize(X):\n    X = np.asarray(X, dtype=float)\n    spread = X.std(axis=0)\n"
    "    return (X - X.mean(axis=0)) / np.where(spread == 0, 1, spread)\n"
)


def write(page: Any, text: str) -> None:
    """Type over everything that stands in the editor."""
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


def test_from_the_first_visit_to_a_pass_and_on(start: Callable[[], Any]) -> None:
    site = start()
    with site.page() as page:
        # Three questions, then the offer to skip what is known.
        page.get_by_role("button", name="Make my plan").click()
        page.get_by_role("button", name="entry test").click()
        page.wait_for_url("**/placement/1")
        assert page.locator(".exercise-list a").count() == 7

        # A lesson: a cell runs, and runs again with other code.
        page.goto(f"{site.origin}/unit/numpy")
        cell = page.locator(".cell").first
        cell.get_by_role("button", name="Run").click()
        cell.locator(".cell-output[data-fresh=ok]").wait_for()
        cell.get_by_role("button", name="Edit").click()
        cell.locator(".cm-content").wait_for()
        page.keyboard.press("Control+a")
        page.keyboard.insert_text("print(6 * 7)")
        page.keyboard.press("Control+Enter")
        cell.locator(".cell-output:has-text('42')").wait_for()
        assert page.locator(".katex math").count() > 0  # what screen readers read

        # An explorable: guess, then move.
        page.goto(f"{site.origin}/unit/gradients")
        explorable = page.locator(".explorable").first
        explorable.scroll_into_view_if_needed()
        assert not explorable.locator(".picture").is_visible()
        explorable.locator(".predict .choice").first.click()
        explorable.get_by_role("button", name="See what happens").click()
        explorable.locator(".picture[src]").wait_for()
        assert "otherwise" in explorable.locator(".told").inner_text()
        before = explorable.locator(".picture").get_attribute("src")
        for _ in range(12):  # the first control has the focus
            page.keyboard.press("ArrowRight")
        explorable.locator(f".picture:not([src='{before}'])").wait_for()
        explorable.locator("summary").click()
        assert explorable.locator("table td").count() > 0

        # An exercise: a named mistake, a hint, a pass, the other ways.
        page.goto(f"{site.origin}/exercise/standardize")
        write(page, SAMPLE)
        page.keyboard.press("Control+Enter")
        verdict = page.locator(".verdict[data-outcome=not_yet]")
        verdict.wait_for()
        assert verdict.locator("[data-diagnosis]").count() == 1
        assert verdict.locator("td.differs").count() >= 2
        assert "shape (" in verdict.inner_text()  # the learner's own prints
        page.locator("#hint-form button").click()
        page.locator("#hints .hint").wait_for()
        source_file(site, "standardize").write_text(GOOD, encoding="utf-8")  # in another editor
        page.locator(".cm-content:has-text('np.where')").wait_for()
        page.get_by_role("button", name="Check").click()
        page.locator(".verdict[data-outcome=passed]").wait_for()
        page.locator(".page-head .status[data-status='passed with help']").wait_for()
        page.get_by_role("button", name="Other good ways").click()
        page.locator("#ways .way").first.wait_for()
        page.locator("summary", has_text="History").click()
        page.locator("#history [data-event]").last.click()
        page.locator("#history-entry .diff-add").first.wait_for()
        page.get_by_role("button", name="Put this text back").click()
        page.locator(".cm-content:has-text('ddof=1')").wait_for()
        assert source_file(site, "standardize").read_text(encoding="utf-8") == SAMPLE

        # The quiz, to its end; then what is due.
        page.goto(f"{site.origin}/quiz/numpy")
        page.keyboard.press("2")
        page.keyboard.press("Enter")
        page.locator(".answer .why").first.wait_for()
        page.keyboard.press("n")
        page.wait_for_url("**/quiz/numpy?n=2")
        page.goto(f"{site.origin}/review")
        page.get_by_role("heading", name="Review").wait_for()

        # The milestone: probes come in one by one, the report stays.
        page.goto(f"{site.origin}/milestone/1")
        page.get_by_role("button", name="Begin").click()
        page.locator(".cm-content").wait_for()
        data = site.folder / "data.csv"
        data.write_text("height\n" + "\n".join(str(150 + n) for n in range(40)) + "\n", encoding="utf-8")
        page.get_by_label("Your data file").fill(str(data))
        page.get_by_role("button", name="Prove it").click()
        page.locator("#probes .probe").first.wait_for()
        page.locator("#report .notice").wait_for()
        page.goto(f"{site.origin}/progress")
        assert re.search(r"1 of \d+", page.locator(".facts").inner_text())
    assert site.trouble == []


def test_a_file_in_two_places_loses_nothing(site: Any) -> None:
    file = source_file(site, "standardize")
    with site.page() as page:
        page.goto(f"{site.origin}/exercise/standardize")
        page.locator(".cm-content").wait_for()
        page.wait_for_timeout(500)  # the event stream opens

        file.write_text("# from my own editor\n", encoding="utf-8")
        page.locator(".cm-content:has-text('from my own editor')").wait_for()

        page.locator(".cm-content").click()
        page.keyboard.press("Control+End")
        page.keyboard.insert_text("# from the browser\n")
        file.write_text("# from my own editor, again\n", encoding="utf-8")
        dialog = page.get_by_role("dialog")
        dialog.locator(".cm-editor").first.wait_for()
        assert file.read_text(encoding="utf-8") == "# from my own editor, again\n"
        dialog.get_by_role("button", name="Save my side").click()
        page.locator("#editor-state[data-state=saved]").wait_for()
        assert "# from the browser" in file.read_text(encoding="utf-8")
        kept = [path.read_text(encoding="utf-8") for path in (site.folder / ".gradus" / "kept").rglob("*.py")]
        assert "# from my own editor, again\n" in kept
    assert site.trouble == []


def test_the_editor_completes_marks_and_keeps_what_is_typed(site: Any) -> None:
    file = source_file(site, "standardize")
    with site.page() as page:
        page.goto(f"{site.origin}/exercise/standardize")
        page.locator(".cm-content").wait_for()
        write(page, "import numpy as np\n\n")
        page.keyboard.type("first = np.linsp", delay=20)
        page.locator(".cm-tooltip-autocomplete li:has-text('linspace')").wait_for()
        page.wait_for_timeout(150)  # an answer that comes too early is not taken
        page.keyboard.press("Enter")
        page.keyboard.type("(0, 1, undefined_name)\n")
        page.locator(".cm-lintRange-error").wait_for()
        page.keyboard.type("fir", delay=20)
        page.locator(".cm-tooltip-autocomplete li:has-text('first')").wait_for()
        page.keyboard.press("Escape")
        page.locator("#editor-state[data-state=saved]").wait_for()
        assert "first = np.linspace(0, 1, undefined_name)" in file.read_text(encoding="utf-8")
        page.keyboard.type("st = 0")
        page.goto(site.origin)  # leaving at once saves, too
        page.goto(f"{site.origin}/exercise/standardize")
        page.locator(".cm-content:has-text('first = 0')").wait_for()
        page.locator("#editor-state[data-state=saved]").wait_for()
        assert file.read_text(encoding="utf-8").endswith("first = 0")
    assert site.trouble == []


def test_a_run_can_be_stopped(site: Any) -> None:
    with site.page() as page:
        page.goto(f"{site.origin}/unit/numpy")
        cell = page.locator(".cell").first
        cell.get_by_role("button", name="Edit").click()
        cell.locator(".cm-content").wait_for()
        page.keyboard.press("Control+a")
        page.keyboard.insert_text("import time\ntime.sleep(8)")
        page.keyboard.press("Control+Enter")
        cell.get_by_role("button", name="Stop").click()
        page.locator(".cell[aria-busy]").wait_for(state="detached")
        cell.locator(".cm-content").focus()
        page.keyboard.press("Control+a")
        page.keyboard.insert_text("print('after', 1 + 1)")
        page.keyboard.press("Control+Enter")
        cell.locator(".cell-output:has-text('after 2')").wait_for()
    assert site.trouble == []


def test_a_check_can_be_stopped(site: Any) -> None:
    with site.page() as page:
        page.goto(f"{site.origin}/exercise/flatten_counts")
        write(page, "def flatten_counts(*given):\n    while True:\n        pass\n")
        page.keyboard.press("Control+Enter")
        page.get_by_role("button", name="Stop").click()
        page.locator("#verdict[aria-busy]").wait_for(state="detached")
        page.goto(f"{site.origin}/exercise/standardize")
        write(page, GOOD)
        page.keyboard.press("Control+Enter")
        page.locator(".verdict[data-outcome=passed]").wait_for()
        # What was stopped is no attempt.
        page.goto(f"{site.origin}/exercise/flatten_counts")
        page.locator(".page-head .status[data-status='not started']").wait_for()
    assert site.trouble == []


def reach(page: Any, selector: str, key: str = "Tab") -> None:
    """Press Tab until the element has the focus, as somebody without a mouse does."""
    for _ in range(150):
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
        if page.evaluate("document.activeElement.matches('.cm-content')"):
            page.keyboard.press("Escape")  # where Tab indents, Escape first
        page.keyboard.press(key)
    raise AssertionError(f"Tab does not lead to {selector} on {page.url}")


def test_a_whole_journey_by_keyboard_alone(start: Callable[[], Any]) -> None:
    site = start()
    with site.page() as page:
        keys = page.keyboard
        reach(page, "form[action='/api/welcome'] [type=submit]")
        keys.press("Enter")
        page.get_by_role("heading", name="Your plan stands").wait_for()
        reach(page, "form[action='/api/place/1'] button")
        keys.press("Enter")
        page.wait_for_url("**/placement/1")

        # The map, a lesson, an explorable.
        keys.press("g")
        keys.press("m")
        page.wait_for_url(f"{site.origin}/")
        reach(page, "a[href='/unit/gradients']")
        keys.press("Enter")
        page.wait_for_url("**/unit/gradients")
        reach(page, ".cell [data-action=run-cell]")
        keys.press("Enter")
        page.locator(".cell-output[data-fresh=ok]").first.wait_for()
        reach(page, ".predict input")
        keys.press("ArrowDown")  # an arrow only chooses; nothing is given away yet
        assert not page.locator(".explorable .picture").first.is_visible()
        keys.press("Tab")
        keys.press("Enter")
        picture = page.locator(".explorable .picture[src]").first
        picture.wait_for()
        before = picture.get_attribute("src")
        assert page.evaluate("document.activeElement.name") == "rate"
        keys.press("ArrowRight")
        page.locator(f".explorable .picture:not([src='{before}'])").first.wait_for()
        reach(page, ".explorable summary")
        keys.press("Enter")
        page.locator(".explorable td").first.wait_for()

        # An exercise: a named mistake, a hint, the file edited elsewhere, a pass.
        keys.press("g")
        keys.press("m")
        page.wait_for_url(f"{site.origin}/")
        reach(page, "a[href='/unit/numpy']")
        keys.press("Enter")
        page.wait_for_url("**/unit/numpy")
        reach(page, "a[href='/exercise/standardize']", "Shift+Tab")
        keys.press("Enter")
        page.locator(".cm-content").wait_for()
        reach(page, ".cm-content")
        keys.press("Control+a")
        keys.insert_text(SAMPLE)
        keys.press("Control+Enter")
        page.locator(".verdict[data-outcome=not_yet] [data-diagnosis]").wait_for()
        keys.press("Escape")
        keys.press("Tab")
        keys.press("h")
        page.locator("#hints .hint").wait_for()
        source_file(site, "standardize").write_text(GOOD, encoding="utf-8")
        page.locator(".cm-content:has-text('np.where')").wait_for()
        reach(page, ".button-row [data-action=check]")
        keys.press("Enter")
        page.locator(".verdict[data-outcome=passed]").wait_for()

        # Quiz, review, milestone.
        keys.press("g")
        keys.press("m")
        page.wait_for_url(f"{site.origin}/")
        reach(page, "a[href='/unit/numpy']")
        keys.press("Enter")
        page.wait_for_url("**/unit/numpy")
        keys.press("q")
        page.wait_for_url("**/quiz/numpy")
        keys.press("1")
        keys.press("Enter")
        page.locator(".answer .why").first.wait_for()
        keys.press("n")
        page.wait_for_url("**/quiz/numpy?n=2")
        keys.press("g")
        keys.press("r")
        page.wait_for_url("**/review")
        keys.press("g")
        keys.press("m")
        page.wait_for_url(f"{site.origin}/")
        reach(page, "a[href='/milestone/1']")
        keys.press("Enter")
        page.wait_for_url("**/milestone/1")
        reach(page, "form[action='/api/milestone/1/file'] button")
        keys.press("Enter")
        page.locator(".cm-content").wait_for()
        data = site.folder / "data.csv"
        data.write_text("height\n" + "\n".join(str(150 + n) for n in range(40)) + "\n", encoding="utf-8")
        reach(page, "#data")
        keys.type(str(data))
        keys.press("Enter")
        page.locator("#report .notice").wait_for()
        assert page.locator("h1").count() == 1
    assert site.trouble == []


def test_the_keyboard_alone_is_enough(site: Any) -> None:
    with site.page() as page:
        page.goto(site.origin)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("?")
        page.locator("dialog#keys[open]").wait_for()
        assert "Continue" in page.locator("dialog#keys").inner_text()
        page.keyboard.press("Escape")
        page.keyboard.press("g")
        page.keyboard.press("p")
        page.wait_for_url("**/plan")
        page.keyboard.press("g")
        page.keyboard.press("m")
        page.wait_for_url(f"{site.origin}/")
        page.keyboard.press("c")
        page.wait_for_url(re.compile("/(unit|exercise)/"))

        page.goto(f"{site.origin}/exercise/standardize")
        page.locator(".cm-content").wait_for()
        page.locator(".cm-content").focus()
        page.keyboard.press("Control+End")
        page.keyboard.press("Tab")  # indents, and stays
        assert page.evaluate("document.activeElement.classList.contains('cm-content')")
        page.keyboard.press("Escape")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.dataset.action") == "check"
        page.keyboard.press("Enter")
        page.locator(".verdict").wait_for()
        page.keyboard.press("h")
        page.locator("#hints .hint").wait_for()
    assert site.trouble == []


def source_file(site: Any, exercise: str) -> Path:
    """The learner's file of an exercise."""
    return next(path for path in site.folder.glob(f"[1-6]-*/*/{exercise}.py"))
