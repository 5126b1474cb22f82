"""Questions with fresh numbers each time."""

import random

from gradus.roadmap import Card, Choice


def cost_of_a_question(rng: random.Random) -> Card:
    while True:
        left_ones, left_zeros, right_ones, right_zeros = (rng.randint(1, 6) for _ in range(4))
        left, right = left_ones + left_zeros, right_ones + right_zeros
        cost = f"{left_ones * left_zeros / left + right_ones * right_zeros / right:.2f}"
        pooled = f"{(left_ones + right_ones) * (left_zeros + right_zeros) / (left + right):.2f}"
        mean = f"{(left_ones * left_zeros / left**2 + right_ones * right_zeros / right**2) / 2:.2f}"
        if left != right and len({cost, pooled, mean}) == 3:
            break
    return Card(
        id="cost_of_a_question",
        outcome="tree-split",
        question=(
            f"A question sends {left_ones} ones and {left_zeros} zeros to the left, {right_ones} ones and "
            f"{right_zeros} zeros to the right. What is its cost: the sum of squared distances of each label from its "
            "side's mean?"
        ),
        choices=(
            Choice(
                cost,
                True,
                f"A side with a share p of ones has n·p·(1 − p): {left_ones}·{left_zeros}/{left} on the left, "
                f"{right_ones}·{right_zeros}/{right} on the right.",
            ),
            Choice(
                mean,
                False,
                "That is the mean of the two sides' variances, as if both held equally many rows.",
            ),
            Choice(
                pooled,
                False,
                "That is the cost without a question, around the mean of all rows. A split never costs more.",
            ),
        ),
    )


def out_of_bag(rng: random.Random) -> Card:
    n = rng.choice([3, 4, 5, 6, 8, 10])
    share = (1 - 1 / n) ** n
    return Card(
        id="out_of_bag",
        outcome="forest-average",
        question=f"A bootstrap sample of a table with {n} rows: how likely is it that the first row is out of bag?",
        choices=(
            Choice(
                f"{share:.3f}",
                True,
                f"It escapes one draw with 1 − 1/{n}, and {n} independent draws with that to the {n}th.",
            ),
            Choice("0", False, "That would be so if rows were drawn without replacement: each exactly once."),
            Choice(f"{1 - 1 / n:.3f}", False, f"That is the chance to escape *one* draw. There are {n}."),
            Choice(f"{1 - share:.3f}", False, "That is the chance to be *in* the bag, at least once."),
        ),
    )


def average_of_trees(rng: random.Random) -> Card:
    sure = rng.choice([0.9, 0.95, 0.99])
    torn = rng.choice([0.42, 0.44, 0.46, 0.48])
    mean = (sure + 2 * torn) / 3
    return Card(
        id="average_of_trees",
        outcome="forest-average",
        question=(
            f"Three trees give a tumor probabilities of {sure}, {torn} and {torn} to be malignant. What does a forest "
            "that averages them say?"
        ),
        choices=(
            Choice(
                f"{mean:.2f}: malignant, above one half",
                True,
                f"The mean of {sure}, {torn} and {torn}. The sure tree outweighs two that are torn.",
            ),
            Choice(
                f"{1 / 3:.2f}: benign, by two votes to one",
                False,
                "That counts votes, and a tree that is nearly torn then weighs as much as one that is sure.",
            ),
            Choice(
                f"{torn:.2f}: benign, the median",
                False,
                "A median ignores how sure the first tree is. scikit-learn's forests take the mean.",
            ),
        ),
    )


def how_many_questions(rng: random.Random) -> Card:
    n = rng.randint(20, 200)
    k = rng.randint(2, 9)
    return Card(
        id="how_many_questions",
        outcome="tree-split",
        question=(
            f"A table of {n} rows has one numeric feature with {n} different values, and one with {k} different "
            "values. How many questions can the root of a tree ask?"
        ),
        choices=(
            Choice(
                f"{n - 1 + k - 1}",
                True,
                f"A threshold between each two neighboring different values: {n - 1} and {k - 1}.",
            ),
            Choice(f"{2 * (n - 1)}", False, "Between two equal values there is no threshold."),
            Choice(
                f"{n + k}",
                False,
                "Thresholds lie between values, so each feature has one fewer than it has different values.",
            ),
            Choice(
                "2", False, "One question for each *feature* would fix its threshold in advance. A tree tries them all."
            ),
        ),
    )
