"""C9, the held-out edit: what happens to some held-out rows must not move the predictions for the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from gradus.checks.authoring import Behaviour, Call, Driver, fail
from gradus.checks.probes.base import Make, argument, ask, drawn, length, probe, replaced, text
from gradus.checks.probes.tables import (
    TOLERANCE,
    Array,
    Held,
    Moved,
    Predict,
    held_out,
    moved,
    noisy,
    of_rows,
    relabeled,
)
from gradus.checks.show import count, number

EDITS = 10


@dataclass(frozen=True)
class EditLeak:
    """A leak that an edit brought to light: what was edited, and which held-out predictions moved with it."""

    edit: Literal["features", "labels"]
    edited: Array
    moved: Moved
    own: bool
    """After an edit of labels: whether only the edited rows' own predictions moved."""
    before: Array
    after: Array


def heldout_edit_leak(
    predict: Predict,
    X: Any,
    y: Any,
    held: Any,
    rng: np.random.Generator,
    *,
    edits: int = EDITS,
    labels: bool = True,
    tolerance: float = TOLERANCE,
) -> EditLeak | None:
    """Return the first leak that editing held-out rows brings to light; None when there is none.

    ``predict(X, y)`` is the whole evaluation: predictions for the `held` rows in their order, or for all n rows. Any
    callable will do; `gradus.checks.probes.tables.fit_predict` makes one of an object with fit and predict, which may
    be a proxy from the sandbox. Two edits: large noise in `edits` held-out rows, or in half of them if there are
    fewer than twice as many (the others' predictions must stay); other labels for half of the held-out rows (all
    predictions must stay).

    Rates: see `heldout_edit`.
    """
    held = np.asarray(held)
    n = length(X, 0)
    if len(held) < 2:
        raise ValueError("the probe needs at least two held-out rows")
    before = of_rows(predict(X, y), held, n)
    some = rng.permutation(len(held))[: max(1, min(edits, len(held) // 2))]
    others = np.setdiff1d(np.arange(len(held)), some)
    try:
        after = of_rows(predict(noisy(X, held[some], rng), y), held, n)
    except Exception:  # code may refuse absurd values; it has no reason to refuse those of other rows
        after = of_rows(predict(noisy(X, held[some], rng, gentle=True), y), held, n)
    change = moved(before[others], after[others], tolerance)
    if change.many:
        return EditLeak("features", held[np.sort(some)], change, False, before[others], after[others])
    if not labels or y is None:
        return None
    half = rng.permutation(len(held))[: max(1, len(held) // 2)]
    after = of_rows(predict(X, relabeled(y, held[half], rng)), held, n)
    change = moved(before, after, tolerance)
    if not change.many:
        return None
    rest = np.setdiff1d(np.arange(len(held)), half)
    own = len(rest) > 0 and not moved(before[rest], after[rest], tolerance).many
    return EditLeak("labels", held[np.sort(half)], change, own, before, after)


def heldout_edit(
    of: str,
    make: Make,
    *,
    held: Held,
    table: int | str = 0,
    labels: int | str | None = 1,
    edits: int = EDITS,
    run: Driver | None = None,
    tolerance: float = TOLERANCE,
    title: str = "",
    message: str = "",
) -> Behaviour:
    """Return the behaviour that editing held-out rows leaves the predictions for the other held-out rows as they were.

    The function gets a whole table (argument `table`) with `labels` and answers with predictions for the held-out
    rows, or for all rows. `held`: the argument that says which these are (pairs of train and test, fold numbers, a
    mask, or row numbers), or a function of the call; None: every row of `table` is held out, for functions like
    ``f(X_train, y_train, X_new)`` with ``table=2, labels=None``. Of several folds one is drawn.

    Measured on 60 rows (45 for the choice of columns), 30 evaluations each: found 30 of 30 of twelve leaks (a scaler
    before logistic regression, before neighbors and by hand, filled-in means, PCA, a choice of columns, target means,
    copies, training on all rows, a clipped target, test rows scaled by themselves or with the training rows); 4 of 6
    settings chosen by held-out scores, as the choice may stay the same; 0 of 30 scalers before a forest, which is for
    `fit_spy`. 0 false alarms in 372 runs of fourteen honest evaluations.
    """

    def behave(student: Any, rng: np.random.Generator) -> None:
        case = drawn(make, rng)
        X = argument(case, table)
        folds = held_out(case, held, length(X, 0))
        rows = folds[int(rng.integers(len(folds)))]
        latest = case

        def predict(X: Any, y: Any) -> Any:
            nonlocal latest
            changes: dict[int | str, Any] = {table: X}
            if labels is not None:
                changes[labels] = y
            latest = replaced(case, changes)
            return ask(student, of, latest, run)

        y = None if labels is None else argument(case, labels)
        leak = heldout_edit_leak(predict, X, y, rows, rng, edits=edits, labels=labels is not None, tolerance=tolerance)
        if leak is not None:
            fail(_headline(leak), case=_case(of, latest, leak), expected=leak.before, actual=leak.after)

    return probe(
        "heldout_edit", title or "what is held out has no part in the predictions for it", message or
        "In use, a new row comes alone and without its label. Here the predictions for held-out rows depend on what "
        "other held-out rows hold, or on held-out labels. Something was fitted, counted or chosen with these rows in "
        "view, before they were split off. Do it within the training rows of each fold.",
        behave,
    )  # fmt: skip


def _headline(leak: EditLeak) -> str:
    edited, change = count(len(leak.edited), "held-out row"), leak.moved
    how = "" if np.isinf(change.most) else f", by up to {number(change.most, 3)}"
    if leak.edit == "features":
        return (
            f"Overwriting {edited} changes {change.many:,} of the {count(change.of, 'prediction')} for other held-out "
            f"rows{how}."
        )
    if leak.own:
        return f"Other labels for {edited} change the predictions for these very rows{how}."
    return f"Other labels for {edited} change {change.many:,} of {count(change.of, 'held-out prediction')}{how}."


def _case(of: str, case: Call, leak: EditLeak) -> str:
    rows = ", ".join(str(int(row)) for row in leak.edited)
    return f"{leak.edit} of rows {rows} overwritten in {text(of, case)}"
