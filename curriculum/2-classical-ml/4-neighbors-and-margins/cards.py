"""Questions with fresh numbers each time."""

import random

from gradus.roadmap import Card, Choice


def largest_unit(rng: random.Random) -> Card:
    age, income = rng.randint(20, 40), rng.randint(1, 4) * 100
    other_age, other_income = age + rng.randint(25, 40), income + rng.randint(5, 15)
    query_age, query_income = age + rng.randint(0, 2), other_income + rng.randint(-2, 2)
    first = (query_age - age) ** 2 + (query_income - income) ** 2
    second = (query_age - other_age) ** 2 + (query_income - other_income) ** 2
    by_thousands = "the first" if first < second else "the second"
    first_1 = (query_age - age) ** 2 + ((query_income - income) * 1000) ** 2
    second_1 = (query_age - other_age) ** 2 + ((query_income - other_income) * 1000) ** 2
    by_ones = "the first" if first_1 < second_1 else "the second"
    changed = by_thousands != by_ones
    return Card(
        id="largest_unit",
        outcome="nm-scale",
        question=(
            f"Two customers: {age} years with an income of {income} (in thousands), and {other_age} years with "
            f"{other_income}. A new one: {query_age} years, {query_income}. By plain Euclidean distance "
            f"{by_thousands} customer is nearest. And with incomes in single units, all multiplied by 1,000?"
        ),
        choices=(
            Choice(
                f"{by_ones.capitalize()}: the income alone decides now",
                True,
                "Its squared difference is multiplied by a million, so the ages no longer count. "
                + ("The nearest customer has changed with the unit." if changed else "Here it happens to agree."),
            ),
            Choice(
                f"{'The second' if by_ones == 'the first' else 'The first'}, as the ages weigh more now",
                False,
                "A column weighs as much as its differences are large. It is the income that has grown.",
            ),
            Choice(
                "It cannot change: the data are the same",
                False,
                "The facts are, the distances are not. A method that measures distance depends on the unit of each "
                "column.",
            ),
        ),
    )


def vote_of_three(rng: random.Random) -> Card:
    names = rng.sample(["oak", "elm", "ash"], 2)
    distances = sorted(rng.sample(range(1, 30), 5))
    labels = [names[0], names[1], names[1], names[0], names[0]]
    order = rng.sample(range(5), 5)
    rows = "\n".join(f"| {distances[i]} | {labels[i]} |" for i in order)
    return Card(
        id="vote_of_three",
        outcome="nm-vote",
        question=f"Which class does KNN predict with `k = 3`?\n\n| distance | class |\n| --- | --- |\n{rows}",
        choices=(
            Choice(
                names[1],
                True,
                f"The three nearest lie at {distances[0]}, {distances[1]} and {distances[2]}: two are {names[1]}.",
            ),
            Choice(
                names[0],
                False,
                f"It has the nearest row, at {distances[0]}, and the majority of all five. Among the three nearest it "
                "is outvoted.",
            ),
            Choice(
                "None: the vote is tied",
                False,
                "With two classes an odd number of votes cannot be tied.",
            ),
        ),
    )


def hinge_of_a_row(rng: random.Random) -> Card:
    score = rng.choice([-2.5, -1.5, -0.75, -0.25, 0.25, 0.5, 0.75])
    positive = rng.random() < 0.5
    margin = score if positive else -score
    loss = max(0.0, 1 - margin)
    wrong = [
        Choice(
            f"{max(0.0, -margin):g}",
            False,
            f"That asks only for the right side. The margin is {margin:g}, and the hinge loss wants at least 1.",
        ),
        Choice(
            f"{max(0.0, 1 + margin):g}",
            False,
            "That is the loss if the row belonged to the other class: mind the sign of the label.",
        ),
        Choice(
            f"{loss**2:g}",
            False,
            f"That is the squared hinge, which `LinearSVC` uses unless told otherwise. The hinge itself is {loss:g}.",
        ),
    ]
    return Card(
        id="hinge_of_a_row",
        outcome="nm-margin",
        question=(
            f"A row of the {'positive' if positive else 'negative'} class (label {'+1' if positive else '−1'}) has the "
            f"score {score:g}. What is its hinge loss, `max(0, 1 - label * score)`?"
        ),
        choices=(
            Choice(f"{loss:g}", True, f"Its margin is label times score, {margin:g}, and 1 − {margin:g} = {loss:g}."),
            *{choice.text: choice for choice in wrong if choice.text != f"{loss:g}"}.values(),
        ),
    )


def kernel_at_a_distance(rng: random.Random) -> Card:
    base = rng.choice([0.9, 0.8, 0.6])
    factor = rng.choice([2, 3])
    right = base ** (factor**2)
    return Card(
        id="kernel_at_a_distance",
        outcome="nm-kernel",
        question=(
            f"With `exp(-gamma * squared distance)`, two rows 1 apart have the kernel value {base:g}. Which value have "
            f"two rows {factor} apart, with the same gamma?"
        ),
        choices=(
            Choice(
                f"{right:.3g}",
                True,
                f"The squared distance is {factor**2} times as large, so the value is {base:g} to the power of "
                f"{factor**2}.",
            ),
            Choice(
                f"{base**factor:.3g}",
                False,
                f"That is {base:g} to the power of {factor}, as if the distance itself stood in the exponent. It is "
                "squared.",
            ),
            Choice(
                f"{base / factor:.3g}",
                False,
                "An exponential falls by a factor for each step, not in proportion to the distance.",
            ),
        ),
    )
