"""What can be told from a file's bytes alone. The text is never parsed here: a hostile one takes seconds."""

from __future__ import annotations

from gradus.checks import CheckSet
from gradus.grader.headlines import Words, commented_out, empty_file, not_text, null_bytes, too_long, unstarted
from gradus.grader.replies import Submission
from gradus.grader.verdict import Finding, Outcome

MAX_SOURCE = 1_000_000


def look_at_source(checks: CheckSet, submission: Submission) -> tuple[Words, Outcome, tuple[Finding, ...]] | None:
    """Return what makes running the file pointless, or None."""
    words = _words(checks, submission)
    if words is None:
        return None
    outcome: Outcome = "unstarted" if words.id == "unstarted" else "broken"
    finding = Finding("the file can be read", words.headline, line=words.line, kind=words.id)
    return words, outcome, (finding,)


def _words(checks: CheckSet, submission: Submission) -> Words | None:
    source, file = submission.source, submission.name
    if len(source) > MAX_SOURCE:
        return too_long(file, len(source))
    if not source.strip():
        return empty_file(file)
    if b"\0" in source:
        return null_bytes(file, source.index(b"\0"))
    if not _declares_encoding(source):
        try:
            source.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            return not_text(file, source.count(b"\n", 0, error.start) + 1)
    lines = significant(source)
    if not lines:
        return commented_out(checks.default_name)
    if lines == significant(checks.exercise.starter.encode()):
        return unstarted(checks.default_name)
    return None


def _declares_encoding(source: bytes) -> bool:
    """Tell whether one of the first two lines names an encoding, as Python allows."""
    head = source.split(b"\n", 2)[:2]
    return any(line.lstrip().startswith(b"#") and b"coding" in line for line in head)


def significant(source: bytes) -> list[bytes]:
    """Return the lines that are neither empty nor only a comment, without spaces at their ends."""
    lines = [line.rstrip() for line in source.replace(b"\r\n", b"\n").removeprefix(b"\xef\xbb\xbf").split(b"\n")]
    return [line for line in lines if line and not line.lstrip().startswith(b"#")]
