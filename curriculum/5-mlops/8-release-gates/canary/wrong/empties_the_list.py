"""Takes the requests out of the caller's list while it reads them.

expects: input_changed
The caller's record of the requests is gone afterwards.
"""

from math import log


def canary(failed, usual, bad, alpha, beta):
    evidence, seen, total = 0.0, 0, len(failed)
    while failed:
        seen += 1
        evidence += log(bad / usual) if failed.pop(0) else log((1 - bad) / (1 - usual))
        if evidence >= log((1 - beta) / alpha):
            return "rollback", seen
        if evidence <= log(beta / (1 - alpha)):
            return "promote", seen
    return "wait", total
