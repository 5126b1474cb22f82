"""What a proof says: data only. ``to_json`` is the contract other programs rely on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Problem:
    """Something an author must mend: in which file, in which field or part of it, and what it is."""

    file: str
    field: str
    what: str

    def __str__(self) -> str:
        place = f"{self.file} ({self.field})" if self.field else self.file
        return f"{place}: {self.what}"

    def to_json(self) -> dict[str, str]:
        return {"file": self.file, "field": self.field, "what": self.what}


@dataclass(frozen=True)
class Survivor:
    """A mutant that passed every seed it was tried on."""

    id: str
    line: int
    before: str
    after: str

    @property
    def diff(self) -> str:
        return f"line {self.line}: {self.before}  ->  {self.after}"

    def to_json(self) -> dict[str, Any]:
        return {"id": self.id, "line": self.line, "before": self.before, "after": self.after}


@dataclass(frozen=True)
class ExerciseProof:
    """One exercise's proof. It holds when there is no problem."""

    exercise: str
    unit: str = ""
    stage: int = 0
    seeds: int = 0
    seeds_passed: int = 0
    starter: str = ""  # the outcome its starter gets
    mistakes: int = 0
    mistakes_named: int = 0
    ways: int = 0
    ways_passed: int = 0
    mutants: int = 0
    killed: int = 0
    equivalent: int = 0
    survivors: tuple[Survivor, ...] = ()
    problems: tuple[Problem, ...] = ()
    reference_ms: float = 0.0  # the median time of one local check of the reference
    margin: float | None = None  # the smallest share of cases on which a misconception differs from the reference
    seconds: float = 0.0
    cached: bool = False

    @property
    def ok(self) -> bool:
        return not self.problems

    def to_json(self) -> dict[str, Any]:
        return {
            "exercise": self.exercise,
            "unit": self.unit,
            "stage": self.stage,
            "ok": self.ok,
            "reference": {
                "seeds": self.seeds,
                "passed": self.seeds_passed,
                "milliseconds": round(self.reference_ms, 2),
            },
            "starter": {"outcome": self.starter, "passes": self.starter == "passed"},
            "misconceptions": {"total": self.mistakes, "named": self.mistakes_named},
            "ways": {"total": self.ways, "passed": self.ways_passed},
            "mutants": {
                "total": self.mutants,
                "killed": self.killed,
                "equivalent": self.equivalent,
                "survivors": [survivor.to_json() for survivor in self.survivors],
            },
            "margin": None if self.margin is None else round(self.margin, 3),
            "problems": [problem.to_json() for problem in self.problems],
            "seconds": round(self.seconds, 2),
            "cached": self.cached,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any], *, cached: bool = False) -> ExerciseProof:
        """The proof that ``to_json`` wrote down."""
        return cls(
            exercise=data["exercise"],
            unit=data["unit"],
            stage=data["stage"],
            seeds=data["reference"]["seeds"],
            seeds_passed=data["reference"]["passed"],
            starter=data["starter"]["outcome"],
            mistakes=data["misconceptions"]["total"],
            mistakes_named=data["misconceptions"]["named"],
            ways=data["ways"]["total"],
            ways_passed=data["ways"]["passed"],
            mutants=data["mutants"]["total"],
            killed=data["mutants"]["killed"],
            equivalent=data["mutants"]["equivalent"],
            survivors=tuple(Survivor(**survivor) for survivor in data["mutants"]["survivors"]),
            problems=tuple(Problem(**problem) for problem in data["problems"]),
            reference_ms=data["reference"]["milliseconds"],
            margin=data["margin"],
            seconds=data["seconds"],
            cached=cached,
        )


@dataclass(frozen=True)
class Proof:
    """The proof of several exercises."""

    exercises: tuple[ExerciseProof, ...]
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        return bool(self.exercises) and all(exercise.ok for exercise in self.exercises)

    @property
    def mutation_score(self) -> float:
        """Killed mutants over those that are not equivalent; 1.0 when there are none."""
        considered = sum(proof.mutants - proof.equivalent for proof in self.exercises)
        return sum(proof.killed for proof in self.exercises) / considered if considered else 1.0

    def to_json(self) -> dict[str, Any]:
        exercises = self.exercises
        return {
            "ok": self.ok,
            "exercises": [proof.to_json() for proof in exercises],
            "totals": {
                "exercises": len(exercises),
                "proved": sum(proof.ok for proof in exercises),
                "references": sum(proof.seeds > 0 and proof.seeds_passed == proof.seeds for proof in exercises),
                "starters_passing": sum(proof.starter == "passed" for proof in exercises),
                "misconceptions": {
                    "total": sum(proof.mistakes for proof in exercises),
                    "named": sum(proof.mistakes_named for proof in exercises),
                },
                "ways": {
                    "total": sum(proof.ways for proof in exercises),
                    "passed": sum(proof.ways_passed for proof in exercises),
                },
                "mutants": {
                    "total": sum(proof.mutants for proof in exercises),
                    "killed": sum(proof.killed for proof in exercises),
                    "equivalent": sum(proof.equivalent for proof in exercises),
                    "survivors": sum(len(proof.survivors) for proof in exercises),
                    "score": round(self.mutation_score, 4),
                },
            },
            "seconds": round(self.seconds, 2),
        }
