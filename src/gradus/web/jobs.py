"""Milestones being proved: each runs in a thread of its own, tells every probe as it is known, and can be cancelled."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gradus.errors import GradusError

if TYPE_CHECKING:
    from gradus.grader import Grader
    from gradus.learner import Learner

MOST = 20
Json = dict[str, Any]


class _Cancelled(Exception):  # noqa: N818
    pass


@dataclass
class Job:
    """One examination. ``state``: running, done, failed or cancelled."""

    id: str
    stage: int
    state: str = "running"
    probes: list[Json] = field(default_factory=list)
    report: Json | None = None
    error: Json | None = None
    cancelled: threading.Event = field(default_factory=threading.Event)

    def to_json(self) -> Json:
        return {"job": self.id, "stage": self.stage, "state": self.state, "probes": list(self.probes),
                "report": self.report, "error": self.error}  # fmt: skip


class Jobs:
    """The latest jobs by id. ``tell(event, data)`` is called from the job's thread."""

    def __init__(self, tell: Callable[[str, Json], None]) -> None:
        self._tell = tell
        self._jobs: OrderedDict[str, Job] = OrderedDict()

    def get(self, stage: int, name: str) -> Job | None:
        """A job of a stage; None when it is not known (any more)."""
        job = self._jobs.get(name)
        return job if job is not None and job.stage == stage else None

    def running(self, stage: int) -> Job | None:
        """The stage's examination that is under way."""
        return next((job for job in self._jobs.values() if job.stage == stage and job.state == "running"), None)

    def start(self, stage: int) -> Job:
        """A new job, not yet run."""
        job = Job(secrets.token_hex(8), stage)
        self._jobs[job.id] = job
        while len(self._jobs) > MOST:
            self._jobs.popitem(last=False)
        return job

    def run(self, job: Job, learner: Learner, grader: Grader, data: str | None) -> None:
        """Prove it, to its end. Never raises: what goes wrong is the job's ``error``."""
        from gradus.milestones import prove

        def progress(probe: Any) -> None:
            if job.cancelled.is_set():
                raise _Cancelled
            job.probes.append(probe.to_json())
            self._say("probe", job, job.probes[-1])

        try:
            report = prove(
                job.stage, learner.workspace, grader=grader, data=data, roadmap=learner.roadmap, progress=progress
            )
            job.report = report.to_json()
            learner.record_milestone(job.stage, proved=report.outcome == "verified", evidence=job.report)
            job.state = "done"
        except _Cancelled:
            job.state = "cancelled"
        except GradusError as error:
            job.state = "failed"
            job.error = {"what": error.what, "where": error.where, "next_step": error.next_step}
        except Exception as error:
            job.state = "failed"
            what = f"The examination met a fault of ours: {type(error).__name__}."
            job.error = {"what": what, "where": "", "next_step": "Nothing was recorded. Try it again."}
        self._say("milestone", job, {})

    def _say(self, event: str, job: Job, data: Json) -> None:
        from gradus.web.render import fragment

        about = {"job": job.id, "stage": job.stage, "state": job.state}
        if event == "probe":
            self._tell(event, {**about, **data, "html": fragment("_probe.html", probe=data)})
        else:
            outcome = job.report["outcome"] if job.report else None
            self._tell(event, {**about, "outcome": outcome, "html": fragment("_report.html", job=job.to_json())})
