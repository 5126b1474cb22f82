"""Questions on reproducible runs whose numbers are drawn anew each time."""

import random

from gradus.roadmap import Card, Choice


def state_outside(rng: random.Random) -> Card:
    """What the second run draws when the generator was made outside the function."""
    while True:
        a, c, m = rng.choice([(5, 3, 16), (5, 7, 32), (9, 5, 32), (13, 11, 64)])
        seed, draws = rng.randrange(m), rng.choice([2, 3])
        stream = [seed]
        for _ in range(2 * draws + 1):
            stream.append((a * stream[-1] + c) % m)
        first, second = stream[1], stream[draws + 1]
        wrong = [stream[draws], stream[0], stream[draws + 2], stream[2]]
        others = list(dict.fromkeys(x for x in wrong if x not in (first, second)))
        if first != second and len(others) >= 1:
            break
    code = (
        f"```python\nstate = {seed}\n\ndef draw():\n    global state\n    state = ({a} * state + {c}) % {m}\n"
        f"    return state\n\ndef run():\n    return [draw() for _ in range({draws})]\n```"
    )
    return Card(
        id="state_outside",
        outcome="reproduce",
        question=f"{code}\n\n`run()` is called twice. Which number stands first in the *second* answer?",
        choices=(
            Choice(str(second), True, f"The state outlived the first run, which used up {draws} draws."),
            Choice(
                str(first),
                False,
                "So it would be if each run made its own generator from the seed. Here the first run moved the state.",
            ),
            Choice(str(others[0]), False, f"Count the draws: the second run starts with draw number {draws + 1}."),
        ),
    )


def lines_of_a_lock(rng: random.Random) -> Card:
    """How many lines a lock of a few packages has."""
    names = rng.sample(["ash", "birch", "cedar", "elm", "fir", "hazel", "larch", "maple", "oak", "pine", "rowan"], 8)
    a, b, c, d, e, f, g, alone = names
    shared = rng.random() < 0.5
    requires = {a: [b, c], b: [d] if shared else [d, e], c: [d] if shared else [f], d: [g], alone: [a]}
    seen: list[str] = []
    waiting = [a]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.append(name)
            waiting += requires.get(name, [])
    lines = "\n".join(f"- `{name}` requires {', '.join(f'`{x}`' for x in needs)}" for name, needs in requires.items())
    right = len(seen)
    return Card(
        id="lines_of_a_lock",
        outcome="lock-environment",
        question=f"Installed are {len(names)} packages:\n\n{lines}\n\nHow many lines has a lock for `{a}`?",
        choices=(
            Choice(str(right), True, f"`{a}` and all that it needs: {', '.join(f'`{x}`' for x in sorted(seen))}."),
            Choice("1", False, f"That fixes `{a}` alone. What it brings along would be resolved anew each time."),
            Choice("3", False, "That is one step down. The requirements of the requirements are needed, too."),
            Choice(
                "8" if right != 8 else "9",
                False,
                f"That is everything installed. `{alone}` needs `{a}`, not the other way round.",
            ),
        ),
    )


def json_and_back(rng: random.Random) -> Card:
    """What JSON makes of a key, a tuple or an integer float."""
    number, other = rng.sample(range(2, 99), 2)
    kind = rng.choice(["key", "tuple", "array"])
    if kind == "key":
        value, right = f"{{{number}: {other}}}", f"{{'{number}': {other}}}"
        wrong, because = f"{{{number}: {other}}}", "Keys of a JSON object are strings; the number has become a text."
        slip = "It would be, if JSON knew keys other than strings. Turn them back in `load`."
    elif kind == "tuple":
        value, right = f"({number}, {other})", f"[{number}, {other}]"
        wrong, because = f"({number}, {other})", "JSON has one kind of sequence, and it comes back as a list."
        slip = "It would be, if JSON had tuples. It has arrays, which come back as lists."
    else:
        value, right = f"np.array([{number}, {other}]).tolist()", f"[{number}, {other}]"
        wrong, because = f"array([{number}, {other}])", "`tolist` made a plain list, and a plain list comes back."
        slip = "JSON does not know that there ever was an array. `load` has to make one."
    return Card(
        id="json_and_back",
        outcome="model-file",
        question=f"What is `json.loads(json.dumps({value}))`?",
        choices=(
            Choice(f"`{right}`", True, because),
            Choice(f"`{wrong}`", False, slip),
            Choice("A `TypeError`", False, "`json` complains of what it cannot write. This it can."),
        ),
    )


def loose_line(rng: random.Random) -> Card:
    """Which of four requirement lines fixes a version."""
    major, minor = rng.randint(1, 9), rng.randint(0, 30)
    name = rng.choice(["numpy", "scipy", "pandas", "mlflow", "fastapi"])
    return Card(
        id="loose_line",
        outcome="lock-environment",
        question="Which of these lines leaves no choice of version?",
        choices=(
            Choice(f"`{name}=={major}.{minor}.1`", True, "Two equals signs and a whole version."),
            Choice(f"`{name}=={major}.{minor}.*`", False, "The star stands for every version that begins so."),
            Choice(f"`{name}~={major}.{minor}`", False, f"That means at least {major}.{minor}, and below {major + 1}."),
            Choice(
                f"`{name}>={major}.{minor}; python_version == '3.12'`",
                False,
                "The equals signs belong to the marker; the version has only a lower bound.",
            ),
        ),
    )
