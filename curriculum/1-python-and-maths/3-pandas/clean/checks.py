"""clean(df, spec): unreadable and impossible cells become NaN, everything else stays."""

import numpy as np
import pandas as pd

from gradus.checks import behaviour, cases, fail, misconception, valid

JUNK = ["?", "", "unknown", "n/a", "12 kg"]


@valid
def columns_are_there(df, spec):
    return len(df) >= 1 and all(column in df.columns for column in spec)


def people(rng, n):
    """Ages and weights as text, whole-numbered children, and a city that is nobody's number."""
    ages = [str(v) for v in rng.integers(1, 100, size=n)]
    weights = [f"{v:.1f}" for v in rng.uniform(40, 110, size=n)]
    rows = [int(i) for i in rng.permutation(n)]
    ages[rows[0]], ages[rows[1]] = (str(v) for v in rng.choice(JUNK, size=2, replace=False))
    ages[rows[2]], ages[rows[3]] = "999", "-1"
    ages[rows[4]], ages[rows[5]] = "0", "120"  # exactly on the limits: possible
    weights[rows[1]], weights[rows[3]] = str(rng.choice(JUNK)), "9999"
    return pd.DataFrame(
        {
            "age": ages,
            "city": [str(c) for c in rng.choice(["Oslo", "Lima", "?", "12"], size=n)],
            "weight": weights,
            "children": rng.integers(0, 5, size=n),
        },
        index=rng.permutation(np.arange(10, 10 + n)),
    )


@cases
def tables(rng):
    """Every kind of bad cell, values exactly on the limits, labels out of order."""
    for _ in range(2):
        yield people(rng, int(rng.integers(7, 14))), {"age": (0, 120), "weight": (1, 500)}
    yield people(rng, 8), {"children": (0, 3), "age": (1, 119)}


@cases
def columns_without_a_bad_cell(rng):
    """Whole numbers, all possible, still become floats; an empty spec changes nothing."""
    df = pd.DataFrame({"n": rng.integers(1, 9, size=4), "note": ["a", "?", "b", ""]})
    yield df, {"n": (1, 9)}
    yield df, {}


@misconception
def chained_assignment(df, spec):
    """Impossible values are still there: only the unreadable cells became `NaN`.

    If you did write `NaN` over them, look at how. `out[mask][column] = ...` and `out[column][mask] = ...` are two
    steps: the first makes a temporary object and the second writes into that. The line reads as if it changed `out`,
    and in older pandas some such lines did, which is why they are still found in tutorials. Select rows and column in
    one step."""
    out = df.copy()
    for column in spec:
        out[column] = pd.to_numeric(out[column], errors="coerce").astype(float)
    return out


@misconception
def clipped_to_limits(df, spec):
    """Impossible values have been moved to the nearest limit.

    `clip` turns an age of 999 into 120: a wrong value that can be seen has become one that cannot. 999 was somebody's
    way of saying that the age is not known, so the honest cell is an empty one."""
    out = df.copy()
    for column, (low, high) in spec.items():
        out[column] = pd.to_numeric(out[column], errors="coerce").astype(float).clip(low, high)
    return out


@misconception
def filled_with_zero(df, spec):
    """Bad cells have become 0.

    A zero is a number like any other, and it enters every mean from here on. `NaN` is left out of pandas' statistics
    and can be counted; a zero that stands for nothing can never be told from a real one again."""
    out = df.copy()
    for column, (low, high) in spec.items():
        numbers = pd.to_numeric(out[column], errors="coerce").astype(float)
        out[column] = numbers.where(numbers.between(low, high), 0.0)
    return out


@misconception
def filled_with_mean(df, spec):
    """Bad cells have been filled with the column's mean.

    Filling gaps is a later decision: it hides how many there were and narrows the spread. Cleaning only says
    where they are."""
    out = df.copy()
    for column, (low, high) in spec.items():
        numbers = pd.to_numeric(out[column], errors="coerce").astype(float)
        possible = numbers.where(numbers.between(low, high))
        out[column] = possible.fillna(possible.mean())
    return out


@misconception
def rows_dropped(df, spec):
    """Rows with a bad cell are gone.

    One unreadable age costs the row's weight and city as well, and after a few columns little is left. Mark the cell
    and keep the row."""
    out = df.copy()
    for column, (low, high) in spec.items():
        numbers = pd.to_numeric(out[column], errors="coerce").astype(float)
        out[column] = numbers.where(numbers.between(low, high))
    return out.dropna(subset=list(spec))


@misconception
def limits_excluded(df, spec):
    """A value exactly on a limit has become `NaN`.

    `low < x` and `x < high` leave the limits themselves out. The range says what is possible, ends included: a newborn
    is 0 years old."""
    out = df.copy()
    for column, (low, high) in spec.items():
        numbers = pd.to_numeric(out[column], errors="coerce").astype(float)
        out[column] = numbers.where((numbers > low) & (numbers < high))
    return out


@misconception
def every_column_to_numbers(df, spec):
    """Columns outside `spec` have changed as well.

    Converting the whole table turns every word into `NaN`. Only the columns that `spec` names are meant to be
    numbers."""
    out = df.apply(pd.to_numeric, errors="coerce").astype(float)
    for column, (low, high) in spec.items():
        out[column] = out[column].where(out[column].between(low, high))
    return out


@behaviour("cleaning twice changes nothing more")
def settled_after_once(student, rng):
    """A clean table is already clean: the second pass must leave it as it is."""
    spec = {"age": (0, 120), "weight": (1, 500)}
    once = student.clean(people(rng, 7), spec)
    twice = student.clean(once, spec)
    if list(once.isna().sum()) != list(twice.isna().sum()):
        fail("Cleaning a clean table changes it.", expected=once, actual=twice)
