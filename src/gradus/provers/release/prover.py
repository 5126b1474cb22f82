"""The release prover: a planted regression must not get out, a better model must."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np

from gradus.provers.declared import declared
from gradus.provers.release import plants
from gradus.provers.release.contexts import HEAD
from gradus.provers.release.naming import FAULTS, first_release, looked_at, why_released
from gradus.provers.release.records import Plan, Ran
from gradus.provers.release.runner import simulate
from gradus.provers.release.workflow import BadWorkflow, Workflow, parse_workflow
from gradus.provers.report import Probe

Isolation = Literal["auto", "none", "plain"]
_TITLES = {
    "workflow_valid": "The workflow is valid",
    "workflow_pinned": "Third-party actions are pinned",
    "workflow_forks": "No stranger's code runs with the project's secrets",
    "release_good": "A better model is released",
    "release_blocked": "A planted regression is blocked",
    "release_compares": "The gate compares with what is released, on held-out rows",
    "release_secrets": "No secret is shown",
}


class _Found(Exception):  # noqa: N818 - a finding, not an error
    def __init__(self, fault: str, seen: str, **measured: Any) -> None:
        super().__init__(seen)
        self.fault, self.measured = fault, measured
        self.message = seen + FAULTS.get(fault, "")


@dataclass
class _Bench:
    folder: Path
    rng: np.random.Generator
    seconds: float
    isolation: Isolation
    table: Mapping[str, Any]
    offline: Mapping[str, Any]
    answer: str
    files: dict[str, bytes] = field(default_factory=dict)
    sha: str = ""
    workflow: Workflow | None = None
    strong: dict[str, bytes | None] = field(default_factory=dict)
    weak: dict[str, bytes | None] = field(default_factory=dict)
    worse: dict[str, bytes | None] = field(default_factory=dict)
    runs: list[Ran] = field(default_factory=list)

    @property
    def flow(self) -> Workflow:
        assert self.workflow is not None
        return self.workflow

    @property
    def production(self) -> str:
        return plants.text(self.table, "production")

    @property
    def deploy(self) -> str:
        return plants.text(self.table, "deploy")

    @property
    def held(self) -> str:
        return plants.text(self.table, "rows") or plants.text(self.offline, "rows")

    @property
    def target(self) -> str:
        return plants.text(self.table, "target") or plants.text(self.offline, "target")

    def plan(self, event: str, planted: Mapping[str, bytes | None], collect: tuple[str, ...] = ()) -> Plan:
        return Plan(
            self.files, event, dict(planted), self.production, collect, step_seconds=self.seconds / 2,
            sha=self.sha or HEAD,
        )  # fmt: skip

    def run(self, plan: Plan) -> Ran:
        from gradus.projects import Bounds, Workbench

        bounds = Bounds(seconds=self.seconds, memory_mb=4096, output_kb=4096, disk_mb=2048, files=60_000)
        with Workbench({}, bounds, "project", self.isolation) as work:
            ran = simulate(work, self.flow, plan)
        self.runs.append(ran)
        return ran


def examine(
    folder: Path | str, rng: np.random.Generator, *, seconds: float = 300.0, isolation: Isolation = "auto"
) -> Iterator[Probe]:
    """Examine the workflow that ``service.toml`` declares in ``[release]``; yields each probe as it is known.

    ``seconds`` bound each run of the workflow. ``measured["fault"]`` of a failed probe is a key of ``FAULTS``, or
    missing, invalid_workflow, never_runs, cannot_plant, broken_step, good_model_blocked, deploy_never_reached.
    Raises UsageError when there is no readable service.toml, or no clean copy of the project can be made.
    """
    folder = Path(folder).resolve()
    tables = declared(folder)
    release, offline, service = (tables.get(name, {}) for name in ("release", "offline", "service"))
    bench = _Bench(folder, rng, seconds, isolation, release, offline, str(service.get("answer", "answer")))
    steps: dict[str, Callable[[_Bench], tuple[str, Mapping[str, Any]]]] = {
        "workflow_valid": _valid,
        "workflow_pinned": _pinned,
        "workflow_forks": _forks,
        "release_good": _good,
        "release_blocked": _blocked,
        "release_compares": _compares,
        "release_secrets": _secrets,
    }
    failed: set[str] = set()
    for id_, step in steps.items():
        if id_ == "release_compares" and failed & {"release_good", "release_blocked"}:
            continue  # what is wrong with the gate has been said
        try:
            message, measured = step(bench)
        except _Found as found:
            failed.add(id_)
            yield Probe(id_, _TITLES[id_], "failed", found.message, {"fault": found.fault, **found.measured})
            if id_ == "workflow_valid" or found.fault == "cannot_plant":
                return
        else:
            yield Probe(id_, _TITLES[id_], "passed", message, measured)


def _valid(bench: _Bench) -> tuple[str, dict[str, Any]]:
    name = plants.text(bench.table, "workflow")
    if not name:
        raise _Found(
            "missing", 'service.toml declares no workflow: [release] workflow = ".github/workflows/release.yml".'
        )
    bench.files, bench.sha = plants.clean_copy(bench.folder)
    if name not in bench.files:
        raise _Found("missing", f"{name} is not in a clean copy of the project. Commit it.")
    try:
        bench.workflow = parse_workflow(bench.files[name], name)
    except BadWorkflow as bad:
        raise _Found("invalid_workflow", f"{name} is no workflow that GitHub would run. {bad.what}") from None
    if not bench.flow.releasing_events():
        raise _Found(
            "never_runs",
            f"Nothing starts a release: {name} runs on {', '.join(bench.flow.on)}. Let it run on a push to the main "
            "branch, on a release, or by hand.",
        )
    count = sum(1 for _ in bench.flow.steps())
    return f"{name} holds against GitHub's schema: {len(bench.flow.jobs)} jobs, {count} steps.", {"steps": count}


def _pinned(bench: _Bench) -> tuple[str, dict[str, Any]]:
    loose = bench.flow.unpinned()
    if loose:
        raise _Found("unpinned_action", f"{', '.join(loose)} is not named by a commit. ", actions=list(loose))
    return "Every action is GitHub's own, or named by a commit.", {}


def _forks(bench: _Bench) -> tuple[str, dict[str, Any]]:
    if "pull_request_target" not in bench.flow.on:
        return "Nothing runs on `pull_request_target`.", {}
    ran = bench.run(bench.plan("pull_request_target", {}))
    theirs = next((step for step in ran.steps if step.fork), None)
    if theirs is not None:
        raise _Found("pull_request_target", f"On a stranger's pull request {theirs.where} ran a program of theirs. ")
    return "On a stranger's pull request none of their programs ran.", {}


def _good(bench: _Bench) -> tuple[str, dict[str, Any]]:
    _plant(bench)
    event = bench.flow.releasing_events()[0]
    ran = bench.run(bench.plan(event, bench.weak))
    if first_release(ran, bench.deploy) is None:
        raise _held_up(bench, ran)
    outside = sorted({words for step in ran.steps for words in step.outside})
    assumed = f" Taken as done, not run: {'; '.join(outside[:4])}." if outside else ""
    return f"Held against a released model that knows nothing, the candidate got out on {event}.{assumed}", {
        "event": event, "outside": outside[:20],
    }  # fmt: skip


def _plant(bench: _Bench) -> None:
    """Find two models to put in production, one that the candidate must beat and one that it must not."""
    production = bench.production
    if not production:
        raise _Found(
            "cannot_plant",
            "Nothing says what is released now, so nothing can be planted. Name what the gate compares with: "
            '[release] production = "release/champion.csv", answers on the held-out rows; or the released model, with '
            "`candidate` and `data`, the file that the workflow trains from.",
        )
    candidate, data = plants.text(bench.table, "candidate"), plants.text(bench.table, "data")
    if candidate and data:
        _plant_by_training(bench, candidate, data)
        return
    truth = plants.truths(bench.folder, bench.held, bench.target)
    column = plants.text(bench.table, "column") or bench.answer
    given = bench.files.get(production)
    tables = [
        plants.as_csv(given, column, plants.answers_of(truth, strong, bench.rng)) if truth else None
        for strong in (True, False)
    ]
    if None in tables or not production.endswith(".csv"):
        raise _Found(
            "cannot_plant",
            f"{production} is no table with a column “{column}” and an answer for each row of "
            f"{bench.held or 'the held-out file'} ({len(truth)}): no other model's answers can be put there.",
        )
    bench.strong, bench.weak = {production: tables[0]}, {production: tables[1]}


def _plant_by_training(bench: _Bench, candidate: str, data: str) -> None:
    event = bench.flow.releasing_events()[0]
    content = bench.files.get(data)
    spoiled = plants.shuffled(content, bench.target, bench.rng) if content is not None else None
    if spoiled is None:
        raise _Found(
            "cannot_plant", f"{data} is not in a clean copy of the project, or has no column “{bench.target}”."
        )
    bench.worse = {data: spoiled}
    models = []
    for planted in ({}, bench.worse):
        ran = bench.run(bench.plan(event, planted, (candidate,)))
        if candidate not in ran.files:
            trouble = _complaint(ran)
            raise _Found("cannot_plant", f"The workflow leaves no {candidate} to put in production. {trouble}")
        models.append(ran.files[candidate])
    if models[0] == models[1]:
        raise _Found(
            "cannot_plant", f"{candidate} does not depend on {data}: the workflow does not train it from there."
        )
    bench.strong, bench.weak = {bench.production: models[0], **bench.worse}, {bench.production: models[1]}


def _held_up(bench: _Bench, ran: Ran) -> _Found:
    if ran.trouble:
        return _Found("invalid_workflow", ran.trouble)
    if ran.failing:
        step = ran.failing[0]
        programs = any(status for status, _ in step.programs)
        fault = "good_model_blocked" if programs else "broken_step"
        return _Found(
            fault,
            f"The candidate was held against a released model that knows nothing, and did not get out: {step.where} "
            f"failed. {_complaint(ran)} A gate that lets nothing out is switched off sooner or later: let it pass what "
            "is better, and see that every step runs in a clean copy.",
            step=step.name,
        )
    skipped = [step for step in ran.steps if step.why_skipped]
    if skipped:
        return _Found(
            "deploy_never_reached",
            f"No step failed, and nothing was released. {skipped[-1].here} was skipped, as "
            f"`if: {skipped[-1].why_skipped}` does not hold on {ran.event}.",
        )
    return _Found(
        "deploy_never_reached",
        f"Every step ran, and nothing was released: {bench.production} stayed as it was. If something else shows a "
        'release, name the job or the step: [release] deploy = "…".',
    )


def _complaint(ran: Ran) -> str:
    for step in ran.failing:
        lines = [line for line in step.output.strip().splitlines() if line.strip()]
        return f"It said: {lines[-1].strip()[:300]}" if lines else f"It said nothing (status {step.status})."
    return ""


def _blocked(bench: _Bench) -> tuple[str, dict[str, Any]]:
    events = bench.flow.releasing_events()[:3]
    if not bench.strong:
        _plant(bench)
    stopped = ""
    for event in events:
        plan = bench.plan(event, bench.strong)
        ran = bench.run(plan)
        if first_release(ran, bench.deploy) is None:
            stopped = stopped or (ran.failing[0].where if ran.failing else "a condition")
            continue
        fault, seen = why_released(
            bench.flow, plan, ran, bench.run, deploy=bench.deploy, production=bench.production, held=bench.held
        )
        raise _Found(
            fault, f"On {event} a candidate that is far worse than what is released got out. {seen}", event=event
        )
    return f"A candidate far worse than what is released was stopped by {stopped}.", {"events": list(events)}


def _compares(bench: _Bench) -> tuple[str, dict[str, Any]]:
    """A hopeless candidate is stopped by any limit. Does the gate look at what it must look at?"""
    event = bench.flow.releasing_events()[0]
    good = bench.plan(event, bench.weak)
    opened = frozenset().union(*(ran.opened for ran in bench.runs))
    if bench.production not in opened and not looked_at(
        bench.run, good, bench.deploy, bench.production, b"nothing that anybody could read\n"
    ):
        raise _Found("fixed_threshold", f"The candidate gets out whatever is in {bench.production}. ")
    held = bench.held if bench.held in bench.files else ""
    if held and held not in opened and not looked_at(bench.run, good, bench.deploy, held, None):
        raise _Found("training_rows", f"The candidate gets out without {held}, too. ")
    return f"The gate reads {bench.production}" + (f" and {held}." if held else "."), {}


def _secrets(bench: _Bench) -> tuple[str, dict[str, Any]]:
    leaked = sorted({name for ran in bench.runs for name in ran.leaked})
    if leaked:
        raise _Found(
            "secret_echoed", f"The secret {', '.join(leaked)} stands in a log or in an artifact. ", secrets=leaked
        )
    return "No secret stood in a log or an artifact.", {}
