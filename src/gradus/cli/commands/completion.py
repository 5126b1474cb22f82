"""``gradus completion``: the script a shell needs."""

from __future__ import annotations

import os
import sys

import click

#: Where each shell looks for it, in the words of a command to run.
INSTALL = {
    "bash": 'eval "$(gradus completion bash)"        # add this line to ~/.bashrc',
    "zsh": 'eval "$(gradus completion zsh)"         # add this line to ~/.zshrc, after compinit',
    "fish": "gradus completion fish > ~/.config/fish/completions/gradus.fish",
    "powershell": "gradus completion powershell | Out-String | Invoke-Expression   # add to $PROFILE",
}


@click.command("completion", epilog="Commands, options and exercise ids are completed.")
@click.argument("shell", type=click.Choice(sorted(INSTALL)), required=False)
def command(shell: str | None) -> None:
    """Print the completion script for SHELL (the one you are in, by default).

    \b
    bash:  eval "$(gradus completion bash)"      in ~/.bashrc
    zsh:   eval "$(gradus completion zsh)"       in ~/.zshrc, after compinit
    fish:  gradus completion fish > ~/.config/fish/completions/gradus.fish
    """
    from click.shell_completion import get_completion_class

    from gradus.cli.main import cli
    from gradus.errors import UsageError

    shell = shell or os.environ.get("SHELL", "").rpartition("/")[2]
    maker = get_completion_class(shell) if shell in INSTALL else None
    if maker is None:
        raise UsageError(f"No completion for the shell {shell!r}.", next_step=f"Name one of: {', '.join(INSTALL)}.")
    source = _source(shell, maker, cli)
    click.echo(source)
    if sys.stdout.isatty():
        click.echo(f"\nTo use it: {INSTALL[shell]}", err=True)


def _source(shell: str, maker: type, cli: click.Command) -> str:
    """The script; bash's own one checks the version by running bash, which is not wanted here."""
    completer = maker(cli, {}, "gradus", "_GRADUS_COMPLETE")
    text: str = completer.source_template % completer.source_vars()
    return text
