def early_stop(curve: list[float], patience: int) -> tuple[int, int]:
    """Return the round with the best loss, counted from 0, and the number of rounds trained."""
    best = 0
    for k, loss in enumerate(curve):
        if loss < curve[best]:
            best = k
        if k - best == patience:
            return best, k + 1
    return best, len(curve)
