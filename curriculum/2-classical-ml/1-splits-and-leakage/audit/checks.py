"""audit(record): which of eight leaks a recorded evaluation has, each planted by itself and together with others."""

import numpy as np

from gradus.checks import behaviour, cases, fail, misconception, valid

KINDS = ("overlap", "preprocessing", "selection", "tuning", "duplicate", "group", "time", "feature")


def _rows_fit(rows, n):
    rows = np.asarray(rows)
    return rows.ndim == 1 and rows.dtype.kind == "i" and bool(((rows >= 0) & (rows < n)).all())


@valid
def a_record(record):
    X, fits, scored = record["X"], record["fits"], record["scored"]
    if X.ndim != 2 or len(fits) < 2 or record["known"].shape != X.shape[1:] or not X.shape[1]:
        return False
    n = len(X)
    if not all(_rows_fit(rows, n) for rows in (scored, record["tuned_on"], *(fit["rows"] for fit in fits))):
        return False
    if not all(column is None or column.shape == (n,) for column in (record["groups"], record["time"])):
        return False
    return len(scored) >= 2 and len(np.setdiff1d(fits[-1]["rows"], scored)) >= 2


def _honest(rng, twins=True, cousins=True):
    """A record without any leak; twins on one side and rows that share some values merely look like one."""
    n, d, held_out = 17, int(rng.integers(2, 5)), 6
    order = rng.permutation(n)
    train, test = order[held_out:], order[:held_out]
    X = np.round(rng.normal(size=(n, d)), 1) + 10.0 * np.arange(n)[:, None]
    if twins:
        X[train[0]] = X[train[1]]
        X[test[0]] = X[test[1]]
    if cousins:
        X[train[2], 1:] = X[test[2], 1:]  # equal in all columns but one
    groups = np.empty(n, dtype=int)
    groups[train], groups[test] = rng.integers(10, 15, size=len(train)), rng.integers(20, 23, size=held_out)
    time = np.empty(n, dtype=int)
    time[train], time[test] = rng.integers(0, 50, size=len(train)), rng.integers(51, 90, size=held_out)
    time[test[:2]], time[train[3]] = [50, 99], 50  # a tie with the first test row is not later
    fits = [
        {"step": "scale", "rows": train[rng.permutation(len(train))], "labels": False},
        {"step": "choose columns", "rows": train[:9], "labels": True},
        {"step": "encode towns", "rows": train, "labels": True},
    ]
    return {
        "X": X,
        "fits": [*(fits[i] for i in rng.permutation(3)), {"step": "model", "rows": np.sort(train), "labels": True}],
        "scored": test,
        "tuned_on": train[:5],
        "groups": groups,
        "time": time,
        "known": np.append(-rng.integers(1, 40, size=d - 1), 0),
    }


def _plant(record, kind, rng):
    """Put one leak into an honest record; nothing else about it changes."""
    test = record["scored"]
    model = record["fits"][-1]
    train = np.setdiff1d(model["rows"], test)
    guest = int(rng.choice(test))
    if kind == "overlap":
        model["rows"] = np.append(model["rows"], guest)
    elif kind in ("preprocessing", "selection"):
        labeled = kind == "selection"
        step = rng.choice([i for i, fit in enumerate(record["fits"][:-1]) if fit["labels"] == labeled])
        record["fits"][step]["rows"] = np.append(record["fits"][step]["rows"], guest)
    elif kind == "tuning":
        record["tuned_on"] = np.append(record["tuned_on"], guest)
    elif kind == "duplicate":
        record["X"][train[rng.choice([0, -1])]] = record["X"][guest]
    elif kind == "group":
        record["groups"][rng.choice(train)] = record["groups"][guest]
    elif kind == "time":
        record["time"][rng.choice(train)] = 60  # between the first and the last test row
    elif kind == "feature":
        record["known"][rng.integers(len(record["known"]))] = rng.integers(1, 9)


@cases
def planted(rng):
    """None, then two leaks each, then one leak where rows have neither owner nor time and nothing was tuned."""
    yield _honest(rng, cousins=False)
    for place, kinds in enumerate(zip(rng.permutation(KINDS[:4]), rng.permutation(KINDS[4:]), strict=True)):
        record = _honest(rng, twins=place % 2 == 0, cousins=place % 2 == 1)
        for kind in kinds:
            _plant(record, kind, rng)
        yield record
    record = _honest(rng)
    _plant(record, rng.choice(["overlap", "selection", "duplicate", "feature"]), rng)
    yield {**record, "groups": None, "time": None, "tuned_on": np.array([], dtype=int)}


def _meet(a, b):
    return bool(np.isin(a, b).any())


def _leaks(record, **instead):
    """The right answer as a dict of name and verdict, with some verdicts replaced."""
    scored, model, steps = record["scored"], record["fits"][-1]["rows"], record["fits"][:-1]
    trained = np.setdiff1d(model, scored)
    X, groups, time = record["X"], record["groups"], record["time"]
    found = {
        "overlap": _meet(model, scored),
        "preprocessing": any(_meet(fit["rows"], scored) for fit in steps if not fit["labels"]),
        "selection": any(_meet(fit["rows"], scored) for fit in steps if fit["labels"]),
        "tuning": _meet(record["tuned_on"], scored),
        "duplicate": bool((X[trained][:, None] == X[scored]).all(axis=2).any()),
        "group": groups is not None and _meet(groups[trained], groups[scored]),
        "time": time is not None and time[trained].max() > time[scored].min(),
        "feature": bool((record["known"] > 0).any()),
    }
    return {name for name, there in (found | instead).items() if there}


@misconception
def only_the_model(record):
    """Steps before the model that saw test rows are passed over.

    A scaler, an imputer, a choice of columns learn from data just as the model does. What they learn from test rows
    reaches the model through the features. Look at every fit of the record."""
    return _leaks(record, preprocessing=False, selection=False)


@misconception
def without_labels_harmless(record):
    """Steps that used no labels are passed over.

    It is tempting to think that only labels can leak. A mean over all rows tells the training rows about the test rows,
    which in use do not exist yet. The effect is often small; nobody knows how small before it is mended."""
    return _leaks(record, preprocessing=False)


@misconception
def labels_not_told_apart(record):
    """Every step that saw test rows is called preprocessing.

    A step that used the labels of test rows is far worse than one that did not: it alone can turn noise into a fine
    score. `"labels"` tells the two apart, so that the worse one is mended first."""
    found = _leaks(record)
    return found - {"selection"} | ({"preprocessing"} if "selection" in found else set())


@misconception
def model_counted_as_selection(record):
    """A model that was fitted on a test row is reported as a selection leak, too.

    The model is the last fit, and it uses labels as well. Take it off the list before you look at the steps, or one
    fault is reported twice."""
    found = _leaks(record)
    return found | ({"selection"} if "overlap" in found else set())


@misconception
def twins_anywhere(record):
    """Twins on the same side are reported as duplicates.

    Two equal rows that are both in training, or both in the test, tell the model nothing about the test. Only a pair
    with one row on each side does."""
    X = record["X"]
    return _leaks(record, duplicate=len(np.unique(X, axis=0)) < len(X))


@misconception
def one_equal_cell(record):
    """Rows that share some values are reported as duplicates.

    Many rows agree in a column or two. A duplicate agrees in all of them: reduce along the columns with `all` before
    you ask whether there is any pair."""
    X, scored = record["X"], record["scored"]
    trained = np.setdiff1d(record["fits"][-1]["rows"], scored)
    return _leaks(record, duplicate=bool((X[trained][:, None] == X[scored]).any()))


@misconception
def row_meets_itself(record):
    """A test row that the model was fitted on is also reported as a duplicate, a group and a time leak of itself.

    Every row equals itself. Leave the test rows out of the trained ones first, and one fault is one finding."""
    scored, model = record["scored"], record["fits"][-1]["rows"]
    X, groups, time = record["X"], record["groups"], record["time"]
    return _leaks(
        record,
        duplicate=bool((X[model][:, None] == X[scored]).all(axis=2).any()),
        group=groups is not None and _meet(groups[model], groups[scored]),
        time=time is not None and time[model].max() > time[scored].min(),
    )


@misconception
def last_against_last(record):
    """A trained row that is later than some test rows is missed.

    You compared the latest trained row with the latest test row. For the *first* test row a trained row after it is the
    future already: compare with the earliest."""
    scored, time = record["scored"], record["time"]
    trained = np.setdiff1d(record["fits"][-1]["rows"], scored)
    return _leaks(record, time=time is not None and time[trained].max() > time[scored].max())


@misconception
def same_time_counts_as_later(record):
    """A trained row of the same time as the first test row is reported.

    The record's rule says later. What happened at the same moment is not the future; with daily data you may want to be
    stricter, but then the rule has to say so."""
    scored, time = record["scored"], record["time"]
    trained = np.setdiff1d(record["fits"][-1]["rows"], scored)
    return _leaks(record, time=time is not None and time[trained].max() >= time[scored].min())


@misconception
def known_in_time_reported(record):
    """A column that is known at the moment of prediction is reported.

    0 days after is in time. Only values that come later are not there when the model is asked."""
    return _leaks(record, feature=bool((record["known"] >= 0).any()))


@misconception
def every_column_late(record):
    """One column that comes too late is passed over as long as others are in time.

    A model uses all its columns. One that is known only afterwards is enough, and it is often the one that explains the
    fine score."""
    return _leaks(record, feature=bool((record["known"] > 0).all()))


@behaviour("another leak does not hide the first")
def all_are_reported(student, rng):
    """A record with all eight leaks gives all eight names. An `elif` or an early `return` stops at the first one found,
    and
    the others are found one by one, after each repair."""
    record = _honest(rng)
    for kind in KINDS:
        _plant(record, kind, rng)
    answer = student.audit(record)
    if set(answer) != set(KINDS):
        fail("A record with all eight leaks is not reported in full.", expected=set(KINDS), actual=answer)
