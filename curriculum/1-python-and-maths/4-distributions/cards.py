"""Review questions of unit 1.4 whose numbers are drawn anew each time."""

import math
import random

from gradus.roadmap import Card, Choice


def ddof_apart(rng: random.Random) -> Card:
    """Sample against population deviation at small n."""
    n = rng.choice([3, 4, 5, 6, 8, 10])
    ratio = math.sqrt(n / (n - 1))
    percent = 100 * (ratio - 1)
    return Card(
        id="ddof_apart",
        outcome="dist-summary",
        question=(
            f"A column has {n} values, not all equal. By how much is `series.std()` (pandas) larger than "
            "`series.to_numpy().std()` (NumPy)?"
        ),
        choices=(
            Choice(
                f"{percent:.1f} %",
                True,
                f"pandas divides by n - 1, NumPy by n, and the root is taken: √({n}/{n - 1}) = {ratio:.3f}.",
            ),
            Choice(
                f"{100 / (n - 1):.1f} %",
                False,
                f"That is by how much the *variances* differ, {n}/{n - 1}. The deviation is its root.",
            ),
            Choice(
                "0 %",
                False,
                "They compute different things unless told otherwise: `ddof=1` in pandas, `ddof=0` in NumPy.",
            ),
            Choice(
                "It depends on the values.",
                False,
                "Both take the root of the same sum of squares, divided by n - 1 or by n. The values cancel "
                "in the ratio.",
            ),
        ),
    )


def mean_with_a_gap(rng: random.Random) -> Card:
    """What one NaN does to NumPy's and to pandas' mean."""
    values = rng.sample(range(2, 30, 2), 3)
    total = sum(values)
    while total % 3 or total % 4:
        values = rng.sample(range(2, 30, 2), 3)
        total = sum(values)
    shown = ", ".join(str(v) for v in values)
    return Card(
        id="mean_with_a_gap",
        outcome="dist-missing",
        question=f"`x = np.array([{shown}, np.nan])`. What are `x.mean()` and `pd.Series(x).mean()`, in that order?",
        choices=(
            Choice(
                f"nan and {total // 3}",
                True,
                f"NumPy lets a missing value through into the result; pandas leaves it out and divides {total} by 3. "
                "`np.nanmean` does as pandas does.",
            ),
            Choice(
                f"{total // 3} and {total // 3}",
                False,
                "NumPy does not skip `nan`: any sum with `nan` in it is `nan`.",
            ),
            Choice("nan and nan", False, "pandas skips missing values unless you say `skipna=False`."),
            Choice(
                f"{total // 4} and {total // 3}",
                False,
                "Dividing by 4 would count the gap as a 0. Neither library does that.",
            ),
        ),
    )


def comparisons_with_nan(rng: random.Random) -> Card:
    """A missing value fails every comparison, so it falls on neither side."""
    n = rng.randint(40, 60)
    gaps = rng.randint(2, 6)
    above = rng.randint(5, 12)
    cut = rng.choice([10, 50, 100])
    return Card(
        id="comparisons_with_nan",
        outcome="dist-missing",
        question=(
            f"A float column has {n} rows, {gaps} of them missing; {above} values are above {cut}. "
            f"What is `(~(x > {cut})).sum()`?"
        ),
        choices=(
            Choice(
                f"{n - above}",
                True,
                f"A missing value compares as false with everything, so `~` makes it true: the {gaps} gaps "
                "are counted as "
                f"not above {cut}. `(x <= {cut}).sum()` leaves them out.",
            ),
            Choice(
                f"{n - above - gaps}",
                False,
                f"That is `(x <= {cut}).sum()`. Negating a comparison is not the opposite comparison once "
                "values are missing.",
            ),
            Choice("NaN", False, "A comparison gives true or false, never NaN; their sum is a number."),
            Choice(
                f"{above}",
                False,
                f"That is `(x > {cut}).sum()`, without the `~`.",
            ),
        ),
    )


def mean_follows_the_tail(rng: random.Random) -> Card:
    """One changed value moves the mean and leaves the median."""
    low = rng.randint(20, 40)
    step = rng.randint(1, 3)
    values = [low + step * i for i in range(5)]
    jump = 5 * rng.randint(20, 60)
    moved = [*values[:-1], values[-1] + jump]
    shown = ", ".join(str(v) for v in values)
    median, mean = values[2], sum(moved) // 5
    return Card(
        id="mean_follows_the_tail",
        outcome="dist-robust",
        question=f"Incomes are {shown} (thousand). The highest rises to {moved[-1]}. What are mean and median now?",
        choices=(
            Choice(
                f"mean {mean}, median {median}",
                True,
                f"The mean rises by {jump} / 5 = {jump // 5}: every value pulls on it. The middle value is "
                f"still {median}.",
            ),
            Choice(
                f"mean {mean}, median {mean}",
                False,
                "Mean and median agree for symmetric data. This set has a tail now, and only the mean follows it.",
            ),
            Choice(
                f"mean {median}, median {median}",
                False,
                "The mean cannot stay: the sum has grown.",
            ),
            Choice(
                f"mean {median}, median {mean}",
                False,
                "It is the other way round: the mean follows the tail, the median stays in the middle.",
            ),
        ),
    )


def histogram_total(rng: random.Random) -> Card:
    """Which rows a histogram with fixed edges counts."""
    n = rng.randint(200, 400)
    gaps, outside = rng.sample(range(5, 30), 2)
    return Card(
        id="histogram_total",
        outcome="dist-counts",
        question=(
            f"Of {n} rows, {gaps} have no age and {outside} have an age above 80. "
            "`counts, edges = np.histogram(ages.dropna(), bins=[0, 20, 40, 60, 80])`. What is `counts.sum()`?"
        ),
        choices=(
            Choice(
                f"{n - gaps - outside}",
                True,
                "Values outside the outermost edges are left out without a word, and so the shares "
                "`counts / counts.sum()` describe only those up to 80.",
            ),
            Choice(
                f"{n - gaps}",
                False,
                "`dropna` removed the gaps, but the edges end at 80 and the rest is not counted.",
            ),
            Choice(f"{n}", False, "`dropna` has taken the missing ages out before anything is counted."),
            Choice(
                f"{n - outside}",
                False,
                "Missing ages cannot be counted in any bin: they were dropped.",
            ),
        ),
    )


def ecdf_value(rng: random.Random) -> Card:
    """The empirical distribution function at a value that occurs several times."""
    low, ties = rng.randint(1, 3), rng.randint(2, 3)
    high = rng.choice([k for k in range(2, 7) if k not in (low, low + 1, low + ties)])
    value = rng.randint(5, 9)
    below = [rng.randint(0, value - 1) for _ in range(low)]
    above = [rng.randint(value + 1, value + 6) for _ in range(high)]
    values = sorted(below + [value] * ties + above)
    n = len(values)
    shown = ", ".join(str(v) for v in values)
    return Card(
        id="ecdf_value",
        outcome="dist-counts",
        question=f"The data are {shown}. What is the empirical distribution function at {value}?",
        choices=(
            Choice(
                f"{low + ties} / {n}",
                True,
                f"It is the share of values *at most* {value}: {low} below and {ties} equal.",
            ),
            Choice(
                f"{low} / {n}",
                False,
                f"That is the share strictly below {value}. The step at {value} is included.",
            ),
            Choice(
                f"{low + 1} / {n}",
                False,
                f"Only one of the {ties} equal values is counted. The function jumps by all of them at once.",
            ),
            Choice(f"{high} / {n}", False, f"That is the share above {value}."),
        ),
    )


def change_of_unit(rng: random.Random) -> Card:
    """What a change of unit does to mean and deviation."""
    mean, std = rng.randint(10, 25), rng.randint(2, 8)
    new_mean, new_std = 9 * mean / 5 + 32, 9 * std / 5
    return Card(
        id="change_of_unit",
        outcome="dist-summary",
        question=(
            f"Temperatures have mean {mean} °C and standard deviation {std} °C. In Fahrenheit every value x becomes "
            "1.8 x + 32. What are mean and deviation then?"
        ),
        choices=(
            Choice(
                f"{new_mean:g} °F and {new_std:g} °F",
                True,
                "The mean is converted like any value. The deviation is made of differences, in which the 32 cancels.",
            ),
            Choice(
                f"{new_mean:g} °F and {new_std + 32:g} °F",
                False,
                "Adding 32 moves every value and the mean alike; distances between them stay.",
            ),
            Choice(
                f"{new_mean:g} °F and {std} °F",
                False,
                "Shifting leaves distances alone, but multiplying by 1.8 stretches each of them.",
            ),
            Choice(
                f"{new_mean:g} °F and {1.8**2 * std:g} °F",
                False,
                "The variance is multiplied by 1.8², the deviation, its root, by 1.8.",
            ),
        ),
    )
