"""Six looks at the run that a deployed model claims to come from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from gradus.provers.apart import run_apart
from gradus.provers.declared import declared, inside, number
from gradus.provers.findings import Found, NotTried, look
from gradus.provers.report import Probe
from gradus.provers.tracking.recompute import Recomputed, Runner, copied, recompute
from gradus.provers.tracking.revision import Hashes
from gradus.provers.tracking.runs import Run, Store, Unreadable

TOLERANCE = 1e-6
_TEST = re.compile(r"(?:^|[^a-z])(?:test|holdout|hold_out|heldout)(?:[^a-z]|$)")
_LOW_IS_GOOD = re.compile(r"loss|error|rmse|mse|mae|brier|perplexity|deviance|ece")


def examine(
    folder: Path | str, rng: Any = None, *, settings: Mapping[str, Any] | None = None, run: Runner = run_apart
) -> Iterator[Probe]:
    """Look at what ``[tracking]`` of the project's ``service.toml`` declares, or at ``settings`` in its place.

    ``run`` starts the learner's code in a process of its own. ``rng`` is not needed: nothing is left to chance here.
    """
    root = Path(folder).resolve()
    table = settings if settings is not None else declared(root).get("tracking")
    if not isinstance(table, Mapping):
        yield Probe(
            "tracking.run", "The run that the deployed model claims is on the record", "not_applicable",
            "service.toml has no [tracking], so nothing could be held against the record.",
        )  # fmt: skip
        return
    bench = _Bench(root, table, run)
    yield (first := look("tracking.run", "The run that the deployed model claims is on the record", bench.find_run))
    if first.outcome != "passed":
        return
    yield look("tracking.artifact", "The deployed file is the one that the run kept, byte by byte", bench.artifact)
    yield look("tracking.data", "The data are those that the run was made of", partial(bench.files, "data"))
    yield look("tracking.code", "The code is what the run was made by", partial(bench.files, "code"))
    yield look("tracking.metric", "The metric on the record comes out again", bench.metric)
    yield look("tracking.choice", "The run was chosen by validation, not by the test rows", bench.choice)


@dataclass
class _Bench:
    folder: Path
    table: Mapping[str, Any]
    start: Runner

    @cached_property
    def store(self) -> Store:
        from gradus.provers.tracking.mlflow_store import read_mlflow
        from gradus.provers.tracking.wandb_store import read_wandb

        name = self.table.get("store") or self.table.get("wandb")
        place = inside(self.folder, name)
        if place is None:
            raise Found(
                "store_missing",
                f"service.toml names {name!r} as the record of your runs, but no such file is in the project. A run "
                "that nobody can look up proves nothing: keep the store where service.toml says.",
            )
        return read_mlflow(self.folder, place) if self.table.get("store") else read_wandb(place)

    @cached_property
    def claim(self) -> Mapping[str, Any]:
        """What the deployed model says of itself: the declared JSON file, with ``run`` from service.toml before it."""
        found: dict[str, Any] = {}
        name = self.table.get("claim")
        if name:
            path = inside(self.folder, name)
            try:
                read = json.loads(path.read_bytes()) if path else None
            except ValueError:
                read = None
            if not isinstance(read, dict):
                raise Found(
                    "claim_missing",
                    f"{name} should be a JSON object that says which run made the deployed model; it "
                    f"{'cannot be read' if path else 'is not there'}. Write it when you save the model.",
                )
            found.update(read)
        return found | ({"run": self.table["run"]} if self.table.get("run") else {})

    @cached_property
    def chosen(self) -> Run:
        name = self.claim.get("run")
        if not isinstance(name, str) or not name:
            raise Found(
                "claim_missing",
                "Nothing says which run made the deployed model. Write its id beside the model when you save it, as "
                '"run" in a JSON file, and name that file as claim in service.toml.',
            )
        found = self.store.find(name)
        if found is None:
            raise Found(
                "run_unknown",
                f"The deployed model claims run {name}; the store knows {len(self.store.runs)} runs, and not this one. "
                "Was the store made anew after the model was deployed? Deploy what a run on the record made.",
                runs=len(self.store.runs),
            )
        return found

    @cached_property
    def artifact_path(self) -> Path:
        name = self.table.get("artifact")
        path = inside(self.folder, name)
        if path is None or not path.is_file():
            raise Found("artifact_missing", f"The deployed file that service.toml names, {name!r}, is not there.")
        return path

    @cached_property
    def hashes(self) -> Hashes:
        return Hashes(self.folder)

    # ---------------------------------------------------------------------------------------------- the run

    def find_run(self) -> dict[str, Any]:
        try:
            run, store = self.chosen, self.store
        except Unreadable as problem:
            if problem.fault.startswith("no_"):
                raise NotTried(problem.message) from None
            raise Found(problem.fault, problem.message) from None
        if not run.finished:
            raise Found(
                "run_unfinished",
                f"The claimed run ended as {run.status}. What a run logged before it broke off is not its result; "
                "deploy from one that finished.",
                status=run.status,
            )
        if reused := _reused(run, store):
            raise Found(
                "run_reused",
                f"{reused} A run that is opened again and written over no longer says what the first training gave; "
                "evidence is only added to. Start a new run for every training.",
            )
        for version in store.versions:
            claims = str(self.claim.get("version", "")), str(self.claim.get("name", version.model))
            if claims == (version.version, version.model) and version.run != run.id:
                raise Found(
                    "version_of_another_run",
                    f"The deployed model calls itself {version.model} {version.version}, which the registry says run "
                    f"{version.run} made; it claims run {run.id}. Write version and run from the same registration.",
                )
        return {"run": run.id, "kind": store.kind, "runs": len(store.runs)}

    # ---------------------------------------------------------------------------------------------- its files

    def artifact(self) -> dict[str, Any]:
        content, run = self.artifact_path.read_bytes(), self.chosen
        name = str(self.table.get("artifact"))
        digest = self.hashes.of_bytes(content, "sha256")
        recorded = run.hash_of(name)
        if any(kept.holds(content) for kept in run.artifacts):
            if recorded and self.hashes.of_bytes(content, recorded[0]) != recorded[1]:
                raise _replaced(name, "the run recorded another hash when it logged the file")
            return {"sha256": digest, "kept": len(run.artifacts)}
        others = [other for other in self.store.runs if other.id != run.id]
        if owner := next((other for other in others if any(kept.holds(content) for kept in other.artifacts)), None):
            raise Found(
                "artifact_of_another_run",
                f"{name} is what run {owner.id} kept, not the claimed run {run.id}. A result belongs to the model that "
                "gave it: claim the run that made the file, or deploy the file that the run made.",
                owner=owner.id,
            )
        if any(Path(kept.name).name == Path(name).name for kept in run.artifacts):
            raise _replaced(name, "the run kept a file of this name with other bytes")
        raise Found(
            "artifact_missing",
            f"Run {run.id} kept {len(run.artifacts)} files; {name} is not among them. Log the file that you deploy as "
            "an artifact of its run, so that metric and model stay together.",
            kept=len(run.artifacts),
        )

    def files(self, kind: str) -> dict[str, Any]:
        names = [str(name) for name in self.table.get(kind) or ()]
        if not names:
            raise NotTried(f"service.toml does not say under [tracking] which files are the {kind} of a run.")
        run, unknown, by = self.chosen, [], set()
        for name in names:
            path = inside(self.folder, name)
            recorded = run.hash_of(name) or self.hashes.at_revision(run.revision, name)
            if path is None or not path.is_file():
                raise Found(f"{kind}_missing", f"{name}, which service.toml names as {kind} of the run, is not there.")
            if recorded is None:
                unknown.append(name)
                continue
            by.add("git" if run.hash_of(name) is None else recorded[0])
            if self.hashes.of_bytes(path.read_bytes(), recorded[0]) != recorded[1]:
                raise Found(
                    f"{kind}_changed",
                    f"{name} is not the file that the run was made {'of' if kind == 'data' else 'by'}: its hash "
                    "differs from the one on the record. The metric belongs to the old file; train again, or bring "
                    "it back.",
                    file=name,
                )
        if unknown:
            raise Found(
                f"{kind}_not_recorded",
                f"The run does not say which {', '.join(unknown)} it was made {'of' if kind == 'data' else 'by'}, and "
                "no "
                'commit on the record holds it. Log a tag "sha256/" + path with the hash for each file, or commit '
                "before you train.",
                files=unknown,
            )
        return {"files": len(names), "by": ", ".join(sorted(by))}

    # ---------------------------------------------------------------------------------------------- its metric

    def metric(self) -> dict[str, Any]:
        name, run = str(self.table.get("metric", "")), self.chosen
        if name not in run.metrics:
            known = ", ".join(sorted(run.metrics)[:8]) or "none at all"
            raise Found("metric_missing", f"The run logged no metric {name!r}. It has {known}.")
        logged, allowed = run.metrics[name], number(self.table, "tolerance", TOLERANCE) or 0.0
        with copied(self.folder) as copy:
            again = self._recomputed(copy, watched=self._kept(copy))
            if abs(again.value - logged) > allowed:
                raise self._difference(name, logged, again.value, allowed)
            elsewhere = any(not Path(path).is_relative_to(copy) for path in again.read)
            if not elsewhere and self._same_with_junk(copy, again.value):
                raise Found(
                    "metric_not_from_artifact",
                    f"{self.table.get('recompute')} gives {again.value:.6g} also when other bytes lie in the "
                    "place of the deployed model, so it does not compute the metric from the model. Load the "
                    "artifact, predict, and score.",
                )
        return {name: _digits(logged), "recomputed": _digits(again.value), "tolerance": allowed}

    def _recomputed(self, copy: Path, watched: list[Path]) -> Any:
        function = str(self.table.get("recompute", ""))
        again: Recomputed = recompute(self.start, copy, function, watched)
        if again.value is None or again.trouble:
            raise Found(
                "recompute_fails",
                f"`{function}` did not give a number: {again.trouble}. It takes nothing and returns the metric, "
                "computed from the artifact as it lies on disk.",
            )
        return again

    def _kept(self, copy: Path) -> list[Path]:
        """The deployed file and what the run kept, in the copy and where they lie now."""
        kept = [artifact.file for artifact in self.chosen.artifacts if artifact.file is not None]
        near = [copy / file.relative_to(self.folder) for file in kept if file.is_relative_to(self.folder)]
        return [copy / self.artifact_path.relative_to(self.folder), *near, *kept]

    def _same_with_junk(self, copy: Path, value: float) -> bool:
        """Whether the metric stays what it was when the artifact is no model any more.

        Artifacts that were read where the store says they lie, outside the copy, are left alone.
        """
        for path in self._kept(copy):
            if path.is_relative_to(copy) and path.is_file():
                path.write_bytes(b"not a model")
        again = recompute(self.start, copy, str(self.table.get("recompute", "")))
        return again.value is not None and abs(again.value - value) < 1e-12

    def _difference(self, name: str, logged: float, value: float, allowed: float) -> Found:
        measured = {"logged": _digits(logged), "recomputed": _digits(value), "tolerance": allowed}
        seen = f"The run says {name} = {logged:.6f}; computed again from the deployed artifact it is {value:.6f}."
        run = self.chosen
        for other in self.store.runs:
            if other.id != run.id and abs(other.metrics.get(name, float("inf")) - value) <= allowed:
                return Found(
                    "metric_of_another_run",
                    f"{seen} That is what run {other.id} logged. The run that is claimed and the model that is "
                    "deployed come from different trainings; take the id where the model is saved.",
                    owner=other.id, **measured,
                )  # fmt: skip
        past = [row.value for row in run.history.get(name, ())]
        if any(abs(row - value) <= allowed for row in past) or (past and abs(past[-1] - logged) > 1e-12):
            return Found(
                "metric_edited",
                f"{seen} The record's own history of this metric does not end with the value that it shows, so one of "
                "them was written later. Log what was measured, and nothing afterwards.",
                **measured,
            )
        try:
            self.artifact(), self.files("data"), self.files("code")
        except (Found, NotTried):
            return Found(
                "metric_differs",
                f"{seen} Another probe says that its files are not those of the run: mend that first, then train "
                "again.",
                **measured,
            )
        return Found(
            "metric_edited",
            f"{seen} Model, data and code are those of the run, so the number on the record was not measured like "
            "this: it was changed afterwards, rounded, or measured on other rows. Log the number that your function "
            "gives.",
            **measured,
        )

    # ---------------------------------------------------------------------------------------------- the choice

    def choice(self) -> dict[str, Any]:
        name, run = str(self.table.get("metric", "")), self.chosen
        rivals = [other for other in self.store.rivals(run) if name in other.metrics]
        if len(rivals) < 2:
            return {"compared": len(rivals)}
        if _TEST.search(name.lower()) and _best(run, rivals, name):
            raise Found(
                "picked_by_test",
                f"{len(rivals)} runs were compared by {name}. The best of several test scores is too good to be true: "
                "the rows that chose cannot judge any more. Choose by validation rows, and look at the test rows once.",
                compared=len(rivals),
            )
        for other in sorted(set(run.metrics) - {name}):
            seen = [rival for rival in rivals if other in rival.metrics]
            if (
                _TEST.search(other.lower())
                and len(seen) > 1
                and _best(run, seen, other)
                and not _best(run, rivals, name)
            ):
                better = max(rivals, key=lambda rival: _goodness(rival, name))
                raise Found(
                    "picked_by_test",
                    f"By {name}, run {better.id} is better; the deployed one is the best of {len(seen)} by {other}. "
                    "The rows that chose cannot judge any more. Choose by validation, and look at the test rows once.",
                    compared=len(rivals), better=better.id,
                )  # fmt: skip
        return {"compared": len(rivals), "best": "yes" if _best(run, rivals, name) else "no"}


def _replaced(name: str, seen: str) -> Found:
    return Found(
        "artifact_replaced",
        f"{name} was replaced after the run logged it: {seen}. The metric on the record is another model's. Retraining "
        "makes a new run; deploy its file and claim that run.",
    )


def _reused(run: Run, store: Store) -> str:
    """What shows that the run was written by more than one training; empty when nothing does."""
    if run.places > 1:
        return f"{run.places} records bear the run's id {run.id}."
    versions = [version.version for version in store.versions if version.run == run.id]
    if len(versions) > 1:
        return f"Versions {', '.join(sorted(versions))} of the registry all name run {run.id} as their origin."
    twice = [rows for rows in run.history.values() if _written_over(rows)]
    if len(run.history) > 1 and len(twice) == len(run.history):
        return "Every metric of the run has several values at one step: of two trainings, or of a loop without steps."
    return ""


def _written_over(rows: Any) -> bool:
    last = max(row.step for row in rows) if rows else 0
    return len({row.value for row in rows if row.step == last}) > 1 or sum(row.step == last for row in rows) > 1


def _goodness(run: Run, name: str) -> float:
    value = run.metrics[name]
    return -value if _LOW_IS_GOOD.search(name.lower()) else value


def _best(run: Run, rivals: list[Run], name: str) -> bool:
    return all(_goodness(run, name) >= _goodness(rival, name) for rival in rivals)


def _digits(value: float) -> float:
    return float(f"{value:.8g}")
