"""The offline answers: the project's own function, called in a process of its own, asked with rows and nothing else."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from gradus.provers.service.faults import Found
from gradus.provers.service.starting import kill_group

Row = dict[str, Any]
CHILD = Path(__file__).with_name("offline_child.py")


class Refused(Exception):  # noqa: N818
    """The offline function raised, or did not answer every row."""


class Offline:
    """The offline function, loaded once in a child process. Use as a context manager."""

    def __init__(
        self, function: str, folder: Path, env: Mapping[str, str], user: int | None = None, seconds: float = 120.0
    ) -> None:
        self._seconds = seconds
        self._process = subprocess.Popen(
            [sys.executable, "-P", str(CHILD), function],
            cwd=folder, env=dict(env), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True, encoding="utf-8", start_new_session=True, user=user, group=user,
            extra_groups=[] if user is not None else None,
        )  # fmt: skip
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()
        loaded = self._line()
        if "error" in loaded:
            self.close()
            raise Found("offline_fails", f"`{function}` cannot be loaded: {loaded['error']}.")

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line)
        self._lines.put("")

    def _line(self) -> dict[str, Any]:
        try:
            line = self._lines.get(timeout=self._seconds)
        except queue.Empty:
            self.close()
            raise Found("offline_fails", f"It gave no answer within {self._seconds:g} s.") from None
        if not line:
            raise Found("offline_fails", "Its process ended without an answer.")
        document: dict[str, Any] = json.loads(line)
        return document

    def each(self, calls: Sequence[Sequence[Row]]) -> list[list[float | None] | None]:
        """One list of answers per call; None for a call that raised."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps({"calls": calls}) + "\n")
            self._process.stdin.flush()
        except (OSError, ValueError):
            raise Found("offline_fails", "Its process has ended.") from None
        answers = self._line()["answers"]
        self.error = next((answer["error"] for answer in answers if isinstance(answer, dict)), "")
        return [None if isinstance(answer, dict) else answer for answer in answers]

    def answers(self, rows: Sequence[Row]) -> list[float | None]:
        """One number per row, None where the model refuses the row. Raises :class:`Refused` when the call raised."""
        found = self.each([rows])[0]
        if found is None:
            raise Refused(self.error)
        return found

    def one_by_one(self, rows: Sequence[Row]) -> list[float | None]:
        """The same, a call for each row: one that raises is None, and takes no other with it."""
        return [None if answer is None else answer[0] for answer in self.each([[row] for row in rows])]

    def close(self) -> None:
        """End the child, whatever it is doing."""
        kill_group(self._process)
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except OSError:
                    pass

    def __enter__(self) -> Offline:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
