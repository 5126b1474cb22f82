"""Questions on tracked runs whose numbers are drawn anew each time."""

import random

from gradus.roadmap import Card, Choice


def which_run_wins(rng: random.Random) -> Card:
    """The best of five runs, with a failed one and a test score in the way."""
    ids = rng.sample(range(10, 99), 4)
    values = sorted(rng.sample(range(70, 95), 4))
    fails, best, other, lucky = ids
    table = {
        fails: ("FAILED", values[3], values[0]),
        best: ("FINISHED", values[2], values[1]),
        other: ("FINISHED", values[0], values[2]),
        lucky: ("FINISHED", values[1], values[3] + 2),
    }
    lines = "\n".join(
        f"| {number} | {table[number][0]} | 0.{table[number][1]} | 0.{table[number][2]} |" for number in sorted(ids)
    )
    return Card(
        id="which_run_wins",
        outcome="track",
        question=f"Which run do you deploy?\n\n| id | status | val_auc | test_auc |\n|---|---|---|---|\n{lines}",
        choices=(
            Choice(f"Run {best}", True, f"Of the finished runs it has the best validation AUC, 0.{values[2]}."),
            Choice(f"Run {fails}", False, "It did not finish, so there is no whole model to deploy."),
            Choice(
                f"Run {lucky}",
                False,
                "It has the best test score. What was chosen by the test set can no longer be measured by it.",
            ),
            Choice(f"Run {other}", False, f"Its validation AUC of 0.{values[0]} is the lowest of the finished runs."),
        ),
    )


def logged_and_kept(rng: random.Random) -> Card:
    """Which value of a curve a recomputation must give."""
    steps = sorted(rng.sample(range(1, 60), 4))
    best, first, last, kept = sorted(rng.sample(range(20, 70), 4))
    curve = [first + 25, best, kept, last]
    saved = steps[2]
    text = ", ".join(f"step {step}: 0.{value}" for step, value in zip(steps, curve, strict=True))
    return Card(
        id="logged_and_kept",
        outcome="recompute",
        question=(
            f"A run logged `val_loss` ({text}) and saved its weights once, at step {saved}. Which value must you get "
            "when you recompute it from the file?"
        ),
        choices=(
            Choice(f"0.{kept}", True, f"The file holds the weights of step {saved}, so that step's value is theirs."),
            Choice(f"0.{best}", False, "That is the best of the curve. The weights of that step were not saved."),
            Choice(f"0.{last}", False, "That is the last of the curve. Training went on after the weights were saved."),
        ),
    )


def next_id(rng: random.Random) -> Card:
    """The id of the next run after one was deleted."""
    n = rng.randint(4, 9)
    gone = rng.sample(range(1, n), 2)
    left = [number for number in range(1, n + 1) if number not in gone]
    rng.shuffle(left)
    return Card(
        id="next_id",
        outcome="track",
        question=(
            f"A store of your own holds runs with the ids {', '.join(map(str, left))}; others were deleted. A new run "
            "gets `len(runs) + 1`. What happens?"
        ),
        choices=(
            Choice(
                f"It gets {len(left) + 1}, "
                + ("overwriting the run of that id" if len(left) + 1 in left else "an id that a deleted run had"),
                True,
                f"{len(left)} runs are left, so the count lags behind. One more than the largest, {n + 1}, is free.",
            ),
            Choice(f"It gets {n + 1}, which is free", False, "That is one more than the largest id, not the count."),
            Choice("It gets an id that no run has ever had", False, "The count forgets what was deleted."),
        ),
    )
