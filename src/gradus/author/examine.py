"""The parts of one exercise's proof. Each takes loaded checks and gives JSON data, so that any process can run it."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from gradus.author.forked import Ended, allow_cpu, run_forked
from gradus.author.imposters import imposter
from gradus.author.judging import LocalJudge, told
from gradus.author.lint import example_problems, message_problems, text_problems
from gradus.author.mutants import Mutant, mutate
from gradus.author.proofs import ExerciseProof, Problem, Survivor
from gradus.errors import GradusError

if TYPE_CHECKING:
    from gradus.checks.load import CheckSet
    from gradus.grader.verdict import Verdict
    from gradus.roadmap import Exercise

MISTAKE_SEEDS: Final = 20  # on each of these a misconception must be named
TWO_RUNNER_SEEDS: Final = 20  # on these the reference is asked twice, as learners are, so that kept state shows
MARGIN_SEEDS: Final = 5
MUTANT_SEEDS: Final = 10  # a mutant that passes all of these survives
WAY_SEEDS: Final = 20
SANDBOX_SEEDS: Final = 4
MUTATION_SCORE: Final = 0.95  # the share of mutants, equivalent ones apart, that the checks must kill
WHOLE_MUTANT_SEEDS: Final = 5
PATIENCE: Final = 600.0  # seconds of wall-clock time after which a part is given up
REASONS: Final = {"hung": "did not end", "crashed": "the process died", "raised": "the judge failed"}

Part = dict[str, Any]


def _problems(problems: Iterable[Problem]) -> Part:
    return {"problems": [problem.to_json() for problem in problems]}


def texts(checks: CheckSet) -> Part:
    """Everything that is read rather than run, and the examples."""
    exercise = checks.exercise
    problems = [*text_problems(exercise), *message_problems(checks), *example_problems(exercise, checks.reference)]
    return _problems(problems)


def reference(checks: CheckSet, judge: LocalJudge, seeds: Sequence[int]) -> Part:
    """The solution must pass every seed."""

    def run() -> Part:
        source, taken, failed = checks.exercise.solution, [], []
        for seed in seeds:
            started = time.perf_counter()
            verdict = judge(source, seed, two=seed <= TWO_RUNNER_SEEDS)
            taken.append(1000 * (time.perf_counter() - started))
            if not verdict.passed:
                failed.append(told(verdict))
        return {"passed": len(seeds) - len(failed), "milliseconds": taken, "failed": failed[:3]}

    ended = run_forked(run, seconds=PATIENCE)
    if ended.how != "returned":
        return {"seeds": len(seeds), "passed": 0} | _problems([_gave_up("solution.py", "reference", ended)])
    found = [
        Problem("solution.py", "reference", f"the reference does not pass: {what}") for what in ended.value["failed"]
    ]
    return {"seeds": len(seeds), "passed": ended.value["passed"], "milliseconds": ended.value["milliseconds"]} | (
        _problems(found)
    )


def starter(checks: CheckSet, judge: LocalJudge) -> Part:
    """The starter must not pass, and must be seen for what it is."""
    source = checks.exercise.starter
    # The judge knows the starter's text and does not run it; with one more line it is judged by what it does.
    sources = (source, f"{source.rstrip()}\n\n\n_touched = True\n")
    ended = run_forked(lambda: [_outcome(judge(text, 1)) for text in sources], seconds=PATIENCE)
    if ended.how != "returned":
        return {"starter": ended.how} | _problems([_gave_up("starter.py", "starter", ended)])
    for outcome, what in ended.value:
        if outcome not in ("unstarted", "not_yet"):
            problem = Problem("starter.py", "starter", f"it must not pass, nor break: {what}")
            return {"starter": outcome} | _problems([problem])
    return {"starter": ended.value[0][0]}


def _outcome(verdict: Verdict) -> tuple[str, str]:
    return verdict.outcome, told(verdict)


def mistakes(checks: CheckSet, judge: LocalJudge) -> Part:
    """Every misconception, and every wrong submission, must fail and be called by its name on every seed."""
    wrong = wrong_submissions(checks)
    ended = run_forked(lambda: _misnamings(wrong, judge), seconds=PATIENCE)
    if ended.how != "returned":
        return {"mistakes": len(wrong)} | _problems([_gave_up("checks.py", "misconceptions", ended)])
    problems = [Problem(entry.file, entry.name, what) for entry, what in zip(wrong, ended.value, strict=True) if what]
    named = len(wrong) - len(problems)
    return {"mistakes": len(wrong), "named": named, "margin": _margin(judge)} | _problems(problems)


def _misnamings(wrong: Sequence[WrongSubmission], judge: LocalJudge) -> list[str]:
    """What is wrong with the verdicts on each; the exams are drawn once for all of them."""
    judge.prepare(range(1, MISTAKE_SEEDS + 1))
    found = []
    for entry in wrong:
        ended = run_forked(partial(_misnamed, judge, entry), seconds=PATIENCE)
        found.append(str(ended.value) if ended.how == "returned" else f"{REASONS[ended.how]}: {ended.detail}")
    return found


def _margin(judge: LocalJudge) -> float | None:
    """The smallest share of cases, over the misconceptions, on which one differs from the reference."""
    ended = run_forked(lambda: judge.margin(range(1, MARGIN_SEEDS + 1)), seconds=PATIENCE)
    return ended.value if ended.how == "returned" else None


@dataclass(frozen=True)
class WrongSubmission:
    """A wrong idea as a learner would hand it in, and the diagnosis it must get."""

    file: str
    name: str
    expected: str
    source: str


def wrong_submissions(checks: CheckSet) -> list[WrongSubmission]:
    """Every misconception and every file of wrong/, ready to be judged."""
    exercise = checks.exercise
    text = exercise.checks_path.read_text(encoding="utf-8")
    found = []
    for idea in checks.misconceptions:
        source = imposter(exercise.solution, text, idea, idea.of or checks.default_name)
        found.append(WrongSubmission("checks.py", idea.name, idea.name, source))
    for wrong in checks.wrong:
        found.append(WrongSubmission(f"wrong/{wrong.name}.py", wrong.name, wrong.expects, wrong.source))
    return found


def _misnamed(judge: LocalJudge, wrong: WrongSubmission) -> str:
    """What is wrong with the verdicts on a wrong submission; empty when each names it."""
    passed, other = 0, []
    for seed in range(1, MISTAKE_SEEDS + 1):
        # A misconception is a function of its inputs, on which two runners agree. A whole file may keep state.
        first, keeps_state = seed <= 3, wrong.expected == "not_repeatable"
        two = first or keeps_state or (wrong.file != "checks.py" and seed <= MISTAKE_SEEDS // 2)
        verdict = judge(wrong.source, seed, two=two, shrinks=first)
        if verdict.passed:
            passed += 1
        elif verdict.diagnosis is None or verdict.diagnosis.id != wrong.expected:
            other.append(verdict)
    if passed:
        return f"it passes on {passed} of {MISTAKE_SEEDS} seeds: the cases do not tell it from the reference"
    if other:
        what = f"not named on {len(other)} of {MISTAKE_SEEDS} seeds, expected “{wrong.expected}”"
        return f"{what}, got {told(other[0])}"
    return ""


def ways(checks: CheckSet, judge: LocalJudge) -> Part:
    """Every other way must pass."""
    passed, problems = 0, []
    for way in checks.ways:
        file = f"ways/{way.name}.py"
        ended = run_forked(lambda: _first_failure(judge, way.source), seconds=PATIENCE)  # noqa: B023
        if ended.how != "returned":
            problems.append(_gave_up(file, "way", ended))
        elif ended.value:
            problems.append(Problem(file, "way", f"this way does not pass: {ended.value}"))
        else:
            passed += 1
    return {"ways": len(checks.ways), "ways_passed": passed} | _problems(problems)


def _first_failure(judge: LocalJudge, source: str) -> str:
    for seed in range(1, WAY_SEEDS + 1):
        verdict = judge(source, seed, two=seed <= 5)
        if not verdict.passed:
            return told(verdict)
    return ""


def mutants(checks: CheckSet, judge: LocalJudge, first: int, step: int) -> Part:
    """Mutants ``first``, ``first + step``, …: each must fail on one of a few seeds, or be listed as equivalent."""
    chosen = mutate(checks.exercise.solution)[first::step]
    if not chosen:
        return {}
    # The exams are drawn in a child, too: a reference that never ends must not take the worker with it.
    ended = run_forked(lambda: _fates(chosen, checks, judge), seconds=PATIENCE + 10 * len(chosen))
    if ended.how != "returned":
        return _problems([_gave_up("solution.py", "mutants", ended)])
    declared = {entry.mutant for entry in checks.exercise.equivalents}
    survivors, killed, equivalent, problems = [], 0, 0, []
    for mutant, fate in zip(chosen, ended.value, strict=True):
        if fate == "killed":
            killed += 1
            if mutant.id in declared:
                what = f"stale: the mutant “{mutant.id}” is killed, so it is not equivalent; remove the entry"
                problems.append(Problem("exercise.toml", "equivalent", what))
        elif fate == "survived" and mutant.id in declared:
            equivalent += 1
        else:
            survivors.append(Survivor(mutant.id, mutant.line, mutant.before, mutant.after).to_json())
            if fate != "survived":
                problems.append(Problem("", "mutants", f"the judge failed on {mutant.id}, {mutant.diff}: {fate}"))
    return {"survivors": survivors, "killed": killed, "equivalent": equivalent} | _problems(problems)


def _fates(chosen: Sequence[Mutant], checks: CheckSet, judge: LocalJudge) -> list[str]:
    judge.prepare(range(1, MUTANT_SEEDS + 1))
    patience = _patience(checks, judge)
    return [_fate(mutant, patience, judge) for mutant in chosen]


def _patience(checks: CheckSet, judge: LocalJudge) -> float:
    """Seconds of computing that a mutant may use on one seed: many times what the reference needs."""
    judge(checks.exercise.solution, 1)
    started = time.process_time()
    judge(checks.exercise.solution, 2)
    return max(0.5, 10 * (time.process_time() - started))


def _fate(mutant: Mutant, patience: float, judge: LocalJudge) -> str:
    """ "killed", "survived", or how the judge failed. A mutant that hangs or takes its process down is killed."""

    def run() -> str:
        for seed in range(1, MUTANT_SEEDS + 1):
            allow_cpu(patience)
            if judge.notices(mutant.source, seed):
                return "killed"
        # The cases alone kill nearly all. The rest is judged like a learner, who has two runners and behaviors, too.
        for seed in range(1, WHOLE_MUTANT_SEEDS + 1):
            allow_cpu(patience)
            verdict = judge(mutant.source, seed, shrinks=False)
            if verdict.outcome == "grader_error":
                return told(verdict)
            if not verdict.passed:
                return "killed"
        return "survived"

    ended = run_forked(run, seconds=MUTANT_SEEDS * max(10.0, 10 * patience))
    if ended.how == "returned":
        return str(ended.value)
    return ended.detail if ended.how == "raised" else "killed"


def unknown_equivalents(exercise: Exercise) -> list[Problem]:
    """Entries of exercise.toml for mutants that do not exist."""
    known = {mutant.id for mutant in mutate(exercise.solution)}
    what = "stale: the solution has no mutant “{}”; remove the entry, or run the proof to see today's names"
    found = [
        Problem("exercise.toml", "equivalent", what.format(entry.mutant))
        for entry in exercise.equivalents
        if entry.mutant not in known
    ]
    found += [
        Problem("exercise.toml", "equivalent", f"“{entry.mutant}” needs a reason")
        for entry in exercise.equivalents
        if len(entry.reason.split()) < 3
    ]
    return found


def sandbox(checks: CheckSet, check: Callable[[str, int], Verdict]) -> Part:
    """The same through the real grader: ``check(source, seed)`` judges with all layers and both runners."""
    problems = []
    for seed in range(1, SANDBOX_SEEDS + 1):
        verdict = check(checks.exercise.solution, seed)
        if not verdict.passed:
            problems.append(Problem("solution.py", "sandbox", f"the reference does not pass: {told(verdict)}"))
            break
    verdict = check(checks.exercise.starter, 1)
    if verdict.outcome not in ("unstarted", "not_yet"):
        problems.append(Problem("starter.py", "sandbox", f"it must not pass, nor break: {told(verdict)}"))
    for way in checks.ways:
        verdict = check(way.source, 1)
        if not verdict.passed:
            problems.append(Problem(f"ways/{way.name}.py", "sandbox", f"this way does not pass: {told(verdict)}"))
    for wrong in wrong_submissions(checks):
        verdict = check(wrong.source, 1)
        if verdict.passed or verdict.diagnosis is None or verdict.diagnosis.id != wrong.expected:
            what = f"in the sandbox: expected “{wrong.expected}”, got {told(verdict)}"
            problems.append(Problem(wrong.file, wrong.name, what))
    return _problems(problems)


def _gave_up(file: str, field: str, ended: Ended) -> Problem:
    return Problem(file, field, f"{REASONS[ended.how]}: {ended.detail}")


def merged(exercise: Exercise, parts: Sequence[Part], seconds: float) -> ExerciseProof:
    """One proof of all the parts."""

    def total(key: str) -> int:
        return sum(int(part.get(key, 0)) for part in parts)

    times = [value for part in parts for value in part.get("milliseconds", ())]
    survivors = [Survivor(**survivor) for part in parts for survivor in part.get("survivors", ())]
    problems = [Problem(**problem) for part in parts for problem in part.get("problems", ())]
    judged = total("killed") + len(survivors)
    if judged and total("killed") < MUTATION_SCORE * judged:
        for survivor in survivors:
            what = f"the checks let a mutant pass, {survivor.id}, {survivor.diff}"
            problems.append(Problem("solution.py", "mutants", what))
    margins = [part["margin"] for part in parts if part.get("margin") is not None]
    proof = ExerciseProof(
        exercise=exercise.id,
        unit=exercise.unit,
        stage=exercise.stage,
        seeds=total("seeds"),
        seeds_passed=total("passed"),
        starter=next((part["starter"] for part in parts if "starter" in part), ""),
        mistakes=total("mistakes"),
        mistakes_named=total("named"),
        ways=total("ways"),
        ways_passed=total("ways_passed"),
        mutants=total("killed") + total("equivalent") + len(survivors),
        killed=total("killed"),
        equivalent=total("equivalent"),
        survivors=tuple(sorted(survivors, key=lambda s: (s.line, s.id))),
        problems=tuple(dict.fromkeys(problems)),
        reference_ms=statistics.median(times) if times else 0.0,
        margin=min(margins) if margins else None,
        seconds=seconds,
    )
    return replace(proof, problems=tuple(placed(problem, exercise.folder) for problem in proof.problems))


def placed(problem: Problem, folder: Path) -> Problem:
    """The problem with its file as an author opens it: with the exercise's folder."""
    return replace(problem, file=f"{folder.name}/{problem.file}" if problem.file else folder.name)


def content_error(error: GradusError, folder: Path) -> Problem:
    """A refusal of the loader, as a problem of the exercise."""
    file, _, line = error.where.partition(":")
    inside = Path(file).relative_to(folder).as_posix() if file and Path(file).is_relative_to(folder) else ""
    return Problem("" if inside == "." else inside, f"line {line}" if line else "", error.what)
