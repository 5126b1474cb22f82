"""Repeating: a row's answer depends on the row alone, not on chance, and not on the requests before it."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from gradus.provers.service.asking import Study, ask_row, same
from gradus.provers.service.faults import Found
from gradus.provers.service.parity import shown
from gradus.provers.service.rows import Row
from gradus.provers.service.speaking import refuse_problem

Said = tuple[str, dict[str, Any]]
TIMES = 6


def repeatable(study: Study) -> Said:
    """The same rows again and again, alone and between others."""
    rows = [row for row, _ in study.known(3)]
    first = [_value(study, rows[0]) for _ in range(TIMES)]
    if _moved(first):
        raise Found(*_random_or_state(study, rows, first))
    for other in rows[1:]:
        _value(study, other)
        again = _value(study, rows[0])
        if not same(again, first[0]):
            raise _after_others(rows[0], first[0], again)
    holed = _with_a_hole(study, rows[0])
    if holed is not None:
        after = [(_value(study, row), _value(study, holed))[1] for row in (*rows, rows[0])]
        if _moved(after):
            raise _after_others(holed, after[0], next(value for value in after if not same(value, after[0])))
    return f"{TIMES} times the same, and between other rows", {"repeats": TIMES}


def _after_others(row: Row, before: float, after: float) -> Found:
    return Found(
        "state_between_requests", f"{shown(row)} got {before:.6g}, and {after:.6g} after other rows had been asked."
    )


def _with_a_hole(study: Study, row: Row) -> Row | None:
    """The row with a hole in a place where the service bears one."""
    for name in study.data.columns:
        holed = row | {name: None}
        if ask_row(study, holed).value is not None:
            return holed
    return None


def _value(study: Study, row: Row) -> float:
    reply = ask_row(study, row)
    refuse_problem(reply, f"The row {shown(row)}")
    if reply.value is None:
        fault = "refuses_real_rows" if reply.refused else "fails_on_real_rows"
        raise Found(fault, f"{shown(row)} got {reply.status}: `{reply.text[:200]}`.")
    return reply.value


def _moved(values: list[float]) -> bool:
    return any(not same(value, values[0]) for value in values)


def _random_or_state(study: Study, rows: list[Row], values: list[float]) -> tuple[str, str]:
    """One row's answers move: steadily one way or settling down means state, up and down means chance."""
    steps = [b - a for a, b in pairwise(values)]
    signs = {step > 0 for step in steps if step != 0}
    listed = ", ".join(f"{value:.6g}" for value in values)
    seen = f"{shown(rows[0])}, asked {len(values)} times, got {listed}."
    settled = all(step == 0 for step in steps[-3:])
    return ("state_between_requests" if len(signs) == 1 or settled else "not_deterministic"), seen
