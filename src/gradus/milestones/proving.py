"""Prove a milestone: read the learner's files once, examine them in the sandbox, write the evidence."""

from __future__ import annotations

import ast
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from gradus.errors import UsageError
from gradus.grader import BrokenSubmission, Grader, LearnerError, Submission
from gradus.learner import Workspace
from gradus.milestones.report import Probe, Report, now, sha256, write_evidence
from gradus.roadmap import Limits, Roadmap, Stage, load_roadmap

#: A probe loads, computes and draws once or twice; real files and pandas' first plot need more time than an exercise.
LIMITS = Limits(seconds=20.0, memory_mb=1024, output_kb=256)

Progress = Callable[[Probe], None]


def milestone_file(workspace: Workspace, stage: Stage) -> Path:
    """Where the learner writes the milestone of a stage: a script, or the file that names their project."""
    return workspace.root / stage.folder.name / ("milestone.toml" if names_a_project(stage) else "milestone.py")


def names_a_project(stage: Stage) -> bool:
    """Whether the stage's milestone is a project of its own, which a ``milestone.toml`` names."""
    return (stage.folder / "milestone" / "milestone.toml").is_file()


def can_be_proved(stage: Stage) -> bool:
    """Whether the stage's milestone is there yet."""
    return names_a_project(stage) or (stage.folder / "milestone" / "starter.py").is_file()


def lay_out_milestone(workspace: Workspace, stage: Stage) -> tuple[Path, bool]:
    """Put the milestone's task and starter into the workspace, overwriting nothing; also whether it is new.

    Raises UsageError when the stage's milestone cannot be proved yet.
    """
    source = stage.folder / "milestone"
    if not can_be_proved(stage):
        raise UsageError(
            f"The milestone of stage {stage.number}, {stage.title}, cannot be proved yet.",
            next_step="It comes with the stage's units.",
        )
    path = milestone_file(workspace, stage)
    path.parent.mkdir(parents=True, exist_ok=True)
    is_new = not path.exists()
    for name, given in (("milestone.md", "task.md"), *((file.name, file.name) for file in source.glob("*.toml"))):
        if not (path.parent / name).exists():
            (path.parent / name).write_bytes((source / given).read_bytes())
    if not path.exists():
        path.write_bytes((source / "starter.py").read_bytes())
    return path, is_new


def prove(
    stage: int,
    workspace: Workspace,
    *,
    grader: Grader,
    file: Path | str | None = None,
    data: Path | str | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    roadmap: Roadmap | None = None,
) -> Report:
    """Examine a stage's milestone and leave the evidence in the workspace.

    ``file`` defaults to the stage's ``milestone.py``, which is laid out when it is not there; ``data`` to the ``DATA``
    that it names. Where the milestone is a project, ``file`` is its ``milestone.toml`` and ``data`` the project's
    folder. ``progress`` receives each probe as soon as it is known. Raises UsageError when there is nothing to
    examine: no file yet, no data, or data that cannot be read.
    """
    from gradus.milestones.table import read_table

    chosen = (roadmap or load_roadmap()).stage(stage)
    path = _learners_file(workspace, chosen, file)
    if names_a_project(chosen):
        from gradus.milestones.stage5_proving import prove_stage5

        return prove_stage5(chosen, workspace, path, data, seed, progress)
    submission = _read_submission(path)
    if chosen.number == 2:
        from gradus.milestones.stage2_proving import prove_stage2

        return prove_stage2(chosen, workspace, grader, path, submission, data, seed, progress)
    data_path = _data_file(path, submission.source, data)
    table, content = read_table(data_path)
    drawn = seed if seed is not None else secrets.randbelow(2**31)
    layers: list[str] = []
    probes = []
    for probe in _stage1(grader, submission, table, data_path.name, drawn, layers):
        probes.append(probe)
        if progress is not None:
            progress(probe)
    files = {path.name: sha256(submission.source), data_path.name: sha256(content)}
    report = Report(chosen.number, chosen.milestone.title, tuple(probes), files, drawn, tuple(layers), now())
    return report.with_evidence(write_evidence(report, workspace.evidence))


def _stage1(
    grader: Grader, submission: Submission, table: Any, name: str, seed: int, layers: list[str]
) -> Iterator[Probe]:
    import numpy as np

    from gradus.milestones.stage1 import examine

    @contextmanager
    def open_student() -> Iterator[Any]:
        from gradus.milestones.stage1 import ProbeFailed

        session = grader.session(submission, LIMITS)
        try:
            with session as student:
                layers[:] = session.layers
                require(session.defined, ("load", "stats", "plot"), submission.name)
                yield student
        except BrokenSubmission as broken:
            raise ProbeFailed(f"{broken.what} {broken.next_step}".strip()) from None
        except LearnerError as raised:
            raise ProbeFailed(sentence(raised, submission.name)) from None

    opened: Callable[[], AbstractContextManager[Any]] = open_student
    yield from examine(opened, table, name, np.random.default_rng(seed))


def require(defined: Mapping[str, Any], names: tuple[str, ...], file: str) -> None:
    from gradus.milestones.stage1 import ProbeFailed

    for name in names:
        if name not in defined:
            raise ProbeFailed(f"{file} does not define `{name}`. Write it, or check its spelling.")


def sentence(raised: LearnerError, file: str) -> str:
    """What the learner's code raised, and where in their file."""
    own = [frame for frame in raised.trace if frame.file == file]
    line = own[-1].line if own else None if raised.trace else raised.line
    where = f" (line {line} of {file})" if line else ""
    if raised.is_a("NotImplementedError"):
        name = own[-1].function if own else raised.call.partition("(")[0]
        return f"`{name}` is not written yet{where}."
    return f"Your code raised {raised.type}: {raised.message}{where}."


def _learners_file(workspace: Workspace, stage: Stage, file: Path | str | None) -> Path:
    if file is not None:
        return Path(file).absolute()
    path, is_new = lay_out_milestone(workspace, stage)
    if is_new:
        raise UsageError(
            f"The milestone of stage {stage.number} is yours to write: {stage.milestone.statement}",
            str(path),
            f"Its task and a starter are now in {path.parent.name}/milestone.md and {path.name}. "
            + ("Name your project's folder" if names_a_project(stage) else "Write the functions, name your CSV")
            + f", and run `gradus milestone {stage.number}` again.",
        )
    return path


def _read_submission(path: Path) -> Submission:
    from gradus.learner.snapshot import read_siblings, read_source

    source = read_source(path, None)
    return Submission(source=source, name=path.name, siblings=read_siblings(path, (path.parent,), None))


def _data_file(path: Path, source: bytes, data: Path | str | None) -> Path:
    """The CSV: the one given, or what the script's ``DATA = "…"`` names, beside the script unless it is absolute."""
    if data is not None:
        return Path(data).absolute()
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        raise UsageError(f"milestone.py is not valid Python: {error}.", f"{path}:{line}", "Mend that line.") from None
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "DATA" for t in node.targets):
            if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
                return path.parent / Path(node.value.value).expanduser()
            raise UsageError("DATA should be a plain string, the path of your CSV.", f"{path}:{node.lineno}")
    raise UsageError(
        "No data set is named.", str(path), 'Add a line DATA = "my-data.csv" at its top, or use --data FILE.'
    )
