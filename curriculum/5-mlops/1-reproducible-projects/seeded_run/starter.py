import numpy as np


def run(cfg: dict, table: dict[str, np.ndarray]) -> dict[str, float]:
    """Train as the configuration says and return the metrics on the held-out rows.

    cfg: seed, features, target, holdout, rate, epochs, batches. table: columns, each of shape (n,).
    Returns: log_loss, accuracy, held_out. Raises KeyError for a key that is missing.
    """
    raise NotImplementedError
