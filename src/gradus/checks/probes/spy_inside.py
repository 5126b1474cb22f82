"""Runs where the learner's code runs, and keeps a log of every fit. Sent there as text: it imports nothing of Gradus.

It decides nothing: what it returns is data that is judged outside.
"""

from __future__ import annotations

import sys
import threading
import types
from typing import Any

FITS = ("fit", "fit_transform", "fit_predict", "fit_resample", "partial_fit")
PREDICTS = ("predict", "predict_proba", "decision_function")
LIBRARIES = ("sklearn", "xgboost", "lightgbm", "imblearn", "catboost")
#: What these learn from a row is its name at most.
STATELESS = frozenset({
    "LabelEncoder", "LabelBinarizer", "MultiLabelBinarizer", "OneHotEncoder", "OrdinalEncoder", "FunctionTransformer",
    "Normalizer", "Binarizer", "HashingVectorizer", "FeatureHasher",
})  # fmt: skip
MOST_EVENTS = 5000
#: One spy at a time in a process; under one name for every copy of this text.
LOCK: Any = sys.__dict__.setdefault("_gradus_spy_lock", threading.RLock())


class Rows:
    """Recognizes the rows of a table, scaled or not: by index, by a column left as it was, by labels, by content."""

    def __init__(self, X: Any, y: Any = None) -> None:
        import numpy as np

        self.n = len(X)
        index = getattr(X, "index", None)
        labels = index.tolist() if index is not None and not callable(index) else list(range(self.n))
        distinct_labels = len(set(labels)) == self.n
        self.index = {label: place for place, label in enumerate(labels)} if distinct_labels else {}
        columns = [*self.columns(X), *([] if y is None else self.columns(y)[:1])]
        distinct = [column for column in columns if len(np.unique(column)) == self.n]
        self.keys = [(column[order], order) for column in distinct for order in [np.argsort(column)]]
        self.content: dict[Any, int] = {}
        for place, row in enumerate(zip(*self.columns(X), strict=True)):
            self.content[row] = -1 if row in self.content else place  # a repeated row tells nothing

    @staticmethod
    def columns(value: Any) -> list[Any]:
        """The columns of a table or the only one of a series, as floats; those that are none are left out."""
        import numpy as np

        if hasattr(value, "tocsc"):
            value = value.toarray()
        names = getattr(value, "columns", None)
        if names is not None and hasattr(value, "iloc"):
            raw = [value.iloc[:, place] for place in range(len(names))]
        else:
            table = np.asarray(value)
            raw = [table] if table.ndim == 1 else list(table.T) if table.ndim == 2 else []
        found = []
        for column in raw:
            try:
                found.append(np.asarray(column, dtype=float))
            except (TypeError, ValueError):
                continue
        return found

    def places(self, value: Any, y: Any = None) -> list[int] | None:
        """Which rows a table holds; None when they cannot be recognized."""
        import numpy as np

        index = getattr(value, "index", None)
        if self.index and index is not None and not callable(index):
            labels = index.tolist()
            places = [self.index.get(label, -1) for label in labels]
            numbered_anew = len(labels) < self.n and labels == list(range(len(labels)))
            if -1 not in places and not numbered_anew:
                return places
        given = self.columns(value)
        for column in [*given, *([] if y is None else self.columns(y)[:1])]:
            for ordered, order in self.keys:
                at = np.clip(np.searchsorted(ordered, column), 0, self.n - 1)
                if len(column) and (ordered[at] == column).mean() > 0.5:  # the rest may be made up (oversampling)
                    return [int(place) for place in order[at[ordered[at] == column]]]
        places = [self.content.get(row, -1) for row in zip(*given, strict=True)]
        known = [place for place in places if place >= 0]
        return known if known and len(known) > len(places) / 2 else None


class Spy:
    """Wraps every ``fit`` of every class there is until ``stop``. ``events``: (what, class, rows, their places)."""

    def __init__(self, X: Any, y: Any = None, names: Any = None) -> None:
        self.rows = Rows(X, y)
        self.events: list[tuple[str, str, int, list[int] | None]] = []
        self.undo: list[tuple[type, str, Any]] = []
        self.depth = threading.local()
        self.thread = threading.get_ident()
        LOCK.acquire()
        try:
            self.install(names)
        except BaseException:
            self.stop()
            raise

    def install(self, names: Any) -> None:
        seen: set[int] = set()
        spaces = [vars(module) for name, module in list(sys.modules.items()) if name.partition(".")[0] in LIBRARIES]
        for space in [*spaces, vars(names) if names is not None else {}]:
            for value in list(space.values()):
                if isinstance(value, type) and id(value) not in seen:
                    seen.add(id(value))
                    self.wrap(value)

    def wrap(self, kind: type) -> None:
        for name in (*FITS, *PREDICTS):
            original = kind.__dict__.get(name)
            if isinstance(original, types.FunctionType):
                try:
                    setattr(kind, name, self.spying(original, name))
                except (AttributeError, TypeError):
                    continue
                self.undo.append((kind, name, original))

    def spying(self, original: Any, name: str) -> Any:
        def method(this: Any, *args: Any, **kwargs: Any) -> Any:
            if threading.get_ident() != self.thread:
                return original(this, *args, **kwargs)
            depth = getattr(self.depth, "now", 0)
            if depth == 0 and type(this).__name__ not in STATELESS:
                first = args[0] if args else kwargs.get("X")
                y = args[1] if len(args) > 1 else kwargs.get("y")
                self.note("fit" if name in FITS else "predict", type(this).__name__, first, y)
                for other in kwargs.get("eval_set") or () if name in FITS else ():
                    self.note("fit", type(this).__name__, *(other if isinstance(other, tuple) else (other,)))
            self.depth.now = depth + 1
            try:
                return original(this, *args, **kwargs)
            finally:
                self.depth.now = depth

        method.__name__, method.__qualname__, method.__doc__ = name, original.__qualname__, original.__doc__
        method.__wrapped__ = original  # type: ignore[attr-defined]
        return method

    def note(self, what: str, name: str, value: Any, y: Any = None) -> None:
        if len(self.events) >= MOST_EVENTS:
            return
        try:
            amount = len(value) if not hasattr(value, "tocsc") else value.shape[0]
            places = self.rows.places(value, y) if what == "fit" else None
        except Exception:  # the log must never be what breaks the learner's run
            amount, places = 0, None
        self.events.append((what, name, amount, places))

    def stop(self) -> list[tuple[str, str, int, list[int] | None]]:
        """Put everything back as it was, and return the log."""
        while self.undo:
            kind, name, original = self.undo.pop()
            setattr(kind, name, original)
        LOCK.release()
        return self.events
