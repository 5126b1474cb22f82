"""One learner: what every front door asks for. Each answer is a record; each thing done is an event."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gradus.errors import StoreError, UsageError
from gradus.learner import events as kinds
from gradus.learner.events import Event
from gradus.learner.history import History, Log
from gradus.learner.records import (
    Answer,
    Hint,
    Imported,
    LaidOut,
    Mastery,
    Placement,
    Plan,
    Progress,
    Question,
    ReviewQueue,
    Solution,
    Step,
    Way,
    Ways,
)
from gradus.learner.store import NotSavedError, Store

if TYPE_CHECKING:
    from gradus.grader import Grader, Verdict
    from gradus.learner.workspace import Workspace
    from gradus.roadmap import Exercise, Roadmap, Unit


def _now() -> datetime:
    return datetime.now(UTC)


class Learner:
    """A workspace, its record, and the road. Use it from one thread at a time; processes may share the record.

    ``clock`` and ``zone`` (None: the system's) say what time it is and which day; everything shown follows from them
    and from the events.
    """

    def __init__(
        self,
        workspace: Workspace,
        roadmap: Roadmap,
        store: Store,
        *,
        clock: Callable[[], datetime] = _now,
        zone: tzinfo | None = None,
    ) -> None:
        self.workspace = workspace
        self.roadmap = roadmap
        self.store = store
        self._clock = clock
        self.zone = zone
        self._events: list[Event] = []
        self._row = 0
        self._told: History | None = None
        self._opened = store.generation

    @classmethod
    def open(cls, workspace: Workspace, roadmap: Roadmap | None = None, **options: Any) -> Learner:
        """Open (or begin) the record of a workspace. Raises StoreError in words."""
        if roadmap is None:
            from gradus.roadmap import load_roadmap

            roadmap = load_roadmap()
        return cls(workspace, roadmap, Store(workspace.store_path), **options)

    def __enter__(self) -> Learner:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the record."""
        self.store.close()

    @property
    def notices(self) -> tuple[str, ...]:
        """Sentences about the record that the learner should see, each once."""
        seen = tuple(self.store.notices)
        self.store.notices.clear()
        return seen

    # -------------------------------------------------------------------------------------------- check and help

    def check(
        self,
        exercise_id: str,
        file: Path | str | None = None,
        seed: int | None = None,
        *,
        grader: Grader,
        progress: Callable[[Any], None] | None = None,
    ) -> Verdict:
        """Judge the learner's file, or a project's folder, and record the attempt before returning.

        ``file`` defaults to the exercise's own; one in ``review/`` or ``placement/`` counts as that. A grader error is
        not recorded. ``progress`` is told what a project's check is about to try.

        Raises UsageError, WorkspaceError, and NotSavedError (with the verdict) when recording failed.
        """
        exercise = self.roadmap.exercise(exercise_id)
        path = Path(file).absolute() if file is not None else self.workspace.file_for(exercise)
        submission = self.workspace.snapshot(exercise, path)
        verdict = grader.check(exercise, submission, seed, **({"progress": progress} if exercise.is_project else {}))
        self.record(exercise, verdict, submission.source, self.workspace.context_of(path))
        return verdict

    def check_source(
        self, exercise_id: str, source: str | bytes, seed: int | None = None, *, grader: Grader
    ) -> Verdict:
        """Judge source text that lies in no file (a notebook's cell) and record the attempt."""
        from gradus.grader.replies import Submission

        exercise = self.roadmap.exercise(exercise_id)
        if exercise.is_project:
            step = f"Work in its folder, and check it with: gradus check {exercise.id}"
            raise UsageError("This exercise is a project: a folder of files, not one text.", exercise.id, step)
        body = source.encode("utf-8", "surrogatepass") if isinstance(source, str) else source
        verdict = grader.check(exercise, Submission(body, f"{exercise.id}.py", {}), seed)
        self.record(exercise, verdict, body, kinds.WORK)
        return verdict

    def record(self, exercise: Exercise, verdict: Verdict, source: bytes, context: str = kinds.WORK) -> Event | None:
        """Append an attempt that was judged; None for a grader error, which is never held against the learner."""
        if verdict.outcome == "grader_error":
            return None
        from gradus import __version__

        data = {
            "outcome": verdict.outcome,
            "context": context,
            "seed": str(verdict.seed),  # as text: it may be larger than JSON's readers can hold
            "headline": verdict.headline,
            "diagnosis": verdict.diagnosis.id if verdict.diagnosis else None,
            "exercise_digest": exercise.digest,
            "version": __version__,
            "milliseconds": round(float(verdict.milliseconds.get("total", 0.0)), 2),
        }
        kept = {**verdict.to_json(), "figures": []}  # pictures are large, and drawn again by running the source again
        try:
            return self._append(kinds.ATTEMPT, exercise.id, data, source=source, verdict=kept)
        except StoreError as error:
            raise NotSavedError(verdict, error) from error

    def hint(self, exercise_id: str) -> Hint:
        """The next hint: 1 nudge, 2 idea, 3 almost there. Recorded; asking again after the third repeats it."""
        exercise = self.roadmap.exercise(exercise_id)
        log = self.history().log(exercise.id)
        level = min(log.hints_now + 1, len(exercise.hints))
        if log.hints_now < len(exercise.hints):
            self._append(kinds.HINT, exercise.id, {"level": level})
        return Hint(exercise.id, level, exercise.hints[level - 1], len(exercise.hints) - level)

    def solution(self, exercise_id: str) -> Solution:
        """The reference, after a pass or after all three hints. Before a pass it marks the exercise as aided.

        Raises UsageError when it is too early.
        """
        exercise = self.roadmap.exercise(exercise_id)
        log = self.history().log(exercise.id)
        if not self._may_see(log, exercise):
            raise UsageError(
                "The solution is shown after you pass, or after all three hints.",
                exercise.id,
                f"You have taken {log.hints_now}; `gradus hint {exercise.id}` gives the next.",
            )
        self._append(kinds.SOLUTION, exercise.id, {})
        return Solution(exercise.id, exercise.solution, not log.finished)

    def ways(self, exercise_id: str, grader: Grader | None = None) -> Ways:
        """The reference and other good ways, after a pass; timed beside the learner's own when a grader is given.

        Raises UsageError before a pass.
        """
        from gradus.checks import load_checks
        from gradus.learner.project_files import project_ways
        from gradus.learner.timing import time_ways

        exercise = self.roadmap.exercise(exercise_id)
        log = self.history().log(exercise.id)
        if not log.finished:
            raise UsageError(
                "Other ways are shown after you pass, so that yours is your own.",
                exercise.id,
                f"`gradus hint {exercise.id}` helps on.",
            )
        self._append(kinds.WAYS, exercise.id, {})
        if exercise.is_project:
            return project_ways(exercise)
        checks = load_checks(exercise)
        shown = [("reference", "The reference.", exercise.solution)]
        shown += [(way.name, way.praise, way.source) for way in checks.ways]
        yours, times, inputs = time_ways(
            grader, exercise, checks, self._passing_source(exercise), [source for _, _, source in shown]
        )
        ways = (Way(*row, time) for row, time in zip(shown, times, strict=True))
        return Ways(exercise.id, yours, tuple(ways), inputs)

    def _passing_source(self, exercise: Exercise) -> bytes | None:
        """The text of the learner's latest pass."""
        for _, event in reversed(self.history().times):
            if event.kind == kinds.ATTEMPT and event.subject == exercise.id and event.data.get("outcome") == "passed":
                return self.store.source(event.source) if event.source else None
        return None

    @staticmethod
    def _may_see(log: Log, exercise: Exercise) -> bool:
        return log.finished or log.hints_now >= len(exercise.hints)

    # -------------------------------------------------------------------------------------------- views

    def history(self) -> History:
        """Everything that happened, as it stands now."""
        new, row = self.store.events(self._row)
        if self._opened != self.store.generation:  # the file was restored: start over
            self._events, self._told, self._opened = [], None, self.store.generation
            new, row = self.store.events()
        self._events += new
        self._row = row
        now = self._clock()
        if self._told is None or not self._told.go_on(new, now):
            self._told = History.of(self._events, now)
        return self._told

    def next(self) -> Step:
        """The one obvious next step."""
        from gradus.learner.guidance import next_step
        from gradus.learner.review import build_queue

        history = self.history()
        return next_step(history, self.roadmap, self.workspace, build_queue(history, self.roadmap), self.zone)

    def progress(self) -> Progress:
        """Status, attempts, hints and minutes of every stage, unit and exercise, and the days practiced."""
        from gradus.learner.mastery import build_mastery, mastered_outcomes
        from gradus.learner.progress import build_progress

        history = self.history()
        mastered = mastered_outcomes(build_mastery(history, self.roadmap))
        return build_progress(history, self.roadmap, self.workspace, mastered, self.zone)

    def mastery(self) -> Mastery:
        """Every can-do statement, with what shows it or what is missing."""
        from gradus.learner.mastery import build_mastery

        return build_mastery(self.history(), self.roadmap)

    # -------------------------------------------------------------------------------------------- review

    def review_queue(self) -> ReviewQueue:
        """What is due, and what comes later."""
        from gradus.learner.review import build_queue

        return build_queue(self.history(), self.roadmap)

    def ask_card(self, card_id: str, seed: int | None = None) -> Question:
        """A card (``unit/card``) to answer. Raises UsageError for an unknown one."""
        from gradus.learner.cards import MOST_SEED, draw

        return draw(self.roadmap, card_id, secrets.randbelow(MOST_SEED) if seed is None else seed)[0]

    def answer_card(self, card_id: str, choice: int, seed: int) -> Answer:
        """Record the answer to a card as it was asked with ``seed``; ``choice`` counts from 0 in the order asked."""
        from gradus.learner.cards import draw
        from gradus.learner.review import build_queue

        question, card, order = draw(self.roadmap, card_id, seed)
        if not 0 <= choice < len(order):
            raise UsageError(f"There is no choice {choice + 1}.", question.id, f"Choose 1 to {len(order)}.")
        right = order.index(card.answer)
        data = {"seed": seed, "choice": order[choice], "correct": choice == right, "outcome": card.outcome}
        self._append(kinds.CARD, question.id, data)
        whys = tuple(card.choices[place].why for place in order)
        queue = build_queue(self.history(), self.roadmap)
        due = next((i.due for i in (*queue.due, *queue.later) if i.id == question.id), self._clock())
        return Answer(question.id, choice == right, choice, right, whys, due)

    def start_review(self, exercise_id: str) -> LaidOut:
        """Lay out a fresh starter in ``review/`` to solve an exercise again; unfinished old work there is kept."""
        exercise = self.roadmap.exercise(exercise_id)
        if not self.history().log(exercise.id).passed:
            raise UsageError(
                "Only what was solved once comes back for review.", exercise.id, f"Solve it: gradus check {exercise.id}"
            )
        return self._lay(exercise, kinds.REVIEWING, kinds.REVIEW)

    # -------------------------------------------------------------------------------------------- placement, milestones

    def place(self, stage: int) -> Placement:
        """Lay out the stage's entry test in ``placement/``, or show how it stands. Files that are there stay."""
        from gradus.learner.layout import writing
        from gradus.learner.placement import build_placement, placement_exercises
        from gradus.learner.project_files import lay_new

        chosen = self.roadmap.stage(stage)
        tasks = placement_exercises(chosen)
        if not tasks:
            raise UsageError(f"Stage {stage} has no entry test yet.", next_step="Its units are still being written.")
        with writing(self.workspace.root):
            for exercise in tasks:
                lay_new(exercise, self.roadmap.unit(exercise.unit), self.workspace.file_for(exercise, kinds.PLACING))
        if str(stage) not in self.history().placements:
            self._append(kinds.PLACEMENT, str(stage), {"exercises": [exercise.id for exercise in tasks]})
        return build_placement(self.history(), self.roadmap, chosen, self.workspace)

    def record_milestone(self, stage: int, *, proved: bool, evidence: Mapping[str, Any] | None = None) -> Event:
        """Record that a milestone was examined. Proved, it skips what is left of its stage."""
        chosen = self.roadmap.stage(stage)
        return self._append(kinds.MILESTONE, str(chosen.number), {"proved": proved, "evidence": dict(evidence or {})})

    # -------------------------------------------------------------------------------------------- plan

    def plan(
        self,
        background: str | None = None,
        hours_per_week: float | None = None,
        track: str | None = None,
        start: date | None = None,
    ) -> Plan:
        """The dated plan; what is given replaces what was set before, and is recorded.

        Raises UsageError for values that mean nothing, and when nothing was ever set and no background is given.
        """
        from gradus.learner.plan import ORDINARY_HOURS, build_plan, plan_settings
        from gradus.learner.progress import local_day

        history = self.history()
        old = history.plan
        if (background, hours_per_week, track, start) != (None, None, None, None) or old is None:
            if background is None and old is None:
                raise UsageError(
                    "There is no plan yet.", next_step="Say where you start from: gradus plan --background developer"
                )
            settings = plan_settings(
                background or (old.background if old else ""),
                hours_per_week if hours_per_week is not None else (old.hours_per_week if old else ORDINARY_HOURS),
                track or (old.track if old else self.roadmap.tracks[0].id),
                start or (old.start if old else local_day(history.now, self.zone)),
                self.roadmap,
            )
            if settings != old:
                self._append(kinds.PLAN, "", settings.to_json())
            old = settings
        return build_plan(old, self.roadmap, history, self.zone)

    def calendar(self) -> bytes:
        """The plan as an iCalendar file."""
        from gradus.learner.calendar import to_ics

        return to_ics(self.plan(), self.store.learner, self._clock())

    # -------------------------------------------------------------------------------------------- files, exchange

    def open_lesson(self, unit_id: str, seconds: float | None = None) -> Unit:
        """Record that a unit's lesson was opened (and read for so many seconds, where a door knows)."""
        unit = self.roadmap.unit(unit_id)
        self._append(kinds.LESSON, unit.id, {"seconds": seconds})
        return unit

    def reset(self, exercise_id: str) -> LaidOut:
        """Put the starter back in the exercise's file; the old work is kept in the record."""
        return self._lay(self.roadmap.exercise(exercise_id), kinds.WORK, kinds.RESET)

    def old_work(self, event_id: str) -> bytes | None:
        """The text that an event (an attempt, a reset) kept."""
        self.history()
        for event in self._events:
            if event.id == event_id and event.source:
                return self.store.source(event.source)
        return None

    def _lay(self, exercise: Exercise, context: str, kind: str) -> LaidOut:
        """Keep what is in the file, then write a fresh starter over it."""
        from gradus.learner.layout import writing
        from gradus.learner.project_files import lay_again, starting_files

        files = starting_files(exercise, self.roadmap.unit(exercise.unit))
        old = self.workspace.edited(exercise, context, next(iter(files.values())))
        event = self._append(kind, exercise.id, {}, source=old)
        path = self.workspace.file_for(exercise, context)
        with writing(self.workspace.root):
            lay_again(files, path, self.workspace.private / "kept")
        return LaidOut(exercise.id, exercise.title, path, event.id if old is not None else None)

    def export(self) -> dict[str, Any]:
        """The whole record as JSON data."""
        from gradus.learner.exchange import export

        return export(self.store, self._clock())

    def import_(self, content: str | bytes | Mapping[str, Any]) -> Imported:
        """Add the events of an export that are not here yet. Raises UsageError with the place of what is malformed."""
        from gradus.learner.exchange import import_events

        return import_events(self.store, content)

    def _append(
        self,
        kind: str,
        subject: str,
        data: Mapping[str, Any],
        source: bytes | None = None,
        verdict: Mapping[str, Any] | None = None,
    ) -> Event:
        return self.store.append(kind, subject, data, at=self._clock(), source=source, verdict=verdict)
