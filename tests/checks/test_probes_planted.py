"""The probes of honest evaluation against planted faults and honest code: a few rounds of what `bench.probes` measures.

Seeds are fixed. What a probe cannot see is tested, too, so that the documented blind spots stay true.
"""

from __future__ import annotations

import pytest
from bench.planted import FAMILIES, Entry

ROUNDS = {
    "heldout_edit": 2,
    "fit_spy": 2,
    "null_labels": 1,
    "split_audit": 12,
    "future_cut": 4,
    "calibration": 3,
    "beats_baseline": 3,
}
ENTRIES = [
    pytest.param(entry, ROUNDS[family], id=f"{family}: {entry.name}")
    for family, entries in FAMILIES.items()
    for entry in entries()
    if entry.expect != "rate"
]


@pytest.mark.parametrize(("entry", "rounds"), ENTRIES)
def test_planted(entry: Entry, rounds: int) -> None:
    assert entry.found(rounds) == (rounds if entry.expect == "found" else 0)


def test_every_family_has_faults_and_honest_code() -> None:
    for entries in FAMILIES.values():
        kinds = [entry.expect for entry in entries()]
        assert kinds.count("found") >= 3
        assert "silent" in kinds


def test_what_the_edit_cannot_see_the_spy_can_and_the_other_way_round() -> None:
    edits = {entry.name: entry.expect for entry in FAMILIES["heldout_edit"]()}
    spied = {entry.name: entry.expect for entry in FAMILIES["fit_spy"]()}
    assert all(spied[name] == "found" for name, expect in edits.items() if expect == "blind")
    assert all(edits[name] == "found" for name, expect in spied.items() if expect == "blind" and name in edits)
