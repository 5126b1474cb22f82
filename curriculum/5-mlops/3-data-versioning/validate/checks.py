"""validate(df, schema): every fault by position and column; infer(df): a schema; screen: training says what is
normal."""

import numpy as np
import pandas as pd

from gradus.checks import cases, compare, misconception, valid

CITIES = ["Lund", "Oslo", "Pisa", "Riga"]


def patients(rng, n=7):
    """Sound rows with an index that is no position."""
    return pd.DataFrame(
        {
            "id": rng.permutation(900)[:n] + 100,
            "age": rng.integers(20, 90, size=n).astype(float),
            "city": [CITIES[i % 4] for i in rng.permutation(n)],
        },
        index=rng.permutation(n) + 10,
    )


SCHEMA = {
    "id": {"kind": "number", "unique": True},
    "age": {"kind": "number", "low": 18, "high": 99},
    "city": {"kind": "text", "among": CITIES},
}


@cases(of="validate", compare=compare.unordered())
def sound(rng):
    """Bounds are allowed, a gap where it is optional, numbers written as text."""
    df = patients(rng)
    df.iloc[2, 1], df.iloc[4, 1], df.iloc[int(rng.integers(5, 7)), 1] = 18.0, 99.0, np.nan
    yield df, SCHEMA | {"age": {"kind": "number", "low": 18, "high": 99, "optional": True}}
    df = patients(rng)
    df["age"] = [f"{age:g}" for age in df["age"]]
    yield df, SCHEMA


@cases(of="validate", compare=compare.unordered())
def planted(rng):
    """Faults of every kind, several in a column, several in a row; a column in front that nobody knows."""
    df = patients(rng)
    a, b, c = rng.permutation(7)[:3].tolist()
    df.iloc[a, 1], df.iloc[b, 1], df.iloc[c, 1] = 412.0, -1.0, np.nan
    df.iloc[a, 2], df.iloc[c, 2] = "Rga", None
    df.insert(0, "ward", rng.integers(3, size=7))
    yield df, SCHEMA
    df = patients(rng)
    df["age"] = [f"{age:g}" for age in df["age"]]
    df.iloc[b, 1], df.iloc[c, 1], df.iloc[a, 1] = "n/a", "17", None
    df.iloc[[1, 4, 6], 0] = df.iloc[1, 0]
    yield df, SCHEMA
    df = patients(rng).astype({"id": float}).rename(columns={"age": "Age"})
    df.iloc[[2, 5], 0] = np.nan
    df.iloc[[a, b], 2] = "Rga", None
    yield df, SCHEMA | {"id": {"kind": "number", "unique": True, "optional": True}}
    yield df.iloc[:, [0, 2]], {"id": {"kind": "number", "unique": True}, "city": {"kind": "text"}}


@cases(of="infer")
def trusted(rng):
    yield patients(rng)
    df = patients(rng)
    df.iloc[int(rng.integers(7)), 1], df.iloc[int(rng.integers(7)), 2] = np.nan, None
    yield df
    yield patients(rng, 1)


@cases(of="screen", compare=compare.unordered())
def serving(rng):
    """The faults are those of the serving data: another unit, a new city, gaps, a column that is gone or new."""
    training = patients(rng)
    broken = patients(rng).assign(id=training["id"].to_numpy())
    broken["age"] = broken["age"] * 12
    broken.iloc[int(rng.integers(7)), 2] = "Bern"
    broken.iloc[int(rng.integers(7)), 1] = np.nan
    yield training, broken
    yield training, training.iloc[rng.permutation(7)]
    yield training, training.drop(columns="city").assign(ward=1)
    gaps = training.copy()
    gaps.iloc[0, 1] = np.nan
    yield gaps, training.assign(age=[np.nan] * 6 + [5.0])


@valid(of="infer")
def some_rows(df):
    return len(df) > 0 and len(df.columns) > 0


@valid(of="screen")
def some_training(training, serving):
    return len(training) > 0 and len(training.columns) > 0


def _validate(
    df, schema, place=lambda df, row: int(row), first=False, gaps=True, unknown=True, closed=True, keep="first"
):
    faults = [(None, name, "unknown column") for name in df.columns if name not in schema and unknown]
    for name, rules in schema.items():
        if name not in df.columns:
            faults.append((None, name, "no such column"))
            continue
        column, missing = df[name], df[name].isna()
        found = []
        if not rules.get("optional") and gaps:
            found.append(("missing", missing))
        if rules["kind"] == "number":
            numbers = pd.to_numeric(column, errors="coerce")
            low, high = rules.get("low", -np.inf), rules.get("high", np.inf)
            found.append(("not a number", numbers.isna() & ~missing))
            found.append(("too low", numbers < low if closed else numbers <= low))
            found.append(("too high", numbers > high if closed else numbers >= high))
        if "among" in rules:
            found.append(("not allowed", ~column.isin(rules["among"]) & ~missing))
        if rules.get("unique"):
            found.append(("repeated", column.duplicated(keep=keep) & ~missing))
        for fault, bad in found:
            rows = np.flatnonzero(bad)[: 1 if first else None]
            faults += [(place(df, row), name, fault) for row in rows]
    return faults


def _infer(df):
    schema = {}
    for name in df.columns:
        column = df[name]
        if pd.api.types.is_numeric_dtype(column):
            schema[name] = {"kind": "number", "low": float(column.min()), "high": float(column.max())}
        else:
            schema[name] = {"kind": "text", "among": sorted(column.dropna().unique())}
        schema[name]["optional"] = bool(column.isna().any())
    return schema


@misconception(of="validate")
def labels_for_positions(df, schema):
    """Rows are named by their label in the index, not by where they stand.

    After a filter or a shuffle the index says where a row *came from*. Both kinds of name are useful; here the
    position is asked for, since in a file that somebody sent there is nothing else to count. `np.flatnonzero`
    gives positions."""
    return _validate(df, schema, place=lambda df, row: int(df.index[row]))


@misconception(of="validate")
def first_of_each(df, schema):
    """Only the first row with a fault is named.

    Stopping at the first is enough to refuse a table, and not enough to mend one: whoever sent it repairs one
    cell, sends it again, and learns of the next. List them all."""
    return _validate(df, schema, first=True)


@misconception(of="validate")
def gaps_pass(df, schema):
    """Missing cells are not reported.

    Every comparison with nan is false, so nan is neither too low nor too high, and slips through all rules. That a
    value is there is a rule of its own."""
    return _validate(df, schema, gaps=False)


@misconception(of="validate")
def gaps_have_every_fault(df, schema):
    """A missing cell is reported as a wrong value, too.

    nan is not in any list of allowed values, and turned into a number it stays nan. One gap then makes two faults,
    and where gaps are allowed it makes one that should not be there. Ask first whether there is a value at all."""
    faults = _validate(df, schema)
    for name, rules in schema.items():
        if name in df.columns:
            rows = [int(row) for row in np.flatnonzero(df[name].isna())]
            faults += [(row, name, "not a number") for row in rows if rules["kind"] == "number"]
            faults += [(row, name, "not allowed") for row in rows if "among" in rules]
    return faults


@misconception(of="validate")
def unknown_columns_pass(df, schema):
    """A column that the schema does not know goes unnoticed.

    Going through the schema alone never looks at what else is there. A column too many is often a column renamed,
    or a label that leaked into the features."""
    return _validate(df, schema, unknown=False)


@misconception(of="validate")
def bounds_excluded(df, schema):
    """Values that lie exactly on a bound are refused.

    "At least 18" includes 18. With a schema that was inferred from data it matters even more: the bounds are
    values that occurred."""
    return _validate(df, schema, closed=False)


@misconception(of="validate")
def every_twin_repeated(df, schema):
    """The first of several equal values is called repeated, too.

    `duplicated(keep=False)` marks all of them. The one that came first repeats nothing; with `keep="first"`, the
    default, the others are marked."""
    return _validate(df, schema, keep=False)


@misconception(of="validate")
def column_condemned(df, schema):
    """One text in a column of numbers, and every row of it is reported.

    pandas gives a column one type: a single "n/a" in a file turns all of it into text. The type of the column says
    *that* something is wrong; to say where, try each cell."""
    faults = _validate(df, schema)
    for name, rules in schema.items():
        if name in df.columns and rules["kind"] == "number" and not pd.api.types.is_numeric_dtype(df[name]):
            faults = [fault for fault in faults if fault[1] != name]
            faults += [(row, name, "not a number") for row in range(len(df)) if not pd.isna(df[name].iloc[row])]
            faults += [(int(row), name, "missing") for row in np.flatnonzero(df[name].isna())]
    return faults


@misconception(of="screen")
def normal_is_what_arrives(training, serving):
    """Nothing is ever wrong with the serving data: the schema was inferred from them.

    A schema that is made from the data it judges fits them by construction. It turns every fault into the new
    normal: ages in months become the range, "Bern" an allowed city. The training data are what the model knows, so
    they say what is normal."""
    return _validate(serving, _infer(serving))


@misconception(of="screen")
def normal_is_both(training, serving):
    """The faults of the serving data have widened the schema.

    Putting both tables together before inferring lets the data under suspicion vote on what is allowed. What only
    the serving data contain is exactly what should be reported."""
    return _validate(serving, _infer(pd.concat([training, serving])))


@misconception(of="screen")
def tables_swapped(training, serving):
    """The training data are judged by the serving data.

    The two arguments have changed places: the schema comes from what is trusted, the faults from what arrived."""
    return _validate(training, _infer(serving))
