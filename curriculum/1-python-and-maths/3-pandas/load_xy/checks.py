"""load_xy(path, target): every other column as X of shape (n, d), the target as y of shape (n,)."""

import numpy as np
import pandas as pd

from gradus.checks import File, call, cases, compare, misconception


def table(rng, n, features, target, place):
    """A table of measurements with whole-numbered labels in column `target` at position `place`."""
    df = pd.DataFrame(rng.normal(50, 20, size=(n, len(features))).round(2), columns=features)
    df.insert(place, target, rng.integers(0, 3, size=n))
    return df


def as_file(df, name="data.csv"):
    return File(name, df.to_csv(index=False))


@cases(compare=compare.close(kinds=False))  # whole labels may be ints or floats
def files(rng):
    """The target stands neither first nor last, and has another name at times."""
    n = int(rng.integers(4, 12))
    yield as_file(table(rng, n, ["age", "height", "weight"], "target", int(rng.integers(1, 3))))
    yield call(as_file(table(rng, n + 3, ["rooms", "area", "year", "floor"], "price", 2), "homes.csv"), "price")
    yield call(as_file(table(rng, n, ["target", "width", "depth"], "label", 1)), target="label")
    yield as_file(table(rng, 1, ["age", "height"], "target", 1))
    yield as_file(table(rng, n, ["height"], "target", 1))


@cases(compare=compare.close(kinds=False))
def files_with_gaps(rng):
    """Empty cells among the features."""
    n = int(rng.integers(5, 12))
    df = table(rng, n, ["age", "height", "weight"], "target", 1)
    df.loc[rng.choice(n, size=2, replace=False), "height"] = np.nan
    df.loc[int(rng.integers(n)), "weight"] = np.nan
    yield as_file(df)


@misconception
def last_column(path, target="target"):
    """The last column is taken for the target.

    `iloc[:, -1]` finds the target by its place. Plenty of tutorials order their files that way, so it often works, and
    when a file is ordered otherwise a model learns to predict the wrong column without a word. Take columns by name."""
    df = pd.read_csv(path)
    return df.iloc[:, :-1].to_numpy(), df.iloc[:, -1].to_numpy()


@misconception
def target_among_features(path, target="target"):
    """The target is still among the features.

    Selecting a column does not take it out of the table. A model that finds the answer among its inputs scores
    perfectly here and is useless on new data, where the answer is not known yet: this is the plainest leak there is."""
    df = pd.read_csv(path)
    return df.to_numpy(), df[target].to_numpy()


@misconception
def labels_as_column(path, target="target"):
    """`y` is a table of one column: shape `(n, 1)` where `(n,)` is expected.

    Double brackets, `df[[target]]`, select a table that happens to have one column. Subtracting predictions of shape
    `(n,)` from it broadcasts to `(n, n)` in silence, so the shape matters."""
    df = pd.read_csv(path)
    return df.drop(columns=target).to_numpy(), df[[target]].to_numpy()


@misconception
def first_column_as_index(path, target="target"):
    """The file's first feature is missing from `X`.

    `index_col=0` declares the first column to be row labels rather than data. That suits files that were written with
    their index; in this one the first column is a feature."""
    df = pd.read_csv(path, index_col=0)
    return df.drop(columns=target).to_numpy(), df[target].to_numpy()


@misconception
def rows_with_gaps_dropped(path, target="target"):
    """Rows with an empty cell are gone.

    `dropna` throws a whole example away for one gap, and nobody who calls `load_xy` can tell that it happened. Loading
    should show the data as it is; what to do about gaps is a decision of its own, made later and on purpose."""
    df = pd.read_csv(path).dropna()
    return df.drop(columns=target).to_numpy(), df[target].to_numpy()


@misconception
def gaps_filled_with_zero(path, target="target"):
    """Empty cells have become 0.

    A height of 0 is a measurement, and a strange one; an empty cell says that nobody measured. Filling it while
    loading hides the difference from everything that comes after."""
    df = pd.read_csv(path).fillna(0)
    return df.drop(columns=target).to_numpy(), df[target].to_numpy()
