"""For integer labels the means are cut to whole numbers.

expects: integer_result
`np.zeros_like(y)` has the dtype of `y`, and 0.7 stored in an int array is 0.
"""

import numpy as np


def encode(category, y, folds, other):
    def means(rows, wanted):
        out = np.zeros_like(y, shape=len(wanted))
        for i, name in enumerate(wanted):
            same = rows & (category == name)
            out[i] = y[same].mean() if same.any() else y[rows].mean()
        return out

    encoded = np.zeros_like(y)
    for fold in np.unique(folds):
        encoded[folds == fold] = means(folds != fold, category[folds == fold])
    return encoded, means(np.ones(len(y), dtype=bool), other)
