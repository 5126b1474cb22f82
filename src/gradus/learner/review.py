"""What comes back, and when: the FSRS scheduler over cards and short re-solves. A pure function of history and now.

Grades: failed is Again, with hints is Hard, unaided is Good. The first pass of an exercise is its first grade.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from gradus.learner.history import History, Log
from gradus.learner.progress import unit_done, unit_started
from gradus.learner.records import ReviewItem, ReviewQueue

if TYPE_CHECKING:
    from fsrs import Card as Memory
    from fsrs import Rating, Scheduler

    from gradus.roadmap import Exercise, Roadmap, Unit

RETENTION = 0.9
FIRST_ASKED = timedelta(days=1)  # cards come a day after a unit was begun, or as soon as its exercises are done
Grades = list[tuple[datetime, str]]


def build_queue(history: History, roadmap: Roadmap) -> ReviewQueue:
    """All that was started, due first."""
    from gradus.roadmap import card_ids

    items: list[ReviewItem] = []
    for unit in roadmap.units:
        items += _exercise_items(history, unit)
        started = unit_started(history, unit)
        if started is not None:
            first = min(started + FIRST_ASKED, unit_done(history, unit) or datetime.max.replace(tzinfo=started.tzinfo))
            items += [card_item(history, unit, card, first) for card in card_ids(unit)]
    items.sort(key=lambda item: (item.due, item.id))
    due = tuple(item for item in items if item.due <= history.now)
    return ReviewQueue(due, tuple(items[len(due) :]), history.now)


def card_item(history: History, unit: Unit, card: str, first: datetime) -> ReviewItem:
    """A card's place in the queue; ``first`` is when it is asked for the first time."""
    answers = history.cards.get(f"{unit.id}/{card}", [])
    grades = [(answer.at, "Good" if answer.correct else "Again") for answer in answers]
    due, last = _known(history, f"{unit.id}/{card}", grades, first, steps=True)
    title = card.replace("_", " ").replace("-", " ")
    return ReviewItem(f"{unit.id}/{card}", "card", title, unit.id, due, last, len(answers))


def _exercise_items(history: History, unit: Unit) -> list[ReviewItem]:
    items = []
    for exercise in unit.exercises:
        log = history.log(exercise.id)
        if log.first is not None:
            due, last = _known(history, exercise.id, exercise_grades(log), log.first.at, steps=False)
            items.append(_exercise_item(exercise, due, last, len(log.resolves)))
    return items


def _exercise_item(exercise: Exercise, due: datetime, last: datetime | None, reviews: int) -> ReviewItem:
    return ReviewItem(exercise.id, "exercise", exercise.title, exercise.unit, due, last, reviews)


def exercise_grades(log: Log) -> Grades:
    """The first pass, then one grade for each re-solve: how it stands when it was left."""
    if log.first is None:
        return []
    grades = [(log.first.at, "Hard" if log.first.aided else "Good")]
    for resolve in log.resolves:
        if resolve.passed is None:
            grades.append((resolve.last, "Again"))
        elif resolve.solution:
            grades.append((resolve.passed.at, "Again"))
        else:
            grades.append((resolve.passed.at, "Hard" if resolve.passed.aided else "Good"))
    return grades


def _known(
    history: History, item: str, grades: Grades, first: datetime, *, steps: bool
) -> tuple[datetime, datetime | None]:
    """`schedule`, worked out anew only when the item was graded since: grades are added, or the last one changes."""
    mark = (len(grades), grades[-1] if grades else first)
    known = history.dues.get(item)
    if known is None or known[0] != mark:
        known = history.dues[item] = (mark, schedule(grades, first, steps=steps))
    return known[1]


def schedule(grades: Grades, first: datetime, *, steps: bool) -> tuple[datetime, datetime | None]:
    """When something with these grades is due, and when it was last graded; ``first`` when it has none.

    ``steps``: FSRS's short learning steps within the day, right for a card and senseless for a re-solve.
    """
    if not grades:
        return first, None
    from fsrs import Card, Rating

    memory = Card(card_id=1, due=grades[0][0])
    scheduler = _scheduler(steps)
    for when, grade in grades:
        memory = _graded(scheduler, memory, Rating[grade], when)
    return memory.due, grades[-1][0]


def _graded(scheduler: Scheduler, memory: Memory, rating: Rating, when: datetime) -> Memory:
    return scheduler.review_card(memory, rating, when)[0]


def _scheduler(steps: bool) -> Scheduler:
    from fsrs import Scheduler

    if steps:
        return Scheduler(desired_retention=RETENTION, enable_fuzzing=False)
    return Scheduler(desired_retention=RETENTION, enable_fuzzing=False, learning_steps=(), relearning_steps=())
