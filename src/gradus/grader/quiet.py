"""Keep trusted code quiet, and let two runners be asked at the same time."""

from __future__ import annotations

import contextlib
import io
import threading
import warnings
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import numpy as np

T = TypeVar("T")
_silent = False


@contextlib.contextmanager
def silence() -> Iterator[None]:
    """Discard what trusted code prints and warns of, in every thread, until it is left. May be nested."""
    global _silent
    if _silent:
        yield
        return
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        _silent = True
        try:
            yield
        finally:
            _silent = False


class quiet:  # noqa: N801 - reads as a statement
    """Catch what trusted code prints, and its warnings: neither is the learner's.

    With ``output`` what is printed is kept there. Inside `silence` only NumPy's warnings, which are a thread's own, are
    left to be switched off.
    """

    def __init__(self, output: io.StringIO | None = None) -> None:
        self._stack = contextlib.ExitStack()
        self._output = output

    def __enter__(self) -> None:
        self._stack.enter_context(np.errstate(all="ignore"))
        if not _silent:
            self._stack.enter_context(warnings.catch_warnings())
            warnings.simplefilter("ignore")
        if self._output is not None or not _silent:
            self._stack.enter_context(contextlib.redirect_stdout(self._output or io.StringIO()))

    def __exit__(self, *error: Any) -> None:
        self._stack.__exit__(*error)


def in_background(function: Callable[[], T]) -> Callable[[], T]:
    """Start a function in a thread of its own; what is returned waits for it and gives its value, or raises."""
    outcome: list[T] = []
    failure: list[BaseException] = []

    def work() -> None:
        try:
            outcome.append(function())
        except BaseException as error:
            failure.append(error)

    thread = threading.Thread(target=work, name="gradus judge", daemon=True)
    thread.start()

    def wait() -> T:
        thread.join()
        if failure:
            raise failure[0]
        return outcome[0]

    return wait
