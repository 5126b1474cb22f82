"""monthly_co2(path): the mean of each month, every month present, missing readings left out."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd

from gradus.checks import File, cases, misconception


@cache
def record():
    """The weekly record as statsmodels ships it (public domain); read as a file, because importing it takes longer."""
    return pd.read_csv(Path(find_spec("statsmodels").submodule_search_locations[0], "datasets", "co2", "co2.csv"))


def as_file(df):
    return File("co2.csv", df.to_csv(index=False))


@cases
def stretches(rng):
    """Stretches of the record, each of which holds a month without a reading or has one cut out of it."""
    weekly = record()
    start = int(rng.integers(0, 8))
    yield as_file(weekly.iloc[start : start + 40])  # June 1958 has no reading
    start = int(rng.integers(300, 1500))
    part = weekly.iloc[start : start + int(rng.integers(30, 70))].copy()
    month = part["date"] // 100
    inner = month.unique()[2:-2]
    gone = rng.choice(inner, size=2, replace=False)
    part.loc[month.eq(gone[0]) & (part.groupby(month).cumcount() < 2), "co2"] = np.nan
    yield as_file(part[month != gone[1]])


@cases
def one_month(rng):
    """A single month, and a single line."""
    weekly = record()
    month = weekly["date"] // 100
    chosen = rng.choice(month.unique()[100:300])
    yield as_file(weekly[month == chosen])
    yield as_file(weekly.iloc[[int(rng.integers(200, 2000))]])


def weekly_from(path):
    weekly = pd.read_csv(path)
    weekly["date"] = pd.to_datetime(weekly["date"].astype(str), format="%Y%m%d")
    return weekly.set_index("date")["co2"]


@misconception
def numbers_read_as_nanoseconds(path):
    """Everything falls into January 1970.

    `19580329` arrives as a whole number, and `pd.to_datetime` takes a whole number for nanoseconds since 1970. It never
    complains, because every number is a date in that reading. Hand it text, and say how the date is written."""
    weekly = pd.read_csv(path)
    weekly["date"] = pd.to_datetime(weekly["date"])
    return weekly.set_index("date")["co2"].resample("MS").mean()


@misconception
def empty_months_left_out(path):
    """Months without a line in the file are missing from the result.

    Grouping makes a group for every month that occurs. A month nobody wrote down does not occur, so the result jumps
    over it, and whatever treats neighboring rows as neighboring months goes wrong. Resampling makes the whole
    calendar."""
    weekly = weekly_from(path)
    return weekly.groupby(weekly.index.to_period("M").to_timestamp()).mean().rename_axis("date")


@misconception
def months_without_reading_dropped(path):
    """Months without a reading are missing from the result.

    Dropping gaps at the end leaves a series that looks complete and is not. `NaN` is the honest entry for a month
    in which nobody measured."""
    return weekly_from(path).resample("MS").mean().dropna()


@misconception
def gaps_counted_as_zero(path):
    """Missing readings pull the monthly mean down, to 0 where there is none at all.

    Air without carbon dioxide has never been measured on Mauna Loa. An empty cell filled with 0 enters the mean as if
    it had; leave it missing and pandas leaves it out."""
    return weekly_from(path).fillna(0).resample("MS").mean()


@misconception
def gaps_interpolated(path):
    """Months without a reading have a value.

    Filling a gap from its neighbors gives a smooth curve, and it is a guess that the result no longer shows as one.
    The task asks for what was measured."""
    return weekly_from(path).resample("MS").mean().interpolate()


@misconception
def last_days_as_labels(path):
    """The months are labeled by their last day; the first day is expected.

    `"ME"` stands for the end of the month, `"MS"` for its start. The means are the same, but labels that differ do not
    meet: adding two such series gives `NaN` everywhere."""
    return weekly_from(path).resample("ME").mean()


@misconception
def calendar_months(path):
    """All Marches have been averaged together.

    `.dt.month` is a number from 1 to 12 without its year. That answers how the year goes on average; here each
    month of each year is a row of its own."""
    weekly = weekly_from(path)
    return weekly.groupby(weekly.index.month).mean()
