"""Pools that the tests of the grader share: starting one takes seconds, a runner from one takes milliseconds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from textwrap import dedent

import pytest

from gradus.grader.libraries import library_set
from gradus.grader.pool import Failure, Loaded, Pool, RunLimits, Runner, Submission
from gradus.grader.spawn import SpawnPool
from gradus.grader.zygote_pool import ZygotePool

Start = Callable[..., "Iterator[Runner]"]


@pytest.fixture(scope="session")
def zygote_pool() -> Iterator[Pool]:
    """The sandboxed pool, without libraries."""
    with ZygotePool(library_set("bare"), fallback=False).start() as pool:
        yield pool


@pytest.fixture(scope="session")
def spawn_pool() -> Iterator[Pool]:
    """The pool of spawned interpreters, without libraries."""
    with SpawnPool(library_set("bare")).start() as pool:
        yield pool


@pytest.fixture(params=["zygote", "spawn"])
def pool(request: pytest.FixtureRequest) -> Pool:
    """Either pool: what is tested with it must hold for both."""
    found: Pool = request.getfixturevalue(f"{request.param}_pool")
    return found


@contextmanager
def started(
    pool: Pool, source: str | bytes, seconds: float = 5.0, memory_mb: int = 256, output_kb: int = 64, **files: str
) -> Iterator[Runner]:
    """A runner that has loaded ``source`` as ``work.py``."""
    code = source if isinstance(source, bytes) else dedent(source).encode()
    siblings = {f"{name}.py": dedent(text).encode() for name, text in files.items()}
    with pool.acquire(RunLimits(seconds, memory_mb, output_kb)) as runner:
        loaded = runner.load(Submission(code, "work.py", siblings))
        assert isinstance(loaded, Loaded), loaded
        yield runner


def failing(pool: Pool, source: str | bytes, seconds: float = 5.0, **files: str) -> Failure:
    """What keeps ``source`` from loading."""
    code = source if isinstance(source, bytes) else dedent(source).encode()
    siblings = {f"{name}.py": dedent(text).encode() for name, text in files.items()}
    with pool.acquire(RunLimits(seconds)) as runner:
        failure = runner.load(Submission(code, "work.py", siblings))
        assert isinstance(failure, Failure), failure
        return failure
