"""How far a check that takes seconds is: one line on a terminal, replaced by the next and gone at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TextIO


def step_text(step: Mapping[str, Any]) -> str:
    """``2 of 5: adds up, and refuses what it cannot add``."""
    from gradus.cli.text import one_line

    return f"{step.get('number')} of {step.get('total')}: {one_line(str(step.get('title', '')), 100)}"


@contextmanager
def shown_on(stream: TextIO | None) -> Iterator[Callable[[Mapping[str, Any]], None]]:
    """A function that shows a step on ``stream``; it shows nothing where that is None or no terminal."""
    if stream is None or not stream.isatty():
        yield lambda _: None
        return
    from gradus.cli.term import Terminal
    from gradus.cli.text import clip

    term = Terminal.detect()

    def show(step: Mapping[str, Any]) -> None:
        text = clip(f"Checking {step_text(step)}", max(10, term.width - 1), term.symbol("cut"))
        stream.write(f"\r\x1b[K{text}")
        stream.flush()

    try:
        yield show
    finally:
        stream.write("\r\x1b[K")
        stream.flush()
