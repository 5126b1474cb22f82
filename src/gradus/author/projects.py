"""Prove a project exercise: reference and ways pass, the starter does not, every planted fault is named."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from gradus.author.examine import content_error, placed
from gradus.author.judging import told
from gradus.author.lint import common_problems, unwritten
from gradus.author.proofs import ExerciseProof, Problem
from gradus.author.prose import prose, tone_problems
from gradus.errors import ContentError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gradus.grader.projects import ProjectJudge
    from gradus.grader.verdict import Verdict
    from gradus.projects import Mistake, Probe, ProbeSet
    from gradus.roadmap import Exercise, Variant

PROJECT_SEEDS: Final = 3  # the reference must pass on each of these
WAY_SEEDS: Final = 2  # every way on these
FAULT_SEEDS: Final = 1  # and on these a planted fault must be named: each check runs whole programs
FEWEST_FAULTS: Final = 3
_LONGEST_HEADLINE: Final = 140


@dataclass(frozen=True, eq=False)
class _Trial:
    """One check of a proof: whose files, on which seed, and what must come of it."""

    file: str
    role: str  # reference, way, starter or fault
    files: Mapping[str, bytes]
    seed: int
    expects: str = ""


def prove_project(exercise: Exercise, jobs: int = 1, step: Callable[[], None] = lambda: None) -> ExerciseProof:
    """Prove one, with ``jobs`` checks at a time. ``step`` is called after each of them."""
    began = time.perf_counter()
    try:
        trials, probes, faults, ways = _plan(exercise)
    except ContentError as error:
        return _whole(exercise, [content_error(error, exercise.folder)])
    problems = list(project_problems(exercise, probes, faults, ways))
    verdicts: dict[_Trial, Verdict] = {}
    with ThreadPoolExecutor(max_workers=max(1, jobs)) as threads:
        from gradus.grader.projects import ProjectJudge

        waiting = {threads.submit(_check, ProjectJudge(), exercise, trial): trial for trial in trials}
        for done in as_completed(waiting):
            verdicts[waiting[done]] = done.result()
            step()
    problems += [problem for trial in trials for problem in _judge(trial, verdicts[trial])]
    bad = {problem.file for problem in problems if problem.field in ("way", "fault")}
    reference = [verdicts[trial] for trial in trials if trial.role == "reference"]
    proof = ExerciseProof(
        exercise=exercise.id,
        unit=exercise.unit,
        stage=exercise.stage,
        seeds=len(reference),
        seeds_passed=sum(verdict.passed for verdict in reference),
        starter=next(verdicts[trial].outcome for trial in trials if trial.role == "starter"),
        mistakes=len(faults),
        mistakes_named=sum(f"wrong/{fault.name}" not in bad for fault in faults),
        ways=len(ways),
        ways_passed=sum(f"ways/{way.name}" not in bad for way in ways),
        problems=tuple(dict.fromkeys(problems)),
        reference_ms=statistics.median(verdict.milliseconds.get("run", 0.0) for verdict in reference),
        seconds=time.perf_counter() - began,
    )
    return replace(proof, problems=tuple(placed(problem, exercise.folder) for problem in proof.problems))


def trials_of(exercise: Exercise) -> int:
    """How many checks its proof takes."""
    return PROJECT_SEEDS + WAY_SEEDS * len(exercise.ways) + 2 + FAULT_SEEDS * len(exercise.wrong)


def _plan(exercise: Exercise) -> tuple[list[_Trial], ProbeSet, Sequence[Variant], Sequence[Variant]]:
    from gradus.projects import load_probes
    from gradus.roadmap import faults_of, ways_of

    probes, faults, ways = load_probes(exercise.checks_path), faults_of(exercise), ways_of(exercise)
    starter, solution = exercise.starter_files, exercise.solution_files
    trials = [_Trial("solution/", "reference", solution, seed) for seed in range(1, PROJECT_SEEDS + 1)]
    # The judge knows the starter and does not run it; with one more file it is judged by what it does.
    trials += [_Trial("starter/", "starter", starter, 1)]
    trials += [_Trial("starter/", "starter", {**starter, "notes.txt": b"Touched.\n"}, 1)]
    for way in ways:
        trials += [_Trial(f"ways/{way.name}", "way", way.files, seed) for seed in range(1, WAY_SEEDS + 1)]
    for fault in faults:
        file = f"wrong/{fault.name}"
        trials += [_Trial(file, "fault", fault.files, seed, fault.expects) for seed in range(1, FAULT_SEEDS + 1)]
    return trials, probes, faults, ways


def _check(judge: ProjectJudge, exercise: Exercise, trial: _Trial) -> Verdict:
    from gradus.grader.projects import project_submission

    return judge.check(exercise, project_submission(trial.files, exercise), trial.seed)


def _judge(trial: _Trial, verdict: Verdict) -> Iterator[Problem]:
    """What is wrong with the verdict on one trial."""
    named = verdict.diagnosis.id if verdict.diagnosis else ""
    if trial.role in ("reference", "way") and not verdict.passed:
        yield Problem(trial.file, trial.role, f"it does not pass: {_said(verdict)}")
    elif trial.role == "starter" and verdict.outcome not in ("unstarted", "not_yet"):
        yield Problem(trial.file, "starter", f"it must not pass, nor break: {_said(verdict)}")
    elif trial.role == "fault" and (verdict.outcome not in ("not_yet", "over_limit") or named != trial.expects):
        yield Problem(trial.file, "fault", f"expected “{trial.expects}”, got {_said(verdict)}")


def _said(verdict: Verdict) -> str:
    trace = " | ".join(verdict.findings[0].trace[-3:]) if verdict.findings else ""
    return f"{told(verdict)} {trace}".strip()


def project_problems(
    exercise: Exercise, probes: ProbeSet, faults: Sequence[Variant], ways: Sequence[Variant]
) -> Iterator[Problem]:
    """What can be said without running anything."""
    from gradus.projects.libraries import SETS

    yield from common_problems(exercise)
    if exercise.libraries not in SETS:
        yield Problem(
            "exercise.toml", "libraries", f"there is no set “{exercise.libraries}”: {', '.join(sorted(SETS))}"
        )
    yield from unwritten(exercise)
    if "```" not in exercise.task:
        yield Problem("task.md", "example", "a worked example is needed: a command and what comes of it, say")
    entries: tuple[Mistake | Probe, ...] = (*probes.mistakes, *probes.probes)
    for entry in entries:
        if len(entry.headline) > _LONGEST_HEADLINE:
            what = f"the headline (first paragraph) has {len(entry.headline)} characters: one short sentence, please"
            yield Problem("probe.py", entry.name, what)
        for what in tone_problems(prose(entry.message)):
            yield Problem("probe.py", entry.name, what)
    expected = {fault.expects for fault in faults}
    for mistake in probes.mistakes:
        if mistake.name not in expected:
            yield Problem("probe.py", mistake.name, "no planted fault in wrong/ expects it, so nothing proves it")
    if len(faults) < FEWEST_FAULTS:
        yield Problem("wrong/", "", f"{FEWEST_FAULTS} planted faults are needed, found {len(faults)}")
    if not ways:
        yield Problem("ways/", "", "at least one other honest project is needed")
    for way in ways:
        for what in tone_problems(prose(way.about)):
            yield Problem(f"ways/{way.name}", "way.toml", what)


def _whole(exercise: Exercise, problems: list[Problem]) -> ExerciseProof:
    found = tuple(placed(problem, exercise.folder) for problem in problems)
    return ExerciseProof(exercise.id, exercise.unit, exercise.stage, problems=found)
