"""What the older probes learned for classical models: drivers for classes, any names of classes, ranks, rotations."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from gradus.checks import Behaviour, CheckFailed, call, probes

ROUNDS = 25


def found(probe: Behaviour, rounds: int = ROUNDS, **names: Any) -> int:
    times = 0
    for seed in range(rounds):
        try:
            with np.errstate(all="ignore"):
                probe.run(SimpleNamespace(_mutated=False, **names), np.random.default_rng([seed, 3]))
        except CheckFailed:
            times += 1
    return times


class Nearest:
    """The label of the nearest training row; classes have names."""

    def fit(self, X: Any, y: Any) -> Nearest:
        self.X, self.y = np.asarray(X), np.asarray(y)
        self.classes_ = np.unique(y)
        return self

    def distances(self, X: Any) -> Any:
        return ((np.asarray(X)[:, None] - self.X) ** 2).sum(axis=2)

    def predict(self, X: Any) -> Any:
        return self.y[self.distances(X).argmin(axis=1)]

    def predict_proba(self, X: Any) -> Any:
        return (self.predict(X)[:, None] == self.classes_).astype(float)


class ByColumn(Nearest):
    """Not rotation invariant: city-block distance."""

    def distances(self, X: Any) -> Any:
        return np.abs(np.asarray(X)[:, None] - self.X).sum(axis=2)


class FirstRow(Nearest):
    """Treats the first training row apart."""

    def fit(self, X: Any, y: Any) -> FirstRow:
        super().fit(X, y)
        self.X = self.X - self.X[0]
        return self


def labeled(rng: np.random.Generator) -> Any:
    y = np.array(["low", "mid", "high"])[rng.permutation(np.arange(15) % 3)]
    return rng.normal(size=(15, 3)), y, rng.normal(size=(6, 3))


def predict(submission: Any, X: Any, y: Any, new: Any) -> Any:
    return submission.Model().fit(X, y).predict(new)


def chances(submission: Any, X: Any, y: Any, new: Any) -> Any:
    return submission.Model().fit(X, y).predict_proba(new)


def test_permutation_of_training_rows_through_a_driver() -> None:
    rows = probes.permutation(of="Model", make=labeled, args=(0, 1), output=None, run=predict)
    assert found(rows, Model=Nearest) == 0
    assert found(rows, Model=FirstRow) >= 0.9 * ROUNDS
    columns = probes.permutation(of="Model", make=labeled, args=(0, 2), axis=1, output=None, run=predict)
    assert found(columns, Model=Nearest) == 0


def test_relabel_knows_names_and_columns_of_classes() -> None:
    names = probes.relabel(of="Model", make=labeled, arg=1, run=predict)
    assert found(names, Model=Nearest) == 0

    class Highest(Nearest):
        def predict(self, X: Any) -> Any:
            return np.repeat(self.classes_[0], len(X))

    assert found(names, Model=Highest) == ROUNDS
    columns = probes.relabel(of="Model", make=labeled, arg=1, output=1, run=chances)
    assert found(columns, Model=Nearest) == 0

    class InOrderOfAppearance(Nearest):
        def fit(self, X: Any, y: Any) -> Any:
            super().fit(X, y)
            self.classes_ = self.y[np.sort(np.unique(self.y, return_index=True)[1])]
            return self

    assert found(columns, Model=InOrderOfAppearance) >= 0.6 * ROUNDS


def test_rotation_changes_no_distance() -> None:
    turned = probes.equivariance(of="Model", make=labeled, rotation=True, arg=(0, 2), run=predict)
    assert found(turned, Model=Nearest) == 0
    assert found(turned, Model=ByColumn) >= 0.3 * ROUNDS  # six predictions change or not


def test_monotone_changes_no_rank() -> None:
    def scored(rng: np.random.Generator) -> Any:
        return rng.permutation(np.arange(20) % 2), np.round(rng.normal(size=20), 1)

    def auc(y: Any, s: Any) -> float:
        gaps = s[y == 1][:, None] - s[y == 0]
        return float(((gaps > 0) + 0.5 * (gaps == 0)).mean())

    ranks = probes.equivariance(of="f", make=scored, monotone=True, arg=1)
    assert found(ranks, f=auc) == 0
    assert found(ranks, f=lambda y, s: float(s[y == 1].mean() - s[y == 0].mean())) == ROUNDS
    assert found(ranks, f=lambda y, s: auc(y, (s > 0.5) * 1.0)) >= 0.8 * ROUNDS
    as_list = probes.equivariance(of="f", make=lambda rng: call([3.0, 1.0, 2.0]), monotone=True)
    assert found(as_list, f=lambda x: int(np.argmax(x))) == 0


def test_equivariance_wants_to_know_what_to_do() -> None:
    with pytest.raises(ValueError, match="rotation"):
        probes.equivariance(of="f", make=labeled)


def test_numerics_and_determinism_through_a_driver() -> None:
    class Softmax:
        def __init__(self, safe: bool) -> None:
            self.safe = safe

        def apply(self, z: Any) -> Any:
            e = np.exp(z - z.max(axis=1, keepdims=True) * self.safe)
            return e / e.sum(axis=1, keepdims=True)

    def logits(rng: np.random.Generator) -> Any:
        return call(rng.normal(size=(4, 3)))

    probe = probes.numerics(
        of="model", make=logits, offsets=(1e4, -1e4), mixed=True, float32=True, run=lambda s, z: s.model.apply(z)
    )
    assert found(probe, 5, model=Softmax(safe=True)) == 0
    assert found(probe, 5, model=Softmax(safe=False)) == 5

    class Bagged:
        def __init__(self, random_state: int) -> None:
            self.seed = random_state

        def draw(self, n: int) -> Any:
            return np.random.default_rng(self.seed).integers(n, size=n)

    class Fixed(Bagged):
        def draw(self, n: int) -> Any:
            return np.random.default_rng(0).integers(n, size=n)

    seeded = probes.determinism(
        of="Bagged", make=lambda rng: call(20), rng="random_state", seeds=True,
        run=lambda s, n, random_state: s.Bagged(random_state).draw(n),
    )  # fmt: skip
    assert found(seeded, 5, Bagged=Bagged) == 0
    assert found(seeded, 5, Bagged=Fixed) == 5
