"""Turns each distance into a p-value first: then one comparison serves every kind of distance."""

from scipy.stats import chi2


def policy(distances: dict[str, float], m: int, n: int, bins: int, level: float) -> list[str]:
    scale = 1 / m + 1 / n
    each = level / max(len(distances), 1)
    alarmed = []
    for name, distance in sorted(distances.items(), key=lambda item: item[1], reverse=True):
        if chi2.sf(distance / scale, bins - 1) < each:
            alarmed.append(name)
    return alarmed
