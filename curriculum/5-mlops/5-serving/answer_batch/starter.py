from collections.abc import Callable

import numpy as np


def order_columns(rows: list[dict], columns: list[str]) -> np.ndarray:
    """Return the rows as a float array, columns by name in the order of ``columns``; None becomes NaN.

    rows: n dictionaries with at least these fields. Returns: shape (n, d).
    """
    raise NotImplementedError


def answer_batch(
    rows: list[dict], columns: list[str], predict: Callable[[np.ndarray], np.ndarray]
) -> list[float | None]:
    """Return one answer for each row, in their order; None for a row that lacks a column.

    predict: (m, d) -> (m,), called at most once.
    """
    raise NotImplementedError
