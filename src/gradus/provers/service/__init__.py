"""The service prover: starts a project's declared service, asks it, presses it, kills it, and names what is wrong.

``examine(folder_or_url, rows=200, burst=Burst(), rng=rng)`` yields one :class:`gradus.provers.Probe` after another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gradus.provers.service.asking import Burst
    from gradus.provers.service.examining import examine

__all__ = ["Burst", "examine"]


def __getattr__(name: str) -> Any:
    """Import on first use: the command line reads this room's name long before it needs NumPy."""
    if name == "examine":
        from gradus.provers.service.examining import examine

        return examine
    if name == "Burst":
        from gradus.provers.service.asking import Burst

        return Burst
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
