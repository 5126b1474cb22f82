"""A test set is sealed, boosting is cross-validated on the rest, and the sealed rows are looked at once."""

from __future__ import annotations

import json
from pathlib import Path

from gradus.errors import HostError
from gradus.provers.apart import run_apart
from gradus.tour.story import Done, Say, Tour

SHARE = 0.2


def sealed(tour: Tour, say: Say) -> Done:
    """Take rows out before any work."""
    from gradus.vault import Request, seal, vault_folder

    request = Request(tour.data, "affair", "affairs", SHARE, "roc_auc", "1", seed=tour.seed)
    done = seal(vault_folder(tour.work.root), request)
    standing = done.standing
    tour.facts["vault"] = done.folder
    return Done(
        f"{standing.sealed.rows:,} rows sealed, {standing.sealed.rest:,} left to work on; committed to in the ledger",
        lines=done.notes,
        measured={"sealed": standing.sealed.rows, "rest": standing.sealed.rest},
    )


def cross_validated(tour: Tour, say: Say) -> Done:
    """Compare two models on the rows that are left."""
    script = tour.work.root / "2-classical-ml" / "boosting.py"
    script.write_bytes((Path(__file__).parent / "files" / "boosting.py").read_bytes())
    say("python boosting.py affairs.csv")
    words = [str(tour.data), str(tour.facts["vault"] / "questions.csv"), str(tour.work.root / "predictions.csv")]
    ended = run_apart(["python", script.name, *words], script.parent, seconds=300)
    if ended.status:
        raise HostError("The boosting model could not be trained.", str(script), ended.last_line)
    found = json.loads(ended.stdout)
    tour.facts["folds"] = found
    mean = {name: sum(values) / len(values) for name, values in found.items()}
    gains = [a - b for a, b in zip(found["boosting"], found["linear"], strict=True)]
    ahead = sum(gain > 0 for gain in gains)
    return Done(
        f"boosting {mean['boosting']:.3f} area under the curve, a linear model {mean['linear']:.3f}; "
        f"ahead in {ahead} of {len(gains)} folds",
        measured={name: round(value, 5) for name, value in mean.items()} | {"folds": len(gains)},
    )


def opened(tour: Tour, say: Say) -> Done:
    """Look at the sealed rows, once."""
    from gradus.vault import open_set, read_ledger, vault_folder

    folder = vault_folder(tour.work.root)
    opening = open_set(folder, "affairs", tour.work.root / "predictions.csv")
    ledger = read_ledger(folder)
    assert opening.score is not None
    tour.facts["opening"] = opening.to_json()
    whole = "the ledger is whole" if not ledger.tampered else "the ledger was tampered with"
    return Done(
        f"{opening.score:.3f} on the sealed rows (95 %: {opening.low:.3f} to {opening.high:.3f}); {whole}",
        "done" if not ledger.tampered and not opening.seen else "failed",
        measured={"score": opening.score, "low": opening.low, "high": opening.high, "ledger": ledger.head},
    )
