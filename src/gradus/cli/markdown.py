"""Markdown of tasks, lessons, hints and messages, rendered for a terminal without a heavy library."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gradus.cli.maths import tex
from gradus.cli.term import Terminal
from gradus.cli.text import Span, cells, indent, pad, sanitize, words, wrap_spans
from gradus.roadmap.explorables import in_words

_INLINE = re.compile(
    r"(?P<code>(?P<ticks>`+)(?P<codetext>.+?)(?P=ticks))"
    r"|(?P<math>\$(?P<mathtext>[^$\s](?:[^$]*[^$\s])?)\$(?!\d))"
    r"|(?P<image>!\[(?P<alt>[^\]]*)\]\((?P<src>[^)\s]+)[^)]*\))"
    r"|(?P<link>\[(?P<label>[^\]]+)\]\((?P<url>[^)\s]+)[^)]*\))"
    r"|<(?P<auto>https?://[^>\s]+)>"
    r"|(?P<strong>\*\*(?P<strongtext>\S(?:.*?\S)?)\*\*)"
    r"|(?P<em>(?<![\w*])\*(?P<emtext>[^\s*](?:[^*]*[^\s*])?)\*(?![\w*]))"
    r"|(?P<under>(?<!\w)_(?P<undertext>[^\s_](?:[^_]*[^\s_])?)_(?!\w))"
    r"|\\(?P<escaped>[\\`*_{}\[\]()#+.!$|<>-])",
    re.DOTALL,
)
_FENCE = re.compile(r"^(\s*)(`{3,}|~{3,})\s*(.*)$")
_ITEM = re.compile(r"^(\s*)([-*+]|\d{1,3}[.)])\s+(.*)$")
_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$")


def render(source: str, term: Terminal, width: int | None = None) -> list[str]:
    """Lines of at most ``width`` columns (code may be longer: it is never broken)."""
    source = in_words(re.sub(r"<!--.*?-->", "", sanitize(source), flags=re.DOTALL))
    return _blocks(source.split("\n"), term, width or term.width)


def inline(text: str, term: Terminal, *styles: str) -> list[Span]:
    """Styled words of one paragraph. Without color, backticks stay so that code is still told from prose."""
    spans: list[Span] = []
    last = 0
    for match in _INLINE.finditer(text):
        spans += words(term.prose(text[last : match.start()]), *styles)
        spans += _inline_one(match, term, styles)
        last = match.end()
    return spans + words(term.prose(text[last:]), *styles)


def _inline_one(match: re.Match[str], term: Terminal, styles: tuple[str, ...]) -> list[Span]:
    group = match.groupdict()
    if group["code"]:
        code = group["codetext"].strip() if len(group["ticks"]) > 1 else group["codetext"]
        return words(code if term.color else f"`{code}`", *styles, "code")
    if group["math"]:
        return words(term.prose(tex(group["mathtext"])), *styles, "em")
    if group["image"]:
        return [*words(f"[figure: {group['alt']}]", *styles, "dim"), (" ", ()), *words(f"({group['src']})", "dim")]
    if group["link"]:
        label = inline(group["label"], term, *styles, "link")
        return label if group["label"] == group["url"] else [*label, (" ", ()), (f"<{group['url']}>", ("dim",))]
    if group["auto"]:
        return [(group["auto"], (*styles, "link"))]
    if group["strong"]:
        return inline(group["strongtext"], term, *styles, "strong")
    if group["em"] or group["under"]:
        return inline(group["emtext"] or group["undertext"], term, *styles, "em")
    return [(group["escaped"], styles)]


def _blocks(lines: list[str], term: Terminal, width: int) -> list[str]:
    out: list[str] = []
    for block in _split(lines):
        rendered = _block(block, term, width)
        tight = _ITEM.match(block[0]) and out and _was_item(block)
        if rendered and out and not tight:
            out.append("")
        out += rendered
    return out


def _was_item(block: list[str]) -> bool:
    return block[-1] != ""


def _split(lines: list[str]) -> Iterator[list[str]]:
    """Cut into blocks: a fenced block, a displayed formula, a list, a table, a quote, a heading or a paragraph."""
    block: list[str] = []
    fence = ""
    for line in lines:
        mark = _FENCE.match(line)
        if fence:
            block.append(line)
            if mark and mark.group(2).startswith(fence) and not mark.group(3):
                yield block
                block, fence = [], ""
        elif block and _ITEM.match(block[0]) and (not line.strip() or line.startswith("  ") or _ITEM.match(line)):
            block.append(line)  # a list swallows what is indented below it, blank lines too
        elif mark and not (block and _ITEM.match(block[0]) and mark.group(1)):
            if block:
                yield block
            block, fence = [line], mark.group(2)
        elif not line.strip():
            if block:
                yield block
            block = []
        elif _HEADING.match(line) or (_ITEM.match(line) and not block):
            if block:
                yield block
            block = [line]
            if _HEADING.match(line):
                yield block
                block = []
        elif block and _ITEM.match(line) and not _starts(block, "|", ">"):
            yield block
            block = [line]
        else:
            if block and _ITEM.match(block[0]):
                yield block
                block = []
            block.append(line)
    if block:
        yield block


def _starts(block: list[str], *marks: str) -> bool:
    return block[0].lstrip().startswith(marks)


def _block(block: list[str], term: Terminal, width: int) -> list[str]:
    first = block[0]
    if _FENCE.match(first):
        return _code(block, term)
    if heading := _HEADING.match(first):
        return _heading(len(heading.group(1)), heading.group(2), term, width)
    if _ITEM.match(first):
        return _list(block, term, width)
    if _starts(block, ">"):
        inner = _blocks([re.sub(r"^\s*>\s?", "", line) for line in block], term, max(10, width - 2))
        return [term.style(term.symbol("bar"), "dim") + " " + line for line in inner]
    if _starts(block, "|") and len(block) > 1 and re.match(r"^[\s|:-]+$", block[1]):
        return _table(block, term, width)
    if re.match(r"^\s*([-*_])(\s*\1){2,}\s*$", first) and len(block) == 1:
        return [term.rule(width)]
    text = "\n".join(block)
    if display := re.fullmatch(r"\s*\$\$(.*?)\$\$\s*", text, re.DOTALL):
        return [term.style("    " + line, "em") for line in term.prose(tex(display.group(1))).split("\n")]
    return wrap_spans(inline(" ".join(line.strip() for line in block), term), width, term)


def _heading(level: int, text: str, term: Terminal, width: int) -> list[str]:
    lines = wrap_spans(inline(text, term, "strong"), width, term)
    if level == 1:
        lines.append(term.style(term.symbol("rule") * min(width, max(cells(line) for line in lines)), "dim"))
    return lines


def _code(block: list[str], term: Terminal) -> list[str]:
    match = _FENCE.match(block[0])
    assert match is not None
    margin, info = len(match.group(1)), match.group(3).strip()
    body = block[1:-1] if len(block) > 1 and _FENCE.match(block[-1]) else block[1:]
    edge = term.style(term.symbol("bar"), "dim")
    style = "dim" if info.startswith("output") else "code"
    lines = [f"  {edge} {term.style(line[margin:] if not line[:margin].strip() else line, style)}" for line in body]
    return ["  " + term.style("output", "dim"), *lines] if info.startswith("output") else lines


def _list(block: list[str], term: Terminal, width: int) -> list[str]:
    out: list[str] = []
    loose = any(not line.strip() and i + 1 < len(block) and block[i + 1].strip() for i, line in enumerate(block))
    for marker, body in _items(block):
        bullet = term.symbol("bullet") if marker in "-*+" else marker
        margin = cells(bullet) + 1
        inner = _blocks(body, term, max(10, width - margin - 1)) or [""]
        if out and loose:
            out.append("")
        out.append(f" {term.style(bullet, 'dim')} {inner[0]}")
        out += indent(inner[1:], " " * (margin + 1))
    return out


def _items(block: list[str]) -> Iterator[tuple[str, list[str]]]:
    top = _ITEM.match(block[0])
    assert top is not None
    margin = len(top.group(1))
    marker, body = "", list[str]()
    for line in block:
        match = _ITEM.match(line)
        if match and len(match.group(1)) <= margin + 1:
            if marker:
                yield marker, _trim(body)
            marker, body = match.group(2), [match.group(3)]
        else:
            body.append(line)
    yield marker, _trim(body)


def _trim(body: list[str]) -> list[str]:
    """Take the continuation lines' common indentation away."""
    rest = [line for line in body[1:] if line.strip()]
    margin = min((len(line) - len(line.lstrip()) for line in rest), default=0)
    while body and not body[-1].strip():
        body.pop()
    return body[:1] + [line[margin:] for line in body[1:]]


def _table(block: list[str], term: Terminal, width: int) -> list[str]:
    rows = [[cell.strip() for cell in _cells(line)] for i, line in enumerate(block) if i != 1]
    head, body = rows[0], rows[1:]
    styled = [[_styled(cell, term, *([] if i else ["strong"])) for cell in row] for i, row in enumerate(rows)]
    count = len(head)
    widths = [max((cells(row[i]) for row in styled if i < len(row)), default=0) for i in range(count)]
    if sum(widths) + 2 * (count - 1) <= width:
        lines = ["  ".join(pad(cell, widths[i]) for i, cell in enumerate(row[:count])).rstrip() for row in styled]
        return [lines[0], term.style(term.symbol("rule") * (sum(widths) + 2 * (count - 1)), "dim"), *lines[1:]]
    return _tall_table(head, body, term, width)


def _styled(text: str, term: Terminal, *styles: str) -> str:
    return "".join(term.style(word, *names) for word, names in inline(text, term, *styles))


def _tall_table(head: list[str], body: list[list[str]], term: Terminal, width: int) -> list[str]:
    """A table too wide for the terminal, as one short list per row."""
    out: list[str] = []
    for row in body:
        if out:
            out.append("")
        for name, cell in zip(head, row, strict=False):
            label = inline(f"{name}:" if name else "", term, "dim")
            out += wrap_spans([*label, (" ", ()), *inline(cell, term)], width, term)
    return out


def _cells(line: str) -> list[str]:
    """Split a table row at its bars, but not at bars inside code."""
    return re.split(r"(?<!\\)\|(?=(?:[^`]*`[^`]*`)*[^`]*$)", line.strip().strip("|"))
