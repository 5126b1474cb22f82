"""Forked workers answer every task, and survive a task that kills one of them."""

import os

from gradus.author.workers import Workers


def square(n: int) -> int:
    if n == 3:
        os._exit(1)
    return n * n


def test_every_task_is_answered() -> None:
    with Workers(square, 2) as workers:
        assert sorted(workers.results([0, 1, 2, 4, 5])) == [(0, 0), (1, 1), (2, 4), (4, 16), (5, 25)]


def test_a_task_that_kills_its_worker_is_answered_with_none() -> None:
    with Workers(square, 1) as workers:
        assert dict(workers.results([1, 3, 3, 2])) == {1: 1, 3: None, 2: 4}
