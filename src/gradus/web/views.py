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

    Progress, mastery, plan and weeks follow from the events and the day; what is due follows from the minute, too. So the
    first are kept by (events, day), and the queue is only cut anew.
    """

    def __init__(self, learner: Learner) -> None:
        self.learner = learner
        self.notices: list[str] = []
        self._kept: dict[str, tuple[Hashable, Any]] = {}

    @property
    def roadmap(self) -> Roadmap:
        return self.learner.roadmap

    def history(self) -> History:
        """Everything that happened, as it stands now."""
        history = self.learner.history()
        self.notices += self.learner.notices
        return history

    def progress(self) -> Progress:
        return self._keep("progress", self.learner.progress)

    def mastery(self) -> Mastery:
        return self._keep("mastery", self.learner.mastery)

    def plan(self) -> Plan | None:
        """The dated plan; None before the learner said where they start from."""
        try:
            return self._keep("plan", self.learner.plan)
        except UsageError:
            return None

    def weeks(self) -> tuple[Week, ...]:
        from gradus.learner.progress import weeks

        return self._keep("weeks", lambda: weeks(self.history(), self.learner.zone))

    def queue(self) -> ReviewQueue:
        """What is due now, and what comes later."""
        from gradus.learner import ReviewQueue

        queue = self._keep("queue", self.learner.review_queue)
        now = self.learner.history().now
        rows = (*queue.due, *queue.later)
        cut = bisect_right(rows, now, key=lambda item: item.due)
        return ReviewQueue(rows[:cut], rows[cut:], now)

    def next(self) -> Step:
        """The one obvious next step."""
        return self._keep("next", self.learner.next, len(self.queue().due))

    def forget(self) -> None:
        """Make every view anew: something beside the events has changed."""
        self._kept.clear()

    def _keep(self, name: str, make: Callable[[], T], *more: Hashable) -> T:
        history = self.history()
        key = (id(history), len(history.times), history.now.astimezone(self.learner.zone).date(), *more)
        kept = self._kept.get(name)
        if kept is None or kept[0] != key:
            kept = self._kept[name] = (key, make())
        value: T = kept[1]
        return value
