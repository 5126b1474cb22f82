"""Questions with fresh numbers each time."""

import random

from gradus.roadmap import Card, Choice


def stratified_count(rng: random.Random) -> Card:
    rare, times = rng.randint(2, 9) * 10, rng.randint(6, 12)
    n, fifth = rare * times, rare // 5
    return Card(
        id="stratified_count",
        outcome="split-honestly",
        question=(
            f"Of {n} rows, {rare} belong to the rare class. A stratified split holds out a fifth. "
            "How many rare rows are in the test set?"
        ),
        choices=(
            Choice(f"{fifth}", True, f"Each class keeps its share: a fifth of {rare}."),
            Choice(
                f"{rare // 2}",
                False,
                "With half of the rare rows the test set is richer in them than the data are. Strata keep shares.",
            ),
            Choice(
                "It is left to chance",
                False,
                f"That is a plain shuffle: {fifth} on average. A stratified split holds out exactly that many.",
            ),
            Choice(
                f"{n // 5 // 2}",
                False,
                "Half of the test set would be rare. Balancing the test changes the question that it answers.",
            ),
        ),
    )


def lone_town(rng: random.Random) -> Card:
    label, total = rng.randint(0, 1), rng.randint(3, 9) * 10
    ones = rng.randint(total // 5, total // 2)
    return Card(
        id="lone_town",
        outcome="fit-on-training",
        question=(
            f"A town occurs in one training row, with label {label}. The other folds hold {total} rows, {ones} of them "
            "with label 1. What is the row's out-of-fold target encoding?"
        ),
        choices=(
            Choice(
                f"{label}",
                False,
                "That is the row's own label: the mean of a town with a single row. It tells the answer.",
            ),
            Choice(
                f"{ones / total:.3f}",
                True,
                f"The other folds do not hold the town, so it gets their overall mean, {ones} of {total}.",
            ),
            Choice(
                f"{(ones + label) / (total + 1):.3f}",
                False,
                "This overall mean has the row's own label in it. The leak is small, and it is one.",
            ),
            Choice("`nan`", False, "Most models refuse it. Of an unknown town the overall mean is known."),
        ),
    )


def training_rows_by_time(rng: random.Random) -> Card:
    times = rng.sample(range(10, 99), 6)
    right, reversed_cut = sorted(times)[:-2], sorted(times)[2:]
    while sorted(times[:4]) in (right, reversed_cut):
        rng.shuffle(times)
    return Card(
        id="training_rows_by_time",
        outcome="split-honestly",
        question=f"Six rows have the times {times}, in this order. Two are held out by time. Which times train?",
        choices=(
            Choice(f"{right}", True, "The two latest are held out, and everything earlier trains."),
            Choice(
                f"{sorted(times[:4])}",
                False,
                "That goes by the place in the table. Only in a sorted table are the last rows the latest.",
            ),
            Choice(
                f"{reversed_cut}",
                False,
                "Then the earliest rows are the test: the past is predicted from the future.",
            ),
        ),
    )


def which_leak(rng: random.Random) -> Card:
    stories = [
        (
            "Missing values are filled with the median of the whole table, then the rows are split",
            "preprocessing",
            "The median has seen the test rows. It used no labels, so the leak is likely small, and it is one.",
        ),
        (
            "The hundred words most typical of spam are picked from all mails, then the mails are split",
            "selection",
            "The words were chosen with the labels of test mails.",
        ),
        (
            "Ten thresholds are tried on the test set, and the best one's score is reported",
            "tuning",
            "The test score made a choice, so it no longer tells what a new set would give.",
        ),
        (
            "Each patient has five scans, and the scans are shuffled before the split",
            "group",
            "Scans of one patient are on both sides, and the patient can be recognized.",
        ),
        (
            "Churn is predicted with the number of calls to the cancellation line",
            "feature",
            "The calls are made because the customer leaves. When the prediction is needed, they are not there.",
        ),
        (
            "Hourly sales are shuffled, and a fifth of the hours is held out",
            "time",
            "Most test hours lie between two training hours. In use, all training hours lie before.",
        ),
    ]
    story, right, why = rng.choice(stories)
    names = [right, *rng.sample([name for _, name, _ in stories if name != right], 3)]
    wrong = {
        "preprocessing": "preprocessing: a step without labels saw test rows. Is there one that was fitted too early?",
        "selection": "selection: a step that used labels saw test rows. Were labels used before the split?",
        "tuning": "tuning: the test score chose a setting. Does the test score decide anything here?",
        "group": "group: rows that belong together lie on both sides. Does anything tie the rows together here?",
        "feature": "feature: a column comes too late. Is a value used that is not there yet when the model is asked?",
        "time": "time: training rows are later than test rows. Do the rows have an order in time that matters?",
    }
    rng.shuffle(names)
    return Card(
        id="which_leak",
        outcome="find-leakage",
        question=f"{story}. Which leak is that?",
        choices=tuple(Choice(name, name == right, why if name == right else f"Not {wrong[name]}") for name in names),
    )
