"""Which wrong idea explains answers that differ from the model's: each is tried, and the one that fits is named."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from gradus.provers.service.asking import Study, ask_rows, same
from gradus.provers.service.faults import Found
from gradus.provers.service.rows import UNSEEN, Row

if TYPE_CHECKING:
    from gradus.provers.service.parity import Wrong

AT_MOST = 40


def name_of_skew(study: Study, wrong: Sequence[Wrong], total: int) -> Found:
    """The fault behind answers that differ in the table's own order of columns."""
    from gradus.provers.service.parity import shown

    worst = max(wrong, key=lambda item: abs(item.expected - item.actual))
    seen = (
        f"{len(wrong)} of {total} rows differ. The largest difference: {shown(worst.row)}: the model says "
        f"{worst.expected:.6g}, the service {worst.actual:.6g}."
    )
    measured: dict[str, Any] = {"rows": total, "wrong": len(wrong)}
    some = list(wrong[:AT_MOST])
    for fault in _of_the_answer(some):
        return Found(fault, seen, **measured)
    for fault, detail in _of_the_row(study, some):
        return Found(fault, f"{detail}{seen}", **measured)
    if column := _ignored(study, some):
        return Found("column_ignored", f"The column is `{column}`. {seen}", column=column, **measured)
    return Found("skew", seen, **measured)


def _of_the_answer(wrong: Sequence[Wrong]) -> Iterator[str]:
    """Ideas that change the right number afterwards."""
    ideas: dict[str, Callable[[float], float | None]] = {
        "other_class": lambda p: 1.0 - p,
        "label_for_probability": lambda p: float(p >= 0.5) if 0 <= p <= 1 else None,
        "score_for_probability": lambda p: math.log(p / (1 - p)) if 0 < p < 1 else None,
    }
    for fault, idea in ideas.items():
        guesses = [idea(item.expected) for item in wrong]
        if all(g is not None and same(g, item.actual) for g, item in zip(guesses, wrong, strict=True)):
            yield fault
    for digits in range(6):
        if all(abs(round(item.expected, digits) - item.actual) <= 1e-9 for item in wrong):
            yield "rounded_answer"


def _of_the_row(study: Study, wrong: Sequence[Wrong]) -> Iterator[tuple[str, str]]:
    """Ideas that change the row beforehand: the offline model is asked for the changed rows."""
    ideas: list[tuple[str, str, Callable[[Row], Row]]] = [
        ("truncated_numbers", "", lambda row: {k: int(v) if isinstance(v, float) else v for k, v in row.items()}),
        ("missing_as_zero", "", lambda row: {k: 0 if v is None else v for k, v in row.items()}),
    ]
    for name in sorted(study.data.texts):
        ideas.append(("category_not_recognized", f"The column is `{name}`. ", _unknown(name)))
    if study.data.texts:
        texts = study.data.texts
        ideas.append(("category_not_recognized", "", lambda row: row | dict.fromkeys(texts, UNSEEN)))
    calls = [[idea(item.row) for item in wrong] for _, _, idea in ideas]
    flat = study.model.one_by_one([row for rows in calls for row in rows])
    for k, (fault, detail, _) in enumerate(ideas):
        guesses = flat[k * len(wrong) : (k + 1) * len(wrong)]
        if all(g is not None and same(g, item.actual) for g, item in zip(guesses, wrong, strict=True)):
            yield fault, detail
    if all(None in item.row.values() for item in wrong) and any(None not in row.values() for row in study.drawn):
        yield "missing_value_differs", ""


def _unknown(name: str) -> Callable[[Row], Row]:
    return lambda row: row | {name: UNSEEN}


def _ignored(study: Study, wrong: Sequence[Wrong]) -> str | None:
    """A column that moves the offline answer and never the service's."""
    bases = [item.row for item in wrong[:4]]
    for name in study.data.columns:
        others = [row[name] for row in study.drawn if row[name] is not None]
        rows = [base | {name: value} for base in bases for value in _different(others, base[name])]
        if not rows:
            continue
        offline = study.model.one_by_one([*bases, *rows])
        per = len(rows) // len(bases)
        moves = [
            offline[i // per] is not None
            and offline[len(bases) + i] is not None
            and not same(offline[i // per] or 0.0, offline[len(bases) + i] or 0.0)
            for i in range(len(rows))
        ]
        if sum(moves) < 2:
            continue
        replies = ask_rows(study, [*bases, *rows], at_once=1)
        still = [
            replies[i // per].value is not None and replies[i // per].value == replies[len(bases) + i].value
            for i in range(len(rows))
            if moves[i]
        ]
        if all(still):
            return name
    return None


def _different(values: Sequence[Any], own: Any) -> list[Any]:
    """Two other values of a column, the smallest and the largest where they can be ordered."""
    distinct = sorted({value for value in values if value != own}, key=lambda value: (str(type(value)), value))
    picked = [distinct[0], distinct[-1]] if distinct else []
    return picked
