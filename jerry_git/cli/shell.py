"""Small helps: the state machine drawn, and completion for shells."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from jerry_domain.value_objects.status import TRANSITIONS, state_diagram
from jerry_git.cli.options import json_option
from jerry_git.cli.session import Session, pass_session

SHELLS = ("bash", "zsh", "fish")


@click.command("states")
@json_option
@pass_session
def states_command(session: Session) -> int:
    """Draw the state machine of work items.

    As a Mermaid diagram, which forges show as a picture in Markdown.

    \b
    Examples:
      jerry states
      jerry states --json
    """
    if session.json:
        session.emit_json("jerry.states.v1", transitions={state: list(ends) for state, ends in TRANSITIONS.items()})
    else:
        click.echo(state_diagram(), nl=False)
    return 0


@click.command("completion")
@click.argument("shell", type=click.Choice(SHELLS))
def completion_command(shell: str) -> int:
    """Print the script for shell completion, item ids included.

    \b
    Examples:
      jerry completion bash >> ~/.bashrc
      jerry completion zsh  >> ~/.zshrc
      jerry completion fish > ~/.config/fish/completions/jerry.fish
    """
    from jerry_git.cli.main import root

    completion = get_completion_class(shell)
    if completion is None:  # click knows all of SHELLS
        raise click.UsageError(f"{shell} is not known here")
    # Not `.source()`, which asks the bash at hand for its version: the script is for the user's shell.
    finished = completion(root, {}, "jerry", "_JERRY_COMPLETE")
    click.echo(finished.source_template % finished.source_vars())
    return 0
