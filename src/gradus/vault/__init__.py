"""Test sets that are sealed before the work, opened once, and written about in a ledger that shows tampering.

What other rooms use: :func:`vault_folder` says where a workspace keeps its vault, :func:`read_ledger` reads it (and
never raises because of tampering: look at ``problems``), ``ledger.standing(name)`` says how one set stands,
:func:`overlap` counts sealed rows that lie in other data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gradus.vault.answers import read_answers
    from gradus.vault.ledger import Ledger, Opening, Problem, Sealed, Standing, VaultError, read_ledger, vault_folder
    from gradus.vault.opening import open_set, overlap, take_rows_out
    from gradus.vault.scoring import METRICS, Metric, Task
    from gradus.vault.sealing import Request, SealedNow, seal

_HOMES = {
    "Ledger": "ledger", "Opening": "ledger", "Problem": "ledger", "Sealed": "ledger", "Standing": "ledger",
    "VaultError": "ledger", "read_ledger": "ledger", "vault_folder": "ledger", "open_set": "opening",
    "overlap": "opening", "take_rows_out": "opening", "METRICS": "scoring", "Metric": "scoring", "Task": "scoring",
    "Request": "sealing", "SealedNow": "sealing", "seal": "sealing", "read_answers": "answers",
}  # fmt: skip

__all__ = [
    "METRICS", "Ledger", "Metric", "Opening", "Problem", "Request", "Sealed", "SealedNow", "Standing", "Task",
    "VaultError", "open_set", "overlap", "read_answers", "read_ledger", "seal", "take_rows_out", "vault_folder",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"gradus.vault.{_HOMES[name]}"), name)
