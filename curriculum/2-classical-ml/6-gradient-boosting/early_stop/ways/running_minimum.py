"""Finds, for every round at once, the best round so far: the same arrays draw the curve with its stopping point."""

import numpy as np


def early_stop(curve: list[float], patience: int) -> tuple[int, int]:
    losses = np.array(curve)
    lowest = np.minimum.accumulate(losses)
    rounds = np.arange(len(losses))
    is_new = np.append(True, lowest[1:] < lowest[:-1])
    best = np.maximum.accumulate(np.where(is_new, rounds, 0))
    stops = np.flatnonzero(rounds - best == patience)
    last = stops[0] if stops.size else len(losses) - 1
    return int(best[last]), int(last) + 1
