"""Questions with fresh numbers each time."""

import random

import numpy as np

from gradus.roadmap import Card, Choice


def one_step(rng: random.Random) -> Card:
    y = rng.randint(10, 30)
    mean = y - rng.choice([4, 6, 8, 12])
    lr = rng.choice([0.1, 0.25, 0.4])
    said = y - mean
    left = said - lr * said
    return Card(
        id="one_step",
        outcome="boost-residuals",
        question=(
            f"Boosting starts from the mean, {mean}. For a row with `y = {y}` the first tree predicts its residual "
            f"exactly. With a learning rate of {lr}, which residual does the second tree see for this row?"
        ),
        choices=(
            Choice(
                f"{left:g}",
                True,
                f"The sum moved by {lr} · {said} = {lr * said:g}, and {said} − {lr * said:g} is left over.",
            ),
            Choice(
                "0",
                False,
                "That would be so with a learning rate of 1: the tree is exact, but only a part of it is added.",
            ),
            Choice(f"{lr * said:g}", False, "That is what was added to the sum. Left over is the rest."),
            Choice(f"{said:g}", False, "That is what the *first* tree saw. Part of it is explained by now."),
        ),
    )


def gradient_of_log_loss(rng: random.Random) -> Card:
    p = rng.choice([0.1, 0.2, 0.3, 0.6, 0.7, 0.9])
    label = rng.randint(0, 1)
    target = label - p
    return Card(
        id="gradient_of_log_loss",
        outcome="boost-residuals",
        question=(
            f"Boosting with the log loss, on its log-odds. The current probability of a row is {p}, its label "
            f"is {label}. Which target does the next tree get for it?"
        ),
        choices=(
            Choice(f"{target:g}", True, "The negative gradient with respect to the log-odds: label minus probability."),
            Choice(f"{-target:g}", False, "That is the gradient, which points to where the loss *grows*."),
            Choice(f"{label}", False, "Fitting the label again each round ignores what the sum explains."),
            Choice(
                f"{-np.log(p if label else 1 - p):.3f}",
                False,
                "That is the row's loss. The tree needs the direction in which its prediction should move.",
            ),
        ),
    )


def where_it_stops(rng: random.Random) -> Card:
    patience = rng.choice([2, 3])
    best = rng.randint(1, 3)
    curve = [9 - k for k in range(best + 1)]
    curve += [curve[-1] + rng.randint(1, 2) for _ in range(patience)]
    curve += [curve[best] - 2, curve[best] - 1]
    losses = [value / 10 for value in curve]
    return Card(
        id="where_it_stops",
        outcome="boost-stop",
        question=(
            f"Validation losses after rounds 0, 1, 2, … would be {losses}. Training stops after {patience} rounds "
            "without a new best. How many trees does the model predict with?"
        ),
        choices=(
            Choice(
                f"{best + 1}", True, f"The best round seen is {best}, counted from 0, so {best + 1} trees are used."
            ),
            Choice(
                f"{best}",
                False,
                f"Round {best} is the best, counted from 0. Up to and including it there is one tree more.",
            ),
            Choice(f"{best + patience + 1}", False, "So many were grown. Those after the best round are not used."),
            Choice(
                f"{best + patience + 2}",
                False,
                "That round would have been better, but training had stopped before it.",
            ),
        ),
    )


def how_many_fits(rng: random.Random) -> Card:
    settings, folds = rng.choice([6, 8, 12, 20]), rng.choice([3, 4, 5])
    nested = folds * (settings * (folds - 1) + 1)
    return Card(
        id="how_many_fits",
        outcome="boost-tune",
        question=(
            f"Nested cross-validation with {folds} folds, the inner ones being the {folds - 1} that are left, and "
            f"{settings} settings. How many models are fitted in all?"
        ),
        choices=(
            Choice(
                f"{nested}",
                True,
                f"For each of {folds} outer folds: {settings} · {folds - 1} to choose, and 1 to score.",
            ),
            Choice(
                f"{settings * folds}",
                False,
                "That is one cross-validation of every setting: nothing scores the choice.",
            ),
            Choice(
                f"{folds * settings * (folds - 1)}",
                False,
                "The chosen setting has to be fitted once more for each outer fold.",
            ),
            Choice(f"{folds * folds * settings}", False, "For an outer fold only the others are inner folds."),
        ),
    )
