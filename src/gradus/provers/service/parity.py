"""Parity: the service answers every row as the model does offline, however the row is written down."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gradus.provers.service.asking import Study, ask_row, ask_rows, same
from gradus.provers.service.faults import Found
from gradus.provers.service.rows import UNSEEN, Row, shuffled
from gradus.provers.service.skew import name_of_skew
from gradus.provers.service.speaking import NoAnswer, Reply, refuse_problem

Said = tuple[str, dict[str, Any]]


def answers_as_offline(study: Study) -> Said:
    """Drawn rows in the table's own order of columns, all of them."""
    replies = ask_rows(study, study.drawn)
    _all_answered(study, replies)
    worst = _compare(study, study.drawn, replies, shuffled_fields=False)
    refused = sum(value is None for value in study.expected)
    measured = {"rows": len(replies), "refused_by_both": refused, "largest_difference": worst}
    return f"{len(replies)} rows, largest difference {worst:.1e}", measured


def fields_in_any_order(study: Study) -> Said:
    """The same rows with their fields shuffled."""
    rows = [shuffled(row, study.rng) for row in study.drawn]
    replies = ask_rows(study, rows)
    worst = _compare(study, rows, replies, shuffled_fields=True)
    return f"{len(replies)} rows, largest difference {worst:.1e}", {"rows": len(replies), "largest_difference": worst}


def _all_answered(study: Study, replies: Sequence[Reply]) -> None:
    """Every row that the model answers is answered with a number."""
    bad = [
        (row, reply)
        for row, value, reply in zip(study.drawn, study.expected, replies, strict=True)
        if value is not None and reply.value is None
    ]
    if not bad:
        return
    row, reply = bad[0]
    count = f"{len(bad)} of {len(replies)} rows"
    holes = [name for name, value in row.items() if value is None]
    if reply.problem:
        refuse_problem(reply, f"The row {shown(row)}")
    if reply.refused:
        raise Found("refuses_real_rows", f"{count}; the first, {shown(row)}, got {reply.status}: `{reply.text[:200]}`.")
    fault = "missing_value_500" if len(holes) and all(None in r.values() for r, _ in bad) else "fails_on_real_rows"
    _not_only_at_once(study, row, reply)
    raise Found(fault, f"{count}; the first, {shown(row)}, got {reply.status or 'no answer'}: `{reply.text[:200]}`.")


def _not_only_at_once(study: Study, row: Row, reply: Reply) -> None:
    """A row that fails among others and not alone is a fault of another kind."""
    if reply.status == 0:
        return
    try:
        alone = [ask_row(study, row) for _ in range(3)]
    except NoAnswer:
        return
    if all(again.value is not None for again in alone):
        raise Found("fails_under_load", f"Four at once, a row got {reply.status}; alone it is answered.")


def _compare(study: Study, rows: Sequence[Row], replies: Sequence[Reply], shuffled_fields: bool) -> float:
    worst, wrong = 0.0, []
    for row, expected, reply in zip(rows, study.expected, replies, strict=True):
        if expected is None:
            if reply.status == 0 or reply.status >= 500:
                raise Found("fails_on_real_rows", f"{shown(row)} got {reply.status or 'no answer'}: `{reply.text}`.")
            continue
        if reply.problem:
            refuse_problem(reply, f"The row {shown(row)}")
        if reply.value is None:
            if shuffled_fields:
                raise Found("column_order", f"With its fields in this order a row got {reply.status}: {shown(row)}.")
            continue
        worst = max(worst, abs(reply.value - expected))
        if not same(reply.value, expected):
            wrong.append(Wrong(row, expected, reply.value))
    if wrong:
        _alone_right(study, wrong)
        if shuffled_fields:
            first = wrong[0]
            raise Found(
                "column_order",
                f"{len(wrong)} of {len(rows)} rows changed. {shown(first.row)}: the model says {first.expected:.6g}, "
                f"the service {first.actual:.6g}; in the table's own order it was right.",
                rows=len(rows),
                wrong=len(wrong),
            )
        raise name_of_skew(study, wrong, len(rows))
    return worst


def _alone_right(study: Study, wrong: Sequence[Wrong]) -> None:
    """Rows that are wrong among others and right alone point at something that requests share."""
    again = ask_rows(study, [item.row for item in wrong[:10]], at_once=1)
    right = [
        reply.value is not None and same(reply.value, item.expected) for item, reply in zip(wrong, again, strict=False)
    ]
    if all(right):
        first = wrong[0]
        raise Found(
            "wrong_under_load",
            f"With four requests at once, {len(wrong)} rows were answered wrongly; alone each of them is right. "
            f"{shown(first.row)}: {first.actual:.6g} instead of {first.expected:.6g}.",
            wrong=len(wrong),
        )


@dataclass(frozen=True)
class Wrong:
    """A row whose answers differ."""

    row: Row
    expected: float
    actual: float


def missing_values(study: Study) -> Said:
    """Rows with a hole, in each column: the offline answer, or a refusal; never a failure."""
    return _strange_rows(study, "missing")


def unseen_categories(study: Study) -> Said:
    """Rows with a category never seen, in each column of texts: the offline answer, or a refusal; never a failure."""
    if not study.data.texts:
        return "the data have no column of texts", {"rows": 0}
    return _strange_rows(study, "unseen")


def _strange_rows(study: Study, kind: str) -> Said:
    base = study.data.varied(study.rng, 2)
    columns = sorted(study.data.texts) if kind == "unseen" else list(study.data.columns)
    rows = [row | {name: UNSEEN if kind == "unseen" else None} for name in columns for row in base]
    names = [name for name in columns for _ in base]
    expected = study.model.one_by_one(rows)
    replies = ask_rows(study, rows)
    refused = 0
    for name, row, value, reply in zip(names, rows, expected, replies, strict=True):
        where = f"With `{name}` {'missing' if kind == 'missing' else f'= {UNSEEN!r}'}, {shown(row)}"
        if reply.status == 0 or reply.status >= 500:
            fault = "missing_value_500" if kind == "missing" else "unseen_category_500"
            raise Found(fault, f"{where} got {reply.status or 'no answer'}: `{reply.text[:200]}`.", column=name)
        refuse_problem(reply, where)
        if reply.value is None or value is None:
            refused += reply.value is None
            if reply.value is not None:
                raise Found("junk_accepted", f"{where} got {reply.value:.6g}; the offline model refuses it.")
            continue
        if not same(reply.value, value):
            raise _differs(study, kind, name, row, value, reply.value, where)
    text = f"{len(rows)} rows" + (f", {refused} refused with 4xx" if refused else ", answered as offline")
    return text, {"rows": len(rows), "refused": refused}


def _differs(study: Study, kind: str, name: str, row: Row, value: float, actual: float, where: str) -> Found:
    seen = f"{where}: the model says {value:.6g}, the service {actual:.6g}."
    if kind == "unseen":
        return Found("unseen_category_differs", seen, column=name)
    zero = study.model.one_by_one([row | {name: 0}])[0]
    fault = "missing_as_zero" if zero is not None and same(zero, actual) else "missing_value_differs"
    return Found(fault, seen, column=name)


def shown(row: Row) -> str:
    """A row in a line, cut where it is long."""
    text = ", ".join(f"{name}={_value(value)}" for name, value in row.items())
    return f"`{text[:157]}…`" if len(text) > 160 else f"`{text}`"


def _value(value: Any) -> str:
    if isinstance(value, float) and math.isfinite(value):
        return f"{value:.6g}"
    return repr(value) if value is not None else "null"
