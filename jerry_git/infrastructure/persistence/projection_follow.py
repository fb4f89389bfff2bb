"""Takes what a command itself wrote into the projection, so that the next one need not look for it (ADR-039)."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Mapping, Set
from typing import TYPE_CHECKING

from jerry_git.application.layout import EVENTS
from jerry_git.infrastructure.persistence.cache import writing
from jerry_git.infrastructure.persistence.marks import mark_of, marked, size_in
from jerry_git.infrastructure.persistence.projection_refresh import Refresh

if TYPE_CHECKING:
    from jerry_git.infrastructure.persistence.file_system_event_store import FileSystemEventStore
    from jerry_git.infrastructure.persistence.projection import Token

_LONG = 600_000_000_000
"""Nanoseconds: so often the folder of each stream is looked at where commands write, whoever is sure to be alone."""


class _InDoubtError(Exception):
    """Something else may have changed: what was done to the database is undone."""


class Following:
    """Brings `database` from the token `seen` to `token`, that of now, where a command wrote all that has changed."""

    def __init__(
        self,
        root: str,
        store: Callable[[], FileSystemEventStore],
        database: sqlite3.Connection,
        seen: Token,
        token: Token,
    ) -> None:
        self._root = root
        self._store = store
        self._database = database
        self._seen = seen
        self._token = token

    def follow(self, paths: Set[str], before: int) -> bool:
        """Read the streams anew of which the files at `paths` were written before the time `before`.

        Returns whether that was all. In any doubt the items stay as they were.
        """
        seen, token = self._seen, self._token
        if (seen.above, seen.archives) != (token.above, token.archives) or not self._is_journal_of(paths):
            return False
        folders = {path.rpartition("/")[0] for path in paths}
        marks = {folder: mark_of(f"{self._root}/{folder}") for folder in sorted(folders)}
        refresh = Refresh(self._root, self._store, self._database)
        try:
            with writing(self._database):
                if not (self._has_seen(before) and self._are_months_of(folders) and refresh.renew(marks, before)):
                    raise _InDoubtError
                self._database.execute("UPDATE fresh SET token = ?", (str(self._token),))
        except _InDoubtError:
            return False
        return True

    def _has_seen(self, before: int) -> bool:
        """Whether the items are those of the token that was seen, and all was looked at not long ago."""
        token, looked = self._database.execute("SELECT token, looked FROM fresh").fetchone() or ("", 0)
        return token == str(self._seen) and 0 <= before - looked < _LONG

    def _is_journal_of(self, paths: Set[str]) -> bool:
        """Whether the journal has grown by the lines of just these appends, in whatever work tree.

        So none of the files was there before, nor in git's index, which may else be another git's, not ours.
        """
        sizes = {os.path.basename(place): size_in(mark) for place, mark in self._seen.journal.items()}
        return {_path_in(line) for _, _, line in self._store().journal.since(sizes) if line} == paths

    def _are_months_of(self, folders: Set[str]) -> bool:
        """Whether in each month that has changed all folders of streams, beside `folders`, are there as they were."""
        if self._seen.months.keys() != self._token.months.keys():
            return False
        changed = [place for place, mark in self._token.months.items() if mark != self._seen.months[place]]
        return all(self._as_known(place, folders) == _as_found(place, folders) for place in changed)

    def _as_known(self, month: str, but: Set[str]) -> Mapping[str, str]:
        """The folders in a month of which the streams are known, by path, each with its mark, `but` some."""
        folder = f"{EVENTS}/{os.path.basename(month)}"
        query = "SELECT path, mark FROM folders WHERE path > ? AND path < ?"
        found = self._database.execute(query, (f"{folder}/", f"{folder}/\U0010ffff"))
        return {path: mark for path, mark in found if path not in but}


def _as_found(month: str, but: Set[str]) -> Mapping[str, str]:
    """What lies in the folder of a month, told in the same way."""
    found = ((f"{EVENTS}/{os.path.basename(month)}/{entry.name}", mark) for entry, mark in marked(month))
    return {path: mark for path, mark in found if path not in but}


def _path_in(line: str) -> str:
    """The path of an append, "" for any other line of the journal."""
    try:
        return str(json.loads(line)["path"])
    except (ValueError, RecursionError, LookupError, TypeError):
        return ""
