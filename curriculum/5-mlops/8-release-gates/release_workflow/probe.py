"""The workflow's steps are executed: against a better and a worse released model, and on a stranger's pull request."""

from gradus.projects import Workbench, fail, mistake, probe
from gradus.provers.release import BadWorkflow, Plan, first_release, parse_workflow, simulate, why_released
from gradus.provers.release.plants import answers_of, as_csv

NAME = ".github/workflows/release.yml"
PRODUCTION, HELD = "release/champion.csv", "data/holdout.csv"


@mistake
def continue_on_error():
    """The gate fails, and the candidate is deployed all the same.

    `continue-on-error: true` turns the failure of a step into a success. It is for steps whose failure does not matter;
    a gate's failure is all that matters about it."""


@mistake
def swallowed_exit():
    """The gate exits with 1, and its step counts as a success.

    Something swallowed the status: `|| true`, a pipe without `pipefail`, `set +e`, or a command after it that succeeds.
    Let the gate's status be the step's."""


@mistake
def gate_after_deploy():
    """The candidate is out before the gate has looked at it.

    A red cross afterwards undoes nothing; and after the deployment the gate compares the candidate with itself. Put the
    gate before it: an earlier step of the same job, or a job that the deploying one needs."""


@mistake
def never_reached():
    """On the push that deploys, the gate is skipped.

    A step whose `if` does not hold is passed over, and that is no failure. Let the gate run on the event that
    deploys."""


@mistake
def never_compares():
    """A candidate gets out whatever is released now: nothing compares the two.

    Checks of the code or of the rows say nothing about the model. Run `gate.py` between training and deployment."""


@mistake
def pull_request_target():
    """A stranger's program ran with your secrets at hand.

    `pull_request_target` runs with this repository's secrets and token, and the checkout fetched the pull request's own
    files. Whatever is run of them may send the token away. Use `pull_request`, which has neither."""


@mistake
def secret_echoed():
    """The token can be read in the log.

    GitHub blots out exact copies of a secret and nothing else: encoded, cut or written into a file it stands there.
    Give it to the one program that needs it, and print nothing of it."""


NAMED = {
    "continue_on_error": continue_on_error,
    "swallowed_exit": swallowed_exit,
    "gate_after_deploy": gate_after_deploy,
    "never_reached": never_reached,
    "fixed_threshold": never_compares,
}


def rows(rng, n):
    bought = rng.permutation(n) % 2
    table = zip(rng.normal(36 + 6 * bought, 9).round(1), rng.poisson(3 + 2 * bought), bought, strict=True)
    return "age,visits,bought\n" + "".join(f"{age},{visits},{b}\n" for age, visits, b in table), bought.tolist()


@probe("lets a better candidate out, stops a worse one, and keeps its secrets")
def gated(work: Workbench, rng):
    """The workflow does not do what the task says.

    Go through it as a runner does: on which event does which job start, what follows a step that failed, and who sees
    the secret?"""
    if not work.exists(NAME):
        fail(f"There is no {NAME}.")
    try:
        workflow = parse_workflow(work.read(NAME), NAME)
    except BadWorkflow as bad:
        fail(f"GitHub would not run this workflow. {bad.what}")
    if loose := workflow.unpinned():
        fail(
            f"{loose[0]} is named by a tag or a branch, which its owner can move to other code.",
            expected="a commit's hash",
        )
    files = {name: work.read(name) for name in work.names()}
    held, truth = rows(rng, 150)
    files |= {"data/train.csv": rows(rng, 200)[0].encode(), HELD: held.encode()}
    released = {strong: as_csv(None, "chance", answers_of(truth, strong, rng)) for strong in (True, False)}

    def run(plan):
        return simulate(work, workflow, plan)

    strangers_request(workflow, files, run)
    if "push" not in workflow.on:
        fail("A push starts nothing.", expected="on: push", actual=", ".join(workflow.on))
    ran = run(Plan(files, "push", {PRODUCTION: released[False]}, PRODUCTION))
    if first_release(ran) is None:
        step = next(iter(ran.failing), None)
        seen = f"{step.here} failed: {step.output.strip()[-300:]}" if step else ran.trouble or "No step deployed it."
        fail("A candidate that is better than the released model does not get out.", actual=seen)
    leaked = ran.leaked
    plan = Plan(files, "push", {PRODUCTION: released[True]}, PRODUCTION)
    ran = run(plan)
    if first_release(ran) is not None:
        fault, seen = why_released(workflow, plan, ran, run, production=PRODUCTION, held=HELD)
        if fault in NAMED:
            fail(NAMED[fault], actual=seen.strip())
        fail("A candidate that is far worse than the released model gets out.", actual=seen.strip())
    if leaked or ran.leaked:
        fail(secret_echoed)


def strangers_request(workflow, files, run):
    if "pull_request_target" in workflow.on:
        theirs = [step for step in run(Plan(files, "pull_request_target", {}, PRODUCTION)).steps if step.fork]
        if theirs:
            fail(pull_request_target, actual=theirs[0].here)
    if "pull_request" not in workflow.on:
        fail("A pull request starts nothing; its rows should be looked over.", expected="on: pull_request")
    ran = run(Plan(files, "pull_request", {}, PRODUCTION))
    if first_release(ran) is not None:
        fail("A pull request deploys.", case="pull_request", actual=ran.steps[first_release(ran)].here)
    if not any("check_rows.py" in words for step in ran.steps for _, words in step.programs):
        fail("On a pull request `python check_rows.py` does not run.", case="pull_request")
