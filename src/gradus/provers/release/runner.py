"""A workflow's jobs run here, step by step, as a hosted runner would: conditions, environment, outputs, artifacts.

The ``run`` steps are executed for real, each job in a clean copy of the project. Of the actions only those that move
files are played (checkout, upload-artifact, download-artifact); others do nothing. Programs of the outside world
(pip, docker, curl, …) are stand-ins that succeed.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from gradus.provers.release.expressions import BadExpression, as_text, evaluate, fill, holds
from gradus.provers.release.ground import FORK_PYTHON, FORK_SHELL, tools
from gradus.provers.release.workflow import Workflow

if TYPE_CHECKING:
    from gradus.projects import Workbench

_HOME = ".gradus-runner"
_MOST = 200_000
FORK = "f0" * 20
HEAD = "ba" * 20


@dataclass(frozen=True)
class Step:
    """One step as it went. ``outcome`` is what happened, ``conclusion`` what it counts as."""

    job: str
    number: int
    name: str
    kind: str
    outcome: str
    conclusion: str
    status: int = 0
    output: str = ""
    script: str = ""
    why_skipped: str = ""
    programs: tuple[tuple[int, str], ...] = ()
    outside: tuple[str, ...] = ()
    read: frozenset[str] = frozenset()
    released: bool = False
    fork: bool = False

    @property
    def where(self) -> str:
        """The step as a person finds it."""
        return f"step {self.number + 1} (“{self.name}”) of job “{self.job}”"

    @property
    def here(self) -> str:
        """The same at the start of a sentence."""
        return f"S{self.where[1:]}"


@dataclass(frozen=True)
class Ran:
    """A whole run of the workflow."""

    event: str
    steps: tuple[Step, ...]
    results: Mapping[str, str]
    green: bool
    production: Mapping[str, bytes]
    files: Mapping[str, bytes]
    leaked: tuple[str, ...]
    trouble: str = ""

    @property
    def failing(self) -> tuple[Step, ...]:
        """Steps that failed, whatever they count as."""
        return tuple(step for step in self.steps if step.outcome == "failure")

    @property
    def opened(self) -> frozenset[str]:
        """The files of the project that any Python process read."""
        return frozenset().union(*(step.read for step in self.steps))


@dataclass
class Plan:
    """What is run, and what is planted. ``plants``: name -> bytes, None to remove. ``released``: paths that a release
    changes; they outlive a job, as what is deployed does. ``collect``: files wanted afterwards.
    """  # fmt: skip

    files: Mapping[str, bytes]
    event: str = "push"
    plants: Mapping[str, bytes | None] = field(default_factory=dict)
    released: str = ""
    collect: tuple[str, ...] = ()
    ignore_if: frozenset[tuple[str, int]] = frozenset()
    step_seconds: float = 120.0
    sha: str = HEAD


class _Secrets(dict[str, Any]):
    """Any secret there might be, each with a value that can be recognized."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> str:
        self[name] = f"gradus-secret-{name.lower().replace('_', '-')}-7c1f"
        return str(self[name])


def simulate(work: Workbench, workflow: Workflow, plan: Plan) -> Ran:
    """Run the workflow on an event. What a learner's scripts do wrong shows in the steps; nothing is raised for it."""
    return _Runner(work, workflow, plan).whole()


class _Runner:
    def __init__(self, work: Workbench, workflow: Workflow, plan: Plan) -> None:
        self.work, self.workflow, self.plan = work, workflow, plan
        self.home = f"{_HOME}/{len(work.ran)}"
        self.steps: list[Step] = []
        self.results: dict[str, str] = {}
        self.outputs: dict[str, dict[str, str]] = {}
        self.artifacts: set[str] = set()
        # A pull request from a fork gets no secrets; that is what tells it from `pull_request_target`.
        self.secrets: dict[str, Any] = {} if plan.event == "pull_request" else _Secrets()
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
        result = _Job(self, job, body, place, context).run()
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
            "inputs": _inputs(self.workflow, self.plan.event),
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
        texts = [self.work.read(name)[:_MOST].decode("utf-8", "replace") for name in names[:200]]
        return "\n".join(texts) + json.dumps(self.outputs)


class _Job:
    """The steps of one job in one folder."""

    def __init__(self, runner: _Runner, job: str, body: Mapping[str, Any], place: str, context: dict[str, Any]) -> None:
        self.runner, self.job, self.body, self.place, self.context = runner, job, body, place, context
        self.work = runner.work
        self.failed = False
        self.fork = self.has_copy = False
        self.extra: dict[str, str] = {}
        self.paths: list[str] = []
        self.functions = {
            "success": lambda: not self.failed,
            "failure": lambda: self.failed,
            "always": lambda: True,
            "cancelled": lambda: False,
        }

    def run(self) -> str:
        for number, step in enumerate(self.body["steps"]):
            record = self._step(number, step)
            self.runner.steps.append(record)
            identity = step.get("id")
            if identity:
                known = self.context["steps"].get(identity, {})
                self.context["steps"][identity] = {"outputs": known.get("outputs", {}), "outcome": record.outcome,
                                                   "conclusion": record.conclusion}  # fmt: skip
            self.failed = self.failed or record.conclusion == "failure"
            self.context["job"]["status"] = "failure" if self.failed else "success"
        for name in self.runner.plan.collect:
            if self.work.exists(f"{self.place}/{name}"):
                self.runner.files[name] = self.work.read(f"{self.place}/{name}")
        return "failure" if self.failed else "success"

    def _step(self, number: int, step: Mapping[str, Any]) -> Step:
        kind = "run" if "run" in step else "uses"
        record = Step(self.job, number, step_name(step), kind, "success", "success")
        context = {**self.context, "env": {**self.context["env"], **self.extra}}
        condition = step.get("if", "success()")
        if not holds(condition, context, self.functions) and (
            (self.job, number) not in self.runner.plan.ignore_if or self.failed
        ):
            why = str(step["if"]) if "if" in step and not self.failed else ""
            return replace(record, outcome="skipped", conclusion="skipped", why_skipped=why)
        context["env"] |= {name: fill(as_text(value), context) for name, value in step.get("env", {}).items()}
        record = self._action(record, step, context) if kind == "uses" else self._script(record, step, context)
        if record.outcome == "failure" and _says_true(step.get("continue-on-error", False), context, self.functions):
            record = replace(record, conclusion="success")
        return record

    # Actions

    def _action(self, record: Step, step: Mapping[str, Any], context: dict[str, Any]) -> Step:
        action = str(step["uses"]).partition("@")[0].lower()
        given = {name: fill(as_text(value), context) for name, value in step.get("with", {}).items()}
        if action == "actions/checkout":
            self._checkout(given, str(context["github"]["event_name"]))
        elif action == "actions/upload-artifact":
            return self._upload(record, given)
        elif action == "actions/download-artifact":
            return self._download(record, given)
        return record

    def _checkout(self, given: Mapping[str, str], event: str) -> None:
        into = f"{self.place}/{given['path'].strip('/')}" if given.get("path") else self.place
        ref = given.get("ref", "")
        theirs = event == "pull_request" and not ref and "repository" not in given
        theirs = theirs or any(word in ref for word in (FORK, "their-branch", "pull/"))
        self.fork = self.fork or theirs or "fork/" in given.get("repository", "")
        self._copy(f"{self.runner.home}/repo", into)
        self.has_copy = self.has_copy or into == self.place
        if self.fork:
            for name in self.runner.plan.files:
                if name.endswith(".py"):
                    self.work.write(f"{into}/{name}", FORK_PYTHON)
                elif name.endswith(".sh") or name.rpartition("/")[2] in ("Makefile", "makefile"):
                    self.work.write(f"{into}/{name}", FORK_SHELL)
        for name, content in self.runner.production.items():
            self.work.write(f"{into}/{name}", content)

    def _copy(self, source: str, target: str) -> None:
        root = self.work.folder
        script = 'mkdir -p "$2" && cp -a "$1/." "$2/"'
        self.work.run(["sh", "-c", script, "copy", str(root / source), str(root / target)], seconds=60)

    def _upload(self, record: Step, given: Mapping[str, str]) -> Step:
        name = given.get("name", "artifact")
        script = 'mkdir -p "$1"; shift; found=1; for one in "$@"; do [ -e "$one" ] && found=0; done; exit $found'
        target = str(self.work.folder / self.runner.home / "artifacts" / _safe(name))
        wanted = [line.strip() for line in given.get("path", "").splitlines() if line.strip() and line[0] != "!"]
        globbed = " ".join(_glob(one) for one in wanted)
        found = self._shell(f"set -- {shlex.quote(target)} {globbed}\n{script}")
        if found.status:
            if given.get("if-no-files-found", "warn") == "error":
                return replace(record, outcome="failure", conclusion="failure", status=1, output="No files were found.")
            return record
        self._shell(f"set -- {shlex.quote(target)} {globbed}\n{_GATHER}")
        self.runner.artifacts.add(name)
        return record

    def _download(self, record: Step, given: Mapping[str, str]) -> Step:
        name = given.get("name")
        if name is not None and name not in self.runner.artifacts:
            return replace(record, outcome="failure", conclusion="failure", status=1, output=f"No artifact “{name}”.")
        for one in (name,) if name else sorted(self.runner.artifacts):
            into = given.get("path", "") if name else f"{given.get('path', '')}/{one}"
            target = "/".join(part for part in (self.place, into.strip("/")) if part).replace("/./", "/")
            self._copy(f"{self.runner.home}/artifacts/{_safe(str(one))}", target)
        return record

    # Scripts

    def _script(self, record: Step, step: Mapping[str, Any], context: dict[str, Any]) -> Step:
        script = fill(str(step["run"]), context, self.functions)
        defaults = {
            **self.runner.workflow.data.get("defaults", {}).get("run", {}),
            **self.body.get("defaults", {}).get("run", {}),
        }
        shell = step.get("shell", defaults.get("shell"))
        inside = fill(str(step.get("working-directory", defaults.get("working-directory", "."))), context)
        home = self.work.folder / self.runner.home
        for name in ("notes", "opened", "output", "env", "path", "summary"):
            self.work.write(f"{self.runner.home}/{name}", b"")
        self.work.write(f"{self.runner.home}/script", script)
        interpreter = _SHELLS.get(str(shell), _SHELLS["None"]) if shell is None or str(shell) in _SHELLS else str(shell)
        command = interpreter.replace("{0}", shlex.quote(str(home / "script")))
        ended = self._shell(
            f"cd {shlex.quote(inside)} && exec {command}", context["env"], self.runner.plan.step_seconds, context
        )
        output = (ended.stdout + ended.stderr)[-_MOST:]
        self._take_outputs(step)
        programs, outside = self._notes()
        marked = bool(self.work.read(f"{self.runner.home}/mark"))
        marked = marked or (self.fork and any("install" in words or "sync" in words for words in outside))
        outcome = "success" if ended.ok else "failure"
        return replace(
            record, outcome=outcome, conclusion=outcome, status=ended.status, output=output, script=script,
            programs=programs, outside=outside, read=self._opened(), released=self._released(), fork=marked,
        )  # fmt: skip

    def _shell(
        self, script: str, env: Mapping[str, str] | None = None, seconds: float = 60.0, context: Any = None
    ) -> Any:
        home = self.work.folder / self.runner.home
        place = str(self.work.folder / self.place)
        import os
        import sys

        tools = os.path.dirname(sys.executable)  # noqa: PTH120 - not resolved: the venv's own folder
        own = {
            "CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": place, "RUNNER_OS": "Linux",
            "GITHUB_OUTPUT": str(home / "output"), "GITHUB_ENV": str(home / "env"),
            "GITHUB_PATH": str(home / "path"), "GITHUB_STEP_SUMMARY": str(home / "summary"),
            "GRADUS_NOTES": str(home / "notes"), "GRADUS_OPENED": str(home / "opened"),
            "GRADUS_MARK": str(home / "mark"), "GRADUS_THEIRS": str(home / "theirs"),
            "GRADUS_PYTHON": sys.executable, "GRADUS_TOOLS": tools,
            "PYTHONPATH": str(home / "site"), "PYTHONDONTWRITEBYTECODE": "1",
            "PATH": ":".join([*self.paths, str(home / "bin"), tools, "/usr/local/bin", "/usr/bin", "/bin"]),
        }  # fmt: skip
        if context is not None:
            event = context["github"]
            own |= {f"GITHUB_{name.upper()}": as_text(event[name]) for name in _VARIABLES}
        given = {name: value for name, value in (env or {}).items() if name not in own}
        return self.work.run(
            ["bash", "-c", f"cd {shlex.quote(place)}\n{script}"], seconds=seconds, env={**given, **own}
        )

    def _take_outputs(self, step: Mapping[str, Any]) -> None:
        home = self.runner.home
        outputs = _assignments(self.work.text(f"{home}/output"))
        if step.get("id"):
            self.context["steps"][step["id"]] = {"outputs": outputs}
        self.extra |= _assignments(self.work.text(f"{home}/env"))
        self.paths[:0] = [line for line in self.work.text(f"{home}/path").splitlines() if line]

    def _notes(self) -> tuple[tuple[tuple[int, str], ...], tuple[str, ...]]:
        programs, outside = [], []
        for line in self.work.text(f"{self.runner.home}/notes").splitlines()[:500]:
            kind, _, rest = line.partition("\t")
            status, _, words = rest.partition("\t")
            if kind == "program" and status.isdigit():
                programs.append((int(status), words.strip()))
            elif kind == "outside":
                outside.append(words.strip())
        return tuple(programs), tuple(outside)

    def _opened(self) -> frozenset[str]:
        lines = self.work.text(f"{self.runner.home}/opened").splitlines()[:5000]
        return frozenset(line[2:] for line in lines if line.startswith("r\t"))

    def _released(self) -> bool:
        """Whether what is in production is no longer what it was; it outlives this job."""
        path = self.runner.plan.released
        if not path:
            return False
        now = {
            name.removeprefix(f"{self.place}/"): self.work.read(name)
            for name in self.work.names()
            if name == f"{self.place}/{path}" or name.startswith(f"{self.place}/{path}/")
        }
        if not (self.has_copy or now) or now == self.runner.production:
            return False
        self.runner.production = now
        return now != self.runner.before


_VARIABLES = ("event_name", "ref", "ref_name", "sha", "repository", "actor", "workflow", "job", "run_id", "run_number",
              "head_ref", "base_ref", "server_url", "api_url", "repository_owner")  # fmt: skip
_GATHER = """target="$1"; shift
for one in "$@"; do if [ -d "$one" ]; then cp -a "$one/." "$target/"; else cp -a "$one" "$target/"; fi; done"""
_SHELLS = {
    "None": "bash -e {0}",  # without a word of its own there is no pipefail
    "bash": "bash --noprofile --norc -eo pipefail {0}",
    "sh": "sh -e {0}",
    "python": "python {0}",
}


def step_name(step: Mapping[str, Any]) -> str:
    """What a step is called on the page of a run."""
    if "name" in step:
        return str(step["name"])
    return str(step["uses"]) if "uses" in step else f"Run {str(step.get('run', '')).strip().partition(chr(10))[0][:60]}"


def github(workflow: Workflow, event: str, job: str, sha: str = HEAD) -> dict[str, Any]:
    """The ``github`` context of an event."""
    branch, tag = _branch(workflow, event)
    ref = f"refs/tags/{tag}" if tag else f"refs/heads/{branch}"
    context: dict[str, Any] = {
        "event_name": event, "ref": ref, "ref_name": tag or branch, "ref_type": "tag" if tag else "branch", "sha": sha,
        "repository": "learner/project", "repository_owner": "learner", "actor": "learner", "job": job,
        "triggering_actor": "learner", "workflow": str(workflow.data.get("name", workflow.name)), "run_id": "1",
        "run_number": "1", "run_attempt": "1", "head_ref": "", "base_ref": "", "token": "", "workspace": ".",
        "server_url": "https://github.com", "api_url": "https://api.github.com", "event": {},
    }  # fmt: skip
    repository = {"full_name": "learner/project", "default_branch": branch, "fork": False}
    context["event"] = {"repository": repository, "ref": ref, "after": sha, "head_commit": {"id": sha, "message": ""}}
    if event.startswith("pull_request"):
        theirs = {"full_name": "fork/project", "fork": True, "clone_url": "https://github.com/fork/project.git"}
        context |= {"head_ref": "their-branch", "base_ref": branch, "actor": "stranger"}
        if event == "pull_request":
            context |= {"ref": "refs/pull/7/merge", "sha": FORK}
        context["event"] |= {
            "number": 7,
            "action": "opened",
            "pull_request": {
                "number": 7,
                "title": "Their change",
                "draft": False,
                "merged": False,
                "merge_commit_sha": FORK,
                "head": {"sha": FORK, "ref": "their-branch", "repo": theirs},
                "base": {"sha": sha, "ref": branch, "repo": repository},
                "user": {"login": "stranger"},
                "labels": [],
            },
        }
    if event == "release":
        context["event"] |= {"action": "published", "release": {"tag_name": tag or "v1.0.0", "prerelease": False}}
    return context


def _branch(workflow: Workflow, event: str) -> tuple[str, str]:
    filters = workflow.on.get(event, {})
    branches = [str(name) for name in _listed(filters.get("branches")) if not re.search(r"[*?!\[]", str(name))]
    branch = "main" if not branches or "main" in branches else branches[0]
    tagged = event == "release" or ("tags" in filters and "branches" not in filters)
    return branch, "v1.0.0" if tagged else ""


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _inputs(workflow: Workflow, event: str) -> dict[str, Any]:
    declared = workflow.on.get(event, {}).get("inputs") or {}
    return {name: (body or {}).get("default", "") for name, body in declared.items()}


def _says_true(value: Any, context: Mapping[str, Any], functions: Mapping[str, Any]) -> bool:
    if isinstance(value, bool):
        return value
    text = str(value).strip()
    match = re.fullmatch(r"\$\{\{(.*)\}\}", text, re.DOTALL)
    return as_text(evaluate(match[1], context, functions)) == "true" if match else text == "true"


def _assignments(text: str) -> dict[str, str]:
    """``name=value`` lines, and ``name<<END`` blocks."""
    found: dict[str, str] = {}
    lines = iter(text.splitlines())
    for line in lines:
        name, sign, value = line.partition("=")
        block = re.match(r"([A-Za-z_][\w-]*)<<(\S+)$", line)
        if block:
            body = []
            for inner in lines:
                if inner == block[2]:
                    break
                body.append(inner)
            found[block[1]] = "\n".join(body)
        elif sign and re.fullmatch(r"[A-Za-z_][\w-]*", name):
            found[name] = value
    return found


def _under(files: Mapping[str, bytes], path: str) -> dict[str, bytes]:
    return {name: content for name, content in files.items() if path and (name == path or name.startswith(path + "/"))}


def _safe(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.-]", "-", name) or "artifact"


def _glob(path: str) -> str:
    """A path for the shell: quoted, but for its stars."""
    return "".join(
        part if part in ("*", "?", "**") else shlex.quote(part) for part in re.split(r"(\*+|\?)", path) if part
    )
