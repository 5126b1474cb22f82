"""Bad input to milestone 2 gets a clear error, and nothing is lost or written."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from gradus.errors import UsageError
from gradus.learner import Workspace
from gradus.vault import Request, open_set, seal, vault_folder
from tests.milestones import stage2_data as data
from tests.milestones.stage2_bench import Examiner
from tests.milestones.stage2_data import as_csv
from tests.milestones.stage2_honest import IMPORTS, LOGISTIC, LOOP, PROJECTS, project

PLAIN = PROJECTS["pipeline with a linear model"]

BAD_CLAIMS = {
    "missing target": ('target = "default"', 'target = "defaulted"', "has no column “defaulted”.*mean “default”"),
    "group column": ("[score]", 'groups = "town"\n[score]', "no column “town”.*`groups`"),
    "groups of one row each": ("[score]", 'groups = "row"\n[score]', "groups nothing"),
    "a claim about nothing": ('feature = "debt"', 'feature = "dept"', "Claim 1 is about “dept”.*mean “debt”"),
    "no such class": ('positive = "yes"', 'positive = "maybe"', "classes of “default” are 'no' and 'yes'"),
    "words by a metric for numbers": ('"roc_auc"', '"rmse"', "holds words"),
    "a metric that does not exist": ('"roc_auc"', '"auc"', "`score.metric`"),
    "no value": ("value = 0.83", "", "lacks `score.value`"),
    "a misspelled entry": ("[score]", 'tiem = "x"\n[score]', "`data.tiem`"),
    "no TOML": ("[score]", "[score", "not valid TOML"),
    "a set that was never sealed": ("[score]", '[vault]\nseal = "nothing"\n[score]', "no set “nothing”"),
}


@pytest.mark.parametrize("case", BAD_CLAIMS)
def test_declarations_that_do_not_fit_are_refused(brisk: Examiner, case: str) -> None:
    old, new, words = BAD_CLAIMS[case]
    file = brisk.lay(PLAIN)
    claims = file.parent / "claims.toml"
    assert old in claims.read_text()
    if case == "groups of one row each":
        (file.parent / "data.csv").write_text(data.loans().reset_index(names="row").to_csv(index=False))
    claims.write_text(claims.read_text().replace(old, new, 1))
    _refused(brisk, file, words)


def _refused(examiner: Examiner, file: Path, words: str) -> None:
    before = {path: path.read_bytes() for path in file.parent.iterdir()}
    evidence = sorted(examiner.workspace.evidence.glob("*"))
    with pytest.raises(UsageError) as caught:
        examiner.prove(file)
    import re

    assert re.search(words, f"{caught.value.what} {caught.value.next_step}", re.DOTALL), str(caught.value)
    assert {path: path.read_bytes() for path in file.parent.iterdir()} == before
    assert sorted(examiner.workspace.evidence.glob("*")) == evidence


def _csv(name: str) -> str:
    frame = data.loans()
    if name == "target":
        frame.loc[3:6, "default"] = None
    elif name == "single":
        frame["default"] = "no"
    elif name == "rare":
        frame["default"] = ["yes"] * 2 + ["no"] * (len(frame) - 2)
    elif name == "short":
        frame = frame.head(30)
    return frame.to_csv(index=False)


BAD_DATA = {
    "NaN target": (_csv("target"), "missing in 4 of 160 rows"),
    "single class": (_csv("single"), "single class"),
    "a class too rare": (_csv("rare"), "'yes' of “default” has only 2 rows"),
    "too few rows": (_csv("short"), "30 rows; at least 40"),
    "wrong columns": ("a,b\n" + "1,2\n" * 30 + "2,3\n" * 30, "no column “default”"),
    "two columns of one name": ("a,a\n" + "1,2\n" * 60, "same name"),
    "a broken row": (_csv("") + "1,2\n", "cells, but the header has"),
    "empty": ("", "0 rows"),
}


@pytest.mark.parametrize("case", BAD_DATA)
def test_data_that_cannot_be_examined_is_refused(brisk: Examiner, case: str) -> None:
    content, words = BAD_DATA[case]
    file = brisk.lay(PLAIN)
    (file.parent / "data.csv").write_text(content)
    _refused(brisk, file, words)


def test_a_huge_file_is_refused_by_its_size_without_being_read(brisk: Examiner) -> None:
    file = brisk.lay(PLAIN)
    path = file.parent / "data.csv"
    with path.open("r+b") as stream:
        stream.truncate(2 * 1024**3)  # sparse: it takes no room
    with pytest.raises(UsageError, match="2,048 MB; the examination takes at most"):
        brisk.prove(file)
    assert path.stat().st_size == 2 * 1024**3


def test_missing_files_are_named(brisk: Examiner) -> None:
    file = brisk.lay(PLAIN)
    (file.parent / "data.csv").unlink()
    with pytest.raises(UsageError, match="no such file"):
        brisk.prove(file)
    (file.parent / "claims.toml").unlink()
    with pytest.raises(UsageError, match=r"no claims\.toml"):
        brisk.prove(file)


ANSWERS = {
    "nothing returned": (LOOP.replace("return out", "print(out)"), "repeatable", "returned None"),
    "a single number": (LOOP.replace("return out", "return 0.9"), "repeatable", "a single number"),
    "too few": (LOOP.replace("return out", "return out[:50]"), "repeatable", "for each of the 160 rows"),
    "ids that do not match": (
        LOOP.replace("return out", "return pd.Series(out, index=np.arange(len(X)) + 7)"),
        "repeatable", "does not match",
    ),
    "out of range": (LOOP.replace("return out", "return out * 7"), "repeatable", "between 0 and 1"),
    "it raises": (LOOP.replace("return out", "return out['x']"), "repeatable", "of milestone.py"),
    "no evaluate": ("", "loads", "does not define `evaluate`"),
}  # fmt: skip


@pytest.mark.parametrize("case", ANSWERS)
def test_what_cannot_be_read_as_predictions_is_said(brisk: Examiner, case: str) -> None:
    evaluate, probe, words = ANSWERS[case]
    found = brisk.first_failure(replace(PLAIN, source=IMPORTS + LOGISTIC + evaluate))
    assert found is not None
    assert found.id == probe
    assert words in found.message


def test_a_load_without_the_target_is_said(brisk: Examiner) -> None:
    source = PLAIN.source + "\ndef load(path):\n    return pd.read_csv(path).drop(columns='default')\n"
    found = brisk.first_failure(replace(PLAIN, source=source))
    assert found is not None
    assert (found.id, "has no column “default”" in found.message) == ("loads", True)


VAULTED = project(
    data.loans, IMPORTS + LOGISTIC + LOOP, "default", "roc_auc", 0.8, more='positive = "yes"',
    claims=(("debt", "raises"),),
)  # fmt: skip


@pytest.fixture
def vaulted(brisk: Examiner, tmp_path: Path) -> tuple[Examiner, Path, Path]:
    """A project whose test set was sealed before; its file and the vault."""
    from gradus.roadmap import load_roadmap

    examiner = replace(brisk, workspace=Workspace.create(tmp_path / "mine", load_roadmap(), git=False))
    file = examiner.lay(VAULTED)
    (file.parent / "data.csv").write_bytes(as_csv(data.loans))
    folder = vault_folder(examiner.workspace.root)
    seal(folder, Request(file.parent / "data.csv", "default", "test", metric="roc_auc", positive="yes", seed=1))
    claims = file.parent / "claims.toml"
    claims.write_text(claims.read_text() + '\n[vault]\nseal = "test"\n')
    return examiner, file, folder


def _vault(examiner: Examiner, file: Path) -> tuple[str, str, str]:
    report = examiner.prove(file)
    probe = next(probe for probe in report.probes if probe.id == "vault")
    return report.outcome, probe.outcome, probe.message


def _predictions(folder: Path, to: Path) -> Path:
    rows = (folder / "test" / "questions.csv").read_text().splitlines()[1:]
    to.write_text("row,prediction\n" + "".join(f"{row.split(',')[0]},0.5\n" for row in rows))
    return to


def test_a_vault_opened_once_verifies_and_a_second_look_does_not(
    vaulted: tuple[Examiner, Path, Path], tmp_path: Path
) -> None:
    examiner, file, folder = vaulted
    outcome, probe, words = _vault(examiner, file)
    assert (outcome, probe, "never opened" in words) == ("partial", "not_applicable", True)
    predictions = _predictions(folder, tmp_path / "predictions.csv")
    open_set(folder, "test", predictions)
    outcome, probe, words = _vault(examiner, file)
    assert (outcome, probe, "opened once" in words) == ("verified", "passed", True)
    open_set(folder, "test", predictions, again=True)
    outcome, probe, words = _vault(examiner, file)
    assert (outcome, probe, "*seen*" in words) == ("partial", "not_applicable", True)


def test_a_sealed_file_edited_afterwards_is_named_and_kept(vaulted: tuple[Examiner, Path, Path]) -> None:
    examiner, file, folder = vaulted
    sealed = folder / "test" / "sealed.csv"
    sealed.chmod(0o600)
    edited = sealed.read_text().replace("yes", "no", 1)
    sealed.write_text(edited)
    outcome, probe, words = _vault(examiner, file)
    assert (outcome, probe) == ("unverified", "failed")
    assert "can no longer be believed" in words
    assert sealed.read_text() == edited


def test_sealed_rows_in_the_data_are_a_leak(vaulted: tuple[Examiner, Path, Path]) -> None:
    examiner, file, _ = vaulted
    (file.parent / "data.csv").write_bytes(as_csv(data.loans))
    outcome, probe, words = _vault(examiner, file)
    assert (outcome, probe) == ("unverified", "failed")
    assert "the test set was trained on" in words


def test_the_report_shows_what_was_found(examiner: Examiner) -> None:
    odd = replace(PLAIN, claims=(("debt", "lowers"), ("city", "raises"), ("debt", "matters")))
    report = examiner.examine(odd)
    outcomes = {probe.id: probe.outcome for probe in report.probes}
    assert (outcomes["claim_1"], outcomes["claim_2"], outcomes["claim_3"]) == ("failed", "failed", "passed")
    assert report.page is not None
    assert report.evidence is not None
    page = report.page.read_text(encoding="utf-8")
    assert page.count("<img") == 4
    assert "the other way round" in page
    assert "<script" not in page
    names = {path.name for path in report.page.parent.iterdir()}
    assert names == {"report.html", "scores.png", "predictions.png", "chance.png", "claims.png"}
    written = json.loads(report.evidence.read_text())
    assert set(written["files"]) == {"milestone.py", "claims.toml", "data.csv"}


def test_what_a_learner_wrote_is_text_on_the_page(brisk: Examiner) -> None:
    from gradus.milestones.report import Probe, Report
    from gradus.milestones.stage2 import Dossier
    from gradus.milestones.stage2_declared import read_claims
    from gradus.milestones.stage2_page import render

    declared = read_claims(brisk.lay(PLAIN).parent).declared
    probe = Probe("claim_1", "<b>t</b>", "failed", "<script>alert(1)</script>", {"leak": "<i>"})
    page = render(Report(2, "x", (probe,), {"<u>.py": "0"}, 1, (), "now"), Dossier(), declared, [])
    assert not any(tag in page for tag in ("<script>", "<b>t", "<i>", "<u>"))
