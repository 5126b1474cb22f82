"""Cards on gradients whose numbers are drawn anew each time."""

from __future__ import annotations

import random

from gradus.roadmap import Card, Choice


def one_step(rng: random.Random) -> Card:
    """One step of gradient descent on a parabola."""
    while True:
        a, x, tenths = rng.randint(1, 4), rng.choice([-3, -2, 2, 3, 4]), rng.choice([1, 2, 3])
        move = tenths * 2 * a * x / 10
        values = [x - move, x + move, x - tenths * a * x * x / 10, x - 2 * a * x]
        if len({f"{value:.1f}" for value in values}) == 4:
            break
    answer, uphill, by_value, no_rate = (f"{value:.1f}" for value in values)
    return Card(
        id="one_step",
        outcome="grad-descent",
        question=f"f(x) = {a} · x². You are at x = {x} and take one step of gradient descent with learning "
        f"rate {tenths / 10:g}. Where are you now?",
        choices=(
            Choice(answer, True, f"The slope is {2 * a} · ({x}) = {2 * a * x}; minus {tenths / 10:g} times that."),
            Choice(uphill, False, "That is a step *with* the gradient: it climbs."),
            Choice(by_value, False, "That uses the value of f where its slope belongs."),
            Choice(no_rate, False, "The learning rate is missing: the step is the whole slope."),
        ),
    )


def largest_rate(rng: random.Random) -> Card:
    """The largest learning rate that still settles."""
    small, large = rng.choice([1, 2]), rng.choice([8, 10, 16, 20, 40])
    return Card(
        id="largest_rate",
        outcome="grad-descent",
        question=(
            f"A bowl has curvature {small} along one direction and {large} along the other. Below which "
            "learning rate does "
            "gradient descent settle at the bottom?"
        ),
        choices=(
            Choice(
                f"{2 / large:g}",
                True,
                f"A step multiplies the distance along the steep direction by 1 − rate · {large}, which has "
                "to stay above −1.",
            ),
            Choice(
                f"{2 / small:g}", False, "That suits the gentle direction; along the steep one, the path runs away."
            ),
            Choice(
                f"{1 / large:g}",
                False,
                "At that rate the steep direction is solved in one step. Up to twice as much still settles, swinging.",
            ),
            Choice(
                f"{4 / (small + large):g}",
                False,
                "The average curvature decides nothing: the steepest direction is the first to run away.",
            ),
        ),
    )


def slope_by_hand(rng: random.Random) -> Card:
    """A central and a one-sided difference of a square, with a large step."""
    while True:
        a, x, h = rng.randint(1, 5), rng.randint(2, 9), rng.choice([1, 2, 3])
        answer, one_sided, one_step, value = 2 * a * x, a * (2 * x + h), 4 * a * x, a * x * x
        if len({answer, one_sided, one_step, value}) == 4:
            break
    return Card(
        id="slope_by_hand",
        outcome="grad-derivative",
        question=f"f(x) = {a} · x². What does the central difference at x = {x} with step h = {h} give?",
        choices=(
            Choice(
                str(answer),
                True,
                f"({a * (x + h) ** 2} − {a * (x - h) ** 2}) / {2 * h} = {answer}. For a parabola that is "
                "exact at any step: the "
                "bend cancels.",
            ),
            Choice(
                str(one_sided),
                False,
                f"That is the difference to one side, ({a * (x + h) ** 2} − {value}) / {h}. The bend is still in it.",
            ),
            Choice(str(one_step), False, "From one side to the other it is two steps of h; you divided by one."),
            Choice(str(value), False, "That is the value of f. The question is how fast it changes."),
        ),
    )


def chain_of_slopes(rng: random.Random) -> Card:
    """The chain rule with numbers."""
    while True:
        a, b, c = (rng.choice([-3, -2, 2, 3, 4, 5]) for _ in range(3))
        if len({a * b * c, a + b + c, a * b, b * c}) == 4:
            break
    return Card(
        id="chain_of_slopes",
        outcome="grad-fit",
        question=(
            f"w drives z, z drives p, p drives the loss. Right now dz/dw = {a}, dp/dz = {b} and dL/dp = {c}. "
            "How fast does the loss change with w?"
        ),
        choices=(
            Choice(str(a * b * c), True, f"Along a chain slopes multiply: {a} · {b} · {c}.".replace("· -", "· −")),
            Choice(
                str(a + b + c), False, "Slopes add up where effects meet side by side. Along a chain they multiply."
            ),
            Choice(
                str(a * b), False, "That is how fast p changes with w. The last link, from p to the loss, is missing."
            ),
            Choice(
                str(b * c), False, "That is how fast the loss changes with z. The first link, from w to z, is missing."
            ),
        ),
    )
