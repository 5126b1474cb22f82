"""
expects: raised
Leaves the exception of json.loads to whoever calls: that is the 500.
"""

import json
import math


def parse_row(body, schema):
    found = json.loads(body)
    if not isinstance(found, dict):
        return None, [("", "not an object")]
    row, errors = {}, []
    for column, kind in schema.items():
        if column not in found:
            errors.append((column, "missing"))
            continue
        value = found[column]
        if value is None and kind.endswith("?"):
            row[column] = None
        elif kind.startswith("text"):
            if isinstance(value, str):
                row[column] = value
            else:
                errors.append((column, "not text"))
        elif isinstance(value, bool) or not isinstance(value, int | float):
            errors.append((column, "not a number"))
        elif abs(value) > 1e308 or not math.isfinite(value):
            errors.append((column, "not finite"))
        else:
            row[column] = float(value)
    errors += [(column, "unexpected") for column in found if column not in schema]
    return (None, errors) if errors else (row, [])
