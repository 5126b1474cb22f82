"""Prove exercises: their references pass, their starters do not, every known mistake is named, mutants die."""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gradus.author import examine
from gradus.author.cache import ProofCache, cache_folder
from gradus.author.find import Found
from gradus.author.judging import LocalJudge
from gradus.author.projects import PROJECT_SEEDS, prove_project, trials_of
from gradus.author.proofs import ExerciseProof, Problem, Proof
from gradus.author.workers import Workers
from gradus.errors import GradusError
from gradus.roadmap import Exercise, load_exercise

if TYPE_CHECKING:
    from gradus.checks.load import CheckSet
    from gradus.grader import Grader
    from gradus.grader.verdict import Verdict

_SEEDS_A_PART: Final = 50
_MUTANT_PARTS: Final = 4


@dataclass(frozen=True)
class Progress:
    """How far a proof is: parts done of all, the exercise of the last one, and its proof once that is whole."""

    done: int
    total: int
    exercise: str
    finished: ExerciseProof | None = None


@dataclass(frozen=True)
class _Task:
    """One part of one exercise's proof, small enough to travel to a worker."""

    folder: Path
    unit: str
    stage: int
    part: str
    numbers: tuple[int, ...] = ()


def prove(
    exercises: Sequence[Exercise | Found],
    seeds: int = 200,
    jobs: int | None = None,
    cache: ProofCache | None = None,
    progress: Callable[[Progress], None] | None = None,
    *,
    fresh: bool = False,
    sandboxed: bool = True,
) -> Proof:
    """Prove exercises on ``jobs`` cores (all by default) and remember the proofs that hold.

    ``fresh`` proves again what is remembered. ``sandboxed=False`` leaves the checks in the real sandbox out. A
    `KeyboardInterrupt` stops everything at once; the proofs that were finished stay in the cache.
    """
    started = time.perf_counter()
    # One thread each: the workers share the cores among themselves, and a fork must not inherit thread pools.
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[variable] = "1"
    cache = ProofCache(cache_folder()) if cache is None else cache
    known: dict[str, ExerciseProof] = {}
    todo: list[Exercise] = []
    for entry in exercises:
        if isinstance(entry, Found) and entry.exercise is None:
            problems = (entry.problem,) if entry.problem else ()
            known[entry.id] = ExerciseProof(entry.id, problems=problems)
            continue
        exercise = entry.exercise if isinstance(entry, Found) else entry
        assert exercise is not None
        enough = min(seeds, PROJECT_SEEDS) if exercise.is_project else seeds
        remembered = None if fresh else cache.get(exercise, enough)
        if remembered is not None:
            known[exercise.id] = remembered
        else:
            todo.append(exercise)
    show, cores = progress or (lambda _: None), jobs or os.cpu_count() or 1
    projects = [exercise for exercise in todo if exercise.is_project]
    functions = [exercise for exercise in todo if not exercise.is_project]
    if functions:
        known |= _prove_all(functions, seeds, cores, cache, show, sandboxed)
    known |= _prove_projects(projects, cores, cache, show)
    return Proof(tuple(known[entry.id] for entry in exercises), time.perf_counter() - started)


def _tasks(exercise: Exercise, seeds: int) -> list[_Task]:
    task = partial(_Task, exercise.folder, exercise.unit, exercise.stage)
    found = [task("texts"), task("starter"), task("ways"), task("mistakes")]
    found += [task("mutants", (first, _MUTANT_PARTS)) for first in range(_MUTANT_PARTS)]
    for first in range(1, seeds + 1, _SEEDS_A_PART):
        found.append(task("reference", (first, min(first + _SEEDS_A_PART, seeds + 1))))
    return found


def _prove_all(
    exercises: Sequence[Exercise],
    seeds: int,
    jobs: int,
    cache: ProofCache,
    progress: Callable[[Progress], None],
    sandboxed: bool,
) -> dict[str, ExerciseProof]:
    tasks = [task for exercise in exercises for task in _tasks(exercise, seeds)]
    by_folder = {exercise.folder: exercise for exercise in exercises}
    missing = {exercise.folder: len(_tasks(exercise, seeds)) for exercise in exercises}
    parts: dict[Path, list[examine.Part]] = defaultdict(list)
    proofs: dict[str, ExerciseProof] = {}
    _import_libraries()
    # The workers are forked before the sandbox starts a thread.
    with Workers(_run_part, min(jobs, len(tasks))) as workers, _Sandbox(sandboxed) as sandbox:
        real = {exercise.folder: sandbox.start(exercise) for exercise in exercises}
        for done, (task, answer) in enumerate(workers.results(tasks), start=1):
            exercise = by_folder[task.folder]
            parts[task.folder].append(answer if answer is not None else _died(task))
            missing[task.folder] -= 1
            finished = None
            if not missing[task.folder]:
                parts[task.folder].append(real[task.folder]())
                seconds = sum(part.get("seconds", 0.0) for part in parts[task.folder])
                finished = examine.merged(exercise, parts.pop(task.folder), seconds)
                proofs[exercise.id] = finished
                cache.put(exercise, finished)
            progress(Progress(done, len(tasks), exercise.id, finished))
    return proofs


def _prove_projects(
    exercises: Sequence[Exercise], jobs: int, cache: ProofCache, progress: Callable[[Progress], None]
) -> dict[str, ExerciseProof]:
    """One after the other, each with ``jobs`` checks at a time."""
    total = sum(map(trials_of, exercises))
    proofs: dict[str, ExerciseProof] = {}
    done = 0
    for exercise in exercises:

        def step(id: str = exercise.id) -> None:
            nonlocal done
            done += 1
            progress(Progress(done, total, id))

        proofs[exercise.id] = finished = prove_project(exercise, jobs, step)
        cache.put(exercise, finished)
        progress(Progress(done, total, exercise.id, finished))
    return proofs


def _import_libraries() -> None:
    """Import what every part needs once, before the workers are forked."""
    import importlib

    for name in ("numpy", "pandas", "gradus.checks.load", "gradus.grader.judge", "gradus.grader.local"):
        importlib.import_module(name)


_loaded: dict[Path, CheckSet | GradusError] = {}  # in a worker: the checks of the exercises it has met


def _checks(task: _Task) -> CheckSet:
    from gradus.checks.load import load_checks

    if task.folder not in _loaded:
        try:
            _loaded[task.folder] = load_checks(load_exercise(task.folder, task.unit, task.stage))
        except GradusError as error:
            _loaded[task.folder] = error
    found = _loaded[task.folder]
    if isinstance(found, GradusError):
        raise found
    return found


def _run_part(task: _Task) -> examine.Part:
    """Run one part, in a worker."""
    started = time.perf_counter()
    try:
        part = _part(task)
    except GradusError as error:
        part = {"problems": [examine.content_error(error, task.folder).to_json()]}
    except Exception as error:
        what = f"the proof itself failed: {type(error).__name__}: {error}"
        part = {"problems": [Problem("", task.part, what).to_json()]}
    return part | {"seconds": time.perf_counter() - started}


def _part(task: _Task) -> examine.Part:
    checks = _checks(task)
    if task.part == "texts":
        part = examine.texts(checks)
        part["problems"] += [problem.to_json() for problem in examine.unknown_equivalents(checks.exercise)]
        return part
    judge = LocalJudge(checks)
    if task.part == "reference":
        return examine.reference(checks, judge, range(*task.numbers))
    if task.part == "mutants":
        return examine.mutants(checks, judge, task.numbers[0], task.numbers[1])
    simple = {"starter": examine.starter, "ways": examine.ways, "mistakes": examine.mistakes}
    return simple[task.part](checks, judge)


def _died(task: _Task) -> examine.Part:
    what = "the process that examined it died; run the proof again, and report it if it dies again"
    return {"problems": [Problem("", task.part, what).to_json()]}


class _Sandbox:
    """The real grader, in a thread of its own while the workers are busy."""

    def __init__(self, active: bool) -> None:
        self._active = active
        self._grader: Grader | None = None
        self._thread = ThreadPoolExecutor(max_workers=1)

    def __enter__(self) -> _Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.shutdown(wait=True, cancel_futures=True)
        if self._grader is not None:
            self._grader.__exit__(None, None, None)

    def start(self, exercise: Exercise) -> Callable[[], examine.Part]:
        """Begin the checks of one exercise; the answer waits for them."""
        if not self._active:
            return dict
        return self._thread.submit(self._examine, exercise).result

    def _examine(self, exercise: Exercise) -> examine.Part:
        from gradus.checks.load import load_checks

        try:
            checks = load_checks(exercise)
        except GradusError as error:
            return {"problems": [examine.content_error(error, exercise.folder).to_json()]}
        try:
            grader = self._start_grader()
            return examine.sandbox(checks, partial(_graded, grader, exercise))
        except Exception as error:
            what = f"the grader failed: {type(error).__name__}: {error}"
            return {"problems": [Problem("", "sandbox", what).to_json()]}

    def _start_grader(self) -> Grader:
        if self._grader is None:
            from gradus.grader import Grader

            self._grader = Grader(library="core").__enter__()
        return self._grader


def _graded(grader: Grader, exercise: Exercise, source: str, seed: int) -> Verdict:
    from gradus.grader.replies import Submission

    return grader.check(exercise, Submission(source.encode(), f"{exercise.id}.py"), seed=seed)
