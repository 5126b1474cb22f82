"""The shared statistics against what can be computed by hand, and their rates."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from gradus.checks.probes.resampling import (
    Interval,
    bootstrap,
    ece,
    ece_null,
    grouped_bootstrap,
    paired_bootstrap,
    permutation_p,
    permuted,
    resamples,
)


def accuracy(truth: Any, said: Any) -> float:
    return float((truth == said).mean())


def test_resamples_keep_groups_whole() -> None:
    units = np.array(["b", "a", "b", "c", "a", "b"])
    for rows in resamples(6, units, 50, np.random.default_rng(0)):
        drawn = {name: int((units[rows] == name).sum()) for name in "abc"}
        assert drawn["a"] % 2 == 0
        assert drawn["b"] % 3 == 0
        assert drawn["a"] / 2 + drawn["b"] / 3 + drawn["c"] == 3
    assert all(len(rows) == 6 for rows in resamples(6, None, 5, np.random.default_rng(0)))


def test_the_interval_of_a_mean_is_the_textbook_one() -> None:
    values = np.random.default_rng(1).normal(10, 2, size=400)
    found = bootstrap(lambda rows: values[rows].mean(), 400, np.random.default_rng(2), many=4000)
    half = 1.966 * values.std(ddof=1) / 20
    assert found.estimate == values.mean()
    assert found.low == pytest.approx(values.mean() - half, abs=0.05 * half)
    assert found.high == pytest.approx(values.mean() + half, abs=0.05 * half)


def test_few_units_give_wide_intervals_and_one_an_infinite_one() -> None:
    truth, ours = np.zeros(40), np.r_[np.zeros(30), np.ones(10)]
    rng = np.random.default_rng(0)
    rows = grouped_bootstrap(accuracy, truth, ours, np.arange(40), rng)
    groups = grouped_bootstrap(accuracy, truth, ours, np.arange(40) // 10, rng)
    assert groups.high - groups.low > 2 * (rows.high - rows.low)
    single = grouped_bootstrap(accuracy, truth, ours, np.zeros(40), rng)
    assert (single.low, single.high) == (-math.inf, math.inf)
    assert single.decision == "unresolved"


def test_decisions() -> None:
    assert Interval(0.2, 0.1, 0.3, 0.95, 9).decision == "better"
    assert Interval(-0.2, -0.3, -0.1, 0.95, 9).decision == "worse"
    assert Interval(0.2, 0.0, 0.3, 0.95, 9).decision == "unresolved"


def test_pairing_resolves_what_two_intervals_do_not() -> None:
    rng = np.random.default_rng(3)
    truth = rng.integers(2, size=300)
    theirs = np.where(rng.random(300) < 0.7, truth, 1 - truth)
    ours = theirs.copy()
    wrong = np.flatnonzero(theirs != truth)[:12]
    ours[wrong] = truth[wrong]
    assert paired_bootstrap(accuracy, truth, ours, theirs, rng).decision == "better"
    assert paired_bootstrap(accuracy, truth, theirs, ours, rng).decision == "worse"
    assert paired_bootstrap(accuracy, truth, ours, ours, rng).decision == "unresolved"
    with pytest.raises(ValueError, match="same rows"):
        paired_bootstrap(accuracy, truth, ours[:9], theirs, rng)


def test_coverage_of_paired_and_grouped_intervals() -> None:
    """Coverage over 100 simulations; 95 % intervals miss more than 18 of 100 less than once in a million."""
    rows = groups = ignored = 0
    for seed in range(100):
        rng = np.random.default_rng([seed, 7])
        truth = np.zeros(60)
        ours, theirs = (rng.random(60) > 0.8) * 1.0, (rng.random(60) > 0.7) * 1.0
        found = paired_bootstrap(accuracy, truth, ours, theirs, rng, many=200)
        rows += found.low <= 0.1 <= found.high
        units = np.repeat(np.arange(12), 30)
        truth, better = np.zeros(360), rng.choice([-0.25, 0.25], size=12)[units]
        ours, theirs = (rng.random(360) > 0.7 + better) * 1.0, (rng.random(360) > 0.7) * 1.0
        found = paired_bootstrap(accuracy, truth, ours, theirs, rng, units=units, many=200)
        groups += found.low <= 0 <= found.high
        found = paired_bootstrap(accuracy, truth, ours, theirs, rng, many=200)
        ignored += found.low <= 0 <= found.high
    assert rows >= 82
    assert groups >= 82
    assert ignored < 82


def test_resamples_without_a_class_are_left_out() -> None:
    truth = np.r_[1, np.zeros(9)]

    def recall(y: Any, said: Any) -> float:
        return float(said[y == 1].mean()) if (y == 1).any() else math.nan

    found = grouped_bootstrap(recall, truth, np.ones(10), np.arange(10), np.random.default_rng(0))
    assert (found.low, found.high) == (1.0, 1.0)


def test_permutation_p_counts_the_observed_one() -> None:
    assert permutation_p(2.0, [0.0, 1.0, 2.0]) == 0.5
    assert permutation_p(3.0, [0.0, 1.0, 2.0]) == 0.25
    assert permutation_p(0.1 + 0.2, [0.3] * 3) == 1.0
    rng = np.random.default_rng(0)
    small = sum(permutation_p(rng.normal(), rng.normal(size=19)) <= 0.05 for _ in range(2000))
    assert 60 <= small <= 145  # 100 expected; a million to one


def test_permuted_labels_move_whole_units_where_these_have_one_label() -> None:
    rng = np.random.default_rng(0)
    units = np.repeat(np.arange(20), 3)
    labels = np.repeat(np.arange(20), 3)
    new = permuted(labels, rng, units)
    assert sorted(new.tolist()) == labels.tolist()
    assert all(len(set(new[units == unit])) == 1 for unit in range(20))
    assert (new != labels).any()
    mixed = permuted(np.arange(60), rng, units)
    assert sorted(mixed.tolist()) == list(range(60))
    assert permuted(np.array(["a", "b"] * 4), rng).dtype.kind == "U"


def test_ece_by_hand() -> None:
    y, p = np.array([0, 1, 1, 1]), np.array([0.1, 0.3, 0.9, 1.0])
    assert ece(y, p, 2) == pytest.approx((abs(1 - 0.4) + abs(2 - 1.9)) / 4)
    assert ece(y, p, [0, 0.2, 1]) == pytest.approx((0.1 + abs(3 - 2.2)) / 4)
    assert ece([1, 0], [0.5, 0.5], 2) == 0
    with pytest.raises(ValueError, match="between 0 and 1"):
        ece([1], [1.2])


def test_the_null_of_the_calibration_error() -> None:
    rng = np.random.default_rng(0)
    p = rng.random(200)
    null = ece_null(p, rng, many=2000)
    assert null.shape == (2000,)
    assert 0.06 < null.mean() < 0.08
    drawn = np.array([ece((rng.random(200) < p), p) for _ in range(2000)])
    assert null.mean() == pytest.approx(drawn.mean(), abs=0.003)
    assert np.quantile(null, 0.95) == pytest.approx(np.quantile(drawn, 0.95), abs=0.006)
    assert ece_null(np.array([0.0, 1.0]), rng, many=5).tolist() == [0.0] * 5
    assert len(ece_null(rng.random(5000), rng, many=1000)) == 1000
