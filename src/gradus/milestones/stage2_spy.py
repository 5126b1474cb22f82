"""C10, the fit spy: which fits during ``evaluate`` saw held-out rows, and what that is called."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from gradus.milestones.stage1 import ProbeFailed

if TYPE_CHECKING:
    from gradus.milestones.stage2_leaks import Bench, Found

#: They learn nothing from values: names of classes at most, which a held-out row does not add to.
STATELESS = frozenset({
    "LabelEncoder", "LabelBinarizer", "MultiLabelBinarizer", "OneHotEncoder", "OrdinalEncoder", "FunctionTransformer",
    "Normalizer", "HashingVectorizer", "FeatureHasher",
})  # fmt: skip
COMPOSITE = frozenset({"Pipeline", "ColumnTransformer", "FeatureUnion", "TransformedTargetRegressor"})
SEARCHES = ("GridSearchCV", "RandomizedSearchCV", "HalvingGridSearchCV", "HalvingRandomSearchCV")

#: What to do about each leak.
ADVICE = {
    "tuning": (
        "The rows that choose a setting, or when to stop, cannot also say how good the result is: choose within the "
        "training rows of each fold."
    ),
    "target_encoding": (
        "Each held-out row's own label went into its features. Encode within the training rows, out of fold."
    ),
    "selection": (
        "The columns were chosen with the held-out labels in view, so even noise would look predictive. Put the "
        "selection inside the pipeline that `build` returns."
    ),
    "oversampling": (
        "Rows were copied before they were split, so copies of held-out rows were trained on. Resample within the "
        "training rows of each fold."
    ),
    "no_test_set": (
        "The model was trained on the rows it is scored on. Fit on `train`, predict `test`, for each of the folds that "
        "`evaluate` receives."
    ),
    "preprocessing": (
        "What it learned from them (means, spreads, fill values, components) went into training. Put it inside the "
        "pipeline that `build` returns, so that each fold fits it anew."
    ),
}


class Event(NamedTuple):
    """An entry of the log that ``stage2_inside`` keeps."""

    event: str
    name: str
    module: str
    rows: int
    held: bool | None
    repeated: bool
    depth: int
    beside: bool
    predicts: bool


def fit_spy(bench: Bench) -> Found:
    """Log every fit during ``evaluate``: none that shapes a prediction may see a held-out row.

    A model fitted on all rows is no leak by itself, as it may only be the final one: whether it speaks for held-out
    rows is for the label probe to say, which gets its name from here.
    """
    _, raw = bench.work.spied(bench.study, bench.folds)
    log = [Event(*entry) for entry in raw]
    tests = {len(test) for _, test in bench.folds}
    last = max((i for i, event in enumerate(log) if event.event == "predict" and event.rows in tests), default=len(log))
    fits = [(i, event) for i, event in enumerate(log[: last + 1]) if event.event == "fit"]
    for place, event in fits:
        if not event.held or (event.depth > 0 and not event.beside):
            continue
        leak, name = _named(event, log[place + 1 :])
        if not leak:
            continue
        bench.sinners.append((leak, name))
    for leak, name in bench.sinners:
        if leak not in ("no_test_set", "oversampling"):
            raise ProbeFailed(
                f"`{name}` was fitted with held-out rows in view before these were predicted. {ADVICE[leak]}",
                leak=leak, estimator=name, fits=len(fits),
            )  # fmt: skip
    if not fits:
        return "No fit of a known class was seen: the other probes watch from outside.", {"fits": 0}
    return f"{len(fits):,} fits, and no held-out row shaped a prediction.", {"fits": len(fits)}


def _named(event: Event, later: list[Event]) -> tuple[str, str]:
    """The leak that a fit is, and the class to name; no leak for what learns nothing."""
    if event.name not in COMPOSITE:
        return ("", "") if event.name in STATELESS else (_leak(event), event.name)
    inner = []
    for below in later:
        if below.depth <= event.depth:
            break
        if below.event == "fit" and below.name not in STATELESS | COMPOSITE:
            inner.append(below)
    if not inner:
        return "", ""
    final = next((step for step in inner if _leak(step) == "no_test_set"), None)
    if final is not None:
        return ("oversampling" if event.repeated else "no_test_set"), event.name
    return _leak(inner[0]), inner[0].name


def _leak(event: Event) -> str:
    name = event.name
    if event.beside or name in SEARCHES:
        return "tuning"
    if "Target" in name and "Encoder" in name:
        return "target_encoding"
    if "feature_selection" in event.module or "Select" in name or name.startswith("RFE"):
        return "selection"
    if event.repeated or name.endswith(("Sampler", "SMOTE", "ADASYN")):
        return "oversampling"
    if event.predicts and not any(part in event.module for part in ("cluster", "mixture")):
        return "no_test_set"
    return "preprocessing"
