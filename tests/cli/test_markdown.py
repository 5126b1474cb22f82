from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gradus.cli.markdown import render
from gradus.cli.term import Terminal
from gradus.cli.text import cells, plain

PLAIN, COLOR, NARROW = Terminal(), Terminal(color=True), Terminal(width=24)


def test_paragraphs_are_joined_and_wrapped() -> None:
    assert render("one\ntwo\n\nthree", PLAIN) == ["one two", "", "three"]
    assert all(cells(line) <= 24 for line in render("word " * 40, NARROW))


def test_code_stays_as_it_is() -> None:
    lines = render("```python\n>>> x = [1,\n...      2]\n```", NARROW)
    assert lines == ["  │ >>> x = [1,", "  │ ...      2]"]


def test_output_blocks_say_so() -> None:
    assert render("```output\n2\n```", PLAIN)[0].strip() == "output"


def test_inline_marks() -> None:
    assert render("a **bold** and *slanted* and `x*y*z` here", PLAIN) == ["a bold and slanted and `x*y*z` here"]
    colored = render("`code` **bold**", COLOR)[0]
    assert "\x1b[36mcode\x1b[0m" in colored
    assert "\x1b[1mbold\x1b[0m" in colored


def test_names_with_underscores_and_products_are_not_emphasis() -> None:
    assert render("my_long_name and 2 * 3 * 4", PLAIN) == ["my_long_name and 2 * 3 * 4"]


def test_maths_inline_and_displayed() -> None:
    assert render("the mean $\\mu$ of $x_i$", PLAIN) == ["the mean μ of xᵢ"]
    assert render("$$\n\\sigma^2\n$$", PLAIN) == ["    σ²"]
    assert render("It costs $5 and $6.", PLAIN) == ["It costs $5 and $6."]


def test_lists_with_continuations_and_code() -> None:
    lines = render("1. first\n   goes on\n\n   ```python\n   x = 1\n   ```\n2. second", PLAIN)
    assert lines[0] == " 1. first goes on"
    assert "    │ x = 1" in "\n".join(lines)
    assert " 2. second" in lines


def test_nested_lists() -> None:
    lines = render("- a\n  - b\n- c", PLAIN)
    assert lines == [" • a", "    • b", " • c"]


def test_tables_align_or_become_lists() -> None:
    source = "| name | meaning |\n| --- | --- |\n| `n` | rows |\n| `d` | columns |"
    wide = render(source, PLAIN)
    assert wide[0].split() == ["name", "meaning"]
    assert len({line.index(word) for line, word in zip(wide[2:], ("rows", "columns"), strict=True)}) == 1
    narrow = render("| name | meaning |\n| --- | --- |\n| `n` | " + "rows " * 12 + "|", NARROW)
    assert narrow[0].startswith("name: `n`")


def test_links_and_figures() -> None:
    assert render("[Khan](https://k.org)", PLAIN) == ["Khan <https://k.org>"]
    assert render("![a curve](figures/c.png)", PLAIN) == ["[figure: a curve] (figures/c.png)"]


def test_headings_quotes_rules() -> None:
    lines = render("# Title\n\n> said\n\n---", PLAIN)
    assert lines[:2] == ["Title", "─────"]
    assert "│ said" in lines


def test_escapes_from_outside_are_visible() -> None:
    assert "\x1b" not in "\n".join(render("evil \x1b[31m text", PLAIN))


@given(st.text(alphabet=st.sampled_from("ab `*_$#->|\n1.[]()\\~!x"), max_size=200), st.integers(20, 60))
def test_any_text_renders(source: str, width: int) -> None:
    lines = render(source, Terminal(color=True, width=width))
    assert all("\n" not in line for line in lines)
    assert isinstance(plain("".join(lines)), str)
