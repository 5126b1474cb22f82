"""Cards on data versioning and validation whose numbers are drawn anew each time."""

from __future__ import annotations

import random

from gradus.roadmap import Card, Choice


def merged_mean(rng: random.Random) -> Card:
    """The mean of two parts of unequal size."""
    while True:
        n, m = rng.choice([20, 30, 40, 60, 90]), rng.choice([10, 80, 120, 160])
        a, b = rng.randint(2, 20), rng.randint(25, 60)
        whole = (n * a + m * b) / (n + m)
        texts = [f"{value:.1f}" for value in (whole, (a + b) / 2, (m * a + n * b) / (n + m))]
        if n != m and len(set(texts)) == 3:
            break
    right, plain, swapped = texts
    return Card(
        id="merged_mean",
        outcome="aggregate-parts",
        question=f"One worker saw {n} rows with mean {a}, another {m} with mean {b}. What is the mean of all rows?",
        choices=(
            Choice(right, True, f"({n} · {a} + {m} · {b}) / {n + m}: each mean counts as often as it has rows."),
            Choice(plain, False, "The average of the averages. It forgets that one part is larger than the other."),
            Choice(swapped, False, "The weights have changed places."),
        ),
    )


def merged_variance(rng: random.Random) -> Card:
    """The variance of two equally large parts that lie apart."""
    while True:
        v, w, gap = rng.choice([2, 4, 6]), rng.choice([8, 10, 12]), rng.choice([4, 6, 8, 10])
        start, n = rng.randint(1, 9), rng.choice([50, 200, 1000])
        within = (v + w) / 2
        if len({within + gap * gap / 4, within, v + w, within + gap * gap}) == 4:
            break
    return Card(
        id="merged_variance",
        outcome="aggregate-parts",
        question=(
            f"Two workers saw {n} rows each. One sends mean {start} and variance {v}, the other mean {start + gap} and "
            f"variance {w} (population variances). What is the variance of all rows?"
        ),
        choices=(
            Choice(
                f"{within + gap * gap / 4:g}",
                True,
                f"Within the parts {within:g} on average, and between them {gap / 2:g}² = {gap * gap / 4:g}, since "
                "each mean lies half the gap away from the common one.",
            ),
            Choice(f"{within:g}", False, "That is the spread within the parts. They lie apart, which no part can see."),
            Choice(f"{v + w:g}", False, "Variances add up for sums of independent quantities. Nothing is summed here."),
            Choice(
                f"{within + gap * gap:g}",
                False,
                "Each mean lies only *half* the gap from the common mean, so a quarter of its square is added.",
            ),
        ),
    )


def stale_stages(rng: random.Random) -> Card:
    """How many stages of a fork have to run again."""
    left, right, edited = rng.randint(2, 4), rng.randint(2, 4), rng.randint(1, 2)
    names = [f"a{k}" for k in range(1, left + 1)], [f"b{k}" for k in range(1, right + 1)]
    count = left - edited + 1
    texts = {count, count - 1, left + right + 1, left + 1} | {left + right + 2}
    others = sorted(texts - {count})[:3]
    reasons = {
        count - 1: "The stage whose code changed has to run itself, not only those after it.",
        left + right + 1: "That is the whole pipeline. The other branch reads nothing that has changed.",
        left + 1: "Staleness runs downstream. What comes before the edited stage is still right.",
        left + right + 2: "There are not even so many stages.",
    }
    return Card(
        id="stale_stages",
        outcome="rerun-stale",
        question=(
            f"`clean` feeds two chains, {' → '.join(f'`{name}`' for name in names[0])} and "
            f"{' → '.join(f'`{name}`' for name in names[1])}. You edit the code of `a{edited}`. How many "
            "stages run again, if nobody's output happens to stay the same?"
        ),
        choices=(
            Choice(str(count), True, f"`a{edited}` and whatever reads from it, to the end of its chain."),
            *(Choice(str(value), False, reasons[value]) for value in others),
        ),
    )


def dvc_lock_says(rng: random.Random) -> Card:
    """Which stage reads a changed parameter."""
    depth, rate, seed = rng.randint(2, 6), rng.choice(["0.05", "0.1", "0.3"]), rng.randint(1, 9)
    changed, stage, other = rng.choice([("split.seed", "split", "train"), ("train.depth", "train", "split")])
    first = "`split`, and then `train` because it reads its output"
    return Card(
        id="dvc_lock_says",
        outcome="rerun-stale",
        question=(
            f"`params.yaml` holds `split.seed: {seed}`, `train.depth: {depth}` and `plot.rate: {rate}`. `split` "
            "declares the parameter `split.seed`, and `train`, which reads what `split` writes, declares "
            "`train.depth`. You change "
            f"`{changed}`. What does `dvc repro` run?"
        ),
        choices=(
            Choice(first, stage == "split", "The seed decides who is in which part, and `train` reads the parts."),
            Choice(
                "Only `train`",
                stage == "train",
                f"DVC compares declared *values*, not the file: nothing that `{other}` declared has changed."
                if stage == "train"
                else "`train` does not declare the seed, but `split` does, and its output will differ.",
            ),
            Choice(
                "Every stage, since `params.yaml` is another file now",
                False,
                "A stage depends on the parameters that it declares, not on the whole file.",
            ),
        ),
    )


def content_hash(rng: random.Random) -> Card:
    """Which of some events change a content hash."""
    name, other = rng.choice([("march.csv", "april.csv"), ("train.csv", "holdout.csv"), ("a.npy", "b.npy")])
    digit, new = rng.sample(range(1, 10), 2)
    events = [
        (f"A {digit} in it becomes a {new}", True, "One digit is enough, though the size stays the same."),
        (f"It is copied from a colleague's disk to yours as `{name}`", False, "Same bytes, same hash."),
        ("`touch` gives it today's date", False, "The date is kept by the file system, not in the content."),
        (f"It is renamed to `{other}`", False, "The file's hash stays. (A *manifest* changes: it holds names, too.)"),
    ]
    wrong = rng.sample(events[1:], 2)
    return Card(
        id="content_hash",
        outcome="version-data",
        question=f"Which of these changes the content hash of `{name}`?",
        choices=tuple(Choice(*event) for event in (events[0], *wrong)),
    )


def fault_of_a_cell(rng: random.Random) -> Card:
    """What a schema's bounds say about nan."""
    low, high = rng.choice([(0, 120), (18, 99), (-40, 60)])
    return Card(
        id="fault_of_a_cell",
        outcome="validate-data",
        question=f"A check reads `bad = (x < {low}) | (x > {high})`. What does it say about a missing value, nan?",
        choices=(
            Choice(
                "It passes: `bad` is false", True, "Every comparison with nan is false. Ask for missing values apart."
            ),
            Choice("It is caught: nan is outside every range", False, "nan is on no side of anything."),
            Choice("It raises an error", False, "NumPy and pandas compare in silence."),
        ),
    )
