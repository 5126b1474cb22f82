"""Cards on probability whose numbers are drawn anew each time."""

from __future__ import annotations

import math
import random

from gradus.roadmap import Card, Choice


def positive_test(rng: random.Random) -> Card:
    """Bayes' rule with round counts."""
    while True:
        sick = rng.choice([5, 10, 20, 40, 50])  # of 1000 people
        sensitivity = rng.choice([60, 80, 90])
        false_alarm = rng.choice([5, 10, 20])
        found, alarms = sick * sensitivity / 100, (1000 - sick) * false_alarm / 100
        answer = round(100 * found / (found + alarms))
        fifty = round(100 * sensitivity / (sensitivity + false_alarm))
        joint = round(found / 10)
        if len({answer, fifty, joint, sensitivity}) == 4:
            break
    return Card(
        id="positive_test",
        outcome="prob-update",
        question=(
            f"Of 1000 people, {sick} are sick. A test is positive for {sensitivity} % of the sick and for "
            f"{false_alarm} % of "
            "the healthy. Which share of those who test positive is sick, about?"
        ),
        choices=(
            Choice(f"{answer} %", True, f"{found:g} true alarms stand against {alarms:g} false ones."),
            Choice(f"{sensitivity} %", False, "That is the share of the sick who test positive: the other way round."),
            Choice(f"{fifty} %", False, "That compares the two rates as if there were as many sick as healthy people."),
            Choice(f"{joint} %", False, "That is the share of *all* people who are sick and test positive."),
        ),
    )


def precision_of_a_share(rng: random.Random) -> Card:
    """How the scatter of a share shrinks with the number of trials."""
    factor = rng.choice([2, 3, 4, 5, 10])
    trials = rng.choice([100, 400, 500, 1000])
    return Card(
        id="precision_of_a_share",
        outcome="prob-simulate",
        question=(
            f"You estimate a probability from {trials} simulated trials. You want its scatter from run to run to be "
            f"{factor} times smaller. How many trials do you need?"
        ),
        choices=(
            Choice(
                f"{trials * factor**2}",
                True,
                f"The scatter falls with the square root of the number of trials: {factor} squared is {factor**2}.",
            ),
            Choice(f"{trials * factor}", False, f"That makes the scatter only {math.sqrt(factor):.2g} times smaller."),
            Choice(f"{trials * factor**3}", False, "That is more than needed: the scatter falls with the square root."),
            Choice(
                f"{trials}, with another seed",
                False,
                "A seed chooses one run among many. It does not change how much they scatter.",
            ),
        ),
    )


def log_of_a_product(rng: random.Random) -> Card:
    """The log-likelihood of a long run of equal forecasts."""
    percent, n = rng.choice([20, 25, 30, 40]), rng.choice([2000, 3000, 5000, 8000])
    p = percent / 100
    answer = n * math.log(p)
    return Card(
        id="log_of_a_product",
        outcome="prob-loglik",
        question=(
            f"A forecaster gave {p:g} to each of {n} outcomes that happened. "
            f"(The natural logarithm of {p:g} is {math.log(p):.3f}.) What does `np.log(np.prod(given))` "
            "print, and what "
            "is the log-likelihood?"
        ),
        choices=(
            Choice(
                f"`-inf`; about {answer:.0f}",
                True,
                "The product is rounded to 0 before its logarithm is taken. Adding logarithms never comes "
                "near that limit.",
            ),
            Choice(
                f"about {answer:.0f}; about {answer:.0f}",
                False,
                f"On paper, yes. In floating point {p:g} to the power {n} is 0.",
            ),
            Choice(
                "`0.0`; `0.0`", False, "The product prints as 0.0; its logarithm is not 0, which would mean certainty."
            ),
            Choice(
                f"`-inf`; about {math.log(p):.3f}",
                False,
                "The second number is for one outcome, or the average. The log-likelihood adds up all of them.",
            ),
        ),
    )


def better_forecaster(rng: random.Random) -> Card:
    """Certain and wrong once, against cautious always."""
    days = rng.choice([10, 20, 30, 100])
    caution = rng.choice([0.6, 0.7, 0.8])
    return Card(
        id="better_forecaster",
        outcome="prob-loglik",
        question=(
            f"Over {days} days, Ada gave what happened a probability of {caution:g} each day. Bo gave it 1.0 "
            f"on {days - 1} days "
            "and 0.0 on one. Who has the larger log-likelihood?"
        ),
        choices=(
            Choice(
                "Ada",
                True,
                "Bo declared impossible what happened: one factor of 0, a logarithm of −∞, and nothing repairs it.",
            ),
            Choice("Bo", False, f"Bo was right on {days - 1} days, but his product holds a factor of 0."),
            Choice("They are equal", False, f"Ada's is {days} · log {caution:g}, a finite number. Bo's is −∞."),
            Choice(
                "It depends on the order of the days",
                False,
                "A product does not know the order of its factors, and a sum not that of its terms.",
            ),
        ),
    )
