"""split_xy(df, target): X and y without the rows whose target is missing, everything else as it was."""

import numpy as np
import pandas as pd

from gradus.checks import behaviour, cases, fail, misconception, valid


@valid
def labels_are_unique(df, target):
    return len(df) >= 1 and df.index.is_unique and df.columns.is_unique


def table(rng, n, place, gaps):
    """Columns that are not in alphabetical order, row labels that are not 0, 1, 2…, `gaps` missing targets."""
    df = pd.DataFrame(
        {
            "weight": rng.normal(70, 10, size=n).round(1),
            "children": rng.integers(0, 5, size=n),
            "city": rng.choice(["Oslo", "Lima", "Pune"], size=n),
        },
        index=rng.permutation(np.arange(100, 100 + n)),
    )
    income = rng.normal(30, 5, size=n).round(2)
    income[rng.choice(n, size=gaps, replace=False)] = np.nan
    df.insert(place, "income", income)
    return df


@cases
def tables(rng):
    """The target stands anywhere but last; gaps fall in the target and in other rows' features."""
    for place in (0, int(rng.integers(1, 3))):
        n = int(rng.integers(6, 15))
        df = table(rng, n, place, gaps=int(rng.integers(1, 4)))
        labeled = df.index[df["income"].notna()]
        df.loc[rng.choice(labeled, size=2, replace=False), "weight"] = np.nan
        yield df, "income"
    yield table(rng, 5, 3, gaps=0), "children"
    yield table(rng, 5, 1, gaps=0), "city"


@cases
def unknown_targets(rng):
    """A name that is not a column raises KeyError."""
    yield table(rng, 4, 2, gaps=1), "salary"


@misconception
def last_column(df, target):
    """The last column is taken for the target, whatever its name.

    The target may stand anywhere. Taking it by place works until somebody adds a column to the file."""
    known = df[df[target].notna()]
    return known.iloc[:, :-1], known.iloc[:, -1]


@misconception
def columns_sorted(df, target):
    """The features come back in alphabetical order.

    `df.columns.difference(...)` treats the names as a set and sorts them. Anything that later meets these columns by
    position, such as a list of weights, then belongs to the wrong features."""
    known = df[df[target].notna()]
    return known[known.columns.difference([target])], known[target]


@misconception
def all_gaps_dropped(df, target):
    """Rows with a missing feature have gone too.

    `dropna()` without `subset` removes a row for any gap. Only a missing target makes a row useless for training;
    with several columns, dropping for any gap can cost most of the table."""
    known = df.dropna()
    known[target]
    return known.drop(columns=target), known[target]


@misconception
def only_target_filtered(df, target):
    """`X` has more rows than `y`.

    The missing targets were dropped from `y` alone. From the first gap on, row i of `X` and entry i of `y` are
    different examples, and whatever is trained on arrays made from them learns from mismatched pairs."""
    return df.drop(columns=target), df[target].dropna()


@misconception
def gaps_kept(df, target):
    """Rows without a target are still there.

    Most models refuse a missing label, and some metrics turn into `nan` because of one. A row without an answer has
    nothing to teach."""
    return df.drop(columns=target), df[target]


@misconception
def gaps_filled_with_zero(df, target):
    """Missing targets have become 0.

    That invents answers. A model cannot tell them from real ones and will learn to predict them."""
    return df.drop(columns=target), df[target].fillna(0)


@misconception
def rows_renumbered(df, target):
    """The row labels are lost: the rows are numbered anew from 0.

    `reset_index` makes tables look tidy, but the label is what says which row of `df` a row of `X` was. Without it
    predictions cannot be put back beside the rows they belong to."""
    known = df[df[target].notna()].reset_index(drop=True)
    return known.drop(columns=target), known[target]


@misconception
def target_as_table(df, target):
    """`y` is a DataFrame of one column; a Series is expected.

    `df[[target]]` selects a list of columns, and a list of one is still a list. `df[target]` gives the column
    itself."""
    known = df[df[target].notna()]
    return known.drop(columns=target), known[[target]]


@behaviour("the target's place among the columns does not matter")
def place_of_target(student, rng):
    """Columns are found by name, so moving the target to another place changes nothing."""
    df = table(rng, 6, 0, gaps=1)
    moved = df[["weight", "income", "children", "city"]]
    X, y = student.split_xy(df, "income")
    X_moved, y_moved = student.split_xy(moved, "income")
    if list(X.columns) != list(X_moved.columns) or list(y) != list(y_moved):
        fail("With the target moved to another place the split changes.", expected=X, actual=X_moved)
