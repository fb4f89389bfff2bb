"""The doctor: what is wrong with the store, and what can be mended without losing anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from jerry_domain.ports.event_store import Problem
from jerry_git.application.board import Board
from jerry_git.application.checking.findings import Finding, finding, of_problem
from jerry_git.application.checking.items import circles, dangling, twins
from jerry_git.application.commands import renumber_duplicates
from jerry_git.application.folding import load_board
from jerry_git.application.ports import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class LostFile:
    """An event file that was acknowledged and is nowhere now: its path, whose events it has, which, who, and when.

    `item_id` and all that follows is empty where the journal's entry cannot be read.
    """

    path: str
    item_id: str = ""
    kinds: tuple[str, ...] = ()
    actor: str = ""
    at: datetime | None = None


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

    def clear_leftovers(self) -> Mapping[str, str]:
        """Finish what was certain when its writer was killed, and remove the others.

        Returns their paths, each with that of the event file that it became, empty where it was removed.
        """
        ...

    def misjoined(self) -> Sequence[str]:
        """The files that a merge, rebase or cherry-pick under way has not left as the commits have them (ADR-034)."""
        ...

    def settle(self) -> Sequence[str]:
        """Put them right; returns their paths."""
        ...

    def lost(self) -> Sequence[LostFile]:
        """Event files that the journal knows and that are nowhere: no work tree, and no branch, tag or stash."""
        ...

    def recover(self, paths: Sequence[str]) -> Sequence[str]:
        """Write lost files again from the journal; returns those written."""
        ...


def examine(services: Services, care: StoreCare) -> tuple[Finding, ...]:
    """Everything that is wrong, errors first; writes nothing."""
    board = load_board(services.store)
    misjoined = list(_misjoined(care))
    settled = {found.path for found in misjoined}  # what else is wrong there comes of it, and has no other mend
    findings = [
        *misjoined,
        *(found for found in _unreadable(board, care) if found.path not in settled),
        *_repeated_events(board),
        *(found for _, found in (*twins(board), *circles(board), *dangling(board, board.items.keys() | board.broken))),
        *_incomplete(board),
        *_files(care),
        *_lost(board, care),
    ]
    return tuple(sorted(findings, key=lambda finding: finding.severity))


def fix(services: Services, care: StoreCare) -> tuple[str, ...]:
    """Mend what can be mended without a choice; returns what was done, a sentence each."""
    done = [f"put right {path}" for path in care.settle()]
    done += [f"wrote {path}" for path in care.write_missing_files()]
    done += [
        f"finished {made}, which its writer had promised" if made else f"removed the unfinished {path}"
        for path, made in care.clear_leftovers().items()
    ]
    for outcome in renumber_duplicates(services):
        old = outcome.before.display_id if outcome.before else ""
        done.append(f"renumbered {old} ({outcome.after.title}) to {outcome.after.display_id}")
    return tuple(done)


def _misjoined(care: StoreCare) -> Iterator[Finding]:
    for path in care.misjoined():
        message = "git took what went into an archive for renamed, and this is not as the branches have it"
        yield finding("misjoined", message, "jerry doctor --fix", path, fixable=True)


def _unreadable(board: Board, care: StoreCare) -> Iterator[Finding]:
    for problem in board.problems:
        yield from map(of_problem, care.diagnose(problem))


def _repeated_events(board: Board) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for item_id, history in board.histories.items():
        for recorded in history:
            event_id = recorded.event.event_id
            if first.setdefault(event_id, item_id) != item_id:
                names = f"{board.name(first[event_id])} and {board.name(item_id)}"
                message = f"event {event_id} stands in the histories of {names}"
                yield finding("duplicate-id", message, f"git log -- .jerry/events/*/{recorded.stream}")


def _incomplete(board: Board) -> Iterator[Finding]:
    for item_id in sorted(board.incomplete):
        message = f"{board.name(item_id)} has events whose predecessors are not here"
        yield finding("incomplete-history", message, "merge the branch that has them, or make the checkout whole")


def _files(care: StoreCare) -> Iterator[Finding]:
    for path in care.missing_files():
        message = "a file of `jerry init` is not there"
        yield finding("missing-file", message, "jerry doctor --fix", path, fixable=True)
    for path in care.leftovers():
        message = "left unfinished by a writer that was killed"
        yield finding("leftover", message, "jerry doctor --fix", path, fixable=True)


def _lost(board: Board, care: StoreCare) -> Iterator[Finding]:
    for lost in care.lost():
        message = f"{describe(board, lost)} was written, and is now in no work tree, branch, tag or stash"
        yield finding("lost-event", message, "jerry doctor --recover", lost.path)


def describe(board: Board, lost: LostFile) -> str:
    """What is lost, for people: the kinds of events, the item, who and when."""
    if lost.at is None:
        return "an append"
    return f"{', '.join(lost.kinds)} of {board.name(lost.item_id)} ({lost.actor}, {lost.at:%Y-%m-%d %H:%M} UTC)"
