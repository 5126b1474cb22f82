"""A tour on the screen: what is done stays, what is at work moves. Plain lines where nobody watches a terminal."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from gradus.cli.out import emit
from gradus.cli.term import Terminal
from gradus.cli.text import indent, one_line, wrap

if TYPE_CHECKING:
    from gradus.tour import Done, Step, Walked

OUTCOMES = {
    "done": ("passed", "ok"),
    "caught": ("passed", "info"),
    "partial": ("not_yet", "warn"),
    "failed": ("broken", "bad"),
}
LINES_SHOWN = 4


class PlainShow:
    """Each step as a paragraph when it is done: for pipes, logs and small terminals."""

    def __init__(self, term: Terminal) -> None:
        self.term = term
        self.chapter = ""

    def begin(self, step: Step) -> None:
        """A chapter's name, when a new one begins."""
        if step.chapter != self.chapter:
            self.chapter = step.chapter
            self._print(["", self.term.style(step.chapter, "strong")])

    def say(self, step: Step, line: str) -> None:
        """Nothing: only what came of a step is printed."""

    def end(self, step: Step, done: Done, seconds: float) -> None:
        """The step, what came of it, and how long it took."""
        self._print(step_lines(step, done, seconds, self.term))

    def close(self) -> None:
        """Nothing is open."""

    def _print(self, lines: list[str]) -> None:
        emit(lines)


class LiveShow(PlainShow):
    """The same, and below it a line that moves: what is at work just now, and how far the road is walked."""

    def __init__(self, term: Terminal, steps: int) -> None:
        from rich.console import Console
        from rich.live import Live

        super().__init__(term)
        self.steps, self.taken, self.began = steps, 0, time.monotonic()
        self.title = self.doing = ""
        self._console = Console(highlight=False)
        self._live = Live(
            get_renderable=self._line, console=self._console, refresh_per_second=12, transient=True, screen=False
        )
        self._spinner = _spinner(term)
        self._live.start()

    def begin(self, step: Step) -> None:
        """The moving line is about this step now."""
        super().begin(step)
        self.title, self.doing = step.title, ""

    def say(self, step: Step, line: str) -> None:
        """What it is at."""
        self.doing = line

    def end(self, step: Step, done: Done, seconds: float) -> None:
        """What came of it stays on the screen."""
        self.taken += 1
        super().end(step, done, seconds)

    def close(self) -> None:
        """Take the moving line away."""
        self.title = ""
        self._live.stop()

    def _print(self, lines: list[str]) -> None:
        from rich.text import Text

        self._console.print(Text.from_ansi("\n".join(lines)), soft_wrap=True)

    def _line(self) -> Any:
        from rich.console import Group
        from rich.progress_bar import ProgressBar
        from rich.table import Table
        from rich.text import Text

        if not self.title:
            return Text("")
        now = time.monotonic()
        first = Text.assemble((f"{self._spinner.render(now)} ", "cyan"), (self.title, "bold"))
        if self.doing:
            first.append(f"  {one_line(self.doing, max(10, self.term.width - len(self.title) - 6))}", style="dim")
        first.truncate(self._console.width, overflow="ellipsis")
        bar = Table.grid(padding=(0, 1))
        passed = int(now - self.began)
        bar.add_row(
            ProgressBar(
                total=self.steps, completed=self.taken, width=30, complete_style="green", finished_style="green"
            ),
            Text(f"{self.taken} of {self.steps}", style="dim"),
            Text(f"{passed // 60}:{passed % 60:02d}", style="dim"),
        )
        return Group(Text(""), first, bar)


class SilentShow:
    """Nothing on the screen: the record is printed at the end."""

    def begin(self, step: Step) -> None:
        """Nothing."""

    def say(self, step: Step, line: str) -> None:
        """Nothing."""

    def end(self, step: Step, done: Done, seconds: float) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""


def _spinner(term: Terminal) -> Any:
    from rich.spinner import Spinner

    return Spinner("dots" if term.unicode else "line")


def step_lines(step: Step, done: Done, seconds: float, term: Terminal) -> list[str]:
    """A step that was taken."""
    symbol, style = OUTCOMES[done.outcome]
    took = term.style(f"{seconds:.1f} s", "dim")
    lines = [f"  {term.style(term.symbol(symbol), style)} {term.style(step.title, 'strong')}  {took}"]
    lines += indent(wrap(term.prose(done.summary), term.width - 4, term), "    ")
    shown = [one_line(line, 300) for line in done.lines]
    for line in shown[:LINES_SHOWN]:
        lines += indent(wrap(term.prose(line), term.width - 6, term, "dim"), "      ")
    if len(shown) > LINES_SHOWN:
        lines.append(term.style(f"      {term.symbol('cut')} {len(shown) - LINES_SHOWN} more in evidence.html", "dim"))
    return lines


def end_lines(walked: Walked, term: Terminal) -> list[str]:
    """Where everything lies, and the line that calls the model."""
    from gradus.cli.places import shorten

    minutes, seconds = divmod(round(walked.seconds), 60)
    if walked.failed:
        said = f"{term.symbol('broken')} The tour did not come through; what was done lies in {shorten(walked.folder)}."
        lines = ["", *wrap(said, term.width, term, "bad")]
        if not walked.curl:
            return lines
    else:
        head = f"From a first exercise to a deployed model in {minutes}:{seconds:02d} minutes."
        lines = ["", term.style(head, "strong")]
    lines += ["", f"  {shorten(walked.page)}   what was done and measured" if walked.page else ""]
    lines += [f"  {shorten(walked.folder / 'README.md')}   what is where", ""]
    lines += ["Start the service, and call the model:", ""]
    lines += [term.style(f"  gradus tour {shorten(walked.folder)} --serve", "info"), ""]
    return [*lines, term.style(f"  {walked.curl}", "info")]
