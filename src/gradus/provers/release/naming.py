"""Why a planted regression got out, told from how the steps went; and what to say about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from gradus.provers.release.expressions import asks_status
from gradus.provers.release.records import Plan, Ran, Step
from gradus.provers.release.workflow import Workflow

#: What a good teacher says about each fault, after what was seen.
FAULTS = {
    "continue_on_error": (
        "`continue-on-error: true` turns the failure of a step into a success: the run stays green and all that "
        "follows happens. It is for steps whose failure does not matter. A gate's does."
    ),
    "swallowed_exit": (
        "A step fails when its script's last command does, and something swallowed the status: `|| true`, a pipe "
        "without `pipefail` (`| tee log`), `set +e`, `;` and a command that succeeds. Let the gate's status be the "
        "step's."
    ),
    "gate_after_deploy": (
        "A red cross that comes after the deployment undoes nothing. The gate stands before it: an earlier step of "
        "the same job, or a job that the deploying one `needs`."
    ),
    "deploys_always": (
        "The deployment's own `if:` asks for no success: `always()`, `failure()` and `!cancelled()` run a step or a "
        "job although something before it failed. Without them `success()` is added."
    ),
    "never_reached": (
        "An `if:` that does not hold on this event skips the gate, and a skipped step is no failure. Let the gate run"
        " on every event that deploys; also, text around `${{ }}` makes a condition always true."
    ),
    "fixed_threshold": (
        "The gate never looks at the model that is released: a fixed limit lets out whatever is above it, also what "
        "is clearly worse than today's, and lets noise decide near it. Compare the two on the same rows."
    ),
    "training_rows": (
        "The gate never looks at the held-out rows: on rows that it was fitted to, any model looks good. Compare on "
        "rows that had no part in training."
    ),
    "regression_released": (
        "The gate was asked and let it pass. Compare candidate and released model row by row on held-out rows, and "
        "let the interval of the difference decide."
    ),
    "pull_request_target": (
        "`pull_request_target` runs with this repository's secrets and a token that may write; checking out the pull "
        "request's head there and running anything of it (a script, a test, an install) gives both to whoever opened "
        "it. Use `pull_request`, which has neither; keep the other for labels and comments."
    ),
    "secret_echoed": (
        "A log and an artifact are read by many. GitHub hides exact copies of a secret in logs and nothing else: "
        "encoded, cut or in a file it stands there. Hand secrets to the one program that needs them, as `env`."
    ),
    "unpinned_action": (
        "A tag or a branch of somebody else's repository can be moved to other code, which then runs with your token."
        " Name third-party actions by the full hash of a commit, with the version as a comment."
    ),
}

Again = Callable[[Plan], Ran]


def first_release(ran: Ran, deploy: str = "") -> int | None:
    """The number among ``ran.steps`` of the first step that put something out; None when nothing got out.

    That is a step after which the released files are others, or the first that ran of the declared ``deploy``: a
    job, or a step's name.
    """
    for place, step in enumerate(ran.steps):
        if step.outcome == "skipped":
            continue
        if step.released or (step.kind == "run" and deploy and deploy in (step.job, step.name)):
            return place
    return None


def why_released(
    workflow: Workflow, plan: Plan, ran: Ran, again: Again, *, deploy: str = "", production: str = "", held: str = ""
) -> tuple[str, str]:
    """The fault that let the regression out, and what was seen.

    ``again`` runs another plan: with skipped gates forced, with what is in production unreadable, without the held-out
    rows. ``production`` and ``held`` name those files.
    """
    place = first_release(ran, deploy)
    assert place is not None
    step = ran.steps[place]
    above = workflow.ancestors(step.job)
    before = [one for at, one in enumerate(ran.steps) if (one.job == step.job and at < place) or one.job in above]
    late = [one for one in ran.failing if one not in before and one is not step]
    failed = [one for one in before if one.outcome == "failure"]
    if failed:
        one = failed[-1]
        seen = f"{one.here} failed with status {one.status}, and {step.where} released it all the same. "
        conditions = [workflow.jobs[step.job].get("if", ""), _condition(workflow, step)]
        if one.conclusion == "failure" and any(asks_status(str(text)) for text in conditions if text):
            return "deploys_always", seen
        return "continue_on_error", seen
    swallowed = [(one, words) for one in [*before, step] for status, words in one.programs if status]
    if swallowed:
        one, words = swallowed[-1]
        return "swallowed_exit", f"In {one.where} `python {words}` failed; the step counts as a success. "
    if late:
        one = late[0]
        return "gate_after_deploy", f"{step.here} released it; {one.where} failed afterwards. "
    skipped = frozenset((one.job, one.number) for one in ran.steps if one.outcome == "skipped" and one.why_skipped)
    jobs = {(job, -1) for job, _ in skipped}
    if skipped and first_release(again(replace(plan, ignore_if=skipped | jobs)), deploy) is None:
        passed_over = [one for one in ran.steps if (one.job, one.number) in skipped]
        one = next((one for one in passed_over if one.job == step.job or one.job in above), passed_over[0])
        return "never_reached", f"{one.here} was skipped, as `if: {one.why_skipped}` does not hold. "
    seen = f"{step.here} released it. "
    looked = {name for one in before for name in one.read}
    for one in ran.steps[place + 1 :]:
        if names := {name for name in (production, held) if name in one.read and name not in looked}:
            return "gate_after_deploy", f"{seen}{one.here} looked at {' and '.join(sorted(names))} only afterwards. "
    if production and not looked_at(again, plan, deploy, production, b"nothing that anybody could read\n"):
        return "fixed_threshold", seen + f"It does so whatever is in {production}. "
    if held and not looked_at(again, plan, deploy, held, None):
        return "training_rows", seen + f"It does so without {held}, too. "
    return "regression_released", seen


def looked_at(again: Again, plan: Plan, deploy: str, name: str, content: bytes | None) -> bool:
    """Whether a release is held up once ``name`` is spoiled; also when a step of the workflow makes it anew."""
    ran = again(replace(plan, plants={**plan.plants, name: content}, collect=(*plan.collect, name)))
    made_anew = content is None and name in ran.files
    return first_release(ran, deploy) is None or made_anew


def _condition(workflow: Workflow, step: Step) -> object:
    return workflow.jobs[step.job]["steps"][step.number].get("if", "")
