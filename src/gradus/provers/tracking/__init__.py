"""The tracking prover: is what the deployed model's run claims true? Artifact, files, metric and choice."""

from gradus.provers.tracking.prover import examine

__all__ = ["examine"]
