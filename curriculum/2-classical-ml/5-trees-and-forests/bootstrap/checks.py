"""bootstrap(n, rng): judged by what must hold of every draw, by shares over many draws, and exactly for one row."""

import numpy as np

from gradus.checks import behaviour, cases, fail, probes, valid


def _generator(rng):
    return np.random.default_rng(int(rng.integers(2**32)))


@valid
def one_row(n, rng):
    return n == 1


@cases
def certain(rng):
    """With one row nothing is left to chance."""
    yield 1, _generator(rng)


def _draw(student, rng, n):
    rows, out = student.bootstrap(n, _generator(rng))
    return np.asarray(rows), np.asarray(out)


generator_decides = probes.determinism(
    of="bootstrap",
    make=lambda rng: (30,),
    rng=1,
    title="`rng` decides which rows are drawn, and nothing else does",
    message="A generator made inside the function with a fixed seed draws the same rows for every tree: all are "
    "the same tree again. `np.random.randint` draws from hidden global state: nobody can grow the same forest twice.",
)


@behaviour("`rows` holds n row numbers from 0 to n - 1")
def as_many_as_rows(student, rng):
    """A bootstrap sample is as large as the table it stands for. Dropping the rows that come twice leaves about 63 % of
    them, each once: that is a smaller sample without replacement, and a tree grown on it sees less."""
    for n in (2, int(rng.integers(20, 40))):
        rows, _ = _draw(student, rng, n)
        if rows.shape != (n,) or rows.dtype.kind not in "iu":
            fail("`rows` does not hold one whole number for each row.", case=n, expected=f"{n} ints", actual=rows)
        if rows.min() < 0 or rows.max() >= n:
            fail("`rows` holds a number that is no row of the table.", case=n, actual=rows)


@behaviour("rows are drawn with replacement")
def with_replacement(student, rng):
    """Drawn without replacement, n of n rows are the whole table in another order. A tree does not care about the order
    of its rows, so all trees of the forest would be the same tree, and averaging them would change nothing."""
    n = int(rng.integers(40, 60))
    rows, _ = _draw(student, rng, n)
    if len(np.unique(rows)) == len(rows):
        fail(f"Among {n} draws no row came twice.", case=n, actual=rows)


@behaviour("`out` holds exactly the rows that were not drawn, in ascending order")
def out_is_the_rest(student, rng):
    """Out-of-bag rows are a tree's own test rows. One that was drawn after all leaks training rows into the test, and
    a row that is missing is a test row wasted."""
    for n in (int(rng.integers(3, 9)), int(rng.integers(20, 40))):
        rows, out = _draw(student, rng, n)
        expected = np.setdiff1d(np.arange(n), rows)
        if not np.array_equal(out, expected):
            fail("`out` is not what `rows` leaves over.", case=n, expected=expected, actual=out)


@behaviour("every row can be drawn")
def every_row_in_reach(student, rng):
    """Over 30 samples of 5 rows, one of the rows was never drawn. Look at the ends: NumPy's `integers(low, high)`
    leaves out `high`, Python's `randint` does not, and row numbers begin at 0."""
    seen = np.concatenate([_draw(student, rng, 5)[0] for _ in range(30)])
    missing = np.setdiff1d(np.arange(5), seen)
    if missing.size:
        fail("A row was never drawn in 30 samples of 5 rows.", expected=np.arange(5), actual=np.unique(seen))


@behaviour("draws are independent: about 36.8 % of the rows stay out of bag")
def share_out_of_bag(student, rng):
    """A row escapes one draw with probability 1 - 1/n, and n independent draws with (1 - 1/n)ⁿ, which is close to 1/e =
    0.368. Over many samples yours leaves out another share, so the draws are not independent and equally likely."""
    n, samples = 200, 12
    share = np.mean([len(_draw(student, rng, n)[1]) / n for _ in range(samples)])
    expected = (1 - 1 / n) ** n
    # The number left out varies by about sqrt(n (1/e - 2/e²)); seven deviations are left once in 10¹¹ checks.
    if abs(share - expected) > 7 * np.sqrt((1 / np.e - 2 / np.e**2) / n / samples):
        fail(f"Over {samples} samples of {n} rows another share is out of bag.", expected=expected, actual=share)
