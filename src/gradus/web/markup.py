"""Markdown to HTML on the server: lessons, tasks, hints, messages. Raw HTML in the source is text, never markup."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final

from gradus.roadmap.explorables import PLACE

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

    Rule = Callable[[Any, Sequence[Token], int, Any, Any], str]

_SLUG: Final = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=1024)
def prose(text: str) -> str:
    """A text of ours as HTML: paragraphs, code, maths, tables, links."""
    return str(_parser("prose").render(_without_comments(text)))


@lru_cache(maxsize=1024)
def inline(text: str) -> str:
    """One line of ours, without a paragraph around it."""
    return str(_parser("prose").renderInline(text))


@lru_cache(maxsize=512)
def message(text: str) -> str:
    """A text that may quote the learner's code or values: no links, no pictures."""
    return str(_parser("message").render(text))


@lru_cache(maxsize=512)
def message_line(text: str) -> str:
    """The same for one line."""
    return str(_parser("message").renderInline(text))


def document(text: str, options: Mapping[str, Any]) -> tuple[str, tuple[tuple[str, str], ...]]:
    """A lesson as HTML, and its sections ``(anchor, heading)``.

    Options: ``image(src) -> url or None``, ``explore(name) -> html``, ``fence(info, code, output) -> html or None``
    (``output`` is the text of an output block that follows). The first heading of level 1 is left out: the page has it.
    """
    parser = _parser("prose")
    env: dict[str, Any] = {"options": options, "sections": []}
    tokens = _arranged(parser.parse(_without_comments(text), env), env)
    return str(parser.renderer.render(tokens, parser.options, env)), tuple(env["sections"])


def highlight(code: str, language: str = "python") -> str:
    """Code with Pygments' short classes, in ``pre.code``; other languages are plain."""
    return _highlighted(code, language)


@lru_cache(maxsize=512)
def _highlighted(code: str, language: str) -> str:
    if language not in ("python", "pycon"):
        return f'<pre class="code"><code>{html.escape(code)}</code></pre>'
    from pygments import highlight as paint
    from pygments.formatters.html import HtmlFormatter

    lexer, formatter = _lexer(language), HtmlFormatter(nowrap=True)
    return f'<pre class="code"><code>{paint(code, lexer, formatter)}</code></pre>'


@cache
def _lexer(language: str) -> Any:
    from pygments.lexers import get_lexer_by_name

    return get_lexer_by_name(language, stripnl=False)


def slug(text: str) -> str:
    """A heading's anchor."""
    return _SLUG.sub("-", text.lower()).strip("-") or "section"


def _without_comments(text: str) -> str:
    return re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)


@cache
def _parser(kind: str) -> MarkdownIt:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    parser = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")
    # An amount in dollars is no formula: the dollar must touch what it encloses, and no digit may follow.
    dollarmath_plugin(parser, allow_labels=False, allow_space=False, allow_digits=False, double_inline=True)
    if kind == "message":
        parser.disable(["link", "image", "autolink", "reference"])
    for name in ("math_inline", "math_inline_double", "math_block"):
        parser.add_render_rule(name, _maths)
    parser.add_render_rule("fence", _fence)
    parser.add_render_rule("image", _image)
    parser.add_render_rule("link_open", _link)
    parser.add_render_rule("table_open", lambda *_: '<div class="table-wrap" tabindex="0" role="region"><table>\n')
    parser.add_render_rule("table_close", lambda *_: "</table></div>\n")
    for name in ("th_open", "td_open"):
        parser.add_render_rule(name, _aligned)
    return parser


def _maths(self: Any, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    token = tokens[at]
    tex = html.escape(token.content.strip())
    if token.type == "math_inline":
        return f'<span class="math inline">{tex}</span>'
    if token.type == "math_inline_double":
        return f'<span class="math block">{tex}</span>'
    return f'<div class="math block" tabindex="0">{tex}</div>\n'


def _fence(self: Any, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    token = tokens[at]
    info, code = token.info.strip(), token.content
    language = info.split(" ", 1)[0]
    make = env.get("options", {}).get("fence")
    made = make(info, code, token.meta.get("output")) if make else None
    if made is not None:
        return str(made)
    if language == "output":
        return f'<pre class="output"><code>{html.escape(code)}</code></pre>\n'
    if language == "python" and code.lstrip().startswith(">>>"):
        language = "pycon"
    return highlight(code, language) + "\n"


def _image(self: Any, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    token = tokens[at]
    make = env.get("options", {}).get("image")
    source = make(str(token.attrGet("src"))) if make else None
    alt = html.escape(self.renderInlineAsText(token.children or [], options, env))
    if source is None:
        return f'<span class="missing-figure">[figure: {alt}]</span>'
    return f'<img class="picture" src="{html.escape(source)}" alt="{alt}" loading="lazy" decoding="async">'


def _link(self: Any, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    token = tokens[at]
    target = str(token.attrGet("href"))
    if target.startswith(("http://", "https://")):
        token.attrSet("rel", "noopener noreferrer external")
        token.attrSet("target", "_blank")
        token.attrSet("class", "external")
    return str(self.renderToken(tokens, at, options, env))


def _aligned(self: Any, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    """Alignment as a class: a style attribute would be refused by the policy."""
    token = tokens[at]
    style = str(token.attrGet("style") or "")
    side = style.removeprefix("text-align:")
    return f'<{token.tag} class="{side}">' if side in ("left", "right", "center") else f"<{token.tag}>"


def _arranged(tokens: list[Token], env: dict[str, Any]) -> list[Token]:
    """Name the sections, join output blocks to their code, put explorables in the place of their lines."""
    kept: list[Token] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.type == "heading_open":
            words = tokens[at + 1].content
            if token.tag == "h1" and not kept:
                at += 3
                continue
            if token.tag == "h2":
                token.attrSet("id", slug(words))
                env["sections"].append((slug(words), words))
        elif token.type == "paragraph_open" and (named := PLACE.fullmatch(tokens[at + 1].content.strip())):
            kept.append(_ready(tokens[at], env["options"]["explore"](named[1])))
            at += 3
            continue
        elif token.type == "fence" and token.info.strip() == "output" and kept and _is_code(kept[-1]):
            kept[-1].meta["output"] = token.content
            at += 1
            continue
        kept.append(token)
        at += 1
    return kept


def _is_code(token: Token) -> bool:
    return token.type == "fence" and token.info.strip().split(" ", 1)[0] == "python"


def _ready(like: Token, content: str) -> Token:
    """HTML of ours as a token."""
    return like.copy(type="html_block", tag="", nesting=0, content=content, children=None)
