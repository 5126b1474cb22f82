"""Calls in a forked child end, whatever they do."""

import os
import time

from gradus.author.forked import run_forked


def test_returns_data() -> None:
    ended = run_forked(lambda: {"a": [1, 2]}, seconds=5)
    assert (ended.how, ended.value) == ("returned", {"a": [1, 2]})


def test_a_large_answer_arrives_whole() -> None:
    assert run_forked(lambda: "x" * 3_000_000, seconds=10).value == "x" * 3_000_000


def test_an_exception_is_named() -> None:
    ended = run_forked(lambda: 1 / 0, seconds=5)
    assert (ended.how, ended.detail) == ("raised", "ZeroDivisionError: division by zero")


def test_an_endless_loop_is_stopped() -> None:
    def endless() -> None:
        while True:
            pass

    assert run_forked(endless, seconds=0.3).how == "hung"


def test_sleeping_is_stopped() -> None:
    started = time.monotonic()
    assert run_forked(lambda: time.sleep(60), seconds=0.2).how == "hung"
    assert time.monotonic() - started < 30


def test_a_crash_is_told_from_an_answer() -> None:
    assert run_forked(lambda: os.abort(), seconds=5).how == "crashed"
    assert run_forked(lambda: os._exit(3), seconds=5).how == "crashed"


def test_memory_is_limited() -> None:
    ended = run_forked(lambda: len(bytearray(900 * 2**20)), seconds=10, memory_mb=200)
    assert (ended.how, ended.detail) == ("raised", "MemoryError: ")


def test_the_parent_does_not_hear_the_child(capfd) -> None:
    run_forked(lambda: print("noise", flush=True), seconds=5)
    assert capfd.readouterr().out == ""
