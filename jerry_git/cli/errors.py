"""Errors in words: what is wrong, a blank line, how to mend it (DESIGN 9). The one place that does so."""

from __future__ import annotations

import re
import sys
from functools import singledispatch
from typing import TYPE_CHECKING

import click

from jerry_domain import errors as domain
from jerry_domain.ports import event_store as store
from jerry_git.application.checking.findings import CannotCheckError
from jerry_git.application.errors import (
    AmbiguousItemError,
    BeforeHistoryError,
    CannotSyncError,
    ConfigurationError,
    GitError,
    IdentityError,
    ItemNotFoundError,
    NotCheckedOutError,
    NotInitializedError,
    NoWorkTreeError,
    PrefixFixedError,
    ReportError,
    UnknownMomentError,
    UnreadableItemError,
)
from jerry_git.cli.printing import escaped, line
from jerry_git.cli.talk import BUG, REFUSED, Explanation, RefusedError, as_json, say

if TYPE_CHECKING:
    from jerry_git.cli.session import Session


def report(session: Session, error: Exception, arguments: list[str]) -> int:
    """Tell the user of an error and return the exit status: 1 for a refusal, 3 for a bug with a report file."""
    explanation = explain(error)
    if explanation is None:
        return _report_bug(error, arguments)
    if session.as_of is not None and isinstance(error, ItemNotFoundError):
        explanation = explanation._replace(message=f"{explanation.message}{session.then}")
    say(explanation)
    if session.json:
        session.emit_json("jerry.error.v1", error=as_json(explanation))
    return REFUSED


def usage(error: click.UsageError) -> None:
    """Tell of a command line that cannot be understood; one that names no command gets the help."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.format_message(), err=True)
        return
    if error.ctx is not None:
        click.echo(error.ctx.get_usage(), err=True)
    path = error.ctx.command_path if error.ctx is not None else "jerry"
    message, _, similar = error.format_message().partition(" Did you mean")
    hint = f"Did you mean{similar}" if similar else f"`{path} --help` shows how it is used"
    say(Explanation("usage", line(message), hint))


def _report_bug(error: Exception, arguments: list[str]) -> int:
    import platform
    import tempfile
    import traceback

    from jerry_git import __version__

    text = (
        f"jerry {__version__}, Python {platform.python_version()}, {platform.platform()}\n"
        f"arguments: {arguments!r}\n\n{''.join(traceback.format_exception(error))}"
    )
    with tempfile.NamedTemporaryFile(prefix="jerry-bug-", suffix=".txt", delete=False) as file:
        file.write(text.encode("utf-8", "backslashreplace"))
    last = line(str(error).splitlines()[0]) if str(error) else ""
    print(f"error: a bug in jerry: {type(error).__name__}: {last}", file=sys.stderr)  # noqa: T201 - click may be the bug
    print(f"\nhint: please report it with the file {file.name}", file=sys.stderr)  # noqa: T201
    return BUG


@singledispatch
def explain(error: Exception) -> Explanation | None:  # noqa: ARG001 - the cases are registered below
    """The error in words, or None for one that should not happen."""
    return None


@explain.register
def _(error: RefusedError) -> Explanation:
    return error.explanation


@explain.register
def _(error: click.ClickException) -> Explanation:
    return Explanation("refused", error.format_message())


_BYTES = re.compile("[\udc80-\udcff]")
"""Bytes of an argument that are no text in the encoding of the locale, as Python hands them on."""


@explain.register
def _(error: domain.InvalidValueError) -> Explanation:
    if _BYTES.search(error.value):
        return _no_text(f"{error.field} ", error.value)
    return Explanation("invalid-value", line(f"{error.field} {error.value!r} is refused: {error.reason}"))


@explain.register
def _(error: UnicodeEncodeError) -> Explanation | None:
    return _no_text("", error.object) if _BYTES.search(error.object) else None


def _no_text(name: str, text: str) -> Explanation:
    shown = escaped(text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace"))
    encoding = sys.getfilesystemencoding()
    if encoding == "utf-8":
        return Explanation("not-utf8", f"{name}'{shown}' is not UTF-8", "convert it with iconv")
    hint = "use a locale of UTF-8, such as `LC_ALL=C.UTF-8`"
    return Explanation("not-utf8", f"{name}'{shown}' is not text in the encoding of this locale, {encoding}", hint)


@explain.register
def _(error: domain.IllegalTransitionError) -> Explanation:
    verbs = {
        ("pending", "in_progress"): "start",
        ("in_progress", "blocked"): "block",
        ("in_progress", "done"): "done",
        ("blocked", "in_progress"): "unblock",
        ("done", "in_progress"): "reopen",
    }
    offers = [
        f"`jerry {verbs.get((error.source, target), 'cancel')} {error.item}`"
        for target in error.allowed
        if target != error.target
    ]
    message = f"{error.item} is {error.source}, and cannot become {error.target} from there"
    if error.target == "claimed":
        message = f"{error.item} is {error.source}: there is nothing to claim"
    elif error.target in error.allowed:
        message = f"{error.item} is {error.source}: another command leads to {error.target} from there"
        offers = [f"`jerry {verbs.get((error.source, error.target), 'cancel')} {error.item}`"]
    hint = f"from {error.source}: {', '.join(offers)}" if offers else f"{error.source} is final: create a new item"
    return Explanation("illegal-transition", message, hint)


@explain.register
def _(error: domain.ItemDeletedError) -> Explanation:
    return Explanation("deleted", f"{error.item} is deleted", f"`jerry undo {error.item}` brings it back")


@explain.register
def _(error: domain.ParentTypeError) -> Explanation:
    allowed = ", ".join(error.allowed)
    message = f"an item of type {error.item_type} cannot stand under one of type {error.parent_type}"
    return Explanation("parent-type", message, f"the parent of such an item is one of: {allowed}")


@explain.register
def _(error: domain.OpenChildrenError) -> Explanation:
    message = f"{error.item} has open children: {', '.join(error.children)}"
    hint = f'finish them first, or `jerry done {error.item} --force --reason "why"`'
    return Explanation("open-children", message, hint)


@explain.register
def _(error: domain.QualityGateError) -> Explanation:
    message = f"{error.item} does not meet quality level {error.level}:" + "".join(
        f"\n  - {lack}" for lack in error.missing
    )
    hint = f"`jerry quality {error.item} --coverage coverage.json --junit junit.xml` records what the tests show"
    return Explanation("quality-gate", message, hint)


@explain.register
def _(error: domain.CycleError) -> Explanation:
    circle = " -> ".join([*error.path, error.path[0]])
    hint = "remove a dependency on the way: `jerry depend remove ITEM TARGET`"
    return Explanation("cycle", f"these would wait for each other for ever: {circle}", hint)


@explain.register
def _(error: domain.ClaimedByOtherError) -> Explanation:
    session = f" (session {error.session})" if error.session else ""
    message = f"{error.item} is claimed by {error.claimant}{session} until {error.until:%Y-%m-%d %H:%M} UTC"
    hint = f"choose another with `jerry ready`, or take it away with `jerry release --force {error.item}`"
    if error.session is None:
        hint += "; your own claims can be renewed when JERRY_SESSION is set as you take them"
    return Explanation("claimed", line(message), hint)


@explain.register
def _(error: domain.CannotUndoError) -> Explanation:
    return Explanation("cannot-undo", str(error), f"`jerry log {error.item}` shows what was done")


@explain.register
def _(error: ItemNotFoundError) -> Explanation:
    hint = "`jerry list --all` shows every item"
    if error.similar:
        hint = f"Did you mean {' or '.join(error.similar)}?"
    if error.unreadable:
        items = "an item that" if error.unreadable == 1 else f"one of {error.unreadable} items that"
        hint = f"it may be {items} cannot be read: `jerry doctor` says how to mend that\n{hint}"
    return Explanation("not-found", line(f"no item is called {error.reference!r}"), hint)


@explain.register
def _(error: AmbiguousItemError) -> Explanation:
    rows = "".join(f"\n  {state.item_id}  {state.display_id}  {line(state.title)}" for state in error.candidates)
    hint = "name it by its internal id, the first column; `jerry doctor --fix` renumbers items of one display id"
    return Explanation("ambiguous", line(f"{error.reference!r} may be any of these:") + rows, hint)


@explain.register
def _(error: UnreadableItemError) -> Explanation:
    return _corrupt(error.reference, error.problems)


@explain.register
def _(error: store.CorruptStreamError) -> Explanation:
    return _corrupt(error.stream, error.problems)


def _corrupt(name: str, problems: tuple[store.Problem, ...]) -> Explanation:
    rows = "".join(f"\n  {escaped(str(problem))}" for problem in problems)
    return Explanation("unreadable", f"{name} cannot be read:{rows}", escaped(problems[0].mend))


@explain.register
def _(error: store.ConcurrencyError) -> Explanation:
    message = f"{error.stream} changed again and again while this command tried to change it"
    return Explanation("conflict", message, "nothing was written; try again")


@explain.register
def _(error: store.LockTimeoutError) -> Explanation:
    message = f"another jerry has held the lock {error.name!r} for more than {error.seconds:g} seconds"
    return Explanation("locked", message, "nothing was written; try again, or see what hangs with `ps`")


@explain.register
def _(error: store.OutcomeUnknownError) -> Explanation:
    message = f"it cannot be told whether the change was written: {error.reason}"
    return Explanation("outcome-unknown", line(message), "look with `jerry log`; sending the command again is safe")


@explain.register
def _(error: store.StoreUnavailableError) -> Explanation:
    hint = "see to the disk's space and rights"
    return Explanation("unavailable", line(str(error)), hint)


@explain.register
def _(error: store.IdempotencyError) -> Explanation:
    return Explanation("idempotency", line(str(error)), "nothing was written; `jerry doctor` examines the store")


@explain.register
def _(error: NoWorkTreeError) -> Explanation:
    hints = {
        "no repository": "make one with `git init`, or go to one with `jerry -C PATH`",
        "bare repository": "work items live in a work tree: `git worktree add PATH`",
        "inside the git directory": "go to the work tree, or use `jerry -C PATH`",
        "no current folder": "`cd` into the repository, or use `jerry -C PATH` with a path from the root",
    }
    message = {
        "no repository": f"{error.path} is not in a git repository",
        "bare repository": f"{error.path} is a bare repository, without a work tree",
        "inside the git directory": f"{error.path} is git's own folder, not a work tree",
        "no current folder": "the current folder no longer exists",
    }.get(error.reason, f"git refuses to work in {error.path}: {error.detail}")
    return Explanation("no-work-tree", line(message), hints.get(error.reason, "follow git's advice above"))


@explain.register
def _(error: NotInitializedError) -> Explanation:
    return Explanation(
        "not-initialized", line(f"no work items are kept in {error.root} yet"), "`jerry init` sets it up"
    )


@explain.register
def _(error: NotCheckedOutError) -> Explanation:
    return Explanation("not-checked-out", line(str(error)), line(f"`{error.cure}` brings it here"))


@explain.register
def _(error: IdentityError) -> Explanation:
    return Explanation("identity", line(str(error)), f"restore it: git checkout HEAD -- {error.path}")


@explain.register
def _(error: PrefixFixedError) -> Explanation:
    message = f"this repository has the prefix {error.prefix} already"
    return Explanation("initialized", message, "a prefix is set once: ids that people have used must still be found")


@explain.register
def _(error: ConfigurationError) -> Explanation:
    rows = "".join(f"\n  {f'{key}: ' if key else ''}{message}" for key, message in error.problems)
    return Explanation(
        "configuration", f"settings in {error.path} cannot be used:{rows}", "docs/settings.md lists them"
    )


@explain.register
def _(error: CannotCheckError) -> Explanation:
    return Explanation("cannot-check", escaped(f"could not check: {error.reason}"), escaped(error.cure))


@explain.register
def _(error: CannotSyncError) -> Explanation:
    return Explanation("cannot-sync", line(str(error)), line(error.hint))


_IGNORED = "are ignored by one of your .gitignore files:"


@explain.register
def _(error: GitError) -> Explanation:
    if "not on the PATH" in error.stderr:
        return Explanation("git", "git is not on the PATH", "install git 2.36 or newer: https://git-scm.com")
    hint = ""
    if "user.email" in error.stderr or "ident name" in error.stderr:
        hint = "tell git who you are: `git config user.name NAME` and `git config user.email MAIL`"
    elif "partial commit during a merge" in error.stderr:
        hint = "finish the merge first: `git commit` takes the events along"
    elif _IGNORED in error.stderr:
        path = escaped(error.stderr.partition(_IGNORED)[2].strip().partition("\n")[0])
        # git tells paths from the root of the work tree, wherever the user is
        hint = f"take out the pattern that `git check-ignore --verbose --no-index :/{path}` shows"
    return Explanation("git", f"git refuses:\n{error.stderr.strip() or error}", hint)


_DATES = "a date is written 2026-11-01, 2026-11-01T14:30, yesterday, 3d or 2w"
_SHALLOW = "this clone is shallow, and `git fetch --unshallow` brings the rest"


@explain.register
def _(error: UnknownMomentError) -> Explanation:
    hint = f"{_DATES}; `git branch --all` and `git tag` list revisions"
    if error.similar:
        hint = f"Did you mean {' or '.join(f'`{escaped(name)}`' for name in error.similar)}?"
    message = f"{error.text!r} is neither a revision that is here nor a date"
    return Explanation("unknown-moment", message, f"{hint}\n{_SHALLOW}" if error.shallow else hint)


@explain.register
def _(error: BeforeHistoryError) -> Explanation:
    if error.first is None:
        hint = "`git commit` makes the first; `jerry list` shows the items of the work tree"
        return Explanation("before-history", "nothing is committed yet", hint)
    first = f"{error.first:%Y-%m-%d %H:%M} UTC"
    message = f"{error.text!r} is before the first commit, which is of {first}"
    return Explanation("before-history", message, _SHALLOW if error.shallow else "name a later date, or a revision")


@explain.register
def _(error: ReportError) -> Explanation:
    hint = "`coverage json`, `coverage xml` and `pytest --junit-xml FILE` write such reports"
    return Explanation("report", line(str(error)), hint)


@explain.register
def _(error: OSError) -> Explanation:
    place = f"{error.filename}: " if error.filename is not None else ""
    return Explanation("os", escaped(f"{place}{error.strerror or error}"))
