"""Single keys from a terminal, without waiting for Enter, on POSIX and on Windows."""

from __future__ import annotations

import os
import select
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

#: Escape sequences -> names. Everything else a terminal may send is swallowed, never typed.
_SEQUENCES = {
    "[A": "up", "[B": "down", "OA": "up", "OB": "down", "[5~": "page-up", "[6~": "page-down", "[H": "home", "[F": "end",
    "[1~": "home", "[4~": "end", "OH": "home", "OF": "end",
}  # fmt: skip


def decode(data: str) -> Iterator[str]:
    """Keys in what a terminal sent: characters as they are, known sequences by name, unknown sequences not at all."""
    at = 0
    while at < len(data):
        if data[at] != "\x1b":
            yield data[at]
            at += 1
            continue
        end = at + 1
        if end < len(data) and data[end] in "[O":
            end += 1
            while end < len(data) and not ("@" <= data[end] <= "~"):
                end += 1
            if name := _SEQUENCES.get(data[at + 1 : end + 1]):
                yield name
            at = end + 1
        else:
            yield "escape"
            at += 1


@contextmanager
def keyboard(on_key: Callable[[str], None]) -> Iterator[Mode]:
    """Call ``on_key`` from a thread for every key pressed; the terminal is put back as it was afterwards."""
    stop = threading.Event()
    reader = _windows_reader if sys.platform == "win32" else _posix_reader
    mode = Mode()
    mode.single_keys()
    thread = threading.Thread(target=reader, args=(on_key, stop, mode.paused), name="gradus-keys", daemon=True)
    thread.start()
    try:
        yield mode
    finally:
        stop.set()
        mode.restore()
        thread.join(timeout=0.5)


class Mode:
    """The terminal's input mode: one key at a time and no echo, or as it was. Ctrl-C and Ctrl-Z keep their meaning."""

    def __init__(self) -> None:
        self.paused = threading.Event()  # while another program has the terminal, its keys are not ours
        self._before: list[Any] | None = None
        if sys.platform != "win32":
            import termios

            self._before = termios.tcgetattr(sys.stdin.fileno())

    def single_keys(self) -> None:
        """Deliver each key as it is pressed."""
        if sys.platform != "win32":
            import termios

            mode = termios.tcgetattr(sys.stdin.fileno())
            mode[3] &= ~(termios.ICANON | termios.ECHO)
            mode[6][termios.VMIN], mode[6][termios.VTIME] = 1, 0
            termios.tcsetattr(sys.stdin.fileno(), termios.TCSADRAIN, mode)
        self.paused.clear()

    def restore(self) -> None:
        """Put the terminal back as it was found."""
        self.paused.set()
        if sys.platform != "win32" and self._before is not None:
            import termios

            termios.tcsetattr(sys.stdin.fileno(), termios.TCSADRAIN, self._before)


def _posix_reader(on_key: Callable[[str], None], stop: threading.Event, paused: threading.Event) -> None:
    stream = sys.stdin.fileno()
    while not stop.is_set():
        try:
            ready, _, _ = select.select([stream], [], [], 0.1)
            if paused.is_set():
                stop.wait(0.05)
                continue
            data = os.read(stream, 256) if ready else b""
        except (OSError, ValueError):
            return
        if ready and not data:
            return
        for key in decode(data.decode("utf-8", "replace")):
            on_key(key)


def _windows_reader(on_key: Callable[[str], None], stop: threading.Event, paused: threading.Event) -> None:
    if sys.platform == "win32":
        import msvcrt

        names = {"H": "up", "P": "down", "I": "page-up", "Q": "page-down", "G": "home", "O": "end"}
        while not stop.is_set():
            if paused.is_set() or not msvcrt.kbhit():
                stop.wait(0.05)
                continue
            char = msvcrt.getwch()
            if char not in ("\x00", "\xe0"):
                on_key(char)
            elif name := names.get(msvcrt.getwch()):
                on_key(name)
