"""Talking HTTP to a service: one request, one bounded answer. No redirect is followed; the address is pinned."""

from __future__ import annotations

import http.client
import json
import math
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gradus.provers.service.faults import Found

LIMIT = 8 * 1024 * 1024
#: Names under which an error is told.
ERRORS = ("error", "errors", "detail", "message", "error_code")


class NoAnswer(Exception):  # noqa: N818
    """The service gave no complete answer: it refused, hung up, or took too long (``timed_out``)."""

    def __init__(self, reason: str, timed_out: bool = False) -> None:
        super().__init__(reason)
        self.timed_out = timed_out


@dataclass(frozen=True)
class Place:
    """Where a service is: the name callers use, and the one address that is connected to."""

    host: str
    port: int
    address: str
    scheme: str = "http"
    root: str = ""

    @property
    def url(self) -> str:
        """The base of the service's addresses."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}{self.root}"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float

    @property
    def text(self) -> str:
        """The body as text, whatever it is."""
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """The body as strict JSON. Raises ValueError; its text says whether a number was not finite."""
        return json.loads(self.body, parse_constant=_refuse)


def _refuse(name: str) -> Any:
    raise ValueError(f"not finite: {name}")


@dataclass
class Speaker:
    """One service's address, asked with the same patience each time. Every answer is shown to ``listeners``."""

    place: Place
    seconds: float = 30.0
    limit: int = LIMIT
    listeners: list[Callable[[str, Answer], None]] = field(default_factory=list)

    def get(self, path: str) -> Answer:
        """GET ``path``. Raises :class:`NoAnswer`."""
        return self.ask("GET", path)

    def post(self, path: str, value: Any, seconds: float | None = None) -> Answer:
        """POST ``value`` as JSON. Raises :class:`NoAnswer`."""
        return self.ask("POST", path, encoded(value), seconds=seconds)

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        seconds: float | None = None,
    ) -> Answer:
        """One request on a connection of its own. Raises :class:`NoAnswer`."""
        sent = {"Accept": "application/json", "Connection": "close", "User-Agent": "gradus-prove"}
        if body is not None:
            sent["Content-Type"] = "application/json"
        sent.update(headers or {})
        patience = self.seconds if seconds is None else seconds
        began = time.monotonic()
        connection = _Pinned(self.place, patience)
        try:
            connection.request(method, self.place.root + path, body=body, headers=sent)
            response = connection.getresponse()
            content = _bounded(response, self.limit, began + patience, connection)
        except TimeoutError:
            raise NoAnswer(f"no answer within {patience:g} s", timed_out=True) from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise NoAnswer(f"{type(error).__name__}: {error}".rstrip(": ")) from None
        finally:
            connection.close()
        answer = Answer(response.status, dict(response.headers.items()), content, time.monotonic() - began)
        for listener in self.listeners:
            listener(f"{method} {path}", answer)
        return answer


class _Pinned(http.client.HTTPConnection):
    """A connection to the address that was checked, whatever the name may resolve to by now."""

    def __init__(self, place: Place, seconds: float) -> None:
        super().__init__(place.host, place.port, timeout=seconds)
        self._place = place

    def connect(self) -> None:
        self.sock = socket.create_connection((self._place.address, self._place.port), self.timeout)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._place.scheme == "https":
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self._place.host)


def _bounded(response: http.client.HTTPResponse, limit: int, until: float, connection: _Pinned) -> bytes:
    """The body, cut off where it grows too large or drips too slowly."""
    parts, size = [], 0
    while part := response.read1(65536):
        size += len(part)
        if size > limit:
            raise ValueError(f"the answer is larger than {limit // 2**20} MB")
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if connection.sock is not None:
            connection.sock.settimeout(left)
        parts.append(part)
    if response.length:
        raise ValueError(f"the answer ended {response.length} bytes early")
    return b"".join(parts)


def encoded(value: Any) -> bytes:
    """``value`` as the JSON that callers send. Raises ValueError where it holds a number that JSON does not have."""
    return json.dumps(value, allow_nan=False, ensure_ascii=False).encode()


@dataclass(frozen=True)
class Reply:
    """One row's answer as read: a number, or a refusal (4xx), or what is wrong with it."""

    status: int
    value: float | None = None
    problem: str | None = None
    text: str = ""

    @property
    def refused(self) -> bool:
        """Whether the service refused the row as the caller's fault."""
        return 400 <= self.status < 500


def read_reply(answer: Answer, field_name: str) -> Reply:
    """Read one row's answer. ``problem`` is a fault's id when a 200 does not hold a finite number in ``field_name``."""
    text = answer.text[:300]
    if answer.status != 200:
        return Reply(answer.status, text=text)
    try:
        document = answer.json()
    except (ValueError, RecursionError) as error:
        problem = "nan_in_answer" if "not finite" in str(error) else "not_json"
        return Reply(200, problem=problem, text=text)
    if not isinstance(document, dict):
        return Reply(200, problem="not_json", text=text)
    if field_name not in document:
        failure = any(key in document for key in ERRORS)
        return Reply(200, problem="error_as_200" if failure else "answer_missing", text=text)
    return read_number(document[field_name], text)


def read_number(value: Any, text: str) -> Reply:
    """One number out of an answer that is JSON."""
    if isinstance(value, str):
        return Reply(200, problem="nan_in_answer" if value.lower() in ("nan", "inf") else "answer_as_text", text=text)
    if value is None or isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return Reply(200, problem="nan_in_answer", text=text)
    return Reply(200, value=float(value), text=text)


def refuse_problem(reply: Reply, what: str) -> None:
    """Raise the fault that an answer with status 200 has."""
    if reply.problem:
        raise Found(reply.problem, f"{what} was answered with `{reply.text[:160]}`.", answer=reply.text)
