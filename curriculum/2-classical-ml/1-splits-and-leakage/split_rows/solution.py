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
    n = len(y)
    if time is not None:
        start = np.sort(time)[-round(test_size * n)]  # when the test begins
        held_out = time >= start
    elif groups is not None:
        held_out = np.zeros(n, dtype=bool)
        for group in rng.permutation(np.unique(groups)):
            if held_out.sum() < test_size * n:
                held_out |= groups == group
    else:
        held_out = np.zeros(n, dtype=bool)
        for label in np.unique(y):
            members = np.flatnonzero(y == label)
            held_out[rng.choice(members, size=round(test_size * len(members)), replace=False)] = True
    return np.flatnonzero(~held_out), np.flatnonzero(held_out)
