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
    Resource,
    Stage,
    Track,
    Unit,
)

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
    "Resource",
    "Roadmap",
    "Stage",
    "Track",
    "Unit",
    "card_ids",
    "card_problem",
    "computed_card_ids",
    "draw_card",
    "find_curriculum",
    "load_exercise",
    "load_roadmap",
    "load_unit",
    "suggest",
]
