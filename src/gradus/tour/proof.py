"""The last part: milestone 5 examines the deployed model, prover by prover, and the evidence becomes a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

from gradus.milestones.report import Probe, Report, now, write_evidence
from gradus.tour.aside import Aside
from gradus.tour.story import Done, Outcome, Say, Step, Tour

TITLES: Final = {
    "tracking": "The run on the record says the truth",
    "reproduce": "Made again in a clean clone",
    "service": "The service under examination",
    "monitor": "The monitor: quiet, and awake",
    "release": "The gate: a worse model stays in",
    "container": "In a container",
}
ASIDE: Final = "container"
#: Streams of each kind for the monitor: fewer than in an examination of its own, as the tour shall be short.
STREAMS = 100
_WORDS: Final[Mapping[str, tuple[str, Outcome]]] = {
    "verified": ("verified", "done"),
    "partial": ("partly verified", "partial"),
    "unverified": ("not verified", "failed"),
}


def steps() -> tuple[Step, ...]:
    """One step for each prover of milestone 5."""
    return tuple(Step(f"prove_{part}", "The proof", title, partial(_prove, part)) for part, title in TITLES.items())


def _prove(name: str, tour: Tour, say: Say) -> Done:
    if tour.aside is None:  # two cores: an image is built while the other provers are at work
        tour.aside = Aside(partial(_examine, ASIDE, tour))
    if name == ASIDE:
        found = tour.aside.wait(say)
    else:
        found = []
        for probe in _examine(name, tour):
            found.append(probe)
            say(probe.title)
    tour.probes.extend(found)
    return _came_to(found)


def _examine(name: str, tour: Tour) -> Iterator[Probe]:
    from gradus.milestones.stage5 import examine, parts
    from gradus.provers.service import Burst

    # Shorter than an examination of its own, as the tour shall be short: fewer levels, a second at each.
    burst = Burst(levels=(1, 4, 16), seconds=1.0, memory_rounds=3, memory_requests=200, examples=20)
    part = next(part for part in parts(tour.engine, STREAMS, burst) if part.id == name)
    return examine(tour.project, tour.seed, (part,))


def _came_to(found: list[Probe]) -> Done:
    outcomes = [probe.outcome for probe in found]
    count = {name: outcomes.count(name) for name in ("passed", "failed", "not_applicable")}
    lines = tuple(f"{probe.title}: {probe.message}" for probe in found if probe.outcome != "passed")
    said = f"{count['passed']} of {len(found)} probes passed{highlight(found)}"
    if count["failed"] or not found:
        return Done(said, "failed", lines, count)
    return Done(said, "partial" if count["not_applicable"] else "done", lines, count)


def highlight(found: list[Probe]) -> str:
    """The number of a prover's probes that a person would ask for first, in words; empty where there is none."""
    measured: dict[str, Mapping[str, Any]] = {probe.id: probe.measured for probe in found if probe.outcome == "passed"}
    try:
        if levels := measured.get("service.burst", {}).get("levels"):
            best = max(levels, key=lambda level: float(level["per_second"]))
            return f"; {best['per_second']:.0f} answers a second, p99 {best['p99_ms']:.0f} ms"
        if "tracking.metric" in measured:
            logged, again, *_ = measured["tracking.metric"].values()
            return f"; {logged:.6f} on the record, {again:.6f} computed again from the artifact"
        if "reproduce.metrics" in measured:
            return f"; every number as committed, within {measured['reproduce.metrics']['tolerance']:.0e}"
        if "monitor.quiet" in measured:
            return f"; {measured['monitor.quiet']['all']['rate']:.1%} false alarms"
    except (KeyError, TypeError, ValueError):  # a prover that measures something else now
        return ""
    return ""


def written(tour: Tour, say: Say) -> Done:
    """Name the project in milestone.toml, and write the evidence, the page and the guide."""
    from gradus.milestones.stage5_proving import hashes
    from gradus.tour import guide, page

    _name_project(tour)
    stage = tour.roadmap.stage(5)
    report = Report(5, stage.milestone.title, tuple(tour.probes), hashes(tour.project), tour.seed, (), now())
    evidence = write_evidence(report, tour.work.evidence)
    tour.report = report.with_evidence(evidence)
    tour.who.record_milestone(5, proved=report.outcome == "verified", evidence=tour.report.to_json())
    words, outcome = _WORDS[report.outcome]
    tour.page = page.write(tour)
    guide.write(tour)
    return Done(
        f"milestone 5 is {words} by {len(report.probes)} probes; see evidence.html",
        outcome,
        measured={"outcome": report.outcome, "probes": len(report.probes), "evidence": evidence.name},
    )


def _name_project(tour: Tour) -> None:
    """As a learner would, so that `gradus milestone 5` finds it."""
    from gradus.milestones import lay_out_milestone

    path, _ = lay_out_milestone(tour.work, tour.roadmap.stage(5))
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"my-service"', '"../../affairs"'), encoding="utf-8")
