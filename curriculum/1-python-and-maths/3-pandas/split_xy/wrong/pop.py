"""The target is taken out of the caller's table.

expects: input_changed
`pop` removes the column from the very table it is called on, and that table belongs to the caller.
"""

import pandas as pd


def split_xy(df, target):
    y = df.pop(target).dropna()
    return df.loc[y.index], y
