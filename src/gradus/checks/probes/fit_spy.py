"""C10, the fit spy: which fits saw held-out rows. It finds the leaks that move no prediction, which edits cannot."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from gradus.checks.authoring import Behaviour, Driver, fail
from gradus.checks.probes.base import Make, argument, ask, drawn, length, probe, replaced, several, text
from gradus.checks.probes.spy_inside import Rows, Spy
from gradus.checks.probes.tables import Array, Held, held_out
from gradus.checks.show import count

_LOAD = "(lambda space: (exec(source, space), space['Spy'])[1])({'__name__': 'spy'})"


@dataclass(frozen=True)
class Fit:
    """One fit that was seen: what was fitted, on how many rows, and which rows of the table these were (if known)."""

    name: str
    rows: int
    places: frozenset[int] | None


@dataclass
class FitLog:
    """What the spy saw: the fits before the last prediction, in order. Filled when the watch is over."""

    fits: list[Fit] = field(default_factory=list)

    def leaks(self, folds: Sequence[Any], n: int) -> list[Fit]:
        """Return the fits that saw rows of *every* fold, so that none was held out from them.

        With a single set of held-out rows: the fits that saw any of it. A fit on n rows that could not be recognized
        counts as one on the whole table.
        """
        held = [frozenset(int(row) for row in fold) for fold in folds]
        return [fit for fit in self.fits if fit.name and _saw_all(fit, held, n)]


def _saw_all(fit: Fit, held: Sequence[frozenset[int]], n: int) -> bool:
    return fit.rows == n if fit.places is None else all(fit.places & fold for fold in held)


@contextmanager
def watching_fits(X: Any, y: Any = None, student: Any = None) -> Iterator[FitLog]:
    """Log every fit of scikit-learn, XGBoost, LightGBM and of the learner's own classes while the block runs.

    `student`: the learner's work in a sandbox (from ``Grader.session`` or as a behaviour receives it); None, or an
    object that is no proxy: the code runs in this process. A fit within a fit is the outer one's business: a pipeline
    counts once. Fits after the last prediction are left out, as they shape none of them (a final model, for use).
    Rows are recognized by a frame's index, by any column or label that has n different values and was passed on as it
    was, else by their whole content.

    Code in the sandbox runs beside the spy and could deceive it on purpose; `heldout_edit` watches from outside.
    """
    log = FitLog()
    spy = _spy(X, y, student)
    try:
        yield log
    finally:
        events = [tuple(event) for event in spy.stop()]
        last = max((at for at, event in enumerate(events) if event[0] == "predict"), default=len(events))
        log.fits.extend(
            Fit(str(name), int(rows), None if places is None else frozenset(places))
            for what, name, rows, places in events[:last]
            if what == "fit"
        )


def _spy(X: Any, y: Any, student: Any) -> Any:
    if getattr(type(student), "_answer", None) is None:
        return Spy(X, y, student)
    names = student._module()
    builtins = names._do("get", "__builtins__")
    evaluate = builtins["eval"] if isinstance(builtins, dict) else builtins.eval
    return evaluate(_LOAD, {"source": _source()})(X, y, names)


@cache
def _source() -> str:
    return (Path(__file__).parent / "spy_inside.py").read_text(encoding="utf-8")


class _Recorder:
    """Records which rows reach the functions of a case that fit; these run on the judge's side, out of reach."""

    def __init__(self, X: Any, y: Any) -> None:
        self.rows = Rows(X, y)
        self.fits: list[Fit] = []

    def watch(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def fitting(*args: Any, **kwargs: Any) -> Any:
            given = [*args, *kwargs.values()]
            places = self.rows.places(given[0], given[1] if len(given) > 1 else None)
            self.fits.append(Fit(name, len(given[0]), None if places is None else frozenset(places)))
            return function(*args, **kwargs)

        return fitting


def fit_spy(
    of: str,
    make: Make,
    *,
    held: Held,
    table: int | str = 0,
    labels: int | str | None = 1,
    fits: int | str | Sequence[int | str] = (),
    run: Driver | None = None,
    title: str = "",
    message: str = "",
) -> Behaviour:
    """Return the behaviour that nothing is fitted on held-out rows.

    `held`, `table`, `labels` as for `heldout_edit`. Of several folds, each fit must have left one out entirely. `fits`:
    arguments that are functions ``fit(X, y)`` of the author's, for exercises that receive the model as a function.
    Hand-written mathematics is not seen; `heldout_edit` is for that, so use both.

    Measured on 60 rows: found 1,840 of 1,840 leaks through a fit (scaler, own scaler class, imputer, PCA, choice of
    columns, grid search, copies, the model itself, a given ``fit``), scalers before forests among them; 0 of 800 done
    by hand; 0 false alarms in 1,680 runs of ten honest evaluations.
    """
    places = several(fits)

    def behave(student: Any, rng: np.random.Generator) -> None:
        case = drawn(make, rng)
        X = argument(case, table)
        y = None if labels is None else argument(case, labels)
        n = length(X, 0)
        folds = held_out(case, held, n)
        recorder = _Recorder(X, y)
        watched: dict[int | str, Any] = {
            place: recorder.watch(_name(place, argument(case, place)), argument(case, place)) for place in places
        }
        with watching_fits(X, y, student) as log:
            ask(student, of, replaced(case, watched), run)
        log.fits.extend(recorder.fits)
        leaks = log.leaks(folds, n)
        if leaks:
            fail(_headline(leaks[0], folds, n), case=text(of, case), actual=_seen(leaks[0], folds))

    return probe(
        "fit_spy", title or "nothing is fitted on rows that are held out", message or
        "Whatever is fitted (a scaler, an imputer, a choice of columns, a model) learns from the rows it is given. If "
        "held-out rows are among them, they are not held out any more, even where this score does not show it: with "
        "other data or another model it will. Split first; fit within the training rows.",
        behave,
    )  # fmt: skip


def _name(place: int | str, function: Any) -> str:
    return place if isinstance(place, str) else str(getattr(function, "__name__", f"argument {place}"))


def _headline(leak: Fit, folds: Sequence[Array], n: int) -> str:
    if leak.rows == n:
        return f"`{leak.name}` is fitted on all {count(n, 'row')}, the held-out ones among them."
    if len(folds) == 1:
        return f"`{leak.name}` is fitted on {count(leak.rows, 'row')}, some of which are held out."
    return f"`{leak.name}` is fitted on {count(leak.rows, 'row')} from all {len(folds)} folds: none was held out."


def _seen(leak: Fit, folds: Sequence[Array]) -> str:
    if leak.places is None:
        return "every row"
    held = sorted({int(row) for fold in folds for row in fold} & leak.places)
    shown = ", ".join(map(str, held[:10])) + (", …" if len(held) > 10 else "")
    return f"fitted on held-out rows {shown}" if len(folds) == 1 else f"fitted on rows {shown}"
