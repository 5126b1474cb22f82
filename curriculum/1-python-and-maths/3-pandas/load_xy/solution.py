import numpy as np
import pandas as pd


def load_xy(path: str, target: str = "target") -> tuple[np.ndarray, np.ndarray]:
    """Read a CSV file and split it into features and labels.

    path: a CSV file with a header line. Returns: X of shape (n_samples, n_features), y of shape (n_samples,).
    """
    df = pd.read_csv(path)
    X = df.drop(columns=target).to_numpy()  # (n, d)
    y = df[target].to_numpy()  # (n,)
    return X, y
