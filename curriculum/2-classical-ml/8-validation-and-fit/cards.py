"""Questions with fresh numbers each time."""

import random

from gradus.roadmap import Card, Choice


def rows_per_fit(rng: random.Random) -> Card:
    k = rng.choice([4, 5, 8, 10])
    n = k * rng.randint(11, 60)
    return Card(
        id="rows_per_fit",
        outcome="tell-signal",
        question=f"You cross-validate on {n} rows with {k} equal folds. How many rows is each model fitted on?",
        choices=(
            Choice(f"{n - n // k}", True, f"All folds but one: {n} minus {n // k}."),
            Choice(f"{n // k}", False, "That is one fold, the rows each model is *scored* on."),
            Choice(f"{n}", False, "Then every model would have seen the rows it is scored on."),
        ),
    )


def width_of_interval(rng: random.Random) -> Card:
    factor = rng.choice([4, 9, 16, 25, 100])
    root = round(factor**0.5)
    n = rng.randint(2, 9) * 50
    return Card(
        id="width_of_interval",
        outcome="tell-signal",
        question=(
            f"On {n} test rows the paired interval for a difference is ± 0.0{rng.randint(10, 99)}. "
            f"About how wide is it on {factor} times as many rows?"
        ),
        choices=(
            Choice(
                f"1/{root} as wide",
                True,
                f"The standard error falls with the root of the rows, and √{factor} = {root}.",
            ),
            Choice(
                f"1/{factor} as wide",
                False,
                "The error falls with the *root* of the number of rows.",
            ),
            Choice(
                "As wide as before",
                False,
                "The deviation of single differences stays. The interval is about their mean, which gets better known.",
            ),
        ),
    )


def name_the_fit(rng: random.Random) -> Card:
    floor = rng.randint(5, 20)
    kind = rng.choice(["underfits", "overfits", "fits"])
    train = floor + (rng.randint(12, 20) if kind == "underfits" else rng.randint(0, 1))
    valid = train + (rng.randint(12, 20) if kind == "overfits" else rng.randint(0, 1))
    said = {
        "underfits": f"The training error, {train} %, is compared with the floor of {floor} %.",
        "overfits": f"The gap between the curves is {valid - train} points.",
        "fits": f"With a floor of {floor} %, an error of {valid} % leaves hardly anything to win.",
    }
    return Card(
        id="name_the_fit",
        outcome="diagnose-fit",
        question=(
            f"Experts disagree with each other on {floor} % of the rows. Your model errs on {train} % of its training "
            f"rows and on {valid} % of held-out rows. What is its trouble?"
        ),
        choices=(
            Choice("It underfits", kind == "underfits", said["underfits"]),
            Choice("It overfits", kind == "overfits", said["overfits"]),
            Choice("None", kind == "fits", said["fits"]),
        ),
    )


def overconfident(rng: random.Random) -> Card:
    n = rng.randint(4, 20) * 10
    said, right = rng.choice([(0.9, 0.7), (0.9, 0.6), (0.8, 0.6), (0.2, 0.4), (0.1, 0.3)])
    return Card(
        id="overconfident",
        outcome="read-calibration",
        question=(
            f"A bin of a reliability diagram holds {n} predictions with a mean of {said}; {round(n * right)} of them "
            "came true. What does that say?"
        ),
        choices=(
            Choice(
                "The model is surer than it should be",
                True,
                f"It says {said} where {right} happens: its probabilities lie too far from one half.",
            ),
            Choice(
                "The model is not sure enough",
                False,
                f"That would be a share further from one half than {said}. Here it is nearer.",
            ),
            Choice(
                f"The accuracy in this bin is {said}",
                False,
                "The mean prediction is what was said. What was right is counted from the labels.",
            ),
        ),
    )


def one_hot_width(rng: random.Random) -> Card:
    numbers, towns, plans = rng.randint(2, 7), rng.randint(3, 9), rng.randint(2, 5)
    return Card(
        id="one_hot_width",
        outcome="compose-pipeline",
        question=(
            f"A column transformer scales {numbers} numeric columns and one-hot encodes two others, with {towns} and "
            f"{plans} categories in training. A new row brings an unknown category, which is ignored. How many columns "
            "does it get?"
        ),
        choices=(
            Choice(
                f"{numbers + towns + plans}",
                True,
                "The columns were fixed in training. The unknown category is all zeros in those of its feature.",
            ),
            Choice(
                f"{numbers + towns + plans + 1}",
                False,
                "The classifier has no weight for a column that came later. What is learned is fixed at `fit`.",
            ),
            Choice(f"{numbers + 2}", False, "One-hot gives each *category* a column, not each feature."),
        ),
    )
