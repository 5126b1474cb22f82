"""The training images are changed.

expects: input_changed
A slice is a view: subtracting from it in place subtracts from the caller's rows.
"""

import numpy as np


def nearest_mean(train_X, train_y, X):
    order = np.argsort(train_y, kind="stable")
    classes = np.unique(train_y)
    means = np.stack([train_X[train_y == label].mean(axis=0) for label in classes])
    train_X[:] = train_X[order]
    return classes[((X[:, None] - means) ** 2).sum(axis=2).argmin(axis=1)]
