"""Before the service is started: its rows, and what the offline model answers to them."""

from __future__ import annotations

from typing import Any

from gradus.provers.service.asking import Study, same
from gradus.provers.service.faults import Found
from gradus.provers.service.offline import Offline, Refused
from gradus.provers.service.rows import read_table

Said = tuple[str, dict[str, Any]]


def offline_answers(study: Study) -> Said:
    """Draw rows and ask the offline model twice. Fills ``study.table``, ``.drawn``, ``.expected``, ``.offline``."""
    declared, copy = study.declared, study.copy
    assert copy is not None
    if declared.offline is None or declared.rows is None:
        raise Found("not_declared", "`service.toml` has no `[offline]` table with `predict` and `rows`.")
    study.table = read_table(study.folder / declared.rows, declared.target, declared.drop)
    study.drawn = study.table.draw(study.count, study.rng)
    study.offline = Offline(declared.offline, study.folder, copy.environment(declared.env), copy.user)
    try:
        study.expected = study.offline.answers(study.drawn)
        again = study.offline.answers(study.drawn[:20][::-1])[::-1]
    except Refused as error:
        raise Found("offline_fails", f"`{declared.offline}` raised for rows of `{declared.rows}`: {error}.") from None
    for a, b in zip(study.expected, again, strict=False):
        if (a is None) != (b is None) or (a is not None and b is not None and not same(a, b)):
            raise Found("offline_unsteady", f"The same row got {a} and, among other rows, {b}.")
    numbers = [value for value in study.expected if value is not None]
    if not numbers:
        raise Found("offline_fails", "It answers no row with a number.")
    if len(numbers) > 2 and len(set(numbers)) == 1:
        raise Found("offline_fails", f"It answers every row with {numbers[0]:.6g}.")
    return f"{len(study.drawn)} rows of {declared.rows}", {"rows": len(study.drawn), "answered": len(numbers)}
