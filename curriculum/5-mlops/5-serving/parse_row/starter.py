import json
import math


def parse_row(body: str, schema: dict[str, str]) -> tuple[dict | None, list[tuple[str, str]]]:
    """Return the row that ``body`` holds and no errors, or None and every error as (column, reason).

    body: the text of a request. schema: column -> "number" or "text", with "?" at the end where null is allowed.
    """
    raise NotImplementedError
