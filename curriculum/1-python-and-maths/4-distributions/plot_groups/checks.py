"""plot_groups(df, value, by, bins): one density histogram per group on shared edges, with a legend."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from gradus.checks import call, cases, compare, misconception, valid

FEATURES = ["sepal length", "sepal width", "petal length", "petal width"]


@valid
def every_group_has_values(df, value, by, bins=12):
    present = df.dropna(subset=[value])
    return bool(len(present)) and present[value].nunique() >= 2 and set(present[by]) == set(df[by]) and bins >= 1


@cache
def flowers():
    """The iris measurements, read from scikit-learn's file: importing it takes longer."""
    file = Path(find_spec("sklearn").submodule_search_locations[0], "datasets", "data", "iris.csv")
    df = pd.read_csv(file, skiprows=1, names=[*FEATURES, "species"])
    return df.assign(species=df["species"].map({0: "setosa", 1: "versicolor", 2: "virginica"}))


def iris(rng, n=150):
    """n of the 150 flowers, shuffled."""
    return flowers().sample(n, random_state=int(rng.integers(2**31))).reset_index(drop=True)


def waiting_times(rng):
    """Groups of very different size and range, first seen out of order, with gaps, also in a column not asked for."""
    sizes = {"night": 12, "day": 60, "evening": 25}
    df = pd.DataFrame(
        {
            "shift": np.repeat(list(sizes), list(sizes.values())),
            "minutes": np.concatenate([rng.gamma(2 + i, 6, size=n) for i, n in enumerate(sizes.values())]).round(2),
        }
    )
    df.loc[rng.choice(len(df), size=4, replace=False), "minutes"] = np.nan
    df["age"] = np.where(rng.random(len(df)) < 0.3, np.nan, 40.0)
    return df


@cases(compare=compare.same_drawing(("bars", "labels", "legend")))
def tables(rng):
    """The iris data whole and in part; groups of unequal size with gaps, first seen out of order."""
    yield iris(rng), str(rng.choice(FEATURES)), "species"
    yield call(waiting_times(rng), "minutes", "shift", bins=int(rng.integers(5, 9)))
    yield call(iris(rng, 60), "petal length", "species", bins=4)


def _draw(df, value, by, edges_of, density=True, legend=True, sort=True):
    _, ax = plt.subplots()
    for name, values in df.dropna(subset=[value]).groupby(by, sort=sort)[value]:
        ax.hist(values, bins=edges_of(values), density=density, label=str(name))
    ax.set(xlabel=value, ylabel="density")
    if legend:
        ax.legend()
    return ax


def _shared(df, value, bins):
    edges = np.histogram_bin_edges(df[value].dropna(), bins=bins)
    return lambda values: edges


@misconception
def edges_of_its_own(df, value, by, bins=12):
    """Each group has bin edges of its own.

    `hist(values, bins=12)` cuts the range of the values it is given into 12. A group that spreads widely then gets
    wide bins and a narrow one narrow bins, and bars that stand at the same place do not cover the same range. Compute
    the edges once, from the whole column."""
    return _draw(df, value, by, lambda values: bins)


@misconception
def counts(df, value, by, bins=12):
    """The bars are counts, so a small group looks flat beside a large one.

    Counts mix two things: how values are distributed, and how many there are. For comparing shapes take the second one
    out: with densities each group has area 1."""
    return _draw(df, value, by, _shared(df, value, bins), density=False)


@misconception
def shares_of_all_rows(df, value, by, bins=12):
    """All groups together have area 1, not each of them.

    Drawn in one call, or divided by the number of all rows, a group of 12 keeps its place under a group of 60. That
    shows how much each group contributes; to compare shapes each group has to be divided by its own size."""
    present = df.dropna(subset=[value])
    edges = np.histogram_bin_edges(present[value], bins=bins)
    _, ax = plt.subplots()
    for name, values in present.groupby(by)[value]:
        weights = np.full(len(values), 1 / (len(present) * (edges[1] - edges[0])))
        ax.hist(values, bins=edges, weights=weights, label=str(name))
    ax.set(xlabel=value, ylabel="density")
    ax.legend()
    return ax


@misconception
def no_legend(df, value, by, bins=12):
    """The plot does not say which bars belong to which group.

    `label=` only remembers a name for each group; it is drawn when `ax.legend()` asks for it."""
    return _draw(df, value, by, _shared(df, value, bins), legend=False)


@misconception
def order_of_appearance(df, value, by, bins=12):
    """The groups come in the order in which their first rows happened to stand.

    Color and place in the legend then change when somebody sorts the table, and two plots of the same data no longer
    agree on which color is which."""
    return _draw(df, value, by, _shared(df, value, bins), sort=False)


@misconception
def gaps_as_zero(df, value, by, bins=12):
    """Missing values have been drawn as 0.

    They stretch the shared range down to 0 and raise a bar there that nobody measured."""
    filled = df.assign(**{value: df[value].fillna(0)})
    return _draw(filled, value, by, _shared(filled, value, bins))
