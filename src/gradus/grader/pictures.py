"""The failing case as pictures: what the learner's code draws on it, and what the reference draws."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

from gradus.grader.diagnose import Miss
from gradus.grader.exam import copied
from gradus.grader.local import close_figures
from gradus.grader.pool import Runner
from gradus.grader.quiet import quiet
from gradus.grader.replies import Returned
from gradus.grader.runner import figures
from gradus.grader.wire.drawing import Drawing

MOST = 2
_BYTES = 2_000_000

Pictures = tuple[str, ...]
"""PNG, as base64."""


def is_drawn(miss: Miss) -> bool:
    """Whether the reference's answer to the case is a drawing that a plain call makes."""
    expected = miss.expected
    return miss.part.group.run is None and isinstance(expected, Returned) and isinstance(expected.value, Drawing)


def side_by_side(runner: Runner, miss: Miss) -> tuple[Pictures, Pictures]:
    """The learner's figures of one case and the reference's; empty where none can be drawn."""
    spec = miss.case.spec
    theirs = runner.draw(spec, MOST, _BYTES) if runner.alive else []
    return _texts(theirs), _texts(_drawn_by_reference(miss))


def drawn_so_far(runner: Runner) -> Pictures:
    """The first figures that the learner's code has left open."""
    if not runner.alive:
        return ()
    try:
        return _texts(runner.figures(MOST))
    except Exception:
        return ()  # a figure is a courtesy; the verdict stands without it


def _drawn_by_reference(miss: Miss) -> list[bytes]:
    args: Any
    try:
        args, kwargs = copied((miss.case.spec.args, dict(miss.case.spec.kwargs)))
        with quiet():
            miss.part.reference(*args, **kwargs)
        return figures(MOST, _BYTES)
    except Exception:
        return []  # it takes a file, say
    finally:
        close_figures()


def _texts(pictures: Sequence[bytes]) -> Pictures:
    return tuple(base64.b64encode(picture).decode("ascii") for picture in pictures)
