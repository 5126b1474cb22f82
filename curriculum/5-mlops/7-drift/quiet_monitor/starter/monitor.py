"""Notice that the rows have changed, without crying wolf."""

COLUMNS = ("age", "income", "visits", "children", "distance", "rating")


def alarm(reference: list[dict], current: list[dict]) -> bool:
    """Return whether somebody should be woken up. Rows are dicts, column -> number."""
    raise NotImplementedError
