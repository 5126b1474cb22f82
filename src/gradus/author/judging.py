"""The local judge of a proof: the same judge as the learner's, without the sandbox, for code that the author wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gradus.checks import CheckSet, Misconception
    from gradus.grader.exam import Exam
    from gradus.grader.verdict import Verdict


class LocalJudge:
    """Judges many sources of one exercise. An exam, once drawn, serves every source that sits it."""

    def __init__(self, checks: CheckSet) -> None:
        self.checks = checks
        self._exams: dict[int, Exam] = {}

    def prepare(self, seeds: Iterable[int]) -> None:
        """Draw these exams and compute the reference's answers now, for the children that are forked later."""
        for seed in seeds:
            self._exam(seed).prepare()

    def __call__(self, source: str, seed: int, *, two: bool = True, shrinks: bool = True) -> Verdict:
        """Judge one source; ``two=False`` is twice as fast and does not see state that is kept between calls, and
        ``shrinks=False`` leaves a failing case as large as it was drawn."""
        from gradus.grader.local import judge_locally

        exam = self._exam(seed)
        exam.shrinks = shrinks
        return judge_locally(self.checks, source, two=two, exam=exam)

    def notices(self, source: str, seed: int) -> bool:
        """Whether one of the cases alone shows that a source is not the reference: the quick half of a judgment, which
        stops at the first difference and explains nothing. False does not mean that the source passes."""
        from gradus.grader.diagnose import compare_replies
        from gradus.grader.exam import ask
        from gradus.grader.local import LocalRunner
        from gradus.grader.replies import Loaded, Returned, Submission

        exam = self._exam(seed)
        runner = LocalRunner()
        try:
            loaded = runner.load(Submission(source.encode(), f"{self.checks.exercise.id}.py"))
            if not isinstance(loaded, Loaded):
                return True
            for index, part in enumerate(exam.parts):
                replies = ask(runner, part, [case.spec for case in part.cases])
                for case, expected, reply in zip(part.cases, exam.expected(index), replies, strict=True):
                    changed = isinstance(reply, Returned) and reply.mutated and not part.group.may_change_input
                    if changed or compare_replies(part, case, expected, reply) is not None:
                        return True
        except Exception:
            return False  # the whole judge says what to make of it
        finally:
            runner.close()
        return False

    def margin(self, seeds: Iterable[int]) -> float | None:
        """How well the cases tell wrong from right: the smallest share of cases, over the misconceptions, on which one
        of them differs from the reference. None when no misconception is of a function with cases."""
        shares = [share for wrong in self.checks.misconceptions for share in self._share(wrong, seeds)]
        return min(shares, default=None)

    def _share(self, wrong: Misconception, seeds: Iterable[int]) -> list[float]:
        from gradus.grader.diagnose import compare_replies
        from gradus.grader.exam import ask
        from gradus.grader.local import LocalRunner, names_of

        name, cases, different = wrong.of or self.checks.default_name, 0, 0
        for exam in (self._exam(seed) for seed in seeds):
            for index, part in enumerate(exam.parts):
                if part.name == name:
                    runner = LocalRunner(names_of(self.checks.reference, **{name: wrong.implementation}))
                    replies = ask(runner, part, [case.spec for case in part.cases])
                    for case, expected, reply in zip(part.cases, exam.expected(index), replies, strict=True):
                        cases += 1
                        different += compare_replies(part, case, expected, reply) is not None
        return [different / cases] if cases else []

    def _exam(self, seed: int) -> Exam:
        from gradus.grader.exam import Exam

        if seed not in self._exams:
            self._exams[seed] = Exam(self.checks, seed)
        return self._exams[seed]


def told(verdict: Verdict) -> str:
    """A verdict in a few words, for a list of problems."""
    named = f", diagnosis “{verdict.diagnosis.id}”" if verdict.diagnosis else ""
    headline = f": {verdict.headline}" if verdict.headline else ""
    case = f" At {verdict.findings[0].case}." if verdict.findings and verdict.findings[0].case else ""
    fault = f" {verdict.diagnosis.message}" if verdict.outcome == "grader_error" and verdict.diagnosis else ""
    return f"{verdict.outcome}{named} (seed {verdict.seed}){headline}{case}{fault}"
