"""Standardizes the new samples with half of their own statistics.

expects: others_play_no_part
A patient's risk then depends on who else is in the waiting room.
"""

import numpy as np


def predict_risk(X, y, X_new, l2):
    mean, deviation = X.mean(axis=0), X.std(axis=0)
    Z = np.column_stack([(X - mean) / deviation, np.ones(len(X))])
    penalty = np.append(np.full(X.shape[1], l2), 0.0)
    theta = np.zeros(len(penalty))
    for _ in range(20):
        p = 0.5 * (1 + np.tanh(0.5 * (Z @ theta)))
        curvature = (Z.T * (p * (1 - p))) @ Z + np.diag(penalty)
        theta = theta - np.linalg.solve(curvature, Z.T @ (p - y) + penalty * theta)
    shift = (mean + X_new.mean(axis=0)) / 2
    z = (X_new - shift) / deviation @ theta[:-1] + theta[-1]
    return 0.5 * (1 + np.tanh(0.5 * z))
