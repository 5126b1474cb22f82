"""One small checker for each kind in a table: a new kind is one new line."""

import json
import math


def _number(value):
    if type(value) not in (int, float):
        return "not a number"
    try:
        return "" if math.isfinite(value) else "not finite"
    except OverflowError:
        return "not finite"


def _text(value):
    return "" if type(value) is str else "not text"


KINDS = {"number": (_number, float), "text": (_text, str)}


def parse_row(body, schema):
    try:
        found = json.loads(body)
    except ValueError:
        return None, [("", "not JSON")]
    if type(found) is not dict:
        return None, [("", "not an object")]
    errors, row = [], {}
    for column, kind in schema.items():
        check, convert = KINDS[kind.rstrip("?")]
        if column not in found:
            errors.append((column, "missing"))
        elif found[column] is None and kind[-1] == "?":
            row[column] = None
        elif reason := check(found[column]):
            errors.append((column, reason))
        else:
            row[column] = convert(found[column])
    errors.extend((column, "unexpected") for column in found if column not in schema)
    return (None, errors) if errors else (row, errors)
