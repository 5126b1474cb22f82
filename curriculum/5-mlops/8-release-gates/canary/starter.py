from math import log


def canary(failed: list[bool], usual: float, bad: float, alpha: float, beta: float) -> tuple[str, int]:
    """Return "rollback", "promote" or "wait", and after how many requests (Wald's sequential test).

    alpha: the share of good releases that may be rolled back. beta: the share of bad ones that may be promoted.
    """
    raise NotImplementedError
