"""The first half of the road: a folder, a plan, an exercise that fails and passes, a unit, milestone 1."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

from gradus.tour.story import Done, Say, Tour

if TYPE_CHECKING:
    from gradus.grader import Verdict
    from gradus.roadmap import Exercise, Unit

#: The exercise whose planted mistake opens the tour: a list that all calls share.
FIRST, MISTAKE = "group", "mutable_default"


def init(tour: Tour, say: Say) -> Done:
    """Lay out the learner's folder."""
    from gradus.learner import Learner, Workspace

    tour.workspace = Workspace.create(tour.folder / "workspace", tour.roadmap)
    tour.learner = Learner.open(tour.workspace, tour.roadmap)
    units = [unit for stage in tour.roadmap.stages for unit in stage.units]
    exercises = sum(len(unit.exercises) for unit in units)
    return Done(
        f"{len(tour.roadmap.stages)} stages, {len(units)} units, {exercises} exercises, as plain files in workspace/",
        measured={"stages": len(tour.roadmap.stages), "units": len(units), "exercises": exercises},
    )


def plan(tour: Tour, say: Say) -> Done:
    """Ask for dates."""
    made = tour.who.plan(background="developer", track="ml-engineer", hours_per_week=10.0)
    first = tour.who.next()
    return Done(
        f"ten hours a week: the end of the road is on {made.finish:%B} {made.finish.day}, {made.finish.year}",
        lines=(f"next: {first.title}",),
        measured={"finish": made.finish.isoformat(), "months": round(made.months, 1)},
    )


def first_try(tour: Tour, say: Say) -> Done:
    """Hand in a classic mistake, and see whether it is named."""
    exercise = tour.roadmap.exercise(FIRST)
    wrong = next(path for path in exercise.wrong if path.stem == MISTAKE)
    tour.work.file_for(exercise).write_bytes(_code_of(wrong))
    say(f"gradus check {exercise.id}")
    verdict = tour.who.check(exercise.id, grader=tour.grader)
    named = verdict.diagnosis.id if verdict.diagnosis else ""
    caught = verdict.outcome == "not_yet" and bool(named)
    return Done(
        f"{exercise.title}: “{verdict.headline}”" + (f" The mistake is named: {named}." if caught else ""),
        "caught" if caught else "failed",
        measured={"exercise": exercise.id, "outcome": verdict.outcome, "diagnosis": named},
    )


def _code_of(path: Path) -> bytes:
    """The planted file without the docstring that says what is wrong with it."""
    import ast

    source = path.read_text(encoding="utf-8")
    node = ast.parse(source).body[0]
    lines = source.splitlines(keepends=True)
    return "".join(lines[(node.end_lineno or 0) :]).lstrip("\n").encode()


def second_try(tour: Tour, say: Say) -> Done:
    """Mend it."""
    exercise = tour.roadmap.exercise(FIRST)
    verdict = _solve(tour, exercise, say)
    return _passed(f"{exercise.title}: passed, {verdict.cases} cases drawn just now", [verdict])


def unit(tour: Tour, say: Say) -> Done:
    """Solve the rest of the unit."""
    whole: Unit = tour.roadmap.unit(tour.roadmap.exercise(FIRST).unit)
    tour.who.open_lesson(whole.id)
    rest = [exercise for exercise in whole.exercises if exercise.id != FIRST]
    verdicts = [_solve(tour, exercise, say) for exercise in rest]
    progress = tour.who.progress()
    return _passed(
        f"{whole.number} {whole.title}: {len(whole.exercises)} of {len(whole.exercises)} exercises passed, "
        f"{sum(verdict.cases for verdict in verdicts)} more cases",
        verdicts,
        passed=progress.passed,
    )


def _solve(tour: Tour, exercise: Exercise, say: Say) -> Verdict:
    say(f"gradus check {exercise.id}")
    tour.work.file_for(exercise).write_bytes(exercise.solution_path.read_bytes())
    return tour.who.check(exercise.id, grader=tour.grader)


def _passed(summary: str, verdicts: list[Verdict], **measured: object) -> Done:
    failed = [verdict for verdict in verdicts if not verdict.passed]
    if failed:
        return Done(f"{failed[0].exercise}: {failed[0].headline}", "failed", measured=measured)
    return Done(summary, measured={"cases": sum(verdict.cases for verdict in verdicts), **measured})


def milestone_1(tour: Tour, say: Say) -> Done:
    """Bring a table of one's own and have it examined."""
    from gradus.milestones import lay_out_milestone, prove

    rows = write_survey(tour.data)
    stage = tour.roadmap.stage(1)
    path, _ = lay_out_milestone(tour.work, stage)
    source = (stage.folder / "milestone" / "solution.py").read_text(encoding="utf-8")
    path.write_text(source.replace('DATA = "my-data.csv"', 'DATA = "../affairs.csv"'), encoding="utf-8")
    report = prove(
        1, tour.work, grader=tour.grader, seed=tour.seed, roadmap=tour.roadmap,
        progress=lambda probe: say(probe.title),
    )  # fmt: skip
    tour.who.record_milestone(1, proved=report.outcome == "verified", evidence=report.to_json())
    return Done(
        f"{report.outcome}: {len(report.probes)} probes on a survey of {rows:,} rows",
        "done" if report.outcome == "verified" else "failed",
        measured={"outcome": report.outcome, "probes": len(report.probes), "rows": rows},
    )


def write_survey(path: Path) -> int:
    """Write the survey that comes with statsmodels as the reference project does; returns how many rows it has."""
    import statsmodels.api as sm

    names = {1: "student", 2: "worker", 3: "white-collar", 4: "skilled", 5: "managerial", 6: "professional"}
    table = sm.datasets.fair.load_pandas().data
    for column in ("occupation", "occupation_husb"):
        table[column] = table[column].astype(int).map(names)
    table["affair"] = (table.pop("affairs") > 0).astype(int)
    table.to_csv(path, index=False, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
    return len(table)
