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
    others = [_value(study, row) for row in rows[1:] for _ in range(2)]
    again = [_value(study, rows[0]), *(_value(study, row) for row in rows[1:]), _value(study, rows[0])]
    if not same(again[0], first[0]) or not same(again[-1], first[0]):
        changed = next(value for value in (again[0], again[-1]) if not same(value, first[0]))
        raise Found(
            "state_between_requests",
            f"{shown(rows[0])} got {first[0]:.6g} {TIMES} times, and {changed:.6g} after other rows had been asked.",
        )
    return f"{TIMES + len(others) + len(again)} repeated requests, no answer moved", {"repeats": TIMES}


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
