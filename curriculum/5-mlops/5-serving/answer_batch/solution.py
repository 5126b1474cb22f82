from collections.abc import Callable

import numpy as np


def order_columns(rows: list[dict], columns: list[str]) -> np.ndarray:
    """Return the rows as a float array, columns by name in the order of ``columns``; None becomes NaN.

    rows: n dictionaries with at least these fields. Returns: shape (n, d).
    """
    table = [[row[column] for column in columns] for row in rows]  # None becomes NaN in a float array
    return np.array(table, dtype=float).reshape(len(rows), len(columns))  # (0, d) for no rows, too


def answer_batch(
    rows: list[dict], columns: list[str], predict: Callable[[np.ndarray], np.ndarray]
) -> list[float | None]:
    """Return one answer for each row, in their order; None for a row that lacks a column.

    predict: (m, d) -> (m,), called at most once.
    """
    good = [place for place, row in enumerate(rows) if all(column in row for column in columns)]
    answers: list[float | None] = [None] * len(rows)
    if good:
        predicted = predict(order_columns([rows[place] for place in good], columns))  # (m,)
        for place, answer in zip(good, predicted.tolist()):
            answers[place] = answer
    return answers
