"""What the vault's ledger says about the sealed test set of a milestone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gradus.milestones.stage1 import NotApplicable, ProbeFailed

if TYPE_CHECKING:
    import pandas as pd

    from gradus.learner import Workspace
    from gradus.milestones.stage2_declared import Declared
    from gradus.vault import Ledger, Standing

NO_VAULT = (
    "Missing evidence: no vault was used, so nothing shows that a test set stayed untouched until the end. Seal one "
    "with "
    "`gradus vault seal` before the work, and name it in claims.toml: `seal = \"…\"` under [vault]."
)  # fmt: skip
Found = tuple[str, dict[str, Any]]


def vault_reader(workspace: Workspace, declared: Declared, data: Path) -> Callable[[pd.DataFrame], Found]:
    """A function that says what the ledger shows, given the examined rows.

    Raises UsageError when claims.toml names a set that the vault does not hold.
    """
    from gradus.vault import read_ledger, vault_folder

    folder = vault_folder(workspace.root)
    ledger = read_ledger(folder)
    named = declared.vault.seal if declared.vault is not None else _set_of(ledger, folder, data)
    if declared.vault is not None and not ledger.tampered:
        ledger.standing(declared.vault.seal)

    def read(frame: pd.DataFrame) -> Found:
        if ledger.tampered and (named is None or named not in ledger.names):
            raise ProbeFailed(_first_problem(ledger.problems), leak="tampered_vault")
        if named is None:
            raise NotApplicable(NO_VAULT)
        return _verdict(folder, ledger.standing(named), declared, frame)

    return read


def _set_of(ledger: Ledger, folder: Path, data: Path) -> str | None:
    """The one set that was sealed out of this very file, when claims.toml names none."""
    real = data.resolve()
    found = [name for name in ledger.names if (folder.parent / ledger.standing(name).sealed.source).resolve() == real]
    return found[0] if len(found) == 1 else None


def _verdict(folder: Path, standing: Standing, declared: Declared, frame: pd.DataFrame) -> Found:
    name, sealed = standing.name, standing.sealed
    if standing.tampered:
        raise ProbeFailed(_first_problem(standing.problems), leak="tampered_vault", set=name)
    if sealed.target != declared.data.target:
        raise ProbeFailed(
            f"“{name}” was sealed to predict “{sealed.target}”, and this milestone predicts “{declared.data.target}”.",
            set=name,
        )
    inside = _sealed_rows_in(folder, name, frame)
    if inside > sealed.repeats:
        raise ProbeFailed(
            f"{inside:,} of the {sealed.rows:,} rows sealed as “{name}” lie in the data that was examined: the test "
            "set "
            "was trained on. Use the file that sealing left behind.",
            leak="sealed_rows_in_data", set=name, rows=inside,
        )  # fmt: skip
    measured = {
        "set": name, "sealed_at": sealed.at, "sealed_rows": sealed.rows, "openings": len(standing.openings),
        "digest": sealed.digest[:16],
    }  # fmt: skip
    if standing.state == "sealed":
        raise NotApplicable(
            f"Missing evidence: “{name}” ({sealed.rows:,} rows, sealed on {sealed.at[:10]}) was never opened. When "
            "your "
            "work is done, predict its questions and open it once: `gradus vault open`."
        )
    first = standing.openings[0]
    if standing.state == "seen" or first.score is None:
        raise NotApplicable(
            f"Missing evidence: “{name}” was looked at {len(standing.openings)} "
            f"{'times' if len(standing.openings) != 1 else 'time by taking its rows out'}, so whatever is claimed "
            "about "
            "it counts as *seen*. Only a set that was opened once shows how the model does on rows nobody tuned for."
        )
    interval = f", 95 % {first.low:.4g} to {first.high:.4g}" if first.low is not None and first.high is not None else ""
    measured |= {"score": first.score, "metric": first.metric, "opened_at": first.at}
    return (
        f"“{name}”: {sealed.rows:,} rows sealed on {sealed.at[:10]}, opened once on {first.at[:10]}: {first.metric} "
        f"{first.score:.4g}{interval}.",
        measured,
    )


def _sealed_rows_in(folder: Path, name: str, frame: pd.DataFrame) -> int:
    from gradus.errors import GradusError
    from gradus.vault import overlap

    try:
        return overlap(folder, name, frame)
    except GradusError as problem:
        raise ProbeFailed(
            f"The sealed set “{name}” cannot be compared with your data: {problem.what}", set=name
        ) from None


def _first_problem(problems: Any) -> str:
    wrong = next(problem for problem in problems if problem.is_tampering)
    return f"{wrong.words} What the vault says can no longer be believed."
