"""Expressions as GitHub documents them, and workflows held against its schema."""

import pytest

from gradus.provers.release import BadWorkflow, parse_workflow
from gradus.provers.release.expressions import BadExpression, asks_status, evaluate, fill, holds

CONTEXT = {
    "github": {"ref": "refs/heads/main", "event": {"number": 7, "labels": [{"name": "a"}, {"name": "b"}]}},
    "env": {"N": "3"},
    "steps": {"gate": {"outputs": {"verdict": "better"}}},
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1.0),
        ("'it''s'", "it's"),
        ("0x1f", 31),
        ("true && 'yes' || 'no'", "yes"),
        ("false && 'yes' || 'no'", "no"),
        ("'Main' == 'main'", True),
        ("env.N == 3", True),
        ("'' == 0", True),
        ("null == 0", True),
        ("!github.head_ref", True),
        ("1 < 2 && !(2 <= 1)", True),
        ("github.event.number", 7),
        ("github['event']['labels'][1].name", "b"),
        ("contains(github.event.labels.*.name, 'B')", True),
        ("startsWith(github.ref, 'refs/heads/')", True),
        ("endsWith(github.ref, 'dev')", False),
        ("format('{0}-{1}-{{x}}', 'a', env.N)", "a-3-{x}"),
        ("join(github.event.labels.*.name, '+')", "a+b"),
        ("fromJSON('[1, 2]')[0]", 1),
        ("steps.gate.outputs.verdict == 'better'", True),
        ("steps.other.outputs.verdict", None),
    ],
)
def test_values(text, value):
    assert evaluate(text, CONTEXT) == value


@pytest.mark.parametrize("text", ["", "1 ==", "github..ref", "nothing(1)", "'open", "(1", "a b", "1 ? 2"])
def test_what_cannot_be_read_is_refused(text):
    with pytest.raises(BadExpression):
        evaluate(text, CONTEXT)


def test_texts_are_filled():
    assert fill("to ${{ github.ref }} at ${{ 1 == 1 }}, ${{ env.NOT }}.", CONTEXT) == "to refs/heads/main at true, ."


def conditions(failed):
    return {
        "success": lambda: not failed,
        "failure": lambda: failed,
        "always": lambda: True,
        "cancelled": lambda: False,
    }


@pytest.mark.parametrize(
    ("condition", "after_success", "after_failure"),
    [
        ("github.ref == 'refs/heads/main'", True, False),
        ("${{ github.ref == 'refs/heads/dev' }}", False, False),
        ("always()", True, True),
        ("${{ !cancelled() }}", True, True),
        ("failure()", False, True),
        ("${{ github.ref }} == 'refs/heads/dev'", True, False),  # a text, and a text is true
        (False, False, False),
        (True, True, False),
    ],
)
def test_conditions(condition, after_success, after_failure):
    assert holds(condition, CONTEXT, conditions(False)) is after_success
    assert holds(condition, CONTEXT, conditions(True)) is after_failure


def test_which_conditions_ask_for_a_status():
    assert asks_status("${{ always() && github.ref }}")
    assert not asks_status("github.event.always == 'success'")


STEPS = "jobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: echo\n"


def test_a_valid_workflow():
    pytest.importorskip("check_jsonschema", reason="the extra `mlops` is not installed")
    workflow = parse_workflow(f"on: [push, pull_request]\n{STEPS}".encode(), "w.yml")
    assert list(workflow.on) == ["push", "pull_request"]  # and not the truth value that YAML 1.1 makes of `on`
    assert workflow.order() == ("a",)
    assert workflow.releasing_events() == ("push",)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("on: [push\n", "no YAML"),
        (f"on: push\n{STEPS.replace('runs-on', 'runs_on')}", "$.jobs.a"),
        (f"on: push\n{STEPS}  b:\n    needs: c\n    runs-on: x\n    steps: [{{run: echo}}]\n", "need each other"),
        ("on: push\n" + "#" * 300_000, "larger"),
    ],
)
def test_what_is_no_workflow_says_why(text, reason):
    pytest.importorskip("check_jsonschema", reason="the extra `mlops` is not installed")
    with pytest.raises(BadWorkflow) as raised:
        parse_workflow(text.encode(), "w.yml")
    assert reason in raised.value.what
