"""Length-prefixed frames over a stream socket, with a deadline the peer cannot stretch."""

from __future__ import annotations

import select
import socket
import struct
import time
from typing import Final

from gradus.grader.wire.codec import MAX_BYTES, WireError

_HEADER: Final = struct.Struct("<I")
_SLACK: Final = 1024  # a message's own envelope, beyond the largest value


class ChannelClosed(Exception):  # noqa: N818 - named after what happened
    """The peer closed its end, or died."""


class DeadlinePassed(Exception):  # noqa: N818
    """The moment until which the peer had to answer has passed."""


class Channel:
    """One end of a connected stream socket.

    ``deadline`` is a moment of ``time.monotonic()`` for the whole frame, so a peer that sends one byte at a time
    gains nothing.
    """

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self._announced = -1  # bytes of the frame that is on its way
        self._buffer = bytearray()
        self.received = 0
        """How many bytes have come in so far."""
        sock.setblocking(False)
        self._poll_in: select.poll | None = None
        self._poll_out: select.poll | None = None
        if hasattr(select, "poll"):
            self._poll_in = select.poll()
            self._poll_in.register(sock, select.POLLIN)
            self._poll_out = select.poll()
            self._poll_out.register(sock, select.POLLOUT)

    def send(self, payload: bytes, deadline: float | None = None) -> None:
        """Send one frame.

        Raises:
            DeadlinePassed: the peer did not take it in time.
            ChannelClosed: the peer is gone.
        """
        if len(payload) > MAX_BYTES + _SLACK:
            raise WireError("a message is too long")
        if len(payload) < 65536:
            payload = _HEADER.pack(len(payload)) + payload
        else:
            self._push(memoryview(_HEADER.pack(len(payload))), deadline)
        self._push(memoryview(payload), deadline)

    def _push(self, rest: memoryview, deadline: float | None) -> None:
        while rest:
            try:
                sent = self.sock.send(rest)
            except (BlockingIOError, InterruptedError):
                self._wait(False, deadline)
            except OSError as error:
                raise ChannelClosed from error
            else:
                rest = rest[sent:]

    def receive(self, deadline: float | None = None) -> bytes:
        """The next frame's payload.

        Raises:
            DeadlinePassed: it was not complete in time.
            ChannelClosed: the peer is gone.
            WireError: the peer announces a frame beyond the bounds.
        """
        if self._announced < 0:  # who was interrupted by its deadline may ask again
            header = self._pull(_HEADER.size, deadline)
            (length,) = _HEADER.unpack(header)
            if length > MAX_BYTES + _SLACK:
                raise WireError("a message is announced that is too long")
            self._announced = length
        payload = self._pull(self._announced, deadline)
        self._announced = -1
        return payload

    def _pull(self, length: int, deadline: float | None) -> bytes:
        buffer = self._buffer
        while len(buffer) < length:
            try:
                part = self.sock.recv(min(max(length - len(buffer), 65536), 2**20))
            except (BlockingIOError, InterruptedError):
                self._wait(True, deadline)
                continue
            except OSError as error:
                raise ChannelClosed from error
            if not part:
                raise ChannelClosed
            buffer += part
            self.received += len(part)
        taken = bytes(memoryview(buffer)[:length])
        del buffer[:length]
        return taken

    def _wait(self, reading: bool, deadline: float | None) -> None:
        left = None if deadline is None else deadline - time.monotonic()
        if left is not None and left <= 0:
            raise DeadlinePassed
        poll = self._poll_in if reading else self._poll_out
        if poll is not None:
            poll.poll(None if left is None else left * 1000)
        else:  # Windows
            one = [self.sock]
            select.select(one if reading else [], [] if reading else one, [], left)

    def close(self) -> None:
        self.sock.close()
