"""The page about the command line names every command and option that exists, and none that does not."""

from __future__ import annotations

import re
from pathlib import Path

import click

from gradus.cli.group import HIDDEN, SECTIONS
from gradus.cli.main import cli

PAGE = (Path(__file__).parents[2] / "docs" / "command-line.md").read_text(encoding="utf-8")
COMMANDS = {name for commands in SECTIONS.values() for name in commands}


def test_every_command_is_on_the_page() -> None:
    documented = set(re.findall(r"`gradus ([a-z]+)", PAGE))
    assert documented >= COMMANDS
    assert documented <= COMMANDS | set(HIDDEN)


def test_every_option_on_the_page_exists() -> None:
    context = click.Context(cli)
    known = {"--help"}
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None
        known |= {option for parameter in command.params for option in parameter.opts}
    assert set(re.findall(r"--[a-z]+", PAGE)) <= known


def test_watch_mode_names_its_keys() -> None:
    from gradus.cli.page import KEYS

    for key, _ in KEYS:
        assert f"`{key}`" in PAGE
