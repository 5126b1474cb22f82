"""The learner's table as features, target, groups and time; refused in words when it cannot be examined."""

from __future__ import annotations

import difflib
import io
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from gradus.milestones.stage2_declared import Declared
    from gradus.milestones.table import Table

Array = np.ndarray[Any, np.dtype[Any]]
Kind = Literal["binary", "multiclass", "regression"]

FEWEST_ROWS = 40
FEWEST_PER_CLASS = 5
MOST_CLASSES = 30
#: Larger tables are examined on a random sample of their rows (time-ordered and grouped ones keep whole groups).
MOST_ROWS = 20_000
REGRESSION = frozenset({"r2", "mae", "rmse"})
BINARY_ONLY = frozenset({"f1", "average_precision"})


class BadData(Exception):  # noqa: N818 - reads as what it says at the place of use
    """The data and the declarations do not fit; the message says why, to the learner."""

    def __init__(self, what: str, next_step: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.next_step = next_step


@dataclass(frozen=True)
class Problem:
    """What is predicted. ``classes`` are sorted; ``positive`` is the place of the class whose chance is meant."""

    kind: Kind
    classes: tuple[Any, ...] = ()
    positive: int = 1


@dataclass(frozen=True)
class Study:
    """Features ``X`` (n, d), target ``y`` as the learner sees it, and ``truth``: codes of classes, or numbers (n,)."""

    X: pd.DataFrame
    y: pd.Series[Any]
    truth: Array
    problem: Problem
    metric: str
    groups: Array | None = None
    time: Array | None = None
    aside: pd.DataFrame | None = None
    known: frozenset[str] = field(default_factory=frozenset)

    def __len__(self) -> int:
        return len(self.y)

    def take(self, positions: Any) -> Study:
        """The rows at ``positions``, numbered anew from 0."""
        chosen = np.asarray(positions)

        def part(values: Array | None) -> Array | None:
            return None if values is None else values[chosen]

        return replace(
            self,
            X=self.X.iloc[chosen].reset_index(drop=True),
            y=self.y.iloc[chosen].reset_index(drop=True),
            truth=self.truth[chosen],
            groups=part(self.groups),
            time=part(self.time),
            aside=None if self.aside is None else self.aside.iloc[chosen].reset_index(drop=True),
        )

    def with_target(self, truth: Array) -> Study:
        """The same rows with other targets, given as codes or numbers."""
        if self.problem.kind == "regression":
            values: Any = truth.astype(self.truth.dtype)
        else:
            values = np.asarray(self.problem.classes, dtype=object)[truth]
        import pandas as pd

        y = pd.Series(values, name=self.y.name).astype(self.y.dtype)
        return replace(self, truth=truth, y=y)

    def sample(self, most: int, rng: np.random.Generator) -> Study:
        """At most about ``most`` rows: classes in proportion, groups whole, time in order."""
        if len(self) <= most:
            return self
        if self.groups is not None:
            names = rng.permutation(np.unique(self.groups))
            sizes = np.array([(self.groups == name).sum() for name in names])
            chosen = names[: max(6, int(np.searchsorted(np.cumsum(sizes), most)) + 1)]
            return self.take(np.flatnonzero(np.isin(self.groups, chosen)))
        if self.time is not None:
            return self.take(np.sort(np.argsort(self.time, kind="stable")[-most:]))
        if self.problem.kind == "regression":
            return self.take(np.sort(rng.choice(len(self), most, replace=False)))
        kept = []
        for code in range(len(self.problem.classes)):
            of_class = np.flatnonzero(self.truth == code)
            many = min(len(of_class), max(FEWEST_PER_CLASS, round(most * len(of_class) / len(self))))
            kept.append(rng.choice(of_class, many, replace=False))
        return self.take(np.sort(np.concatenate(kept)))


def read_frame(table: Table) -> pd.DataFrame:
    """The CSV as pandas reads it."""
    import pandas as pd

    return pd.read_csv(io.BytesIO(table.to_bytes()), sep=table.delimiter, encoding=table.encoding)


def require_columns(columns: Sequence[str], declared: Declared, where: str) -> None:
    """Refuse declarations that name columns which are not there."""
    data = declared.data
    named = [("target", data.target), ("groups", data.groups), ("time", data.time)]
    named += [("ignore", name) for name in data.ignore] + [("known_before", name) for name in data.known_before]
    named += [("same_entities", name) for name in data.same_entities]
    for entry, name in named:
        if name is not None and name not in columns:
            raise BadData(
                f"{where} has no column “{name}”, which claims.toml names as `{entry}`.", _close(name, columns)
            )
    if data.target in (data.groups, data.time, *data.ignore):
        raise BadData(f"The target “{data.target}” cannot be groups, time or ignored as well.")


def require_features(features: Sequence[str], declared: Declared) -> None:
    """Refuse claims about what is no feature."""
    for number, claim in enumerate(declared.claims, 1):
        if claim.feature not in features:
            raise BadData(
                f"Claim {number} is about “{claim.feature}”, which is not among the features.",
                _close(claim.feature, features),
            )


def _close(name: str, columns: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, [str(column) for column in columns], 1, 0.5)
    if near:
        return f"Did you mean “{near[0]}”?"
    listed = ", ".join(f"“{column}”" for column in list(columns)[:12])
    return f"The columns are {listed}{'…' if len(columns) > 12 else ''}."


def make_study(frame: pd.DataFrame, declared: Declared, where: str = "Your data") -> Study:
    """Bring a frame into the form that is examined. Raises BadData."""
    import pandas as pd

    frame = frame.reset_index(drop=True)
    columns = [str(name) for name in frame.columns]
    if len(set(columns)) != len(columns):
        raise BadData(f"{where} has two columns of the same name.")
    frame.columns = pd.Index(columns)
    require_columns(columns, declared, where)
    if len(frame) < FEWEST_ROWS:
        raise BadData(
            f"{where} has {len(frame)} rows; at least {FEWEST_ROWS} are needed to tell anything from luck.",
            "Choose a larger data set.",
        )
    data = declared.data
    y = frame[data.target]
    if (missing := int(y.isna().sum())) > 0:
        raise BadData(
            f"The target “{data.target}” is missing in {missing:,} of {len(y):,} rows.",
            "Rows without an answer teach and prove nothing: take them out of the file, and say so in your write-up.",
        )
    aside = [name for name in (data.groups, data.time, *data.ignore) if name is not None]
    X = frame.drop(columns=list(dict.fromkeys([data.target, *aside])))
    if X.shape[1] == 0:
        raise BadData("No column is left as a feature.", "Look at `ignore` in claims.toml.")
    require_features([str(name) for name in X.columns], declared)
    problem, truth = _problem(y, declared)
    study = Study(
        X, y, truth, problem, declared.score.metric,
        groups=_groups(frame, data.groups, data.repeats, X), time=_time(frame, data.time),
        aside=frame[list(dict.fromkeys(aside))] if aside else None,
        known=frozenset(data.known_before),
    )  # fmt: skip
    if study.groups is not None and len(np.unique(study.groups)) < 4:
        raise BadData(f"“{data.groups}” has fewer than four groups, too few to hold some of them out.")
    if study.groups is not None and data.groups is not None and len(np.unique(study.groups)) == len(study):
        raise BadData(
            f"“{data.groups}” is another one in every row, so it groups nothing.",
            "Name the column that rows of one person, machine or place have in common, or leave `groups` out.",
        )
    return study


def _problem(y: pd.Series[Any], declared: Declared) -> tuple[Problem, Array]:
    import pandas as pd

    metric, target = declared.score.metric, declared.data.target
    numeric = pd.api.types.is_numeric_dtype(y) and not pd.api.types.is_bool_dtype(y)
    if metric in REGRESSION:
        if not numeric:
            raise BadData(f"“{target}” holds words, and `{metric}` measures numbers.", "Choose a metric for classes.")
        truth = y.to_numpy(dtype=float)
        if not np.isfinite(truth).all():
            raise BadData(f"The target “{target}” is infinite in {int((~np.isfinite(truth)).sum())} rows.")
        if np.ptp(truth) == 0:
            raise BadData(f"The target “{target}” is {truth[0]:g} in every row: there is nothing to predict.")
        return Problem("regression"), truth
    classes = sorted(y.unique().tolist(), key=lambda value: (str(type(value)), value))
    if len(classes) == 1:
        raise BadData(
            f"The target “{target}” is {classes[0]!r} in every row: with a single class there is nothing to predict."
        )
    if len(classes) > MOST_CLASSES:
        raise BadData(
            f"“{target}” has {len(classes):,} different values, and `{metric}` counts classes.",
            "For a number to predict, use r2, mae or rmse.",
        )
    codes = _codes(y, classes)
    counts = np.bincount(codes, minlength=len(classes))
    if counts.min() < FEWEST_PER_CLASS:
        rare = classes[int(counts.argmin())]
        raise BadData(
            f"The class {rare!r} of “{target}” has only {counts.min()} rows; at least {FEWEST_PER_CLASS} are needed.",
            "Merge it with another class, or leave its rows out and say so.",
        )
    if len(classes) > 2:
        if metric in BINARY_ONLY:
            raise BadData(f"`{metric}` is for two classes; “{target}” has {len(classes)}.", "Use balanced_accuracy.")
        return Problem("multiclass", tuple(classes)), codes
    positive = _place(declared.data.positive, classes, 1)
    if positive is None:
        raise BadData(
            f"`positive` in claims.toml is {declared.data.positive!r}, but the classes of “{target}” are "
            f"{classes[0]!r} and {classes[1]!r}."
        )
    return Problem("binary", tuple(classes), positive), codes


def _codes(y: pd.Series[Any], classes: list[Any]) -> Array:
    places = {value: place for place, value in enumerate(classes)}
    return np.array([places[value] for value in y.tolist()])


def _place(value: Any, classes: Sequence[Any], default: int | None) -> int | None:
    """Where a declared class stands; numbers and words are compared as the text they are written as, too."""
    if value is None:
        return default
    for place, known in enumerate(classes):
        if known == value or str(known) == str(value):
            return place
    return None


def place_of(value: Any, problem: Problem) -> int | None:
    """Where a class that a claim names stands among the classes; the positive one by default."""
    return _place(value, problem.classes, problem.positive if problem.kind == "binary" else None)


def _groups(frame: pd.DataFrame, name: str | None, repeats: str | None, X: pd.DataFrame) -> Array | None:
    import pandas as pd

    if name is None:
        if repeats != "kept_together":
            return None
        return np.asarray(pd.factorize(pd.util.hash_pandas_object(X, index=False))[0])
    if frame[name].isna().any():
        raise BadData(
            f"The group “{name}” is missing in {int(frame[name].isna().sum()):,} rows.",
            "Give each of these rows a group of its own, or take them out.",
        )
    return np.asarray(pd.factorize(frame[name])[0])


def _time(frame: pd.DataFrame, name: str | None) -> Array | None:
    import pandas as pd

    if name is None:
        return None
    moments = as_moments(frame[name])
    if moments is None or pd.isna(moments).any():
        raise BadData(
            f"“{name}” cannot be read as moments in order in every row.",
            "Write them like 2024-05-31 or as numbers, and leave none out.",
        )
    if len(np.unique(moments)) < 8:
        raise BadData(f"“{name}” has fewer than eight different moments, too few to hold the later ones out.")
    return np.asarray(moments, dtype=float)


def as_moments(column: pd.Series[Any]) -> Array | None:
    """A column as numbers that grow with time (NaN where missing); None when it holds neither dates nor numbers."""
    import warnings

    import pandas as pd

    if pd.api.types.is_numeric_dtype(column):
        return column.to_numpy(dtype=float, na_value=np.nan)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            moments = pd.to_datetime(column, errors="raise", utc=True)
    except (ValueError, TypeError, OverflowError):
        return None
    seconds = (moments - pd.Timestamp(0, tz="UTC")).dt.total_seconds()
    return seconds.to_numpy(dtype=float, na_value=np.nan)
