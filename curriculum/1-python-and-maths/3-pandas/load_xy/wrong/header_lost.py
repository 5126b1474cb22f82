"""The header line is read as data.

expects: raised
`header=None` tells pandas that the file has no column names, so there is no column called `target`.
"""

import pandas as pd


def load_xy(path, target="target"):
    df = pd.read_csv(path, header=None)
    return df.drop(columns=target).to_numpy(), df[target].to_numpy()
