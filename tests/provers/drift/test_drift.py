"""The drift prover names every planted fault of a monitor and lets honest ones pass."""

import csv

import numpy as np
import pytest

from gradus.errors import UsageError
from gradus.provers.drift import examine
from tests.provers.drift.monitors import FAULTY, HONEST

TOML = """
[offline]
rows = "rows.csv"
target = "bought"
[monitor]
check = "monitor:alarm"
feature = "{feature}"
n = {n}
shift = {shift}
power = {power}
"""
COLUMNS = ("age", "income", "visits", "children", "distance", "rating", "bought")


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(2)
    n = 600
    return list(
        zip(
            rng.normal(40, 12, n).round(1).tolist(),
            rng.lognormal(10, 0.5, n).round().tolist(),
            rng.poisson(3, n).tolist(),
            rng.integers(0, 4, n).tolist(),
            rng.exponential(5, n).round(2).tolist(),
            rng.normal(0, 1, n).round(3).tolist(),
            rng.integers(0, 2, n).tolist(),
            strict=True,
        )
    )


def project(folder, monitor, rows, feature="age", n=200, shift=0.5, power=0.8):
    (folder / "monitor.py").write_text(monitor)
    (folder / "service.toml").write_text(TOML.format(feature=feature, n=n, shift=shift, power=power))
    with (folder / "rows.csv").open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    return folder


def failed(probes):
    return [probe.measured["fault"] for probe in probes if probe.outcome == "failed"]


@pytest.mark.parametrize("name", FAULTY)
def test_each_planted_fault_is_named(name, tmp_path, rows):
    probes = list(examine(project(tmp_path, FAULTY[name], rows), np.random.default_rng(7), streams=40))
    faults = failed(probes)
    assert faults, [probe.message for probe in probes]
    assert name.startswith(faults[0]), (faults, [probe.message for probe in probes])


@pytest.mark.parametrize("name", HONEST)
def test_honest_monitors_pass(name, tmp_path, rows):
    probes = list(examine(project(tmp_path, HONEST[name], rows), np.random.default_rng(8), streams=40))
    assert failed(probes) == [], [probe.message for probe in probes]
    assert [probe.id for probe in probes] == ["monitor_answers", "monitor_quiet", "monitor_awake"]
    quiet, awake = probes[1:]
    assert quiet.measured["all"]["streams"] == 120
    assert quiet.measured["all"]["rate"] <= quiet.measured["all"]["upper95"] < 0.2
    assert awake.measured["n"]["200"]["rate"] > 0.5


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"power": 0.1}, "unclear_claim"),
        ({"shift": 30}, "unclear_claim"),
        ({"n": 2}, "unclear_claim"),
        ({"feature": "height"}, "no_feature"),
    ],
)
def test_a_claim_that_says_nothing_is_refused(changes, fault, tmp_path, rows):
    folder = project(tmp_path, HONEST["means_bonferroni"], rows, **changes)
    assert failed(examine(folder, np.random.default_rng(0))) == [fault]


def test_too_few_rows_to_draw_from(tmp_path, rows):
    folder = project(tmp_path, HONEST["means_bonferroni"], rows[:20])
    assert failed(examine(folder, np.random.default_rng(0))) == ["too_few_rows"]


def test_no_declaration(tmp_path):
    with pytest.raises(UsageError):
        list(examine(tmp_path, np.random.default_rng(0)))
    (tmp_path / "service.toml").write_text("[service]\n")
    assert failed(examine(tmp_path, np.random.default_rng(0))) == ["missing"]


def test_the_messages_say_what_was_seen(tmp_path, rows):
    probes = list(examine(project(tmp_path, FAULTY["fixed_psi_threshold"], rows), np.random.default_rng(7), streams=40))
    message = next(probe.message for probe in probes if probe.outcome == "failed")
    assert "n = 40" in message
    assert "allowed: 5%" in message
    assert "2 × (bins - 1) / n" in message
