"""What the outside may answer with, beside the errors of the store's port. Each carries data; the cli words it.

NoWorkTreeError, GitError                git: where nothing can be done, and what it refuses
CannotSyncError                          what keeps a branch from being brought together with a remote's
NotInitializedError, NotCheckedOutError  the `.jerry` folder: not there, in git alone,
IdentityError                            or not as it should be
PrefixFixedError                         a prefix is set once
ConfigurationError                       settings that cannot be used
ReportError                              a report of coverage or tests that cannot be used
ItemNotFoundError, AmbiguousItemError    a reference that is no item's, or that of several
UnreadableItemError                      an item with event files that cannot be read
UnknownMomentError, BeforeHistoryError   a moment that is neither revision nor date, or is before all commits
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from jerry_domain.aggregates.work_item_state import WorkItemState
    from jerry_domain.ports.event_store import Problem


class GitError(Exception):
    """git refused, or could not run. `command` is what was tried, `stderr` what git said, `printed` its output."""

    def __init__(self, command: Sequence[str], stderr: str, printed: str = "") -> None:
        super().__init__(stderr.strip() or f"git {' '.join(command)} failed")
        self.command = tuple(command)
        self.stderr = stderr
        self.printed = printed


class CannotSyncError(Exception):
    """The branch cannot be brought together with its other end as things are; nothing of the user's was touched.

    `hint` says what the user can do about it.
    """

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


class NoWorkTreeError(Exception):
    """There is no work tree here.

    `reason` is one of "no repository", "bare repository", "inside the git directory", "no current folder",
    "git refuses to work here".
    """

    def __init__(self, path: Path, reason: str, detail: str = "") -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason
        self.detail = detail


class NotInitializedError(Exception):
    """Nobody has run `jerry init` in the work tree at `root`."""

    def __init__(self, root: Path) -> None:
        super().__init__(f"no work items are kept in {root}")
        self.root = root


class NotCheckedOutError(Exception):
    """Git has files that the work tree lacks, as `reason` says; `cure` is the command of git's that brings them."""

    def __init__(self, reason: str, cure: str) -> None:
        super().__init__(f"{reason}, which git has")
        self.cure = cure


class IdentityError(Exception):
    """The file that names the repository cannot be used."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class PrefixFixedError(Exception):
    """The repository has another prefix already."""

    def __init__(self, prefix: str) -> None:
        super().__init__(f"the prefix is {prefix} already")
        self.prefix = prefix


class ConfigurationError(Exception):
    """Settings that cannot be used; `problems` names every wrong one, as dotted key and message."""

    def __init__(self, path: str, problems: Sequence[tuple[str, str]]) -> None:
        super().__init__(f"{path}: " + "; ".join(f"{key}: {message}" for key, message in problems))
        self.path = path
        self.problems = tuple(problems)


class ReportError(Exception):
    """A report that cannot be used."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class ItemNotFoundError(Exception):
    """No item answers to `reference`; `similar` are display ids that look like it.

    `unreadable` is the number of items that cannot be read: it may be one of them.
    """

    def __init__(self, reference: str, similar: Iterable[str] = (), unreadable: int = 0) -> None:
        super().__init__(f"no item is called {reference!r}")
        self.reference = reference
        self.similar = tuple(similar)
        self.unreadable = unreadable


class AmbiguousItemError(Exception):
    """Several items answer to `reference`."""

    def __init__(self, reference: str, candidates: Iterable[WorkItemState]) -> None:
        self.candidates = tuple(candidates)
        super().__init__(f"{reference!r} may be any of {len(self.candidates)} items")
        self.reference = reference


class UnreadableItemError(Exception):
    """The item has event files that cannot be read, so its state is not known."""

    def __init__(self, reference: str, problems: Iterable[Problem]) -> None:
        super().__init__(f"{reference} cannot be read")
        self.reference = reference
        self.problems = tuple(problems)


class UnknownMomentError(Exception):
    """`text` is neither a revision that is here nor a date; `similar` are branches and tags that look like it.

    `shallow` tells that the clone has a part of the history only.
    """

    def __init__(self, text: str, similar: Iterable[str] = (), *, shallow: bool = False) -> None:
        super().__init__(f"{text!r} is neither a revision nor a date")
        self.text = text
        self.similar = tuple(similar)
        self.shallow = shallow


class BeforeHistoryError(Exception):
    """There was no commit yet `at` the date that `text` means; `first` is the time of the first one here, or None."""

    def __init__(self, text: str, at: datetime, first: datetime | None, *, shallow: bool = False) -> None:
        super().__init__(f"there is no commit until {at}")
        self.text = text
        self.at = at
        self.first = first
        self.shallow = shallow
