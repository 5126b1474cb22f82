"""cross_validate(X, y, folds): one accuracy a fold."""

import numpy as np

from gradus.checks import cases


@cases
def blobs(rng):
    for folds in (3, 5):
        y = np.repeat([0, 1], 40)
        yield rng.normal(size=(80, 4)) + y[:, None], y, folds
