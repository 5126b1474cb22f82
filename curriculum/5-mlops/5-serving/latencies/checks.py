"""latencies(arrivals, work, workers): waiting in one line, and work."""

import heapq

import numpy as np

from gradus.checks import behaviour, cases, fail, misconception, probes, valid


@valid
def a_line(arrivals, work, workers):
    return (
        arrivals.ndim == 1
        and arrivals.shape == work.shape
        and workers >= 1
        and bool((np.diff(arrivals) >= 0).all() and (work > 0).all())
        and bool(np.isfinite(arrivals).all() and np.isfinite(work).all())
    )


def _load(rng, n, rate):
    """Requests at random, in quarters of a second, so that some arrive together and sums are exact."""
    arrivals = np.sort(rng.integers(0, max(1, int(4 * n / rate)), size=n)) / 4 + 5.0
    return arrivals, rng.integers(1, 9, size=n) / 4


@cases
def loads(rng):
    """Idle and overloaded, one worker and several, equal moments, idle workers, a start before 0, nothing."""
    for workers, rate in ((1, 0.5), (1, 3.0), (2, 1.5), (3, 4.0), (4, 2.0)):
        yield *_load(rng, int(rng.integers(8, 16)), rate), workers
    yield np.zeros(5), rng.integers(1, 9, size=5) / 4, 2
    yield np.array([0.0, 10.0, 20.0]), np.array([1.0, 2.0, 0.5]), 1
    yield np.array([0.0, 0.25, 0.5]), np.array([4.0, 0.25, 0.25]), 8
    yield np.array([-3.0, -2.5, 1.0]), np.array([1.0, 1.0, 0.5]), 1
    yield np.array([0.0, 0.0, 0.25, 0.5]), np.array([4.0, 0.25, 0.25, 0.25]), 2
    yield np.array([]), np.array([]), 3


@misconception
def only_work(arrivals, work, workers):
    """The waiting is missing: you give the work alone.

    It is what a timer inside the handler shows, and why services look fast from within while their callers wait.
    The clock starts when the request arrives."""
    return np.asarray(work, dtype=float).copy()


def _ends(arrivals, work, workers):
    free = [-np.inf] * workers
    starts, ends = [], []
    for arrival, needed in zip(arrivals, work):
        starts.append(max(arrival, heapq.heappop(free)))
        ends.append(starts[-1] + needed)
        heapq.heappush(free, ends[-1])
    return np.array(starts, dtype=float), np.array(ends, dtype=float)


@misconception
def only_waiting(arrivals, work, workers):
    """The work is missing: you give the waiting alone.

    A request that finds a free worker still takes as long as it computes."""
    return _ends(arrivals, work, workers)[0] - arrivals


@misconception
def moments(arrivals, work, workers):
    """You give the moments at which requests end, not how long they took.

    Take each request's arrival off."""
    return _ends(arrivals, work, workers)[1]


@misconception
def in_turn(arrivals, work, workers):
    """Each worker has a line of its own, dealt out in turn.

    Then a request can wait behind a long one while the next worker idles. In one common line the first free worker
    takes the next request, whoever that is."""
    free = [-np.inf] * workers
    result = np.empty(len(arrivals))
    for i in range(len(arrivals)):
        worker = i % workers
        free[worker] = max(free[worker], arrivals[i]) + work[i]
        result[i] = free[worker] - arrivals[i]
    return result


@misconception
def one_fast_worker(arrivals, work, workers):
    """Several workers are treated as one that is so many times faster.

    Two threads do not make one request compute twice as fast; they compute two at once."""
    end, result = -np.inf, np.empty(len(arrivals))
    for i in range(len(arrivals)):
        end = max(end, arrivals[i]) + work[i] / workers
        result[i] = end - arrivals[i]
    return result


@misconception
def starts_before_it_arrives(arrivals, work, workers):
    """A worker starts on a request that has not arrived yet.

    When the line is empty, the worker idles until the next arrival: the start is the later of the two moments."""
    free = [float(arrivals[0]) if len(arrivals) else 0.0] * workers
    result = np.empty(len(arrivals))
    for i in range(len(arrivals)):
        end = heapq.heappop(free) + work[i]
        result[i] = end - arrivals[i]
        heapq.heappush(free, end)
    return result


def _made(rng):
    return *_load(rng, 12, 2.0), 2


later = probes.equivariance(of="latencies", make=_made, shift="same", title="does not depend on what time it is")


@behaviour("a second worker never makes anybody wait longer")
def more_workers_help(student, rng):
    """With one more worker each request starts at the same moment or earlier, so no latency may grow.

    Look at which worker takes the next request: it must be the one that is free first."""
    arrivals, work = _load(rng, 12, 3.0)
    one, two = student.latencies(arrivals, work, 1), student.latencies(arrivals, work, 2)
    if (np.asarray(two) > np.asarray(one) + 1e-9).any():
        fail("A second worker makes a request slower.", case=(arrivals, work), expected=one, actual=two)
