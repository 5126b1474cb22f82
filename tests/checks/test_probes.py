"""Every probe finds the faults planted for it and passes honest code; the docstrings' figures come from more rounds.

Set GRADUS_PROBE_ROUNDS=1000 to measure what the docstrings say.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from gradus.checks import Behaviour, CheckFailed, call, probes

ROUNDS = int(os.environ.get("GRADUS_PROBE_ROUNDS", "40"))


def found(probe: Behaviour, rounds: int = ROUNDS, **functions: Callable[..., Any]) -> int:
    """How often a probe says that these functions do not have the property."""
    times = 0
    for seed in range(rounds):
        try:
            with np.errstate(all="ignore"):
                probe.run(SimpleNamespace(_mutated=False, **functions), np.random.default_rng([seed, 5]))
        except CheckFailed:
            times += 1
    return times


def table(rng: np.random.Generator) -> Any:
    return rng.normal(3, 2, size=(int(rng.integers(3, 12)), 3)) * [1, 5, 30]


def standardize(X: Any) -> Any:
    return (X - X.mean(axis=0)) / X.std(axis=0)


def softmax(z: Any) -> Any:
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def naive_softmax(z: Any) -> Any:
    return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)


def global_softmax(z: Any) -> Any:
    e = np.exp(z - z.max())
    return e / e.sum(axis=1, keepdims=True)


# --------------------------------------------------------------------------------------------------- permutation


@pytest.mark.parametrize("honest", [standardize, softmax, lambda X: X**2 + 1, lambda X: X - np.median(X, axis=0)])
def test_permutation_of_rows_passes_honest_work(honest: Callable[[Any], Any]) -> None:
    assert found(probes.permutation(of="f", make=table), f=honest) == 0


@pytest.mark.parametrize(
    "faulty",
    [lambda X: np.cumsum(X, axis=0), lambda X: X - X[0], lambda X: np.sort(X, axis=0)],
    ids=["running sum", "first row apart", "sorted"],
)
def test_permutation_of_rows_finds_planted_faults(faulty: Callable[[Any], Any]) -> None:
    assert found(probes.permutation(of="f", make=table), f=faulty) == ROUNDS


def test_permutation_knows_invariance_and_columns() -> None:
    rows = probes.permutation(of="f", make=table, output=None)
    assert found(rows, f=lambda X: X.mean(axis=0)) == 0
    assert found(rows, f=lambda X: X[0] - X.mean(axis=0)) == ROUNDS
    columns = probes.permutation(of="f", make=table, axis=1, output=1)
    assert found(columns, f=standardize) == 0
    assert found(columns, f=lambda X: X - X[:, :1]) == ROUNDS


def test_permutation_moves_several_arguments_together() -> None:
    def make(rng: np.random.Generator) -> Any:
        return rng.normal(size=(9, 2)), rng.normal(size=9)

    probe = probes.permutation(of="fit", make=make, args=(0, 1), output=None)
    assert found(probe, fit=lambda X, y: np.linalg.lstsq(X, y, rcond=None)[0]) == 0
    assert found(probe, fit=lambda X, y: X[: len(X) // 2].T @ y[: len(X) // 2]) >= 0.97 * ROUNDS


def test_permutation_reorders_frames_and_lists() -> None:
    def frame(rng: np.random.Generator) -> Any:
        return pd.DataFrame({"a": rng.normal(size=6), "b": rng.normal(size=6)}, index=list("uvwxyz"))

    assert found(probes.permutation(of="f", make=frame), 5, f=lambda df: df * 2) == 0
    assert found(probes.permutation(of="f", make=frame), 5, f=lambda df: df.cumsum()) == 5
    numbers = probes.permutation(of="f", make=lambda rng: call(rng.normal(size=5).tolist()))
    assert found(numbers, f=lambda xs: [x + 1 for x in xs]) == 0
    assert found(numbers, f=sorted) == ROUNDS


def test_relabel_follows_the_names_of_classes() -> None:
    def labels(rng: np.random.Generator) -> Any:
        return rng.normal(size=(12, 2)), rng.permutation(np.arange(12) % 3), rng.normal(size=(4, 2))

    def nearest(X: Any, y: Any, new: Any) -> Any:
        means = np.stack([X[y == k].mean(axis=0) for k in range(3)])
        return ((new[:, None] - means) ** 2).sum(axis=2).argmin(axis=1)

    probe = probes.relabel(of="f", make=labels, arg=1)
    assert found(probe, f=nearest) == 0
    assert found(probe, f=lambda X, y, new: np.ones(len(new), dtype=int)) == ROUNDS
    one_hot = probes.relabel(of="f", make=lambda rng: call(rng.permutation(np.arange(10) % 4)), arg=0, output=1)
    assert found(one_hot, f=lambda y: np.eye(4)[y]) == 0
    assert found(one_hot, f=lambda y: np.eye(4)[np.maximum(y, 1)]) == ROUNDS


# -------------------------------------------------------------------------------------------------- equivariance


def test_equivariance_passes_honest_statistics() -> None:
    for honest, shift, scale in (
        (lambda X: X.mean(axis=0), "follows", "follows"),
        (lambda X: X.std(axis=0), "same", "follows"),
        (lambda X: X.var(axis=0), "same", "squares"),
        (standardize, "same", "same"),
    ):
        probe = probes.equivariance(of="f", make=table, shift=shift, scale=scale)
        assert found(probe, f=honest) == 0


def test_equivariance_finds_planted_faults() -> None:
    same = probes.equivariance(of="f", make=table, shift="same", scale="same")
    assert found(same, f=lambda X: (X - X.mean(axis=0)) / (X.std(axis=0) + 0.1)) == ROUNDS
    assert found(same, f=lambda X: X / X.std(axis=0)) == ROUNDS
    spread = probes.equivariance(of="f", make=table, shift="same", scale="squares")
    assert found(spread, f=lambda X: X.std(axis=0)) == ROUNDS
    follows = probes.equivariance(of="f", make=table, shift=lambda answer, amount: answer + amount)
    assert found(follows, f=lambda X: X.mean(axis=0)) == 0
    assert found(follows, f=lambda X: np.sqrt((X**2).mean(axis=0))) == ROUNDS


def test_equivariance_reaches_into_dicts_and_lists() -> None:
    probe = probes.equivariance(of="f", make=lambda rng: call(rng.normal(size=8).tolist()), scale="follows")
    assert found(probe, f=lambda xs: {"low": min(xs), "high": max(xs)}) == 0
    assert found(probe, f=lambda xs: {"low": min(xs), "count": float(len(xs))}) == ROUNDS


# ------------------------------------------------------------------------------------------------------ gradient


def regression(rng: np.random.Generator) -> Any:
    n, d = int(rng.integers(5, 20)), int(rng.integers(2, 6))
    X = rng.normal(size=(n, d))
    return rng.normal(size=d), X, X @ rng.normal(size=d) + rng.normal(size=n)


def squared_loss(w: Any, X: Any, y: Any) -> float:
    return float(((X @ w - y) ** 2).mean() + 0.01 * (w**2).sum())


def squared_slope(w: Any, X: Any, y: Any) -> Any:
    return 2 * X.T @ (X @ w - y) / len(y) + 0.02 * w


def classes(rng: np.random.Generator) -> Any:
    n, d = int(rng.integers(5, 20)), int(rng.integers(2, 6))
    return rng.normal(size=d), rng.normal(size=(n, d)), rng.integers(0, 2, size=n)


def log_loss(w: Any, X: Any, y: Any) -> float:
    z = X @ w
    return float((np.logaddexp(0, z) - y * z).mean())


def log_slope(w: Any, X: Any, y: Any) -> Any:
    return X.T @ (1 / (1 + np.exp(-(X @ w))) - y) / len(y)


def network(rng: np.random.Generator) -> Any:
    return rng.normal(size=(3, 4)), rng.normal(size=4), rng.normal(size=(6, 3)), rng.normal(size=6)


def net_loss(W: Any, v: Any, X: Any, y: Any) -> float:
    return float(((np.tanh(X @ W) @ v - y) ** 2).mean())


def net_slope(W: Any, v: Any, X: Any, y: Any) -> Any:
    h = np.tanh(X @ W)
    error = 2 * (h @ v - y) / len(y)
    return X.T @ (error[:, None] * v * (1 - h**2)), h.T @ error


def test_gradient_passes_honest_work() -> None:
    squares = probes.gradient(of="slope", loss="loss", make=regression)
    assert found(squares, loss=squared_loss, slope=squared_slope) == 0
    logistic = probes.gradient(of="slope", loss=log_loss, make=classes)
    assert found(logistic, slope=log_slope) == 0
    net = probes.gradient(of="slope", loss=net_loss, make=network, wrt=(0, 1))
    assert found(net, slope=net_slope) == 0
    plain = probes.gradient(of="slope", loss=lambda x: x**3, make=lambda rng: call(float(rng.normal())))
    assert found(plain, slope=lambda x: 3 * x**2) == 0


@pytest.mark.parametrize(
    "faulty",
    [
        lambda w, X, y: -squared_slope(w, X, y),
        lambda w, X, y: X.T @ (X @ w - y) / len(y) + 0.02 * w,
        lambda w, X, y: 2 * X.T @ (X @ w - y) + 0.02 * w,
        lambda w, X, y: 2 * X.T @ (X @ w - y) / len(y),
        lambda w, X, y: squared_slope(w, X, y) + np.eye(len(w))[0] * 1e-3,
        lambda w, X, y: squared_slope(w, X, y)[:, None],
    ],
    ids=["sign", "factor", "sum", "penalty", "one entry", "shape"],
)
def test_gradient_finds_planted_faults(faulty: Callable[..., Any]) -> None:
    probe = probes.gradient(of="slope", loss="loss", make=regression)
    assert found(probe, loss=squared_loss, slope=faulty) == ROUNDS


def test_gradient_leaves_kinks_out() -> None:
    def make(rng: np.random.Generator) -> Any:
        return call(np.array([0.0, 1.0, -2.0, *rng.normal(size=3)]))

    probe = probes.gradient(of="slope", loss=lambda x: float(np.abs(x).sum()), make=make)
    assert found(probe, slope=np.sign) == 0
    assert found(probe, slope=lambda x: np.sign(x) * 1.01) == ROUNDS


# ---------------------------------------------------------------------------------------------------- randomness


def draw(n: int, rng: np.random.Generator) -> Any:
    return rng.normal(size=n)


def test_determinism_passes_honest_work() -> None:
    for case in (lambda rng: call(10), lambda rng: call(int(rng.integers(10, 50)))):
        assert found(probes.determinism(of="f", make=case), f=draw) == 0
    assert found(probes.determinism(of="f", make=lambda rng: call(12), rng=1), f=draw) == 0
    seeds = probes.determinism(of="f", make=lambda rng: call(12), rng="seed", seeds=True)
    assert found(seeds, f=lambda n, seed: np.random.default_rng(seed).random(n)) == 0


@pytest.mark.parametrize(
    "faulty",
    [
        lambda n, rng: np.random.normal(size=n),
        lambda n, rng: np.random.default_rng(0).normal(size=n),
        lambda n, rng: rng.normal(size=n) + time.perf_counter_ns() % 997,
    ],
    ids=["global", "constant seed", "clock"],
)
def test_determinism_finds_planted_faults(faulty: Callable[..., Any]) -> None:
    probe = probes.determinism(of="f", make=lambda rng: call(10))
    assert found(probe, f=faulty) >= ROUNDS - (ROUNDS // 200)


def test_the_stochastic_band_passes_honest_shares() -> None:
    for p in (0.05, 0.5, 0.95):
        probe = probes.stochastic_band(
            of="f", make=lambda rng, p=p: call(p, 200), statistic=np.mean, expected=lambda p, n: p,
            deviation=lambda p, n: (p * (1 - p) / n) ** 0.5, draws=8,
        )  # fmt: skip
        assert found(probe, 5 * ROUNDS, f=lambda p, n, rng: rng.random(n) < p) == 0


def test_the_stochastic_band_finds_a_wrong_share() -> None:
    probe = probes.stochastic_band(
        of="f", make=lambda rng: call(0.3, 1000), statistic=np.mean, expected=0.3, deviation=(0.21 / 1000) ** 0.5
    )
    assert found(probe, f=lambda p, n, rng: rng.random(n) < p) == 0
    assert found(probe, f=lambda p, n, rng: rng.random(n) < p + 0.05) == ROUNDS
    assert found(probe, f=lambda p, n, rng: np.full(n, np.nan)) == ROUNDS


# ------------------------------------------------------------------------------------------------------ numerics


def logits(rng: np.random.Generator) -> Any:
    return rng.normal(0, 3, size=(int(rng.integers(2, 8)), 4))


def test_numerics_passes_a_shifted_softmax() -> None:
    probe = probes.numerics(of="f", make=logits, offsets=(1e4, -1e4), zeros=True, float32=True, mixed=True)
    assert found(probe, f=softmax) == 0
    sums = probes.numerics(of="f", make=logits, offsets=(1e4, -1e4), invariant=False, zeros=True, mixed=True)
    assert found(sums, f=lambda z: z.max(axis=1) + np.log(np.exp(z - z.max(axis=1, keepdims=True)).sum(axis=1))) == 0


def test_numerics_finds_planted_faults() -> None:
    offsets = probes.numerics(of="f", make=logits, offsets=(1e4, -1e4))
    assert found(offsets, f=naive_softmax) == ROUNDS
    mixed = probes.numerics(of="f", make=logits, mixed=True)
    assert found(mixed, f=global_softmax) == ROUNDS
    assert found(offsets, f=global_softmax) == 0, "offsets alone do not tell it: that is what `mixed` is for"
    zeros = probes.numerics(of="f", make=logits, zeros=True)
    assert found(zeros, f=lambda z: z / np.abs(z).max()) == ROUNDS
    single = probes.numerics(of="f", make=logits, float32=True)
    assert found(single, f=lambda z: z * (2.0 if z.dtype == np.float64 else 1.0)) == ROUNDS


def test_numerics_wants_something_to_do() -> None:
    with pytest.raises(ValueError, match="at least one"):
        probes.numerics(of="f", make=logits)
