"""Never draws the last row.

expects: every_row_in_reach
The upper end of `integers` is left out already; taking 1 off loses a row.
"""

import numpy as np


def bootstrap(n, rng):
    rows = rng.integers(0, max(n - 1, 1), size=n)
    return rows, np.setdiff1d(np.arange(n), rows)
