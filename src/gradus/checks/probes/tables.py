"""What the probes of honest evaluation share: held-out rows, edited copies of a table, and which predictions moved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradus.checks.authoring import Call
from gradus.checks.probes.base import argument
from gradus.checks.show import is_pandas

Array = np.ndarray[Any, Any]
#: ``(X, y) -> predictions``: a whole evaluation of the learner's, from the table to held-out predictions.
Predict = Callable[[Any, Any], Any]
#: Which rows are held out: an argument's place, or a function of the call. See `held_out`.
Held = int | str | Callable[[Call], Any] | None

#: Columns with fewer different values may be categories: they get values of other rows instead of noise.
FEW_VALUES = 20
TOLERANCE = 1e-6


def fit_predict(make: Callable[[], Any], train: Any, test: Any, method: str = "predict") -> Predict:
    """Return the evaluation that fits a fresh ``make()`` on `train` rows and asks it about `test` rows.

    Anything with ``fit`` and `method` will do, a proxy of an object in the sandbox as well.
    """

    def predict(X: Any, y: Any) -> Any:
        model = make()
        model.fit(take(X, train), take(y, train))
        return getattr(model, method)(take(X, test))

    return predict


def take(value: Any, rows: Any) -> Any:
    """Return some rows of an array, a frame, a series or a list."""
    if is_pandas(value, "DataFrame", "Series"):
        return value.iloc[rows]
    return [value[i] for i in rows] if isinstance(value, list) else np.asarray(value)[rows]


def held_out(call: Call, held: Held, n: int) -> list[Array]:
    """Return the sets of rows that are held out in turn, each (m,) of positions.

    `held` names an argument, or computes its value from the call: a list of (train, test) pairs, n fold numbers, n
    bools, or the numbers of the held-out rows. None: every row of the table is held out.
    """
    if held is None:
        return [np.arange(n)]
    value = held(call) if callable(held) else argument(call, held)
    if isinstance(value, (list, tuple)) and value and isinstance(value[0], (list, tuple)) and len(value[0]) == 2:
        return [np.asarray(test) for _, test in value]
    rows = np.asarray(value)
    if rows.dtype == bool:
        return [np.flatnonzero(rows)]
    if len(rows) == n:
        return [np.flatnonzero(rows == fold) for fold in np.unique(rows)]
    return [rows]


def of_rows(predictions: Any, rows: Array, n: int) -> Array:
    """Return the predictions for `rows`: these rows of n predictions, else all, when there are as many as rows."""
    values = np.asarray(predictions)
    if values.ndim and len(values) == n:
        return np.asarray(values[rows])
    if values.ndim and len(values) == len(rows):
        return values
    raise ValueError(f"{len(values) if values.ndim else 'a single'} predictions for {len(rows)} held-out rows of {n}")


@dataclass(frozen=True)
class Moved:
    """Predictions that changed: how many of how many, and by how much at most (infinite for names)."""

    many: int
    of: int
    most: float


def moved(before: Array, after: Array, tolerance: float = TOLERANCE) -> Moved:
    """Compare two sets of predictions (m,) or (m, K); `tolerance` is relative to the largest, nan equals nan."""
    if before.shape != after.shape:
        return Moved(len(before), len(before), float("inf"))
    if before.dtype.kind not in "biufc" or after.dtype.kind not in "biufc":
        apart = (before != after).astype(float)
        apart[apart > 0] = np.inf
    else:
        a, b = before.astype(float), after.astype(float)
        with np.errstate(invalid="ignore"):
            apart = np.where((a == b) | (np.isnan(a) & np.isnan(b)), 0.0, np.abs(a - b))
        apart = np.where(np.isnan(apart), np.inf, apart)
        known = np.abs(a[np.isfinite(a)])
        apart = np.where(apart > tolerance * max(1.0, float(known.max(initial=0.0))), apart, 0.0)
    apart = apart.reshape(len(apart), -1).max(axis=1, initial=0.0)
    return Moved(int((apart > 0).sum()), len(apart), float(apart.max(initial=0.0)))


def noisy(X: Any, rows: Any, rng: np.random.Generator, *, gentle: bool = False, keep: Sequence[Any] = ()) -> Any:
    """Return a copy of a table with other values in `rows`: 10 to 10,000 deviations away.

    Columns of few values, of whole numbers with few values, and of words get other rows' values, as do all when
    `gentle`. Columns without negative values stay so. `keep`: columns (names or positions) that are left alone.
    """
    rows = np.asarray(rows)
    if isinstance(X, list):
        return noisy(np.asarray(X), rows, rng, gentle=gentle, keep=keep).tolist()
    if is_pandas(X, "Series"):
        copy = X.copy()
        copy.iloc[rows] = _other(X, rows, rng, gentle)
        return copy
    if is_pandas(X, "DataFrame"):
        copy = X.copy()
        for place, name in enumerate(X.columns):
            if name in keep or place in keep:
                continue
            column = X.iloc[:, place].copy()
            column.iloc[rows] = _other(column, rows, rng, gentle)
            copy.isetitem(place, column)
        return copy
    table = np.array(X)
    flat = table.reshape(len(table), -1)
    for place in range(flat.shape[1]):
        if place not in keep:
            flat[rows, place] = _other(flat[:, place], rows, rng, gentle)
    return table


def _other(column: Any, rows: Array, rng: np.random.Generator, gentle: bool) -> Any:
    values = np.asarray(column)
    rest = np.setdiff1d(np.arange(len(values)), rows)
    donors = rng.choice(rest if len(rest) else len(values), size=len(rows))
    if gentle or values.dtype.kind not in "iuf":
        return values[donors]
    known = values[np.isfinite(values)]
    if len(np.unique(known)) < min(FEW_VALUES, len(known) / 2):
        return values[donors]
    reach = 10.0 ** rng.uniform(1, 4)  # another one for each column: a common factor would leave distances in order
    away = reach * (float(known.std()) or 1.0) * (1 + rng.random(len(rows)))
    if known.min() < 0:
        away *= rng.choice([-1.0, 1.0], size=len(rows))
    noise = float(known.mean()) + away
    return noise.astype(values.dtype) if values.dtype.kind == "f" else np.rint(noise).astype(values.dtype)


def is_classes(y: Any) -> bool:
    """Tell whether labels are classes: names, or few different whole numbers."""
    values = np.asarray(y)
    if values.dtype.kind not in "iuf":
        return True
    kinds = np.unique(values)
    return len(kinds) <= max(2, min(FEW_VALUES, len(values) // 3)) and bool((kinds == np.rint(kinds)).all())


def relabeled(y: Any, rows: Any, rng: np.random.Generator) -> Any:
    """Return a copy of the labels with other ones in `rows`: one other class for all, or numbers far away.

    One class for all moves every mean and every correlation that these labels enter; exchanging two balanced classes
    would leave the means as they are.
    """
    rows = np.asarray(rows)
    values = np.asarray(y).copy()
    if is_classes(y):
        kinds = np.unique(values)
        rarest = kinds[np.argmin([(values[rows] == kind).sum() for kind in kinds])]
        values[rows] = rarest
    else:
        values[rows] = np.asarray(noisy(values.astype(float), rows, rng))[rows].astype(values.dtype)
    if is_pandas(y, "Series"):
        copy = y.copy()
        copy.iloc[rows] = values[rows]
        return copy
    return values.tolist() if isinstance(y, list) else values
