"""Honest projects of different styles pass milestone 2 without a false alarm."""

from __future__ import annotations

import importlib.util

import pytest

from tests.milestones.stage2_bench import Examiner
from tests.milestones.stage2_honest import PROJECTS

#: With these the data cannot show more than guessing; they are honest all the same.
UNRESOLVED = {"groups that matter, declared, and no better than guessing there", "copies kept together"}


def test_the_corpus_has_twenty_honest_projects_that_need_no_further_library() -> None:
    assert len([project for project in PROJECTS.values() if not project.needs]) >= 20


@pytest.mark.parametrize("name", PROJECTS)
def test_an_honest_project_raises_no_alarm(brisk: Examiner, name: str) -> None:
    project = PROJECTS[name]
    for module in project.needs:
        if importlib.util.find_spec(module) is None:
            pytest.skip(f"{module} is not installed")
    report = brisk.examine(project)
    assert [(probe.id, probe.message) for probe in report.probes if probe.outcome == "failed"] == []
    missing = {probe.id for probe in report.probes if probe.outcome == "not_applicable"}
    assert missing == ({"vault", "baselines", "claims"} if name in UNRESOLVED else {"vault"})
    assert report.outcome == "partial"
