"""The doctor: what is wrong with the store, and what can be mended without losing anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from jerry_domain.ports.event_store import Problem
from jerry_domain.services.dependency_graph import find_cycles
from jerry_git.application.board import Board, load_board
from jerry_git.application.commands import duplicates, renumber_duplicates
from jerry_git.application.ports import Services

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that is wrong; `code` is stable, `mend` the command that helps, `fixable` whether `--fix` does."""

    code: str
    severity: Severity
    message: str
    mend: str
    path: str = ""
    line: int = 0
    fixable: bool = False


class StoreCare(Protocol):
    """Looking after the files below `.jerry` and the journal; methods may raise `StoreUnavailableError`, `GitError`."""

    def diagnose(self, problem: Problem) -> Sequence[Problem]:
        """Everything that is wrong with the file of `problem`."""
        ...

    def missing_files(self) -> Sequence[str]:
        """Files of `jerry init` that are not there."""
        ...

    def write_missing_files(self) -> Sequence[str]:
        """Write them; returns their paths."""
        ...

    def leftovers(self) -> Sequence[str]:
        """Unfinished files of writers that were killed."""
        ...

    def remove_leftovers(self) -> Sequence[str]:
        """Remove them; returns their paths."""
        ...

    def lost(self) -> Sequence[str]:
        """Event files that the journal knows and that are nowhere: no work tree, and no branch, tag or stash."""
        ...

    def recover(self, paths: Sequence[str]) -> Sequence[str]:
        """Write lost files again from the journal; returns those written."""
        ...


def examine(services: Services, care: StoreCare) -> tuple[Finding, ...]:
    """Everything that is wrong, errors first; writes nothing."""
    board = load_board(services.store)
    findings = [
        *_unreadable(board, care),
        *_repeated_events(board),
        *_twins(board),
        *_circles(board),
        *_dangling(board),
        *_incomplete(board),
        *_files(care),
        *_lost(care),
    ]
    return tuple(sorted(findings, key=lambda finding: finding.severity))


def fix(services: Services, care: StoreCare) -> tuple[str, ...]:
    """Mend what can be mended without a choice; returns what was done, a sentence each."""
    done = [f"wrote {path}" for path in care.write_missing_files()]
    done += [f"removed the unfinished {path}" for path in care.remove_leftovers()]
    for outcome in renumber_duplicates(services):
        old = outcome.before.display_id if outcome.before else ""
        done.append(f"renumbered {old} ({outcome.after.title}) to {outcome.after.display_id}")
    return tuple(done)


def _unreadable(board: Board, care: StoreCare) -> Iterator[Finding]:
    for problem in board.problems:
        for fault in care.diagnose(problem):
            yield Finding(
                code=fault.code,
                severity="error",
                message=fault.message,
                mend=fault.mend,
                path=fault.path,
                line=fault.line,
            )


def _repeated_events(board: Board) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for item_id, history in board.histories.items():
        for recorded in history:
            event_id = recorded.event.event_id
            if first.setdefault(event_id, item_id) != item_id:
                names = f"{board.name(first[event_id])} and {board.name(item_id)}"
                yield Finding(
                    code="duplicate-id",
                    severity="error",
                    message=f"event {event_id} stands in the histories of {names}",
                    mend=f"git log -- .jerry/events/*/{recorded.stream}",
                )


def _twins(board: Board) -> Iterator[Finding]:
    for state in duplicates(board):
        yield Finding(
            code="duplicate-display-id",
            severity="warning",
            message=f"{state.display_id} is also the id of an older item; this one is {state.item_id}: {state.title}",
            mend="jerry doctor --fix",
            fixable=True,
        )


def _circles(board: Board) -> Iterator[Finding]:
    for path in find_cycles(board.items):
        names = [board.name(key) for key in path]
        yield Finding(
            code="cycle",
            severity="error",
            message=f"these wait for each other for ever: {' -> '.join([*names, names[0]])}",
            mend="jerry depend remove ITEM TARGET",
        )


def _dangling(board: Board) -> Iterator[Finding]:
    known = board.items.keys() | board.broken.keys()
    for state in board.items.values():
        targets = {dependency.target for dependency in state.dependencies}
        for key in sorted((targets | {state.parent or state.item_id}) - known):
            yield Finding(
                code="dangling-reference",
                severity="warning",
                message=f"{state.name} refers to {key}, which is not here",
                mend=f"jerry depend remove {state.name} {key}, or merge the branch that has it",
            )


def _incomplete(board: Board) -> Iterator[Finding]:
    for item_id in sorted(board.incomplete):
        yield Finding(
            code="incomplete-history",
            severity="warning",
            message=f"{board.name(item_id)} has events whose predecessors are not here",
            mend="merge the branch that has them, or make the checkout whole",
        )


def _files(care: StoreCare) -> Iterator[Finding]:
    for path in care.missing_files():
        yield Finding(
            code="missing-file",
            severity="warning",
            message="a file of `jerry init` is not there",
            mend="jerry doctor --fix",
            path=path,
            fixable=True,
        )
    for path in care.leftovers():
        yield Finding(
            code="leftover",
            severity="warning",
            message="left unfinished by a writer that was killed",
            mend="jerry doctor --fix",
            path=path,
            fixable=True,
        )


def _lost(care: StoreCare) -> Iterator[Finding]:
    for path in care.lost():
        yield Finding(
            code="lost-event",
            severity="warning",
            message="was written, and is now in no work tree, branch, tag or stash",
            mend="jerry doctor --recover",
            path=path,
        )
