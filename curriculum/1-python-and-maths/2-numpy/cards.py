"""Questions with fresh numbers each time."""

import random

import numpy as np

from gradus.roadmap import Card, Choice


def column_minus_row(rng: random.Random) -> Card:
    n = rng.randint(3, 99)
    return Card(
        id="column_minus_row",
        outcome="numpy-shapes",
        question=f"`y` has shape `({n},)` and `p` has shape `({n}, 1)`. What is `((y - p) ** 2).mean()`?",
        choices=(
            Choice(
                f"The mean of {n} squared errors",
                False,
                f"For that both must have the same shape. `({n},)` lines up with the *last* axis of `({n}, 1)`.",
            ),
            Choice(
                f"The mean of {n * n} squared differences, each label with each prediction",
                True,
                f"`({n},)` and `({n}, 1)` broadcast to `({n}, {n})`. No error, and one plausible number: check shapes.",
            ),
            Choice(
                "A `ValueError`",
                False,
                "Lengths that differ raise one only if neither is 1. The column's second axis is 1, so it is repeated.",
            ),
        ),
    )


def shape_after_broadcast(rng: random.Random) -> Card:
    n, m, d = rng.sample(range(2, 10), 3)
    return Card(
        id="shape_after_broadcast",
        outcome="numpy-shapes",
        question=f"`A` has shape `({n}, {d})`, `B` has shape `({m}, {d})`. Which shape has `A[:, None] - B`?",
        choices=(
            Choice(
                f"`({n}, {m}, {d})`",
                True,
                f"`({n}, 1, {d})` against `({m}, {d})`: from the right, {d} meets {d}, 1 meets {m}, {n} stands alone.",
            ),
            Choice(
                f"`({m}, {n}, {d})`",
                False,
                f"The new axis comes second, so the {n} of `A` stays in front.",
            ),
            Choice(
                f"`({n}, {m})`",
                False,
                "Subtracting uses up no axis. That is the shape after adding up the last one.",
            ),
            Choice(
                "None: it raises a `ValueError`",
                False,
                f"`A - B` would, as {n} does not meet {m}. The new axis of length 1 makes room.",
            ),
        ),
    )


def shape_after_reduction(rng: random.Random) -> Card:
    n, h, w = rng.sample(range(2, 10), 3)
    axis = rng.randint(0, 2)
    shape = (n, h, w)
    left = tuple(s for i, s in enumerate(shape) if i != axis)
    kept = tuple(1 if i == axis else s for i, s in enumerate(shape))
    return Card(
        id="shape_after_reduction",
        outcome="numpy-axes",
        question=f"`X` has shape `{shape}`. Which shape has `X.max(axis={axis})`?",
        choices=(
            Choice(f"`{left}`", True, f"Axis {axis}, of length {shape[axis]}, is used up; the others stay in order."),
            Choice(f"`({shape[axis]},)`", False, "That is the axis you named. It is the one that disappears."),
            Choice(f"`{kept}`", False, "That is with `keepdims=True`, which leaves an axis of length 1 in its place."),
        ),
    )


def reshape_or_transpose(rng: random.Random) -> Card:
    rows, columns = rng.choice([(2, 3), (2, 4), (3, 2), (4, 2)])
    start = rng.randint(1, 20)
    X = np.arange(start, start + rows * columns).reshape(rows, columns)
    reshaped, transposed = X.reshape(columns, rows), X.T
    return Card(
        id="reshape_or_transpose",
        outcome="numpy-views",
        question=f"`X = np.array({X.tolist()})`. What is the first row of `X.reshape({columns}, {rows})`?",
        choices=(
            Choice(
                f"`{transposed[0].tolist()}`",
                False,
                "That is the first row of `X.T`. The shape is the same, but a transpose moves values past each other.",
            ),
            Choice(
                f"`{reshaped[0].tolist()}`",
                True,
                "`reshape` reads the values in the same order, row by row, and puts the brackets elsewhere.",
            ),
            Choice(
                f"`{X[0].tolist()}`",
                False,
                f"The new rows have {rows} values each, not {columns}.",
            ),
        ),
    )


def byte_arithmetic(rng: random.Random) -> Card:
    small = rng.randint(1, 90)
    big = small + rng.randint(5, 100)
    wrapped = int((np.array([small], np.uint8) - np.array([big], np.uint8))[0])
    return Card(
        id="byte_arithmetic",
        outcome="numpy-vectorize",
        question=(
            f"`a = np.array([{small}], dtype=np.uint8)` and `b = np.array([{big}], dtype=np.uint8)` are pixels of two "
            "images. What is `(a - b)[0]`?"
        ),
        choices=(
            Choice(
                f"{small - big}",
                False,
                "`uint8` has no negative numbers, and NumPy keeps the dtype of the arrays. Convert to float first.",
            ),
            Choice(
                f"{wrapped}",
                True,
                f"`uint8` counts from 0 to 255 and wraps around: {small} - {big} + 256. No error, no warning.",
            ),
            Choice("0", False, "Some image libraries stop at 0. NumPy's arithmetic wraps around."),
        ),
    )
