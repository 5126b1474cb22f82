"""The words that an author reads at the end of a proof."""

import io

from gradus.author.proofs import ExerciseProof, Problem, Proof, Survivor
from gradus.author.prove import Progress
from gradus.author.report import progress_on, report, summary

SOUND = ExerciseProof(
    "center", "arrays", 1, seeds=200, seeds_passed=200, starter="unstarted", mistakes=3, mistakes_named=3, ways=1,
    ways_passed=1, mutants=40, killed=38, equivalent=1,
    survivors=(Survivor("center:number#1", 7, "return x + 1", "return x + 2"),), reference_ms=4.2, seconds=3.0,
)  # fmt: skip
WEAK = ExerciseProof("halve", problems=(Problem("halve/starter.py", "starter", "it must not pass, nor break: passed"),))


def test_an_exercise_is_a_line() -> None:
    assert summary(SOUND) == (
        "proved  center                   reference 200/200, starter unstarted, mistakes named 3/3, ways 1/1, "
        "mutants killed 38/39 (+1 equivalent), 4.2 ms a check, 3.0 s"
    )


def test_the_report_says_what_to_mend_and_what_got_through() -> None:
    told = report(Proof((SOUND, WEAK), seconds=12.3)).splitlines()
    assert told[1] == "  ~ survivor center:number#1, line 7: return x + 1  ->  return x + 2"
    assert told[4] == "  - halve/starter.py (starter): it must not pass, nor break: passed"
    assert told[-1] == (
        "1 of 2 exercises proved in 12 s. Mistakes named: 3 of 3. "
        "Mutants killed: 38 of 39 (97.4 %, without 1 equivalent)."
    )


def test_a_pipe_gets_a_line_for_each_finished_exercise() -> None:
    stream = io.StringIO()
    with progress_on(stream) as progress:
        progress(Progress(1, 2, "center"))
        progress(Progress(2, 2, "center", SOUND))
    assert stream.getvalue() == summary(SOUND) + "\n"


def test_a_terminal_gets_a_bar_and_the_lines() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    stream = Terminal()
    with progress_on(stream) as progress:
        progress(Progress(1, 2, "center"))
        progress(Progress(2, 2, "center", SOUND))
    assert "proved" in stream.getvalue()
