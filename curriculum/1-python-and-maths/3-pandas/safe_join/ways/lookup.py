"""Treats each column of `right` as a dictionary and looks the keys up: the rows of `left` never move."""

import pandas as pd


def safe_join(left: pd.DataFrame, right: pd.DataFrame, on: str) -> pd.DataFrame:
    table = right.set_index(on, verify_integrity=True)  # raises ValueError for a repeated key
    return left.assign(**{column: left[on].map(table[column]) for column in table})
