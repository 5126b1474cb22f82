"""order_columns by name; answer_batch: one answer for each row, at its place, with one call of the model."""

import numpy as np

from gradus.checks import behaviour, cases, fail, misconception, valid

COLUMNS = ["age", "income", "children"]


@valid(of="order_columns")
def complete(rows, columns):
    return all(column in row for row in rows for column in columns) and len(set(columns)) == len(columns)


def _rows(rng, n, columns=COLUMNS, missing=()):
    """Rows with fields in any order, some values None, an extra field here and there."""
    rows = []
    for place in range(n):
        row = {column: float(rng.integers(1, 90)) / 2 for column in columns}
        if rng.random() < 0.3:
            row[str(rng.choice(columns))] = None
        if rng.random() < 0.3:
            row["id"] = int(rng.integers(100, 200))
        names = [str(name) for name in rng.permutation(list(row))]
        if place == 0:
            names = sorted(names, key=lambda name: -columns.index(name) if name in columns else 1)
        rows.append({name: row[name] for name in names})
    for place in missing:
        del rows[place][columns[place % len(columns)]]
    return rows


@cases(of="order_columns")
def tables(rng):
    """Fields in another order in each row, extra fields, None, one row, no rows."""
    yield _rows(rng, 5), COLUMNS
    yield _rows(rng, 4), ["income", "children", "age"]
    yield _rows(rng, 1), COLUMNS
    yield _rows(rng, 3), ["children", "age"]
    yield [], COLUMNS
    yield [{"b": 1, "a": 2}, {"a": 3, "b": True}], ["a", "b"]


@misconception(of="order_columns")
def positional(rows, columns):
    """The numbers land in the wrong columns when a client writes its fields in another order.

    `row.values()` has the order in which the request was written. It fits as long as you are the only client. Nothing
    raises: the model just answers for somebody else."""
    table = [[value for name, value in row.items() if name in columns] for row in rows]
    return np.array(table, dtype=float).reshape(len(rows), len(columns))


@misconception(of="order_columns")
def alphabetical(rows, columns):
    """The columns are in alphabetical order, not in the model's.

    Sorting makes the order independent of the client, which is half of it. The model learned with the order of
    `columns`, whatever the alphabet says."""
    return np.array([[row[c] for c in sorted(columns)] for row in rows], dtype=float).reshape(len(rows), len(columns))


@misconception(of="order_columns")
def nothing_is_zero(rows, columns):
    """`None` becomes 0.

    `row[column] or 0` is short, and turns “not known” into a value that the model takes at its word."""
    return np.array([[row[c] or 0.0 for c in columns] for row in rows], dtype=float).reshape(len(rows), len(columns))


@misconception(of="order_columns")
def order_of_first_row(rows, columns):
    """All rows are read in the order of the first one, and the model's order is lost.

    That is what a table made straight from the rows has. Ask for the columns by name, in the order of `columns`."""
    names = [name for name in rows[0] if name in columns] if rows else columns
    return np.array([[row[c] for c in names] for row in rows], dtype=float).reshape(len(rows), len(columns))


def _model(X):
    """Different for each column, so that a swap shows."""
    return np.nan_to_num(X, nan=-1.0) @ np.arange(1.0, X.shape[1] + 1) ** 2


@cases(of="answer_batch")
def batches(rng):
    """Good and bad rows mixed, equal rows, all bad, none."""
    rows = _rows(rng, 6, missing=(1, 4))
    yield rows, COLUMNS, _model
    yield _rows(rng, 5), COLUMNS, _model
    twice = _rows(rng, 3)
    yield [twice[0], twice[1], twice[0], twice[2], twice[1]], COLUMNS, _model
    yield _rows(rng, 4, missing=(0,)), COLUMNS, _model
    yield _rows(rng, 3, missing=(0, 1, 2)), COLUMNS, _model
    yield [], COLUMNS, _model
    yield [{"b": 1, "a": 2}], ["a", "b"], _model


def _predicted(rows, columns, predict):
    if not rows:
        return []
    return [float(y) for y in predict(np.array([[row[c] for c in columns] for row in rows], dtype=float))]


def _good(row, columns):
    return all(c in row for c in columns)


@misconception(of="answer_batch")
def bad_rows_dropped(rows, columns, predict):
    """The answers of a batch with a bad row are fewer than its rows.

    Leaving bad rows out before the model is right; leaving them out of the answer moves all that follow. The caller
    reads the fourth answer as the fourth row's."""
    return _predicted([row for row in rows if _good(row, columns)], columns, predict)


@misconception(of="answer_batch")
def bad_ones_last(rows, columns, predict):
    """The refused rows stand at the end, and the others have moved up.

    The length is right, so nothing looks wrong. Keep each row's place together with the row."""
    answers = _predicted([row for row in rows if _good(row, columns)], columns, predict)
    return answers + [None] * (len(rows) - len(answers))


@misconception(of="answer_batch")
def one_bad_spoils_all(rows, columns, predict):
    """One bad row costs every other its answer.

    Refusing the whole batch is a rule that a service may have; here each row stands for itself."""
    if not all(_good(row, columns) for row in rows):
        return [None] * len(rows)
    return _predicted(rows, columns, predict)


@misconception(of="answer_batch")
def duplicates_once(rows, columns, predict):
    """Equal rows get one answer between them.

    A set, or a dictionary with the row as its key, saves work and forgets how often a row was asked."""
    kept = []
    for row in rows:
        if row not in kept:
            kept.append(row)
    answers = _predicted([row for row in kept if _good(row, columns)], columns, predict)
    found = iter(answers)
    return [next(found) if _good(row, columns) else None for row in kept]


@behaviour("calls the model once for a batch, and never for nothing")
def called_once(student, rng):
    """Calling a model has a price of its own, whatever the number of rows; a batch exists to pay it once.

    Collect the good rows, call `predict` on all of them together, and hand the answers out afterwards."""
    calls = []

    def counting(X):
        calls.append(len(X))
        return _model(X)

    rows = _rows(rng, 6, missing=(2,))
    student.answer_batch(rows, COLUMNS, counting)
    if calls != [5]:
        fail("`predict` is not called once with the good rows.", case=rows, expected=[5], actual=calls)
    student.answer_batch(_rows(rng, 2, missing=(0, 1)), COLUMNS, counting)
    student.answer_batch([], COLUMNS, counting)
    if calls != [5]:
        fail("`predict` is called although there is no good row.", expected=[], actual=calls[1:])
