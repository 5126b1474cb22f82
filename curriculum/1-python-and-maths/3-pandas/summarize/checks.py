"""summarize(df, by): rows and means per group, no row and no group lost, whatever the order of the rows."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd

from gradus.checks import behaviour, cases, fail, misconception, valid


@valid
def keeps_a_row(df, by):
    return len(df) >= 1 and by in df.columns and df.shape[1] >= 2


def teams(rng, n, no_team=0, gaps=0):
    """Scores of three teams, the first rows not in alphabetical order; some without a team or without a score."""
    team = ["c", "a", "b", "a", "c"] + [str(t) for t in rng.choice(["a", "b", "c"], size=n - 5)]
    df = pd.DataFrame(
        {
            "score": rng.normal(20, 8, size=n).round(1),
            "team": team,
            "goals": rng.integers(0, 6, size=n),
        }
    )
    rows = rng.permutation(np.arange(3, n))
    df.loc[rows[:no_team], "team"] = None
    df.loc[rows[no_team : no_team + gaps], "score"] = np.nan
    return df


@cache
def iris():
    """Fisher's measurements as they ship with scikit-learn; read from its file, because importing it takes longer."""
    file = Path(find_spec("sklearn").submodule_search_locations[0], "datasets", "data", "iris.csv")
    names = ["sepal length", "sepal width", "petal length", "petal width", "species"]
    return pd.read_csv(file, skiprows=1, names=names)


@cases
def tables(rng):
    """Gaps in the values, rows without a group, groups that first appear out of order."""
    yield teams(rng, int(rng.integers(8, 14))), "team"
    yield teams(rng, int(rng.integers(9, 14)), gaps=2), "team"
    yield teams(rng, int(rng.integers(9, 14)), no_team=2, gaps=2), "team"
    years = teams(rng, 9).assign(year=[2024, 2022, 2023, 2022, 2024, 2023, 2023, 2022, 2022])
    yield years.drop(columns="team"), "year"


@cases
def flowers(rng):
    """Forty rows of the iris data."""
    yield iris().sample(40, random_state=int(rng.integers(2**31))).reset_index(drop=True), "species"


@misconception
def missing_group_dropped(df, by):
    """Rows without a group have vanished: the column `rows` does not add up to `len(df)`.

    `groupby` leaves missing keys out unless told otherwise, and says nothing. Who is missing is often the finding:
    the people who did not answer are a group as well."""
    groups = df.groupby(by)
    table = groups.mean()
    table.insert(0, "rows", groups.size())
    return table


@misconception
def values_counted_not_rows(df, by):
    """`rows` counts the values that are present, not the rows.

    `count()` skips missing values and therefore differs from column to column; `size()` counts rows. On a table without
    gaps the two agree, so the mix-up stays hidden until there are some."""
    groups = df.groupby(by, dropna=False)
    table = groups.mean()
    table.insert(0, "rows", groups[table.columns[0]].count())
    return table


@misconception
def order_of_appearance(df, by):
    """The groups come in the order in which the rows happened to stand.

    Shuffle the table and the summary looks different, although nothing in the data changed. Whoever compares two such
    tables line by line compares different groups."""
    groups = df.groupby(by, dropna=False, sort=False)
    table = groups.mean()
    table.insert(0, "rows", groups.size())
    return table


@misconception
def gaps_counted_as_zero(df, by):
    """Missing values pull the means toward 0.

    Filling gaps with 0, or dividing the sum by the number of rows, counts a value nobody measured as a measurement
    of 0. A mean is over the values that are there."""
    groups = df.fillna(dict.fromkeys(df.columns.drop(by), 0)).groupby(by, dropna=False)
    table = groups.mean()
    table.insert(0, "rows", groups.size())
    return table


@misconception
def one_gap_poisons_the_group(df, by):
    """A group with one missing value has `NaN` for a mean.

    NumPy's `mean` answers `nan` as soon as one value is missing; pandas' own `mean` skips missing values. Turning a
    column into an array on the way changes which of the two you get."""
    groups = df.groupby(by, dropna=False)
    table = groups.agg(lambda column: column.to_numpy(dtype=float).mean())
    table.insert(0, "rows", groups.size())
    return table


@misconception
def group_as_column(df, by):
    """The groups are an ordinary column; the index is 0, 1, 2…

    With `as_index=False` or `reset_index()` a row can no longer be asked for by its group, as in
    `table.loc["a"]`, and adding two such tables pairs rows by position instead of by group."""
    groups = df.groupby(by, dropna=False)
    table = groups.mean()
    table.insert(0, "rows", groups.size())
    return table.reset_index()


@behaviour("every row is counted once")
def rows_add_up(student, rng):
    """The counts add up to the length of the table: no row is lost, none is counted twice."""
    df = teams(rng, 12, no_team=3, gaps=2)
    counted = int(student.summarize(df, "team")["rows"].sum())
    if counted != len(df):
        fail("The counts do not add up to the length of the table.", expected=len(df), actual=counted)


@behaviour("the order of the rows does not matter")
def row_order(student, rng):
    """The same rows in another order are the same data, so the summary must be the same."""
    df = teams(rng, 10, no_team=1, gaps=1)
    shuffled = df.iloc[rng.permutation(len(df))]
    before, after = student.summarize(df, "team"), student.summarize(shuffled, "team")
    same = before.shape == after.shape and np.allclose(before.to_numpy(), after.to_numpy(), equal_nan=True)
    if not same:
        fail("With the rows shuffled the summary differs.", case=shuffled, expected=before, actual=after)
