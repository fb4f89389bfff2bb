"""What one run of `jerry` carries along: where it works, and how it speaks."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from functools import cached_property
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from datetime import datetime

    from jerry_git.application.board import Board
    from jerry_git.application.past import Moment
    from jerry_git.bootstrap import App


class Session:
    """The application over the chosen folder, made when it is first asked for; stdout is data, stderr is talk."""

    def __init__(self) -> None:
        self.folder: str | None = None
        self.json = False
        self.as_of: str | None = None

    @cached_property
    def app(self) -> App:
        """The wired application; raises what `bootstrap` raises."""
        from jerry_git.bootstrap import bootstrap

        return bootstrap(self.folder, progress=self._progress)

    def _progress(self, steps: int) -> AbstractContextManager[Callable[[], None]]:
        """What is to be called after each step of reading all events; it is shown on a terminal."""
        if self.json or not sys.stderr.isatty():
            return nullcontext(lambda: None)
        from jerry_git.cli.progress import passing_bar

        return passing_bar("Reading events", steps)

    @cached_property
    def moment(self) -> Moment | None:
        """The former moment that was asked for, if any; raises what `moment_of` raises."""
        return None if self.as_of is None else self.moment_of(self.as_of)

    def moment_of(self, text: str) -> Moment:
        """A revision or date as people write it; raises `UnknownMomentError`, `BeforeHistoryError`, `GitError`."""
        from jerry_git.application.past import moment_of

        return moment_of(self.app.past, text, self.app.clock.now())

    def now(self) -> datetime:
        """The time that counts as now: the clock's, or that of the moment asked for."""
        return self.app.clock.now() if self.moment is None else self.moment.at

    @property
    def former(self) -> datetime | None:
        """The time of the former moment that was asked for, if any."""
        return None if self.moment is None else self.moment.at

    @property
    def then(self) -> str:
        """` as of ...` where a former moment was asked for, for the end of a sentence."""
        return "" if self.moment is None else f" as of {named(self.moment)}"

    def board(self) -> Board:
        """All items as they are now, or were at the moment asked for; tells on stderr what could not be read."""
        if self.moment is not None:
            return self.board_at(self.moment)
        from jerry_git.application.elsewhere import with_claims
        from jerry_git.cli.talk import warn_of, warn_of_left_out

        board = with_claims(self.app, self.app.board())
        warn_of_left_out(self.app.left_out())
        warn_of(board)
        return board

    def board_at(self, moment: Moment) -> Board:
        """All items as they were committed; tells on stderr what could not be read."""
        from jerry_git.application.past import board_at
        from jerry_git.cli.talk import warn_of

        board = board_at(self.app.past, moment)
        warn_of(board, f"these files are in commit {moment.commit[:8]}; `jerry doctor` looks at those of today")
        return board

    def flush(self) -> None:
        """Stage or commit what was written; a git that refuses costs a warning, for the events are in their files."""
        if "app" not in self.__dict__ or "staging" not in self.app.__dict__:
            return
        from jerry_domain.ports.event_store import EventStoreError
        from jerry_git.application.errors import GitError
        from jerry_git.cli.talk import warn

        try:
            self.app.staging.flush()
        except (GitError, EventStoreError) as error:
            from jerry_git.cli.errors import explain

            hint = "run `jerry commit` when git is ready"
            # of a lock it would be told that nothing was written
            if isinstance(error, GitError) and (known := explain(error)) is not None and known.hint:
                hint = f"{known.hint}; afterwards `jerry commit` takes what is left"
            warn(f"the events are written, but git did not take them: {error}", hint)

    def emit_json(self, schema: str, **content: Any) -> None:
        """Print one JSON document whose `schema` names its shape and version (docs/json.md)."""
        import json

        click.echo(json.dumps({"schema": schema, **content}, ensure_ascii=False, indent=2))


def named(moment: Moment) -> str:
    """A former moment in words: the commit, and the time."""
    return f"{moment.commit[:8]}, {moment.at:%Y-%m-%d %H:%M} UTC"


pass_session = click.make_pass_decorator(Session)
