"""The author's tools: prove exercises, scaffold new ones, check lessons."""

from gradus.author.cache import ProofCache
from gradus.author.find import Found, find_exercises, unit_folders
from gradus.author.lessons import LessonReport, check_lesson, check_lessons
from gradus.author.mutants import Mutant, mutate
from gradus.author.proofs import ExerciseProof, Problem, Proof, Survivor
from gradus.author.prove import Progress, prove
from gradus.author.report import details, lesson_lines, progress_on, report, summary
from gradus.author.scaffold import scaffold

__all__ = [
    "ExerciseProof",
    "Found",
    "LessonReport",
    "Mutant",
    "Problem",
    "Progress",
    "Proof",
    "ProofCache",
    "Survivor",
    "check_lesson",
    "check_lessons",
    "details",
    "find_exercises",
    "lesson_lines",
    "mutate",
    "progress_on",
    "prove",
    "report",
    "scaffold",
    "summary",
    "unit_folders",
]
