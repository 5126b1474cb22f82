"""Cards on metrics and thresholds whose numbers are drawn anew each time."""

from __future__ import annotations

import random

from gradus.roadmap import Card, Choice


def precision_from_counts(rng: random.Random) -> Card:
    """Precision out of a confusion matrix in words."""
    while True:
        hits, missed, alarms = rng.randint(5, 40), rng.randint(2, 30), rng.randint(5, 60)
        rest = 10 * rng.randint(20, 60)
        total = hits + missed + alarms + rest
        values = [hits / (hits + alarms), hits / (hits + missed), (hits + rest) / total, alarms / (alarms + rest)]
        if len({f"{value:.2f}" for value in values}) == 4:
            break
    precision, recall, accuracy, false_rate = (f"{value:.2f}" for value in values)
    return Card(
        id="precision_from_counts",
        outcome="metric-choice",
        question=(
            f"Of {hits + missed} ill people a test finds {hits}. It also calls {alarms} of {alarms + rest} "
            f"healthy ones ill. "
            "What is its precision?"
        ),
        choices=(
            Choice(precision, True, f"{hits + alarms} were called ill, and {hits} of them are."),
            Choice(recall, False, "That is the recall: of the ill, how many were found."),
            Choice(accuracy, False, "That is the accuracy. The many healthy people make nearly all of it."),
            Choice(false_rate, False, "That is the share of the healthy who are called ill, an axis of the ROC curve."),
        ),
    )


def auc_of_few(rng: random.Random) -> Card:
    """The AUC of two positives and three negatives, one tie."""
    while True:
        scores = [rng.randint(1, 9) for _ in range(5)]
        ones, zeros = scores[:2], scores[2:]
        wins = sum(a > b for a in ones for b in zeros)
        ties = sum(a == b for a in ones for b in zeros)
        if ties == 1 and 1 <= wins <= 4 and len({2 * wins + 1, 2 * wins, 2 * wins + 2, 11 - 2 * wins}) == 4:
            break
    return Card(
        id="auc_of_few",
        outcome="metric-ranking",
        question=f"Positives score {ones[0]} and {ones[1]}, negatives {zeros[0]}, {zeros[1]}, {zeros[2]}. Which AUC?",
        choices=(
            Choice(
                f"{wins + 0.5:g} / 6", True, f"Of six pairs {wins} are in order, and one is a tie, which counts half."
            ),
            Choice(f"{wins} / 6", False, "A tie counts one half, not nothing."),
            Choice(f"{wins + 1} / 6", False, "A tie counts one half, not a whole pair."),
            Choice(f"{5.5 - wins:g} / 6", False, "That counts the pairs in the wrong order."),
        ),
    )


def threshold_of_probabilities(rng: random.Random) -> Card:
    """The break-even probability of calibrated forecasts."""
    while True:
        alarm, miss = rng.randint(1, 6), rng.choice([4, 9, 12, 19, 24])
        values = [alarm / (alarm + miss), miss / (alarm + miss), alarm / miss, 0.5]
        if len({f"{value:.2f}" for value in values}) == 4 and alarm < miss:
            break
    right, swapped, ratio, half = (f"{value:.2f}" for value in values)
    return Card(
        id="threshold_of_probabilities",
        outcome="metric-threshold",
        question=(
            f"Your probabilities are calibrated. A false alarm costs {alarm}, a miss {miss}. From which "
            f"probability on does it "
            "pay to call?"
        ),
        choices=(
            Choice(right, True, f"There p · {miss} equals (1 − p) · {alarm}: {alarm} / ({alarm} + {miss})."),
            Choice(
                swapped, False, "That would be right if the two costs were swapped. Dear misses lower the threshold."
            ),
            Choice(ratio, False, "The ratio of the costs is the break-even in *odds*, not in probability."),
            Choice(half, False, "One half is right only if both mistakes cost the same."),
        ),
    )


def rare_disease_accuracy(rng: random.Random) -> Card:
    """What accuracy a classifier that never calls has."""
    percent = rng.choice([1, 2, 3, 4, 5, 8])
    model = 100 - percent - 1
    return Card(
        id="rare_disease_accuracy",
        outcome="metric-choice",
        question=f"{percent} % of the patients are ill. A model is right in {model} % of all cases. What do you know?",
        choices=(
            Choice(
                "Someone who always says \u201chealthy\u201d is right more often",
                True,
                f"That opponent scores {100 - percent} % and finds nobody. The accuracy alone may hide the same.",
            ),
            Choice(
                "The model is good: it is nearly always right", False, "So is a model that never looks. Ask for recall."
            ),
            Choice(
                f"It finds {model} % of the ill",
                False,
                "That would be its recall. The accuracy is made almost wholly of the healthy.",
            ),
        ),
    )


def gap_of_a_bin(rng: random.Random) -> Card:
    """The calibration error of two bins."""
    while True:
        n1, n2 = rng.choice([(10, 40), (20, 80), (30, 10), (60, 20)])
        g1, g2 = rng.choice([5, 10, 15, 20]), -rng.choice([5, 10, 20, 30])
        weighted = (n1 * g1 + n2 * -g2) / (n1 + n2)
        values = [weighted, (g1 - g2) / 2, abs(n1 * g1 + n2 * g2) / (n1 + n2), float(max(g1, -g2))]
        if len({f"{value:.1f}" for value in values}) == 4:
            break
    right, even, signed, largest = (f"{value / 100:.3f}" for value in values)
    return Card(
        id="gap_of_a_bin",
        outcome="metric-calibration",
        question=(
            f"{n1} forecasts fall into one bin, where {g1} points more happened than was said (in percent), "
            f"and {n2} into "
            f"another, where {-g2} points fewer did. What is the expected calibration error?"
        ),
        choices=(
            Choice(right, True, f"({n1} · {g1} + {n2} · {-g2}) / {n1 + n2}, in percent: weighted, and without signs."),
            Choice(even, False, "Each gap speaks for as many forecasts as its bin holds. Weight them."),
            Choice(signed, False, "Gaps above and below must not cancel. Take the absolute value in each bin."),
            Choice(largest, False, "That is the maximum calibration error."),
        ),
    )
