from scipy.stats import chi2


def policy(distances: dict[str, float], m: int, n: int, bins: int, level: float) -> list[str]:
    """Return the columns that alarm, the farthest first, with at most `level` false alarms over all columns together.

    distances: column -> PSI of n current rows against m reference rows, in `bins` bins.
    """
    if not distances:
        return []
    limit = chi2.isf(level / len(distances), bins - 1) * (1 / m + 1 / n)
    return sorted((name for name in distances if distances[name] > limit), key=lambda name: -distances[name])
