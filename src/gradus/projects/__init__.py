"""How a folder of files is run and talked to: a sandbox of its own, commands, services, probes.

It knows nothing of the curriculum. Names are imported when they are first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gradus.projects.authoring import CheckFailed, Mistake, Probe, ProbeSet, fail, load_probes, mistake, probe
    from gradus.projects.errors import (
        BadAnswer,
        CannotRun,
        CommandFailed,
        MissingFile,
        NoAnswer,
        NotFound,
        NotReady,
        OverLimit,
        ProjectFault,
    )
    from gradus.projects.http import Answer
    from gradus.projects.quarters import Bounds
    from gradus.projects.workbench import Finished, Service, Workbench

_HOMES = {
    "Answer": "http",
    "BadAnswer": "errors",
    "Bounds": "quarters",
    "CannotRun": "errors",
    "CheckFailed": "authoring",
    "CommandFailed": "errors",
    "Finished": "workbench",
    "MissingFile": "errors",
    "Mistake": "authoring",
    "NoAnswer": "errors",
    "NotFound": "errors",
    "NotReady": "errors",
    "OverLimit": "errors",
    "Probe": "authoring",
    "ProbeSet": "authoring",
    "ProjectFault": "errors",
    "Service": "workbench",
    "Workbench": "workbench",
    "fail": "authoring",
    "load_probes": "authoring",
    "mistake": "authoring",
    "probe": "authoring",
}

__all__ = [
    "Answer",
    "BadAnswer",
    "Bounds",
    "CannotRun",
    "CheckFailed",
    "CommandFailed",
    "Finished",
    "MissingFile",
    "Mistake",
    "NoAnswer",
    "NotFound",
    "NotReady",
    "OverLimit",
    "Probe",
    "ProbeSet",
    "ProjectFault",
    "Service",
    "Workbench",
    "fail",
    "load_probes",
    "mistake",
    "probe",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"gradus.projects.{_HOMES[name]}"), name)
