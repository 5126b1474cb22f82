"""How the picture of an explorable is drawn: in the colors of the page, as wide as the place it gets."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

NARROW: Final = 560.0  # CSS pixels; below, parts of a picture stand below each other
WIDE_INCHES, NARROW_INCHES = 8.4, 4.4
MOST_PIXELS: Final = 1500
_DPI_STEP: Final = 5

#: Okabe and Ito's palette on white, and the same hues lightened for a dark page; C6 is the ink.
COLORS: Final[Mapping[str, tuple[str, ...]]] = {
    "light": ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#1A2325", "#8A7A00"),
    "dark": ("#5BB2EC", "#F58A4B", "#35C79B", "#E3A3C8", "#F0B840", "#9AD4F7", "#E4EAE8", "#F0E442"),
}
#: Paper, ink, softer ink, lines: the page's own (frontend/src/css/tokens.css).
_PAGE: Final[Mapping[str, tuple[str, str, str, str]]] = {
    "light": ("#ffffff", "#1a2325", "#435053", "#e4e5de"),
    "dark": ("#192124", "#e4eae8", "#b6c1c0", "#2d383b"),
}


@dataclass(frozen=True)
class Look:
    """What the page says about the place of a picture."""

    theme: str = "light"
    wide: bool = True
    dpi: int = 130

    @classmethod
    def of(cls, theme: Any, width: Any, ratio: Any) -> Look:
        """From what was sent: theme, width in CSS pixels, device pixels to each. What makes no sense is the default."""
        across, each = _number(width, 728.0), min(_number(ratio, 1.5), 3.0)
        wide = across >= NARROW
        pixels = min(across * each, MOST_PIXELS)
        dpi = math.ceil(pixels / (WIDE_INCHES if wide else NARROW_INCHES) / _DPI_STEP) * _DPI_STEP
        return cls("dark" if theme == "dark" else "light", wide, max(70, min(dpi, 320)))

    def style(self) -> dict[str, Any]:
        """Matplotlib settings as plain data, which is all that crosses into the sandbox."""
        from gradus.author.figures import house_style

        paper, ink, soft, line = _PAGE[self.theme]
        kept = {name: value for name, value in house_style().items() if name != "axes.prop_cycle"}
        # Constrained layout is a third of a drawing's time, on every move: fixed margins that hold labels do instead.
        return {
            **kept,
            "colors": list(COLORS[self.theme]),
            "figure.constrained_layout.use": False,
            "figure.figsize": [WIDE_INCHES, 3.4] if self.wide else [NARROW_INCHES, 3.2],
            "figure.dpi": self.dpi,
            "savefig.dpi": self.dpi,
            "figure.facecolor": paper,
            "savefig.facecolor": paper,
            "axes.facecolor": paper,
            "axes.edgecolor": soft,
            "axes.labelcolor": soft,
            "axes.titlecolor": ink,
            "axes.titlelocation": "left",
            "axes.titleweight": "bold",
            "axes.titlesize": 11,
            "axes.labelsize": 10,
            "xtick.color": soft,
            "ytick.color": soft,
            "xtick.labelsize": 9,
            "ytick.labelsize": 9,
            "text.color": ink,
            "grid.color": line,
            "lines.linewidth": 1.8,
            "text.hinting": "no_hinting",  # a tenth of a drawing's time, for a difference that takes a lens
        }


def _number(value: Any, otherwise: float) -> float:
    known = isinstance(value, int | float) and not isinstance(value, bool) and 0.1 <= value <= 1e5
    return float(value) if known else otherwise
