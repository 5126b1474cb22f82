"""Each planted fault is caught, and called by its own name."""

from __future__ import annotations

from pathlib import Path

import pytest

from gradus.provers.service.faults import catalogue
from tests.provers.service.projects import FAULTS, planted, probes

pytest.importorskip("fastapi", reason="the corpus is served with FastAPI")


@pytest.mark.slow
@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_named(name: str, tmp_path: Path) -> None:
    if name == "schema_500":
        pytest.importorskip("schemathesis", reason="only requests drawn from the document find it")
    last = probes(planted(name, tmp_path))[-1]
    expected = name.partition("--")[0]
    assert (last.outcome, last.fault) == ("failed", expected), last.message
    assert last.message.startswith(f"**{catalogue()[expected].headline}**")


def test_the_corpus_is_large_and_covers_the_catalogue() -> None:
    planted_faults = {name.partition("--")[0] for name in FAULTS}
    assert len(planted_faults) >= 30
    assert planted_faults <= set(catalogue())
    # What cannot be planted where the prover has one user only, or would make every run wait for a timeout.
    assert set(catalogue()) - planted_faults == {"runs_as_root", "hangs_on_junk", "schema_unreadable"}
