"""C11, the null: with labels dealt out at random there is nothing to find, and an honest evaluation finds nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradus.checks.authoring import Behaviour, Driver, fail
from gradus.checks.probes.base import Make, argument, ask, drawn, length, probe, replaced, text
from gradus.checks.probes.resampling import Score, permuted
from gradus.checks.probes.tables import Array, Held, Predict, held_out, is_classes, of_rows
from gradus.checks.show import is_pandas, number

REPEATS = 20
FALSE_ALARM = 1e-5
#: An excess below this is left alone, however certain: chance levels are not exact to the last digit.
LEAST = 0.08
_CHANCE_DRAWS = 20


@dataclass(frozen=True)
class NullScores:
    """Scores on labels dealt out at random, and what chance gives each of them."""

    scores: tuple[float, ...]
    chance: tuple[float, ...]

    @property
    def excess(self) -> float:
        """How much better than chance the scores are on average."""
        return float(np.mean(np.subtract(self.scores, self.chance)))

    @property
    def t(self) -> float:
        """The excess in standard errors, estimated from the repeats."""
        beyond = np.subtract(self.scores, self.chance)
        error = float(beyond.std(ddof=1) / np.sqrt(len(beyond)))
        return float(beyond.mean() / max(error, 1e-12))

    def above_chance(self, false_alarm: float = FALSE_ALARM, least: float = LEAST) -> bool:
        """Tell whether the scores beat chance by at least `least`, beyond a one-sided t test at `false_alarm`."""
        from scipy.stats import t

        return self.excess > least and self.t > float(t.isf(false_alarm, len(self.scores) - 1))


def null_scores(
    predict: Predict,
    X: Any,
    y: Any,
    held: Any,
    rng: np.random.Generator,
    *,
    repeats: int = REPEATS,
    units: Any | None = None,
    score: Score | None = None,
    chance: float | Callable[[Any], float] | None = None,
) -> NullScores:
    """Return how an evaluation scores labels (n,) that were dealt out at random, `repeats` times.

    ``predict(X, y)`` returns predictions for the `held` rows (or all n rows), which ``score(truth, predictions)``
    rates: accuracy by default, the correlation for numbers. Chance is what the same predictions score on average when
    the held-out labels are shuffled among themselves, so it is right for any class shares. Where ``predict`` returns a
    single number, this is the score, and `chance` has to be given. `units` (n,): groups whose rows share one label are
    dealt out whole.
    """
    held = np.asarray(held)
    rate = score or (_accuracy if is_classes(y) else _correlation)
    scores, chances = [], []
    for _ in range(repeats):
        labels = _like(permuted(y, rng, units), y)
        answer = predict(X, labels)
        if np.ndim(answer) == 0:
            if chance is None:
                raise ValueError("an evaluation that returns a score needs its chance level")
            scores.append(float(answer))
            chances.append(float(chance(labels)) if callable(chance) else float(chance))
            continue
        said = of_rows(answer, held, length(X, 0))
        truth = np.asarray(labels)[held]
        scores.append(rate(truth, said))
        if chance is None:
            chances.append(float(np.mean([rate(rng.permutation(truth), said) for _ in range(_CHANCE_DRAWS)])))
        else:
            chances.append(float(chance(labels)) if callable(chance) else float(chance))
    return NullScores(tuple(scores), tuple(chances))


def _like(labels: Array, y: Any) -> Any:
    if is_pandas(y, "Series"):
        return type(y)(labels, index=y.index, name=y.name)
    return labels.tolist() if isinstance(y, list) else labels


def _accuracy(truth: Any, said: Any) -> float:
    """Share of equal labels; of chances (m,) whether they fall on the right side of 0.5, (m, K) whose is largest."""
    kinds = np.unique(truth)
    if said.ndim == 2:
        return float((said.argmax(axis=1) == np.searchsorted(kinds, truth)).mean())
    if said.dtype.kind == "f" and not np.isin(said, kinds).all() and len(kinds) <= 2:
        return float(((said > 0.5) == (truth == kinds[-1])).mean())
    return float((said == truth).mean())


def _correlation(truth: Any, said: Any) -> float:
    a, b = truth - np.mean(truth), np.asarray(said, dtype=float) - np.mean(said)
    scale = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum() / scale) if scale > 1e-12 else 0.0


def null_labels(
    of: str,
    make: Make,
    *,
    held: Held = None,
    table: int | str = 0,
    labels: int | str = 1,
    units: int | str | None = None,
    repeats: int = REPEATS,
    score: Score | None = None,
    chance: float | Callable[[Any], float] | None = None,
    false_alarm: float = FALSE_ALARM,
    run: Driver | None = None,
    title: str = "",
    message: str = "",
) -> Behaviour:
    """Return the behaviour that an evaluation of labels dealt out at random scores no better than chance.

    `held`, `table`, `labels` as for `heldout_edit`; all folds are scored together. `units`: the argument that holds the
    rows' groups. For functions that return one score, give its `chance` level (or a function of the labels).
    The function is called `repeats` times: keep tables small.

    Measured on 45 to 60 rows, 40 evaluations of 20 repeats each: found 200 of 200 (columns chosen before the split,
    target means, training on all rows, people on both sides with `units`), 35 of 40 copies dealt out before the split,
    6 of 8 settings chosen by held-out scores; 0 of 80 leaks that it cannot see. 0 false alarms in 320 runs of eight
    honest evaluations; by design at most about 1 in 100,000.
    """

    def behave(student: Any, rng: np.random.Generator) -> None:
        case = drawn(make, rng)
        X, y = argument(case, table), argument(case, labels)
        rows = np.concatenate(held_out(case, held, length(X, 0)))
        groups = None if units is None else argument(case, units)

        def predict(X: Any, y: Any) -> Any:
            return ask(student, of, replaced(case, {table: X, labels: y}), run)

        found = null_scores(predict, X, y, rows, rng, repeats=repeats, units=groups, score=score, chance=chance)
        if found.above_chance(false_alarm):
            best, level = float(np.mean(found.scores)), float(np.mean(found.chance))
            fail(
                f"With labels dealt out at random the score is {number(best, 2)} on average; chance is "
                f"{number(level, 2)}.",
                case=text(of, case), expected=f"about {number(level, 2)}",
                actual=f"{number(best, 2)} in {repeats} repeats",
            )  # fmt: skip

    return probe(
        "null_labels", title or "where there is nothing to find, nothing is found", message or
        "The labels were shuffled, so that nothing in the table can foretell them. A score above chance then measures "
        "the evaluation, not the model: labels reached what was learned before the rows were split, or rows have "
        "copies on both sides.",
        behave,
    )  # fmt: skip
