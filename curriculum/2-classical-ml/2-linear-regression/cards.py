"""Cards on linear regression whose numbers are drawn anew each time."""

from __future__ import annotations

import random

from gradus.roadmap import Card, Choice


def r2_by_hand(rng: random.Random) -> Card:
    """R² from four labels and predictions that share one error."""
    while True:
        step, bias = rng.randint(2, 6), rng.randint(1, 6)
        total = step * step * 20  # of -3, -1, 1, 3 steps
        error = 4 * bias * bias
        answer, wrong = 1 - error / total, error / total
        if len({f"{answer:.2f}", f"{wrong:.2f}", "1.00", f"{1 - bias / (2 * step):.2f}"}) == 4:
            break
    start = rng.randint(10, 40)
    labels = [start + step * k for k in (0, 2, 4, 6)]
    return Card(
        id="r2_by_hand",
        outcome="linear-read",
        question=f"The truth is {labels}; every prediction is exactly {bias} too high. What is R²?",
        choices=(
            Choice(
                f"{answer:.2f}",
                True,
                f"Squared errors: {error}. Squared deviations from the mean: {total}. 1 − {error}/{total}.",
            ),
            Choice("1.00", False, "That is the squared correlation, which forgives a constant error. R² does not."),
            Choice(f"{wrong:.2f}", False, "That is the share of the variation that is left, not the one explained."),
            Choice(
                f"{1 - bias / (2 * step):.2f}",
                False,
                "That compares one error with one distance between labels. R² compares sums of squares.",
            ),
        ),
    )


def other_units(rng: random.Random) -> Card:
    """What a change of unit does to a coefficient and to its effect per deviation."""
    feature, small, large, factor = rng.choice(
        [("distance", "meter", "kilometer", 1000), ("weight", "gram", "kilogram", 1000), ("time", "minute", "hour", 60)]
    )
    w = rng.randint(2, 9)
    per_large = w * factor
    return Card(
        id="other_units",
        outcome="linear-read",
        question=(
            f"A model predicts cost with a coefficient of {w} per {small} of {feature}. You refit it with {feature} in "
            f"{large}s. What happens to the coefficient, and to the effect per standard deviation?"
        ),
        choices=(
            Choice(
                f"{per_large:,}; the effect stays",
                True,
                f"One {large} is {factor} {small}s, so its coefficient is {factor} times as large. The "
                f"deviation becomes "
                "smaller by the same factor, and the product does not change.",
            ),
            Choice(
                f"{w / factor:g}; the effect stays",
                False,
                "The numbers in the column become smaller, so the coefficient has to become larger.",
            ),
            Choice(
                f"{per_large:,}; the effect grows as much",
                False,
                "One deviation is the same real difference in both units, so its effect cannot change.",
            ),
            Choice(
                f"{w}; nothing changes", False, "The predictions do not change. A number per unit does, with the unit."
            ),
        ),
    )


def shrunken_slope(rng: random.Random) -> Card:
    """Ridge for a single centered feature: Sxy / (Sxx + lam)."""
    while True:
        slope, squares, lam = rng.randint(2, 9), rng.choice([2, 4, 5, 8, 10]), rng.choice([1, 2, 5, 6, 10, 15])
        answer = slope * squares / (squares + lam)
        others = [slope - lam / squares, slope / (1 + lam), float(slope)]
        if len({f"{value:.2f}" for value in [answer, *others]}) == 4 and answer != lam:
            break
    minus, only_lam, none = (f"{value:.2f}" for value in others)
    return Card(
        id="shrunken_slope",
        outcome="linear-shrink",
        question=(
            f"One feature with mean 0, whose squares sum to {squares}. Least squares gives a slope of "
            f"{slope}. What does "
            f"ridge with λ = {lam} give?"
        ),
        choices=(
            Choice(
                f"{answer:.2f}",
                True,
                f"The slope is a quotient, {slope * squares} / {squares}. The penalty is added to the divisor: "
                f"{slope * squares} / ({squares} + {lam}).",
            ),
            Choice(
                minus, False, "Subtracting a constant is what the lasso does. Ridge multiplies by a factor below 1."
            ),
            Choice(only_lam, False, f"That would be right if the squares summed to 1. Here the data weigh {squares}."),
            Choice(none, False, "That is least squares. With any λ above 0 the slope is smaller."),
        ),
    )


def degrees_of_freedom(rng: random.Random) -> Card:
    """The divisor of the noise variance."""
    n, d = rng.randint(12, 60), rng.randint(2, 8)
    return Card(
        id="degrees_of_freedom",
        outcome="linear-fit",
        question=(
            f"You fit {d} features and an intercept to {n} rows by least squares. By what do you divide the "
            f"squared residuals "
            "to estimate the variance of the noise?"
        ),
        choices=(
            Choice(
                str(n - d - 1), True, f"{d} slopes and 1 intercept were fitted, so {n} − {d} − 1 rows' worth is left."
            ),
            Choice(str(n), False, "The fit has bent toward the rows, so the residuals are smaller than the noise was."),
            Choice(str(n - d), False, "The intercept was fitted, too."),
            Choice(str(n - 1), False, "That is for a sample variance, where only a mean was taken from the data."),
        ),
    )
