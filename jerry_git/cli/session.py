"""What one run of `jerry` carries along: where it works, and how it speaks."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from jerry_git.application.board import Board
    from jerry_git.bootstrap import App


class Session:
    """The application over the chosen folder, made when it is first asked for; stdout is data, stderr is talk."""

    def __init__(self) -> None:
        self.folder: Path | None = None
        self.json = False

    @cached_property
    def app(self) -> App:
        """The wired application; raises what `bootstrap` raises."""
        from jerry_git.bootstrap import bootstrap

        return bootstrap(self.folder)

    def board(self) -> Board:
        """All items as they are now; tells on stderr what could not be read."""
        from jerry_git.application.board import load_board
        from jerry_git.application.elsewhere import with_claims
        from jerry_git.cli.errors import warn_of

        board = with_claims(self.app, load_board(self.app.store))
        warn_of(board)
        return board

    def flush(self) -> None:
        """Stage or commit what was written; a git that refuses costs a warning, for the events are in their files."""
        if "app" not in self.__dict__ or "staging" not in self.app.__dict__:
            return
        from jerry_domain.ports.event_store import EventStoreError
        from jerry_git.application.errors import GitError
        from jerry_git.cli.errors import warn

        try:
            self.app.staging.flush()
        except (GitError, EventStoreError) as error:
            warn(f"the events are written, but git did not take them: {error}", "run `jerry commit` when git is ready")

    def emit_json(self, schema: str, **content: Any) -> None:
        """Print one JSON document whose `schema` names its shape and version (docs/json.md)."""
        import json

        click.echo(json.dumps({"schema": schema, **content}, ensure_ascii=False, indent=2))


pass_session = click.make_pass_decorator(Session)
