"""All sums at once with `cumsum`, then the first place beyond a bound."""

import numpy as np


def canary(failed: list[bool], usual: float, bad: float, alpha: float, beta: float) -> tuple[str, int]:
    steps = np.where(np.array(failed, dtype=bool), np.log(bad / usual), np.log((1 - bad) / (1 - usual)))
    evidence = np.cumsum(steps)
    high, low = np.log((1 - beta) / alpha), np.log(beta / (1 - alpha))
    beyond = np.flatnonzero((evidence >= high) | (evidence <= low))
    if len(beyond) == 0:
        return "wait", len(failed)
    first = int(beyond[0])
    return "rollback" if evidence[first] >= high else "promote", first + 1
