"""Server-sent events: files that change on disk, attempts that are recorded, the checker's state, probes."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from gradus.learner.project_files import is_project_save

if TYPE_CHECKING:
    from gradus.web.site import Site
    from gradus.web.views import Views

HEARTBEAT: Final = 15.0
MOST_LISTENERS: Final = 64
MOST_WAITING: Final = 256
#: As measured for watch mode: an atomic save is reported within 13 to 42 ms.
DEBOUNCE_MS, STEP_MS = 50, 10
_LOG: Final = "store.sqlite3-wal"
Json = dict[str, Any]


class Hub:
    """Passes events on to every page that listens. ``publish`` may be called from any thread."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._listeners: set[asyncio.Queue[str | None]] = set()
        self.host: Json = {"state": "warming", "what": ""}

    def open(self) -> None:
        """Begin; called on the event loop."""
        self._loop = asyncio.get_running_loop()

    def close(self) -> None:
        """End every stream, so that the server can leave."""
        for queue in self._listeners:
            queue.put_nowait(None)
        self._loop = None

    @property
    def full(self) -> bool:
        return len(self._listeners) >= MOST_LISTENERS

    def publish(self, event: str, data: Json) -> None:
        """Tell every listener."""
        if event == "host":
            self.host = data
        text = message(event, data)
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has just ended
                self._loop.call_soon_threadsafe(self._pass_on, text)

    def _pass_on(self, text: str) -> None:
        for queue in self._listeners:
            if queue.qsize() < MOST_WAITING:  # a page that does not read misses some; it asks anew when it wakes
                queue.put_nowait(text)

    async def listen(self, first: str) -> AsyncIterator[str]:
        """The stream of one page, until it leaves or the server does."""
        queue: asyncio.Queue[str | None] = asyncio.Queue()
        self._listeners.add(queue)
        try:
            yield first + message("host", self.host)
            while True:
                try:
                    text = await asyncio.wait_for(queue.get(), HEARTBEAT)
                except TimeoutError:
                    text = ": still here\n\n"
                if text is None:
                    return
                yield text
        finally:
            self._listeners.discard(queue)


def message(event: str, data: Json) -> str:
    """One event as the stream writes it. JSON has no line break that could end it early."""
    return f"event: {event}\ndata: {json.dumps(data)}\n\n"


class Watcher:
    """Looks at the workspace and publishes what changes: files of exercises, and new attempts in the record."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._versions: dict[Path, str] = {}
        self._stop = asyncio.Event()
        self._seen: int | None = None

    async def run(self) -> None:
        """Watch until stopped. Where the system has no file events, look twice a second instead."""
        for polling in (False, True):
            try:
                await self._watch(polling)
                return
            except (OSError, RuntimeError):
                if polling:
                    return

    def stop(self) -> None:
        self._stop.set()

    async def _watch(self, polling: bool) -> None:
        from watchfiles import awatch

        await self._site.desk.read(self._count)
        async for changes in awatch(
            self._site.workspace.root, watch_filter=_wanted, debounce=DEBOUNCE_MS, step=STEP_MS, stop_event=self._stop,
            rust_timeout=1000, ignore_permission_denied=True, force_polling=polling or None, poll_delay_ms=500,
        ):  # fmt: skip
            paths = {Path(path) for _, path in changes}
            if any(path.name.endswith(_LOG) for path in paths):
                await self._tell_attempts()
            for path in sorted(path for path in paths if not path.name.endswith(_LOG)):
                await self._tell_file(path)

    async def _tell_file(self, path: Path) -> None:
        located = self._site.workspace.locate(path)
        if located is None:
            return
        version = await self._site.desk.aside(lambda: _version(path))
        if self._versions.get(path) != version:
            self._versions[path] = version
            exercise, context = located
            name = path.relative_to(self._site.workspace.root.resolve()).as_posix() if path.is_absolute() else str(path)
            self._site.hub.publish("file", {"exercise": exercise, "context": context, "version": version, "path": name})

    def _count(self, views: Views) -> int:
        self._seen = len(views.history().times)
        return self._seen

    async def _tell_attempts(self) -> None:
        def fresh(views: Views) -> list[Json]:
            times = views.history().times
            new = times[self._seen or 0 :]
            self._seen = len(times)
            return [
                {"exercise": event.subject, "outcome": event.data.get("outcome")}
                for _, event in new
                if event.kind == "attempt"
            ]

        for attempt in await self._site.desk.read(fresh):
            self._site.hub.publish("attempt", attempt)


def _version(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def _wanted(change: object, path: str) -> bool:
    """Python files outside hidden folders, a project's files, and the record's own log."""
    if path.endswith(_LOG):
        return True
    parts = Path(path).parts
    if ".gradus" in parts:
        return False
    if is_project_save(path):
        return True
    return path.endswith(".py") and not any(part.startswith(".") or part == "__pycache__" for part in parts[-4:])
