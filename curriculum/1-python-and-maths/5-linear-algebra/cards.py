"""Cards on linear algebra whose numbers are drawn anew each time."""

from __future__ import annotations

import random

from gradus.roadmap import Card, Choice


def _vector(numbers: list[int]) -> str:
    return f"`[{', '.join(map(str, numbers))}]`"


def dot_by_hand(rng: random.Random) -> Card:
    """A dot product in the head."""
    while True:
        u, v = ([rng.randint(-4, 5) for _ in range(3)] for _ in range(2))
        products = [a * b for a, b in zip(u, v, strict=True)]
        answer = sum(products)
        lengths = sum(a * a for a in u) * sum(b * b for b in v)
        absolute, sums = sum(map(abs, products)), sum(u) * sum(v)
        if len({answer, absolute, sums, lengths}) == 4:
            break
    shown = " + ".join(f"({product})" if product < 0 else str(product) for product in products)
    return Card(
        id="dot_by_hand",
        outcome="la-dot",
        question=f"What is the dot product of {_vector(u)} and {_vector(v)}?",
        choices=(
            Choice(str(answer), True, f"Multiply entry by entry, then add: {shown} = {answer}."),
            Choice(
                str(absolute),
                False,
                "The products are added with their signs; opposing entries count against each other.",
            ),
            Choice(
                str(sums), False, "That is the product of the two sums. Entries only meet the entry at the same place."
            ),
            Choice(str(lengths), False, "That is the product of the two squared lengths, each vector with itself."),
        ),
    )


def product_shape(rng: random.Random) -> Card:
    """The shape of a chain of products."""
    n, d, h, k = rng.sample(range(2, 60), 4)
    return Card(
        id="product_shape",
        outcome="la-matrices",
        question=(
            f"`X` has shape `({n}, {d})`, `W1` has shape `({d}, {h})`, `W2` has shape `({h}, {k})`. "
            "What is the shape of `X @ W1 @ W2`?"
        ),
        choices=(
            Choice(f"({n}, {k})", True, "Inner sizes meet and disappear, the outermost two remain."),
            Choice(f"({n}, {h})", False, "That is the shape of `X @ W1`, halfway."),
            Choice(f"({d}, {k})", False, "That is the shape of `W1 @ W2`, the one layer that equals the two."),
            Choice(
                "A `ValueError`",
                False,
                f"Neighbors agree: {d} with {d}, {h} with {h}. In any other order they would not.",
            ),
        ),
    )


def cosine_after_stretching(rng: random.Random) -> Card:
    """What stretching does to the dot product and to the cosine."""
    factor = rng.choice([2, 3, 4, 5, 10])
    dot, cosine = rng.randint(3, 20), rng.choice([0.25, 0.5, 0.6, 0.75, 0.8])
    return Card(
        id="cosine_after_stretching",
        outcome="la-similarity",
        question=(
            f"Two vectors have dot product {dot} and cosine {cosine}. You multiply one of them by {factor}. "
            "What are the new dot product and cosine?"
        ),
        choices=(
            Choice(
                f"{dot * factor} and {cosine}",
                True,
                "The dot product is linear in each vector, so it grows along. The angle does not change.",
            ),
            Choice(f"{dot} and {cosine}", False, "The dot product contains both lengths, and one of them grew."),
            Choice(
                f"{dot * factor} and {cosine * factor:g}",
                False,
                "The cosine divides by the length that grew, so the factor cancels. It can never exceed 1.",
            ),
            Choice(
                f"{dot * factor**2} and {cosine}",
                False,
                "Only one of the two vectors was stretched, so the factor enters once.",
            ),
        ),
    )


def zero_cosine(rng: random.Random) -> Card:
    """Find the vector that is perpendicular."""
    a, b = rng.sample(range(1, 7), 2)
    return Card(
        id="zero_cosine",
        outcome="la-similarity",
        question=f"Which vector has cosine 0 with {_vector([a, b])}?",
        choices=(
            Choice(_vector([-b, a]), True, f"{a}·({-b}) + {b}·{a} = 0: the two are perpendicular."),
            Choice(_vector([-a, -b]), False, "That one points the opposite way; its cosine is −1."),
            Choice(_vector([b, a]), False, f"{a}·{b} + {b}·{a} = {2 * a * b}, so they lean the same way."),
            Choice(_vector([10 * a, 10 * b]), False, "Ten times as long, same direction: its cosine is 1."),
        ),
    )
