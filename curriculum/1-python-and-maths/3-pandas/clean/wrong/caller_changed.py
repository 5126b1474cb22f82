"""The caller's own table is cleaned.

expects: input_changed
Assigning a name does not copy a table: `out = df` is the same object, and writing columns into it changes the caller's data.
"""

import pandas as pd


def clean(df, spec):
    out = df
    for column, (low, high) in spec.items():
        numbers = pd.to_numeric(out[column], errors="coerce").astype(float)
        out[column] = numbers.where(numbers.between(low, high))
    return out
