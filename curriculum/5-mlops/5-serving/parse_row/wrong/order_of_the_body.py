"""
expects: schema_order
Goes through the body, so the row's columns stand in the order in which the client wrote them.
"""

import json
import math


def parse_row(body, schema):
    try:
        found = json.loads(body)
    except ValueError:
        return None, [("", "not JSON")]
    if not isinstance(found, dict):
        return None, [("", "not an object")]
    row, wrong = {}, {column: "missing" for column in schema if column not in found}
    for column, value in found.items():
        kind = schema.get(column)
        if kind is None:
            continue
        if value is None and kind.endswith("?"):
            row[column] = None
        elif kind.startswith("text"):
            row[column] = value
            if not isinstance(value, str):
                wrong[column] = "not text"
        elif isinstance(value, bool) or not isinstance(value, int | float):
            wrong[column] = "not a number"
        else:
            try:
                row[column] = float(value)
            except OverflowError:
                wrong[column] = "not finite"
                continue
            if not math.isfinite(value):
                wrong[column] = "not finite"
    errors = [(column, wrong[column]) for column in schema if column in wrong]
    errors += [(column, "unexpected") for column in found if column not in schema]
    return (None, errors) if errors else (row, [])
