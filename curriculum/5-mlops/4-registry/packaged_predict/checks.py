"""predict(package, running, rows): scaled as in training, by the columns' names, and refused where versions do not
fit."""

import json

from gradus.checks import behaviour, cases, fail, misconception, valid

COLUMNS = ["age", "days", "ward", "visits"]


def model(rng, made_with="1.9.1", **other):
    n = int(rng.integers(2, 5))
    parts = {
        "format": 1,
        "made_with": made_with,
        "columns": [str(name) for name in rng.permutation(COLUMNS)[:n]],
        "mean": rng.integers(-20, 60, size=n).astype(float).tolist(),
        "scale": rng.integers(2, 12, size=n).astype(float).tolist(),
        "weights": rng.integers(1, 9, size=n).astype(float).tolist(),
        "bias": float(rng.integers(-5, 6)),
    }
    return parts | other


def packed(parts):
    return json.dumps(parts).encode()


def some_rows(rng, columns, n=4):
    """Each row with its keys in an order of its own, and one key that the model does not know."""
    names = [*columns, "note"]
    return [{name: float(rng.integers(-30, 90)) for name in rng.permutation(names).tolist()} for _ in range(n)]


@valid
def a_package(package, running, rows):
    try:
        json.loads(package)
    except ValueError:
        return False
    return True


@cases
def sound(rng):
    """Keys in any order, another last number of the version, one row, none."""
    parts = model(rng)
    yield packed(parts), "1.9.1", some_rows(rng, parts["columns"])
    parts = model(rng, "1.10.0")
    yield packed(parts), f"1.10.{rng.integers(1, 30)}", some_rows(rng, parts["columns"], 1)
    yield packed(parts), "1.10", []
    parts = model(rng, "0.35.0rc1")
    yield packed(parts), "0.35.2", some_rows(rng, parts["columns"], 2)
    parts = model(rng)
    yield packed(dict(reversed(parts.items()))), "1.9.12", some_rows(rng, parts["columns"], 3)


@cases
def unfit(rng):
    """Other versions, other formats, lists that are too short, rows that lack a column."""
    parts = model(rng)
    rows = some_rows(rng, parts["columns"], 2)
    pairs = [
        "1.9.1 1.10.0",
        "1.9.1 2.9.1",
        "1.1.0 1.10.0",
        "1.10.0 1.1.0",
        "1.9.1 11.9.1",
        "2.0.0 1.9.9",
        "1.9.1 1.8.1",
    ]
    for made_with, running in map(str.split, pairs):
        yield packed(parts | {"made_with": made_with}), running, rows
    yield packed(parts | {"format": int(rng.choice([0, 2, 3]))}), "1.9.1", rows
    for name in ("mean", "scale", "weights"):
        yield packed(parts | {name: parts[name][:-1]}), "1.9.1", rows
    yield packed(parts | {"weights": [*parts["weights"], 1.0]}), "1.9.1", rows
    gone = str(rng.choice(parts["columns"]))
    yield packed(parts), "1.9.1", [rows[0], {name: value for name, value in rows[1].items() if name != gone}]


def _predict(package, running, rows, *, values=None, moved=None, fits=None, strict=True, gap=None):
    parts = json.loads(package)
    if parts["format"] != 1:
        raise ValueError("format")
    same = [version.split(".")[:2] for version in (parts["made_with"], running)]
    if not (fits(parts["made_with"], running) if fits else same[0] == same[1]):
        raise ValueError("version")
    if strict and any(len(parts[name]) != len(parts["columns"]) for name in ("mean", "scale", "weights")):
        raise ValueError("lengths")
    answers = []
    for row in rows:
        names = parts["columns"]
        given = values(row, names) if values else [row[name] if gap is None else row.get(name, gap) for name in names]
        if moved:
            scaled = moved(given, parts, rows)
        else:
            scaled = [(x - m) / s for x, m, s in zip(given, parts["mean"], parts["scale"])]
        answers.append(parts["bias"] + sum(w * x for w, x in zip(parts["weights"], scaled)))
    return answers


@misconception
def without_preprocessing(package, running, rows):
    """The weights are applied to raw values, and were made for scaled ones.

    Shipping the model without its preprocessing is the commonest way in which a service answers differently from
    the notebook. Nothing fails: the numbers are only wrong. What was fitted together is used together."""
    return _predict(package, running, rows, moved=lambda given, parts, rows: given)


@misconception
def scaled_by_the_request(package, running, rows):
    """The rows are scaled by their own mean and spread, not by those of the training data.

    Fitting the scaler again on what arrives makes an answer depend on who else is in the request; a single row is
    always at its own mean. The numbers in the package are the ones that the weights know."""

    def moved(given, parts, rows):
        table = [[row[name] for name in parts["columns"]] for row in rows]
        found = []
        for k, x in enumerate(given):
            column = [row[k] for row in table]
            mean = sum(column) / len(column)
            spread = (sum((value - mean) ** 2 for value in column) / len(column)) ** 0.5
            found.append((x - mean) / (spread or 1.0))
        return found

    return _predict(package, running, rows, moved=moved)


@misconception
def only_centered(package, running, rows):
    """The mean is taken away, and the division by the scale is forgotten.

    Half of the preprocessing is as wrong as none: each weight is too large by its column's scale."""

    def moved(given, parts, rows):
        return [x - mean for x, mean in zip(given, parts["mean"])]

    return _predict(package, running, rows, moved=moved)


@misconception
def by_position(package, running, rows):
    """The values are taken in the order in which they stand in the row.

    `row.values()` follows whoever wrote the row. With two columns exchanged nothing fails, and an age is used as a
    number of days. The package names its columns so that you can ask for them by name."""
    return _predict(package, running, rows, values=lambda row, names: list(row.values())[: len(names)])


@misconception
def by_alphabet(package, running, rows):
    """The values are taken in alphabetical order of their columns.

    Sorting makes the order of a row's keys unimportant, and still it is not the order of the weights. That stands
    under `columns`."""
    return _predict(package, running, rows, values=lambda row, names: [row[name] for name in sorted(names)])


@misconception
def versions_ignored(package, running, rows):
    """A package that was made with another version is used all the same.

    Between versions defaults, meanings and rounding change; at best it fails, at worst it answers. A warning in a
    log is read when it is too late. Refuse, and let somebody decide."""
    return _predict(package, running, rows, fits=lambda made, now: True)


@misconception
def last_number_counts(package, running, rows):
    """1.9.1 is refused where 1.9.3 is running.

    The third number counts repairs that change no behavior, by the rule that was agreed on here. A gate that
    refuses every repair is soon switched off."""
    return _predict(package, running, rows, fits=lambda made, now: made == now)


@misconception
def first_number_only(package, running, rows):
    """1.9 and 1.10 are taken for the same.

    Only the first number was compared. Many libraries, scikit-learn among them, promise nothing about stored
    models from one second number to the next."""
    return _predict(package, running, rows, fits=lambda made, now: made.split(".")[0] == now.split(".")[0])


@misconception
def beginnings_compared(package, running, rows):
    """1.1 is taken for 1.10, since the one is the beginning of the other.

    `startswith`, and cutting off the first three characters, compare text. A version is a row of numbers: split it
    at its dots."""
    return _predict(package, running, rows, fits=lambda made, now: now.startswith(".".join(made.split(".")[:2])))


@misconception
def versions_as_decimals(package, running, rows):
    """1.1 and 1.10 are taken for the same number.

    As a decimal fraction 1.10 equals 1.1; as a version it is the tenth after 1.0. Compare the two whole numbers
    one by one."""

    def decimal(version):
        return float(".".join(version.split(".")[:2]))

    return _predict(package, running, rows, fits=lambda made, now: decimal(made) == decimal(now))


@misconception
def shortened_in_silence(package, running, rows):
    """A package with a weight too few is used without its last column.

    `zip` stops where the shortest list ends. Lists that belong together should be checked to be equally long;
    `zip(..., strict=True)` does it on the way."""
    return _predict(package, running, rows, strict=False)


@misconception
def gaps_are_zero(package, running, rows):
    """A row that lacks a column gets an answer: the gap has become 0.

    `row.get(name, 0)` invents a value, and rarely a likely one: an age of 0. Nobody will learn that the caller has
    forgotten something."""
    return _predict(package, running, rows, gap=0.0)


@behaviour("an answer does not depend on the other rows of the request")
def row_by_row(student, rng):
    """A row sent alone and the same row among others are the same question. If they get two answers, something was
    computed from the rows that came in, usually the scaling."""
    parts = model(rng)
    rows = some_rows(rng, parts["columns"], 5)
    together = student.predict(packed(parts), "1.9.1", rows)
    alone = [student.predict(packed(parts), "1.9.1", [row])[0] for row in rows]
    if any(abs(a - b) > 1e-9 * (1 + abs(a)) for a, b in zip(together, alone, strict=True)):
        fail("A row alone gets another answer than among others.", case="5 rows at once, and one by one",
             expected=together, actual=alone)  # fmt: skip
