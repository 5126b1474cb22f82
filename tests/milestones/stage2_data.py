"""Data sets of the corpus, as a learner would bring them: small, mixed, with missing values."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pandas as pd

#: Another number draws the same kinds of data anew, as the measurement of false alarms does.
DRAW = 0


def _rng(number: int) -> np.random.Generator:
    return np.random.default_rng([number, DRAW] if DRAW else number)


def _chance(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z))


def loans() -> pd.DataFrame:
    """Two classes from numbers with gaps and a category; nothing repeats."""
    rng, n = _rng(1), 160
    frame = pd.DataFrame(
        {
            "age": rng.normal(40, 12, n).round(1),
            "income": rng.gamma(3, 900, n).round(0),
            "debt": rng.normal(0, 1, n).round(3),
            "city": rng.choice(["Oslo", "Lima", "Pune"], n),
        }
    )
    z = 0.05 * (frame.age - 40) + 1.8 * frame.debt + 0.6 * (frame.city == "Lima")
    frame["default"] = np.where(rng.random(n) < _chance(z.to_numpy()), "yes", "no")
    frame.loc[rng.choice(n, 9, replace=False), "income"] = np.nan
    return frame


def rare() -> pd.DataFrame:
    """Two classes, one of them an eighth of the rows."""
    rng, n = _rng(2), 240
    frame = pd.DataFrame({"load": rng.normal(5, 2, n).round(3), "heat": rng.normal(70, 9, n).round(2)})
    frame["wear"] = rng.gamma(2, 1, n).round(3)
    z = 1.3 * (frame.load - 5) + 0.12 * (frame.heat - 70)
    frame["fault"] = (z + rng.logistic(0, 0.5, n) > np.quantile(z, 0.87)).astype(int)
    return frame


def machines() -> pd.DataFrame:
    """Two classes that boosting finds and a line does not: a step, and a vibration bad at either end."""
    rng, n = _rng(14), 200
    frame = pd.DataFrame({"heat": rng.normal(70, 9, n).round(2), "hum": rng.normal(0, 1, n).round(3)})
    frame["wear"] = rng.gamma(2, 1, n).round(3)
    z = 3.0 * (frame.heat > 72) + 2.4 * (frame.hum.abs() > 1) - 3.1
    frame["fault"] = (rng.random(n) < _chance(1.4 * z.to_numpy())).astype(int)
    return frame


def flats() -> pd.DataFrame:
    """A number from numbers and a category."""
    rng, n = _rng(3), 150
    frame = pd.DataFrame(
        {
            "area": rng.gamma(8, 9, n).round(1),
            "rooms": rng.integers(1, 6, n),
            "floor": rng.integers(0, 9, n),
            "part": rng.choice(["north", "south", "harbor"], n),
        }
    )
    frame["rent"] = (
        200 + 9 * frame.area + 30 * frame.rooms + 120 * (frame.part == "harbor") + rng.normal(0, 60, n)
    ).round(0)
    return frame


def visits() -> pd.DataFrame:
    """Several visits of each patient, whose own level is in the features and in the outcome."""
    rng, patients, each = _rng(4), 40, 5
    who = np.repeat(np.arange(patients), each)
    shape = rng.normal(size=(patients, 3))
    frame = pd.DataFrame(shape[who] + rng.normal(0, 0.03, (len(who), 3)), columns=["weight", "pulse", "lung"]).round(3)
    frame["stress"] = rng.normal(size=len(who)).round(3)
    ill = (rng.random(patients) < 0.5)[who]
    noisy = np.where(rng.random(len(who)) < 0.08, ~ill, ill)
    frame["ill"] = np.where(noisy ^ (frame.stress.to_numpy() > 2.2), 1, 0)
    frame.insert(0, "patient_id", [f"P{i:03d}" for i in who])
    return frame


def clinics() -> pd.DataFrame:
    """Grouped rows with an honest signal that carries over to new groups."""
    rng, groups, each = _rng(5), 30, 6
    who = np.repeat(np.arange(groups), each)
    frame = pd.DataFrame({"clinic": who, "dose": rng.normal(size=len(who)).round(3)})
    frame["age"] = rng.normal(50, 15, len(who)).round(0)
    z = 1.9 * frame.dose - 0.03 * (frame.age - 50) + rng.normal(0, 0.4, groups)[who]
    frame["cured"] = np.where(rng.random(len(who)) < _chance(z.to_numpy()), "cured", "not")
    return frame


def sales() -> pd.DataFrame:
    """A daily series with a week in it, and a memory of one day."""
    rng, n = _rng(6), 220
    day = pd.date_range("2024-01-01", periods=n)
    level = np.zeros(n)
    for t in range(1, n):
        level[t] = 0.7 * level[t - 1] + rng.normal(0, 8)
    week = np.array([0, 4, 6, 8, 14, 30, 22])[day.day_of_week]
    promo = (rng.random(n) < 0.2).astype(int)
    return pd.DataFrame(
        {"date": day.strftime("%Y-%m-%d"), "promo": promo, "sold": (100 + week + 15 * promo + level).round(1)}
    )


def drifting() -> pd.DataFrame:
    """Rows in time whose outcome wanders: neighbors in time tell it, the past alone does not."""
    rng, n = _rng(7), 240
    wander = np.cumsum(rng.normal(0, 1, n))
    wander -= wander.mean()
    frame = pd.DataFrame({"date": pd.date_range("2023-01-01", periods=n).strftime("%Y-%m-%d")})
    frame["tide"] = (np.arange(n) + rng.normal(0, 0.5, n)).round(2)
    frame["wind"] = rng.normal(size=n).round(2)
    frame["level"] = (wander + rng.normal(0, 0.3, n)).round(2)
    return frame.sample(frac=1, random_state=0, ignore_index=True)


def flowers() -> pd.DataFrame:
    """Fisher's irises."""
    from sklearn.datasets import load_iris

    frame = load_iris(as_frame=True).frame
    frame.columns = ["sepal_length", "sepal_width", "petal_length", "petal_width", "kind"]
    frame["kind"] = frame["kind"].map({0: "setosa", 1: "versicolor", 2: "virginica"})
    return frame.drop_duplicates(ignore_index=True)


def wide() -> pd.DataFrame:
    """More columns than can be looked at, three of which count."""
    rng, n, d = _rng(8), 110, 80
    X = rng.normal(size=(n, d)).round(3)
    frame = pd.DataFrame(X, columns=[f"gene_{k}" for k in range(d)])
    frame["sick"] = (rng.random(n) < _chance(2.2 * X[:, 3] - 2.2 * X[:, 40] + 1.2 * X[:, 7])).astype(int)
    return frame


def copied() -> pd.DataFrame:
    """Loans in which a part of the rows was stored twice, and whose outcome is nearly luck."""
    rng = _rng(9)
    frame = loans()
    frame["default"] = rng.permutation(frame["default"].to_numpy())
    again = frame.sample(110, random_state=0)
    return pd.concat([frame, again], ignore_index=True).sample(frac=1, random_state=1, ignore_index=True)


def nearly_copied() -> pd.DataFrame:
    """The same with a trace of noise, as from a second reading."""
    rng = _rng(10)
    frame = copied().drop(columns="income").assign(age=lambda t: t.age + rng.normal(0, 1e-4, len(t)))
    frame["debt"] = frame.debt + rng.normal(0, 1e-5, len(frame))
    frame["rate"] = frame.groupby(frame.age.round(1)).debt.transform("first") * 1.7 + rng.normal(0, 1e-5, len(frame))
    return frame


def refunded() -> pd.DataFrame:
    """Loans with a column that is only written after the outcome."""
    rng = _rng(11)
    frame = loans()
    late = frame["default"] == "yes"
    frame["collection_fee"] = np.where(late, rng.gamma(3, 20, len(frame)).round(2), 0.0)
    return frame


def called_back() -> pd.DataFrame:
    """Loans with a column that is only filled after the outcome: its gaps give the answer."""
    rng = _rng(12)
    frame = loans()
    frame["days_to_call"] = np.where(frame["default"] == "yes", rng.integers(1, 90, len(frame)), np.nan)
    return frame


@cache
def as_csv(make: Callable[[], pd.DataFrame]) -> bytes:
    """The data as the bytes of a CSV file."""
    return make().to_csv(index=False).encode()
