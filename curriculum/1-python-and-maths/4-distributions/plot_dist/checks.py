"""plot_dist(df, col, bins): count bars from minimum to maximum, labeled axes, n and missing in the title."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from gradus.checks import behaviour, call, cases, compare, fail, misconception, valid


@valid
def has_two_values(df, col, bins=10):
    return col in df.columns and df[col].nunique() >= 2 and bins >= 1


def patients(rng, n, gaps=0):
    """Ages well away from 0, some of them missing; a second column that nobody asked for."""
    age = rng.gamma(4, 6, size=n).round(1) + 20
    age[rng.choice(n, size=gaps, replace=False)] = np.nan
    return pd.DataFrame({"age": age, "weight": rng.normal(70, 12, size=n).round(1)})


@cases(compare=compare.same_drawing(("bars", "labels", "title")))
def tables(rng):
    """With and without gaps, several numbers of bins, either column."""
    yield patients(rng, int(rng.integers(30, 90)), gaps=int(rng.integers(3, 9))), "age"
    yield call(patients(rng, 40, gaps=4), "age", bins=int(rng.integers(4, 9)))
    yield patients(rng, 25), "weight", 13


def drawn(values, missing, col, bins, **options):
    _, ax = plt.subplots()
    ax.hist(values, bins=bins, **options)
    ax.set(xlabel=col, ylabel="count", title=f"{len(values)} values, {missing} missing")
    return ax


@misconception
def density(df, col, bins=10):
    """The bars show densities, while the axis says `count`.

    With `density=True` the bars' *area* is 1. That is right for comparing groups of different size, and it hides how
    many values there are, which is what a count is for."""
    values = df[col].dropna()
    return drawn(values, len(df) - len(values), col, bins, density=True)


@misconception
def gaps_as_zero(df, col, bins=10):
    """Missing values have been drawn as 0.

    A bar at 0 appears, the bins stretch to reach it, and everything real is squeezed into the rest. Filling a gap to
    please a plot invents data: leave it out, and say in the title that you did."""
    return drawn(df[col].fillna(0), df[col].isna().sum(), col, bins)


@misconception
def gaps_in_the_title_count(df, col, bins=10):
    """The title counts every row as a value; the bars do not add up to it.

    `len(df)` counts rows. A reader adds the bars up, or should be able to: the number in the title is the number
    of values that are drawn."""
    ax = drawn(df[col].dropna(), df[col].isna().sum(), col, bins)
    ax.set_title(f"{len(df)} values, {df[col].isna().sum()} missing")
    return ax


@misconception
def incomplete_rows_dropped(df, col, bins=10):
    """No value is reported missing, although some are.

    After `df.dropna()` the gaps are gone, and whoever counts them afterwards finds none. Count what is missing in the
    table you were given."""
    values = df.dropna()[col]
    return drawn(values, 0, col, bins)


@misconception
def bins_ignored(df, col, bins=10):
    """There are always ten bars, whatever `bins` says.

    Ten is Matplotlib's default, so a call that forgets to hand `bins` on looks right until somebody asks for another
    number."""
    values = df[col].dropna()
    return drawn(values, len(df) - len(values), col, 10)


@misconception
def axes_unlabeled(df, col, bins=10):
    """The axes have no labels.

    Ages of whom, in what, and counted how? Whoever draws a plot knows; whoever reads it a week later does not,
    and that is often the same person."""
    ax = drawn(df[col].dropna(), df[col].isna().sum(), col, bins)
    ax.set(xlabel="", ylabel="")
    return ax


@behaviour("each call draws on a figure of its own")
def own_axes(student, rng):
    """`plt.hist` and pandas' `plot` draw into the *current* Axes unless they are given one, and after the first call
    that is still the old one. In a notebook each cell starts a new figure, which hides it; in a script the plots pile
    up."""
    df = patients(rng, 30)
    first = student.plot_dist(df, "age", 5).axes[0].bars
    bars = student.plot_dist(df, "weight", 4).axes[0].bars
    if len(bars) >= len(first) + 4:  # a wrong number of bins alone is told by the cases
        fail("The second plot also holds the bars of the first.", expected="4 bars", actual=f"{len(bars)} bars")
