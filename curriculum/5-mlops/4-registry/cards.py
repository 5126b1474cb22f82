"""Cards on registries and packaging whose numbers are drawn anew each time."""

from __future__ import annotations

import random

from gradus.roadmap import Card, Choice


def packaged_answer(rng: random.Random) -> Card:
    """The answer of a model with one column, preprocessing included."""
    while True:
        mean, scale = rng.choice([20, 30, 40, 50]), rng.choice([2, 4, 5, 10])
        steps, weight, bias = rng.choice([-3, -2, 2, 3]), rng.choice([2, 3, 5]), rng.randint(1, 9)
        x = mean + steps * scale
        values = [weight * steps + bias, weight * x + bias, weight * (x - mean) + bias, bias]
        if len(set(values)) == 4:
            break
    right, raw, centered, own = map(str, values)
    return Card(
        id="packaged_answer",
        outcome="package-whole",
        question=(
            f"A package says: column `age`, mean {mean}, scale {scale}, weight {weight}, bias {bias}. What is the "
            f"answer for an age of {x}?"
        ),
        choices=(
            Choice(right, True, f"({x} - {mean}) / {scale} = {steps}, times {weight}, plus {bias}."),
            Choice(raw, False, "That applies the weight to the raw value: the model without its preprocessing."),
            Choice(centered, False, "The mean was taken away, and the division by the scale forgotten."),
            Choice(own, False, "That is what a scaler fitted to this one row gives: every row is its own mean."),
        ),
    )


def version_fits(rng: random.Random) -> Card:
    """Which running version fits a package, by its first two numbers."""
    major, patch = rng.randint(1, 3), rng.randint(0, 4)
    package = f"{major}.1.{patch}"
    right = f"{major}.1.{patch + rng.randint(1, 5)}"
    others = [
        (f"{major}.10.{patch}", "As text 1.1 is the beginning of 1.10. As versions they are nine apart."),
        (f"{major + 1}.1.{patch}", "The first number differs, which announces the largest changes of all."),
        (f"{major}.2.{patch}", "The second number differs, and with it what the library promises."),
    ]
    return Card(
        id="version_fits",
        outcome="package-whole",
        question=(
            f"A package was made with version {package}, and fits if the first two numbers are the same. Which running "
            "version fits?"
        ),
        choices=(
            Choice(right, True, "Only the third number differs: repairs."),
            *(Choice(text, False, why) for text, why in others),
        ),
    )


def after_these_steps(rng: random.Random) -> Card:
    """Which version is in production after some registrations, promotions and rollbacks."""
    first, second = sorted(rng.sample(range(1, 5), 2))
    newest = second + rng.randint(1, 3)
    words = f"Versions 1 to {newest} are registered. Version {first} is promoted, later version {second}"
    if rng.random() < 0.5:
        question, right = f"{words}. Which one answers?", second
        reasons = {
            second: "The alias was moved there last, and nothing else counts.",
            newest: "That is the newest. Nobody promoted it.",
            first: "That was before the second promotion.",
        }
    else:
        question, right = f"{words}; then there is a rollback. Which one answers?", first
        reasons = {
            first: "The rollback moves the alias to where it was before the last promotion.",
            second: "That is the one that was rolled back.",
            newest: "That is the newest. Nobody promoted it.",
        }
        if second - 1 != first:
            reasons[second - 1] = "One *number* less was never in production: numbers count registrations."
    return Card(
        id="after_these_steps",
        outcome="promote",
        question=question,
        choices=tuple(Choice(f"Version {version}", version == right, why) for version, why in reasons.items()),
    )


def same_content_again(rng: random.Random) -> Card:
    """How many versions a store by content holds."""
    models, repeats = rng.randint(5, 8), rng.randint(2, 4)
    total = models + repeats
    return Card(
        id="same_content_again",
        outcome="promote",
        question=(
            f"A store names versions by the hash of their content. {total} models are registered one after the other; "
            f"{repeats} of them are exact copies of earlier ones. How many versions are there?"
        ),
        choices=(
            Choice(str(models), True, "A copy has the same hash, so it is the same version. Nothing is written."),
            Choice(str(total), False, "That would be numbering registrations, not contents."),
            Choice(str(repeats), False, "Those are the copies."),
        ),
    )


def allowed_globals(rng: random.Random) -> Card:
    """Which look-ups an exact allow-list lets through."""
    module, name, other = rng.choice(
        [
            ("fractions", "Fraction", "decimal.Decimal"),
            ("collections", "OrderedDict", "collections.Counter"),
            ("datetime", "date", "datetime.datetime"),
        ]
    )
    return Card(
        id="allowed_globals",
        outcome="load-safely",
        question=f"`find_class` allows exactly `{module}.{name}`. Which pickle can be loaded?",
        choices=(
            Choice(
                f"A list of numbers and a `{module}.{name}`",
                True,
                "Plain data need no look-up, and the class is allowed.",
            ),
            Choice(f"A dictionary with a `{other}` in it", False, "Harmless, and not allowed. The list is exact."),
            Choice(
                f"A `{module}.{name}` whose argument is computed by `builtins.eval`",
                False,
                "Each look-up is asked for by itself, also those deep inside.",
            ),
        ),
    )
