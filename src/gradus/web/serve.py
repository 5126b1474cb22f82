"""Running the server: one for each workspace, on the loopback address, for who has the link."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn

from gradus.errors import HostError, UsageError
from gradus.web.app import create_app
from gradus.web.security import Keys

if TYPE_CHECKING:
    from gradus.grader import Grader
    from gradus.learner import Workspace
    from gradus.roadmap import Roadmap

LOOPBACK = "127.0.0.1"


def serve(
    workspace: Workspace, roadmap: Roadmap, lend: Callable[[], Grader], port: int, say: Callable[[str], None]
) -> None:
    """Serve until Ctrl-C. ``say`` is told the link once the server answers.

    Port 0 is the one of the last time while it is free, so that a page left open finds its server again. Raises
    UsageError when the port is taken, HostError when another server holds this workspace.
    """
    keys = Keys.new()
    take_short_turns()
    with _alone(workspace) as note, _listening_as_before(workspace, port) as listener:
        number = listener.getsockname()[1]
        url = f"http://{LOOPBACK}:{number}/enter?token={keys.token}"

        def begun() -> None:
            note(url)
            say(url)

        app = create_app(workspace, roadmap, lend, keys=keys, port=number)
        config = uvicorn.Config(
            app, http="h11", ws="none", loop="asyncio", lifespan="on", log_level="warning", access_log=False,
            proxy_headers=False, server_header=False, date_header=False, timeout_keep_alive=30,
            timeout_graceful_shutdown=2, limit_concurrency=200,
        )  # fmt: skip
        with contextlib.suppress(KeyboardInterrupt):
            _Server(config, begun).run(sockets=[listener])


def take_short_turns() -> None:
    """Let threads change places after half a millisecond.

    A check passes through several threads, and each handing over may wait for a whole turn of another: with the usual
    5 ms a check from a page took 22 ms where it takes 17 with these.
    """
    sys.setswitchinterval(0.0005)


def running_at(workspace: Workspace) -> str | None:
    """The link of the server that runs for this workspace; None when none does."""
    try:
        with _alone(workspace):
            return None
    except HostError:
        with contextlib.suppress(OSError):
            return _link_path(workspace).read_text(encoding="utf-8").strip() or None
        return None


class _Server(uvicorn.Server):
    """Tells when it has begun to answer, and ends its event streams as soon as it is asked to leave."""

    def __init__(self, config: uvicorn.Config, begun: Callable[[], None]) -> None:
        super().__init__(config)
        self._begun = begun

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            threading.Thread(target=self._begun, name="gradus-begun", daemon=True).start()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        app = self.config.app
        app.app.state.site.hub.close()  # type: ignore[union-attr]
        await super().shutdown(sockets)


@contextmanager
def listening(port: int) -> Iterator[socket.socket]:
    """A socket on the loopback address, and no other."""
    # The protocol is named so that asyncio finds it is TCP and sends small answers at once (no 40 ms of Nagle's).
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        if os.name == "posix":  # elsewhere this would let two servers share the port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((LOOPBACK, port))
        except OSError as error:
            raise UsageError(
                f"Port {port} cannot be used: {error.strerror or error}.", next_step="Leave out --port for a free one."
            ) from None
        listener.listen(128)
        yield listener


@contextmanager
def _listening_as_before(workspace: Workspace, port: int) -> Iterator[socket.socket]:
    """A socket on the port asked for; on the last one when none is, and on any when that is taken."""
    noted = workspace.private / "web.port"
    with contextlib.ExitStack() as stack:
        listener = None
        if not port:
            with contextlib.suppress(OSError, ValueError, OverflowError, UsageError):
                listener = stack.enter_context(listening(int(noted.read_text(encoding="ascii"))))
        if listener is None:
            listener = stack.enter_context(listening(port))
        with contextlib.suppress(OSError):
            noted.write_text(f"{listener.getsockname()[1]}\n", encoding="ascii")
        yield listener


def _link_path(workspace: Workspace) -> Path:
    return workspace.private / "web.link"


@contextmanager
def _alone(workspace: Workspace) -> Iterator[Callable[[str], None]]:
    """Hold the workspace's server lock; yields what notes the link, readable by this user alone. Raises HostError."""
    link = _link_path(workspace)
    workspace.private.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(workspace.private / "web.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not _lock(descriptor):
            raise HostError("Gradus already runs for this folder.", str(workspace.root), "End the other one first.")
        link.unlink(missing_ok=True)

        def note(url: str) -> None:
            with os.fdopen(os.open(link, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
                stream.write(url + "\n")

        yield note
        link.unlink(missing_ok=True)
    finally:
        os.close(descriptor)  # which also gives the lock back


def _lock(descriptor: int) -> bool:
    """Take the lock without waiting; where the system has no such locks, there is nothing to take."""
    try:
        import fcntl
    except ImportError:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
