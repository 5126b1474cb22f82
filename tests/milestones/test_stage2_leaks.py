"""Each leak of the taxonomy, planted in an otherwise good project, is caught and named."""

from __future__ import annotations

import pytest

from tests.milestones.stage2_bench import Examiner
from tests.milestones.stage2_leaky import LEAKS

TAXONOMY = {
    "no_test_set", "preprocessing", "selection", "target_encoding", "oversampling", "tuning", "duplicates", "entities",
    "time", "future", "illegitimate_feature", "left_out_rows", "fitted_before", "remembered_answers",
    "optimistic_claim",
}  # fmt: skip


def test_the_corpus_plants_every_leak_of_the_taxonomy() -> None:
    assert {leak.name for leak in LEAKS.values()} == TAXONOMY


@pytest.mark.parametrize("name", LEAKS)
def test_a_planted_leak_is_caught_and_named(brisk: Examiner, name: str) -> None:
    leak = LEAKS[name]
    found = brisk.first_failure(leak.project)
    assert found is not None
    assert (found.id[: len(leak.probe)], found.measured.get("leak")) == (leak.probe, leak.name), found.message
    assert leak.words in found.message
