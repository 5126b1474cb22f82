import json
import math


def parse_row(body: str, schema: dict[str, str]) -> tuple[dict | None, list[tuple[str, str]]]:
    """Return the row that ``body`` holds and no errors, or None and every error as (column, reason).

    body: the text of a request. schema: column -> "number" or "text", with "?" at the end where null is allowed.
    """
    try:
        found = json.loads(body)
    except ValueError:
        return None, [("", "not JSON")]
    if not isinstance(found, dict):
        return None, [("", "not an object")]
    row, errors = {}, []
    for column, kind in schema.items():
        if column not in found:
            errors.append((column, "missing"))
            continue
        row[column], reason = _value(found[column], kind)
        if reason:
            errors.append((column, reason))
    errors += [(column, "unexpected") for column in found if column not in schema]
    return (None, errors) if errors else (row, [])


def _value(value: object, kind: str) -> tuple[object, str]:
    """The value as a row holds it, and the reason why it does not fit (empty if it does)."""
    if value is None and kind.endswith("?"):
        return None, ""
    if kind.startswith("text"):
        return value, "" if isinstance(value, str) else "not text"
    if isinstance(value, bool) or not isinstance(value, int | float):  # bool is a subclass of int
        return None, "not a number"
    try:
        number = float(value)
    except OverflowError:  # an integer that no float holds
        return None, "not finite"
    return number, "" if math.isfinite(number) else "not finite"
