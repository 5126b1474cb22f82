"""The pool of sandboxed runners: it owns one zygote and asks it for children."""

from __future__ import annotations

import functools
from collections import deque

from gradus.grader.body import Body
from gradus.grader.forkers import Cell, ZygoteBody, ZygoteProcess
from gradus.grader.libraries import LibrarySet
from gradus.grader.pool import Pool
from gradus.grader.replies import RunnerFault
from gradus.grader.written_pages import written_pages

_REMEMBERED = 64  # exercises
_RUNNERS = 200  # one after the other, before a sandbox is made anew


class ZygotePool(Pool):
    """Forked, isolated children of one zygote, which is started again should it die.

    Where namespaces cannot be had, the zygote does without them; where it cannot be at all, interpreters are spawned.
    What is then missing stands in ``lost``. ``namespaces=False`` goes to the second step at once (for tests).
    """

    def __init__(self, libraries: LibrarySet, parked: int = 2, namespaces: bool = True, fallback: bool = True) -> None:
        super().__init__(libraries, parked)
        self._zygote: ZygoteProcess | None = None
        self._namespaces = namespaces
        self._fallback = fallback
        self._why = "namespaces are switched off"
        self._spawner: Pool | None = None
        self._cells = True
        self._free: deque[Cell] = deque()  # sandboxes in which nothing runs
        self._memory: dict[str, bytes] = {}  # what checks of an exercise write to, by its name; of this zygote

    def make(self) -> Body:
        if self._spawner is not None:
            return self._spawner.make()
        if self._zygote is not None and not self._zygote.alive:
            self._zygote.close()
            self._zygote = None
        try:
            if self._zygote is None:
                self._memory.clear()
                self._zygote = ZygoteProcess(self.libraries, self._namespaces, self._why)
                self.missing = self._zygote.missing
            body = self._in_a_cell(self._zygote) if self._zygote.rooted and self._cells else self._zygote.fork()
        except RunnerFault as error:
            return self._with_less(error)
        self.layers, self.lost = body.layers, body.lost
        return body

    def _in_a_cell(self, zygote: ZygoteProcess) -> ZygoteBody:
        """A runner in a sandbox that stands free, or in a new one."""
        while self._free:
            try:
                return self._move_in(self._free.popleft())
            except RunnerFault:
                continue  # its folder has been used, say
        cell = zygote.cell()
        if "seccomp" not in cell.layers:  # a runner could leave processes behind
            self._cells = False
            cell.close()
            return zygote.fork()
        return self._move_in(cell)

    def _move_in(self, cell: Cell) -> ZygoteBody:
        """A runner in this sandbox, which is ended where that fails."""
        try:
            body = cell.fork(memory=self._memory.get(self.expected, b""))
        except RunnerFault:
            cell.close()
            raise
        body.left = functools.partial(self._vacate, cell)
        return body

    def learn(self, body: Body, name: str) -> None:
        zygote = self._zygote
        if zygote is None or name in self._memory or not isinstance(body, ZygoteBody):
            return
        cell = body.cell()
        if cell is not None:
            while len(self._memory) >= _REMEMBERED:
                self._memory.pop(next(iter(self._memory)))
            self._memory[name] = written_pages(body.number(), cell.number(), zygote.hot)

    def _vacate(self, cell: Cell) -> None:
        if cell.runners >= _RUNNERS or len(self._free) > self._wanted or not self._open:
            cell.close()
        else:
            self._free.append(cell)

    def _with_less(self, error: RunnerFault) -> Body:
        """Try again without what may be the cause. Only at the start: later the same zygote has worked before."""
        if self.layers or not self._fallback:
            raise error
        if self._zygote is not None:
            self._zygote.close()
            self._zygote = None
        if self._namespaces:
            self._namespaces, self._why = False, str(error)
            return self.make()
        from gradus.grader.spawn import SpawnPool

        self._spawner = SpawnPool(self.libraries)
        body = self._spawner.make()
        self.missing, self.layers, self.lost = self._spawner.missing, self._spawner.layers, self._spawner.lost
        return body

    def close(self) -> None:
        super().close()
        while self._free:
            self._free.popleft().close()
        if self._zygote is not None:
            self._zygote.close()
            self._zygote = None
