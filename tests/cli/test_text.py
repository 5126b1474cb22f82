from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus.cli.maths import tex
from gradus.cli.term import Terminal
from gradus.cli.text import bar, cells, clip, minutes, one_line, pad, plain, plural, sanitize, table, wrap

PLAIN, COLOR, NARROW = Terminal(), Terminal(color=True), Terminal(width=20)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("\x1b[2J", "\\x1b[2J"),
        ("a\rb", "a\\rb"),
        ("a\r\nb", "a\nb"),
        ("\x07", "\\x07"),
        ("\x9b31m", "\\x9b31m"),
        ("a\u202eb", "a\\u202eb"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
        ("\tx", "    x"),
    ],
)
def test_control_characters_become_visible(raw: str, shown: str) -> None:
    assert sanitize(raw) == shown


@given(st.text())
def test_sanitized_text_holds_nothing_a_terminal_obeys(text: str) -> None:
    clean = sanitize(text)
    assert all(char == "\n" or char >= " " for char in clean)
    assert "\x7f" not in clean
    assert not any("\x80" <= char <= "\x9f" for char in clean)
    assert sanitize(clean) == clean


@given(st.text(), st.integers(1, 40))
def test_clipped_text_fits(text: str, width: int) -> None:
    assert cells(clip(sanitize(text).replace("\n", " "), width)) <= max(width, 1)


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["C", "M"]), max_size=200), st.integers(4, 60))
def test_wrapping_keeps_words_and_fits(text: str, width: int) -> None:
    lines = wrap(text, width, PLAIN)
    assert all(cells(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_color_is_not_counted_and_closed_on_every_line() -> None:
    lines = wrap("one two three four five", 9, COLOR, "strong")
    assert all(cells(line) <= 9 for line in lines)
    assert all(line.count("\x1b[1m") == line.count("\x1b[0m") for line in lines)
    assert plain(" ".join(lines)) == "one two three four five"


def test_wide_characters_count_twice() -> None:
    assert cells("日本") == 4
    assert pad("日本", 6) == "日本  "
    assert cells("e\u0301") == 1


def test_one_line_is_one_line() -> None:
    assert one_line("a\n b\x1b") == "a b\\x1b"
    assert len(one_line("x" * 500, 50)) == 50


def test_small_words() -> None:
    assert plural(1, "hint") == "1 hint"
    assert plural(0, "hint") == "0 hints"
    assert minutes(0.5) == "30 s"
    assert minutes(12) == "12 min"
    assert minutes(65) == "1 h 05 min"
    assert table([["a", "bb"], ["ccc", "d"]]) == ["a    bb", "ccc  d"]
    assert bar(0.5, 4, PLAIN) == "██░░"
    assert bar(2.0, 4, Terminal(unicode=False)) == "####"


class TestTerminal:
    def test_no_color_wins(self) -> None:
        assert not Terminal.detect(_Tty(), {"NO_COLOR": "1", "FORCE_COLOR": "1"}).color

    def test_a_pipe_is_plain(self) -> None:
        term = Terminal.detect(io.TextIOWrapper(io.BytesIO(), "utf-8"), {})
        assert not term.color
        assert not term.interactive

    def test_a_dumb_terminal_is_plain(self) -> None:
        assert not Terminal.detect(_Tty(), {"TERM": "dumb"}).color

    def test_a_terminal_is_colored(self) -> None:
        term = Terminal.detect(_Tty(), {"TERM": "xterm"})
        assert term.color
        assert term.interactive
        assert term.unicode

    @pytest.mark.parametrize("code_page", ["cp437", "cp1252", "ascii", "latin-1"])
    def test_code_pages_get_ascii(self, code_page: str) -> None:
        term = Terminal.detect(io.TextIOWrapper(io.BytesIO(), code_page), {})
        assert not term.unicode
        assert term.symbol("passed").isascii()
        assert term.prose("a → b … “c” 2 × 3").isascii()


class _Tty(io.StringIO):
    encoding = "utf-8"  # type: ignore[assignment]

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (r"\sigma^2 = \frac{1}{n}\sum_{i=1}^{n} (x_i-\mu)^2", "σ² = 1/n Σᵢ₌₁ⁿ (xᵢ-μ)²"),
        (r"\hat{y} = Xw + b", "ŷ = Xw + b"),
        (r"X \in \mathbb{R}^{n\times d}", "X ∈ ℝ^(n× d)"),
        (r"\mathbf{x}^\top W", "xᵀ W"),
        (r"\sqrt{\frac{a}{b}}", "√(a/b)"),
        (r"P(A \mid B)", "P(A | B)"),
        (r"a \\ b", "a\nb"),
    ],
)
def test_tex_reads_as_text(source: str, shown: str) -> None:
    assert tex(source) == shown


@given(st.text(alphabet="\\{}^_$abx12 fracsqrt&", max_size=60))
def test_tex_never_raises(source: str) -> None:
    assert isinstance(tex(source), str)
