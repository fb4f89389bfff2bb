"""The files and streams of one source, judged: all of them, or those that a change has a part in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from jerry_domain.aggregates.work_item import WorkItem
from jerry_domain.events.base import DomainEvent
from jerry_domain.events.work_item_events import Created, DependencyAdded, DisplayIdChanged, ParentChanged, Restored
from jerry_git.application.board import Board
from jerry_git.application.checking.findings import Concern, Finding, of_problem
from jerry_git.application.checking.items import circles, dangling, references, twins
from jerry_git.application.checking.sources import Entry, EventFileReader, Source, read_all
from jerry_git.application.checking.streams import Log, gated, lawful, repeated
from jerry_git.application.settings import Settings

_RELATIONS = (
    '"parent": "',
    *(f'"type": "jerry.work_item.{name}' for name in ("dependency_", "parent_changed.", "deleted.", "restored.")),
)
"""What the canonical form of every event holds that says who waits for whom."""

_MANY = 20
"""More display ids than these are not looked for one by one: every item's is read."""


@dataclass(frozen=True, slots=True)
class Examination:
    """The rules over files and streams, applied to one source."""

    source: Source
    reader: EventFileReader
    settings: Settings

    def of_all(self) -> tuple[list[Finding], int]:
        """Findings in everything that is there, and the number of files."""
        log = self._read(self.source.entries((self.reader.folder,)))
        board = log.board()
        folders = (self.reader.stream_folder(file.path) for file in log.files)
        known = {folder.rpartition("-")[2] for folder in folders if folder is not None}
        rules = (
            _unreadable(log),
            repeated(log),
            lawful(log, board),
            gated(board, self.settings.quality),
            twins(board),
            circles(board),
            dangling(board, known),
        )
        return [found for rule in rules for _, found in rule], len(log.files)

    def of(self, altered: Mapping[str, Entry]) -> tuple[list[Finding], int]:
        """Findings that these new or altered files have a part in, and the number of files that were read."""
        log = self._read_with_streams(altered.values())
        board = log.board()
        new = [recorded.event for file in log.files if file.path in altered for recorded in file.events]
        rules = (
            _unreadable(log),
            repeated(self._with_same_ids(log, altered)),
            lawful(log, board),
            gated(board, self.settings.quality),
            twins(self._with_same_names(log, new)),
            circles(self._with_relations(log, new)),
            dangling(board, self._present(board)),
        )
        streams = {recorded.stream for file in log.files if file.path in altered for recorded in file.events}
        parties = {*altered, *(stream.rpartition("-")[2] for stream in streams)}
        return [found for rule in rules for concerned, found in rule if concerned & parties], len(log.files)

    def _read(self, entries: Iterable[Entry]) -> Log:
        return Log.of(
            read_all(self.source, self.reader, (entry for entry in entries if not self.reader.is_leftover(entry.path)))
        )

    def _read_with_streams(self, entries: Iterable[Entry]) -> Log:
        """These entries, and with each that is an event file the others of its stream."""
        wanted = {entry.path: entry for entry in entries}
        folders = sorted({folder for path in wanted if (folder := self.reader.stream_folder(path)) is not None})
        if folders:
            wanted |= {entry.path: entry for entry in self.source.entries(folders)}
        return self._read(wanted[path] for path in sorted(wanted))

    def _with_same_ids(self, log: Log, altered: Mapping[str, Entry]) -> Log:
        """`log`, and the files elsewhere whose names say that they hold an event id of the altered ones."""
        marks = {self.reader.mark(path) for path in altered}
        there = {file.path for file in log.files}
        others = [
            entry
            for entry in self.source.files((self.reader.folder,))
            if entry.path not in there and self.reader.mark(entry.path) in marks
        ]
        return Log.of((*log.files, *self._read(others).files)) if others else log

    def _with_same_names(self, log: Log, new: Iterable[DomainEvent]) -> Board:
        """The items of `log`, and those that carry a display id which the new events give.

        Only a renumbering looks into every file; a creation looks for those who were created with its number, ten times
        as fast.
        """
        given = [event for event in new if isinstance(event, Created | DisplayIdChanged)]
        files = "*" if any(isinstance(event, DisplayIdChanged) for event in given) else self.reader.creations
        names = {event.display_id for event in given}
        texts = [f'"display_id": {json.dumps(name, ensure_ascii=False)}' for name in sorted(names)]
        if len(texts) > _MANY:
            texts = ['"display_id": "']
        return self._with_mentioning(log, texts, files).board() if texts else Board()

    def _with_relations(self, log: Log, new: Iterable[DomainEvent]) -> Board:
        """The items of `log`, and, where a new event lets an item wait, all that wait or are waited for."""
        if not any(isinstance(event, DependencyAdded | ParentChanged | Restored) for event in new):
            return Board()
        related = self._with_mentioning(log, _RELATIONS)
        return self._with_streams(related, self._targets(related.board()).values()).board()

    def _with_mentioning(self, log: Log, texts: Sequence[str], names: str = "*") -> Log:
        """`log`, and the streams of which an event mentions one of `texts`, in files of these names."""
        paths = self.source.mentioning(texts, self.reader.folder, names)
        return self._with_streams(log, (self.reader.stream_folder(path) for path in paths))

    def _with_streams(self, log: Log, folders: Iterable[str | None]) -> Log:
        there = {file.path for file in log.files}
        wanted = sorted({folder for folder in folders if folder is not None})
        others = [entry for entry in self.source.entries(wanted) if entry.path not in there] if wanted else []
        return Log.of((*log.files, *self._read(others).files))

    def _present(self, board: Board) -> set[str]:
        """The items that those of `board` refer to and that are there, and those of `board`."""
        targets = self._targets(board)
        wanted = sorted(folder for folder in targets.values() if folder is not None)
        there = {self.reader.stream_folder(entry.path) for entry in self.source.entries(wanted)} if wanted else set()
        return {*board.items, *(key for key, folder in targets.items() if folder in there)}

    def _targets(self, board: Board) -> dict[str, str | None]:
        """The items that those of `board` refer to and that are not among them, each with its folder."""
        targets = {key for state in board.items.values() for key in references(state)} - board.items.keys()
        return {key: self.reader.folder_of(f"{WorkItem.category}-{key}") for key in targets}


def _unreadable(log: Log) -> Iterator[Concern]:
    for file in log.files:
        for problem in file.problems:
            yield frozenset((file.path,)), of_problem(problem)
