"""Cards on release gates whose numbers are drawn anew each time."""

from __future__ import annotations

import math
import random

from gradus.roadmap import Card, Choice


def verdict_of_an_interval(rng: random.Random) -> Card:
    """What a gate with a margin says of an interval."""
    margin = rng.choice((10, 15, 20))
    low, high = -rng.randint(5, 30), rng.randint(1, 40)
    while high == margin:
        high = rng.randint(1, 40)
    out = high < margin
    right = "It goes out" if out else "It is blocked"
    why = (
        f"A loss of {margin / 1000} more can be excluded: the interval ends below it."
        if out
        else f"It may be worse by {margin / 1000} or more: the interval reaches that far."
    )
    other = (
        "Only an interval that reaches the margin blocks. Whether it is better in truth is not asked."
        if out
        else "The middle of the interval may be harmless; its upper end is what cannot be excluded."
    )
    return Card(
        id="verdict_of_an_interval",
        outcome="gate",
        question=(
            f"Candidate minus released, mean difference of the losses: 95 % between {low / 1000:+.3f} and "
            f"{high / 1000:+.3f}. The gate lets out what is not worse by {margin / 1000} or more. What does it say?"
        ),
        choices=(
            Choice(right, True, why),
            Choice("It is blocked" if out else "It goes out", False, other),
            Choice(
                "Nothing: 0 is inside the interval", False, "That is no matter here: it is held against the margin."
            ),
        ),
    )


def chance_of_a_better_mean(rng: random.Random) -> Card:
    """How often at least one of k equal candidates has the better mean."""
    k = rng.choice((2, 3, 4, 5))
    some = 1 - 0.5**k
    return Card(
        id="chance_of_a_better_mean",
        outcome="gate",
        question=(
            f"You retrain {k} times; in truth each new model is exactly as good as the released one. A gate lets out "
            "whatever has the better mean on fresh rows. How likely does at least one get out?"
        ),
        choices=(
            Choice(f"{some:.0%}", True, f"Each is better or worse by a coin's throw: 1 − 0.5^{k}."),
            Choice("50%", False, "That is one try."),
            Choice("5%", False, "Nothing in this gate keeps a level of 5 %."),
            Choice("0%", False, "They are equal in truth; their means on a sample are not."),
        ),
    )


def evidence_of_a_failure(rng: random.Random) -> Card:
    """What one failed request adds to the log-likelihood ratio."""
    usual, bad = rng.choice(((0.01, 0.02), (0.01, 0.05), (0.02, 0.08), (0.05, 0.1)))
    values = [math.log(bad / usual), bad - usual, math.log((1 - bad) / (1 - usual)), math.log(usual / bad)]
    shown = [f"{value:+.2f}" for value in values]
    return Card(
        id="evidence_of_a_failure",
        outcome="gate-canary",
        question=(
            f"Usually {usual:.0%} of the requests fail, {bad:.0%} would be too much. A canary adds up "
            "log-likelihood ratios, “bad” over “usual”. What does one failed request add?"
        ),
        choices=(
            Choice(shown[0], True, f"ln({bad} / {usual}): a failure is that much likelier if the canary is bad."),
            Choice(shown[1], False, "That is the difference of the rates, not the logarithm of their ratio."),
            Choice(shown[2], False, "That is what a *success* adds: a little against “bad”."),
            Choice(shown[3], False, "The sign is turned round: a failure speaks for “bad”."),
        ),
    )


def bound_of_rollback(rng: random.Random) -> Card:
    """Wald's upper bound."""
    alpha, beta = rng.choice(((0.05, 0.1), (0.05, 0.2), (0.01, 0.1), (0.01, 0.05)))
    bound = (1 - beta) / alpha
    return Card(
        id="bound_of_rollback",
        outcome="gate-canary",
        question=(
            f"Of the good releases {alpha:.0%} may be rolled back, of the bad ones {beta:.0%} may slip through. At "
            "which likelihood ratio, “bad” over “usual”, does Wald's test roll back?"
        ),
        choices=(
            Choice(f"{bound:.3g}", True, f"(1 − {beta}) / {alpha}."),
            Choice(f"{beta / (1 - alpha):.3g}", False, "That is the lower bound, where it is promoted."),
            Choice(f"{(1 - alpha) / beta:.3g}", False, "The two kinds of error are exchanged."),
            Choice("1", False, "At 1 the evidence is even: half of all good releases would be rolled back."),
        ),
    )
