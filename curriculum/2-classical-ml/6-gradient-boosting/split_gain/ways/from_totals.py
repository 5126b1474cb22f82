"""Gets the right side by subtraction: a search over thresholds then needs one running sum only."""

import numpy as np


def split_gain(g: np.ndarray, h: np.ndarray, left: np.ndarray, lam: float, gamma: float) -> tuple[float, float, float]:
    G, H = float(g.sum()), float(h.sum())
    G_left, H_left = float(g[left].sum()), float(h[left].sum())
    G_right, H_right = G - G_left, H - H_left
    gain = (G_left**2 / (H_left + lam) + G_right**2 / (H_right + lam) - G**2 / (H + lam)) / 2 - gamma
    return gain, -G_left / (H_left + lam), -G_right / (H_right + lam)
