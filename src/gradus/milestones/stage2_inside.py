"""Sent into the sandbox beside the learner's milestone, where it runs their estimator and keeps a log of every fit.

It decides nothing: what it returns is data that Gradus compares outside. It imports nothing of Gradus.
"""

from __future__ import annotations

import sys
import types
from typing import Any

FITS = ("fit", "fit_transform", "fit_predict", "fit_resample", "partial_fit")
PREDICTS = ("predict", "predict_proba", "decision_function")
MOST_EVENTS = 5000


def about(build: Any, X: Any) -> dict[str, Any]:
    """What ``build`` returns: its type, whether it can fit and predict, and every sign that it has learned already."""
    first, second = build(), build()
    found: dict[str, Any] = {
        "type": type(first).__name__,
        "none": first is None,
        "lacks": [name for name in ("fit", "predict") if not callable(getattr(first, name, None))],
        "same": first is second and first is not None,
        "marks": [],
        "answers": None,
    }
    if found["none"] or found["lacks"]:
        return found
    try:
        state = vars(_last(first))
    except TypeError:
        state = {}
    found["marks"] = sorted(n for n in state if n.endswith("_") and not n.startswith("_") and state[n] is not None)[:5]
    try:
        found["answers"] = _answer(first, X)
    except Exception:
        found["answers"] = None
    return found


def _last(estimator: Any) -> Any:
    steps = getattr(estimator, "steps", None)
    while isinstance(steps, list) and steps:
        estimator = steps[-1][1]
        steps = getattr(estimator, "steps", None)
    return estimator


def _answer(model: Any, X: Any) -> tuple[str, Any, Any]:
    """What a fitted model says about ``X``: chances where it can, else a decision function, else predictions."""
    classes = getattr(model, "classes_", None)
    if classes is not None:
        import numpy as np

        classes = np.asarray(classes).tolist()
    for method in ("predict_proba", "decision_function"):
        if callable(getattr(model, method, None)):
            return method, _plain(getattr(model, method)(X)), classes
    return "predict", _plain(model.predict(X)), classes


def _plain(values: Any) -> Any:
    import numpy as np

    return np.asarray(values)


def crossed(build: Any, X: Any, y: Any, folds: Any, changes: Any = ()) -> list[Any]:
    """Fit a fresh estimator on every fold's training rows.

    Returns for every fold the answers for its test rows, first as they are, then once for each of ``changes``: a
    mapping from columns to the values that stand in for theirs.
    """
    answers = []
    for train, test in folds:
        model = build()
        model.fit(X.iloc[train], y.iloc[train])
        rows = X.iloc[test]
        said = [_answer(model, rows)]
        for change in changes:
            copy = rows.copy()
            for name, values in change.items():
                copy[name] = values.iloc[test].to_numpy() if values.dtype == copy[name].dtype else values.iloc[test]
            said.append(_answer(model, copy))
        answers.append(said)
    return answers


def spied(evaluate: Any, X: Any, y: Any, folds: Any) -> dict[str, Any]:
    """Run ``evaluate`` while every fit of every class with one is logged.

    An entry is ``(event, class, module, rows, held out, repeated, depth, beside, predicts)``: ``held out`` says whether
    a row of a test set was seen (None when the rows could not be recognized), ``beside`` whether it was in an
    evaluation set, ``predicts`` whether the class can predict.
    """
    log = _Log(X, folds)
    undo = _install(log)
    try:
        answer = evaluate(X, y, folds)
    finally:
        for kind, name, original in undo:
            setattr(kind, name, original)
    return {"answer": answer, "log": log.events, "installed": len(undo)}


class _Log:
    """Recognizes rows by their index, else by their content, else by their number."""

    def __init__(self, X: Any, folds: Any) -> None:
        self.n = len(X)
        self.tests = [frozenset(int(i) for i in test) for _, test in folds]
        self.spared: list[frozenset[int]] = []
        """The test sets that the latest fit left alone."""
        self.content: dict[bytes, int] = {}
        self.columns = 0
        self.depth = 0
        self.events: list[tuple[Any, ...]] = []
        try:
            import numpy as np

            table = X.to_numpy(dtype=float)
            self.columns = table.shape[1]
            for place, row in enumerate(np.ascontiguousarray(table)):
                key = row.tobytes()
                self.content[key] = -1 if key in self.content else place  # a repeated row tells nothing
        except (TypeError, ValueError):
            pass

    def rows(self, value: Any) -> tuple[int, set[int] | None, bool]:
        """How many rows, which (None when they cannot be told), whether some come twice."""
        try:
            n = len(value)
        except TypeError:
            return 0, None, False
        index = getattr(value, "index", None)
        if index is not None and not callable(index):
            labels = index.tolist()
            if labels != list(range(n)) or n == self.n:
                known = {label for label in labels if type(label) is int}
                return n, known, len(known) < n
        places = self._places(value)
        if places is not None:
            return n, set(places), len(set(places)) < n
        return n, set(range(n)) if n == self.n else None, False

    def _places(self, value: Any) -> list[int] | None:
        import numpy as np

        if not self.columns:
            return None
        try:
            table = np.ascontiguousarray(np.asarray(value, dtype=float))
        except (TypeError, ValueError):
            return None
        if table.ndim != 2 or table.shape[1] != self.columns:
            return None
        places = [self.content.get(row.tobytes(), -1) for row in table]
        known = [place for place in places if place >= 0]
        return known if len(known) > len(places) / 2 else None

    def note(self, event: str, kind: type, value: Any, beside: bool = False) -> None:
        if len(self.events) >= MOST_EVENTS:
            return
        n, places, repeated = self.rows(value)
        held: bool | None = None
        if places is not None:
            if beside:
                held = bool(self.spared) and all(places & test for test in self.spared)
            else:
                spared = [test for test in self.tests if not places & test]
                held = not spared
                if event == "fit":
                    self.spared = spared
        entry = (event, kind.__name__, str(getattr(kind, "__module__", "")), n, held, repeated, self.depth, beside)
        self.events.append((*entry, hasattr(kind, "predict")))


def _install(log: _Log) -> list[tuple[type, str, Any]]:
    undo: list[tuple[type, str, Any]] = []
    seen: set[int] = set()
    for module in list(sys.modules.values()):
        name = getattr(module, "__name__", "")
        file = getattr(module, "__file__", None) or ""
        known = str(name).partition(".")[0] in ("sklearn", "xgboost", "lightgbm", "imblearn", "catboost")
        if not known and "/" in str(file):
            continue  # a library without estimators; the learner's own files have no folder
        for value in list(vars(module).values()):
            if isinstance(value, type) and id(value) not in seen:
                seen.add(id(value))
                _wrap(value, log, undo)
    return undo


def _wrap(kind: type, log: _Log, undo: list[tuple[type, str, Any]]) -> None:
    for name in (*FITS, *PREDICTS):
        original = kind.__dict__.get(name)
        if isinstance(original, types.FunctionType):
            try:
                setattr(kind, name, _spy(original, name, log))
            except (AttributeError, TypeError):
                continue
            undo.append((kind, name, original))


def _spy(original: Any, name: str, log: _Log) -> Any:
    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        first = args[0] if args else kwargs.get("X", next(iter(kwargs.values()), None))
        event = "fit" if name in FITS else "predict"
        log.note(event, type(self), first)
        if event == "fit":
            for other in kwargs.get("eval_set") or ():
                log.note("fit", type(self), other[0] if isinstance(other, tuple | list) else other, beside=True)
            if kwargs.get("X_val") is not None:
                log.note("fit", type(self), kwargs["X_val"], beside=True)
        log.depth += 1
        try:
            return original(self, *args, **kwargs)
        finally:
            log.depth -= 1

    method.__name__, method.__qualname__, method.__doc__ = name, original.__qualname__, original.__doc__
    method.__wrapped__ = original  # type: ignore[attr-defined]
    return method
