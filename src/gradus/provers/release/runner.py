"""A workflow's jobs run here, step by step, as a hosted runner would: conditions, environment, outputs, artifacts.

The ``run`` steps are executed for real, each job in a clean copy of the project. Of the actions only those that move
files are played (checkout, upload-artifact, download-artifact); others do nothing. Programs of the outside world
(pip, docker, curl, …) are stand-ins that succeed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gradus.provers.release.contexts import FORK, Secrets, github, inputs
from gradus.provers.release.expressions import BadExpression, as_text, fill, holds
from gradus.provers.release.ground import tools
from gradus.provers.release.job import Job
from gradus.provers.release.records import MOST, Plan, Ran, Step, step_name
from gradus.provers.release.workflow import Workflow

if TYPE_CHECKING:
    from gradus.projects import Workbench

_HOME = ".gradus-runner"


def simulate(work: Workbench, workflow: Workflow, plan: Plan) -> Ran:
    """Run the workflow on an event. What a learner's scripts do wrong shows in the steps; nothing is raised for it."""
    return Runner(work, workflow, plan).whole()


class Runner:
    """One run of a workflow on a workbench."""

    def __init__(self, work: Workbench, workflow: Workflow, plan: Plan) -> None:
        self.work, self.workflow, self.plan = work, workflow, plan
        self.home = f"{_HOME}/{len(work.ran)}"
        self.steps: list[Step] = []
        self.results: dict[str, str] = {}
        self.outputs: dict[str, dict[str, str]] = {}
        self.artifacts: set[str] = set()
        # A pull request from a fork gets no secrets; that is what tells it from `pull_request_target`.
        self.secrets: dict[str, Any] = {} if plan.event == "pull_request" else Secrets()
        self.files: dict[str, bytes] = {}
        self.production = _under(plan.files, plan.released)
        for name, content in plan.plants.items():
            if (
                plan.released
                and (name == plan.released or name.startswith(plan.released + "/"))
                and content is not None
            ):
                self.production[name] = content
        self.before = dict(self.production)
        work.quarters.folder.fill({f"{self.home}/{name}": content for name, content in tools(FORK).items()})
        work.quarters.folder.fill({f"{self.home}/repo/{name}": content for name, content in self._planted().items()})
        work.quarters.folder.fill({f"{self.home}/notes": b"", f"{self.home}/opened": b"", f"{self.home}/mark": b""})

    def _planted(self) -> dict[str, bytes]:
        files = {**self.plan.files}
        for name, content in self.plan.plants.items():
            files.pop(name, None)
            if content is not None:
                files[name] = content
        return files

    def whole(self) -> Ran:
        trouble = ""
        for job in self.workflow.order():
            try:
                self._job(job)
            except BadExpression as error:
                trouble = f"An expression in job “{job}” {error}."
                self.results[job] = "failure"
        green = not trouble and all(
            result != "failure" or self.workflow.jobs[job].get("continue-on-error") is True
            for job, result in self.results.items()
        )
        return Ran(
            self.plan.event, tuple(self.steps), dict(self.results), green, self.production, self.files,
            self._leaked(), trouble,
        )  # fmt: skip

    # A job

    def _job(self, job: str) -> None:
        body = self.workflow.jobs[job]
        needed = {name: self._need(name) for name in self.workflow.needs(job)}
        above = {name: self.results.get(name, "skipped") for name in self.workflow.ancestors(job)}
        context = self._context(job, body, needed)
        failed = any(result == "failure" for result in above.values())
        functions = {
            "success": lambda: all(need["result"] == "success" for need in needed.values()),
            "failure": lambda: failed,
            "always": lambda: True,
            "cancelled": lambda: False,
        }
        if not holds(body.get("if", "success()"), context, functions) and (job, -1) not in self.plan.ignore_if:
            why = str(body.get("if", "")) or "a job that it needs did not succeed"
            self.results[job] = "skipped"
            self._skip_all(job, body, why if "if" in body else "")
            return
        if "steps" not in body:
            self.results[job] = "success"  # a workflow from elsewhere, which cannot be run here
            return
        place = f"{self.home}/jobs/{re.sub(r'[^A-Za-z0-9_-]', '-', job)}"
        self.work.quarters.folder.fill({f"{place}/.keep": b""})
        self.work.remove(f"{place}/.keep")
        result = Job(self, job, body, place, context).run()
        self.results[job] = result
        self.outputs[job] = self._job_outputs(body, context)

    def _need(self, name: str) -> dict[str, Any]:
        result = self.results.get(name, "skipped")
        if result == "failure" and self.workflow.jobs[name].get("continue-on-error") is True:
            result = "success"
        return {"result": result, "outputs": self.outputs.get(name, {})}

    def _job_outputs(self, body: Mapping[str, Any], context: Mapping[str, Any]) -> dict[str, str]:
        return {name: fill(as_text(value), context) for name, value in body.get("outputs", {}).items()}

    def _skip_all(self, job: str, body: Mapping[str, Any], why: str) -> None:
        for number, step in enumerate(body.get("steps", ())):
            kind = "run" if "run" in step else "uses"
            self.steps.append(Step(job, number, step_name(step), kind, "skipped", "skipped", why_skipped=why))

    def _context(self, job: str, body: Mapping[str, Any], needed: Mapping[str, Any]) -> dict[str, Any]:
        matrix = {
            name: values[0]
            for name, values in (body.get("strategy", {}).get("matrix", {}) or {}).items()
            if isinstance(values, list) and values and name not in ("include", "exclude")
        }
        context: dict[str, Any] = {
            "github": github(self.workflow, self.plan.event, job, self.plan.sha),
            "secrets": self.secrets,
            "vars": {},
            "inputs": inputs(self.workflow, self.plan.event),
            "needs": needed,
            "matrix": matrix,
            "strategy": {"job-index": 0, "job-total": 1, "fail-fast": True},
            "runner": {"os": "Linux", "arch": "X64", "temp": "/tmp", "tool_cache": "/tmp", "name": "local"},
            "steps": {},
            "env": {},
            "job": {"status": "success"},
        }
        for level in (self.workflow.data.get("env"), body.get("env")):
            context["env"] |= {name: fill(as_text(value), context) for name, value in (level or {}).items()}
        return context

    def _leaked(self) -> tuple[str, ...]:
        import base64

        shown = "\n".join(step.output for step in self.steps) + "\n" + self._kept()
        found = []
        for name, value in self.secrets.items():
            coded = base64.b64encode(value.encode()).decode()[:-4]
            if value in shown or coded in shown or value[::-1] in shown:
                found.append(name)
        return tuple(found)

    def _kept(self) -> str:
        names = [name for name in self.work.names() if name.startswith(f"{self.home}/artifacts/")]
        texts = [self.work.read(name)[:MOST].decode("utf-8", "replace") for name in names[:200]]
        return "\n".join(texts) + json.dumps(self.outputs)


def _under(files: Mapping[str, bytes], path: str) -> dict[str, bytes]:
    return {name: content for name, content in files.items() if path and (name == path or name.startswith(path + "/"))}
