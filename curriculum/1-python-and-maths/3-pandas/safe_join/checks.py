"""safe_join(left, right, on): every row of left once, in place, with its label; no repeated key on the right."""

import numpy as np
import pandas as pd

from gradus.checks import behaviour, cases, fail, misconception, valid

CUSTOMERS = ["al", "bo", "cy", "di", "ed", "fay", "gus"]


@valid
def keys_are_there(left, right, on):
    return len(left) >= 1 and len(right) >= 1 and on in left.columns and on in right.columns


def customers(rng, names):
    """One row per name, in random order, row labels that overlap with those of `orders`."""
    n = len(names)
    return pd.DataFrame(
        {
            "country": rng.choice(["NO", "PE", "IN"], size=n),
            "customer": list(rng.permutation(names)),
            "discount": rng.integers(1, 50, size=n) / 100,
        }
    )


def orders(rng, n, names):
    """Every name occurs, at least one twice, and the row labels 0 to n - 1 are shuffled."""
    who = list(names) + [str(c) for c in rng.choice(names, size=n - len(names))]
    order = np.arange(n)
    while (order == np.sort(order)).all():
        order = rng.permutation(n)
    return pd.DataFrame(
        {"customer": list(rng.permutation(who)), "amount": rng.integers(1, 90, size=n)},
        index=order,
    )


@cases
def found_and_not_found(rng):
    """Some keys of the left are unknown on the right, and the other way round."""
    names = [str(c) for c in rng.permutation(CUSTOMERS)]
    for n in (7, int(rng.integers(8, 14))):
        yield orders(rng, n, names[:5]), customers(rng, names[1:]), "customer"


@cases
def all_found(rng):
    """Every key is found; the key column need not come first, and need not hold text."""
    yield orders(rng, 8, CUSTOMERS[:4]), customers(rng, CUSTOMERS), "customer"
    left = pd.DataFrame({"amount": rng.integers(1, 9, size=6), "shop": [3, 1, 2, 3, 1, 3]}, index=[5, 4, 0, 2, 1, 3])
    yield left, pd.DataFrame({"shop": [1, 2, 3], "rent": rng.integers(500, 900, size=3)}), "shop"


@cases
def repeated_keys(rng):
    """A key that occurs twice on the right is refused, whether or not the left asks for it."""
    names = [str(c) for c in rng.permutation(CUSTOMERS)]
    for repeated in (names[0], names[4]):
        right = customers(rng, names[:5])
        right = pd.concat([right, right[right["customer"] == repeated]], ignore_index=True)
        yield orders(rng, 8, names[:4]), right, "customer"


@misconception
def rows_multiply(left, right, on):
    """When a key repeats on the right, rows of the left multiply.

    A join pairs *every* row of one side with *every* row of the other that has the same key: 3 orders and 2 entries for
    the customer make 6 rows. Nothing warns you, and from then on sums over the orders are too large."""
    return left.join(right.set_index(on), on=on)


@misconception
def plain_merge(left, right, on):
    """Rows multiply when a key repeats on the right, and the row labels of the left are lost.

    `merge` alone pairs every row with every row of equal key, and numbers the result from 0. Both happen in silence:
    check that the keys on the right are unique, and that the labels are `left`'s when you are done."""
    return left.merge(right, on=on, how="left")


@misconception
def bare_merge(left, right, on):
    """Rows without a partner vanish, rows with two partners double, and the row labels are lost.

    That is what a bare `merge` does: it keeps only keys found on both sides, makes every pair of rows with equal
    keys, and numbers the result from 0. In small examples where every key is found once it looks perfect."""
    return left.merge(right, on=on)


def _refuse_repeats(right, on):
    if right[on].duplicated().any():
        raise ValueError("repeated key")


@misconception
def inner_merge(left, right, on):
    """Rows whose key is not found are gone, and the others have new row labels.

    `merge` keeps only keys that are on both sides unless `how` says otherwise: an order seems to cease to exist
    because its customer is not on the list. And it numbers its result from 0, so the same label before and after may
    be different orders."""
    _refuse_repeats(right, on)
    return left.merge(right, on=on)


@misconception
def labels_lost(left, right, on):
    """The rows are right, but their labels are 0, 1, 2… instead of those of the left table.

    `merge` on columns makes a new index. As soon as you write `left["country"] = joined["country"]`, pandas pairs the
    two by label, and every row gets another row's country, or `NaN`."""
    _refuse_repeats(right, on)
    return left.merge(right, on=on, how="left")


@misconception
def paired_by_row_label(left, right, on):
    """The columns of the right were attached by row label, not by key.

    Assigning a Series to a column aligns on the index: label 3 of the left receives label 3 of the right, whoever the
    customer is. Where a label has no partner there is `NaN`; where it has one, the value is simply someone else's."""
    _refuse_repeats(right, on)
    out = left.copy()
    for column in right.columns.drop(on):
        out[column] = right[column]
    return out


@misconception
def first_of_repeats_taken(left, right, on):
    """A key that repeats on the right is settled by taking its first row.

    `drop_duplicates` keeps the row count right by choosing for you. Which entry is the true one is a question about the
    data; raise, so that somebody answers it."""
    return left.join(right.drop_duplicates(on).set_index(on), on=on)


@misconception
def sorted_by_key(left, right, on):
    """The rows have been put in the order of their keys.

    An outer or a sorted join orders its result by key. The rows of `left` had an order of their own, perhaps that of
    time, and whoever relied on it now reads another story."""
    _refuse_repeats(right, on)
    return left.join(right.set_index(on), on=on).sort_values(on, kind="stable")


@behaviour("the total over the left table stays what it was")
def total_stays(student, rng):
    """Joining adds columns. It must not change what the rows of the left add up to."""
    left, right = orders(rng, 9, CUSTOMERS[:5]), customers(rng, CUSTOMERS[2:])
    total = int(student.safe_join(left, right, "customer")["amount"].sum())
    if total != left["amount"].sum():
        fail("The amounts add up to something else after the join.", expected=int(left["amount"].sum()), actual=total)
