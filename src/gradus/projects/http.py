"""One request to a service inside, over a socket that leads there: bounded in time and size, whatever it answers."""

from __future__ import annotations

import contextlib
import http.client
import io
import json
import select
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from gradus.projects.errors import BadAnswer, NoAnswer

ANSWER_BYTES: Final = 16 << 20
_CHUNK: Final = 1 << 16


@dataclass(frozen=True)
class Answer:
    """What a service answered. ``seconds`` is from before connecting to the last byte; names of headers are lower case.
    """  # fmt: skip

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float
    request: str = ""

    @property
    def ok(self) -> bool:
        """Whether the status is 200 to 299."""
        return 200 <= self.status < 300

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """The body as JSON data. Raises BadAnswer when it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            raise BadAnswer(
                f"`{self.request}` does not answer JSON.", f"status {self.status}: {self.text[:500]}"
            ) from None

    def field(self, name: str) -> Any:
        """One field of the JSON object that was answered with a status of 200 to 299. Raises BadAnswer otherwise."""
        if not self.ok:
            raise BadAnswer(f"`{self.request}` answers with status {self.status}.", self.text[:500])
        data = self.json()
        if not isinstance(data, dict) or name not in data:
            raise BadAnswer(f"The answer to `{self.request}` has no field `{name}`.", self.text[:500])
        return data[name]


class _Reader(io.RawIOBase):
    """A socket to read from, each time no longer than until the deadline."""

    def __init__(self, door: socket.socket, until: float) -> None:
        self._door = door
        self._until = until

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._door.settimeout(_left(self._until))
        return self._door.recv_into(buffer)


@dataclass
class _Door:
    """What `http.client` takes for a socket."""

    door: socket.socket
    until: float

    def sendall(self, data: bytes) -> None:
        self.door.settimeout(_left(self.until))
        self.door.sendall(data)

    def makefile(self, *_: Any, **__: Any) -> io.BufferedReader:
        return io.BufferedReader(_Reader(self.door, self.until), _CHUNK)

    def close(self) -> None:
        """Not yet: the answer may still have to be read from it."""


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def connected(door: socket.socket, seconds: float) -> socket.socket:
    """The socket once it is connected. Raises OSError when it is refused or takes too long."""
    waiting = select.poll() if hasattr(select, "poll") else None
    if waiting is not None:
        waiting.register(door, select.POLLOUT)
        ready = bool(waiting.poll(seconds * 1000))
    else:
        ready = bool(select.select([], [door], [door], seconds)[1])
    failed = door.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if failed or not ready:
        door.close()
        raise OSError(failed, "refused") if failed else TimeoutError("no connection in time")
    return door


@dataclass(frozen=True)
class Client:
    """Makes requests. ``connect(seconds)`` returns a new socket each time; ``authority`` is the Host header's."""

    connect: Callable[[float], socket.socket]
    authority: str
    said: Callable[[], str] = field(default=lambda: "")

    def request(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        data: bytes | str | None = None,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, Any] | None = None,
        seconds: float = 10.0,
    ) -> Answer:
        """One request on a connection of its own.

        Raises:
            NoAnswer: nobody listens, the service hangs up, or the whole answer takes longer than ``seconds``.
            BadAnswer: what comes is not HTTP, or larger than 16 MB.
        """
        began = time.perf_counter()
        until = time.monotonic() + seconds
        target = f"{path}?{urlencode(params, doseq=True)}" if params else path
        what = f"{method} {path}"
        sent = {"Host": self.authority, "Connection": "close", "Accept": "*/*", **(headers or {})}
        body = _body(json, data)
        if json is not None:
            sent.setdefault("Content-Type", "application/json")
        try:
            door = self.connect(seconds)
        except TimeoutError:
            raise NoAnswer(f"`{what}`: the service accepts no connection within {seconds:g} s.", self.said()) from None
        except OSError:
            raise NoAnswer(f"`{what}`: nobody listens at that port.", self.said()) from None
        try:
            connection = http.client.HTTPConnection("127.0.0.1")
            connection.sock = _Door(door, until)
            connection.request(method, target, body, sent)
            response = connection.getresponse()
            content = response.read(ANSWER_BYTES + 1)
        except TimeoutError:
            raise NoAnswer(f"`{what}` is not answered within {seconds:g} s.", self.said()) from None
        except (OSError, http.client.RemoteDisconnected, http.client.IncompleteRead) as error:
            raise NoAnswer(f"`{what}`: the service hangs up before it has answered.", _both(error, self)) from None
        except http.client.HTTPException as error:
            raise BadAnswer(f"`{what}` does not answer in HTTP.", _both(error, self)) from None
        finally:
            with contextlib.suppress(OSError):
                door.close()
        if len(content) > ANSWER_BYTES:
            raise BadAnswer(f"`{what}` answers more than {ANSWER_BYTES >> 20} MB.")
        names = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, names, content, time.perf_counter() - began, what)


def _body(data: Any, raw: bytes | str | None) -> bytes | None:
    if data is not None:
        return json.dumps(data).encode()
    return raw.encode() if isinstance(raw, str) else raw


def _both(error: Exception, client: Client) -> str:
    return f"{type(error).__name__}: {error}\n{client.said()}".strip()
