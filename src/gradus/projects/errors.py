"""What can happen to a project while it is run. A judge turns each into its own message."""

from __future__ import annotations


class CannotRun(Exception):  # noqa: N818 - these are named after what happened
    """No process can be started here, for a reason that is not the project's."""


class OverLimit(Exception):  # noqa: N818
    """The check met a limit: ``kind`` is time, memory, output, processes or files. Everything has been ended."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class ProjectFault(Exception):  # noqa: N818
    """The project did something that no probe need allow for. ``id`` names what; a probe may catch it to judge itself.

    ``headline`` is one sentence for the learner, ``message`` explains, ``detail`` is what the program said.
    """

    id = "project_fault"
    message = ""

    def __init__(self, headline: str, detail: str = "") -> None:
        super().__init__(headline)
        self.headline = headline
        self.detail = detail


class NotFound(ProjectFault):
    """A command cannot be started: there is no such program."""

    id = "no_such_program"
    message = (
        "The program is neither in your folder nor installed. Look at its spelling, or install what it belongs to."
    )

    def __init__(self, program: str, why: str) -> None:
        super().__init__(f"`{program}` cannot be started: {why}.")


class CommandFailed(ProjectFault):
    """A command that had to succeed did not."""

    id = "command_failed"
    message = "Run the same command in your folder: its last lines say what is wrong."


class NotReady(ProjectFault):
    """A service does not get ready in time, or ends before."""

    id = "not_ready"
    message = (
        "Start it yourself with the same command and open the address in a browser. What it said last usually names "
        "the line."
    )


class NoAnswer(ProjectFault):
    """A service does not answer: nobody listens, it hangs up, or it takes too long."""

    id = "no_answer"
    message = "A caller would see this as an outage. What the service said last tells where to look."


class BadAnswer(ProjectFault):
    """A service answers something that cannot be used as it should: not HTTP, not JSON, a field missing."""

    id = "bad_answer"
    message = "What a service answers is its contract with every caller: the form counts as much as the value."


class MissingFile(ProjectFault):
    """A file that is needed is not there, or cannot be read as a file."""

    id = "missing_file"
    message = "The name and the place in the folder count, upper and lower case included."
