"""What the commands ask of one workspace, answered as plain JSON data.

The same object answers inside the background host and, where no host runs, inside the command's own process, so a
command's renderer never cares which. Nothing here decides anything: the learner's room does.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gradus.cli import focus as focusing
from gradus.errors import UsageError, WorkspaceError

if TYPE_CHECKING:
    from gradus.grader import Grader, Submission
    from gradus.learner import Learner
    from gradus.roadmap import Exercise, Roadmap

Json = dict[str, Any]
Progress = Callable[[Any], None]

#: Questions that show their progress.
SLOW = ("milestone", "check")


class Service:
    """Answers for the workspace at ``root``, or for none. ``grader`` lends one when a check needs it.

    May be asked from several threads: each answer has a learner of its own, so a long check keeps nobody waiting.
    """

    def __init__(self, root: Path | None, grader: Callable[[], Grader]) -> None:
        self.root = root
        self._grader = grader
        self._guard = threading.Lock()
        self._idle: list[Learner] = []

    def answer(self, what: str, args: Mapping[str, Any], show: Progress | None = None) -> Json:
        """Answer one question; ``show`` gets the steps of one that takes long.

        Raises GradusError in words; every other exception is a fault of ours.
        """
        method = getattr(self, f"do_{what}", None)
        if method is None:
            raise UsageError(f"The background process does not know “{what}”.", next_step="Run the command again.")
        more = {"show": show} if what in SLOW else {}
        answer: Json = method(**args, **more)
        return answer

    def close(self) -> None:
        """Close the records that are open."""
        with self._guard:
            idle, self._idle = self._idle, []
        for learner in idle:
            learner.close()

    # ------------------------------------------------------------------------------------------------ plumbing

    @property
    def roadmap(self) -> Roadmap:
        """The road, loaded once."""
        from gradus.roadmap import load_roadmap

        return load_roadmap()

    @contextmanager
    def _learner(self) -> Iterator[Learner]:
        """A learner that nobody else uses now. Raises WorkspaceError outside a workspace."""
        with self._guard:
            learner = self._idle.pop() if self._idle else None
        if learner is None or learner.roadmap is not self.roadmap:
            learner = self._open()
        try:
            yield learner
        finally:
            with self._guard:
                self._idle.append(learner)

    def _open(self) -> Learner:
        from gradus.learner import Learner, Workspace

        if self.root is None:
            raise _no_workspace("or go into the one you have.")
        return Learner.open(Workspace.find(self.root), self.roadmap)

    # ------------------------------------------------------------------------------------------------ where we are

    def do_roadmap(self) -> Json:
        """Every stage, unit and exercise, with counts."""
        from gradus.cli.road import road_json

        return road_json(self.roadmap)

    def do_next(self) -> Json:
        """The next step, with the exercise it leads to, the bars of its stage and unit, and how much is due."""
        with self._learner() as learner:
            return focusing.next_json(learner)

    def do_focus(self, exercise: str | None = None, path: str | None = None, after: str | None = None) -> Json:
        """One exercise: the named one, the one a path stands for, the one after another, or the current one."""
        with self._learner() as learner:
            return focusing.focus_json(learner, *focusing.find(learner, exercise, path, after))

    def do_progress(self) -> Json:
        """The map and the can-do statements."""
        with self._learner() as learner:
            return {"progress": learner.progress().to_json(), "mastery": learner.mastery().to_json()}

    # ------------------------------------------------------------------------------------------------ working

    def do_check(
        self,
        exercise: str | None = None,
        path: str | None = None,
        file: str | None = None,
        seed: int | None = None,
        supersede: bool = False,
        show: Progress | None = None,
    ) -> Json:
        """Check and record; without a workspace, a named file is checked and not recorded."""
        progress = (lambda step: show(step.to_json())) if show else None
        if self.root is None:
            return self._check_outside(exercise, path, file, seed, progress)
        with self._learner() as learner:
            chosen, own = focusing.find(learner, exercise, path)
            if chosen is None:
                raise UsageError("There is nothing to check just now.", next_step="`gradus next` says what to do.")
            where = Path(file) if file else own
            if supersede or chosen.is_project:  # whoever asked for a project's check and left does not keep us waiting
                self._grader().supersede(chosen.id)
            grader = self._grader()
            verdict = learner.check(chosen.id, where, seed, grader=grader, progress=progress).to_json()
            return focusing.checked_json(learner, chosen, where, verdict)

    def _check_outside(
        self, exercise: str | None, path: str | None, file: str | None, seed: int | None, progress: Progress | None
    ) -> Json:
        where = Path(file or path or "")
        name = exercise or (where.stem if path else None)
        if name is None or not (file or path):
            raise _no_workspace("or name an exercise and a file: gradus check NAME --file FILE")
        chosen = self.roadmap.exercise(name)
        submission = _submission(chosen, where)
        verdict = self._grader().check(chosen, submission, seed, progress).to_json()
        screen = focusing.screen_outside(chosen, where, submission.source, verdict)
        return {"verdict": verdict, "screen": screen, "focus": {}}

    def do_hint(self, exercise: str | None = None, path: str | None = None) -> Json:
        """The next hint."""
        with self._learner() as learner:
            return learner.hint(self._named(learner, exercise, path).id).to_json()

    def do_solution(self, exercise: str | None = None, path: str | None = None) -> Json:
        """The reference."""
        with self._learner() as learner:
            return learner.solution(self._named(learner, exercise, path).id).to_json()

    def do_ways(self, exercise: str | None = None, path: str | None = None, last: bool = False) -> Json:
        """Other good ways; ``last`` means the exercise that was checked last."""
        with self._learner() as learner:
            name = learner.history().current if last and not exercise and not path else exercise
            chosen = self._named(learner, name, path)
            return learner.ways(chosen.id, self._grader()).to_json()

    def do_reset(self, exercise: str) -> Json:
        """The starter again."""
        with self._learner() as learner:
            return learner.reset(exercise).to_json()

    def do_lesson(self, unit: str | None = None) -> Json:
        """A unit's lesson; that it was opened is remembered."""
        with self._learner() as learner:
            return focusing.lesson_json(learner, unit)

    def _named(self, learner: Learner, exercise: str | None, path: str | None) -> Exercise:
        chosen, _ = focusing.find(learner, exercise, path)
        if chosen is None:
            raise UsageError("No exercise is current just now.", next_step="Name one; `gradus roadmap` lists them.")
        return chosen

    # ------------------------------------------------------------------------------------------------ the road

    def do_plan(self, start: str | None = None, **changes: Any) -> Json:
        """The dated plan, made anew from what changed."""
        with self._learner() as learner:
            day = date.fromisoformat(start) if start else None
            return learner.plan(start=day, **changes).to_json()

    def do_calendar(self) -> Json:
        """The plan as an iCalendar text."""
        with self._learner() as learner:
            return {"ics": learner.calendar().decode("utf-8")}

    def do_place(self, stage: int) -> Json:
        """A stage's entry test."""
        with self._learner() as learner:
            return learner.place(stage).to_json()

    def do_review_queue(self) -> Json:
        """What is due and what comes later."""
        with self._learner() as learner:
            return learner.review_queue().to_json()

    def do_ask_card(self, card: str, seed: int | None = None) -> Json:
        """A card as a question."""
        with self._learner() as learner:
            return learner.ask_card(card, seed).to_json()

    def do_answer_card(self, card: str, choice: int, seed: int) -> Json:
        """An answer, recorded."""
        with self._learner() as learner:
            return learner.answer_card(card, choice, seed).to_json()

    def do_resolve(self, exercise: str) -> Json:
        """A fresh file to solve an exercise again."""
        with self._learner() as learner:
            return learner.start_review(exercise).to_json()

    def do_milestone(
        self, stage: int, file: str | None = None, data: str | None = None, seed: int | None = None,
        show: Progress | None = None,
    ) -> Json:  # fmt: skip
        """Prove a stage's milestone on the learner's own work, and record what came of it."""
        from gradus.milestones import lay_out_milestone, prove

        with self._learner() as learner:
            if file is None:
                path, is_new = lay_out_milestone(learner.workspace, self.roadmap.stage(stage))
                if is_new:
                    return _laid_out(stage, self.roadmap.stage(stage).milestone.title, path)
            report = prove(
                stage, learner.workspace, grader=self._grader(), file=file, data=data, seed=seed,
                progress=(lambda probe: show(probe.to_json())) if show else None, roadmap=self.roadmap,
            ).to_json()  # fmt: skip
            evidence = {key: report[key] for key in ("outcome", "evidence", "files", "seed")}
            learner.record_milestone(stage, proved=report["outcome"] == "verified", evidence=evidence)
            return report

    def do_export(self) -> Json:
        """The whole record."""
        with self._learner() as learner:
            return learner.export()

    def do_import(self, content: str) -> Json:
        """An export, read back."""
        with self._learner() as learner:
            return learner.import_(content).to_json()


def _laid_out(stage: int, title: str, path: Path) -> Json:
    """The report of a milestone that nobody has begun: its task and starter were just laid out."""
    task = path.with_suffix(".md").read_text(encoding="utf-8", errors="replace")
    about = {"stage": stage, "title": title, "outcome": "unverified", "probes": [], "evidence": None}
    return {**about, "laid_out": str(path), "task": task}


def _no_workspace(otherwise: str) -> WorkspaceError:
    step = f"Make one with `gradus init FOLDER`, {otherwise}"
    return WorkspaceError("This folder is not in a Gradus workspace.", str(Path.cwd()), step)


def _submission(exercise: Exercise, path: Path) -> Submission:
    """A file, or a project's folder, that lies in no workspace."""
    from gradus.grader.replies import Submission
    from gradus.learner.snapshot import read_source

    if exercise.is_project:
        from gradus.grader.projects import project_submission
        from gradus.learner.project_files import read_project

        return project_submission(read_project(path.absolute(), None), exercise)
    return Submission(read_source(path.absolute(), None), path.name, {})
