"""The release prover: a workflow is read, held against GitHub's schema, and its steps are run here.

Parts that project exercises use: :func:`parse_workflow`, :func:`simulate` with a :class:`Plan`, and
:func:`why_released`, which names what let a planted regression out.
"""

from gradus.provers.release.naming import FAULTS, first_release, why_released
from gradus.provers.release.prover import examine
from gradus.provers.release.records import Plan, Ran, Step
from gradus.provers.release.runner import simulate
from gradus.provers.release.workflow import BadWorkflow, Workflow, parse_workflow, read_workflow

__all__ = [
    "FAULTS",
    "BadWorkflow",
    "Plan",
    "Ran",
    "Step",
    "Workflow",
    "examine",
    "first_release",
    "parse_workflow",
    "read_workflow",
    "simulate",
    "why_released",
]
