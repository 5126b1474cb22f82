"""What the commands ask of one workspace, answered as plain JSON data.

The same object answers inside the background host and, where no host runs, inside the command's own process; so a
command's renderer never cares which. Nothing here decides anything: the learner's room does.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gradus.errors import UsageError

if TYPE_CHECKING:
    from gradus.grader import Grader
    from gradus.learner import Learner
    from gradus.roadmap import Roadmap

Json = dict[str, Any]


class Service:
    """Answers for the workspace at ``root``, or for none. ``grader`` lends one when a check needs it."""

    def __init__(self, root: Path | None, grader: Callable[[str], Grader]) -> None:
        self.root = root
        self._grader = grader
        self._lock = threading.RLock()
        self._learner: Learner | None = None

    def answer(self, what: str, args: Mapping[str, Any]) -> Json:
        """Answer one question. Raises GradusError in words; every other exception is a fault of ours."""
        method = getattr(self, f"do_{what}", None)
        if method is None:
            raise UsageError(f"The background process does not know “{what}”.", next_step="Run the command again.")
        with self._lock:
            answer: Json = method(**args)
            return answer

    # ------------------------------------------------------------------------------------------------ plumbing

    @property
    def roadmap(self) -> Roadmap:
        """The road, loaded once."""
        from gradus.roadmap import load_roadmap

        return load_roadmap()

    @property
    def learner(self) -> Learner:
        """The learner of this workspace. Raises WorkspaceError outside one."""
        if self._learner is None:
            from gradus.learner import Learner, Workspace

            self._learner = Learner.open(Workspace.find(self.root or Path.cwd()), self.roadmap)
        return self._learner
