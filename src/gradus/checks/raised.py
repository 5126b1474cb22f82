"""What a behaviour sees when the learner's code raises."""

from __future__ import annotations

from typing import Any


class LearnerRaised(Exception):  # noqa: N818 - named after what happened
    """The learner's code raised. ``type`` and ``mro`` are qualified names, built-in ones bare.

    A behaviour may catch it to allow or to demand an exception:
    ``except LearnerRaised as raised: raised.is_a("ValueError")``.
    Left alone, it is shown to the learner with its line.
    """

    def __init__(
        self,
        type: str,
        message: str = "",
        mro: tuple[str, ...] = (),
        line: int | None = None,
        trace: tuple[Any, ...] = (),
        call: str = "",
    ) -> None:
        super().__init__(f"{type}: {message}" if message else type)
        self.type = type
        self.message = message
        self.mro = mro or (type,)
        self.line = line
        self.trace = trace
        self.call = call

    def is_a(self, name: str) -> bool:
        """Tell whether the exception is of the named type or a subclass of it."""
        return name in self.mro or any(base.rpartition(".")[2] == name for base in self.mro)
