"""Review questions of unit 1.3 whose numbers are drawn anew each time."""

import random

from gradus.roadmap import Card, Choice


def rows_after_merge(rng: random.Random) -> Card:
    """Rows of an inner merge on a key that repeats on both sides."""
    left_a, right_a = rng.randint(4, 6), rng.randint(2, 3)
    left_b, right_b = rng.randint(1, 2), 1
    left, right = left_a + left_b, right_a + right_b
    product = left_a * right_a + left_b * right_b
    choices = (
        Choice(
            f"{product}",
            True,
            f"Every pair with equal keys becomes a row: a gives {left_a} × {right_a} = {left_a * right_a}, "
            f"b gives {left_b} × {right_b} = {left_b}. Rows multiply within each key.",
        ),
        Choice(
            f"{left}",
            False,
            "That would hold if each key stood once on the right. Here a repeats on both sides, so its rows multiply.",
        ),
        Choice(
            f"{left * right}",
            False,
            "That is every row with every row, a cross join. A merge pairs only rows whose keys are equal.",
        ),
        Choice(
            f"{left + right}",
            False,
            "That is stacking the tables with `concat`. A merge sets rows side by side.",
        ),
    )
    return Card(
        id="rows_after_merge",
        outcome="pandas-join",
        question=(
            f"On the left the key is a in {left_a} rows and b in {left_b}. On the right it is a in {right_a} rows and "
            f"b in {right_b}. How many rows has `left.merge(right, on='key')`?"
        ),
        choices=choices,
    )


def gaps_after_adding(rng: random.Random) -> Card:
    """NaN cells in the sum of two Series whose labels overlap only in part."""
    both = rng.randint(2, 4)
    only_a, only_b = rng.sample(range(1, 5), 2)
    a, b = both + only_a, both + only_b
    gaps = only_a + only_b
    wrong = {
        0: "NaN does appear: pandas does not assume that a label it cannot find stands for 0. "
        "`a.add(b, fill_value=0)` says that it does.",
        both: "Those are the labels that do meet. They get a real sum; the others get NaN.",
        abs(only_a - only_b): "The difference of the lengths would matter if Series were added by position. "
        "They are added by label.",
        gaps + both: "That is the length of the result. The labels that both have get a number.",
    }
    wrong.pop(gaps, None)
    return Card(
        id="gaps_after_adding",
        outcome="pandas-align",
        question=(
            f"Series `a` has {a} labels and `b` has {b}; {both} labels are in both. No value is missing. "
            "How many NaN does `a + b` hold?"
        ),
        choices=(
            Choice(
                f"{gaps}",
                True,
                f"The result has every label of either side. The {only_a} known only to `a` and the {only_b} known "
                "only to `b` have no partner, and a number plus nothing is NaN.",
            ),
            *(Choice(f"{number}", False, why) for number, why in wrong.items()),
        ),
    )


def labels_of_a_filtered_sum(rng: random.Random) -> Card:
    """Row labels survive filtering, so positions and labels part ways."""
    values = rng.sample(range(10, 100), 4)
    cut = sorted(values)[1]
    kept = [i for i, v in enumerate(values) if v > cut]
    first, second = kept
    return Card(
        id="labels_of_a_filtered_sum",
        outcome="pandas-align",
        question=(
            f"`s = pd.Series({values})` and `big = s[s > {cut}]`. What does `big + pd.Series([1, 1])` give at "
            f"label {second}?"
        ),
        choices=(
            Choice(
                "NaN" if second > 1 else f"{values[second] + 1}",
                True,
                f"`big` keeps the labels {first} and {second}; the new Series has the labels 0 and 1. "
                + (
                    f"Label {second} has no partner."
                    if second > 1
                    else f"Label {second} is in both, so {values[second]} meets 1."
                ),
            ),
            Choice(
                f"{values[second] + 1}" if second > 1 else "NaN",
                False,
                "Filtering does not renumber the rows. Compare the labels of the two sides, not their positions.",
            ),
            Choice(
                f"{values[first] + 1}",
                False,
                f"That value belongs to label {first}, not to label {second}.",
            ),
            Choice(
                "An error: the labels differ.",
                False,
                "pandas never refuses to add Series with different labels. It takes the union of the labels, "
                "and that silence is the danger.",
            ),
        ),
    )


def missing_after_coerce(rng: random.Random) -> Card:
    """What `pd.to_numeric(errors='coerce')` turns into NaN, and what it leaves."""
    good = [str(rng.randint(20, 60)) for _ in range(2)]
    impossible = rng.sample(["-1", "999", "9999"], rng.randint(1, 2))
    junk = rng.sample(["?", "unknown", "12 kg", "n/a"], rng.randint(2, 3))
    cells = good + impossible + junk
    rng.shuffle(cells)
    shown = ", ".join(f"'{cell}'" for cell in cells)
    n_junk, n_bad, n = len(junk), len(impossible), len(cells)
    return Card(
        id="missing_after_coerce",
        outcome="pandas-clean",
        question=(
            f"A column of ages holds [{shown}]. How many missing values has it after "
            "`pd.to_numeric(column, errors='coerce')`?"
        ),
        choices=(
            Choice(
                f"{n_junk}",
                True,
                "Only what cannot be read as a number becomes NaN. An age of "
                f"{impossible[0]} reads perfectly well, so a range rule has to catch it.",
            ),
            Choice(
                f"{n_junk + n_bad}",
                False,
                "That counts the impossible ages as well. pandas cannot know that they are impossible: they "
                "are numbers.",
            ),
            Choice(
                f"{n}",
                False,
                "One bad cell does not spoil the column: each cell is read on its own.",
            ),
            Choice(
                "0, it raises an error",
                False,
                "That is the default, `errors='raise'`. `coerce` trades the error for NaN.",
            ),
        ),
    )


def rows_in_groups(rng: random.Random) -> Card:
    """Rows that `groupby(...).size()` accounts for when some keys are missing."""
    n = rng.randint(40, 90)
    no_key = rng.randint(3, 9)
    no_value = rng.randint(10, 15)
    return Card(
        id="rows_in_groups",
        outcome="pandas-group",
        question=(
            f"`df` has {n} rows. `team` is missing in {no_key} of them; `score` is missing in {no_value} others. "
            "What is `df.groupby('team').size().sum()`?"
        ),
        choices=(
            Choice(
                f"{n - no_key}",
                True,
                "Rows without a key are left out of every group unless you say `dropna=False`. "
                "`size` counts rows, whatever their score.",
            ),
            Choice(
                f"{n}",
                False,
                "That needs `groupby('team', dropna=False)`. By default the rows without a team are dropped "
                "in silence.",
            ),
            Choice(
                f"{n - no_key - no_value}",
                False,
                "That is the sum of `groupby('team')['score'].count()`: `count` counts the values present, "
                "`size` counts rows.",
            ),
            Choice(
                f"{n - no_value}",
                False,
                "Missing scores do not matter to `size`; missing teams do.",
            ),
        ),
    )


def mean_of_group_means(rng: random.Random) -> Card:
    """The mean of group means is not the mean of the rows."""
    small, large = rng.randint(2, 4), rng.choice([16, 18])
    low = 10 * rng.randint(1, 3)
    high = low + 10 * rng.randint(2, 4)
    total = small * high + large * low
    n = small + large
    return Card(
        id="mean_of_group_means",
        outcome="pandas-group",
        question=(
            f"Group a has {small} rows with mean {high}, group b has {large} rows with mean {low}. "
            "What is the mean over all rows?"
        ),
        choices=(
            Choice(
                f"{total / n:.2f}",
                True,
                f"Each row counts once: ({small} × {high} + {large} × {low}) / {n}. Keep the row counts "
                "beside the means, or this cannot be computed any more.",
            ),
            Choice(
                f"{(low + high) / 2:.2f}",
                False,
                "That is the mean of the two means. It gives a group of few rows as much weight as a group of many.",
            ),
            Choice(
                f"{(small * low + large * high) / n:.2f}",
                False,
                "The weights are swapped: each mean is to be weighted by the rows of its own group.",
            ),
        ),
    )
