"""Ready-made behaviours: properties that experts probe for. Assign one to a name at the module level of a `checks.py`.

Each is tested with planted faults that it must find and with honest code that it must pass; the docstrings say what was
measured (tests/checks/test_probes*.py repeat it on a smaller scale; `python -m bench.probes` measures anew).
"""

from gradus.checks.probes.base import input_untouched
from gradus.checks.probes.baseline import beats_baseline
from gradus.checks.probes.calibration import calibration
from gradus.checks.probes.equivariance import equivariance
from gradus.checks.probes.fit_spy import fit_spy
from gradus.checks.probes.future_cut import future_cut
from gradus.checks.probes.gradient import gradient
from gradus.checks.probes.heldout import heldout_edit
from gradus.checks.probes.null_labels import null_labels
from gradus.checks.probes.numerics import numerics
from gradus.checks.probes.permutation import permutation, relabel
from gradus.checks.probes.randomness import determinism, stochastic_band
from gradus.checks.probes.split_audit import split_audit

__all__ = [
    "beats_baseline",
    "calibration",
    "determinism",
    "equivariance",
    "fit_spy",
    "future_cut",
    "gradient",
    "heldout_edit",
    "input_untouched",
    "null_labels",
    "numerics",
    "permutation",
    "relabel",
    "split_audit",
    "stochastic_band",
]
