from math import log


def canary(failed: list[bool], usual: float, bad: float, alpha: float, beta: float) -> tuple[str, int]:
    """Return "rollback", "promote" or "wait", and after how many requests (Wald's sequential test).

    alpha: the share of good releases that may be rolled back. beta: the share of bad ones that may be promoted.
    """
    evidence = 0.0  # ln of how much likelier the requests are if the canary is bad
    for seen, failure in enumerate(failed, start=1):
        evidence += log(bad / usual) if failure else log((1 - bad) / (1 - usual))
        if evidence >= log((1 - beta) / alpha):
            return "rollback", seen
        if evidence <= log(beta / (1 - alpha)):
            return "promote", seen
    return "wait", len(failed)
