"""Questions with fresh numbers each time."""

import random

import numpy as np

from gradus.roadmap import Card, Choice


def one_step_of_k_means(rng: random.Random) -> Card:
    low = rng.randint(1, 5)
    near, gap = rng.choice([2, 4]), rng.choice([10, 12])
    rows = [low, low + near, low + near + gap]
    centers = [low, low + near]
    moved = (low + near + low + near + gap) / 2
    return Card(
        id="one_step_of_k_means",
        outcome="cc-kmeans",
        question=(
            f"The rows are {rows[0]}, {rows[1]} and {rows[2]}, on a line. The centers are at {centers[0]} and "
            f"{centers[1]}. Where are they after one step of k-means?"
        ),
        choices=(
            Choice(
                f"{low} and {moved:g}",
                True,
                f"{rows[1]} and {rows[2]} are nearer to the second center, which moves to their mean. "
                f"Only in the next step is {rows[1]} given away again.",
            ),
            Choice(
                f"{low + near / 2:g} and {rows[2]}",
                False,
                "That is where a further step leads. In the first one each row goes to the center that is nearest now.",
            ),
            Choice(
                f"{low} and {low + near}",
                False,
                "Nothing would move if each center were the mean of its rows already. The second is not.",
            ),
        ),
    )


def same_clusters_other_names(rng: random.Random) -> Card:
    a = [0, 0, 1, 1, 2, 2]
    rename = rng.choice([[1, 2, 0], [2, 0, 1]])
    b = [rename[v] for v in a]
    order = rng.sample(range(6), 6)
    a, b = [a[i] for i in order], [b[i] for i in order]
    return Card(
        id="same_clusters_other_names",
        outcome="cc-compare",
        question=f"Two runs label six rows `{a}` and `{b}`. How much do the two clusterings agree?",
        choices=(
            Choice(
                "Completely",
                True,
                "The same rows are together in both. The numbers are names, given by the order in which centers came.",
            ),
            Choice(
                "Not at all: no row has the same number in both",
                False,
                "True of the numbers, but cluster 0 of one run has nothing to do with cluster 0 of another.",
            ),
            Choice(
                "About as much as chance: with three clusters, a third",
                False,
                "Look at pairs: two rows that are together in one run are together in the other, without exception.",
            ),
        ),
    )


def explained_share(rng: random.Random) -> Card:
    values = sorted(rng.sample(range(1, 9), 3), reverse=True)
    squares = [v * v for v in values]
    right, unsquared = squares[0] / sum(squares), values[0] / sum(values)
    return Card(
        id="explained_share",
        outcome="cc-pca",
        question=(
            f"A centered table with three columns has the singular values {values[0]}, {values[1]} and {values[2]}. "
            "Which share of the variance does the first component keep?"
        ),
        choices=(
            Choice(f"{right:.0%}", True, f"The variance goes with the square: {squares[0]} of {sum(squares)}."),
            Choice(
                f"{unsquared:.0%}",
                False,
                "That is the share of the singular values themselves. They are in the units of the data; variance is "
                "in squared units.",
            ),
            Choice(
                f"{squares[0] / (squares[0] + squares[1]):.1%} of it",
                False,
                "That leaves out the third direction. All of the variance counts, also what is dropped later.",
            ),
        ),
    )


def silhouette_of_a_row(rng: random.Random) -> Card:
    a, b = rng.sample(range(1, 10), 2)
    value = (b - a) / max(a, b)
    return Card(
        id="silhouette_of_a_row",
        outcome="cc-compare",
        question=(
            f"A row is on average {a} away from the other rows of its cluster, and {b} from those of the nearest other "
            "one. What is its silhouette?"
        ),
        choices=(
            Choice(
                f"{value:.2f}", True, f"({b} − {a}) / max({a}, {b}): positive exactly if its own cluster is nearer."
            ),
            Choice(
                f"{-value:.2f}",
                False,
                "The sign is turned round. A row that is nearer to its own cluster gets a positive value.",
            ),
            Choice(
                f"{b - a:d}",
                False,
                "That is still in units of distance. Divided by the larger of the two it lies between −1 and 1.",
            ),
        ),
    )


def centered_row(rng: random.Random) -> Card:
    X = np.array([[rng.randint(1, 9), rng.randint(10, 30)] for _ in range(2)], dtype=int)
    X = np.vstack([X, 3 * np.array([rng.randint(2, 9), rng.randint(4, 12)]) - X.sum(axis=0)])
    mean = X.mean(axis=0).astype(int)
    first, by_row = X[0] - mean, X[0] * 2 - X[0].sum()
    return Card(
        id="centered_row",
        outcome="cc-pca",
        question=f"`X = np.array({X.tolist()})`. PCA centers it first. What becomes of the first row?",
        choices=(
            Choice(
                f"`{first.tolist()}`", True, f"Each *column's* mean is subtracted; the means are `{mean.tolist()}`."
            ),
            Choice(
                f"`{(by_row / 2).tolist()}`",
                False,
                "That subtracts the row's own mean, across its columns. Columns are features, and each has its mean.",
            ),
            Choice(
                f"`{X[0].tolist()}`, unchanged",
                False,
                "Without centering the first component would point at the mean instead of along the spread.",
            ),
        ),
    )
