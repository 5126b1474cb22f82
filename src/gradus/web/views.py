"""What the pages ask of the learner, each view made once and kept until something new happened."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any, TypeVar

from gradus.errors import UsageError

if TYPE_CHECKING:
    from gradus.learner import Learner, Mastery, Plan, Progress, ReviewQueue, Step, Week
    from gradus.learner.history import History
    from gradus.roadmap import Roadmap

T = TypeVar("T")


class Views:
    """One learner's views. Use it from one thread at a time, as the learner itself.

    Progress, mastery, plan and weeks follow from the events and the day; what is due follows from the minute, too.
    So the first are kept by (events, day), and the queue is only cut anew.
    """

    def __init__(self, learner: Learner) -> None:
        self.learner = learner
        self.notices: list[str] = []
        self._history: History | None = None
        self._kept: dict[str, tuple[Hashable, Any]] = {}

    @property
    def roadmap(self) -> Roadmap:
        return self.learner.roadmap

    def refresh(self) -> History:
        """Look for what happened since; called once for each request, and after something was recorded."""
        self._history = self.learner.history()
        self.notices += self.learner.notices
        return self._history

    def history(self) -> History:
        """Everything that happened, as it stood at the last look."""
        return self._history or self.refresh()

    def progress(self) -> Progress:
        return self.keep("progress", self.learner.progress)

    def mastery(self) -> Mastery:
        return self.keep("mastery", self.learner.mastery)

    def plan(self) -> Plan | None:
        """The dated plan; None before the learner said where they start from."""
        try:
            return self.keep("plan", self.learner.plan)
        except UsageError:
            return None

    def weeks(self) -> tuple[Week, ...]:
        from gradus.learner.progress import weeks

        return self.keep("weeks", lambda: weeks(self.history(), self.learner.zone))

    def queue(self) -> ReviewQueue:
        """What is due now, and what comes later."""
        from gradus.learner import ReviewQueue

        queue = self.keep("queue", self.learner.review_queue)
        now = self.history().now
        rows = (*queue.due, *queue.later)
        cut = bisect_right(rows, now, key=lambda item: item.due)
        return ReviewQueue(rows[:cut], rows[cut:], now)

    def next(self) -> Step:
        """The one obvious next step, as the learner's room says it, from the queue that is here already."""
        from gradus.learner.guidance import next_step

        learner, queue = self.learner, self.queue()
        return self.keep(
            "next",
            lambda: next_step(self.history(), learner.roadmap, learner.workspace, queue, learner.zone),
            len(queue.due),
        )

    def forget(self) -> None:
        """Make every view anew: something beside the events has changed."""
        self._kept.clear()

    def keep(self, name: str, make: Callable[[], T], *more: Hashable) -> T:
        """What ``make`` makes, made anew only after an event, on another day, or for another ``more``."""
        history = self.history()
        key = (id(history), len(history.times), history.now.astimezone(self.learner.zone).date(), *more)
        kept = self._kept.get(name)
        if kept is None or kept[0] != key:
            kept = self._kept[name] = (key, make())
        value: T = kept[1]
        return value
