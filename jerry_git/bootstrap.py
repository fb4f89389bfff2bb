"""Wiring: one place that builds the adapters. Each is made when it is first asked for, so that reads start quickly."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from jerry_git.infrastructure.adapters.git_discovery import Repository, discover

if TYPE_CHECKING:
    from pathlib import Path

    from jerry_domain.events.base import RecordedEvent
    from jerry_domain.ports.event_store import StreamScan
    from jerry_domain.value_objects.quality import TestCoverage, TestRatio
    from jerry_git.application.board import Board
    from jerry_git.application.checking.findings import Report
    from jerry_git.application.checking.guard import Guard
    from jerry_git.application.errors import NotCheckedOutError
    from jerry_git.application.importing import ForeignItem, ImportNote
    from jerry_git.application.initializing import RepositoryIdentity
    from jerry_git.application.layers.checking import LayerCheck
    from jerry_git.application.ports import CommitInfo, Pending
    from jerry_git.application.settings import Settings
    from jerry_git.infrastructure.adapters.git import Git, GitStaging
    from jerry_git.infrastructure.adapters.git_audit import GitAuditedHistory
    from jerry_git.infrastructure.adapters.git_checkout import GitCheckout
    from jerry_git.infrastructure.adapters.git_history import GitHistory
    from jerry_git.infrastructure.adapters.git_joining import GitJoining
    from jerry_git.infrastructure.adapters.git_past import GitPast
    from jerry_git.infrastructure.adapters.git_places import GitPlaces
    from jerry_git.infrastructure.adapters.git_upstream import GitUpstream
    from jerry_git.infrastructure.adapters.identity import FileNumbers, SnowflakeIds, SystemClock
    from jerry_git.infrastructure.adapters.pre_commit_config import PreCommitConfiguration
    from jerry_git.infrastructure.adapters.repository_schemas import RepositorySchemas
    from jerry_git.infrastructure.persistence.clone_activity import CloneActivity
    from jerry_git.infrastructure.persistence.file_locks import FileLocks
    from jerry_git.infrastructure.persistence.file_system_event_store import FileSystemEventStore
    from jerry_git.infrastructure.persistence.jerry_folder import JerryFolder
    from jerry_git.infrastructure.persistence.marks import IndexChange
    from jerry_git.infrastructure.persistence.projection import Projection
    from jerry_git.infrastructure.persistence.projection_refresh import Progress, Reading
    from jerry_git.infrastructure.persistence.snapshots import SqliteSnapshots
    from jerry_git.infrastructure.persistence.store_care import FileSystemStoreCare
    from jerry_git.infrastructure.persistence.storeroom import FileSystemStoreroom

if TYPE_CHECKING:
    lazy = property  # pyright does not take a cached_property for the property that a protocol asks for
else:
    lazy = cached_property

ACTOR_VARIABLE = "JERRY_ACTOR"
SESSION_VARIABLE = "JERRY_SESSION"


class GitWorker:
    """The worker as the environment and git know it: `JERRY_ACTOR` or git's author, `JERRY_SESSION` or nothing."""

    def __init__(self, git: Git, environment: Mapping[str, str]) -> None:
        self._git = git
        self._environment = environment

    @lazy
    def actor(self) -> str:
        """See `Worker.actor`."""
        return self._named(ACTOR_VARIABLE) or self._git.actor()

    @lazy
    def session(self) -> str | None:
        """See `Worker.session`."""
        return self._named(SESSION_VARIABLE) or None

    def _named(self, variable: str) -> str:
        """What the variable holds; bytes that are not UTF-8 become question marks, for events are UTF-8."""
        return self._environment.get(variable, "").strip().encode("utf-8", "replace").decode()


class App:
    """All ports over one work tree; implements `jerry_git.application.ports.Services`."""

    def __init__(
        self, repository: Repository, environment: Mapping[str, str], progress: Progress | None = None
    ) -> None:
        self.repository = repository
        self._environment = environment
        self._progress = progress

    @lazy
    def identity(self) -> RepositoryIdentity:
        """Who the repository is; raises `NotInitializedError`, `NotCheckedOutError`, `IdentityError`."""
        return self.folder.identity()

    @lazy
    def folder(self) -> JerryFolder:
        """The `.jerry` folder."""
        from jerry_git.infrastructure.persistence.jerry_folder import JerryFolder

        return JerryFolder(self.repository.root_name, self._written, self._lacking)

    def _lacking(self, path: str) -> Exception | None:
        return self._checkout.lacking(path)

    @lazy
    def _checkout(self) -> GitCheckout:
        from jerry_git.infrastructure.adapters.git_checkout import GitCheckout

        return GitCheckout(self.git, self.repository)

    def left_out(self) -> NotCheckedOutError | None:
        """That a sparse checkout leaves out events or archives, if it does; raises `GitError`."""
        is_sparse = os.path.exists(f"{self.repository.git_dir_name}/info/sparse-checkout")
        return self._checkout.left_out() if is_sparse else None

    @lazy
    def writing_locks(self) -> FileLocks:
        """The clone's locks, for who writes events; raises `NotCheckedOutError` where that would be without others."""
        if (error := self.left_out()) is not None:
            raise error
        return self.locks

    @property
    def prefix(self) -> str:
        """See `Services.prefix`."""
        return self.identity.prefix

    @lazy
    def settings(self) -> Settings:
        """What the repository sets; raises `ConfigurationError`."""
        from jerry_git.infrastructure.adapters.configuration import load_settings

        return load_settings(self.repository.root)

    @lazy
    def git(self) -> Git:
        """git in this work tree."""
        from jerry_git.infrastructure.adapters.git import Git

        return Git(self.repository.root)

    @lazy
    def worker(self) -> GitWorker:
        """Who gives the commands."""
        return GitWorker(self.git, self._environment)

    @lazy
    def store(self) -> FileSystemEventStore:
        """The log of events."""
        from jerry_git.infrastructure.persistence.file_system_event_store import FileSystemEventStore

        return FileSystemEventStore(
            self.repository.root,
            self.repository.private,
            self.identity.source,
            written=self._written,
            locks=lambda: self.writing_locks,
        )

    @lazy
    def snapshots(self) -> SqliteSnapshots:
        """The states of items with many events, in the database of the projection."""
        from jerry_git.infrastructure.persistence.snapshots import SqliteSnapshots

        return SqliteSnapshots(self.repository.git_dir_name)

    def board(self) -> Board:
        """All items as they are now."""
        return self.projection.board()

    @lazy
    def projection(self) -> Projection:
        """The items as a cache in the git directory of the work tree has them, once it is up to date."""
        from jerry_git.infrastructure.persistence.projection import Projection

        repository = self.repository
        self.identity  # noqa: B018 - refuses where nothing was set up
        journal = f"{repository.private_name}/journal"
        return Projection(repository.root_name, repository.git_dir_name, journal, lambda: self.store, self._reading)

    def _reading(self) -> Reading:
        from jerry_git.infrastructure.persistence.projection_refresh import Reading, silent

        return Reading(self._contents, self._progress or silent)

    def _contents(self, folders: Sequence[str]) -> Iterable[tuple[str, Mapping[str, bytes]]]:
        from jerry_git.infrastructure.adapters.unaltered_files import UnalteredFiles

        return UnalteredFiles(self.repository.root_name, f"{self.repository.git_dir_name}/index").contents(folders)

    def _written(self, path: str) -> None:
        self.staging.note(path)

    @lazy
    def staging(self) -> GitStaging:
        """What happens to new event files."""
        from jerry_git.application.messages import commit_message
        from jerry_git.infrastructure.adapters.git import GitStaging

        return GitStaging(
            self.git,
            self.locks,
            self.settings.commit_mode,
            lambda paths: commit_message(self.store, paths),
            # with that variable git writes an index of which the projection knows nothing
            index="" if "GIT_INDEX_FILE" in os.environ else f"{self.repository.git_dir_name}/index",
            staged=self._staged,
        )

    def _staged(self, paths: Sequence[str], change: IndexChange) -> None:
        if "projection" in self.__dict__:  # else it was not asked, and there is nothing to go on from
            self.projection.follow(paths, change)

    @lazy
    def locks(self) -> FileLocks:
        """The clone's locks."""
        from jerry_git.infrastructure.persistence.file_locks import FileLocks

        return FileLocks(self.repository.private / "locks", self.settings.lock_timeout)

    @lazy
    def care(self) -> FileSystemStoreCare:
        """Who looks after the store's files."""
        from jerry_git.infrastructure.persistence.store_care import FileSystemStoreCare

        return FileSystemStoreCare(self.repository.root, self.store, self.git, self.folder, self.joining)

    @lazy
    def joining(self) -> GitJoining:
        """What git has under way."""
        from jerry_git.infrastructure.adapters.git_joining import GitJoining

        return GitJoining(self.git, self.repository)

    @lazy
    def guard(self) -> Guard:
        """The rules over this repository; raises `ConfigurationError`."""
        from jerry_git.application.checking.guard import Guard
        from jerry_git.infrastructure.adapters.guarded_repository import GuardedRepository
        from jerry_git.infrastructure.persistence.event_file_reader import CloudEventFileReader

        return Guard(GuardedRepository(self.git, self.repository), CloudEventFileReader(), self.settings)

    @lazy
    def schemas(self) -> RepositorySchemas:
        """The event schemas of this repository; raises `ConfigurationError`."""
        from jerry_git.infrastructure.adapters.repository_schemas import RepositorySchemas

        return RepositorySchemas(self.repository.root, self.guard)

    @lazy
    def layers(self) -> LayerCheck:
        """The rules of layers, which remember what they read."""
        from jerry_git.application.layers.checking import LayerCheck
        from jerry_git.infrastructure.adapters.import_scans import RememberedScans

        return LayerCheck(RememberedScans(self.repository.private / "cache" / "layers"))

    @lazy
    def hook_configuration(self) -> PreCommitConfiguration:
        """The configuration of pre-commit."""
        from jerry_git.infrastructure.adapters.pre_commit_config import PreCommitConfiguration

        return PreCommitConfiguration(self.repository.root, self.git)

    def pending(self) -> Pending:
        """What is not committed yet."""
        from jerry_git.application.ports import Pending
        from jerry_git.infrastructure.persistence.event_paths import is_archive, is_event_path
        from jerry_git.infrastructure.persistence.jerry_folder import initial_files

        initial = initial_files(self.identity)
        new, gone = self.git.new_and_gone()
        archived = self.store.archives.holding(path for path in gone if is_event_path(path)) if gone else frozenset()
        return Pending(
            new=tuple(path for path in new if path in initial or is_event_path(path) or is_archive(path)),
            gone=tuple(path for path in gone if path in archived),
        )

    @lazy
    def storeroom(self) -> FileSystemStoreroom:
        """Where old events are put away."""
        from jerry_git.infrastructure.persistence.storeroom import FileSystemStoreroom

        staging = self.staging
        return FileSystemStoreroom(self.repository.root, self.store, self.git, staging.note, staging.note_gone)

    def ours(self, item_id: str, event_ids: Sequence[str]) -> frozenset[str]:
        """Those of an item's events that are of this branch, or else of this clone; raises `GitError`."""
        from jerry_domain.aggregates.work_item import WorkItem
        from jerry_git.infrastructure.adapters.git_sides import ours

        places = self.store.locate(f"{WorkItem.category}-{item_id}")
        return ours(self.git, self.store.journal, {key: places[key] for key in event_ids})

    def upstream(self, remote: str | None) -> GitUpstream:
        """The branch's other end on a remote; raises `CannotSyncError`, `GitError`."""
        from jerry_git.infrastructure.adapters.git_upstream import GitUpstream

        def check(there: str | None) -> Report:
            return self.guard.checked(self.guard.sources.range(f"{there or '0' * 40}..HEAD"), whole=False)

        integration, lock = self.settings.integration, self.locks.hold
        return GitUpstream(self.repository, remote, integration, lock, self._commit_pending, check)

    def _commit_pending(self, git: Git) -> CommitInfo | None:
        done = self.commit_pending(git=git)
        return done and done[1]

    def commit_pending(
        self, message: str | None = None, *, archived: bool = False, git: Git | None = None
    ) -> tuple[Pending, CommitInfo] | None:
        """Commit what is not committed yet, or only what went into archives; see `committing.commit_pending`."""
        from jerry_git.application.committing import commit_pending
        from jerry_git.application.messages import commit_message

        def commit(files: Pending) -> CommitInfo:
            words = message or commit_message(self.store, *files)
            return (git or self.git).commit(files.new, words, files.gone)

        return commit_pending(self._pending_archives if archived else self.pending, commit)

    def _pending_archives(self) -> Pending:
        from jerry_git.application.ports import Pending
        from jerry_git.infrastructure.persistence.event_paths import is_archive

        new, gone = self.pending()
        return Pending(new=tuple(path for path in new if is_archive(path)), gone=gone)

    def mentions(self, board: Board, item_id: str) -> list[CommitInfo]:
        """The commits whose trailers name an item, by any name that it has or had; raises `GitError`."""
        from jerry_domain.aggregates.work_item import WorkItem
        from jerry_git.infrastructure.adapters.git_mentions import mentioning
        from jerry_git.infrastructure.persistence.event_paths import stream_folder

        state = board.items[item_id]
        names = {name: board.holders(name) for name in (state.display_id, *state.aliases) if name}
        names[item_id] = (item_id,)
        every = {key for holders in names.values() for key in holders}
        folders = {key: stream_folder(f"{WorkItem.category}-{key}") for key in every}
        return mentioning(self.git, item_id, names, folders)

    @lazy
    def places(self) -> GitPlaces:
        """The work trees and branches of the clone."""
        from jerry_domain.aggregates.work_item import WorkItem
        from jerry_git.infrastructure.adapters.git_places import GitPlaces
        from jerry_git.infrastructure.persistence.file_system_event_store import FileSystemEventStore

        def scan(root: Path) -> Iterable[StreamScan]:
            return FileSystemEventStore(root, self.repository.private, self.identity.source).scan(WorkItem.category)

        return GitPlaces(self.git, self.repository.root, scan)

    @lazy
    def activity(self) -> CloneActivity:
        """What all work trees of the clone are at."""
        from jerry_git.infrastructure.persistence.clone_activity import CloneActivity

        private = self.repository.private_name
        file = f"{private}/cache/activity.sqlite"
        return CloneActivity(f"{private}/journal", file, lambda: self.store, self._existing)

    def _existing(self, paths: frozenset[str]) -> frozenset[str]:
        on_disk = {path for root in self.git.work_trees() for path in paths if os.path.lexists(root / path)}
        return frozenset(on_disk) | self.git.paths_on_branches(paths - on_disk)

    @lazy
    def numbers(self) -> FileNumbers:
        """The clone's display numbers."""
        from jerry_git.infrastructure.adapters.identity import FileNumbers

        return FileNumbers(self.repository.private / "number.json", self.locks)

    @lazy
    def clock(self) -> SystemClock:
        """The computer's clock."""
        from jerry_git.infrastructure.adapters.identity import SystemClock

        return SystemClock()

    @lazy
    def ids(self) -> SnowflakeIds:
        """The maker of ids."""
        from jerry_git.infrastructure.adapters.identity import SnowflakeIds

        return SnowflakeIds(self.clock)

    @lazy
    def history(self) -> GitHistory:
        """What git knows of events; raises `GitError`."""
        from jerry_git.infrastructure.adapters.git_history import GitHistory

        return GitHistory(self.repository.git_dir, self.store.locate)

    @lazy
    def past(self) -> GitPast:
        """Former states, read from git's objects."""
        from jerry_git.infrastructure.adapters.git_past import GitPast

        return GitPast(self.git)

    def audited_history(self, revision: str) -> GitAuditedHistory:
        """The whole history of `revision`; raises `CannotCheckError`."""
        from jerry_git.infrastructure.adapters.git_audit import GitAuditedHistory

        return GitAuditedHistory(self.git, self.repository, revision)


def cloudevent(recorded: RecordedEvent) -> dict[str, Any]:
    """An event as a CloudEvents JSON object."""
    from jerry_git.infrastructure.persistence.codec import to_cloudevent

    return to_cloudevent(recorded)


def foreign_items(origin: str, path: Path) -> tuple[list[ForeignItem], list[ImportNote]]:
    """The items in a file of another tracker, and notes on what was not understood; raises `OSError`."""
    from jerry_git.infrastructure.adapters import beads

    readers = {beads.ORIGIN: beads.read_beads}
    return readers[origin](path)


def quality_reports(coverage: Path | None, junit: Path | None) -> tuple[TestCoverage | None, TestRatio | None]:
    """What report files say, None where none is named; raises `ReportError`."""
    from jerry_git.infrastructure.adapters.reports import read_coverage, read_tests

    return (read_coverage(coverage) if coverage else None, read_tests(junit) if junit else None)


def bootstrap(
    start: str | Path | None = None, environment: Mapping[str, str] | None = None, progress: Progress | None = None
) -> App:
    """The application over the work tree around `start` (the current folder); raises `NoWorkTreeError`, `GitError`.

    `progress` is told of work that may take long.
    """
    if start is None or not os.path.isabs(start):
        _demand_current_folder()
    return App(discover(start or os.getcwd()), os.environ if environment is None else environment, progress)


def _demand_current_folder() -> None:
    try:
        os.getcwd()
    except FileNotFoundError:
        from pathlib import Path

        from jerry_git.application.errors import NoWorkTreeError

        raise NoWorkTreeError(Path(), "no current folder") from None
