"""A conversation with one submission outside an exercise: what milestones and timings use. No verdict is made here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any

from gradus.checks.raised import LearnerRaised
from gradus.errors import GradusError
from gradus.grader.headlines import Words, crashed, limit, load_failure
from gradus.grader.replies import Crashed, Defined, Failure, LimitHit, Reply, Submission
from gradus.grader.student import Student

if TYPE_CHECKING:
    from gradus.grader.client import Runner
    from gradus.grader.pool import LimitsLike, Pool

#: The learner's code raised: its type, message, line and trace.
LearnerError = LearnerRaised


class BrokenSubmission(GradusError):  # noqa: N818 - the name of what happened
    """The learner's file does not load, or its process is gone. ``words`` says which and why."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.headline, next_step=words.message)
        self.words = words


class LimitExceeded(BrokenSubmission):
    """The learner's code hit a limit: time, memory, output, processes, files or size."""


class Examined(Student):
    """The learner's file in a session: raises LearnerError, LimitExceeded or BrokenSubmission."""

    def _answer(self, reply: Reply, describe: Callable[[], str]) -> Any:
        if isinstance(reply, (Crashed, LimitHit)):
            raise _ended(reply, describe().partition("(")[0], self._runner.limits)  # type: ignore[attr-defined]
        return super()._answer(reply, describe)


def _ended(reply: Crashed | LimitHit, name: str, limits: LimitsLike) -> BrokenSubmission:
    if isinstance(reply, LimitHit):
        return LimitExceeded(limit(name, reply, limits.seconds, limits.memory_mb, limits.output_kb))
    return BrokenSubmission(crashed(name, reply))


class Session:
    """Use it as ``with grader.session(submission) as student: student.load("…")``.

    While it is open, ``defined`` tells what the file defines, ``stdout`` and ``figures`` what it printed and drew,
    ``provenance`` the SHA-256 of every file that ran, ``layers`` which isolation layers held.
    """

    def __init__(self, pool: Pool, submission: Submission, limits: LimitsLike | None = None) -> None:
        self._pool = pool
        self._submission = submission
        self._limits = limits
        self._runner: Runner | None = None
        self.defined: Mapping[str, Defined] = {}

    def __enter__(self) -> Student:
        """Load the file. Raises BrokenSubmission or LimitExceeded in words."""
        self._runner = runner = self._pool.acquire(self._limits)
        try:
            loaded = runner.load(self._submission)
            if isinstance(loaded, Failure):
                raise self._not_loaded(loaded)
        except BaseException:
            self.close()
            raise
        self.defined = loaded.defined
        return Examined(runner)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Kill the process. What it printed can no longer be read."""
        if self._runner is not None:
            self._runner.close()

    @property
    def stdout(self) -> str:
        return self._live.stdout()

    @property
    def provenance(self) -> Mapping[str, str]:
        return self._live.provenance

    @property
    def layers(self) -> tuple[str, ...]:
        return self._live.layers

    def figures(self, count: int = 4) -> list[bytes]:
        """Return the figures that are open, as PNG."""
        return self._live.figures(count)

    @property
    def _live(self) -> Runner:
        if self._runner is None:
            raise RuntimeError("the session has not been entered")
        return self._runner

    def _not_loaded(self, failure: Failure) -> BrokenSubmission:
        name = self._submission.name
        if failure.kind == "limit":
            return _ended(LimitHit(failure.error), name, self._live.limits)
        return BrokenSubmission(load_failure(failure, name, tuple(self._submission.siblings)))
