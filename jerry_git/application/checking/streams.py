"""Rules over one stream: it begins with a creation, its versions follow, and each step is legal (DESIGN 6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from jerry_domain.aggregates.work_item import WorkItem
from jerry_domain.aggregates.work_item_state import WorkItemState
from jerry_domain.events.base import RecordedEvent
from jerry_domain.events.work_item_events import Imported, StatusChanged
from jerry_domain.ports.event_store import StreamScan
from jerry_domain.services.legality import Violation, judge
from jerry_domain.value_objects.quality import QualityPolicy
from jerry_domain.value_objects.status import WorkItemStatus
from jerry_git.application.board import Board
from jerry_git.application.checking.findings import Concern, Finding, finding
from jerry_git.application.checking.sources import EventFile
from jerry_git.application.folding import board_of

_MENDS: Mapping[str, str] = {
    "stream-start": "merge the branch that has the creation, or: git log -- {folder}",
    "created-twice": "git rm --cached -- {path}",
    "version-gap": "git rm --cached -- {path}",
    "incomplete-history": "merge the branch that has them, or make the checkout whole",
    "illegal-transition": "git rm --cached -- {path}, and move the item with `jerry`; published already: docs/findings",
    "illegal-correction": "git rm --cached -- {path}, and take the step back with `jerry undo`",
    "illegal-reconciliation": "git rm --cached -- {path}, and choose with `jerry reconcile`",
    "fork": "jerry reconcile {name}",
}


@dataclass(frozen=True, slots=True)
class Log:
    """Event files by stream, with the path of the file that holds each event."""

    files: tuple[EventFile, ...]
    streams: Mapping[str, tuple[RecordedEvent, ...]] = field(default_factory=dict)
    paths: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @classmethod
    def of(cls, files: Iterable[EventFile]) -> Log:
        """The streams that `files` hold; a file that cannot be read holds nothing."""
        kept = tuple(files)
        streams: dict[str, list[RecordedEvent]] = {}
        paths: dict[tuple[str, str], str] = {}
        for file in kept:
            for recorded in file.events:
                streams.setdefault(recorded.stream, []).append(recorded)
                paths.setdefault((recorded.stream, recorded.event.event_id), file.path)
        return cls(kept, {name: tuple(events) for name, events in sorted(streams.items())}, paths)

    @property
    def items(self) -> Mapping[str, tuple[RecordedEvent, ...]]:
        """The streams of work items, by internal id."""
        head = f"{WorkItem.category}-"
        return {name.removeprefix(head): events for name, events in self.streams.items() if name.startswith(head)}

    def path(self, item_id: str, event_id: str) -> str:
        """The file that holds an event of an item."""
        return self.paths[f"{WorkItem.category}-{item_id}", event_id]

    def board(self) -> Board:
        """The items as far as they can be folded."""
        return board_of(StreamScan(stream=name, events=events, problems=()) for name, events in self.streams.items())


def repeated(log: Log) -> Iterator[Concern]:
    """Event ids that stand in more than one file."""
    first: dict[str, str] = {}
    for file in log.files:
        for recorded in file.events:
            event_id = recorded.event.event_id
            other = first.setdefault(event_id, file.path)
            if other != file.path:
                message, mend = f"event {event_id} stands in {other} as well", f"git log -- {file.path} {other}"
                yield frozenset((file.path, other)), finding("duplicate-id", message, mend, file.path)


def lawful(log: Log, board: Board) -> Iterator[Concern]:
    """What breaks a rule of its stream, with the files of all events that are concerned."""
    for item_id, history in log.items.items():
        for violation in judge(item_id, history):
            paths = [log.path(item_id, key) for key in (violation.event_id, *violation.others)]
            yield frozenset(paths), _finding(paths[0], board.name(item_id), violation)


def _finding(path: str, name: str, violation: Violation) -> Finding:
    mend = _MENDS[violation.breach].format(path=path, folder=path.rpartition("/")[0], name=name)
    return finding(violation.breach, f"{name}: {violation.message}", mend, path)


def gated(board: Board, policy: QualityPolicy) -> Iterator[Concern]:
    """Items that are done and do not meet their quality gate.

    Left out is what was forced, with its reason in the history, and what came finished from another tracker.
    """
    for state in board.items.values():
        level = policy.level_for(state.work_type)
        if state.status is not WorkItemStatus.DONE or state.deleted or level is None or _is_excused(board, state):
            continue
        if lacks := policy.missing(level, state.coverage, state.tests):
            message = f"{state.name} is done and does not meet quality level {level}: {', '.join(lacks)}"
            mend = f"jerry quality {state.name} --coverage coverage.json --junit junit.xml"
            yield frozenset((state.item_id,)), finding("quality-gate", message, mend)


def _is_excused(board: Board, state: WorkItemState) -> bool:
    history = [recorded.event for recorded in board.histories[state.item_id]]
    last = next(event for event in history if event.event_id == state.status_event)
    if isinstance(last, StatusChanged) and last.forced:
        return True
    return any(isinstance(event, Imported) and event.correlation_id == last.correlation_id for event in history)
