"""The road as data: load it with `load_roadmap`, ask it by name."""

from gradus.roadmap.cards import card_ids, computed_card_ids, draw_card
from gradus.roadmap.loading import (
    Roadmap,
    card_problem,
    find_curriculum,
    load_exercise,
    load_roadmap,
    load_unit,
    suggest,
)
from gradus.roadmap.models import (
    Answer,
    Card,
    Choice,
    Equivalent,
    Exercise,
    Limits,
    Milestone,
    Outcome,
    Project,
    ProjectLimits,
    Resource,
    Stage,
    Track,
    Unit,
)
from gradus.roadmap.variants import Variant, faults_of, ways_of

__all__ = [
    "Answer",
    "Card",
    "Choice",
    "Equivalent",
    "Exercise",
    "Limits",
    "Milestone",
    "Outcome",
    "Project",
    "ProjectLimits",
    "Resource",
    "Roadmap",
    "Stage",
    "Track",
    "Unit",
    "Variant",
    "card_ids",
    "card_problem",
    "computed_card_ids",
    "draw_card",
    "faults_of",
    "find_curriculum",
    "load_exercise",
    "load_roadmap",
    "load_unit",
    "suggest",
    "ways_of",
]
