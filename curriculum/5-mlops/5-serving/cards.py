"""Cards on serving whose numbers are drawn anew each time."""

from __future__ import annotations

import random

from gradus.roadmap import Card, Choice


def busy_share(rng: random.Random) -> Card:
    """How many workers a rate of requests keeps busy (Little's law)."""
    while True:
        rate, work, workers = rng.choice([20, 40, 50, 80]), rng.choice([30, 50, 60, 75, 90]), rng.randint(3, 9)
        busy = rate * work / 1000
        if 0.5 <= busy / workers <= 0.95 and len({busy, busy / workers, workers - busy, rate / workers}) == 4:
            break
    return Card(
        id="busy_share",
        outcome="serve-load",
        question=f"{rate} requests a second, {work} ms of work each, {workers} workers. How many are busy on average?",
        choices=(
            Choice(f"{busy:g}", True, f"Rate times work: {rate} × {work / 1000:g} s. It is the least number needed."),
            Choice(f"{busy / workers:.2g}", False, f"That is the share of the time that each of the {workers} works."),
            Choice(f"{workers - busy:g}", False, "That is how many are idle on average."),
            Choice(f"{rate / workers:.3g}", False, "That is how many requests each gets a second."),
        ),
    )


def last_in_line(rng: random.Random) -> Card:
    """The slowest of several requests that one worker answers in turn."""
    count, work = rng.randint(4, 9), rng.choice([50, 80, 100, 120, 150])
    return Card(
        id="last_in_line",
        outcome="serve-load",
        question=(
            f"{count} requests arrive at the same moment at a service with one worker, which needs {work} ms for each. "
            "How long does the slowest take?"
        ),
        choices=(
            Choice(
                f"{count * work} ms", True, f"It waits for the {count - 1} before it, then takes its own {work} ms."
            ),
            Choice(f"{work} ms", False, "That is its work. Whoever asked also waited."),
            Choice(f"{(count - 1) * work} ms", False, "That is how long it waits; its own work comes on top."),
            Choice(f"{(count + 1) * work // 2} ms", False, "That is the average of all of them."),
        ),
    )


def which_status(rng: random.Random) -> Card:
    """Whether a body is a valid row."""
    age, bad, why = (
        rng.randint(20, 60),
        *rng.choice(
            [
                ("true", "`true` is no number, though Python counts it as 1."),
                ("NaN", "JSON has no NaN; it would flow through the model."),
                ('"{}"', "A text is no number, even if it looks like one: who sends it has another mistake elsewhere."),
                ("1e999", "It is read as infinity."),
            ]
        ),
    )
    income = bad.format(rng.randint(1, 9))
    return Card(
        id="which_status",
        outcome="serve-junk",
        question=(
            "A row needs the numbers `age` and `income`. "
            f'The body is `{{"income": {income}, "age": {age}}}`. What does the service answer?'
        ),
        choices=(
            Choice("422, naming `income`", True, why),
            Choice("422, because the order is wrong", False, "Fields are taken by name; their order means nothing."),
            Choice(
                "200, after turning it into a number", False, "Guessing hides the caller's mistake and invents a value."
            ),
            Choice("500", False, "That says that the service is at fault. The request is."),
        ),
    )
