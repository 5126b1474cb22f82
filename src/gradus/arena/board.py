"""The board: your best submission among the field, with the best score possible where the process is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from gradus.arena.field import Scored
from gradus.arena.play import Play, Submission
from gradus.vault import Metric

Kind = Literal["field", "you"]


@dataclass(frozen=True)
class Row:
    """One line of a board."""

    rank: int
    name: str
    kind: Kind
    family: str
    about: str
    score: float


@dataclass(frozen=True)
class Board:
    """The public board, or the private one once the competition is finished."""

    name: str
    title: str
    which: Literal["public", "private"]
    metric: Metric
    rows: tuple[Row, ...]
    optimum: float | None
    entries: int
    """How many entries the field has; fewer rows mean that it is not computed to the end."""
    left_today: int
    finished: bool

    @property
    def you(self) -> Row | None:
        """Your line, once you submitted."""
        return next((row for row in self.rows if row.kind == "you"), None)

    @property
    def computed(self) -> int:
        """How many entries of the field were computed."""
        return sum(row.kind == "field" for row in self.rows)

    @property
    def top(self) -> float | None:
        """Your rank as a share of the board: 0.1 means the top tenth."""
        return self.you.rank / len(self.rows) if self.you else None

    def standing_words(self) -> str:
        """Where you stand, in a sentence."""
        you = self.you
        if you is None:
            return "You have not submitted yet."
        if self.computed == 0:
            return f"Your {self.which} score is {you.score:.4f}; the field is not computed yet."
        part = "in the top half" if you.rank <= len(self.rows) / 2 else "in the lower half"
        return f"You are {ordinal(you.rank)} of {len(self.rows)} on the {self.which} board, {part}."

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name, "title": self.title, "board": self.which, "metric": self.metric.name,
            "higher_is_better": self.metric.higher, "optimum": self.optimum, "finished": self.finished,
            "left_today": self.left_today, "computed": self.computed, "entries": self.entries,
            "rank": self.you.rank if self.you else None, "of": len(self.rows), "top": self.top,
            "rows": [
                {"rank": row.rank, "name": row.name, "kind": row.kind, "family": row.family, "score": row.score,
                 "about": row.about} for row in self.rows
            ],
        }  # fmt: skip


def board_of(play: Play, field: Sequence[Scored], entries: int, which: str = "") -> Board:
    """The board with what is computed of the field: the private one when finished, unless ``which`` is ``public``."""
    done = play.finished()
    private = done is not None and which != "public"
    measure = play.drawn.task.measure
    lines = [
        (each.name, "field", each.family, each.about, each.private if private else each.public)
        for each in field
        if each.public == each.public and each.private == each.private
    ]
    yours = _yours(play.submissions(), done, private, measure)
    if yours is not None:
        lines.append(("You", "you", "", f"submission {yours[0]}", yours[1]))
    gains = [measure.gain(line[4]) for line in lines]
    ranked = sorted(
        (Row(1 + sum(other > gain for other in gains), line[0], line[1], line[2], line[3], line[4])  # type: ignore[arg-type]
         for line, gain in zip(lines, gains, strict=True)),
        key=lambda row: (row.rank, row.kind != "you", row.name),
    )  # fmt: skip
    return Board(
        play.name, play.contest.title, "private" if private else "public", measure, tuple(ranked),
        optimum(play, private), entries, play.left_today(), done is not None,
    )  # fmt: skip


def optimum(play: Play, private: bool) -> float | None:
    """What the best possible predictions score on the board's rows; None for real data."""
    drawn = play.drawn
    if drawn.best is None:
        return None
    part = ~drawn.public if private else drawn.public
    return drawn.task.score(drawn.task.truth(drawn.answers)[part], drawn.best[part])


def ordinal(n: int) -> str:
    """1st, 2nd, 3rd, 4th …"""
    ending = "th" if 10 <= n % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending}"


def _yours(made: Sequence[Submission], done: Any, private: bool, measure: Metric) -> tuple[int, float] | None:
    """Your best submission's number and score: on the private board, of those that count."""
    if private:
        made = [each for each in made if each.n in done["chosen"]]
    scored = [(each.n, each.private if private else each.public) for each in made]
    return max(scored, key=lambda pair: measure.gain(pair[1]), default=None)
