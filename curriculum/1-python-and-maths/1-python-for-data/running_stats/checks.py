"""RunningStats: n, mean and population variance of a stream, however it is cut, also far from zero."""

from math import nan
from numbers import Real

from gradus.checks import behaviour, cases, compare, fail, misconception, valid


def after_each_chunk(submission, chunks):
    stats = submission.RunningStats()
    seen = [summary(stats)]
    for chunk in chunks:
        stats.add(chunk)
        seen.append(summary(stats))
    return seen


def summary(stats):
    """What the object tells; a method in place of a number is left to the behaviour that explains it."""
    return tuple(x if isinstance(x, Real) else "not a number" for x in (stats.n, stats.mean, stats.variance))


@valid
def chunks_of_numbers(chunks):
    return all(type(x) in (int, float) and abs(x) < 1e6 for chunk in chunks for x in chunk)


@cases(run=after_each_chunk, compare=compare.close(rtol=1e-6, atol=1e-9))
def streams(rng):
    """Chunks of unequal lengths and unequal means; some are empty; a single value has variance 0."""
    first, second = rng.normal(10, 2, size=3).tolist(), rng.normal(-5, 1, size=7).tolist()
    yield [first, second]
    yield [[int(x) for x in rng.integers(-9, 10, size=k)] for k in (4, 2, 9)]
    yield [[], [float(rng.normal())], [], [3, 4, 4]]
    yield []


@misconception
class MeanOfMeans:
    """Chunks of different lengths weigh the same.

    The mean of the chunks' means is the mean of the values only if all chunks are equally long. A chunk of two values
    must not count as much as one of nine: keep the sum, or weigh by the counts."""

    def __init__(self):
        self.n, self.means, self.variances = 0, [], []

    def add(self, chunk):
        if len(chunk):
            mean = sum(chunk) / len(chunk)
            self.n += len(chunk)
            self.means.append(mean)
            self.variances.append(sum((x - mean) ** 2 for x in chunk) / len(chunk))

    @property
    def mean(self):
        return sum(self.means) / len(self.means) if self.n else nan

    @property
    def variance(self):
        return sum(self.variances) / len(self.variances) if self.n else nan


@misconception
class WithinChunksOnly:
    """The variance misses that the chunks differ from each other.

    You averaged the variances of the chunks, weighted by their lengths. That is the spread *within* the chunks. If one
    chunk lies around 10 and the next around -5, most of the spread is *between* them, and it is not in that average."""

    def __init__(self):
        self.n, self.total, self.squares = 0, 0.0, 0.0

    def add(self, chunk):
        if len(chunk):
            mean = sum(chunk) / len(chunk)
            self.n += len(chunk)
            self.total += sum(chunk)
            self.squares += sum((x - mean) ** 2 for x in chunk)

    @property
    def mean(self):
        return self.total / self.n if self.n else nan

    @property
    def variance(self):
        return self.squares / self.n if self.n else nan


class _Welford:
    def __init__(self):
        self.n, self._mean, self._squares = 0, 0.0, 0.0

    def add(self, chunk):
        for x in chunk:
            self.n += 1
            step = x - self._mean
            self._mean += step / self.n
            self._squares += step * (x - self._mean)

    @property
    def mean(self):
        return self._mean if self.n else nan


@misconception
class SampleVariance(_Welford):
    """The variance is slightly too large.

    You divided by `n - 1`, which estimates the variance of a population from a sample. Here the values themselves are
    what is described: divide by `n`. (`statistics.variance` and pandas divide by `n - 1`; `statistics.pvariance` and
    NumPy by `n`.)"""

    @property
    def variance(self):
        if not self.n:
            return nan
        return self._squares / (self.n - 1) if self.n > 1 else 0.0


@misconception
class StandardDeviation(_Welford):
    """You gave the standard deviation, which is the square root of the variance.

    The two are easily mixed up, as both are called "the spread". The variance is in squared units; only its root can be
    laid along the axis of a plot."""

    @property
    def variance(self):
        return (self._squares / self.n) ** 0.5 if self.n else nan


@misconception
class LastChunkOnly:
    """Only the latest chunk counts: earlier ones are forgotten.

    `add` must build on what the object already knows. State that should live as long as the object is kept on `self`
    and updated, not replaced."""

    def __init__(self):
        self.n, self.mean, self.variance = 0, nan, nan

    def add(self, chunk):
        self.n = len(chunk)
        self.mean = sum(chunk) / self.n if self.n else nan
        self.variance = sum((x - self.mean) ** 2 for x in chunk) / self.n if self.n else nan


@behaviour("`mean` and `variance` are read without parentheses")
def properties(student, rng):
    """A method must be called; a property looks like a plain attribute and computes its value when it is read. Put
    `@property` above the method, or set the attribute each time values are added."""
    stats = student.RunningStats()
    stats.add([1, 2])
    for name in ("mean", "variance"):
        if callable(getattr(stats, name)):
            fail(f"`stats.{name}` is a method, not a number.", case=f"stats.{name}")


@behaviour("two objects do not share what they have seen")
def separate_objects(student, rng):
    """Each object must have its own numbers. A list in the class body, or as a default argument, is made once and
    shared by all objects. Set what belongs to one object in `__init__`, on `self`."""
    one, other = student.RunningStats(), student.RunningStats()
    one.add([1, 2, 3])
    if other.n != 0:
        fail(
            "Values added to one object turn up in another.",
            case="one.add([1, 2, 3]); other.n",
            expected=0,
            actual=other.n,
        )
    third = student.RunningStats()
    third.add([10])
    if (third.n, third.mean) != (1, 10):
        fail(
            "A new object already knows the values of an older one.",
            case="one.add([1, 2, 3]); third = RunningStats(); third.add([10]); third.n, third.mean",
            expected=(1, 10.0),
            actual=(third.n, third.mean),
        )


@behaviour("the variance is right far from zero")
def far_from_zero(student, rng):
    """On paper the variance is the mean of the squares minus the square of the mean. In floats both are around 1e16
    here, and a float has 16 digits: the subtraction leaves only rounding noise, even negative variances. This is called
    catastrophic cancellation. Add up squared distances from the mean, which are small numbers."""
    steps = [float(x) for x in rng.integers(-3, 4, size=40)] + [-3.0, 3.0]
    near, far = student.RunningStats(), student.RunningStats()
    for start in range(0, len(steps), 10):
        near.add(steps[start : start + 10])
        far.add([1e8 + x for x in steps[start : start + 10]])
    if not abs(far.variance - near.variance) <= 1e-6 * near.variance:
        fail(
            "Shifted by 100,000,000, the same values have another variance.",
            case="the same 42 values, once around 0 and once around 100,000,000",
            expected=near.variance,
            actual=far.variance,
        )
