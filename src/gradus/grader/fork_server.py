"""The loop of a process that forks on request, the zygote's and a cell's: who asks is at the other end of a socket.

A request is a message with descriptors for the child; the answer names the child and carries a descriptor of the
process. Ended children are collected; how one ended is told when it is asked for.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import time
import traceback
from collections.abc import Callable, Mapping

from gradus.grader.wire.codec import decode, encode

_REMEMBERED = 256  # children whose ending nobody has asked for yet
_DEATH_SECONDS = 5.0

Life = Callable[[list[int], str, bytes], None]
"""What a child does with its descriptors, its folder and the memory it is to make its own. The process ends when it
returns.
"""


class ForkServer:
    """Serves one control socket.

    ``lives`` are the words of the requests that fork, and what the child then does; ``new_child`` forks; ``unfit``
    returns why this process had better not fork again, when all its children have ended (only a cell is asked).
    """

    def __init__(
        self,
        control: socket.socket,
        lives: Mapping[str, Life],
        new_child: Callable[[], int] = os.fork,
        unfit: Callable[[], str] | None = None,
    ) -> None:
        self._control = control
        self._lives = lives
        self._new_child = new_child
        self._unfit = unfit
        self._poll = select.poll()
        self._poll.register(control, select.POLLIN)
        self._children: dict[int, int] = {}  # the descriptor of each process that runs, and its number
        self._known: dict[int, tuple[int, float, int]] = {}

    def serve(self) -> None:
        """Fork on request until the other end of the socket closes."""
        ours = self._control.fileno()
        while True:
            for fd, _event in self._poll.poll():
                if fd != ours:
                    self._collect(fd)
            try:
                data, fds, _flags, _address = socket.recv_fds(self._control, 65536, 3, socket.MSG_DONTWAIT)
            except BlockingIOError:
                continue
            except OSError:
                return
            if not data:
                return
            word, *rest = decode(data)
            if word == "ending":
                self._control.send(encode(("ending", *(self._ending(*rest) or (None, 0.0, 0)))))
            else:
                self._fork(word, fds, *rest)

    def _fork(self, word: str, fds: list[int], folder: str, memory: bytes) -> None:
        why = self._worn() if self._unfit is not None else ""
        pid = -1
        if not why:
            try:
                pid = self._new_child()
            except OSError as error:
                why = str(error)
        if pid == 0:
            try:
                self._lives[word](fds, folder, memory)
            except BaseException:
                os.write(2, traceback.format_exc().encode())
            finally:
                os._exit(1)
        for fd in fds:
            os.close(fd)
        process = -1
        if not why:
            try:
                process = os.pidfd_open(pid)
            except OSError as error:
                os.kill(pid, signal.SIGKILL)
                why = str(error)
        if why:
            self._control.send(encode(("failed", why)))
            return
        socket.send_fds(self._control, [encode(("forked", pid))], [process])
        self._poll.register(process, select.POLLIN)
        self._children[process] = pid

    def _worn(self) -> str:
        """Wait until every child has ended, and say why there had better be no other; empty when there may be."""
        deadline = time.monotonic() + _DEATH_SECONDS
        for process in list(self._children):
            if not _ends(process, max(0.0, deadline - time.monotonic())):
                return "the process before this one does not end"
            self._collect(process)
        return self._unfit() if self._unfit is not None else ""

    def _collect(self, process: int) -> None:
        """Take note of how a child ended: its status, processor time and largest memory."""
        self._poll.unregister(process)
        os.close(process)
        pid = self._children.pop(process)
        while len(self._known) >= _REMEMBERED:
            self._known.pop(next(iter(self._known)))
        try:
            _, status, usage = os.wait4(pid, 0)
        except ChildProcessError:
            return
        self._known[pid] = (status, usage.ru_utime + usage.ru_stime, usage.ru_maxrss)

    def _ending(self, pid: int, seconds: float) -> tuple[int, float, int] | None:
        """How a child ended; None when it still runs after so many seconds."""
        process = next((fd for fd, number in self._children.items() if number == pid), None)
        if process is not None and _ends(process, seconds):
            self._collect(process)
        return self._known.pop(pid, None)


def _ends(process: int, seconds: float) -> bool:
    """Whether a process, by its descriptor, has ended or does so in time."""
    waiting = select.poll()
    waiting.register(process, select.POLLIN)
    return bool(waiting.poll(seconds * 1000))
