"""Plays a few days of a registry with real MLflow, and asks the project and MLflow itself what is in production."""

import json
import re

from gradus.projects import Workbench, fail, mistake, probe

#: Runs in the project's folder, in one process, as importing MLflow takes seconds.
DAYS = """
import json, sys
from pathlib import Path
import registry
from mlflow import MlflowClient

models, told = json.load(sys.stdin), {}

def attempt(name, function, *arguments):
    try:
        value = function(*arguments)
        told[name] = ["ok", value.decode("utf-8", "replace") if isinstance(value, bytes) else value]
    except Exception as error:
        told[name] = [type(error).__name__, str(error)[:300]]
    return told[name][1]

def candidate(name):
    Path("candidate.json").write_text(models[name])
    return attempt("register " + name, registry.register, "candidate.json")

good = candidate("good")
attempt("promote good", registry.promote, good)
Path("candidate.json").write_text(models["worse"])
attempt("after overwriting", registry.production)
worse = candidate("worse")
attempt("after worse", registry.production)
attempt("promote worse", registry.promote, worse)
attempt("after refusal", registry.production)
attempt("rollback none", registry.rollback)
candidate("good")
told["register again"] = told.pop("register good")
told["register good"] = ["ok", good]
better = candidate("better")
attempt("promote better", registry.promote, better)
attempt("after better", registry.production)
attempt("rollback", registry.rollback)
attempt("after rollback", registry.production)
client = MlflowClient(registry_uri="sqlite:///mlflow.db", tracking_uri="sqlite:///mlflow.db")
attempt("versions", lambda: len(client.search_model_versions("name = 'stay'")))
attempt("alias", lambda: client.get_model_version_by_alias("stay", "production").version)
for path in Path(".").rglob("*"):
    if path.is_file() and path.suffix not in (".py", ".db") and path.read_bytes() == models["good"].encode():
        path.write_text(models["good"].replace("weights", "Weights"))
attempt("after tampering", registry.production)
print("\\nTOLD " + json.dumps(told, default=str))
"""


@mistake
def newest_is_production():
    """As soon as another model is registered, it answers.

    The highest number is the latest experiment. Registering says "here it is", promoting says "use it", and only
    an alias keeps the two apart. Ask for the version that `production` points to."""


@mistake
def source_not_copied():
    """A version has changed after it was registered: somebody overwrote the file that it came from.

    MLflow remembers where the file lies and does not look at it again. With the caller's path as `source` the
    version is whatever lies there today. Copy the content to a place that is named after its hash, and register
    that."""


@mistake
def gate_open():
    """A model with a larger error has been promoted.

    The alias was moved without a comparison. Tag each version with its error when it is registered, and compare
    before the alias moves."""


@mistake
def registered_twice():
    """The same model was registered twice, under two numbers.

    Two numbers for one content look like progress, and comparing them is comparing a model with itself. Look for
    its hash among the versions first."""


@mistake
def one_number_less():
    """The rollback leads to a version that was never in production.

    Numbers count registrations, not promotions: the version before in *number* may be a failed experiment. Write
    down at each promotion what was there before."""


@mistake
def tampering_unseen():
    """The file of the production version was edited, and is served as if nothing had happened.

    A registry that keeps a path knows nothing of the bytes. Compare the hash of what you read with the one that
    was written down at registration."""


def known(told, name, case):
    """A value of one of the days, where it had to succeed."""
    how, value = told[name]
    if how != "ok":
        fail(f"`{name.split()[0]}` raises {how}.", case=case, actual=value)
    return value


@probe("keeps production where it was put")
def days(work: Workbench, rng):
    """The registry does not do what the task says.

    Follow the case step by step with `MlflowClient`: which versions are there, with which tags, and where does the
    alias point?"""
    for name in ("mlflow.db", "models", "mlruns"):
        work.remove(name)
    error = int(rng.integers(20, 50)) / 10
    errors = {"good": error, "worse": error + 1.5, "better": error - 1}
    models = {
        name: json.dumps({"mae": round(mae, 1), "weights": rng.integers(0, 99, size=3).tolist()})
        for name, mae in errors.items()
    }
    ended = work.run(["python", "-c", DAYS], seconds=100, stdin=json.dumps(models).encode())
    found = re.findall(r"^TOLD (.*)$", ended.stdout, re.M)
    if not found:
        ended.require("`registry.py` cannot be used.")
        fail("`registry.py` cannot be used.", actual=ended.said[-400:])
    told = json.loads(found[-1])
    if told["register good"][1] and "NotImplementedError" in (told["promote good"][0], told["register worse"][0]):
        fail("Functions are still to be written.")
    names = {text: name for name, text in models.items()}

    def expect(day, name, wrong, case):
        how, value = told[day]
        if how != "ok" or value != models[name]:
            actual = f"the {names[value]} one" if how == "ok" and value in names else f"{how}: {value}"
            fail(wrong, case=case, expected=f"the {name} model", actual=actual)

    for day in ("register worse", "promote good", "register again", "register better"):
        known(told, day, "candidate.json, one model after another")
    case = f"mae {error:g} registered and promoted; then candidate.json overwritten"
    expect("after overwriting", "good", source_not_copied, case)
    expect("after worse", "good", newest_is_production, f"{case}, and the new one registered")
    if told["promote worse"][0] == "ok":
        fail(gate_open, case=f"mae {error:g} in production; promote mae {error + 1.5:g}", expected="ValueError")
    expect("after refusal", "good", gate_open, "a promotion was refused")
    if told["rollback none"][0] != "ValueError":
        fail("A rollback with nothing to go back to does not raise `ValueError`.", actual=told["rollback none"])
    if str(told["register again"][1]) != str(told["register good"][1]) or told["versions"][1] != 3:
        expected, actual = told["register good"][1], told["register again"][1]
        fail(registered_twice, case="the good model registered again", expected=expected, actual=actual)
    known(told, "promote better", f"mae {error - 1:g} over mae {error:g}")
    expect("after better", "better", "The better model was not promoted.", "a better model promoted")
    if (now := names.get(told["after rollback"][1])) == "worse":
        fail(
            one_number_less,
            case="1 promoted, 2 refused, 3 promoted; rollback",
            expected="version 1",
            actual="version 2",
        )
    expect("after rollback", "good", f"The rollback leads to {now or 'nothing'}.", "better promoted; rollback")
    alias, version = told["alias"], told["register good"][1]
    if alias[0] != "ok" or str(alias[1]) != str(version):
        fail(
            "MLflow's alias `production` points elsewhere.",
            case="after the rollback",
            expected=version,
            actual=alias[1],
        )
    if told["after tampering"][0] == "ok":
        fail(tampering_unseen, case="a byte of the registered file edited; production()", expected="ValueError")
    if told["after tampering"][0] != "ValueError":
        fail("An edited model file does not raise `ValueError`.", actual=told["after tampering"])
