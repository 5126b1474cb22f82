def early_stop(curve: list[float], patience: int) -> tuple[int, int]:
    """Return the round with the best loss, counted from 0, and the number of rounds trained."""
    raise NotImplementedError
