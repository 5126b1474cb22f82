"""add_counts(a, b): the sum by label over the union of the labels, sorted, as integers."""

import numpy as np
import pandas as pd

from gradus.checks import behaviour, cases, fail, misconception, valid

PRODUCTS = np.array(["apple", "bread", "coffee", "dates", "eggs", "flour", "ginger", "honey", "lemon", "milk"])


@valid
def labels_are_unique(a, b):
    return a.index.is_unique and b.index.is_unique and len(a) == len(b)


def stock(rng, products):
    products = rng.permutation(products)
    return pd.Series(rng.integers(1, 40, size=len(products)), index=list(products))


@cases
def partly_shared(rng):
    """Equal lengths, so that adding by position would work without an error; labels overlap in part."""
    for _ in range(3):
        shared, only = int(rng.integers(1, 4)), int(rng.integers(1, 4))
        names = rng.permutation(PRODUCTS)
        a = stock(rng, names[: shared + only])
        b = stock(rng, np.concatenate([names[:shared], names[shared + only : shared + 2 * only]]))
        yield a, b


@cases
def same_labels(rng):
    """The same products in another order: no gap appears, but the positions differ."""
    names = rng.choice(PRODUCTS, size=5, replace=False)
    a = stock(rng, names)
    yield a, pd.Series(rng.integers(1, 40, size=5), index=list(np.roll(a.index.to_numpy(), 2)))
    backwards = np.sort(names)[::-1]
    yield tuple(pd.Series(rng.integers(1, 40, size=5), index=list(backwards)) for _ in range(2))


@misconception
def plain_sum(a, b):
    """Products that only one shop lists have become `NaN`.

    `a + b` pairs labels, not positions. For a label without a partner pandas does not assume 0: it answers that it
    does not know. Here you do know, and can say so."""
    return (a + b).sort_index()


@misconception
def unmatched_dropped(a, b):
    """Products that only one shop lists are gone.

    Adding gave `NaN` for labels without a partner, and dropping those makes the table look clean. The stock they
    stood for is real, though: compare `result.sum()` with `a.sum() + b.sum()`."""
    return (a + b).dropna().astype(int).sort_index()


@misconception
def gaps_filled_after_adding(a, b):
    """Products that only one shop lists count as 0.

    By the time the sum is `NaN`, the number that one shop did have is already lost, so filling afterwards comes too
    late. The missing partner has to become 0 before the two are added."""
    return (a + b).fillna(0).astype(int).sort_index()


@misconception
def by_position(a, b):
    """Counts of different products were added together.

    Arrays have no labels: `a.values + b.values` adds first to first and second to second, whatever the products are.
    Nothing complains as long as the lengths agree."""
    return (a + b.to_numpy()).sort_index()


@misconception
def labels_of_first_only(a, b):
    """Products that only the second shop lists are missing.

    The result takes its labels from `a`. Whatever `b` knows beyond that has nowhere to go."""
    return (a + b.reindex(a.index, fill_value=0)).sort_index()


@behaviour("nothing is lost and nothing is invented")
def totals_agree(student, rng):
    """The grand total of the result is the total of both inputs."""
    a, b = stock(rng, PRODUCTS[:6]), stock(rng, PRODUCTS[4:])
    total = int(student.add_counts(a, b).sum())
    if total != a.sum() + b.sum():
        fail("The grand total is not what both shops have together.", expected=int(a.sum() + b.sum()), actual=total)
