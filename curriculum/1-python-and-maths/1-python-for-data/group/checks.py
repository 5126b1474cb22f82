"""group(rows, key): an exact partition of the rows, in their order; rows without the field are the group None."""

from itertools import groupby

from gradus.checks import behaviour, cases, fail, misconception, valid

SHOPS = ["Lund", "Oslo", "Pisa", "Riga", "Wien"]


@valid
def records(rows, key):
    return isinstance(key, str) and all(isinstance(row, dict) for row in rows)


@cases
def tables(rng):
    """Values come back after others, some rows have no value, and whole-number values are fine as names of groups."""
    a, b, c = rng.choice(SHOPS, size=3, replace=False).tolist()
    counts = [int(n) for n in rng.integers(1, 9, size=6)]
    shops = [a, b, a, c, b, a]
    yield [{"shop": shop, "sold": n} for shop, n in zip(shops, counts, strict=True)], "shop"
    yield [{"shop": a, "sold": 1}, {"sold": 2}, {"shop": None, "sold": 3}, {"shop": a}], "shop"
    yield [{"year": int(y), "id": i} for i, y in enumerate(rng.integers(2020, 2024, size=12))], "year"
    yield [{"id": 1}, {"id": 2}], "shop"
    yield [], "shop"


@misconception
def neighbors_only(rows, key):
    """Rows are missing: of a value that comes back later, only the last run is kept.

    `itertools.groupby` groups *neighbors*. When a value returns after another one it starts a new run, and in a
    dictionary the new run replaces the old. It is tempting because the name promises more than the function does: it
    needs rows that are sorted by the key."""
    return {value: list(run) for value, run in groupby(rows, key=lambda row: row.get(key))}


@misconception
def one_shared_list(rows, key):
    """Every group holds all the rows.

    `dict.fromkeys(values, [])` and `[[]] * n` do not make many lists: they make one list and point at it many times.
    Appending through one name shows under all the others."""
    everything = list(rows)
    return dict.fromkeys((row.get(key) for row in rows), everything)


@misconception
def without_value_dropped(rows, key):
    """Rows without the field are in no group.

    Skipping them avoids a `KeyError`, and is how data get lost without anyone noticing: the groups no longer add up to
    the table. Give them a group of their own, `None`."""
    groups = {}
    for row in rows:
        if row.get(key) is not None:
            groups.setdefault(row[key], []).append(row)
    return groups


@misconception
def last_row_only(rows, key):
    """Each group holds only its last row.

    Assigning `groups[value] = [row]` replaces the list that was there. The list must be made once per value and then
    grow."""
    return {row.get(key): [row] for row in rows}


@behaviour("every call starts with no groups")
def starts_empty(student, rng):
    """A default such as `groups={}` is made once, when Python reads the `def` line, and every call shares that one
    object. It looks like "start empty" and means "go on where the last call stopped". Make the dictionary inside the
    function."""
    student.group([{"shop": "Lund"}], "shop")
    second = student.group([{"shop": "Oslo"}], "shop")
    if len(second) != 1:
        fail(
            "Rows of an earlier call are still there.",
            case='group([{"shop": "Lund"}], "shop"), then group([{"shop": "Oslo"}], "shop")',
            expected="1 group",
            actual=f"{len(second)} groups",
        )
