"""A few forked workers that run named tasks; cancelled at once, and never left behind."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Generic, TypeVar

from gradus.author.forked import die_with_parent, need_fork

Task = TypeVar("Task")


class Workers(Generic[Task]):
    """``jobs`` processes forked from this one, so that they share what it has loaded. A context manager."""

    def __init__(self, run: Callable[[Task], Any], jobs: int) -> None:
        need_fork()
        self._run = run
        self._context = multiprocessing.get_context("fork")
        self._workers: dict[Connection, BaseProcess] = {}
        for _ in range(jobs):
            self._start()

    def __enter__(self) -> Workers[Task]:
        return self

    def __exit__(self, *_: object) -> None:
        for connection, process in self._workers.items():
            process.kill()
            process.join()
            connection.close()
        self._workers.clear()

    def _start(self) -> Connection:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_serve, args=(self._run, theirs), daemon=True)
        process.start()
        theirs.close()
        self._workers[ours] = process
        return ours

    def results(self, tasks: Sequence[Task]) -> Iterator[tuple[Task, Any]]:
        """Run all tasks; yield each with its answer as it comes, or with None if its worker died of it."""
        waiting = list(reversed(tasks))
        busy: dict[Connection, Task] = {}
        for connection in list(self._workers):
            if waiting:
                busy[connection] = waiting.pop()
                connection.send(busy[connection])
        while busy:
            for ready in wait(list(busy)):
                assert isinstance(ready, Connection)
                task = busy.pop(ready)
                try:
                    answer = ready.recv()
                except (EOFError, OSError):
                    answer = None
                    self._workers.pop(ready).join()
                    ready.close()
                    ready = self._start()
                if waiting:
                    busy[ready] = waiting.pop()
                    ready.send(busy[ready])
                yield task, answer


def _serve(run: Callable[[Task], Any], connection: Connection) -> None:
    """The worker's life: a task in, an answer out, until the other end is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what Ctrl-C means
    die_with_parent()
    try:
        while True:
            connection.send(run(connection.recv()))
    except (EOFError, OSError):
        pass
    finally:
        os._exit(0)
