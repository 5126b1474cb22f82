"""Walk the road: every step in its order, timed, and the result left in a folder."""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from gradus.errors import GradusError, HostError, UsageError
from gradus.tour import deployed, early, honest, proof
from gradus.tour.story import Done, Show, Step, Tour

#: What the second half needs; the extra "mlops" brings it.
NEEDED = ("fastapi", "uvicorn", "mlflow", "dvc", "httpx")
MARK = "tour.json"


@dataclass(frozen=True)
class Walked:
    """A tour that was walked: each step with what came of it and its seconds."""

    folder: Path
    taken: tuple[tuple[Step, Done, float], ...]
    curl: str
    evidence: Path | None
    page: Path | None

    @property
    def seconds(self) -> float:
        return sum(seconds for _, _, seconds in self.taken)

    @property
    def failed(self) -> bool:
        return any(done.outcome == "failed" for _, done, _ in self.taken)

    def to_json(self) -> dict[str, Any]:
        return {
            "folder": str(self.folder),
            "failed": self.failed,
            "seconds": round(self.seconds, 1),
            "steps": [
                {
                    "id": step.id, "chapter": step.chapter, "title": step.title, "outcome": done.outcome,
                    "summary": done.summary, "lines": list(done.lines), "measured": dict(done.measured),
                    "seconds": round(seconds, 2),
                }
                for step, done, seconds in self.taken
            ],
            "evidence": str(self.evidence) if self.evidence else None,
            "page": str(self.page) if self.page else None,
            "curl": self.curl,
        }  # fmt: skip


def steps() -> tuple[Step, ...]:
    """The steps in their order."""
    return (
        Step("init", "The road", "A folder to work in", early.init),
        Step("plan", "The road", "A plan with dates", early.plan),
        Step("first_try", "The road", "The first exercise, with a classic mistake", early.first_try),
        Step("second_try", "The road", "The same, mended", early.second_try),
        Step("unit", "The road", "The rest of the unit", early.unit),
        Step("milestone_1", "The road", "Milestone 1: know your data", early.milestone_1),
        Step("sealed", "An honest model", "A test set sealed before the work", honest.sealed),
        Step("cross_validated", "An honest model", "Boosting, cross-validated", honest.cross_validated),
        Step("opened", "An honest model", "The vault opened, once", honest.opened),
        Step("project", "A deployed model", "A project that others can run", deployed.project),
        Step("tracked", "A deployed model", "Trained and tracked", deployed.tracked),
        Step("registered", "A deployed model", "Registered, through the gate", deployed.registered),
        Step("served", "A deployed model", "Served over HTTP", deployed.served),
        Step("drifted", "A deployed model", "The world changes, and the monitor notices", deployed.drifted),
        *proof.steps(),
        Step("evidence", "The proof", "The evidence, on a page", proof.written),
    )


def walk(folder: Path, show: Show, *, seed: int | None = None, engine: str = "auto") -> Walked:
    """Walk the whole road in ``folder``; stops at a step that fails. The record of it lies in ``folder`` afterwards.

    ``engine`` is which container engine is used: "auto", "podman", "docker" or "none". Raises UsageError when the
    folder holds something else, or what stage 5 needs is not installed.
    """
    from gradus.grader import Grader
    from gradus.roadmap import load_roadmap

    lacking = [name for name in NEEDED if find_spec(name) is None]
    if lacking:
        raise UsageError(
            f"The tour deploys a model and needs {', '.join(lacking)}.",
            next_step="Install the extra: pip install 'gradus-ml[mlops]'",
        )
    _claim(folder)
    drawn = seed if seed is not None else secrets.randbelow(2**31)
    with Grader() as grader:
        tour = Tour(folder, load_roadmap(), grader, drawn, engine)
        try:
            for step in steps():
                tour.taken.append(_take(tour, step, show))
                if tour.taken[-1][1].outcome == "failed" and step.chapter != "The proof":
                    break
        finally:
            if tour.aside is not None:
                tour.aside.stop()
            if tour.learner is not None:
                tour.learner.close()
    curl = deployed.curl_line(tour.facts["row"]) if "row" in tour.facts else ""
    evidence = tour.report.evidence if tour.report else None
    walked = Walked(folder, tuple(tour.taken), curl, evidence, tour.page)
    (folder / MARK).write_text(json.dumps(walked.to_json(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return walked


def _take(tour: Tour, step: Step, show: Show) -> tuple[Step, Done, float]:
    show.begin(step)
    began = time.perf_counter()
    try:
        done = step.take(tour, lambda line: show.say(step, line))
    except GradusError as error:
        where = (error.where,) if error.where else ()
        done = Done(error.what, "failed", (*where, *((error.next_step,) if error.next_step else ())))
    seconds = time.perf_counter() - began
    show.end(step, done, seconds)
    return step, done, seconds


def _claim(folder: Path) -> None:
    """Make the folder. What lies in one that is there already is somebody's work, and is left alone."""
    if folder.exists() and not folder.is_dir():
        raise UsageError("This is not a folder.", str(folder))
    if (folder / MARK).is_file():
        again = "Name a new folder for another one; with --serve, the model of this one runs."
        raise UsageError("A tour was walked here already.", str(folder), again)
    if folder.is_dir() and any(folder.iterdir()):
        raise UsageError("This folder holds something already.", str(folder), "Name one that does not exist yet.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / MARK).write_text("{}\n", encoding="utf-8")
    except OSError as error:
        raise HostError(f"The folder cannot be made: {error.strerror}.", str(folder)) from None
