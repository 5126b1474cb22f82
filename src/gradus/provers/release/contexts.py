"""What expressions in a workflow see of the event that started it: its context, inputs and secrets."""

from __future__ import annotations

import re
from typing import Any

from gradus.provers.release.workflow import Workflow

FORK = "f0" * 20
HEAD = "ba" * 20


class Secrets(dict[str, Any]):
    """Any secret there might be, each with a value that can be recognized."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> str:
        self[name] = f"gradus-secret-{name.lower().replace('_', '-')}-7c1f"
        return str(self[name])


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


def inputs(workflow: Workflow, event: str) -> dict[str, Any]:
    """The inputs of an event, each with its default."""
    declared = workflow.on.get(event, {}).get("inputs") or {}
    return {name: (body or {}).get("default", "") for name, body in declared.items()}
