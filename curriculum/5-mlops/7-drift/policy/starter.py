from scipy.stats import chi2


def policy(distances: dict[str, float], m: int, n: int, bins: int, level: float) -> list[str]:
    """Return the columns that alarm, the farthest first, with at most `level` false alarms over all columns together.

    distances: column -> PSI of n current rows against m reference rows, in `bins` bins.
    """
    raise NotImplementedError
