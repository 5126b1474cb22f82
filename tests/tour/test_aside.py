"""The prover that works beside the others: everything arrives in order, and it cleans up when it is stopped."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from gradus.errors import HostError
from gradus.provers import Probe
from gradus.tour.aside import Aside


def probes(count: int) -> list[Probe]:
    return [Probe(f"p{n}", f"title {n}", "passed", "") for n in range(count)]


def test_what_it_found_arrives_in_order_and_is_told() -> None:
    told: list[str] = []
    assert Aside(lambda: iter(probes(5))).wait(told.append) == probes(5)
    assert told == [f"title {n}" for n in range(5)]


def test_what_it_raises_is_raised_where_it_is_waited_for() -> None:
    def breaks() -> Iterator[Probe]:
        yield from probes(1)
        raise HostError("The engine is gone.")

    told: list[str] = []
    with pytest.raises(HostError, match="engine is gone"):
        Aside(breaks).wait(told.append)
    assert told == ["title 0"]


def test_what_goes_wrong_before_the_first_probe_is_raised_too() -> None:
    def broken() -> Iterator[Probe]:
        raise HostError("There is no engine.")

    with pytest.raises(HostError, match="no engine"):
        Aside(broken).wait(lambda line: None)


def test_it_cleans_up_when_it_is_stopped() -> None:
    going, cleaned = threading.Event(), threading.Event()

    def endless() -> Iterator[Probe]:
        try:
            while True:
                yield probes(1)[0]
                going.set()
        finally:
            cleaned.set()

    aside = Aside(endless)
    assert going.wait(10)
    aside.stop()
    assert cleaned.is_set()
