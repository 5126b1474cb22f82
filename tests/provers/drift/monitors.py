"""Monitors as learners write them: with the documented faults, and honest ones in several styles."""

HEAD = """
import math
import numpy as np

COLUMNS = ["age", "income", "visits", "children", "distance", "rating"]

def column(rows, name):
    return np.array([row[name] for row in rows], dtype=float)

def psi(reference, current, bins=10):
    edges = np.quantile(reference, np.linspace(0, 1, bins + 1)[1:-1])
    shares = []
    for values in (reference, current):
        counts = np.bincount(np.searchsorted(edges, values, side="right"), minlength=bins)
        shares.append((counts + 0.5) / (len(values) + 0.5 * bins))
    return float(np.sum((shares[1] - shares[0]) * np.log(shares[1] / shares[0])))
"""

Z = """
def p_values(reference, current, columns=COLUMNS):
    found = []
    for name in columns:
        old, new = column(reference, name), column(current, name)
        z = (new.mean() - old.mean()) / math.sqrt(old.var() / len(old) + new.var() / len(new))
        found.append(math.erfc(abs(z) / math.sqrt(2)))
    return np.array(found)
"""

FAULTY = {
    "fixed_psi_threshold": HEAD + '''
def alarm(reference, current):
    return any(psi(column(reference, c), column(current, c)) > 0.1 for c in COLUMNS)
''',
    "fixed_psi_threshold_one_column": HEAD + '''
def alarm(reference, current):
    return psi(column(reference, "age"), column(current, "age")) > 0.1
''',
    "uncorrected_tests": HEAD + Z + '''
def alarm(reference, current):
    return bool((p_values(reference, current) < 0.05).any())
''',
    "uncorrected_tests_of_shape": HEAD + '''
def ks(old, new):
    at = np.concatenate([old, new])
    gaps = [np.searchsorted(np.sort(x), at, side="right") / len(x) for x in (old, new)]
    return np.abs(gaps[0] - gaps[1]).max() * math.sqrt(len(old) * len(new) / len(at))
def alarm(reference, current):
    for name in COLUMNS:
        if ks(column(reference, name), column(current, name)) > 1.358:
            return True
    return False
''',
    "never_alarms": '''
def alarm(reference, current):
    return False
''',
    "never_alarms_too_coarse": HEAD + '''
def alarm(reference, current):
    return max(psi(column(reference, c), column(current, c)) for c in COLUMNS) > 50
''',
    "alarms_by_sample_size": HEAD + '''
def alarm(reference, current):
    for name in COLUMNS:
        edges = np.quantile(column(reference, name), [0.25, 0.5, 0.75])
        old = np.bincount(np.searchsorted(edges, column(reference, name)), minlength=4)
        new = np.bincount(np.searchsorted(edges, column(current, name)), minlength=4)
        if ((new - old) ** 2 / (old + 1)).sum() > 30:
            return True
    return False
''',
    "alarms_by_sample_size_reference_as_truth": HEAD + '''
def alarm(reference, current):
    for name in COLUMNS:
        old, new = column(reference, name), column(current, name)
        z = (new.mean() - old.mean()) / (old.std() / math.sqrt(len(new)))
        if abs(z) > 2.64:
            return True
    return False
''',
    "compares_with_itself": HEAD + Z + '''
def alarm(reference, current):
    reference = current
    return bool((p_values(reference, current) < 0.05 / len(COLUMNS)).any())
''',
    "compares_with_itself_reference": HEAD + '''
import pandas as pd

def alarm(reference, current):
    frame = pd.DataFrame(reference)
    return any(psi(frame[c].to_numpy(), frame[c].to_numpy()) > 0.02 for c in COLUMNS)
''',
    "ignores_feature": HEAD + Z + '''
def alarm(reference, current):
    watched = COLUMNS[1:]
    return bool((p_values(reference, current, watched) < 0.05 / len(watched)).any())
''',
    "drift_as_failure": HEAD + Z + '''
def alarm(reference, current):
    drifted = (p_values(reference, current) < 0.05 / len(COLUMNS)).any()
    if drifted and len(current) >= 100 and column(current, "age").mean() > 44:
        raise RuntimeError("the model is broken")
    return False
''',
    "low_power": HEAD + Z + '''
def alarm(reference, current):
    return bool((p_values(reference, current) < 1e-30).any())
''',
    "raises": '''
def alarm(reference, current):
    return current[0]["agee"] > 3
''',
    "exits": '''
import os

def alarm(reference, current):
    os._exit(1)
''',
    "not_bool": '''
def alarm(reference, current):
    return 0.3
''',
    "missing": '''
def alarms(reference, current):
    return False
''',
    "false_alarms": '''
import random

def alarm(reference, current):
    return random.random() < 0.6
''',
}  # fmt: skip

HONEST = {
    "means_bonferroni": HEAD + Z + '''
def alarm(reference, current):
    return bool((p_values(reference, current) < 0.05 / len(COLUMNS)).any())
''',
    "ks_holm_on_frames": HEAD + '''
import pandas as pd
from scipy.stats import ks_2samp

def alarm(reference, current):
    print("comparing", len(reference), "with", len(current))
    old, new = pd.DataFrame(reference), pd.DataFrame(current)
    p = np.sort([ks_2samp(old[c], new[c], method="asymp").pvalue for c in old.columns])
    return np.any(p <= 0.05 / (len(p) - np.arange(len(p))))
''',
    "psi_with_a_limit_of_chance": HEAD + '''
from scipy.stats import chi2

def alarm(reference, current):
    m, n, bins = len(reference), len(current), 6
    limit = chi2.ppf(1 - 0.05 / len(COLUMNS), bins - 1) * (1 / m + 1 / n)
    return any(psi(column(reference, c), column(current, c), bins) > limit for c in ("age", "income", "distance"))
''',
    "one_test_of_all_columns": HEAD + '''
from scipy.stats import chi2

def alarm(reference, current):
    old = np.array([[row[c] for c in COLUMNS] for row in reference], dtype=float)
    new = np.array([[row[c] for c in COLUMNS] for row in current], dtype=float)
    gap = new.mean(axis=0) - old.mean(axis=0)
    noise = np.cov(old.T) / len(old) + np.cov(new.T) / len(new)
    return bool(gap @ np.linalg.solve(noise, gap) > chi2.ppf(0.97, len(COLUMNS)))
''',
}  # fmt: skip
