"""Stage 2: what the grader adds to scikit-learn and XGBoost, what its exercises compute, and what proving them takes.

``python -m bench.stage2`` prints the table; ``--proof`` adds the cold proof of the whole stage, ``--only ID`` looks at
single exercises.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bench.grader import attempt_of, named, own_computing, verdict_times
from bench.measure import Row, at_most, table
from gradus.grader import Grader
from gradus.grader.libraries import ENVIRONMENT
from gradus.roadmap import load_roadmap

HERE = Path(__file__).parent
STAGE = 2
#: An exercise of each library, its functions short enough that what the grader adds can be told from them.
KINDS = {"scikit-learn": "repair_cv", "XGBoost": "stopped_cv"}
BEYOND_MS, COMPUTING_S, PROOF_S = 25.0, 1.5, 600.0


def beyond_rows(times: int) -> list[Row]:
    """The verdict's p50 minus the p50 of the reference's own computing."""
    rows = []
    with Grader() as grader:
        grader.ready()
        for kind, exercise_id in KINDS.items():
            exercise = named(exercise_id)
            own = own_computing(exercise, max(10, times // 2)).p50
            total = verdict_times(grader, exercise, times, pause=0.4).p50
            note = f" (`{exercise_id}`: verdict {total:.1f} ms, own computing {own:.1f} ms)"
            what = f"beyond the learner's own computing, {kind} exercise, p50"
            rows.append(at_most(what, total - own, BEYOND_MS, "ms", note))
    return rows


def computing(ids: Sequence[str], times: int) -> dict[str, float]:
    """Seconds of one core that an attempt at each exercise takes its reference: both runners, every case and behavior.

    The median of ``times`` attempts, each with other cases. Waiting and other processes do not count.
    """
    done = subprocess.run(
        [sys.executable, "-c", "import sys\nfrom bench.stage2 import compute\ncompute(sys.argv[2:], int(sys.argv[1]))",
         str(times), *ids],
        capture_output=True, text=True, check=True, cwd=HERE.parent,
        env={**os.environ, **ENVIRONMENT, "HOME": str(Path.home()), "PATH": os.environ["PATH"]},
    )  # fmt: skip
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def compute(ids: Sequence[str], times: int) -> None:
    """In a process with one thread: print the seconds of each exercise as JSON."""
    from gradus.checks import load_checks
    from gradus.grader.exam import Exam
    from gradus.grader.libraries import library_set, warm_up

    said = sys.__stdout__
    assert said
    found = {}
    for exercise_id in ids:
        exercise = named(exercise_id)
        warm_up(library_set(exercise.libraries))
        checks = load_checks(exercise)
        taken = []
        for attempt in range(times + 1):
            exam = Exam(checks, attempt)
            start = time.process_time()
            for number in (0, 1):
                attempt_of(exam, vars(checks.reference), number)
            taken.append(time.process_time() - start)
        found[exercise_id] = statistics.median(taken[1:])
    said.write(json.dumps(found) + "\n")


def computing_rows(ids: Sequence[str], times: int) -> list[Row]:
    """The exercise that computes longest, and the three after it."""
    found = sorted(computing(ids, times).items(), key=lambda pair: -pair[1])
    (longest, seconds), others = found[0], found[1:4]
    note = f" (`{longest}`; then {', '.join(f'`{name}` {value:.2f} s' for name, value in others)})" if others else ""
    what = f"an attempt's own computing on one core, the longest of {len(found)} exercises"
    return [Row(what, f"{seconds:,.2f} s{note}", f"≤ {COMPUTING_S:g} s", seconds <= COMPUTING_S)]


def proof_row(jobs: int) -> Row:
    """The proof of the whole stage, nothing remembered."""
    command = [sys.executable, "-m", "gradus", "author", "prove", str(STAGE), "--all", "--jobs", str(jobs), "--json"]
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=HERE.parent)
    seconds = time.perf_counter() - start
    how = "" if done.returncode == 0 else ", **not proved**"
    return at_most(f"the cold proof of stage {STAGE}, {jobs} processes", seconds, PROOF_S, "s", how)


def exercise_ids() -> list[str]:
    """Every exercise of the stage."""
    return [exercise.id for unit in load_roadmap().stage(STAGE).units for exercise in unit.exercises]


def stage2_rows(times: int, proof: bool = False) -> list[Row]:
    """All figures of the stage."""
    rows = [*beyond_rows(times), *computing_rows(exercise_ids(), 3)]
    return [*rows, proof_row(len(os.sched_getaffinity(0)))] if proof else rows


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.stage2", description=__doc__)
    parser.add_argument("--times", type=int, default=30)
    parser.add_argument("--proof", action="store_true", help="prove the whole stage anew, too")
    parser.add_argument("--only", nargs="*", default=[], metavar="ID", help="only what these exercises compute")
    arguments = parser.parse_args()
    if arguments.only:
        for name, seconds in computing(arguments.only, 3).items():
            print(f"{name:20} {seconds:6.2f} s")
        return 0
    rows = stage2_rows(arguments.times, arguments.proof)
    print(table(rows))
    return 0 if all(row.met is not False for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
