"""One grader: pools of runners that stand ready, and the judge. `check` is the way through for every front door."""

from __future__ import annotations

import dataclasses
import gc
import queue
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Self

from gradus.checks import CheckSet, load_checks
from gradus.errors import GradusError
from gradus.grader.diagnose import Miss
from gradus.grader.exam import Exam
from gradus.grader.findings import unjudged
from gradus.grader.headlines import our_fault
from gradus.grader.judge import judge, new_seed
from gradus.grader.libraries import smallest_set
from gradus.grader.pictures import Pictures, drawn_so_far, is_drawn, side_by_side
from gradus.grader.pool import LimitsLike, Pool, Runner, RunnerFault, open_pool
from gradus.grader.projects import SUPERSEDED, ProjectJudge, Step
from gradus.grader.replies import Submission
from gradus.grader.verdict import Verdict
from gradus.roadmap import Exercise

if TYPE_CHECKING:
    from gradus.grader.session import Session

_CACHED = 64
_DRAWING = (b"plt", b"plot", b"hist", b"figure")
#: How long after a verdict the next exam is prepared: the runners' replacement comes first.
_IDLE = 0.05
#: How long the runners of a check that is over may wait to be ended, in seconds, while no other check begins.
_MANNERS = 0.03


class Grader:
    """Owns a pool per library set and judges one submission at a time. A context manager; safe to use from threads.

    Pools start when an exercise first needs them; ``library`` names the one to start at once.
    """

    def __init__(self, library: str = "core", isolation: str = "auto", parked: int = 2) -> None:
        self.library = library
        self.isolation = isolation
        self.parked = parked
        self._pools: dict[str, Pool] = {}
        self._checks: OrderedDict[str, CheckSet] = OrderedDict()
        self._next: OrderedDict[str, Exam] = OrderedDict()
        self._judging = threading.RLock()
        self._opening = threading.Lock()
        self._desk: _Desk | None = None
        self._turns: dict[str, int] = {}  # how often checks of an exercise were superseded
        self._left: queue.SimpleQueue[tuple[_Desk, CheckSet | None] | None] = queue.SimpleQueue()
        self._busy = threading.Event()  # a check is under way, or the end is near
        self._tidying = threading.Thread(target=self._tidy, name="gradus tidying", daemon=True)
        self._closed = False
        self._unfrozen = False
        self.projects = ProjectJudge()
        self._tidying.start()

    def __enter__(self) -> Self:
        self.pool(self.library)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def pool(self, library: str) -> Pool:
        """Return the pool of a library set, started."""
        with self._opening:
            if self._closed:
                raise RunnerFault("the grader has been closed")
            if library not in self._pools:
                self._pools[library] = open_pool(library, self.isolation, self.parked)
            return self._pools[library]

    def ready(self, seconds: float = 120.0) -> bool:
        """Wait until the first library set's runners stand ready."""
        return self.pool(self.library).wait_ready(seconds)

    def check(
        self,
        exercise: Exercise,
        submission: Submission,
        seed: int | None = None,
        progress: Callable[[Step], None] | None = None,
    ) -> Verdict:
        """Judge one submission. Never raises: whatever goes wrong on our side is a `grader_error` with a sentence.

        ``progress`` is told what a project's check is about to try; a function's check is over too soon for that.
        """
        if exercise.is_project:
            return self.projects.check(exercise, submission, seed, progress)
        began = time.perf_counter()
        self._busy.set()
        turn = self._turns.get(exercise.id, 0)
        with self._judging:
            queued = time.perf_counter()
            if turn != self._turns.get(exercise.id, 0):
                return unjudged(exercise, submission, seed, our_fault(SUPERSEDED))
            try:
                checks = self.checks(exercise)
                exam = self._exam(exercise, checks, seed)
            except Exception as error:
                words = our_fault(str(error) if isinstance(error, GradusError) else f"{type(error).__name__}: {error}")
                return unjudged(exercise, submission, seed, words)
            desk = self._desk = _Desk(self, exercise, submission)
            with _no_collection():
                verdict = judge(exam, submission, desk.start)
                verdict = desk.complete(verdict, submission, exam.shown)
        done = time.perf_counter()
        self._busy.clear()
        self._left.put((desk, checks if seed is None else None))
        queue = queued - began + desk.waited
        times = {
            "queue": queue * 1000,
            "run": (done - began - queue) * 1000,
            "total": (done - began) * 1000,
        }
        return dataclasses.replace(verdict, milliseconds=times)

    def supersede(self, exercise_id: str) -> None:
        """Stop the checks of this exercise that run or wait now: a newer one is about to come.

        Their callers get a `grader_error`, which is never recorded. May be called from any thread.
        """
        self.projects.supersede(exercise_id)
        self._turns[exercise_id] = self._turns.get(exercise_id, 0) + 1
        desk = self._desk
        if desk is not None and desk.exercise.id == exercise_id:
            desk.abandon()

    def session(self, submission: Submission, limits: LimitsLike | None = None, library: str | None = None) -> Session:
        """Return a conversation with one submission, for milestones: a context manager that yields a student proxy."""
        from gradus.grader.session import Session

        return Session(self.pool(library or self.library), submission, limits)

    def checks(self, exercise: Exercise) -> CheckSet:
        """Return an exercise's checks, loaded once per content. Raises ContentError."""
        key = exercise.digest
        with self._judging:
            if key in self._checks:
                self._checks.move_to_end(key)
                return self._checks[key]
            loaded = self._checks[key] = load_checks(exercise)
            self._unfrozen = True
            if len(self._checks) > _CACHED:
                self._checks.popitem(last=False)
            return loaded

    def close(self) -> None:
        """Kill every runner and stop."""
        self.projects.close()
        with self._opening:
            self._closed = True
            pools = list(self._pools.values())
            self._pools.clear()
        self._busy.set()
        self._left.put(None)
        self._tidying.join(timeout=30)  # a thread in the middle of its work would take the process down at its exit
        for pool in pools:
            pool.close()

    def _tidy(self) -> None:
        """End the runners of checks that are over, and prepare what comes next while nobody waits.

        A thread that stands ready: starting one would wait for it. It lets whoever asked record the verdict and answer
        first, since both share one interpreter.
        """
        while (left := self._left.get()) is not None:
            desk, checks = left
            self._busy.wait(_MANNERS)
            desk.tell()
            desk.leave()
            if checks is not None and self._left.empty() and not self._busy.wait(_IDLE):
                self._prepare(desk.exercise, checks)

    def _exam(self, exercise: Exercise, checks: CheckSet, seed: int | None) -> Exam:
        if seed is not None:
            return Exam(checks, seed)
        prepared = self._next.pop(exercise.digest, None)
        return prepared if prepared is not None else Exam(checks, new_seed())

    def _prepare(self, exercise: Exercise, checks: CheckSet) -> None:
        """Draw the next attempt's cases and compute the reference's answers, unless a check is under way."""
        # Never wait for one: it may itself wait for runners that this thread has to put away first.
        if not self._judging.acquire(blocking=False):
            return
        try:
            if self._closed or exercise.digest in self._next:
                return
            try:
                self._next[exercise.digest] = Exam(checks, new_seed()).prepare()
            except Exception:
                return  # the next check meets the same fault and reports it
            if len(self._next) > _CACHED:
                self._next.popitem(last=False)
            if self._unfrozen:
                # Libraries and checks stay for good: the collector need not walk over them again and again.
                self._unfrozen = False
                gc.collect()
                gc.freeze()
        finally:
            self._judging.release()


@contextmanager
def _no_collection() -> Iterator[None]:
    """Put garbage collection off: a full one takes longer than a whole check."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


class _Desk:
    """The runners of one check: fetched when the judge asks for them, read out, and cleared away off the press path."""

    def __init__(self, grader: Grader, exercise: Exercise, submission: Submission) -> None:
        self._grader = grader
        self.exercise = exercise
        self._submission = submission
        self._runners: list[Runner] = []
        self._guard = threading.Lock()  # a runner is not abandoned while it is being closed
        self._abandoned = False
        self._pool: Pool | None = None
        self._passed = False
        self.waited = 0.0

    def abandon(self) -> None:
        """Kill the runners, so that whoever waits for them does so no longer."""
        with self._guard:
            self._abandoned = True
            for runner in self._runners:
                runner.abandon()

    def start(self) -> list[Runner]:
        """Return two runners."""
        began = time.perf_counter()
        self.leave()
        pool = self._pool = self._grader.pool(self._libraries())
        for _ in range(2):
            runner = pool.acquire(self.exercise.limits)
            with self._guard:
                self._runners.append(runner)
        if self._abandoned:
            raise RunnerFault(SUPERSEDED)
        self.waited = time.perf_counter() - began
        return self._runners

    def _libraries(self) -> str:
        """Return the lightest library set that will do: an exercise about NumPy needs no pandas in its process."""
        exercise, submission = self.exercise, self._submission
        ours = (exercise.solution_path.read_bytes(), exercise.checks_path.read_bytes())
        return smallest_set(exercise.libraries, (*ours, submission.source, *submission.siblings.values()))

    def complete(self, verdict: Verdict, submission: Submission, shown: Miss | None) -> Verdict:
        """Add what the runners know: layers, files that were imported, figures."""
        self._passed = verdict.passed
        if not self._runners:
            return verdict
        provenance = dict(verdict.provenance)
        for runner in self._runners:
            provenance.update(runner.provenance)
        expected: Pictures = ()
        drawn: Pictures = ()
        if shown is not None and is_drawn(shown):
            drawn, expected = side_by_side(self._runners[0], shown)
        elif _draws(submission):
            drawn = drawn_so_far(self._runners[0])
        layers = [layer for layer in self._runners[0].layers if all(layer in r.layers for r in self._runners)]
        return dataclasses.replace(
            verdict,
            isolation=tuple(layers),
            provenance=provenance,
            figures=drawn,
            expected_figures=expected,
        )

    def tell(self) -> None:
        """Let the pool prepare the next runners for this exercise, from what a right answer needed."""
        if self._pool is not None:
            if self._passed and self._runners:
                self._pool.learn(self._runners[0].body, self.exercise.id)
            self._pool.expected = self.exercise.id

    def leave(self) -> None:
        """Kill the runners."""
        with self._guard:
            runners, self._runners = self._runners, []
            for runner in runners:
                runner.close()


def _draws(submission: Submission) -> bool:
    """Tell whether the learner's code may have drawn: asking a runner for figures costs a round trip."""
    return any(word in source for source in (submission.source, *submission.siblings.values()) for word in _DRAWING)
