"""One prover that works beside the others: building an image or an environment waits mostly for others' machines."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

from gradus.milestones.report import Probe
from gradus.tour.story import Say


class Aside:
    """Takes probes from ``begin()`` in a thread of its own; ``wait`` gives them all, ``stop`` ends it early."""

    def __init__(self, begin: Callable[[], Iterator[Probe]]) -> None:
        self._begin = begin
        self._probes: list[Probe] = []
        self._error: BaseException | None = None
        self._news = threading.Condition()
        self._stopped = False
        self._thread = threading.Thread(target=self._work, name="gradus-tour-aside", daemon=True)
        self._thread.start()

    def _work(self) -> None:
        probes: Iterator[Probe] | None = None
        try:
            probes = self._begin()
            for probe in probes:
                with self._news:
                    self._probes.append(probe)
                    self._news.notify_all()
                    if self._stopped:
                        break
        except BaseException as error:
            self._error = error
        finally:
            close = getattr(probes, "close", None)
            if close is not None:
                close()  # what was started or built is taken away again

    def wait(self, say: Say) -> list[Probe]:
        """Every probe, told as it is known; those that are known already at once. Raises what the prover raised."""
        told = 0
        while self._thread.is_alive() or told < len(self._probes):
            with self._news:
                if told == len(self._probes):
                    self._news.wait(0.2)
                fresh = self._probes[told:]
            for probe in fresh:
                say(probe.title)
            told += len(fresh)
        if self._error is not None:
            raise self._error
        return list(self._probes)

    def stop(self, seconds: float = 30.0) -> None:
        """Let it come to its next probe, clean up, and end."""
        with self._news:
            self._stopped = True
        self._thread.join(seconds)
