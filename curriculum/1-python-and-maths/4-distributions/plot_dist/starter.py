import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes


def plot_dist(df: pd.DataFrame, col: str, bins: int = 10) -> Axes:
    """Draw a column's histogram on a new figure.

    df: at least two different values in the numeric column `col`; NaN where missing. Returns: the Axes drawn on.
    """
    raise NotImplementedError
