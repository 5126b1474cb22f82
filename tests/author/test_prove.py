"""The proof holds for a sound exercise, and says in words what is weak about each planted weak one."""

from pathlib import Path

import pytest

from gradus.author.cache import ProofCache
from gradus.author.find import Found
from gradus.author.proofs import ExerciseProof
from gradus.author.prove import Progress, prove


def proof_of(found: Found, **options: object) -> ExerciseProof:
    options = {"seeds": 3, "jobs": 1, "cache": ProofCache(None), "sandboxed": False} | options
    (proof,) = prove([found], **options).exercises  # type: ignore[arg-type]
    return proof


def told(found: Found) -> list[str]:
    return [str(problem) for problem in proof_of(found).problems]


def test_a_sound_exercise_is_proved(build) -> None:
    proof = proof_of(build())
    assert proof.problems == ()
    assert proof.ok
    assert (proof.seeds, proof.seeds_passed, proof.starter) == (3, 3, "unstarted")
    assert (proof.mistakes, proof.mistakes_named) == (3, 3)
    assert (proof.ways, proof.ways_passed) == (1, 1)
    assert proof.mutants == proof.killed > 3
    assert proof.reference_ms > 0
    assert proof.margin is not None
    assert proof.margin > 0.5


@pytest.mark.slow
def test_a_sound_exercise_is_proved_in_the_sandbox_too(build) -> None:
    assert proof_of(build(), sandboxed=True).problems == ()


def test_json_is_the_contract(build) -> None:
    proof = prove([build()], seeds=2, jobs=1, cache=ProofCache(None), sandboxed=False).to_json()
    (exercise,) = proof["exercises"]
    assert {"reference", "starter", "misconceptions", "ways", "mutants"} <= exercise.keys()
    assert exercise["misconceptions"] == {"total": 3, "named": 3}
    assert set(exercise["mutants"]) == {"total", "killed", "equivalent", "survivors"}
    assert proof["ok"] is True
    assert proof["totals"]["exercises"] == 1
    assert ExerciseProof.from_json(exercise).to_json() == exercise


def test_nothing_proved_is_not_a_proof() -> None:
    assert not prove([], cache=ProofCache(None)).ok


def test_a_reference_that_fails(build, files) -> None:
    checks = files["checks.py"] + (
        "\nfrom gradus.checks import behaviour, fail\n\n"
        '@behaviour("is never possible")\ndef impossible(student, rng):\n    """Why it must hold."""\n'
        '    fail("It is not possible.")\n'
    )
    problems = told(build({"checks.py": checks}))
    assert any(p.startswith("center/solution.py (reference): the reference does not pass") for p in problems)


def test_a_starter_that_passes(build, files) -> None:
    problems = told(build({"starter.py": files["solution.py"]}))
    assert any(p.startswith("center/starter.py (starter): it must not pass, nor break: passed") for p in problems)
    assert "center/starter.py (code): it gives solution code away: return x - x.mean()" in problems


def test_a_starter_that_breaks(build, files) -> None:
    starter = files["starter.py"].replace("import numpy as np", "import numpy as np\n\nprint(undefined)")
    problems = told(build({"starter.py": starter}))
    assert any(p.startswith("center/starter.py (starter): it must not pass, nor break: broken") for p in problems)


def test_a_misconception_that_the_cases_do_not_tell_from_the_reference(build, files) -> None:
    checks = files["checks.py"].replace("return x - np.median(x)", "return x - np.mean(x)")
    problems = told(build({"checks.py": checks}))
    assert any(p.startswith("center/checks.py (median): it passes on 20 of 20 seeds") for p in problems)


def test_a_misconception_that_is_called_by_another_name(build, files) -> None:
    checks = files["checks.py"].replace("x - x[0]", "x - np.median(x)")
    problems = told(build({"checks.py": checks}))
    assert any(
        p.startswith("center/checks.py (first): not named on 20 of 20 seeds, expected “first”") for p in problems
    )


def test_a_wrong_submission_that_gets_another_diagnosis(build, files) -> None:
    wrong = files["wrong/in_place.py"].replace("input_changed", "wrong_shape")
    problems = told(build({"wrong/in_place.py": wrong}))
    assert any(
        p.startswith("center/wrong/in_place.py (in_place): not named") and "expected “wrong_shape”" in p
        for p in problems
    )


SCALED = '''import numpy as np


def center(x: np.ndarray) -> np.ndarray:
    """Return x minus its mean. x: shape (n,). Returns: shape (n,), float."""
    if len(x) > 1000:
        x = x * 1.0
    return x - x.mean()
'''


def test_surviving_mutants_are_listed_with_their_edit(build) -> None:
    proof = proof_of(build({"solution.py": SCALED}))
    assert not proof.ok
    assert any(survivor.diff == "line 6: if len(x) > 1000:  ->  if len(x) > 1001:" for survivor in proof.survivors)
    assert any(
        str(p).startswith("center/solution.py (mutants): the checks let a mutant pass, center:") for p in proof.problems
    )


def test_an_equivalent_mutant_is_excused_with_a_reason(build, files) -> None:
    survivors = proof_of(build({"solution.py": SCALED})).survivors
    entries = "".join(
        f'[[equivalent]]\nmutant = "{s.id}"\nreason = "No case is that long, on purpose."\n' for s in survivors
    )
    proof = proof_of(build({"solution.py": SCALED, "exercise.toml": files["exercise.toml"] + entries}))
    assert proof.ok
    assert proof.equivalent == len(survivors) > 0
    assert proof.survivors == ()


def test_a_stale_equivalent_is_an_error(build, files) -> None:
    entries = '[[equivalent]]\nmutant = "{}"\nreason = "It makes no difference at all."\n'
    killed = build({"exercise.toml": files["exercise.toml"] + entries.format("center:arithmetic#1")})
    assert any("center/exercise.toml (equivalent): stale" in p and "is killed" in p for p in told(killed))
    gone = build({"exercise.toml": files["exercise.toml"] + entries.format("center:no-such#7")})
    assert any("center/exercise.toml (equivalent): stale" in p and "no mutant" in p for p in told(gone))


def test_an_equivalent_without_a_reason_is_an_error(build, files) -> None:
    entry = '[[equivalent]]\nmutant = "center:arithmetic#1"\nreason = ""\n'
    assert any("needs a reason" in p for p in told(build({"exercise.toml": files["exercise.toml"] + entry})))


def test_a_mutant_that_never_ends_is_killed(build) -> None:
    solution = '''import numpy as np


def center(x: np.ndarray) -> np.ndarray:
    """Return x minus its mean. x: shape (n,). Returns: shape (n,), float."""
    total, i = 0.0, 0
    while i < len(x):
        total += x[i]
        i += 1
    return x - total / len(x)
'''
    proof = proof_of(build({"solution.py": solution}), jobs=2)
    assert proof.ok
    assert proof.killed == proof.mutants


def test_a_way_that_fails(build, files) -> None:
    way = files["ways/functions.py"].replace("np.mean(x)", "np.max(x)")
    problems = told(build({"ways/functions.py": way}))
    assert any(p.startswith("center/ways/functions.py (way): this way does not pass: not_yet") for p in problems)


def test_missing_hints(build, files) -> None:
    two = "\n".join(files["hints.md"].splitlines()[:2]) + "\n"
    assert told(build({"hints.md": two})) == ["center/hints.md (line 1): three numbered hints are needed, found 2"]


def test_a_missing_file(build) -> None:
    assert told(build({"task.md": None})) == ["center: task.md is missing"]


def test_checks_that_do_not_load(build, files) -> None:
    problems = told(build({"checks.py": files["checks.py"].replace("@cases\n", "@casse\n")}))
    assert problems == ["center/checks.py (line 8): NameError: name 'casse' is not defined"]


def test_a_misspelled_field_names_file_and_line(build, files) -> None:
    (problem,) = told(build({"exercise.toml": files["exercise.toml"].replace("minutes", "minuts")}))
    assert problem.startswith("center/exercise.toml (line ")
    assert "minut" in problem


def test_one_malformed_exercise_does_not_hide_another(build, files, tmp_path: Path) -> None:
    from gradus.author.find import find_exercises
    from gradus.author.scaffold import scaffold

    build()
    (scaffold("arrays", "broken", tmp_path) / "hints.md").unlink()
    proof = prove(find_exercises((), tmp_path), seeds=2, jobs=1, cache=ProofCache(None), sandboxed=False)
    assert [(p.exercise, p.ok) for p in proof.exercises] == [("broken", False), ("center", True)]


# --- cache and progress ----------------------------------------------------------------------------------------------


def test_a_proof_is_remembered_until_anything_changes(build, files, tmp_path: Path) -> None:
    cache = ProofCache(tmp_path / "cache")
    assert not proof_of(build(), cache=cache).cached
    remembered = proof_of(build(), cache=cache)
    assert remembered.cached
    assert remembered.ok
    assert not proof_of(build(), cache=cache, fresh=True).cached
    assert not proof_of(build(), cache=cache, seeds=4).cached  # more was asked than was proved
    assert proof_of(build(), cache=cache, seeds=4).cached
    changed = build({"hints.md": files["hints.md"].replace("single number", "one number")})
    assert not proof_of(changed, cache=cache).cached


def test_a_failed_proof_is_not_remembered(build, files, tmp_path: Path) -> None:
    cache = ProofCache(tmp_path / "cache")
    found = build({"starter.py": files["solution.py"]})
    assert not proof_of(found, cache=cache).ok
    assert not proof_of(found, cache=cache).cached


def test_a_damaged_memory_is_ignored(build, tmp_path: Path) -> None:
    cache = ProofCache(tmp_path / "cache")
    proof_of(build(), cache=cache)
    (tmp_path / "cache" / "center.json").write_text("{")
    assert not proof_of(build(), cache=cache).cached


def test_progress_counts_every_part_and_brings_the_proof(build) -> None:
    steps: list[Progress] = []
    proof_of(build(), progress=steps.append)
    assert [step.done for step in steps] == list(range(1, steps[-1].total + 1))
    assert steps[-1].finished is not None
    assert all(step.finished is None for step in steps[:-1])


def test_an_interrupt_leaves_nothing_running_and_keeps_what_is_done(build, tmp_path: Path) -> None:
    import psutil

    cache = ProofCache(tmp_path / "cache")

    def interrupt(step: Progress) -> None:
        raise KeyboardInterrupt

    before = {child.pid for child in psutil.Process().children(recursive=True)}
    with pytest.raises(KeyboardInterrupt):
        proof_of(build(), cache=cache, progress=interrupt)
    assert {child.pid for child in psutil.Process().children(recursive=True)} <= before
