"""The load generator, in a process of its own: keep-alive connections on one event loop, every answer checked.

Run as a file; it imports the standard library alone. Reads a plan as JSON from the input, writes JSON lines.
First ``{"ceiling": requests per second}`` against an echo in the same loop, which bounds from below what the generator
itself can do (client and server share one thread there); then for each level ``{"concurrency", "requests", "seconds",
"per_second", "wrong", "failed", "p50_ms", "p99_ms", "busy", "first"}``, ``busy`` being the share of the time in which
this process computed.
"""

import asyncio
import contextlib
import json
import ssl
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

TOLERANCE = 1e-6


class Checker:
    """Judges answers. An answer that was found right once is recognized by its bytes afterwards."""

    def __init__(self, field: str, answers: str | None, expected: list[float | None]) -> None:
        self.field, self.answers = field, answers
        self.expected = expected
        self.known: dict[int, bytes] = {}

    def verdict(self, index: int, status: int, body: bytes) -> str:
        """``""`` for a right answer, ``failed`` for none or another status than 200, ``wrong`` for another number."""
        if status != 200:
            return "failed"
        if self.known.get(index) == body:
            return ""
        try:
            value = self.value(json.loads(body))
            expected = self.expected[index]
            right = expected is None or abs(value - expected) <= TOLERANCE * max(1.0, abs(expected))
        except (ValueError, KeyError, TypeError, IndexError):
            return "wrong"
        if right:
            self.known[index] = body
        return "" if right else "wrong"

    def value(self, document: Any) -> Any:
        """The number in an answer: of one row, or of a batch of one."""
        if self.answers is None:
            return document[self.field]
        (only,) = document[self.answers]
        return only[self.field] if isinstance(only, dict) else only


class Wire(asyncio.Protocol):
    """One keep-alive connection: sends a request, hands the answer on, is told the next request."""

    def __init__(self, done: Callable[["Wire", int, bytes, bool], None], lost: Callable[["Wire"], None]) -> None:
        self.done, self.lost = done, lost
        self.buffer = b""
        self.waiting = False
        self.transport: Any = None
        self.index = 0
        self.sent = 0.0

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def ask(self, index: int, request: bytes) -> None:
        """Send one request."""
        self.index, self.waiting, self.sent = index, True, time.perf_counter()
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self.buffer = self.buffer + data if self.buffer else data
        self._look(ended=False)

    def eof_received(self) -> None:
        self._look(ended=True)

    def connection_lost(self, error: Exception | None) -> None:
        if self.waiting:
            self.waiting = False
            self.lost(self)

    def _look(self, ended: bool) -> None:
        """Hand on a complete answer: by its length, its last chunk, or the end of the connection."""
        cut = self.buffer.find(b"\r\n\r\n")
        if cut < 0 or not self.waiting:
            return
        head, rest = self.buffer[:cut].lower(), self.buffer[cut + 4 :]
        place = head.find(b"content-length:")
        if place >= 0:
            length = int(head[place + 15 :].split(b"\r\n", 1)[0])
            if len(rest) < length:
                return
            body = rest[:length]
        elif b"transfer-encoding: chunked" in head:
            if not rest.endswith(b"0\r\n\r\n"):
                return
            body = _joined(rest)
        elif ended:
            body = rest
        else:
            return
        self.buffer, self.waiting = b"", False
        close = ended or b"connection: close" in head or head.startswith(b"http/1.0")
        self.done(self, int(head[9:12]), body, close)


def _joined(rest: bytes) -> bytes:
    parts = []
    while rest:
        size, _, rest = rest.partition(b"\r\n")
        length = int(size.split(b";")[0] or b"0", 16)
        parts.append(rest[:length])
        rest = rest[length + 2 :]
    return b"".join(parts)


class Echo(asyncio.Protocol):
    """The fastest server there is here: the same answer to everything."""

    def __init__(self, answer: bytes) -> None:
        self.answer = answer

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.transport.write(self.answer)


class Level:
    """One level of concurrency, driven until the requests or the seconds are used up."""

    def __init__(self, plan: dict[str, Any], requests: list[bytes], checker: Checker | None, concurrency: int) -> None:
        self.plan, self.requests, self.checker, self.concurrency = plan, requests, checker, concurrency
        self.left, self.until = plan["requests"], 0.0
        self.next = self.open = 0
        self.latencies: list[float] = []
        self.counts: Counter[str] = Counter()
        self.first: dict[str, str] = {}
        self.finished = asyncio.Event()
        self.tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> dict[str, Any]:
        """Drive it, and say what was measured."""
        self.wires = [Wire(self.answered, self.lost) for _ in range(self.concurrency)]
        self.open = self.concurrency
        began, computed = time.perf_counter(), time.process_time()
        self.until = began + self.plan["seconds"]
        await asyncio.gather(*(self.connect(wire) for wire in self.wires))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.finished.wait(), self.plan["seconds"] + self.plan["patience"])
        seconds, computed = time.perf_counter() - began, time.process_time() - computed
        hanging = sum(wire.waiting for wire in self.wires)
        for wire in self.wires:
            wire.waiting = False
            if wire.transport is not None:
                wire.transport.abort()
        if hanging:
            self.note("failed", f"{hanging} requests got no answer within {self.plan['patience']:g} s")
            self.counts["failed"] += hanging - 1
        return self.measured(seconds, computed)

    def measured(self, seconds: float, computed: float) -> dict[str, Any]:
        times = sorted(self.latencies)
        return {
            "concurrency": self.concurrency,
            "requests": len(times) + self.counts["failed"],
            "seconds": seconds,
            "per_second": len(times) / seconds,
            "wrong": self.counts["wrong"],
            "failed": self.counts["failed"],
            "p50_ms": 1000 * quantile(times, 0.50),
            "p99_ms": 1000 * quantile(times, 0.99),
            "busy": computed / seconds,
            "first": self.first,
        }

    async def connect(self, wire: Wire) -> None:
        """Open the wire's connection and send its first request."""
        plan = self.plan
        context = ssl.create_default_context() if plan["tls"] else None
        try:
            await asyncio.wait_for(
                asyncio.get_running_loop().create_connection(
                    lambda: wire, plan["address"], plan["port"], ssl=context,
                    server_hostname=plan["host"] if context else None,
                ),
                plan["patience"],
            )  # fmt: skip
        except (OSError, TimeoutError) as error:
            self.note("failed", f"no connection: {type(error).__name__}: {error}")
            self.end(wire)
            return
        self.go_on(wire)

    def go_on(self, wire: Wire) -> None:
        if self.left <= 0 or time.perf_counter() >= self.until:
            self.end(wire)
            return
        self.left -= 1
        index = self.next % len(self.requests)
        self.next += 1
        wire.ask(index, self.requests[index])

    def answered(self, wire: Wire, status: int, body: bytes, close: bool) -> None:
        self.latencies.append(time.perf_counter() - wire.sent)
        verdict = self.checker.verdict(wire.index, status, body) if self.checker is not None else ""
        if verdict:
            if verdict == "failed":
                self.latencies.pop()
            self.note(verdict, f"{status} {body[:160].decode('utf-8', 'replace')}", wire.index)
        if close:
            wire.transport.close()
            self.reconnect(wire)
        else:
            self.go_on(wire)

    def lost(self, wire: Wire) -> None:
        """The connection ended before the answer did."""
        if time.perf_counter() < self.until + self.plan["patience"]:
            self.note("failed", "the connection ended without an answer", wire.index)
            self.reconnect(wire)

    def reconnect(self, wire: Wire) -> None:
        if self.left <= 0 or time.perf_counter() >= self.until:
            self.end(wire)
            return
        new = Wire(self.answered, self.lost)
        self.wires[self.wires.index(wire)] = new
        task = asyncio.ensure_future(self.connect(new))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def end(self, wire: Wire) -> None:
        self.open -= 1
        if self.open <= 0:
            self.finished.set()

    def note(self, kind: str, text: str, index: int | None = None) -> None:
        self.counts[kind] += 1
        self.first.setdefault(kind, text if index is None else f"row {index}: {text}")


def quantile(times: list[float], share: float) -> float:
    """The nearest-rank quantile of sorted times; 0 when there are none."""
    return times[min(len(times) - 1, int(share * len(times)))] if times else 0.0


async def ceiling(plan: dict[str, Any], requests: list[bytes]) -> float:
    """Requests per second against an echo in this very loop."""
    body = b'{"%s": 0.12345678901234567, "version": "1"}' % plan["answer"].encode()
    answer = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body)
    server = await asyncio.get_running_loop().create_server(lambda: Echo(answer), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    mine = plan | {"address": "127.0.0.1", "port": port, "tls": False, "seconds": plan["ceiling"], "requests": 10**9}
    checker = Checker(plan["answer"], None, [None] * len(requests))
    found = await Level(mine, requests, checker, 8).run()
    server.close()
    return float(found["per_second"])


def request_bytes(plan: dict[str, Any], body: str) -> bytes:
    """One request, ready to be sent."""
    content = body.encode()
    head = (
        f"POST {plan['path']} HTTP/1.1\r\nHost: {plan['host']}\r\nContent-Type: application/json\r\n"
        f"Accept: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


async def main() -> None:
    """Follow the plan."""
    plan = json.load(sys.stdin)
    requests = [request_bytes(plan, body) for body in plan["bodies"]]
    if plan["ceiling"]:
        print(json.dumps({"ceiling": await ceiling(plan, requests)}), flush=True)
    checker = Checker(plan["answer"], plan["answers"], plan["expected"])
    for concurrency in plan["levels"]:
        found = await Level(plan, requests, checker, concurrency).run()
        print(json.dumps(found), flush=True)
        if found["p50_ms"] > 1000 * plan["saturated"]:  # more at once would only wait longer
            break


if __name__ == "__main__":
    asyncio.run(main())
