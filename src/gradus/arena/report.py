"""A competition as a page to keep: result, board, pictures, what was told at the end, and the write-up."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from html import escape
from pathlib import Path

from gradus.arena import writeup
from gradus.arena.board import Board, board_of, optimum
from gradus.arena.field import Scored
from gradus.arena.pictures import board_picture, progress_picture, shake_picture
from gradus.arena.play import Play, Submission
from gradus.vault.rows import write_whole

BOARD, SHAKE, PROGRESS, PAGE = "board.png", "shake.png", "progress.png", "report.html"


def draw_pictures(play: Play, field: Sequence[Scored], entries: int) -> dict[str, Path]:
    """Draw what there is to draw into the learner's folder: name -> file."""
    board, made, done = board_of(play, field, entries), play.submissions(), play.finished()
    if not board.rows:
        return {}
    found = {BOARD: board_picture(board, play.folder / BOARD)}
    if made:
        best = optimum(play, done is not None)
        found[PROGRESS] = progress_picture(board.metric, made, done is not None, best, play.folder / PROGRESS)
    if made and done is not None:
        found[SHAKE] = shake_picture(board, field, made, done["chosen"], play.folder / SHAKE)
    return found


def write_report(play: Play, field: Sequence[Scored], entries: int) -> Path:
    """Write ``report.html``, one file with everything in it, and return its path."""
    pictures = draw_pictures(play, field, entries)
    board = board_of(play, field, entries)
    parts = [_head(play, board), _result(play, board)]
    alts = {
        BOARD: f"Dots for {len(board.rows)} entries by {board.metric.title}. {board.standing_words()}",
        SHAKE: "Public score against private score for the field and your submissions.",
        PROGRESS: "The score of each of your submissions, in order.",
    }
    for name in (PROGRESS, SHAKE):
        if name in pictures:
            parts.append(picture_tag(pictures[name], alts[name]))
    if play.finished() is not None and play.drawn.told:
        parts.append("<h2>What was hidden</h2>" + "".join(f"<p>{_marked(line)}</p>" for line in play.drawn.told))
    parts.append(_writeup(play))
    if BOARD in pictures:
        parts.append(f"<h2>The {board.which} board</h2>" + picture_tag(pictures[BOARD], alts[BOARD]))
    parts += [_field_table(board), _provenance(play), "</main></html>"]
    path = play.folder / PAGE
    write_whole(path, "\n".join(parts).encode())
    return path


def page_head(title: str) -> str:
    """The beginning of a page that loads and runs nothing, in dark and light."""
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style><main>"
    )


def _head(play: Play, board: Board) -> str:
    return f"{page_head(board.title)}<h1>{escape(board.title)}</h1><p>{escape(play.contest.story)}</p>"


def _result(play: Play, board: Board) -> str:
    measure, made, done = board.metric, play.submissions(), play.finished()
    lines = [f'<p class="result">{escape(board.standing_words())}</p>']
    if board.you is not None:
        best = (
            f" The best that anybody could do on these rows is {board.optimum:.4f}."
            if board.optimum is not None
            else ""
        )
        lines.append(f"<p>{measure.title} {board.you.score:.4f} ({measure.better}).{best}</p>")
    if done is None:
        lines.append("<p>The competition is still open: the private rows decide.</p>")
    if made:
        counted = set(done["chosen"]) if done else set()
        lines.append(_submissions_table(made, counted, done is not None))
    return "\n".join(lines)


def _submissions_table(made: Sequence[Submission], counted: set[int], finished: bool) -> str:
    heads = ["", "day", "note", "public", *(["private", "counts"] if finished else [])]
    rows = []
    for each in made:
        cells = [str(each.n), each.day, escape(each.note), f"{each.public:.4f}"]
        cells += [f"{each.private:.4f}", "yes" if each.n in counted else ""] if finished else []
        rows.append(cells)
    return table_tag("Your submissions", heads, rows)


def _field_table(board: Board) -> str:
    rows = [
        [str(row.rank), escape(row.name), f"{row.score:.4f}", escape(row.family), escape(row.about)]
        for row in board.rows
    ]
    return table_tag("Every entry", ["rank", "entry", board.metric.title, "kind", "how"], rows)


def table_tag(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A titled table; heads and cells are HTML already."""
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<h2>{title}</h2><div><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"


def picture_tag(path: Path, alt: str) -> str:
    """A picture within the page."""
    data = base64.b64encode(path.read_bytes()).decode()
    return f'<img alt="{escape(alt, quote=True)}" src="data:image/png;base64,{data}">'


def _marked(text: str) -> str:
    parts = escape(text).split("`")
    return "".join(f"<code>{part}</code>" if place % 2 else part for place, part in enumerate(parts))


def _writeup(play: Play) -> str:
    """The write-up as it was at the finish, or as it stands."""
    from markdown_it import MarkdownIt

    kept = play.private / writeup.FILE if play.finished() is not None else play.folder / writeup.FILE
    try:
        text = kept.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    asked = {f"> {words}" for words in writeup.SECTIONS.values()}  # the template's questions were answered
    lines = [line for line in text.splitlines() if not line.startswith("# ") and line.strip() not in asked]
    page: str = MarkdownIt("commonmark", {"html": False}).disable("image").render("\n".join(lines))
    return page


def _provenance(play: Play) -> str:
    from importlib.metadata import version

    import gradus

    options = ", ".join(play.options.chosen) or "none"
    facts = [
        f"seed {play.meta['seed']}", f"options: {options}", f"started {play.meta['started']}",
        f"answers SHA-256 {play.meta['answers'][:16]}…", f"gradus {gradus.__version__}",
        f"scikit-learn {version('scikit-learn')}", f"source: {play.contest.source}",
    ]  # fmt: skip
    return f'<p class="facts">{escape(" · ".join(facts))}</p>'


_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_STYLE = """
:root { color-scheme: light dark; }
body { margin: 0; font: 16px/1.55 system-ui, sans-serif; color: light-dark(#22303a, #dde5ea);
  background: light-dark(#fff, #15191c); }
main { max-width: 46rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .5rem; } h2 { font-size: 1.25rem; margin: 2.5rem 0 .5rem; }
.result { font-size: 1.2rem; font-weight: 600; color: light-dark(#00614a, #6fd3b4); }
img { display: block; max-width: 100%; margin: 1.5rem 0; border-radius: 6px; background: #fff; }
div { overflow-x: auto; } table { border-collapse: collapse; font-size: .875rem; width: 100%; }
th, td { text-align: left; padding: .3rem .75rem .3rem 0; border-bottom: 1px solid light-dark(#e3e9ec, #2b3338);
  vertical-align: top; font-variant-numeric: tabular-nums; }
blockquote { margin: 0; color: light-dark(#5c6a73, #9babb5); font-style: italic; }
.facts { margin-top: 3rem; font-size: .8rem; color: light-dark(#5c6a73, #9babb5); overflow-wrap: anywhere; }
"""
