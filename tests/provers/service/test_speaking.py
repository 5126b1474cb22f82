"""The client: bounded, patient for a while, never redirected; and what it makes of answers."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus.provers.service.asking import Burst, Study
from gradus.provers.service.declared import Declared
from gradus.provers.service.faults import Found
from gradus.provers.service.junk import Junk, _send
from gradus.provers.service.schema import drawn_from_schema
from gradus.provers.service.speaking import Answer, NoAnswer, Place, Speaker, encoded, read_reply


@contextmanager
def serving(handle: Callable[[socket.socket], None]) -> Iterator[Place]:
    """A server that treats each connection as ``handle`` says, after the request's head has come."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def loop() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(65536)
                    try:
                        handle(connection)
                    except OSError:
                        pass

        threading.Thread(target=loop, daemon=True).start()
        port: int = server.getsockname()[1]
        yield Place("127.0.0.1", port, "127.0.0.1")


def fixed(content: bytes) -> Callable[[socket.socket], None]:
    return lambda connection: connection.sendall(content)


def dripping(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(100):
        connection.sendall(b"x")
        time.sleep(0.05)


def test_a_redirect_is_an_answer() -> None:
    with serving(
        fixed(b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n")
    ) as place:
        assert Speaker(place).get("/").status == 302


def test_an_endless_answer_is_cut() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n"
    with serving(fixed(head + b"x" * 5000)) as place, pytest.raises(NoAnswer, match="larger"):
        Speaker(place, limit=1000).get("/")


def test_an_answer_that_drips_is_not_waited_for() -> None:
    with serving(dripping) as place, pytest.raises(NoAnswer) as caught:
        Speaker(place, seconds=0.3).get("/")
    assert caught.value.timed_out


@pytest.mark.parametrize(
    "content", [b"", b"no http at all\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"]
)
def test_half_an_answer_is_none(content: bytes) -> None:
    with serving(fixed(content)) as place, pytest.raises(NoAnswer):
        Speaker(place, seconds=2).get("/")


def test_nobody_listening_is_no_answer() -> None:
    with pytest.raises(NoAnswer):
        Speaker(Place("127.0.0.1", 9, "127.0.0.1")).get("/")


@pytest.mark.parametrize(
    ("body", "value", "problem"),
    [
        (b'{"p": 0.25}', 0.25, None),
        (b'{"p": 1, "more": []}', 1.0, None),
        (b'{"p": NaN}', None, "nan_in_answer"),
        (b'{"p": Infinity}', None, "nan_in_answer"),
        (b'{"p": null}', None, "nan_in_answer"),
        (b'{"p": "nan"}', None, "nan_in_answer"),
        (b'{"p": "0.25"}', None, "answer_as_text"),
        (b'{"p": true}', None, "nan_in_answer"),
        (b'{"q": 0.25}', None, "answer_missing"),
        (b'{"error": "no"}', None, "error_as_200"),
        (b"0.25", None, "not_json"),
        (b"<html>", None, "not_json"),
        (b"[" * 100_000, None, "not_json"),
    ],
)
def test_what_is_made_of_an_answer(body: bytes, value: float | None, problem: str | None) -> None:
    reply = read_reply(Answer(200, {}, body, 0.0), "p")
    assert (reply.value, reply.problem) == (value, problem)


@given(st.binary(max_size=200))
def test_no_answer_breaks_the_reader(body: bytes) -> None:
    reply = read_reply(Answer(200, {}, body, 0.0), "p")
    assert (reply.value is None) == (reply.problem is not None)


def test_what_json_lacks_is_not_sent() -> None:
    with pytest.raises(ValueError, match="JSON"):
        encoded({"x": float("nan")})


def study(place: Place, **more: Any) -> Study:
    declared = Declared(command=(), predict="/predict", answer="p")
    return Study(declared, np.random.default_rng(0), Burst(), 1, Speaker(place, seconds=0.3), **more)


def test_junk_without_an_answer_hangs() -> None:
    with serving(lambda connection: time.sleep(0.6)) as place, pytest.raises(Found) as caught:
        _send(study(place), Junk("nothing", b""))
    assert caught.value.fault.id == "hangs_on_junk"


def test_a_document_that_is_none_is_named() -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nopenapi: "
    with serving(fixed(answer)) as place, pytest.raises(Found) as caught:
        drawn_from_schema(study(place, remote=True))
    assert caught.value.fault.id == "schema_unreadable"
