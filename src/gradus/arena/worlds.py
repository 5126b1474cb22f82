"""Simulated worlds: the process that makes the data is known, and so is the best prediction that anybody could make.

A world draws what is never missing (its ``base``: a segment and the time), then features that are independent of each
other given the base, then the outcome from ``signal``. With missing values the best prediction averages the signal over
what the hidden values could have been, weighted by how likely each was to be hidden (they are hidden the more the
larger they are, so that being missing tells something). With drift, base and signal move with time, and the test rows
are the later ones. A leak is a column that was filled in after the outcome was known: in the train file it all but
gives the answer, in the test file it is not filled in yet; and the train file's ids follow the outcome a little.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from gradus.arena.models import ID, Array, Drawn, Options, public_part
from gradus.vault import METRICS, Task

if TYPE_CHECKING:
    import pandas as pd

Columns = dict[str, Array]
Draw = Callable[[np.random.Generator, Columns], Array]

TEST_ROWS = 1500
GUESSES = 300
"""Draws of what hidden values could have been, for each row that hides any."""


@dataclass(frozen=True)
class Leak:
    """A column known only afterwards: what it holds given the outcome, and what stands there before."""

    name: str
    after: Callable[[np.random.Generator, Array], Array]
    before: float
    words: str


@dataclass(frozen=True)
class World:
    """A generating process. ``signal`` gives the chance of the positive class (n,), chances (n, K), or centers (n,)."""

    id: str
    title: str
    story: str
    target: str
    metric: str
    classes: tuple[str, ...]
    positive: str
    base: Draw
    segments: tuple[str, ...]
    features: Mapping[str, Draw]
    signal: Callable[[Columns], Array]
    leak: Leak
    hidden: tuple[str, ...]
    drift_words: str
    spread: Callable[[Columns], Array] | None = None
    noise: Literal["normal", "laplace"] = "normal"
    useless: Mapping[str, Draw] = field(default_factory=dict)

    @property
    def task(self) -> Task:
        """What is predicted, and by which metric it is scored."""
        return Task(self.metric, self.classes, self.positive)

    def draw(self, seed: int, options: Options) -> Drawn:
        """Make the files. The same seed and options make the same."""
        rng = np.random.default_rng([seed, sum(map(ord, self.id))])
        n, m = options.rows, max(200, round(TEST_ROWS * min(1, options.rows / 1200)))
        t = np.zeros(n + m)
        if options.drift:
            t = np.concatenate([np.sort(rng.integers(0, 18, n)), np.sort(rng.integers(18, 24, m))]) / 24
        columns = self.columns(rng, t)
        signal = self.signal(columns)
        outcome = self.outcome(rng, signal, columns)
        shown = dict(columns)
        best = signal
        if options.missing:
            shown, masks = self._hide(rng, columns)
            best = self.expected(rng, columns, masks)
        frame = self._frame(rng, shown, options, t)
        answers = self._texts(outcome)
        if options.leak:
            values = self.leak.after(rng, outcome)
            values[n:] = self.leak.before
            frame.insert(int(rng.integers(2, frame.shape[1])), self.leak.name, values)
        train, test = frame.iloc[:n].copy(), frame.iloc[n:].reset_index(drop=True)
        train[self.target] = answers[:n]
        train = self._with_ids(train, rng, n, outcome[:n] if options.leak else None, options.drift)
        test.insert(
            0, ID, rng.permutation(np.arange(n + 1, n + m + 1)) if not options.drift else np.arange(n + 1, n + m + 1)
        )
        return Drawn(
            train, test, tuple(answers[n:]), public_part(m, rng), self.task, self.target, self.decide(best[n:]),
            self._told(options),
        )  # fmt: skip

    def columns(self, rng: np.random.Generator, t: Array) -> Columns:
        """Everything there is about ``len(t)`` rows at times ``t`` (0 to 1), nothing hidden."""
        made: Columns = {"t": t, "segment": np.zeros(len(t), dtype=int)}
        made["segment"] = self.base(rng, made)
        for name, draw in self.features.items():
            made[name] = draw(rng, made)
        return made

    def outcome(self, rng: np.random.Generator, signal: Array, columns: Columns) -> Array:
        """What happens: 1 or 0, codes of classes, or numbers (n,)."""
        if self.spread is not None:
            shape = rng.standard_normal(len(signal)) if self.noise == "normal" else rng.laplace(size=len(signal))
            return np.round(signal + self.spread(columns) * shape, 2)
        if signal.ndim == 2:
            return np.asarray((signal.cumsum(axis=1) < rng.random((len(signal), 1))).sum(axis=1))
        return (rng.random(len(signal)) < signal).astype(int)

    def expected(self, rng: np.random.Generator, columns: Columns, masks: Mapping[str, Array]) -> Array:
        """The signal averaged over what the hidden values could be, given that they were hidden.

        For the mean absolute error it is the median of what could happen.
        """
        signal = self.signal(columns)
        best = signal.copy()
        rows = np.flatnonzero(np.logical_or.reduce(list(masks.values())))
        for part in np.array_split(rows, max(1, len(rows) // 200)):
            if not len(part):
                continue
            many = {name: np.repeat(values[part], GUESSES) for name, values in columns.items()}
            weight = np.ones(len(part) * GUESSES)
            for name, mask in masks.items():
                gone = np.repeat(mask[part], GUESSES)
                drawn = self.features[name](rng, many)
                many[name] = np.where(gone, drawn, many[name])
                weight *= np.where(gone, self.chance_hidden(name, many), 1)
            guesses = self.signal(many)
            shape = (len(part), GUESSES)
            weights = weight.reshape(shape)
            if self.metric == "mae":
                best[part] = _medians(self.outcome(rng, guesses, many).reshape(shape), weights)
                continue
            weights = weights.reshape(*shape, *[1] * (guesses.ndim - 1))
            best[part] = (guesses.reshape(*shape, *guesses.shape[1:]) * weights).sum(axis=1) / weights.sum(axis=1)
        return best

    def chance_hidden(self, name: str, columns: Columns) -> Array:
        """The chance that a value is hidden: larger values hide more."""
        values = columns[name].astype(float)
        center, width = self._scale(name)
        return 0.05 + 0.4 / (1 + np.exp(-1.5 * (values - center) / width))

    def decide(self, best: Array) -> Array:
        """The best answers for the metric, given the best chances or centers."""
        wants = METRICS[self.metric].wants
        if wants != "class":
            return best
        return best.argmax(axis=1) if best.ndim == 2 else (best > 0.5).astype(int)

    def _scale(self, name: str) -> tuple[float, float]:
        rng = np.random.default_rng(1)
        made: Columns = {"t": np.full(2000, 0.5), "segment": np.zeros(2000, dtype=int)}
        made["segment"] = self.base(rng, made)
        values = self.features[name](rng, made).astype(float)
        return float(np.median(values)), float(values.std()) or 1.0

    def _hide(self, rng: np.random.Generator, columns: Columns) -> tuple[Columns, dict[str, Array]]:
        masks = {name: rng.random(len(columns["t"])) < self.chance_hidden(name, columns) for name in self.hidden}
        shown = {
            name: np.where(masks[name], np.nan, columns[name]) if name in masks else columns[name] for name in columns
        }
        return shown, masks

    def _frame(self, rng: np.random.Generator, shown: Columns, options: Options, t: Array) -> pd.DataFrame:
        import pandas as pd

        frame = pd.DataFrame({"segment": np.array(self.segments)[shown["segment"]]})
        for name in self.features:
            frame[name] = shown[name]
        for name, draw in self.useless.items():
            frame[name] = draw(rng, shown)
        frame = frame[rng.permutation(frame.columns.to_numpy())]
        if options.drift:
            frame.insert(0, "month", (t * 24).round().astype(int) + 1)
        return frame

    def _texts(self, outcome: Array) -> list[str]:
        if self.spread is not None:
            return [f"{value:.2f}" for value in outcome]
        if self.positive:
            other = next(name for name in self.classes if name != self.positive)
            return [self.positive if value else other for value in outcome]
        return [self.classes[int(code)] for code in outcome]

    def _with_ids(
        self, train: pd.DataFrame, rng: np.random.Generator, n: int, outcome: Array | None, ordered: bool
    ) -> pd.DataFrame:
        if outcome is not None and not ordered:
            order = np.argsort(outcome.argsort().argsort() + rng.normal(scale=0.35 * n, size=n))
        else:
            order = np.arange(n) if ordered else rng.permutation(n)
        train = train.iloc[order].reset_index(drop=True)
        train.insert(0, ID, np.arange(1, n + 1))
        return train

    def _told(self, options: Options) -> tuple[str, ...]:
        told = []
        if options.leak:
            ids = "" if options.drift else ", and the ids of the train file followed the outcome"
            told.append(
                f"The trap: `{self.leak.name}` {self.leak.words}{ids}. That looked superb in cross-validation and was "
                "worth nothing in the test file."
            )
        if options.drift:
            told.append(
                f"The drift: {self.drift_words}. Later train rows said more about the test rows than early ones."
            )
        if options.missing:
            hidden = ", ".join(f"`{name}`" for name in self.hidden)
            told.append(
                f"The gaps: {hidden} went missing the more often the larger the value was, so that a gap itself told "
                "something."
            )
        return tuple(told)


def _medians(values: Array, weights: Array) -> Array:
    """The weighted median of each row (n, k)."""
    order = np.argsort(values, axis=1)
    heaped = np.take_along_axis(weights, order, axis=1).cumsum(axis=1)
    middle = (heaped < heaped[:, -1:] / 2).sum(axis=1)
    return np.asarray(np.take_along_axis(values, order, axis=1)[np.arange(len(values)), middle])
