"""The steps of one job, run in one folder."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from gradus.provers.release.contexts import FORK
from gradus.provers.release.expressions import as_text, evaluate, fill, holds
from gradus.provers.release.ground import FORK_PYTHON, FORK_SHELL
from gradus.provers.release.records import MOST, Step, step_name

if TYPE_CHECKING:
    from gradus.provers.release.runner import Runner


class Job:
    """The steps of one job in one folder."""

    def __init__(self, runner: Runner, job: str, body: Mapping[str, Any], place: str, context: dict[str, Any]) -> None:
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
        output = (ended.stdout + ended.stderr)[-MOST:]
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


def _safe(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.-]", "-", name) or "artifact"


def _glob(path: str) -> str:
    """A path for the shell: quoted, but for its stars."""
    return "".join(
        part if part in ("*", "?", "**") else shlex.quote(part) for part in re.split(r"(\*+|\?)", path) if part
    )
