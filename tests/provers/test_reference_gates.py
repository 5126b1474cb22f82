"""The reference project of milestone 5: its monitor is credible, its release is gated."""

import numpy as np
import pytest

from gradus.provers import drift, release


@pytest.mark.slow
def test_the_reference_monitor_is_credible(made_project):
    probes = list(drift.examine(made_project, np.random.default_rng(11), streams=60))
    assert [(probe.id, probe.outcome) for probe in probes] == [
        ("monitor_answers", "passed"),
        ("monitor_quiet", "passed"),
        ("monitor_awake", "passed"),
    ], [probe.message for probe in probes]


@pytest.mark.slow
def test_the_reference_release_is_gated(made_project):
    probes = list(release.examine(made_project, np.random.default_rng(12)))
    assert {probe.outcome for probe in probes} == {"passed"}, [probe.message for probe in probes]
    assert len(probes) == 7
