"""The grader itself: time to a verdict, checks a second, what a parked runner costs."""

from __future__ import annotations

import functools
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.measure import Row, Sample, at_least, at_most, private_kib, pss_kib
from gradus.grader import Grader, Submission
from gradus.grader.libraries import ENVIRONMENT
from gradus.roadmap import Exercise, load_roadmap
from gradus.roadmap.loading import load_exercise

if TYPE_CHECKING:
    from gradus.grader.exam import Exam

HERE = Path(__file__).parent
#: A person saves at most a few times a second; runners are replaced in between.
PAUSE = 0.15


def exercises() -> dict[str, Exercise]:
    """One exercise per kind: NumPy, pandas, scikit-learn."""
    roadmap = load_roadmap()
    return {
        "NumPy": roadmap.exercise("standardize"),
        "pandas": roadmap.exercise("summarize"),
        "scikit-learn": load_exercise(HERE / "exercises" / "cross_validate", "bench", 1),
    }


def named(exercise_id: str) -> Exercise:
    """The exercise of that id, of the bench or of the curriculum."""
    return next((own for own in exercises().values() if own.id == exercise_id), None) or load_roadmap().exercise(
        exercise_id
    )


def submission_of(exercise: Exercise) -> Submission:
    return Submission(source=exercise.solution.encode(), name=f"{exercise.id}.py", siblings={})


def verdict_times(grader: Grader, exercise: Exercise, times: int, pause: float = PAUSE) -> Sample:
    """Warm verdicts on a correct submission: every case, both runners, full sandbox."""
    submission = submission_of(exercise)
    taken = []
    for number in range(times + 5):
        time.sleep(pause)
        start = time.perf_counter()
        verdict = grader.check(exercise, submission)
        elapsed = (time.perf_counter() - start) * 1000
        if not verdict.passed:
            raise RuntimeError(f"{exercise.id}: {verdict.headline}")
        if number >= 5:
            taken.append(elapsed)
    return Sample(tuple(taken))


def own_computing(exercise: Exercise, times: int) -> Sample:
    """The learner's own computing: all calls that the two runners are asked for, in two warm processes at once, without
    sandbox, wire or comparison. A check waits for the slower of the two; so does each time taken here.

    Both processes go through the same attempts, in step: cases, repeated cases and behaviours, as the judge asks.
    """
    code = (
        "import sys\n"
        "from bench.grader import named, own_computing_of_one\n"
        "own_computing_of_one(named(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))\n"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code, exercise.id, str(number), str(times)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=HERE.parent,
            env={**os.environ, **ENVIRONMENT, "HOME": str(Path.home()), "PATH": os.environ["PATH"]},
        )
        for number in (0, 1)
    ]  # fmt: skip
    taken = []
    for attempt in range(times + 3):
        for process in processes:
            assert process.stdout
            assert process.stdin
            process.stdout.readline()  # it is ready
        for process in processes:
            process.stdin.write("go\n")  # type: ignore[union-attr]
            process.stdin.flush()  # type: ignore[union-attr]
        slower = max(float(process.stdout.readline()) for process in processes)  # type: ignore[union-attr]
        if attempt >= 3:
            taken.append(slower)
    for process in processes:
        process.wait(30)
    return Sample(tuple(taken))


def own_computing_of_one(exercise: Exercise, number: int, times: int) -> None:
    """One of the two processes: the time that the solution's own functions take, attempt by attempt, in ms."""
    from gradus.checks import load_checks
    from gradus.grader.exam import Exam
    from gradus.grader.libraries import library_set, warm_up

    said = sys.__stdout__
    assert said
    checks = load_checks(exercise)
    warm_up(library_set(exercise.libraries))
    spent = 0.0

    def timed(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            nonlocal spent
            start = time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                spent += time.perf_counter() - start

        return call

    names = {**vars(checks.reference)}
    names.update({name: timed(names[name]) for name in exercise.provides})
    for attempt in range(times + 3):
        exam = Exam(checks, attempt)
        said.write("ready\n")
        said.flush()
        sys.stdin.readline()
        spent = 0.0
        attempt_of(exam, names, number)
        said.write(f"{spent * 1000}\n")
        said.flush()


def attempt_of(exam: Exam, names: Mapping[str, Any], number: int) -> None:
    """All that one attempt asks of runner ``number``, in this process: cases, repeated cases and behaviours."""
    from gradus.grader.behaviours import examine
    from gradus.grader.exam import ask
    from gradus.grader.local import LocalRunner
    from gradus.grader.quiet import silence

    runner = LocalRunner(names)
    with silence():
        for part in exam.parts:
            cases = [case.spec for case in part.cases]
            list(ask(runner, part, [cases[i] for i in part.order] if number else cases, trusted=True))
        for behaviour in exam.checks.behaviours:
            examine(exam, behaviour, runner, number)


def throughput_on_one_core(exercise_id: str, seconds: float) -> float:
    """Checks a second with everything (host, zygote, runners) pinned to one core."""
    code = (
        "import sys, time\n"
        "from bench.grader import exercises, submission_of\n"
        "from gradus.grader import Grader\n"
        f"exercise = exercises()[{exercise_id!r}]\n"
        "submission = submission_of(exercise)\n"
        "with Grader() as grader:\n"
        "    grader.ready()\n"
        "    for _ in range(10): grader.check(exercise, submission)\n"
        "    start, count = time.perf_counter(), 0\n"
        f"    while time.perf_counter() - start < {seconds}:\n"
        "        assert grader.check(exercise, submission).passed\n"
        "        count += 1\n"
        "    print(count / (time.perf_counter() - start))\n"
    )
    core = min(os.sched_getaffinity(0))
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=HERE.parent,
        preexec_fn=lambda: os.sched_setaffinity(0, {core}),
    )
    return float(done.stdout)


def first_check() -> float:
    """Milliseconds from starting a grader in a new process to its first verdict, imports included."""
    code = (
        "import sys, time\n"
        "start = time.perf_counter()\n"
        "from gradus.grader import Grader\n"
        "from bench.grader import exercises, submission_of\n"
        "exercise = exercises()['NumPy']\n"
        "with Grader() as grader:\n"
        "    assert grader.check(exercise, submission_of(exercise)).passed\n"
        "    print((time.perf_counter() - start) * 1000)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=HERE.parent)
    return float(done.stdout)


def descendants(pid: int) -> list[int]:
    """Every process below ``pid``."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            children.setdefault(parent, []).append(int(entry.name))
    found, left = [], [pid]
    while left:
        below = children.get(left.pop(), [])
        found += below
        left += below
    return found


def parked_memory(kind: str = "") -> tuple[float, float]:
    """MiB that one more parked runner adds: private pages, and the rise of the whole tree's proportional set size.

    With ``kind``, when the exercise of that kind has been passed and its runners are prepared for it.
    """
    code = (
        "import sys, time\n"
        "from bench.grader import exercises, submission_of\n"
        "from gradus.grader import Grader\n"
        f"kind, parked = {kind!r}, int(sys.argv[1])\n"
        "with Grader(parked=parked) as grader:\n"
        "    grader.ready()\n"
        "    for _ in range(parked if kind else 0):\n"  # each takes two, so that all are new
        "        assert grader.check(exercises()[kind], submission_of(exercises()[kind])).passed\n"
        "        time.sleep(0.5)\n"
        "    time.sleep(1.5)\n"
        "    print('ready', flush=True); sys.stdin.read()\n"
    )
    totals: dict[int, tuple[float, float]] = {}
    for parked in (2, 6):
        process = subprocess.Popen(
            [sys.executable, "-c", code, str(parked)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=HERE.parent
        )
        assert process.stdout
        assert process.stdin
        process.stdout.readline()
        pids = descendants(process.pid)
        totals[parked] = (sum(map(pss_kib, pids)) / 1024, sum(map(private_kib, pids)) / 1024)
        process.stdin.close()
        process.wait(30)
    return (totals[6][1] - totals[2][1]) / 4, (totals[6][0] - totals[2][0]) / 4


def grader_rows(times: int) -> tuple[list[Row], Sample]:
    """Every figure of the grader, and the NumPy verdicts that the peers are compared with."""
    rows: list[Row] = []
    kinds = exercises()
    with Grader() as grader:
        grader.ready()
        numpy_times = verdict_times(grader, kinds["NumPy"], times)
        rows += [
            at_most("warm verdict, NumPy exercise, p50", numpy_times.p50, 8, "ms"),
            at_most("warm verdict, NumPy exercise, p99", numpy_times.p99, 40, "ms"),
        ]
        for kind in ("pandas", "scikit-learn"):
            own = own_computing(kinds[kind], 20).p50
            total = verdict_times(grader, kinds[kind], max(20, times // 4), pause=0.4).p50
            note = f" (verdict {total:.1f} ms, own computing {own:.1f} ms)"
            rows.append(
                at_most(f"beyond the learner's own computing, {kind} exercise, p50", total - own, 15, "ms", note)
            )
    rows.append(Row("first check of a session, from process start", f"{first_check():,.0f} ms"))
    for kind, goal in (("NumPy", 60.0), ("pandas", None), ("scikit-learn", None)):
        rate = statistics.median(throughput_on_one_core(kind, 5.0) for _ in range(3))
        what = f"checks a second on one core, {kind} exercise, median of three runs"
        rows.append(at_least(what, rate, goal, "/s") if goal else Row(what, f"{rate:,.1f} /s"))
    private, pss = parked_memory()
    rows.append(at_most("a parked runner adds, PSS", pss, 12, "MiB", f" ({private:.1f} MiB private)"))
    private, pss = parked_memory("scikit-learn")
    what = "a parked runner that is prepared for the scikit-learn exercise adds, PSS"
    rows.append(Row(what, f"{pss:.1f} MiB ({private:.1f} MiB private)"))
    return rows, numpy_times


if __name__ == "__main__":
    made, _ = grader_rows(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
    print(json.dumps([row.__dict__ for row in made], indent=2))
