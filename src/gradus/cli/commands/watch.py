"""``gradus watch``: check on every save."""

from __future__ import annotations

import contextlib
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gradus.cli.commands.shared import exercise_argument, which

if TYPE_CHECKING:
    from gradus.cli.page import Page
    from gradus.cli.watch import Watch

TICK = 0.25
PATIENCE = 60.0


@click.command("watch")
@exercise_argument()
@click.option("--plain", is_flag=True, help="Plain lines, one verdict after another (for pipes and screen readers).")
@click.option("--poll", is_flag=True, help="Look at the file instead of waiting for the system's file events.")
def command(exercise: str | None, plain: bool, poll: bool) -> None:
    """Check on every save. Opens on the next exercise and says which file to edit; the verdict replaces the last one.

    \b
    Keys: h hint   n next   r run again   t task   l lesson   s solution   e edit   q quit
    Save a file of another exercise, and watch mode moves there.
    """
    from gradus.cli.ask import ask, warm_up
    from gradus.cli.page import LivePage, Page
    from gradus.cli.places import workspace_root
    from gradus.cli.term import Terminal

    root = workspace_root()
    focus = ask("focus", **which(exercise))  # outside a workspace, this says how to make one
    assert root is not None
    warm_up(root)
    live = Terminal.detect().interactive and sys.stdin.isatty() and not plain
    page: Page = LivePage() if live else Page()
    _run(page, root, focus, poll)


def _run(page: Page, root: Path, focus: dict[str, Any], poll: bool) -> None:
    from gradus.cli import hosting
    from gradus.cli.ask import ask, ask_checker
    from gradus.cli.page import LivePage
    from gradus.cli.watch import Event, Watch
    from gradus.cli.watching import Saves

    def asked(what: str, /, **args: Any) -> dict[str, Any]:
        return ask_checker(what, **args) if what == "check" else ask(what, **args)

    watch = Watch(asked, page, focus)
    saves = Saves(root, lambda paths: watch.events.put(Event("save", paths)), polling=poll)
    saves.start()
    held = hosting.hold()  # while somebody watches, the host stays
    try:
        if isinstance(page, LivePage):
            _live(watch, page, saves)
        else:
            _plain(watch, page, saves)
    finally:
        saves.stop()
        if held is not None:
            held.close()
    from gradus.cli.out import emit

    with contextlib.suppress(OSError):  # the terminal was closed: nobody reads it
        emit(page.farewell(watch.focus))


def _plain(watch: Watch, page: Page, saves: Any) -> None:
    _on_signals(watch)
    watch.open()
    _loop(watch, saves)


def _live(watch: Watch, page: Any, saves: Any) -> None:
    """On a terminal: second screen, single keys, resizes, suspending."""
    from gradus.cli.keys import keyboard
    from gradus.cli.watch import Event

    screen = page.screen
    with keyboard(lambda key: watch.events.put(Event("key", key))) as mode:
        screen.enter()
        page.mode = mode
        try:
            _on_signals(watch)
            _on_terminal_signals(watch)
            watch.open()
            _loop(watch, saves, lambda: _suspend(page, mode))
        finally:
            screen.leave()


def _loop(watch: Watch, saves: Any, suspend: Callable[[], None] = lambda: None) -> None:
    """Take events until it is time to leave; while a check runs, tick, so that waiting shows."""
    import queue

    from gradus.cli.watch import Event

    try:
        while True:
            saves.focus = watch.file
            try:
                event = watch.events.get(timeout=TICK if watch.running else PATIENCE)
            except queue.Empty:
                event = Event("tick")
            if event.kind == "suspend":
                suspend()
                event = Event("resize")
            if not watch.handle(event):
                return
    except KeyboardInterrupt:
        return


def _on_signals(watch: Watch) -> None:
    """A polite request to end, or a closed terminal, leaves as q does."""
    from gradus.cli.watch import Event

    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: watch.events.put(Event("quit")))


def _on_terminal_signals(watch: Watch) -> None:
    """A signal comes in the middle of anything, a page being written too: it only leaves an event."""
    from gradus.cli.watch import Event

    for name, kind in (("SIGWINCH", "resize"), ("SIGTSTP", "suspend")):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_, kind=kind: watch.events.put(Event(kind)))


def _suspend(page: Any, mode: Any) -> None:
    """Ctrl-Z: give the terminal back, sleep, and take it again when woken."""
    import os

    page.screen.leave()
    mode.restore()
    os.kill(os.getpid(), signal.SIGSTOP)
    mode.single_keys()
    page.screen.enter()
