"""What the vault's ledger says about the sealed test set of a milestone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gradus.milestones.stage1 import NotApplicable

if TYPE_CHECKING:
    import pandas as pd

    from gradus.learner import Workspace
    from gradus.milestones.stage2_declared import Declared

NO_VAULT = (
    "Missing evidence: no vault was used, so nothing shows that a test set stayed untouched until the end. Seal one "
    "with "
    '`gradus vault` before the work, and name it in claims.toml: `seal = "…"` under [vault].'
)


def vault_reader(
    workspace: Workspace, declared: Declared, data: Path
) -> Callable[[pd.DataFrame], tuple[str, dict[str, Any]]]:
    """A function that says what the ledger shows, given the examined rows."""

    def read(frame: pd.DataFrame) -> tuple[str, dict[str, Any]]:
        raise NotApplicable(NO_VAULT)

    return read
