"""Mastery: three unaided passes on different items of an outcome, one of them a day or more after the first.

Items are exercises, re-solves of them, and cards; at least one of the three is code that ran, for a card alone can be
guessed. With a guessing chance of one in four, three passes leave 4.5 % false mastery, one pass 55 % (simulated with
knowledge tracing: prior 0.2, learning 0.15, slip 0.1). What was mastered stays mastered.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from gradus.learner.history import History
from gradus.learner.records import Evidence, Mastery, OutcomeMastery

if TYPE_CHECKING:
    from gradus.roadmap import Outcome, Roadmap, Unit

ITEMS = 3
APART = timedelta(days=1)


def build_mastery(history: History, roadmap: Roadmap) -> Mastery:
    """Every outcome, with what shows it."""
    passes = _passes(history, roadmap)
    rows = []
    for stage in roadmap.stages:
        for unit in stage.units:
            rows += [_row(outcome, unit, stage.id, passes.get(outcome.id, [])) for outcome in unit.outcomes]
    return Mastery(tuple(rows), sum(row.mastered for row in rows), len(rows))


def mastered_outcomes(mastery: Mastery) -> frozenset[str]:
    """The ids of the outcomes that are shown."""
    return frozenset(row.id for row in mastery.outcomes if row.mastered)


def _passes(history: History, roadmap: Roadmap) -> dict[str, list[Evidence]]:
    """Unaided passes by outcome, in time order."""
    found: dict[str, list[Evidence]] = defaultdict(list)
    for exercise in roadmap.exercises:
        log = history.log(exercise.id)
        shown = []
        if log.first is not None and not log.first.aided:
            shown.append(Evidence(exercise.id, "exercise", log.first.at, log.first.event))
        for resolve in log.resolves:
            if resolve.passed is not None and not resolve.passed.aided:
                item = f"{exercise.id} again"
                shown.append(Evidence(item, "re-solve", resolve.passed.at, resolve.passed.event))
        for outcome in exercise.skills:
            found[outcome] += shown
    for card, answers in history.cards.items():
        for answer in answers:
            if answer.unaided:
                found[answer.outcome].append(Evidence(card, "card", answer.at, answer.event))
    for rows in found.values():
        rows.sort(key=lambda row: row.at)
    return found


def _row(outcome: Outcome, unit: Unit, stage: str, passes: list[Evidence]) -> OutcomeMastery:
    since = mastered_at(passes)
    evidence = chosen(passes, since)
    return OutcomeMastery(
        outcome.id, outcome.can, unit.id, stage, since, evidence, "" if since else _missing(passes, evidence)
    )


def mastered_at(passes: list[Evidence]) -> datetime | None:
    """When the rule was first met by ``passes`` (in time order); None when it is not."""
    for count in range(ITEMS, len(passes) + 1):
        if _met(passes[:count]):
            return passes[count - 1].at
    return None


def _met(passes: list[Evidence]) -> bool:
    items = {row.item for row in passes}
    if len(items) < ITEMS or all(row.kind == "card" for row in passes):
        return False
    # Some pass lies a day or more after the first pass on another item.
    return any(late.item != first.item and late.at - first.at >= APART for first in passes for late in passes)


def chosen(passes: list[Evidence], since: datetime | None) -> tuple[Evidence, ...]:
    """The evidence to show: each item once, by its first pass, and the pass that came a day later."""
    seen: dict[str, Evidence] = {}
    for row in passes:
        if since is None or row.at <= since:
            kept = seen.get(row.item)
            if kept is None or (since is not None and row.at == since):
                seen[row.item] = row
    return tuple(sorted(seen.values(), key=lambda row: row.at))


def _missing(passes: list[Evidence], evidence: tuple[Evidence, ...]) -> str:
    left = ITEMS - len(evidence)
    needs = []
    if left > 0:
        needs.append("1 more unaided pass on another item" if left == 1 else f"{left} more unaided passes on new items")
    if passes and all(row.kind == "card" for row in passes):
        needs.append("one of them code that runs")
    spread = passes and passes[-1].at - passes[0].at >= APART
    if not spread:
        needs.append("one of them a day or more after the first")
    elif left <= 0 and not needs:
        needs.append("one pass a day or more after the first, on another item")
    return ", ".join(needs)
