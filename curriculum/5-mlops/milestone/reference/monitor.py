"""Notice that the rows which come in are no longer like those the model was made from, without crying wolf."""

import math

from scipy.stats import chi2_contingency, ks_2samp

from pipeline import NAMES, NUMBERS

FALSE_ALARMS = 0.05  # of a whole look at all columns, not of each one
FEWEST = 5  # expected in a cell; below, the chi-squared distribution is no good approximation


def alarm(reference: list[dict], current: list[dict]) -> bool:
    """True when some column's distribution has changed. With eight looks, each may err one time in 160 (Bonferroni)."""
    return min(p_values(reference, current).values()) < FALSE_ALARMS / len(NUMBERS + NAMES)


def p_values(reference: list[dict], current: list[dict]) -> dict[str, float]:
    """How surprising each column's change would be if nothing had changed."""
    found = {}
    for column in NUMBERS:
        old, new = ([float(row[column]) for row in rows if known(row.get(column))] for rows in (reference, current))
        found[column] = float(ks_2samp(old, new, method="asymp").pvalue) if old and new else 0.0
    for column in NAMES:
        found[column] = counts_differ([row.get(column) for row in reference], [row.get(column) for row in current])
    return found


def known(value: object) -> bool:
    return value is not None and value != "" and not (isinstance(value, float) and math.isnan(value))


def counts_differ(old: list, new: list) -> float:
    """The p-value of a chi-squared test; rare names are counted together, and a new name is a name."""
    share = len(new) / (len(old) + len(new))
    both = [value if known(value) else None for value in old + new]
    common = {value for value in set(both) if both.count(value) * min(share, 1 - share) >= FEWEST}
    columns = [*common, "the rest"]
    table = []
    for rows in (both[: len(old)], both[len(old) :]):
        named = [sum(value == name for value in rows) for name in common]
        table.append([*named, len(rows) - sum(named)])
    kept = [k for k in range(len(columns)) if table[0][k] + table[1][k] > 0]
    if len(kept) < 2:
        return 1.0
    return float(chi2_contingency([[row[k] for k in kept] for row in table]).pvalue)
