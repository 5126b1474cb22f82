import numpy as np


def split_rows(
    y: np.ndarray,
    test_size: float,
    rng: np.random.Generator,
    groups: np.ndarray | None = None,
    time: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the numbers of the training rows and of the test rows, each in increasing order.

    y: shape (n,), labels. groups: shape (n,), kept whole. time: shape (n,), training comes before testing.
    With neither, each class keeps its share.
    """
    raise NotImplementedError
