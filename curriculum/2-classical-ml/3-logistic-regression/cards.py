"""Cards on logistic regression whose numbers are drawn anew each time."""

from __future__ import annotations

import math
import random

from gradus.roadmap import Card, Choice


def new_probability(rng: random.Random) -> Card:
    """From a probability by way of the odds to another one."""
    while True:
        percent, ratio = rng.choice([10, 20, 25, 40, 50, 60, 75]), rng.choice([2, 3, 4, 6])
        p = percent / 100
        answer = p * ratio / (p * ratio + 1 - p)
        values = [answer, min(p * ratio, 1.0), p * ratio / (1 - p), 1 / (1 + math.exp(-ratio))]
        if len({f"{value:.2f}" for value in values}) == 4:
            break
    right, multiplied, odds, sigmoid = (f"{value:.2f}" for value in values)
    return Card(
        id="new_probability",
        outcome="logistic-odds",
        question=f"A patient's risk is {p:g}. A change multiplies the odds by {ratio}. What is the risk now?",
        choices=(
            Choice(
                right,
                True,
                f"Yes to no was {percent} to {100 - percent}; now it is {percent * ratio} to {100 - percent}.",
            ),
            Choice(
                multiplied, False, "That multiplies the probability (and cuts at 1). The factor belongs to the odds."
            ),
            Choice(odds, False, "Those are the new odds. The way back to a probability is odds / (1 + odds)."),
            Choice(sigmoid, False, "The sigmoid takes a whole score. A factor of the odds is not a score."),
        ),
    )


def price_of_a_forecast(rng: random.Random) -> Card:
    """The log-loss of two forecasts."""
    while True:
        a, b = rng.choice([0.6, 0.7, 0.8, 0.9]), rng.choice([0.1, 0.2, 0.3, 0.4])
        answer = -(math.log(a) + math.log(1 - b)) / 2
        values = [answer, 2 * answer, -(math.log(a) + math.log(b)) / 2, ((1 - a) ** 2 + b**2) / 2]
        if len({f"{value:.2f}" for value in values}) == 4:
            break
    right, total, both, squared = (f"{value:.2f}" for value in values)
    return Card(
        id="price_of_a_forecast",
        outcome="logistic-probability",
        question=(
            f"A model says {a:g} for an example with label 1 and {b:g} for one with label 0. Which is the "
            f"mean log-loss? "
            f"(−log {a:g} = {-math.log(a):.2f}, −log {b:g} = {-math.log(b):.2f}, −log {1 - b:g} = "
            f"{-math.log(1 - b):.2f})"
        ),
        choices=(
            Choice(right, True, f"What happened was given {a:g} and {1 - b:g}; the mean of their prices."),
            Choice(total, False, "That is the sum. The mean does not grow with the number of examples."),
            Choice(both, False, f"For label 0 the model gave what happened 1 − {b:g}, not {b:g}."),
            Choice(squared, False, "That is the mean squared error of the probabilities, the Brier score."),
        ),
    )


def factor_of_several_steps(rng: random.Random) -> Card:
    """Several units of a feature."""
    while True:
        factor, steps = rng.choice([2, 3, 4]), rng.choice([2, 3, 4])
        values = [factor**steps, factor * steps, factor + steps, factor]
        if len(set(values)) == 4:
            break
    answer, times, plus, one = values
    return Card(
        id="factor_of_several_steps",
        outcome="logistic-odds",
        question=(
            f"Each further unit of a feature multiplies the odds by {factor}. By what are they multiplied "
            f"when it rises by "
            f"{steps} units?"
        ),
        choices=(
            Choice(
                str(answer),
                True,
                f"On the log-odds the steps add up, so the factors multiply: {factor} to the {steps}.",
            ),
            Choice(str(times), False, "Multiplying factor and steps treats the odds as linear. The log-odds are."),
            Choice(str(plus), False, "Factors neither add nor mix with the number of steps that way."),
            Choice(str(one), False, "That is for one unit. Each unit multiplies again."),
        ),
    )


def softmax_of_two(rng: random.Random) -> Card:
    """Scores that are logarithms of small whole numbers."""
    while True:
        a, b, c = (rng.randint(1, 6) for _ in range(3))
        shift = rng.choice([100, 500, 1000])
        values = [a / (a + b + c), a / (1 + a), a / max(a, b, c)]
        if len({f"{value:.2f}" for value in values}) == 3 and len({a, b, c}) > 1 and values[0] != 1 / 3:
            break
    right, alone, largest = (f"{value:.2f}" for value in values)
    return Card(
        id="softmax_of_two",
        outcome="logistic-probability",
        question=(
            f"A row has the scores {shift} + log {a}, {shift} + log {b} and {shift} + log {c}. Which "
            f"probability does the "
            "softmax give the first class?"
        ),
        choices=(
            Choice(right, True, f"What all scores share cancels, and the rest is {a} of {a} + {b} + {c}."),
            Choice(alone, False, "That is a sigmoid of the first score, as if there were no other classes."),
            Choice(largest, False, "The divisor is the sum of the exponentials, not the largest of them."),
            Choice(
                "It overflows, in any implementation", False, f"Subtract the row's largest score, and {shift} is gone."
            ),
        ),
    )
