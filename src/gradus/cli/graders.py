"""One grader, opened when the first check needs it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gradus.grader import Grader


class LazyGrader:
    """Lends the one grader of this process; ``close`` ends it."""

    def __init__(self) -> None:
        self._grader: Grader | None = None
        self._guard = threading.Lock()

    def lend(self) -> Grader:
        """The grader, opened once."""
        from gradus.grader import Grader

        with self._guard:
            if self._grader is None:
                self._grader = Grader().__enter__()
            return self._grader

    def close(self) -> None:
        """Close it, if it was opened."""
        with self._guard:
            grader, self._grader = self._grader, None
        if grader is not None:
            grader.close()
