"""Review and quiz: one question at a time, with an explanation for every choice."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gradus.errors import UsageError
from gradus.learner import Answer, Question, ReviewItem
from gradus.learner.records import Record

if TYPE_CHECKING:
    from gradus.web.views import Views

LATER = 12
_FROM = re.compile(r"review|quiz/[a-z0-9-]+\?n=\d{1,3}")


@dataclass(frozen=True)
class ReviewPage(Record):
    """``question`` is the first card that is due; ``item`` the first thing due, card or exercise."""

    due: tuple[ReviewItem, ...]
    later: tuple[ReviewItem, ...]
    later_count: int
    item: ReviewItem | None
    question: Question | None
    unit_title: str


@dataclass(frozen=True)
class QuizPage(Record):
    """One question of a unit's quiz; ``number`` counts from 1 and is past ``total`` at the end."""

    unit: str
    unit_number: str
    unit_title: str
    number: int
    total: int
    question: Question | None


@dataclass(frozen=True)
class AnswerPage(Record):
    """What became of an answer, with the question as it was asked and where to go on."""

    question: Question
    answer: Answer
    next: str
    next_title: str


def review_page(views: Views, skip: str = "") -> ReviewPage:
    """What is due; ``skip`` names something to leave for later in this sitting."""
    queue = views.queue()
    item = next((row for row in queue.due if row.id != skip), queue.due[0] if queue.due else None)
    question = views.learner.ask_card(item.id) if item is not None and item.kind == "card" else None
    title = views.roadmap.unit(item.unit).title if item is not None else ""
    return ReviewPage(queue.due, queue.later[:LATER], len(queue.later), item, question, title)


def quiz_page(views: Views, name: str, number: int) -> QuizPage:
    """Question ``number`` of a unit's cards. Raises UsageError for an unknown unit, or one without cards."""
    from gradus.roadmap import card_ids

    unit = views.roadmap.unit(name)
    cards = card_ids(unit)
    if not cards:
        raise UsageError(f"Unit {unit.number} has no questions yet.", next_step="Its cards come with its lesson.")
    number = max(1, number)
    question = views.learner.ask_card(f"{unit.id}/{cards[number - 1]}") if number <= len(cards) else None
    return QuizPage(unit.id, unit.number, unit.title, number, len(cards), question)


def answer_page(views: Views, card: str, choice: int, seed: int, came_from: str) -> AnswerPage:
    """Record an answer and say what became of it. Raises UsageError for a card or a choice that does not exist."""
    question = views.learner.ask_card(card, seed)
    answer = views.learner.answer_card(card, choice, seed)
    target, title = "/review", "Next"
    if _FROM.fullmatch(came_from) and came_from != "review":
        page, _, number = came_from.partition("?n=")
        target, title = f"/{page}?n={int(number) + 1}", "Next question"
    return AnswerPage(question, answer, target, title)
