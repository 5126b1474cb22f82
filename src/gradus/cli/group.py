"""The table of commands. Only the one that runs is imported; help and completion read the table."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click
from click.exceptions import NoSuchCommand

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

#: Section -> command -> (module below ``gradus.cli.commands``, one line of help).
SECTIONS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "Every day": {
        "start": ("start", "Open Gradus in the browser."),
        "next": ("next", "Say what to do next, and which file to edit."),
        "check": ("check", "Check an exercise (the current one by default)."),
        "watch": ("watch", "Check on every save; the verdict replaces the last one."),
        "hint": ("hint", "Show the next of three hints."),
        "task": ("task", "Show what an exercise asks for."),
        "lesson": ("lesson", "Read a unit's lesson."),
        "ways": ("ways", "After a pass: other good solutions beside yours."),
        "solution": ("solution", "Show the reference solution."),
        "review": ("review", "Go through what is due, just before you would forget it."),
    },
    "Your road": {
        "progress": ("progress", "Show what you can do, and where you are on the map."),
        "plan": ("plan", "Show dates for every unit, re-forecast from your pace."),
        "roadmap": ("roadmap", "List all stages, units and exercises."),
        "place": ("place", "Skip what you know, by solving it."),
        "arena": ("arena", "Compete offline, on boards that open at the end."),
        "lab": ("lab", "Measure what is said about methods, on many data sets."),
        "vault": ("vault", "Seal a test set before the work, and open it once."),
        "milestone": ("milestone", "Prove a stage on your own work."),
        "prove": ("prove", "Prove a service, yours or one at a URL."),
    },
    "Your folder": {
        "tour": ("tour", "Walk the whole road once, from a first exercise to a deployed model."),
        "init": ("init", "Make the folder you will work in."),
        "reset": ("reset", "Put an exercise back to its start (your work is kept)."),
        "export": ("export", "Write everything you did to one JSON file."),
        "import": ("imports", "Read such a file back."),
        "install": ("install", "Install the libraries of a stage when you reach it."),
        "doctor": ("doctor", "Say what is installed, what protects you, what is missing."),
        "completion": ("completion", "Print a script that lets your shell complete commands."),
        "version": ("version", "Print the version."),
    },
    "For authors": {
        "author": ("author", "Prove exercises and lessons, or start a new exercise."),
    },
}
HIDDEN = {"host": "host"}

#: What people type from habit -> what it is called here.
SYNONYMS = {
    "run": "check", "test": "check", "verify": "check", "list": "roadmap", "ls": "roadmap",
    "hints": "hint", "status": "progress", "quiz": "review", "cards": "review", "new": "init", "setup": "init",
    "answer": "solution", "calendar": "plan", "help": "--help", "skip": "place", "placement": "place",
    "compete": "arena", "kaggle": "arena",
}  # fmt: skip


class LazyGroup(click.Group):
    """A group that knows its commands' names and help lines without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every visible command, in the order of the help page."""
        return [name for commands in SECTIONS.values() for name in commands]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the one command."""
        module = _module(cmd_name)
        if module is None:
            return None
        command: click.Command = importlib.import_module(f"gradus.cli.commands.{module}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As Click does, with names near a misspelled one."""
        try:
            return super().resolve_command(ctx, args)
        except NoSuchCommand as error:
            near = " or ".join(repr(name) for name in _near(error.command_name, self, ctx))
            message = f"{error.message} Did you mean {near}?" if near else error.message
            raise NoSuchCommand(error.command_name, message, ctx=ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands, by what they are for."""
        for section, commands in SECTIONS.items():
            with formatter.section(section):
                formatter.write_dl([(name, line) for name, (_, line) in commands.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete command names from the table, options as Click does."""
        from click.shell_completion import CompletionItem

        found = [
            CompletionItem(name, help=line)
            for commands in SECTIONS.values()
            for name, (_, line) in commands.items()
            if name.startswith(incomplete)
        ]
        return found + click.Command.shell_complete(self, ctx, incomplete)


def _module(name: str) -> str | None:
    for commands in SECTIONS.values():
        if name in commands:
            return commands[name][0]
    return HIDDEN.get(name)


def _near(name: str, group: LazyGroup, ctx: click.Context) -> list[str]:
    from difflib import get_close_matches

    if name in SYNONYMS:
        return [SYNONYMS[name]]
    return get_close_matches(name, group.list_commands(ctx), n=2, cutoff=0.5)


class ExerciseId(click.ParamType[str]):
    """An exercise's id, or a path to a learner's file. Completed from the workspace's own listing."""

    name = "exercise"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Leave the text as it is: the workspace resolves it, and knows near names."""
        return str(value)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Ids that begin with what is typed."""
        from click.shell_completion import CompletionItem

        from gradus.cli.ids import exercise_ids

        found = [CompletionItem(name) for name in exercise_ids() if name.startswith(incomplete)]
        return found or [CompletionItem(incomplete, type="file")]
