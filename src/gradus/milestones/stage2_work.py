"""The learner's functions at work in the sandbox; every method opens a process of its own: nothing is carried over."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gradus.checks import File
from gradus.milestones.stage1 import ProbeFailed
from gradus.milestones.stage2_answers import Answers, LeftOut, NotAnswers, from_evaluate, from_model

if TYPE_CHECKING:
    import pandas as pd

    from gradus.milestones.stage2_data import Array, Study
    from gradus.milestones.stage2_folds import Fold
    from gradus.milestones.table import Table

#: Opens the learner's file in a fresh process and yields the student to call.
OpenStudent = Callable[[], AbstractContextManager[Any]]

INSIDE = "gradus_inside.py"
#: Appended to the learner's file in the sandbox; every line of theirs keeps its number.
HARNESS = b"\n\nfrom gradus_inside import about as gradus_about, crossed as gradus_crossed, spied as gradus_spied\n"


def inside_source() -> bytes:
    """The file that runs beside the learner's in the sandbox."""
    return (Path(__file__).parent / "stage2_inside.py").read_bytes()


@dataclass
class Work:
    """What the learner wrote, ready to be called. ``runs`` counts how often their code was run."""

    open_student: OpenStudent
    runs: int = field(default=0)

    @contextmanager
    def _student(self) -> Iterator[Any]:
        self.runs += 1
        with self.open_student() as student:
            yield student

    def load(self, table: Table, name: str) -> pd.DataFrame:
        """What ``load`` makes of a copy of the file. Raises ProbeFailed when it is no frame with rows."""
        import pandas as pd

        with self._student() as student:
            frame = student.load(File(name, table.to_bytes()))
        if not isinstance(frame, pd.DataFrame):
            kind = "None" if frame is None else f"a {type(frame).__name__}"
            raise ProbeFailed(f"`load` should return a pandas DataFrame; yours returns {kind}.")
        if frame.empty:
            raise ProbeFailed("`load` returned a DataFrame without any rows.")
        return frame

    def about(self, study: Study) -> dict[str, Any]:
        """What ``build`` returns, and the signs that it has learned before."""
        with self._student() as student:
            found = student.gradus_about(student.build, study.X)
        return dict(_expected(found, dict))

    def evaluate(self, study: Study, folds: list[Fold]) -> Answers:
        """What ``evaluate`` predicts on these folds."""
        with self._student() as student:
            value = student.evaluate(study.X, study.y, _sent(folds))
        return _read(partial(_evaluated, value, study, folds))

    def evaluate_each(self, studies: Sequence[Study], folds: list[Fold]) -> Iterator[Answers]:
        """What ``evaluate`` predicts for one study after the other, in one process."""
        with self._student() as student:
            for study in studies:
                value = student.evaluate(study.X, study.y, _sent(folds))
                yield _read(partial(_evaluated, value, study, folds))

    def spied(self, study: Study, folds: list[Fold]) -> tuple[Answers, list[tuple[Any, ...]]]:
        """What ``evaluate`` predicts, and the log of every fit meanwhile."""
        with self._student() as student:
            found = _expected(student.gradus_spied(student.evaluate, study.X, study.y, _sent(folds)), dict)
        log = [event for event in _expected(found.get("log"), list) if isinstance(event, tuple) and len(event) == 9]
        return _read(partial(_evaluated, found.get("answer"), study, folds)), log

    def crossed(self, study: Study, folds: list[Fold]) -> Answers:
        """What fresh estimators predict, each fitted on a fold's training rows by Gradus itself."""
        return self.crossed_with(study, folds, ())[0]

    def crossed_with(self, study: Study, folds: list[Fold], changes: Sequence[dict[str, Any]]) -> list[Answers]:
        """The same, and for each of ``changes`` once more with these columns in the place of the test rows' own."""
        with self._student() as student:
            said = _expected(student.gradus_crossed(student.build, study.X, study.y, _sent(folds), list(changes)), list)
        return [_read(partial(_joined, said, study, folds, k)) for k in range(len(changes) + 1)]


def _evaluated(value: Any, study: Study, folds: list[Fold]) -> Answers:
    return from_evaluate(_data(value), study, folds)


def _joined(said: list[Any], study: Study, folds: list[Fold], which: int) -> Answers:
    parts = [from_model(answers[which], test, study.problem) for answers, (_, test) in zip(said, folds, strict=True)]
    return Answers(
        np.concatenate([part.rows for part in parts]),
        np.concatenate([part.values for part in parts]),
        all(part.hard for part in parts),
    )


def _sent(folds: list[Fold]) -> list[tuple[Array, Array]]:
    return [(train, test) for train, test in folds]


def _read(read: Callable[[], Answers]) -> Answers:
    try:
        return read()
    except LeftOut as out:
        raise ProbeFailed(str(out), leak="left_out_rows", rows_left_out=out.many) from None
    except NotAnswers as problem:
        raise ProbeFailed(str(problem)) from None
    except (TypeError, ValueError, IndexError, AttributeError):
        raise ProbeFailed("What your code returned cannot be read as predictions.") from None


def _data(value: Any) -> Any:
    from gradus.grader.student import RemoteObject

    if type(value) is RemoteObject:
        raise NotAnswers(
            f"`evaluate` returned {value!r}, which is no array. Return NumPy, a list or a pandas Series; "
            "for polars, `.to_numpy()`."
        )
    return value


def _expected(value: Any, kind: type) -> Any:
    if not isinstance(value, kind):
        raise ProbeFailed("Your file replaced what Gradus put beside it, so nothing could be measured.")
    return value
