"""parse_row(body, schema): a valid row, or every fault of the request as a value."""

import json
import math

from gradus.checks import behaviour, cases, fail, misconception

SCHEMAS = (
    {"age": "number", "job": "text", "income": "number?"},
    {"size": "number", "color": "text?", "weight": "number", "shape": "text"},
)


def _row(rng, schema):
    """A valid row, its columns in another order than the schema's."""
    values = {}
    for column in rng.permutation(list(schema)):
        if schema[column].endswith("?") and rng.random() < 0.4:
            values[str(column)] = None
        elif schema[column].startswith("number"):
            values[str(column)] = int(rng.integers(-9, 99)) if rng.random() < 0.5 else float(rng.integers(1, 99)) / 4
        else:
            values[str(column)] = str(rng.choice(["", "cook", "35", "true", "é"]))
    return values


@cases
def bodies(rng):
    """Valid rows in any order, every fault alone, several at once, and what is no row at all."""
    for schema in SCHEMAS:
        row = _row(rng, schema)
        yield json.dumps(row), schema
        numbers = [column for column in schema if schema[column] == "number"]
        texts = [column for column in schema if schema[column] == "text"]
        one, text = str(rng.choice(numbers)), str(rng.choice(texts))
        for bad in (True, str(row[one]), None, [1], math.nan, -math.inf, 10**400):
            yield json.dumps(row | {one: bad}), schema
        for bad in (3, None, True):
            yield json.dumps(row | {text: bad}), schema
        yield json.dumps(row)[:-1] + ', "zip": 1, "again": "x"}', schema
        yield json.dumps({column: value for column, value in row.items() if column != one}), schema
        optional = next(column for column in schema if schema[column].endswith("?"))
        yield json.dumps({column: value for column, value in row.items() if column != optional}), schema
        yield json.dumps({"zip": 3} | {one: False} | {text: 1.5}), schema
        yield json.dumps(dict.fromkeys(row)), schema
    schema = SCHEMAS[0]
    yield '{"age": 1e999, "job": "", "income": -1e999}', schema
    yield '{"income": true, "job": "a", "age": 1}', schema
    yield "{}", schema
    for body in ("", "{", "age=35", "[]", "3", '"text"', "null", "[1, 2]", "NaN"):
        yield body, schema


def _parse(body, schema, number=None, missing=True, extra=True, every=True, finite=True):
    """The reference with one of its rules changed."""
    try:
        found = json.loads(body)
    except ValueError:
        return None, [("", "not JSON")]
    if not isinstance(found, dict):
        return None, [("", "not an object")]
    row, errors = {}, []
    for column, kind in schema.items():
        if column not in found and missing:
            errors.append((column, "missing"))
            continue
        value = found.get(column)
        if value is None and kind.endswith("?"):
            row[column] = None
        elif kind.startswith("text"):
            row[column] = value
            if not isinstance(value, str):
                errors.append((column, "not text"))
        else:
            try:
                made = number(value) if number else _strict(value)
                row[column] = made
                if finite and not math.isfinite(made):
                    errors.append((column, "not finite"))
            except OverflowError:
                errors.append((column, "not finite"))
            except (TypeError, ValueError):
                errors.append((column, "not a number"))
    if extra:
        errors += [(column, "unexpected") for column in found if column not in schema]
    if errors:
        return None, errors if every else errors[:1]
    return row, []


def _strict(value):
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError
    return float(value)


def _with_bool(value):
    if not isinstance(value, int | float):
        raise TypeError
    return float(value)


@misconception
def booleans_count(body, schema):
    """`true` is taken for the number 1.

    In Python `bool` is a subclass of `int`, so `isinstance(True, int)` holds. Who sends `true` for an age has mixed
    up two fields, and the model would answer for a one-year-old."""
    return _parse(body, schema, number=_with_bool)


@misconception
def text_coerced(body, schema):
    """A text such as "35" is turned into a number.

    `float(value)` is tempting as a check, because it raises for most junk. It accepts texts that look like numbers,
    "nan" and "inf" among them, and booleans. Ask for the kind of value that JSON gave you before you convert it."""
    return _parse(body, schema, number=float)


@misconception
def not_finite_accepted(body, schema):
    """NaN and infinity pass as numbers.

    JSON has neither, and Python's reader accepts both (and reads `1e999` as infinity). A NaN flows through every
    sum of the model, and the answer that holds it is no valid JSON for anybody else."""
    return _parse(body, schema, finite=False)


@misconception
def extra_ignored(body, schema):
    """Columns that nobody asked for are passed over in silence.

    It seems generous. But a misspelled optional column (`incme`) is an unexpected one and a missing one: ignored, it
    becomes a different row, and nobody is told."""
    return _parse(body, schema, extra=False)


@misconception
def first_only(body, schema):
    """Only the first fault is reported.

    Returning at once is the shortest code. Whoever sent the row then mends one field, sends it again, learns of the
    next, and so on. Collect them all."""
    return _parse(body, schema, every=False)


@misconception
def missing_is_null(body, schema):
    """A column that is not there is treated as `null`.

    `found.get(column)` gives `None` for both. A `null` says “not known”; a missing column is most often a client
    that is older than the model, or a typing error."""
    return _parse(body, schema, missing=False)


@behaviour("gives the columns in the schema's order")
def schema_order(student, rng):
    """The order in which a client writes its fields means nothing, so it must not survive.

    Fill the row while you go through the schema."""
    schema = SCHEMAS[1]
    row = _row(rng, schema)
    row, _ = student.parse_row(json.dumps({column: row[column] for column in reversed(schema)}), schema)
    if not isinstance(row, dict) or list(row) != list(schema):
        found = list(row) if isinstance(row, dict) else row
        fail("The row's columns are not in the schema's order.", expected=list(schema), actual=found)


@behaviour("never raises")
def never_raises(student, rng):
    """Junk is the normal case for a service: any text must end as a value, never as an exception."""
    for body in (
        "\x00",
        "{" * 5,
        '{"age": 1,}',
        "'",
        "true",
        '{"age": {}}',
        "\ud83d".encode("utf-8", "replace").decode(),
    ):
        _row_or_none, errors = student.parse_row(body, SCHEMAS[0])
        assert errors, f"{body!r} is taken for a valid row."
