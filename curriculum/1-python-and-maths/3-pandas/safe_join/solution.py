import pandas as pd


def safe_join(left: pd.DataFrame, right: pd.DataFrame, on: str) -> pd.DataFrame:
    """Look every row of left up in right by the column `on`.

    left: (n, p), right: (m, q), both with the column `on`. Returns: (n, p + q - 1) with left's index. Raises ValueError
    if a key occurs more than once in right.
    """
    if right[on].duplicated().any():
        raise ValueError(f"the key {on!r} repeats on the right: rows would multiply")
    return left.join(right.set_index(on), on=on)
