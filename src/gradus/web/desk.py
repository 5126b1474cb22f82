"""Where the web asks its questions: SQLite and the grader stay off the event loop, and a learner stays in one thread.

Pages are read, and small things recorded, in one thread that keeps a learner and its views. Checks, timings and
milestones take longer and have threads and learners of their own, so that nobody waits for them but who asked.
"""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from gradus.web.views import Views

if TYPE_CHECKING:
    from gradus.grader import Grader
    from gradus.learner import Learner

T = TypeVar("T")
WORKERS = 8


class Desk:
    """Runs what blocks. ``open_learner`` opens the record; ``lend`` lends the grader, opened when first needed."""

    def __init__(self, open_learner: Callable[[], Learner], lend: Callable[[], Grader]) -> None:
        self.lend = lend
        self._open = open_learner
        self._reading = ThreadPoolExecutor(1, thread_name_prefix="gradus-pages")
        self._working = ThreadPoolExecutor(WORKERS, thread_name_prefix="gradus-work")
        self._saving = ThreadPoolExecutor(2, thread_name_prefix="gradus-save")
        self._guard = threading.Lock()
        self._idle: list[Learner] = []
        self._views: Views | None = None

    def read(self, ask: Callable[[Views], T]) -> Awaitable[T]:
        """Answer from the views, in the pages' thread."""
        return _in(self._reading, lambda: ask(self._looked()))

    def work(self, do: Callable[[Learner], T]) -> Awaitable[T]:
        """Do something long with a learner that nobody else uses meanwhile."""

        def done() -> T:
            with self._guard:
                learner = self._idle.pop() if self._idle else None
            learner = learner or self._open()
            try:
                return do(learner)
            finally:
                with self._guard:
                    self._idle.append(learner)

        return _in(self._working, done)

    def aside(self, do: Callable[[], T]) -> Awaitable[T]:
        """Run something that blocks and needs no learner."""
        return _in(self._working, do)

    def beside(self, do: Callable[[], T]) -> Future[T]:
        """Run something short beside work that is under way in another thread."""
        return self._saving.submit(do)

    def close(self) -> None:
        """Wait for what is under way and close the records."""
        self._reading.shutdown()
        self._saving.shutdown()
        self._working.shutdown(cancel_futures=True)
        for learner in [*self._idle, *([self._views.learner] if self._views else [])]:
            learner.close()

    def _looked(self) -> Views:
        if self._views is None:
            self._views = Views(self._open())
        self._views.refresh()
        return self._views


def _in(executor: Executor, do: Callable[[], T]) -> Awaitable[T]:
    context = contextvars.copy_context()
    return asyncio.get_running_loop().run_in_executor(executor, context.run, do)
