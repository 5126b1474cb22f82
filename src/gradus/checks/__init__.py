"""The vocabulary authors write checks in; `compare` and `probes` are submodules of their own."""

from gradus.checks.authoring import (
    UNSET,
    Behaviour,
    Call,
    CaseGroup,
    CheckFailed,
    File,
    Folder,
    Misconception,
    Valid,
    behaviour,
    call,
    cases,
    fail,
    misconception,
    valid,
)
from gradus.checks.load import CheckSet, Way, Wrong, load_checks

__all__ = [
    "UNSET",
    "Behaviour",
    "Call",
    "CaseGroup",
    "CheckFailed",
    "CheckSet",
    "File",
    "Folder",
    "Misconception",
    "Valid",
    "Way",
    "Wrong",
    "behaviour",
    "call",
    "cases",
    "fail",
    "load_checks",
    "misconception",
    "valid",
]
