"""A project exercise's check: the learner's files in a sandbox of their own, the author's probes, the verdict."""

from __future__ import annotations

import hashlib
import json
import threading
import time
import traceback
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from gradus.errors import ContentError
from gradus.grader.headlines import Words, our_fault
from gradus.grader.replies import Submission
from gradus.grader.verdict import Diagnosis, Finding, Outcome, Verdict

if TYPE_CHECKING:
    from gradus.projects import ProbeSet, Workbench
    from gradus.projects.authoring import Probe
    from gradus.roadmap import Exercise

MAX_FILES: Final = 400
MAX_BYTES: Final = 16 << 20
SUPERSEDED: Final = "a newer check took the place of this one"
_SHOWN: Final = 16_000  # characters of one program's output
_TRACE: Final = 12
_HOW: Final = {"mlops": "`gradus install mlops` gets them, once for the whole stage"}

Progress = Callable[["Step"], None]


@dataclass(frozen=True)
class Step:
    """A check is about to run this probe: the ``number``-th of ``total``; ``title`` completes “whether it …”."""

    number: int
    total: int
    title: str

    def to_json(self) -> dict[str, Any]:
        return {"number": self.number, "total": self.total, "title": self.title}


def project_submission(files: Mapping[str, bytes], exercise: Exercise) -> Submission:
    """A project's files as what is judged. Its ``source`` holds all of them, so it can be kept, and read back."""
    return Submission(source=pack(files, exercise.starter_files), name=f"{exercise.id}/", siblings=dict(files))


def pack(files: Mapping[str, bytes], known: Mapping[str, bytes] | None = None) -> bytes:
    """Files as one text that depends on nothing else. Of a large one that is also ``known`` only the hash is kept."""
    entries: dict[str, Any] = {}
    for name, data in sorted(files.items()):
        entry: dict[str, Any] = {"sha256": hashlib.sha256(data).hexdigest()}
        if (known or {}).get(name) != data or len(data) <= 4096:
            try:
                entry["text"] = data.decode("utf-8")
            except UnicodeDecodeError:
                entry["base64"] = b64encode(data).decode()
        entries[name] = entry
    return json.dumps({"project": 1, "files": entries}, indent=1, ensure_ascii=False, sort_keys=True).encode()


def unpack(source: bytes, known: Mapping[str, bytes] | None = None) -> dict[str, bytes]:
    """The files that `pack` wrote; one of which only the hash was kept comes from ``known``, if it is still the same.

    Raises:
        ValueError: this is not what `pack` writes.
    """
    from base64 import b64decode

    found = {}
    for name, entry in json.loads(source)["files"].items():
        if "text" in entry:
            found[name] = entry["text"].encode()
        elif "base64" in entry:
            found[name] = b64decode(entry["base64"])
        elif name in (known or {}) and hashlib.sha256((known or {})[name]).hexdigest() == entry["sha256"]:
            found[name] = (known or {})[name]
    return found


class ProjectJudge:
    """Judges one project at a time. Safe to use from threads."""

    def __init__(self, isolation: Literal["auto", "none", "plain"] = "auto") -> None:
        self._isolation = isolation
        self._judging = threading.Lock()
        self._guard = threading.Lock()
        self._loaded: dict[str, ProbeSet] = {}
        self._turns: dict[str, int] = {}
        self._running: tuple[str, Workbench] | None = None

    def check(
        self, exercise: Exercise, submission: Submission, seed: int | None = None, progress: Progress | None = None
    ) -> Verdict:
        """Judge one submission. Never raises: whatever goes wrong on our side is a `grader_error` with a sentence."""
        from gradus.grader.judge import new_seed

        began = time.perf_counter()
        turn = self._turns.get(exercise.id, 0)
        with self._judging:
            queued = time.perf_counter()
            check = _Check(exercise, submission, new_seed() if seed is None else seed)
            if turn != self._turns.get(exercise.id, 0):
                return check.verdict("grader_error", our_fault(SUPERSEDED))
            try:
                verdict = self._judge(check, progress)
            except Exception as error:
                verdict = check.verdict("grader_error", _fault(error))
        done = time.perf_counter()
        times = {"queue": queued - began, "run": done - queued, "total": done - began}
        return check.timed(verdict, {name: seconds * 1000 for name, seconds in times.items()})

    def supersede(self, exercise_id: str) -> None:
        """Stop the checks of this exercise that run or wait now. May be called from any thread."""
        self._turns[exercise_id] = self._turns.get(exercise_id, 0) + 1
        with self._guard:
            if self._running is not None and self._running[0] == exercise_id:
                self._running[1].quarters.stop("superseded")

    def close(self) -> None:
        """Stop what runs."""
        with self._guard:
            if self._running is not None:
                self._running[1].quarters.stop("superseded")

    def probes(self, exercise: Exercise) -> ProbeSet:
        """An exercise's probes, loaded once per content. Raises ContentError."""
        from gradus.projects import load_probes

        if exercise.digest not in self._loaded:
            self._loaded[exercise.digest] = load_probes(exercise.checks_path)
        return self._loaded[exercise.digest]

    def _judge(self, check: _Check, progress: Progress | None) -> Verdict:
        from gradus.projects import CannotRun, OverLimit, Workbench
        from gradus.projects.libraries import missing_libraries

        if missing := missing_libraries(check.exercise.libraries):
            return check.verdict("grader_error", not_installed(check.exercise.libraries, missing))
        seen = look_at_files(check.exercise, check.submission.siblings)
        if seen is not None:
            return check.verdict(*seen)
        probes = self.probes(check.exercise)
        try:
            with Workbench(check.submission.siblings, check.bounds(), check.exercise.id, self._isolation) as work:
                with self._guard:
                    self._running = check.exercise.id, work
                try:
                    return check.run(work, probes, progress)
                finally:
                    with self._guard:
                        self._running = None
                    check.read(work)
        except OverLimit as over:
            return check.verdict("over_limit", limit_words(check.exercise, over.kind))
        except CannotRun as error:
            return check.verdict("grader_error", our_fault(f"the project cannot be run here: {error}"))


class _Check:
    """One check: what was handed in, what has been seen so far."""

    def __init__(self, exercise: Exercise, submission: Submission, seed: int) -> None:
        self.exercise = exercise
        self.submission = submission
        self.seed = seed
        self.ran = 0
        self.tried = 0
        self.stdout = ""
        self.layers: tuple[str, ...] = ()

    def bounds(self) -> Any:
        from gradus.projects import Bounds

        limits = self.exercise.limits
        return Bounds(limits.seconds, limits.memory_mb, limits.output_kb)

    def run(self, work: Workbench, probes: ProbeSet, progress: Progress | None) -> Verdict:
        """Each probe in turn; the first that does not hold is the verdict."""
        import numpy as np

        from gradus.projects import CannotRun, CheckFailed, OverLimit, ProjectFault

        for number, probe in enumerate(probes.probes):
            if progress is not None:
                progress(Step(number + 1, len(probes.probes), probe.title))
            self.ran += 1
            try:
                probe.run(work, np.random.default_rng([self.seed, number]))
            except CheckFailed as failed:
                return self._failed(probe, failed)
            except ProjectFault as fault:
                work.quarters.check()
                return self._fault(probe, fault)
            except AssertionError as error:
                work.quarters.check()
                return self._assertion(probe, error)
            except OverLimit as over:
                if over.kind == "superseded":
                    return self.verdict("grader_error", our_fault(SUPERSEDED))
                words = limit_words(self.exercise, over.kind)
                return self.verdict("over_limit", words, Finding(f"it {probe.title}", words.headline, kind=words.id))
            except (CannotRun, ContentError):
                raise
            except Exception as error:
                work.quarters.check()
                return self.verdict("grader_error", _fault(error, self.exercise.checks_path))
        return self.verdict("passed", None)

    def _failed(self, probe: Probe, failed: Any) -> Verdict:
        known = failed.mistake
        words = Words(known.name if known else probe.name, failed.headline, (known or probe).explanation)
        finding = Finding(
            f"it {probe.title}", failed.headline, failed.case, failed.expected, failed.actual, kind=words.id
        )
        return self.verdict("not_yet", words, finding)

    def _fault(self, probe: Probe, fault: Any) -> Verdict:
        words = Words(fault.id, fault.headline, fault.message)
        lines = tuple(fault.detail.strip().splitlines()[-_TRACE:])
        return self.verdict("not_yet", words, Finding(f"it {probe.title}", fault.headline, kind=fault.id, trace=lines))

    def _assertion(self, probe: Probe, error: AssertionError) -> Verdict:
        first = str(error).strip().partition("\n")[0]
        words = Words(probe.name, first or probe.headline, probe.explanation)
        rest = str(error).strip()[:2000] if "\n" in str(error).strip() else ""
        return self.verdict("not_yet", words, Finding(f"it {probe.title}", words.headline, kind=words.id, detail=rest))

    def read(self, work: Workbench) -> None:
        """What the programs wrote, and which layers held."""
        pieces = []
        for command, process in work.ran:
            said = process.out.text()
            if process.err is not process.out:
                said += process.err.text()
            if len(said) > _SHOWN:
                said = f"{said[: _SHOWN // 2]}\n…\n{said[-_SHOWN // 2 :]}"
            pieces.append(f"$ {command}\n{said}".rstrip() + "\n")
        self.stdout = "\n".join(pieces).replace(str(work.folder), ".")[: self.exercise.limits.output_kb << 10]
        self.layers = work.quarters.layers
        self.tried = work.asked

    def verdict(self, outcome: Outcome, words: Words | None, *findings: Finding) -> Verdict:
        if words is not None and not findings and outcome != "passed":
            findings = (Finding("the project can be judged", words.headline, line=words.line, kind=words.id),)
        return Verdict(
            exercise=self.exercise.id,
            outcome=outcome,
            seed=self.seed,
            source_sha256=hashlib.sha256(self.submission.source).hexdigest(),
            headline=words.headline if words is not None else "Every check holds.",
            diagnosis=Diagnosis(words.id, words.message) if words is not None else None,
            findings=findings,
            checks=self.ran,
            provenance={
                name: hashlib.sha256(data).hexdigest() for name, data in sorted(self.submission.siblings.items())
            },
        )

    def timed(self, verdict: Verdict, milliseconds: Mapping[str, float]) -> Verdict:
        """The verdict with what is known only afterwards."""
        import dataclasses

        return dataclasses.replace(
            verdict, milliseconds=milliseconds, stdout=self.stdout, isolation=self.layers, cases=self.tried
        )


def look_at_files(exercise: Exercise, files: Mapping[str, bytes]) -> tuple[Outcome, Words] | None:
    """What makes running the project pointless, or None."""
    size = sum(map(len, files.values()))
    if not any(data.strip() for data in files.values()):
        return "broken", Words(
            "empty_project",
            "There is nothing to run: the folder holds no file, or only empty ones.",
            f"`gradus reset {exercise.id}` puts the exercise back to its start.",
        )
    if len(files) > MAX_FILES or size > MAX_BYTES:
        largest = max(files, key=lambda name: len(files[name]))
        return "broken", Words(
            "project_too_large",
            f"The folder is too large to check: {len(files):,} files, {size / 2**20:.1f} MB.",
            f"A check takes {MAX_FILES} files and {MAX_BYTES >> 20} MB. The largest is `{largest}`; move "
            "what a program makes out of the folder, or remove it.",
        )
    if _plain(files) == _plain(exercise.starter_files):
        return "unstarted", Words(
            "unstarted", "The files are still as you got them.", "Write your part, save, and check again."
        )
    return None


def _plain(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {name: data.replace(b"\r\n", b"\n").rstrip() for name, data in files.items()}


def not_installed(libraries: str, missing: tuple[str, ...]) -> Words:
    """Say which libraries are absent, and how to get them."""
    return Words(
        "libraries_missing",
        "This exercise needs libraries that are not installed yet.",
        f"Missing: {', '.join(missing)}. {_HOW.get(libraries, 'Install Gradus again to get them')}. "
        "Nothing is recorded against you.",
    )


def limit_words(exercise: Exercise, kind: str) -> Words:
    """Say which bound of the check was met, and what usually leads there."""
    limits = exercise.limits
    table = {
        "time": (
            f"The check is stopped after {limits.seconds:g} seconds.",
            "A program that never ends, or a service that does not answer, is the usual reason.",
        ),
        "memory": (
            f"Your programs need more than {limits.memory_mb:,} MB of memory together.",
            "Something is read whole, kept for every request, or started several times.",
        ),
        "output": (
            f"Your programs write more than {limits.output_kb:,} KB of output.",
            "Print less, or log less often.",
        ),
        "processes": (
            "Your programs start more processes than a check allows.",
            "A program that starts itself again, or one process for each piece of work, is the usual reason.",
        ),
        "files": ("Your programs write more to disk than a check allows.", "Look for a file that grows in a loop."),
    }  # fmt: skip
    headline, message = table.get(kind, (f"The check goes beyond a limit ({kind}).", ""))
    name = "file_limit" if kind == "files" else "process_limit" if kind == "processes" else f"{kind}_limit"
    return Words(name, headline, message)


def _fault(error: Exception, probes: Path | None = None) -> Words:
    where = ""
    if probes is not None:
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(probes)]
        where = f"{probes.parent.name}/{probes.name}, line {lines[-1]}: " if lines else ""
    return our_fault(f"{where}{error if isinstance(error, ContentError) else f'{type(error).__name__}: {error}'}")
