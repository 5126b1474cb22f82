import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes


def plot_groups(df: pd.DataFrame, value: str, by: str, bins: int = 12) -> Axes:
    """Draw the density histogram of each group over the others, on shared bin edges.

    df: a numeric column `value` (NaN where missing) and a column `by` of group names. Returns: the Axes drawn on.
    """
    raise NotImplementedError
