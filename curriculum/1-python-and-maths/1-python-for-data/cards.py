"""Questions with fresh numbers each time."""

import random

from gradus.roadmap import Card, Choice


def shared_default(rng: random.Random) -> Card:
    first, second = rng.sample(range(2, 60), 2)
    third = rng.choice([n for n in range(2, 60) if n not in (first, second)])
    return Card(
        id="shared_default",
        outcome="python-functions",
        question=f"""What does the last line print?

```python
def collect(x, into=[]):
    into.append(x)
    return into

collect({first})
collect({second}, [])
print(collect({third}))
```""",
        choices=(
            Choice(
                f"`[{third}]`",
                False,
                "The default list is made once, when `def` runs. The first call has already put something into it.",
            ),
            Choice(
                f"`[{first}, {third}]`",
                True,
                "The first and the last call share the one default list; the second call brought its own.",
            ),
            Choice(
                f"`[{first}, {second}, {third}]`",
                False,
                "The second call handed in a list of its own, so its value went there and not into the default.",
            ),
        ),
    )


def deleting_while_iterating(rng: random.Random) -> Card:
    low, high = rng.sample(range(1, 10), 2)
    numbers = [low, -rng.randint(1, 9), -rng.randint(1, 9), high]
    left = list(numbers)
    for n in left:
        if n < 0:
            left.remove(n)
    return Card(
        id="deleting_while_iterating",
        outcome="python-functions",
        question=f"""What does this print?

```python
xs = {numbers}
for x in xs:
    if x < 0:
        xs.remove(x)
print(xs)
```""",
        choices=(
            Choice(
                f"`{[n for n in numbers if n >= 0]}`",
                False,
                "That is what a new list, `[x for x in xs if x >= 0]`, would give. The loop skips a neighbor.",
            ),
            Choice(
                f"`{left}`",
                True,
                "After the first removal the second negative number has moved into its place, and the loop is past it.",
            ),
            Choice("It raises an error", False, "A dictionary or set would complain. A list says nothing and skips."),
        ),
    )


def nested_comprehension(rng: random.Random) -> Card:
    lengths = rng.choice([(2, 3, 1), (1, 3, 2), (3, 0, 2), (2, 0, 3)])
    values = iter(rng.sample(range(10, 99), sum(lengths)))
    table = [[next(values) for _ in range(length)] for length in lengths]
    flat = [x for row in table for x in row]
    return Card(
        id="nested_comprehension",
        outcome="python-comprehensions",
        question=f"""`table = {table}`. Which expression is `{flat}`?""",
        choices=(
            Choice(
                "`[x for x in row for row in table]`",
                False,
                "The `for`s run left to right as if nested, so `row` would be used before it exists: a `NameError`.",
            ),
            Choice(
                "`[x for row in table for x in row]`",
                True,
                "It reads in the order of the loops: for each row in the table, for each x in the row.",
            ),
            Choice(
                "`[[x for x in row] for row in table]`",
                False,
                f"The inner brackets make one list per row: {len(table)} lists, a copy of the table.",
            ),
        ),
    )


def class_attribute(rng: random.Random) -> Card:
    k, m = rng.randint(2, 5), rng.randint(6, 9)
    return Card(
        id="class_attribute",
        outcome="python-classes",
        question=f"""What does the last line print?

```python
class Log:
    lines = []
    def __init__(self):
        self.count = 0
    def add(self, line):
        self.lines.append(line)
        self.count += 1

a, b = Log(), Log()
for i in range({k}): a.add(i)
for i in range({m}): b.add(i)
print(len(a.lines), a.count)
```""",
        choices=(
            Choice(
                f"`{k} {k}`",
                False,
                "`count` is set on `self`, so each object has its own; `lines` stands in the class body and is shared.",
            ),
            Choice(
                f"`{k + m} {k}`",
                True,
                "Both objects append to the one list of the class, while each counts in an attribute of its own.",
            ),
            Choice(
                f"`{k + m} {k + m}`",
                False,
                "`self.count += 1` stores the result on the object, so the counts are separate.",
            ),
        ),
    )


def mean_of_means(rng: random.Random) -> Card:
    short, long = rng.choice([(1, 3), (1, 4), (2, 6), (2, 8)])
    low = rng.randint(1, 5) * 2
    high = low + (short + long) * rng.randint(1, 3)
    mean = (short * high + long * low) // (short + long)
    return Card(
        id="mean_of_means",
        outcome="python-classes",
        question=(
            f"A chunk of {short} value{'s' if short > 1 else ''} has mean {high}, a chunk of {long} has mean {low}. "
            f"What is the mean of all {short + long} values?"
        ),
        choices=(
            Choice(
                f"{(low + high) / 2:g}",
                False,
                "That weighs both chunks the same, though one holds more values than the other.",
            ),
            Choice(
                f"{mean}",
                True,
                f"({short} × {high} + {long} × {low}) / {short + long}: each mean counts once per value.",
            ),
            Choice(
                f"{(long * high + short * low) / (short + long):g}",
                False,
                "The weights are the wrong way around: the longer chunk must pull the mean toward its own.",
            ),
        ),
    )
