"""The load generator: it counts right, notices wrong answers, and says when it was the limit itself."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
import pytest

from gradus.provers.service.asking import Burst, Study
from gradus.provers.service.burst import bottleneck, burst, generate, leaks
from gradus.provers.service.declared import Declared
from gradus.provers.service.faults import Found
from gradus.provers.service.generator import _joined, quantile
from gradus.provers.service.speaking import Place, Speaker

PLAN = Burst(levels=(1, 4), requests=40, seconds=20.0, ceiling_seconds=0.1)


class Doubling(BaseHTTPRequestHandler):
    """Answers twice ``x``, in one of several manners of speaking HTTP."""

    manner = "length"

    def do_POST(self) -> None:
        row = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        value = 2.0 * row["x"]
        if self.manner == "wrong" and row["x"] == 3:
            value += 1.0
        if self.manner == "fails" and row["x"] == 3:
            self.send_error(500)
            return
        body = json.dumps({"y": value}).encode()
        self.protocol_version = "HTTP/1.0" if self.manner == "closes" else "HTTP/1.1"
        self.send_response(200)
        if self.manner == "chunked":
            self.send_header("Transfer-Encoding", "chunked")
            body = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:4], body[4:])) + b"0\r\n\r\n"
        elif self.manner == "length":
            self.send_header("Content-Length", str(len(body)))
        else:
            self.close_connection = True
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words: Any) -> None:
        pass


@contextmanager
def doubling(manner: str) -> Iterator[Study]:
    handler = type("Handler", (Doubling,), {"manner": manner, "protocol_version": "HTTP/1.1"})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    place = Place("127.0.0.1", server.server_address[1], "127.0.0.1")
    study = Study(Declared((), "/", "y"), np.random.default_rng(0), PLAN, 7, Speaker(place))
    study.drawn = [{"x": i} for i in range(7)]
    study.expected = [2.0 * i for i in range(7)]
    try:
        yield study
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("manner", ["length", "chunked", "closes", "ends"])
def test_every_manner_of_answering_is_understood(manner: str) -> None:
    with doubling(manner) as study:
        text, measured = burst(study)
    assert [level["requests"] for level in measured["levels"]] == [40, 40]
    assert [level["wrong"] + level["failed"] for level in measured["levels"]] == [0, 0]
    assert "no wrong answer in 80" in text
    assert all(0 < level["p50_ms"] <= level["p99_ms"] for level in measured["levels"])


@pytest.mark.parametrize(("manner", "fault"), [("wrong", "wrong_under_load"), ("fails", "fails_under_load")])
def test_what_goes_wrong_is_counted_and_shown(manner: str, fault: str) -> None:
    with doubling(manner) as study, pytest.raises(Found) as caught:
        burst(study)
    assert caught.value.fault.id == fault
    assert "row 3" in caught.value.seen


def test_nobody_there_fails_instead_of_waiting() -> None:
    study = Study(
        Declared((), "/", "y"), np.random.default_rng(0), PLAN, 1, Speaker(Place("127.0.0.1", 9, "127.0.0.1"))
    )
    (level,) = generate(study, [({"x": 1}, 2.0)], (2,), 10, 5.0)
    assert level["failed"] == 2
    assert level["per_second"] == 0


def test_the_generator_says_when_it_was_the_limit() -> None:
    assert bottleneck({"per_second": 5000.0, "busy": 0.4}, 10_000.0)
    assert bottleneck({"per_second": 500.0, "busy": 0.95}, 10_000.0)
    assert not bottleneck({"per_second": 500.0, "busy": 0.4}, 10_000.0)


@pytest.mark.parametrize(
    ("sizes", "leaking"),
    [
        ([30_000, 31_000, 32_000, 33_000], True),
        ([30_000, 36_000, 36_100, 36_150], False),
        ([30_000, 30_000, 30_000, 30_000], False),
        ([30_000, 31_000, 31_000, 33_000], False),
        ([30_000], False),
    ],
)
def test_only_steady_growth_is_a_leak(sizes: list[int], leaking: bool) -> None:
    assert leaks(sizes, 400) is leaking


def test_small_parts() -> None:
    assert _joined(b"4\r\nabcd\r\n2;x=y\r\nef\r\n0\r\n\r\n") == b"abcdef"
    assert quantile([1.0, 2.0, 3.0, 4.0], 0.5) == 3.0
    assert quantile([], 0.99) == 0.0
