"""What the terminal can show: color, symbols, width. Light on purpose: nothing here imports more than the basics."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TextIO

#: Meaning -> SGR parameters. Only the 16 theme colors, so that light and dark terminals both stay readable.
STYLES: Mapping[str, str] = {
    "ok": "32",
    "bad": "31",
    "warn": "33",
    "info": "36",
    "limit": "35",
    "fault": "7",
    "strong": "1",
    "dim": "2",
    "code": "36",
    "em": "3",
    "mark": "1;4",
    "link": "4",
}

#: Symbol -> (Unicode, ASCII).
SYMBOLS: Mapping[str, tuple[str, str]] = {
    "passed": ("✓", "[ok]"),
    "not_yet": ("◐", "[..]"),
    "unstarted": ("○", "[ ]"),
    "broken": ("✗", "[x]"),
    "over_limit": ("■", "[!]"),
    "grader_error": ("?", "[?]"),
    "libraries_missing": ("↓", "[+]"),
    "bar": ("│", "|"),
    "rule": ("─", "-"),
    "arrow": ("→", "->"),
    "pointer": ("▸", ">"),
    "bullet": ("•", "*"),
    "dot": ("·", "-"),
    "cut": ("…", "..."),
    "full": ("█", "#"),
    "empty": ("░", "."),
    "dash": ("–", "-"),
    "coming": ("◌", "[-]"),
}

#: Typographic characters of our own prose, for code pages that lack them.
_ASCII_PROSE = str.maketrans(
    {
        "…": "...", "–": "-", "—": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "→": "->", "←": "<-", "×": "x",
        "·": "-", "•": "*", "≤": "<=", "≥": ">=", "≠": "!=", "≈": "~", "−": "-", "│": "|", "─": "-", "✓": "ok",
        "²": "^2", "³": "^3", "ᵀ": "^T", "√": "sqrt", "Σ": "sum", "σ": "sigma", "μ": "mu", "α": "alpha", "β": "beta",
        "ε": "eps", "θ": "theta", "λ": "lambda", "π": "pi", "Δ": "Delta", "∂": "d", "∇": "grad", "∞": "inf",
        "\N{NO-BREAK SPACE}": " ", "\N{NARROW NO-BREAK SPACE}": " ",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Terminal:
    """The capabilities a renderer may use. Build one with :meth:`detect`, or by hand in a test.

    ``width`` is what prose is wrapped to (100 at most, for the eye), ``columns`` what the terminal really has.
    """

    color: bool = False
    unicode: bool = True
    width: int = 80
    height: int = 24
    interactive: bool = False
    columns: int = 0

    @classmethod
    def detect(cls, stream: TextIO | None = None, environ: Mapping[str, str] | None = None) -> Terminal:
        """Look at the stream and the environment (``NO_COLOR``, ``FORCE_COLOR``, ``TERM``, ``COLUMNS``)."""
        stream = sys.stdout if stream is None else stream
        environ = os.environ if environ is None else environ
        interactive = _is_tty(stream)
        size = shutil.get_terminal_size((80, 24))
        return cls(
            color=_wants_color(interactive, environ),
            unicode=_can_encode(stream),
            width=max(20, min(size.columns, 100)),
            height=max(6, size.lines),
            interactive=interactive and environ.get("TERM") != "dumb",
            columns=size.columns,
        )

    def style(self, text: str, *names: str) -> str:
        """Wrap ``text`` in the named styles, or return it as it is where color is off."""
        if not self.color or not text or not names:
            return text
        return f"\x1b[{';'.join(STYLES[name] for name in names)}m{text}\x1b[0m"

    def symbol(self, name: str) -> str:
        """The named symbol, in ASCII where the terminal's encoding lacks it."""
        return SYMBOLS[name][0 if self.unicode else 1]

    def prose(self, text: str) -> str:
        """Our own words, reduced to ASCII where the terminal's encoding lacks the typographic characters."""
        return text if self.unicode else text.translate(_ASCII_PROSE)

    def rule(self, width: int | None = None) -> str:
        """A horizontal line."""
        return self.style(self.symbol("rule") * (width or self.width), "dim")


def _is_tty(stream: TextIO) -> bool:
    try:
        return stream.isatty()
    except (AttributeError, ValueError):
        return False


def _wants_color(interactive: bool, environ: Mapping[str, str]) -> bool:
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR", "0") not in ("", "0") or environ.get("CLICOLOR_FORCE", "0") not in ("", "0"):
        return True
    return interactive and environ.get("TERM") != "dumb"


def _can_encode(stream: TextIO) -> bool:
    try:
        "✓✗○◐■◌│▸█░…".encode(getattr(stream, "encoding", None) or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
