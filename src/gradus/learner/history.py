"""What happened, put in order and told apart: the one view that every other view is made from. Pure.

Times. Events are ordered by their tick, which never goes back. The wall clock may have jumped, so each event's time
is mended: times later than now, and times outside the longest run that never goes back, count as the last good time
before.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from gradus.learner.events import (
    ATTEMPT,
    CARD,
    HINT,
    LESSON,
    PLACING,
    PLAN,
    RESET,
    REVIEW,
    REVIEWING,
    SOLUTION,
    WAYS,
    WORK,
    Event,
    from_microseconds,
    microseconds,
)
from gradus.learner.records import PlanSettings

PASS = "passed"
NOT_AN_ATTEMPT = ("unstarted", "grader_error")
IDLE = timedelta(minutes=20)  # the most that one gap between events counts
AWAY = timedelta(hours=1)  # a longer gap is a new sitting …
SETTLING = timedelta(minutes=2)  # … whose first event counts this much
QUARTER = 15 * 60 * 1_000_000  # microseconds
ON_EXERCISES = (ATTEMPT, HINT, SOLUTION, WAYS, RESET, REVIEW)
SITTING = timedelta(hours=8)  # attempts on a re-solve further apart belong to different re-solves


@dataclass(frozen=True)
class Pass:
    """A passed check. ``aided``: help for the exercise was taken before it."""

    at: datetime
    event: str
    aided: bool


@dataclass
class Resolve:
    """One re-solve of an exercise that was passed before: from its first attempt to a pass, or to giving up."""

    last: datetime
    fails: int = 0
    passed: Pass | None = None
    hints: int = 0
    solution: bool = False


@dataclass
class Log:
    """What happened with one exercise."""

    attempts: int = 0
    hints: int = 0
    last_outcome: str | None = None
    last_context: str = WORK
    help: bool = False
    solution: bool = False
    first: Pass | None = None
    resolves: list[Resolve] = field(default_factory=list)
    placed: bool = False
    placement_outcome: str | None = None
    placement_pass: Pass | None = None
    hints_now: int = 0  # levels shown since the work or the current re-solve began
    fresh: bool = False  # a re-solve was laid out and not attempted yet
    help_now: bool = False
    begun: datetime | None = None  # first worked on, placement and untouched starters apart
    solution_now: bool = False

    @property
    def passed(self) -> bool:
        """Whether it was ever passed."""
        return self.first is not None

    @property
    def finished(self) -> bool:
        """Whether the exercise, or the re-solve that is under way, is passed."""
        if self.fresh:
            return False
        return self.passed and (not self.resolves or self.resolves[-1].passed is not None)


@dataclass(frozen=True)
class CardAnswer:
    """One answer to a card. ``unaided``: right, and not just after the explanation of a wrong answer."""

    at: datetime
    event: str
    correct: bool
    unaided: bool
    outcome: str


@dataclass
class History:
    """Everything that happened, by exercise, unit, card and stage."""

    now: datetime
    times: list[tuple[datetime, Event]] = field(default_factory=list)
    exercises: dict[str, Log] = field(default_factory=dict)
    cards: dict[str, list[CardAnswer]] = field(default_factory=dict)
    lessons: dict[str, datetime] = field(default_factory=dict)
    milestones: dict[str, datetime] = field(default_factory=dict)
    placements: dict[str, datetime] = field(default_factory=dict)
    plan: PlanSettings | None = None
    current: str | None = None  # the exercise of the last attempt
    minutes_on: dict[str, float] = field(default_factory=dict)  # by exercise
    minutes_in: dict[str, float] = field(default_factory=dict)  # by unit: lessons and cards; "" for the rest
    quarters: set[int] = field(default_factory=set)  # quarter hours since 1970 in which something was practiced
    minutes_at: dict[int, float] = field(default_factory=dict)  # minutes spent, by the quarter hour they ended in
    attempts_at: dict[int, tuple[int, int]] = field(default_factory=dict)  # attempts and passes by quarter hour
    # What `review` worked out, by item, with a mark of the grades that it rests on.
    dues: dict[str, tuple[object, tuple[datetime, datetime | None]]] = field(
        default_factory=dict, repr=False, compare=False
    )
    sound: bool = True  # no clock jumped, so that later events can be added as they come

    @classmethod
    def of(cls, events: Iterable[Event], now: datetime) -> History:
        """Tell the story of ``events`` (in any order) as it stands at ``now``."""
        ordered = sorted(events, key=lambda event: event.order)
        raw = [event.at for event in ordered]
        times = mend_times(raw, microseconds(now))
        history = cls(now, sound=times == raw)
        for at, event in zip(times, ordered, strict=True):
            history._take(from_microseconds(at), event)
        return history

    def go_on(self, events: Iterable[Event], now: datetime) -> bool:
        """Add what happened since, in place, and move to ``now``; False when it must be told anew with `of`."""
        ordered = sorted(events, key=lambda event: event.order)
        last = self.times[-1][1] if self.times else None
        chain = ([last] if last else []) + ordered
        in_order = all(a.at <= b.at and a.order < b.order for a, b in pairwise(chain))
        if not self.sound or not in_order or (chain and chain[-1].at > microseconds(now)):
            return False
        self.now = now
        for event in ordered:
            self._take(event.when, event)
        return True

    def log(self, exercise: str) -> Log:
        """What happened with an exercise; an empty log when nothing did."""
        return self.exercises.get(exercise) or Log()

    def _take(self, when: datetime, event: Event) -> None:
        self._count(when, event)
        self.times.append((when, event))
        match event.kind:
            case "attempt":
                self._attempt(when, event)
            case "hint" | "solution" | "ways":
                _help(self.exercises.setdefault(event.subject, Log()), event)
            case "review":
                log = self.exercises.setdefault(event.subject, Log())
                log.fresh, log.hints_now, log.help_now, log.solution_now = True, 0, False, False
            case "card":
                self._card(when, event)
            case "lesson":
                self.lessons.setdefault(event.subject, when)
            case "placement":
                self.placements.setdefault(event.subject, when)
                for exercise in event.data.get("exercises", ()):
                    self.exercises.setdefault(str(exercise), Log()).placed = True
            case "milestone":
                if event.data.get("proved"):
                    self.milestones.setdefault(event.subject, when)
            case "plan":
                self.plan = _plan(event) or self.plan
            case _:
                pass

    def _count(self, when: datetime, event: Event) -> None:
        """Time spent: a gap belongs to the event that ends it, at most `IDLE` of it; after `AWAY`, `SETTLING`."""
        gap = when - self.times[-1][0] if self.times else AWAY + IDLE
        spent = (SETTLING if gap > AWAY else min(gap, IDLE)).total_seconds() / 60
        read = event.data.get("seconds") if event.kind == LESSON else None
        if isinstance(read, int | float):  # a door that knows how long the lesson was read says so
            spent = min(max(float(read), 0.0) / 60, AWAY.total_seconds() / 60)
        quarter = microseconds(when) // QUARTER
        if event.kind != PLAN:
            self.minutes_at[quarter] = self.minutes_at.get(quarter, 0.0) + spent
        if event.kind in ON_EXERCISES:
            self.minutes_on[event.subject] = self.minutes_on.get(event.subject, 0.0) + spent
            log = self.exercises.setdefault(event.subject, Log())
            placing, untouched = event.data.get("context") == PLACING, event.data.get("outcome") == "unstarted"
            if log.begun is None and not placing and not untouched:
                log.begun = when
        elif event.kind != PLAN:
            unit = event.subject.partition("/")[0] if event.kind in (CARD, LESSON) else ""
            self.minutes_in[unit] = self.minutes_in.get(unit, 0.0) + spent
        if event.kind in (ATTEMPT, CARD):
            self.quarters.add(quarter)

    def _attempt(self, when: datetime, event: Event) -> None:
        log = self.exercises.setdefault(event.subject, Log())
        outcome, context = str(event.data.get("outcome")), str(event.data.get("context", WORK))
        self.current, log.last_outcome, log.last_context = event.subject, outcome, context
        if outcome in NOT_AN_ATTEMPT:
            return
        log.attempts += 1
        quarter = microseconds(when) // QUARTER
        attempts, passes = self.attempts_at.get(quarter, (0, 0))
        self.attempts_at[quarter] = attempts + 1, passes + (outcome == PASS)
        if context == REVIEWING and log.first is not None:
            _resolve(log, when, event, outcome)
            return
        won = Pass(when, event.id, log.help or log.solution) if outcome == PASS else None
        if context == PLACING:
            if log.placement_outcome != PASS:
                log.placement_outcome = outcome
            if won and log.placement_pass is None:
                log.placement_pass = won
        if won and log.first is None:
            log.first = won

    def _card(self, when: datetime, event: Event) -> None:
        answers = self.cards.setdefault(event.subject, [])
        correct = event.data.get("correct") is True
        just_told = any(not a.correct and when - a.at < timedelta(hours=12) for a in answers[-5:])
        outcome = str(event.data.get("outcome", ""))
        answers.append(CardAnswer(when, event.id, correct, correct and not just_told, outcome))


def _help(log: Log, event: Event) -> None:
    if event.kind == HINT:
        log.hints += 1
        log.hints_now += 1
        log.help_now = True
    elif event.kind == SOLUTION:
        log.solution_now = True
    else:
        log.help_now = True  # other good ways, shown while a re-solve is under way
    if log.first is None:
        log.help = True
        log.solution = log.solution or event.kind == SOLUTION


def _resolve(log: Log, when: datetime, event: Event, outcome: str) -> None:
    current = log.resolves[-1] if log.resolves else None
    if current is None or log.fresh or (current.passed and outcome != PASS) or when - current.last > SITTING:
        current = Resolve(when)
        log.resolves.append(current)
        log.fresh = False
    current.last = when
    current.hints, current.solution = log.hints_now if log.help_now else 0, log.solution_now
    if current.passed is None:
        if outcome == PASS:
            current.passed = Pass(when, event.id, log.help_now or log.solution_now)
        else:
            current.fails += 1


def _plan(event: Event) -> PlanSettings | None:
    from datetime import date

    try:
        return PlanSettings(
            str(event.data["background"]),
            float(event.data["hours_per_week"]),
            str(event.data["track"]),
            date.fromisoformat(str(event.data["start"])),
        )
    except (KeyError, ValueError, TypeError):
        return None  # written by another version: the plan before it still holds


def mend_times(times: Sequence[int], now: int) -> list[int]:
    """Times that never go back and never pass ``now``, changing as few as possible (longest non-decreasing run).

    ``times`` are microseconds in the order of events. A time that is not on the run becomes the last one before that is
    (or the first one, at the start).
    """
    if all(a <= b for a, b in pairwise(times)) and (not times or times[-1] <= now):
        return list(times)  # the usual case
    run = _longest_run(times, now)
    if not run:
        return [now] * len(times)
    mended, position = [], 0
    for index in range(len(times)):
        while position + 1 < len(run) and run[position + 1] <= index:
            position += 1
        mended.append(times[run[position]])
    return mended


def _longest_run(times: Sequence[int], now: int) -> list[int]:
    """Positions of a longest non-decreasing subsequence of the times up to ``now``; O(n log n), patience sorting.

    Sorted from the end, so that of two runs of one length the later times are kept: a clock that goes back is the
    commoner fault.
    """
    tails: list[int] = []
    starts: list[int] = []
    after: dict[int, int] = {}
    for index in range(len(times) - 1, -1, -1):
        if times[index] > now:
            continue
        place = bisect_right(tails, -times[index])
        if place:
            after[index] = starts[place - 1]
        if place == len(tails):
            tails.append(-times[index])
            starts.append(index)
        else:
            tails[place], starts[place] = -times[index], index
    run: list[int] = []
    at = starts[-1] if starts else None
    while at is not None:
        run.append(at)
        at = after.get(at)
    return run
