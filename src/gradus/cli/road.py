"""The road as JSON: stable keys that other programs read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gradus.roadmap import Exercise, Roadmap, Stage, Unit

Json = dict[str, Any]


def road_json(roadmap: Roadmap) -> Json:
    """``gradus roadmap --json``."""
    units = roadmap.units
    return {
        "title": roadmap.title,
        "promise": roadmap.promise,
        "counts": {
            "stages": len(roadmap.stages),
            "units": len(units),
            "units_ready": sum(not unit.coming for unit in units),
            "exercises": len(roadmap.exercises),
            "outcomes": sum(len(unit.outcomes) for unit in units),
            "cards": sum(_cards(unit) for unit in units),
        },
        "tracks": [{"id": track.id, "title": track.title, "focus": track.focus} for track in roadmap.tracks],
        "stages": [_stage(stage) for stage in roadmap.stages],
    }


def _stage(stage: Stage) -> Json:
    return {
        "id": stage.id,
        "number": stage.number,
        "title": stage.title,
        "summary": stage.summary,
        "weeks": list(stage.weeks) if stage.weeks else None,
        "can_do": list(stage.can_do),
        "milestone": {"title": stage.milestone.title, "statement": stage.milestone.statement},
        "counts": {"units": len(stage.units), "exercises": len(stage.exercises)},
        "units": [_unit(unit) for unit in stage.units],
    }


def _unit(unit: Unit) -> Json:
    return {
        "id": unit.id,
        "number": unit.number,
        "title": unit.title,
        "summary": unit.summary,
        "status": "coming" if unit.coming else "ready",
        "minutes": unit.minutes,
        "requires": list(unit.requires),
        "placement": unit.placement,
        "outcomes": [{"id": outcome.id, "can": outcome.can} for outcome in unit.outcomes],
        "counts": {"exercises": len(unit.exercises), "cards": _cards(unit), "outcomes": len(unit.outcomes)},
        "exercises": [_exercise(exercise) for exercise in unit.exercises],
    }


def _exercise(exercise: Exercise) -> Json:
    return {
        "id": exercise.id,
        "title": exercise.title,
        "difficulty": exercise.difficulty,
        "minutes": exercise.minutes,
        "skills": list(exercise.skills),
        "kind": exercise.kind,
        "provides": list(exercise.provides),
        "libraries": exercise.libraries,
    }


def _cards(unit: Unit) -> int:
    from gradus.roadmap import card_ids

    return len(card_ids(unit))
