"""Competitions on real data that ships with scikit-learn and statsmodels: nothing is downloaded."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from gradus.arena.models import ID, Array, Contest, Drawn, Options, public_part
from gradus.vault import METRICS, Task

if TYPE_CHECKING:
    import pandas as pd

TEST_SHARE = 0.4
Load = Callable[[], "pd.DataFrame"]


def real_contests() -> tuple[Contest, ...]:
    """Every competition on real data."""
    sk, sm = "scikit-learn", "statsmodels"
    return (
        _real("tumors", "Breast tumors", "Benign or malignant, from the shapes of cell nuclei (Wisconsin, 569 images).",
              f"{sk}: load_breast_cancer (UCI, CC BY 4.0)", "log_loss", "diagnosis", _tumors, positive="malignant"),
        _real("wines", "Three cultivars of wine", "Which vine a wine came from, by its chemistry (178 wines).",
              f"{sk}: load_wine (UCI, CC BY 4.0)", "accuracy", "cultivar", _wines),
        _real("digits", "Handwritten digits", "Which digit 8 × 8 pixels show (1,797 images).",
              f"{sk}: load_digits (UCI, CC BY 4.0)", "accuracy", "digit", _digits),
        _real("diabetes", "Progression of diabetes", "How far diabetes went in a year, by ten measures (442 people).",
              f"{sk}: load_diabetes (Efron et al., 2004)", "rmse", "progression", _diabetes),
        _real("affairs", "Affairs", "Who had an affair, by a magazine's survey of 1974 (6,366 wives).",
              f"{sm}: fair (Fair, 1978; public domain)", "roc_auc", "affair", _affairs, positive="yes"),
        _real("votes", "Clinton or Dole", "What 944 people voted in 1996, by what they told pollsters.",
              f"{sm}: anes96 (public domain)", "accuracy", "vote", _votes, positive="Dole"),
        _real("doctors", "Visits to the doctor", "How often people see a doctor in a year (RAND experiment).",
              f"{sm}: randhie (public domain)", "mae", "visits", _doctors),
        _real("sunspots", "Next year's sunspots", "The sun's activity next year from the years before (1711 to 2008).",
              f"{sm}: sunspots (public domain)", "rmse", "activity", _sunspots, ordered=True),
    )  # fmt: skip


def _real(
    id: str, title: str, story: str, source: str, metric: str, target: str, load: Load, positive: str = "",
    ordered: bool = False,
) -> Contest:  # fmt: skip
    def draw(seed: int, options: Options) -> Drawn:
        return _draw(load(), target, metric, positive, ordered, np.random.default_rng(seed))

    return Contest(id, title, story, "real", source, metric, target, draw)


def _draw(
    frame: pd.DataFrame, target: str, metric: str, positive: str, ordered: bool, rng: np.random.Generator
) -> Drawn:
    n = len(frame)
    m = round(TEST_SHARE * n)
    is_number = METRICS[metric].wants == "number"
    classes = () if is_number else tuple(sorted(frame[target].unique().tolist()))
    chosen = np.arange(n - m, n) if ordered else _stratified(frame[target].to_numpy(), m, not is_number, rng)
    inside = np.zeros(n, dtype=bool)
    inside[chosen] = True
    rest = np.flatnonzero(~inside)
    train = frame.iloc[rest if ordered else rng.permutation(rest)].reset_index(drop=True)
    test = frame.iloc[chosen if ordered else rng.permutation(chosen)].reset_index(drop=True)
    answers = tuple(map(str, test[target].tolist()))
    features = [name for name in frame.columns if name != target]
    train, test = train[[*features, target]], test[features]
    train.insert(0, ID, np.arange(1, len(train) + 1))
    test.insert(0, ID, np.arange(len(train) + 1, n + 1))
    public = np.arange(len(test)) < round(0.4 * len(test)) if ordered else public_part(len(test), rng, 0.4)
    return Drawn(train, test, answers, public, Task(metric, classes, positive), target)


def _stratified(values: Array, m: int, classes: bool, rng: np.random.Generator) -> Array:
    if not classes:
        return rng.permutation(len(values))[:m]
    parts = []
    for value in np.unique(values):
        own = rng.permutation(np.flatnonzero(values == value))
        parts.append(own[: round(m * len(own) / len(values))])
    return np.concatenate(parts)


def _named(columns: list[str]) -> list[str]:
    return [name.replace(" ", "_").replace("/", "_") for name in columns]


def _tumors() -> pd.DataFrame:
    from sklearn.datasets import load_breast_cancer

    data = load_breast_cancer(as_frame=True)
    frame: pd.DataFrame = data.data.set_axis(_named(list(data.data.columns)), axis=1)
    return frame.assign(diagnosis=np.where(data.target == 0, "malignant", "benign"))


def _wines() -> pd.DataFrame:
    from sklearn.datasets import load_wine

    data = load_wine(as_frame=True)
    frame: pd.DataFrame = data.data.set_axis(_named(list(data.data.columns)), axis=1)
    return frame.assign(cultivar=np.array(["A", "B", "C"])[data.target])


def _digits() -> pd.DataFrame:
    from sklearn.datasets import load_digits

    data = load_digits(as_frame=True)
    frame: pd.DataFrame = data.data.astype(int)
    return frame.assign(digit=data.target.astype(str))


def _diabetes() -> pd.DataFrame:
    from sklearn.datasets import load_diabetes

    data = load_diabetes(as_frame=True, scaled=False)
    frame: pd.DataFrame = data.data
    return frame.assign(progression=data.target)


def _affairs() -> pd.DataFrame:
    from statsmodels.datasets import fair

    frame: pd.DataFrame = fair.load_pandas().data
    return frame.assign(affair=np.where(frame["affairs"] > 0, "yes", "no")).drop(columns="affairs")


def _votes() -> pd.DataFrame:
    from statsmodels.datasets import anes96

    frame: pd.DataFrame = anes96.load_pandas().data
    return frame.assign(vote=np.where(frame["vote"] == 1, "Dole", "Clinton"))


def _doctors() -> pd.DataFrame:
    from statsmodels.datasets import randhie

    frame: pd.DataFrame = randhie.load_pandas().data.rename(columns={"mdvis": "visits"})
    return frame.sample(3000, random_state=0).reset_index(drop=True)


def _sunspots() -> pd.DataFrame:
    import pandas as pd
    from statsmodels.datasets import sunspots

    data = sunspots.load_pandas().data
    values = data["SUNACTIVITY"]
    lags = {f"years_ago_{lag}": values.shift(lag) for lag in range(1, 12)}
    return pd.DataFrame({"year": data["YEAR"], **lags, "activity": values}).dropna().reset_index(drop=True)
