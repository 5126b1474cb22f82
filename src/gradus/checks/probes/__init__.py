"""Ready-made behaviours: properties that experts probe for. Assign one to a name at the module level of a `checks.py`.

Each is tested with planted faults that it must find and with honest code that it must pass; the docstrings say what was
measured (tests/checks/test_probes.py repeats it on a smaller scale).
"""

from gradus.checks.probes.base import input_untouched
from gradus.checks.probes.equivariance import equivariance
from gradus.checks.probes.gradient import gradient
from gradus.checks.probes.numerics import numerics
from gradus.checks.probes.permutation import permutation, relabel
from gradus.checks.probes.randomness import determinism, stochastic_band

__all__ = [
    "determinism",
    "equivariance",
    "gradient",
    "input_untouched",
    "numerics",
    "permutation",
    "relabel",
    "stochastic_band",
]
