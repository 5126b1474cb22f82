"""A workflow file, read and held against GitHub's schema, and what can be said of it without running it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gradus.errors import GradusError
from gradus.provers.apart import run_apart

_LARGEST = 256_000
_OWN = frozenset({"actions", "github"})
_HASH = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
EVENTS = ("push", "release", "workflow_dispatch", "schedule", "workflow_call", "repository_dispatch")


class BadWorkflow(GradusError):  # noqa: N818 - reads as what it says
    """The file is no workflow that GitHub would run; ``what`` says why."""


@dataclass(frozen=True)
class Workflow:
    """A workflow as plain data. ``on`` maps each event to its filters."""

    name: str
    data: Mapping[str, Any]
    on: Mapping[str, Mapping[str, Any]]

    @property
    def jobs(self) -> Mapping[str, Mapping[str, Any]]:
        jobs: Mapping[str, Mapping[str, Any]] = self.data["jobs"]
        return jobs

    def order(self) -> tuple[str, ...]:
        """The jobs, each after those that it needs. Raises BadWorkflow for a circle or an unknown name."""
        done: list[str] = []
        while len(done) < len(self.jobs):
            ready = [job for job in self.jobs if job not in done and set(self.needs(job)) <= set(done)]
            if not ready:
                left = ", ".join(job for job in self.jobs if job not in done)
                raise BadWorkflow(f"The jobs {left} need each other, or one that there is not.", self.name)
            done.append(ready[0])
        return tuple(done)

    def needs(self, job: str) -> tuple[str, ...]:
        """The jobs that ``job`` waits for."""
        needs = self.jobs[job].get("needs", ())
        return (needs,) if isinstance(needs, str) else tuple(needs)

    def ancestors(self, job: str) -> frozenset[str]:
        """All jobs that ``job`` waits for, directly or not."""
        found: set[str] = set()
        waiting = list(self.needs(job))
        while waiting:
            if (one := waiting.pop()) not in found:
                found.add(one)
                waiting += self.needs(one)
        return frozenset(found)

    def steps(self) -> Iterator[tuple[str, int, Mapping[str, Any]]]:
        """Every step with its job and its number in it."""
        for job, body in self.jobs.items():
            for number, step in enumerate(body.get("steps", ())):
                yield job, number, step

    def releasing_events(self) -> tuple[str, ...]:
        """The events that may put something out, the likeliest first."""
        return tuple(event for event in EVENTS if event in self.on)

    def unpinned(self) -> tuple[str, ...]:
        """Actions of third parties that are named by a tag or a branch, which their owners can move."""
        used = [str(step["uses"]) for _, _, step in self.steps() if "uses" in step]
        used += [str(body["uses"]) for body in self.jobs.values() if "uses" in body]
        return tuple(dict.fromkeys(name for name in used if _movable(name)))


def _movable(name: str) -> bool:
    if name.startswith("./"):
        return False
    if name.startswith("docker://"):
        return "@sha256:" not in name
    action, _, ref = name.partition("@")
    return action.partition("/")[0].lower() not in _OWN and not _HASH.fullmatch(ref)


def read_workflow(path: Path, name: str = "") -> Workflow:
    """Read a workflow and hold it against GitHub's schema. Raises BadWorkflow with the reason."""
    name = name or path.name
    try:
        content = path.read_bytes()
    except OSError:
        raise BadWorkflow("There is no such file.", name) from None
    return parse_workflow(content, name)


def parse_workflow(content: bytes, name: str) -> Workflow:
    """The workflow in these bytes. Raises BadWorkflow with the reason."""
    import tempfile

    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    if len(content) > _LARGEST:
        raise BadWorkflow(f"It is larger than {_LARGEST // 1000} kB.", name)
    try:
        # Pure, so that it is YAML 1.2, as GitHub reads it: `on` is a word, not a truth.
        data = YAML(typ="safe", pure=True).load(content.decode("utf-8"))
    except (YAMLError, UnicodeDecodeError, ValueError, RecursionError) as error:
        raise BadWorkflow(f"It is no YAML: {' '.join(str(error).split())[:300]}.", name) from None
    with tempfile.TemporaryDirectory(prefix="gradus-") as place:
        file = Path(place) / "workflow.yml"
        file.write_bytes(content)
        _against_schema(file, name)
    workflow = Workflow(name, data, _events(data["on"]))
    workflow.order()
    return workflow


def _against_schema(file: Path, name: str) -> None:
    schema = ["--builtin-schema", "vendor.github-workflows", "--output-format", "json", "--color", "never"]
    ended = run_apart(["python", "-m", "check_jsonschema", *schema, str(file)], file.parent, seconds=30)
    if ended.timed_out:
        raise BadWorkflow("It takes longer than 30 s to hold it against the schema.", name)
    if ended.status == 0:
        return
    if b"No module named" in ended.stderr:
        raise GradusError(
            "check-jsonschema is not installed, so workflows cannot be checked.",
            next_step="Install Gradus' extra: python -m pip install 'gradus-ml[mlops]'",
        )
    raise BadWorkflow(_complaint(ended.stdout) or ended.last_line or "GitHub's schema refuses it.", name)


def _complaint(stdout: bytes) -> str:
    try:
        said = json.loads(stdout)
    except ValueError:
        return ""
    for error in said.get("errors", ()):
        best = error.get("best_deep_match") or error.get("best_match") or error
        return f"GitHub would refuse it: at {best.get('path', '$')}: {str(best.get('message', ''))[:300]}."
    return "; ".join(str(error.get("message", error))[:300] for error in said.get("parse_errors", ()))


def _events(on: Any) -> dict[str, Mapping[str, Any]]:
    if isinstance(on, str):
        return {on: {}}
    if isinstance(on, list):
        return {str(event): {} for event in on}
    return {str(event): filters if isinstance(filters, Mapping) else {} for event, filters in on.items()}
