"""Provers: each examines one side of a deployed model (service, tracking, drift, …) by running it and probing it.

A prover is a function ``examine(...)`` that yields one :class:`Probe` after another, as soon as each is known.
A failed probe names its fault: ``probe.measured["fault"]`` is the fault's stable id.
"""

from gradus.provers.report import Probe, ProbeOutcome

__all__ = ["Probe", "ProbeOutcome"]
