"""How the arena looks in a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gradus.cli.places import shorten
from gradus.cli.term import Terminal
from gradus.cli.text import clip, one_line, pad, wrap

if TYPE_CHECKING:
    from gradus.arena import Board, Contest, Play
    from gradus.arena.board import Row
    from gradus.arena.connectors import HandedIn, Remote, RemoteStanding
    from gradus.arena.play import Submission

AROUND, TOP = 2, 5


def list_lines(
    offered: Sequence[Contest], running: Sequence[Play], away: Sequence[Remote], term: Terminal
) -> list[str]:
    """The shelf, by kind, and what is being played."""
    lines: list[str] = []
    heads = {"real": "Real data", "world": "Simulated worlds (--leak, --drift, --missing make them harder)"}
    for kind, head in heads.items():
        lines += ["", term.style(head, "strong")] if lines else [term.style(head, "strong")]
        for each in offered:
            if each.kind == kind:
                first, *rest = wrap(each.story, max(20, term.width - 16), term)
                lines.append(f"  {term.style(pad(each.id, 12), 'info')}  {first}")
                lines += [f"{' ' * 16}{line}" for line in rest]
                lines.append(f"{' ' * 16}{term.style(f'scored by {each.metric}', 'dim')}")
    lines += ["", term.style("On other people's servers", "strong")]
    for name, words in (
        ("kaggle:titanic", "Who survived; for two classes."), ("kaggle:house-prices", "Sale prices of houses in Ames."),
        ("kaggle:SLUG", "Any other with a sample submission, by the last part of its address."),
        ("openml:TASK", "A task of OpenML by its number, for instance openml:31."),
    ):  # fmt: skip
        lines.append(f"  {term.style(pad(name, 19), 'info')}  {words}")
    names = [f"{play.name}{' (finished)' if play.finished() else ''}" for play in running]
    names += [each.name for each in away]
    if names:
        lines += ["", f"You play {', '.join(names)}."]
    return [*lines, "", f"  {term.style('gradus arena start NAME', 'info')}   lays one out in your folder"]


def start_lines(play: Play, is_new: bool, term: Terminal) -> list[str]:
    """What was laid out."""
    head = "Laid out" if is_new else "You play this already; what was missing is back"
    where = shorten(play.folder)
    lines = [f"{term.style(play.contest.title, 'strong')}. {head} in {where}"]
    lines += wrap(f"{play.contest.story} about.md says the rest.", term.width, term)
    lines += ["", f"  {term.style(f'gradus arena submit {play.name} FILE', 'info')}   scores your predictions"]
    return lines


def submitted_lines(made: Submission, board: Board, term: Terminal) -> list[str]:
    """A submission's score and place."""
    lines = [
        f"Submission {made.n}: {term.style(f'{board.metric.title} {made.public:.4f}', 'strong')} on the public rows "
        f"({board.metric.better})."
    ]
    words = board.standing_words()
    if board.you is not None and board.you.score != made.public:
        words = f"Your best is {board.you.score:.4f}. {words}"
    lines += wrap(words, term.width, term)
    left = board.left_today
    return [*lines, term.style(f"{left} {'submission' if left == 1 else 'submissions'} left today.", "dim")]


def board_lines(board: Board, play: Play, pictures: Mapping[str, Path], whole: bool, term: Terminal) -> list[str]:
    """The board: the top, the lines around yours, the humblest."""
    head = f"{board.title}: the {board.which} board, {board.metric.title} ({board.metric.better})"
    lines = [term.style(head, "strong"), ""]
    if board.optimum is not None:
        best = f"{' ' * 4}  {pad('Best possible', 22)} {board.optimum:>9.4f}   the process itself knows no better"
        lines.append(term.style(term.prose(clip(best, term.width)), "ok"))
    lines += _rows(board, whole, term)
    if board.computed < board.entries:
        lines += ["", f"{board.computed} of {board.entries} entries are computed; `gradus arena board` goes on."]
    lines += ["", *wrap(board.standing_words(), term.width, term)]
    if not board.finished:
        lines += [term.style(f"{board.left_today} submissions left today.", "dim")]
    if pictures:
        lines += [term.style(f"As a picture: {shorten(pictures['board.png'])}", "dim")]
    return lines


def finish_lines(board: Board, play: Play, page: Path, term: Terminal) -> list[str]:
    """The end."""
    lines = board_lines(board, play, {}, False, term)
    for told in play.drawn.told:
        lines += ["", *wrap(told.replace("`", ""), term.width, term)]
    return [*lines, "", f"The report, to keep or to show: {term.style(shorten(page), 'info')}"]


def remote_lines(remote: Remote, term: Terminal) -> list[str]:
    """What was fetched from a server."""
    lines = [f"{term.style(remote.title, 'strong')}, from {remote.host}. Laid out in {shorten(remote.folder)}"]
    lines += [f"  {name}" for name in remote.files]
    columns = ", ".join(remote.columns)
    lines += wrap(
        f"A submission has the columns {columns}, one line for each of {remote.rows:,} ids.", term.width, term
    )
    words = term.style(f"gradus arena submit {remote.name} FILE", "info")
    return [*lines, "", f"  {words}   checks it and hands it in"]


def handed_in_lines(handed: HandedIn, term: Terminal) -> list[str]:
    """What a server said about a submission."""
    if handed.score is None:
        return [f"Handed in to {handed.host}. It has no score yet: `gradus arena board {handed.name}` asks again."]
    lines = [f"Handed in to {handed.host}: {term.style(f'{handed.metric} {handed.score:.5f}', 'strong')}"]
    return [*lines, _rank_words(handed.rank, handed.of)] if handed.rank else lines


def remote_standing_lines(found: RemoteStanding, term: Terminal) -> list[str]:
    """Scores and rank as a server has them."""
    lines = [term.style(f"{found.title} on {found.host}", "strong")]
    for each in found.submissions[:10]:
        score = f"{each.score:.5f}" if each.score is not None else each.status
        lines.append(f"  {each.at[:16]}  {score:>10}  {one_line(each.note, 60)}")
    if not found.submissions:
        lines.append("  You have not handed anything in yet.")
    return [*lines, _rank_words(found.rank, found.of)] if found.rank else lines


def _rank_words(rank: int | None, of: int | None) -> str:
    return f"Your rank there: {rank:,} of {of:,}." if of else f"Your rank there: {rank:,}."


def _rows(board: Board, whole: bool, term: Terminal) -> list[str]:
    rows = board.rows
    at = next((place for place, row in enumerate(rows) if row.kind == "you"), None)
    shown = set(range(len(rows))) if whole else {*range(min(TOP, len(rows))), len(rows) - 1}
    if at is not None:
        shown |= set(range(max(0, at - AROUND), min(len(rows), at + AROUND + 1)))
    shown = {place for place in shown if 0 <= place < len(rows)}
    lines: list[str] = []
    last = -1
    for place in sorted(shown):
        if place > last + 1:
            lines.append(term.style(f"{' ' * 4}  {term.symbol('cut')}", "dim"))
        lines.append(_row(rows[place], term))
        last = place
    return lines


def _row(row: Row, term: Terminal) -> str:
    text = clip(f"{row.rank:>4}  {pad(row.name, 22)} {row.score:>9.4f}   {row.about}", term.width)
    return term.style(term.prose(text), "strong", "info") if row.kind == "you" else term.prose(text)
