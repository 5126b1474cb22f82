"""One learner: workspace files, attempts, progress, plan, placement, review, mastery."""

from gradus.learner.database import DamagedError
from gradus.learner.events import Event
from gradus.learner.layout import Laid
from gradus.learner.learner import Learner
from gradus.learner.records import (
    Answer,
    Evidence,
    ExerciseProgress,
    Forecast,
    Hint,
    Imported,
    LaidOut,
    Mastery,
    OutcomeMastery,
    Placement,
    PlacementTask,
    Plan,
    PlannedStage,
    PlannedUnit,
    PlanSettings,
    Progress,
    Question,
    ReviewItem,
    ReviewQueue,
    Rhythm,
    Solution,
    StageProgress,
    Step,
    UnitProgress,
    Way,
    Ways,
)
from gradus.learner.settings import Settings
from gradus.learner.store import NotSavedError, Store
from gradus.learner.workspace import Workspace

__all__ = [
    "Answer",
    "DamagedError",
    "Event",
    "Evidence",
    "ExerciseProgress",
    "Forecast",
    "Hint",
    "Imported",
    "Laid",
    "LaidOut",
    "Learner",
    "Mastery",
    "NotSavedError",
    "OutcomeMastery",
    "Placement",
    "PlacementTask",
    "Plan",
    "PlanSettings",
    "PlannedStage",
    "PlannedUnit",
    "Progress",
    "Question",
    "ReviewItem",
    "ReviewQueue",
    "Rhythm",
    "Settings",
    "Solution",
    "StageProgress",
    "Step",
    "Store",
    "UnitProgress",
    "Way",
    "Ways",
    "Workspace",
]
