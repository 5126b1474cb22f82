"""A port of this machine's loopback that leads to a service inside, for tools that can only be given an address."""

from __future__ import annotations

import contextlib
import select
import socket
import threading
from collections.abc import Callable
from typing import Final

_CHUNK: Final = 1 << 16
_CONNECTIONS: Final = 256


class Forwarder:
    """Accepts on a free port of 127.0.0.1 and copies both ways. Closed with `close`."""

    def __init__(self, connect: Callable[[float], socket.socket]) -> None:
        self._connect = connect
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=_CONNECTIONS)
        self.port: int = self._listener.getsockname()[1]
        self._room = threading.Semaphore(_CONNECTIONS)
        self._open: set[socket.socket] = set()
        self._closed = False
        threading.Thread(target=self._accept, name="gradus forwarder", daemon=True).start()

    def _accept(self) -> None:
        while not self._closed:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            self._room.acquire()
            threading.Thread(target=self._serve, args=(near,), name="gradus forwarding", daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        far: socket.socket | None = None
        try:
            far = self._connect(10.0)
            for side in (near, far):
                side.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                side.settimeout(60)
                self._open.add(side)
            _copy(near, far)
        except OSError:
            pass
        finally:
            for end in (near, far):
                if end is not None:
                    self._open.discard(end)
                    end.close()
            self._room.release()

    def close(self) -> None:
        """Stop, and hang up."""
        self._closed = True
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for end in list(self._open):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


def _copy(near: socket.socket, far: socket.socket) -> None:
    """Until both have said that they are done, or one breaks."""
    other = {near: far, far: near}
    reading = [near, far]
    while reading:
        ready = select.select(reading, [], [], 60)[0]
        if not ready:
            return
        for end in ready:
            data = end.recv(_CHUNK)
            if data:
                other[end].sendall(data)
            else:
                reading.remove(end)
                with contextlib.suppress(OSError):
                    other[end].shutdown(socket.SHUT_WR)
