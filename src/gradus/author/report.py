"""Proofs for people: a progress bar on a terminal, plain lines elsewhere, and what to mend at the end."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from gradus.author.lessons import LessonReport
from gradus.author.proofs import ExerciseProof, Proof
from gradus.author.prove import Progress


@contextmanager
def progress_on(stream: TextIO | None = None) -> Iterator[Callable[[Progress], None]]:
    """Show progress on a stream (standard error): a bar on a terminal, a line an exercise otherwise."""
    stream = stream or sys.stderr
    if not stream.isatty():

        def line(step: Progress) -> None:
            if step.finished is not None:
                print(summary(step.finished), file=stream, flush=True)

        yield line
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    console = Console(file=stream)
    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task("starting", total=None)

        def advance(step: Progress) -> None:
            bar.update(task, completed=step.done, total=step.total, description=step.exercise)
            if step.finished is not None:
                bar.console.print(summary(step.finished), highlight=False, markup=False)

        yield advance


def summary(proof: ExerciseProof) -> str:
    """One exercise in one line."""
    mark = "proved" if proof.ok else "WEAK  "
    judged = proof.mutants - proof.equivalent
    return (
        f"{mark}  {proof.exercise:<24} reference {proof.seeds_passed}/{proof.seeds}, "
        f"starter {proof.starter or 'unknown'}, "
        f"mistakes named {proof.mistakes_named}/{proof.mistakes}, ways {proof.ways_passed}/{proof.ways}"
        + (f", mutants killed {proof.killed}/{judged}" if proof.mutants else "")
        + (f" (+{proof.equivalent} equivalent)" if proof.equivalent else "")
        + (" (cached)" if proof.cached else f", {proof.reference_ms:.1f} ms a check, {proof.seconds:.1f} s")
    )


def details(proof: ExerciseProof) -> list[str]:
    """What to mend, one line each; then the mutants that got through."""
    lines = [f"  - {problem}" for problem in proof.problems]
    shown = {problem.what for problem in proof.problems}
    for survivor in proof.survivors:
        if not any(survivor.id in what for what in shown):
            lines.append(f"  ~ survivor {survivor.id}, {survivor.diff}")
    return lines


def report(proof: Proof) -> str:
    """The whole proof as text: exercises with something to say, then the totals."""
    lines = []
    for exercise in proof.exercises:
        told = details(exercise)
        if told:
            lines += [summary(exercise), *told, ""]
    totals = proof.to_json()["totals"]
    mutants, mistakes = totals["mutants"], totals["misconceptions"]
    lines.append(
        f"{totals['proved']} of {totals['exercises']} exercises proved in {proof.seconds:.0f} s. "
        f"Mistakes named: {mistakes['named']} of {mistakes['total']}. "
        f"Mutants killed: {mutants['killed']} of {mutants['total'] - mutants['equivalent']} "
        f"({100 * mutants['score']:.1f} %, without {mutants['equivalent']} equivalent)."
    )
    return "\n".join(lines)


def lesson_lines(report: LessonReport) -> list[str]:
    """One unit's lesson: a line, then what to mend."""
    mark = "fine" if report.ok else "MEND"
    line = f"{mark}  {report.unit:<24} {report.words} words, {report.figures} figures, {report.seconds:.1f} s"
    if report.rewritten:
        line += f"; rewrote {', '.join(report.rewritten)}"
    return [line, *(f"  - {problem}" for problem in report.problems)]
