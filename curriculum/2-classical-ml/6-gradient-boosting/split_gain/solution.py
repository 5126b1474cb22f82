import numpy as np


def split_gain(g: np.ndarray, h: np.ndarray, left: np.ndarray, lam: float, gamma: float) -> tuple[float, float, float]:
    """Return the gain of a split, and the best steps of its left and right leaf.

    g, h: shape (n,), first and second derivatives of the loss. left: shape (n,), bool.
    """

    def leaf(rows: np.ndarray) -> tuple[float, float]:
        """What the rows gain as one leaf, and their best step."""
        G, H = float(g[rows].sum()), float(h[rows].sum()) + lam
        return G**2 / H / 2, -G / H

    (gain_left, step_left), (gain_right, step_right) = leaf(left), leaf(~left)
    gain_together, _ = leaf(left | ~left)
    return gain_left + gain_right - gain_together - gamma, step_left, step_right
