"""What a comparison says, and the rules it follows; shared by the comparators of each kind of value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from gradus.checks.show import kind_of, show_pair

#: Cells kept for a page that marks them; a table may differ in millions.
CELLS = 400

Cell = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """How an answer differs from the expected one, in words for the learner.

    ``kind`` is the diagnosis' id (see docs/authoring.md), ``headline`` one sentence in the second person,
    ``where`` the positions of differing cells.
    """

    headline: str
    kind: str
    detail: str = ""
    expected_text: str = ""
    actual_text: str = ""
    where: tuple[Cell, ...] = ()


#: Takes the expected and the actual answer; None means that they agree.
Comparator = Callable[[Any, Any], Difference | None]

#: Kinds that say no more than "the answer is another one"; a named behaviour says more than these.
GENERIC_KINDS = frozenset({"wrong_value", "wrong_text", "wrong_keys", "wrong_items", "wrong_drawing", "wrong_length"})


@dataclass(frozen=True, slots=True)
class Rules:
    """How strictly values are compared. See `gradus.checks.compare.close` for what each means."""

    rtol: float = 1e-6
    atol: float | None = None
    kinds: bool = True
    containers: bool = True
    order: bool = True
    index: bool = True
    columns: bool = True
    names: bool = True
    sign: int | None = None
    signed: bool = True

    def but(self, **changes: Any) -> Rules:
        """Return the same rules with some changed."""
        return replace(self, **changes)


@dataclass(frozen=True, slots=True)
class Place:
    """Where in an answer a value sits, so that a headline can name it."""

    steps: tuple[str, ...] = ()

    def item(self, position: int) -> Place:
        return Place((*self.steps, f"[{position}]"))

    def key(self, text: str) -> Place:
        return Place((*self.steps, f"[{text}]"))

    def column(self, text: str) -> Place:
        return Place((*self.steps, f"[{text}]"))

    @property
    def subject(self) -> str:
        """The subject of a sentence: `Your answer`, or `Your answer's [2]["mean"]`."""
        return f"Your answer's {''.join(self.steps)}" if self.steps else "Your answer"

    @property
    def at(self) -> str:
        return f"at {''.join(self.steps)}, " if self.steps else ""


TOP = Place()


def different(
    headline: str, kind: str, expected: Any, actual: Any, *, detail: str = "", where: tuple[Cell, ...] = ()
) -> Difference:
    """Return a Difference whose texts are the two values, with enough digits to tell them apart."""
    left, right = show_pair(expected, actual)
    if left == right:  # they read alike: what they are is the difference
        left, right = f"{left} ({kind_of(expected)})", f"{right} ({kind_of(actual)})"
    return Difference(headline, kind, detail, left, right, where[:CELLS])
