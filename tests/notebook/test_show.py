"""What the notebook shows: everything escaped, and the same as plain text."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus.errors import UsageError
from gradus.learner import Hint, Progress, Step
from gradus.learner.records import StageProgress, UnitProgress
from gradus.notebook.show import Page, failure, hint_page, inline, progress_page, step_page, verdict_page

ALLOWED = {"div", "p", "strong", "em", "code", "pre", "img"}


class Tags(HTMLParser):
    """Collects tags, attributes and text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


VERDICT = {
    "outcome": "not_yet",
    "headline": "Column 2 is off.",
    "diagnosis": {"id": "ddof", "message": "You divided by the *sample* deviation (`ddof=1`)."},
    "findings": [
        {
            "check": "tables",
            "message": "m",
            "case": "f([[0], [2]])",
            "expected": "[[-1]]",
            "actual": "[[0]]",
            "line": 3,
        },
        {"check": "other", "message": "n", "case": "", "expected": "", "actual": "", "line": None},
    ],
    "stdout": "hello",
    "figures": ["AAAA", '"><script>alert(1)</script>'],
}


def test_a_verdict_says_what_where_and_why() -> None:
    text = repr(verdict_page(VERDICT))
    for part in ("Column 2 is off.", "ddof=1", "f([[0], [2]])", "[[-1]]", "[[0]]", "Line 3.", "1 more", "hello"):
        assert part in text
    html = verdict_page(VERDICT)._repr_html_()
    assert "<em>sample</em>" in html
    assert "<code>ddof=1</code>" in html
    assert html.count("<img") == 1  # what is no Base64 is no picture
    assert Tags(html).tags <= ALLOWED


def test_output_and_pictures_are_left_out_when_the_cell_runs_anyway() -> None:
    page = verdict_page(VERDICT, with_output=False)
    assert "hello" not in repr(page)
    assert "<img" not in page._repr_html_()


def test_a_pass_needs_no_findings() -> None:
    assert repr(verdict_page({"outcome": "passed", "headline": "Every check holds."})) == "✓ Every check holds."


PAYLOADS = [
    "<script>alert(1)</script>", "`<img src=x onerror=alert(1)>`", "**<b onclick=x>**", "</pre><script>",
    "&lt;script&gt;", "<svg/onload=alert(1)>", "\"'><iframe>", "*`<u>`*",
]  # fmt: skip


@pytest.mark.parametrize("payload", PAYLOADS)
def test_markup_in_learners_text_stays_text(payload: str) -> None:
    finding = {"message": payload, "case": payload, "expected": payload, "actual": payload, "line": payload}
    data = {
        "outcome": payload, "headline": payload, "diagnosis": {"id": payload, "message": payload},
        "findings": [finding], "stdout": payload, "figures": [payload],
    }  # fmt: skip
    tags = Tags(verdict_page(data)._repr_html_())
    assert tags.tags <= ALLOWED
    assert not any(name.startswith("on") for name, _ in tags.attributes)


@given(st.text(max_size=60))
def test_inline_never_makes_foreign_tags_and_loses_no_words(text: str) -> None:
    tags = Tags(inline(text))
    assert tags.tags <= {"code", "strong", "em"}
    kept = text.translate(str.maketrans("", "", "*`\r"))
    assert tags.text.translate(str.maketrans("", "", "*`\r")) == kept


def test_a_failure_says_what_to_do() -> None:
    assert repr(failure(UsageError("No.", "here", "Do that."))) == "No.\n\nhere\n\nDo that."


def test_hints_count_down() -> None:
    assert "2 hints left." in repr(hint_page(Hint("add", 1, "Nudge.", 2)))
    assert "1 hint left." in repr(hint_page(Hint("add", 2, "Idea.", 1)))
    assert "That was the last hint." in repr(hint_page(Hint("add", 3, "Almost.", 0)))


def test_a_step_names_its_file_and_command() -> None:
    root = Path("/home/someone/ml")
    text = repr(step_page(Step("exercise", "Do add", "Why.", "gradus check add", root / "1-a" / "add.py"), root))
    assert "1-a/add.py" in text
    assert "gradus check add" in text


def test_progress_lists_stages_and_written_units() -> None:
    unit = UnitProgress("u", "1.1", "First", "under way", 1, 3, 5.0, True, ())
    coming = UnitProgress("v", "1.2", "Later", "coming", 0, 0, 0.0, False, ())
    stage = StageProgress("s", 1, "Basics", "under way", 1, 3, 5.0, "m", None, (unit, coming))
    text = repr(progress_page(Progress((stage,), 1, 3, 4, 0, 5.0, None)))
    assert "1 of 3 exercises passed" in text
    assert "1.1 First: under way, 1 of 3" in text
    assert "Later" not in text


def test_pages_show_plain_text_and_html_of_the_same() -> None:
    page = Page("T", ("p",), (("label", "a\nb"), ("", "c")))
    assert repr(page) == "T\n\np\n\nlabel\n    a\n    b\n\n    c"
    assert page._repr_html_() == ("<div><p><strong>T</strong></p><p>p</p><p>label</p><pre>a\nb</pre><pre>c</pre></div>")
