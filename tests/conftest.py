"""For every room: the signals a person can send reach what the tests start, also where they run unattended."""

from __future__ import annotations

import os
import signal

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is marked `nightly` runs where GRADUS_NIGHTLY is set, as `.ci/nightly` does."""
    if os.environ.get("GRADUS_NIGHTLY"):
        return
    later = pytest.mark.skip(reason="part of the nightly run: GRADUS_NIGHTLY=1 ./test")
    for item in items:
        if item.get_closest_marker("nightly"):
            item.add_marker(later)


@pytest.fixture(scope="session", autouse=True)
def interruptible() -> None:
    """A job started in the background ignores Ctrl-C, and so would its children."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
