"""Draws the ROC curve, one point a distinct score, and takes the area under its straight pieces, as the name says."""

import numpy as np


def roc_auc(y: np.ndarray, s: np.ndarray) -> float:
    n1, n0 = (y == 1).sum(), (y == 0).sum()
    if n1 * n0 == 0:
        raise ValueError("only one class")
    cuts = np.unique(s)[::-1]
    positives = len(y) - np.searchsorted(np.sort(s[y == 1]), cuts) - n0
    negatives = len(y) - np.searchsorted(np.sort(s[y == 0]), cuts) - n1
    tpr, fpr = np.append(0, positives / n1), np.append(0, negatives / n0)
    return float(((fpr[1:] - fpr[:-1]) * (tpr[1:] + tpr[:-1]) / 2).sum())
