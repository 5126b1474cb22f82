"""The reproduction prover: does a clean clone of the project give the committed metrics again?"""

from gradus.provers.reproduction.prover import examine

__all__ = ["examine"]
