"""The projection says what the fold says, whatever happened since it was made (ADR-032)."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from jerry_domain.errors import DomainError
from jerry_domain.ports.event_store import CorruptStreamError
from jerry_domain.value_objects.classification import DependencyKind, Priority
from jerry_git.application import commands
from jerry_git.application.board import Board
from jerry_git.application.errors import AmbiguousItemError, GitError, ItemNotFoundError, UnreadableItemError
from jerry_git.application.folding import load_board
from jerry_git.bootstrap import App, bootstrap
from jerry_git.infrastructure.persistence.projection_refresh import are_many
from tests.infrastructure.repositories import ADA, commit_all, git
from tests.infrastructure.trackers import asking_git, finish, put_away, tracker

REFUSALS = (DomainError, ItemNotFoundError, UnreadableItemError, AmbiguousItemError, CorruptStreamError)
Step = Callable[[App, str], object]
STEPS: list[Step] = [
    lambda app, name: commands.create(app, commands.Draft(title=f"After {name}")),
    lambda app, name: commands.create(app, commands.Draft(title=f"Under {name}", parent=name)),
    commands.start,
    commands.complete,
    commands.reopen,
    lambda app, name: commands.cancel(app, name, "why"),
    lambda app, name: commands.edit(app, name, title="Größe 🦜", description="a\r\nb"),
    lambda app, name: commands.prioritize(app, name, Priority.HIGH),
    lambda app, name: commands.label(app, name, add=["x"]),
    lambda app, name: commands.comment(app, name, "words"),
    lambda app, name: commands.depend(app, name, ["WORK-1"], DependencyKind.BLOCKS),
    lambda app, name: commands.claim(app, name, timedelta(hours=1)),
    commands.delete,
    commands.undo,
]
NAMES = st.sampled_from(["WORK-1", "WORK-2", "WORK-3", "WORK-4"])
BRANCHES = st.sampled_from(["main", "one", "two"])


def cache(app: App) -> Path:
    """Where the projection lies."""
    return app.repository.git_dir / "jerry" / "cache" / "projection.sqlite"


def open_folders(app: App) -> list[Path]:
    """The folders of the streams of open items."""
    streams = (f"work_item-{state.item_id}" for state in load_board(app.store).items.open())
    return [next(app.repository.root.glob(f".jerry/events/*/{stream}")) for stream in streams]


class AnySequence(RuleBasedStateMachine):
    """Commands, what git does to a work tree, hands that change files, and a cache that is lost or damaged."""

    def __init__(self) -> None:
        super().__init__()
        self.place = TemporaryDirectory()
        self.app = tracker(Path(self.place.name) / "repository")

    def teardown(self) -> None:
        self.place.cleanup()

    def git(self, *arguments: str) -> None:
        """git, which may refuse."""
        subprocess.run(("git", *arguments), cwd=self.app.repository.root, capture_output=True, check=False)

    @rule(step=st.sampled_from(STEPS), name=NAMES)
    def command(self, step: Step, name: str) -> None:
        self.command_that_stages_nothing(step, name)
        with suppress(GitError):  # what is to be staged may be lost by now
            self.app.staging.flush()

    @rule(step=st.sampled_from(STEPS), name=NAMES)
    def command_that_stages_nothing(self, step: Step, name: str) -> None:
        with suppress(*REFUSALS):
            step(self.app, name)

    @rule()
    def commit(self) -> None:
        commit_all(self.app.repository.root, "step")

    @rule(branch=BRANCHES)
    def switch(self, branch: str) -> None:
        self.git("checkout", "--quiet", branch)
        self.git("checkout", "--quiet", "-b", branch)

    @rule(branch=BRANCHES)
    def merge(self, branch: str) -> None:
        self.git("merge", "--quiet", "--no-edit", branch)

    @rule(back=st.integers(0, 3))
    def reset(self, back: int) -> None:
        self.git("reset", "--quiet", "--hard", f"HEAD~{back}")
        if not (self.app.repository.root / ".jerry" / "repository.json").exists():
            self.git("reset", "--quiet", "--hard", "begin")

    @rule()
    def archive(self) -> None:
        with suppress(GitError):
            put_away(self.app)

    @rule(which=st.integers(0, 50))
    def lose_an_archive(self, which: int) -> None:
        archives = sorted(self.app.repository.root.glob(".jerry/archive/*.jsonl"))
        if archives:
            archives[which % len(archives)].unlink()

    @rule(which=st.integers(0, 50), in_place=st.booleans())
    def replace_an_archive(self, which: int, *, in_place: bool) -> None:
        """The first line is damaged: in a new file, which has lost the second one, or where it stands."""
        archives = sorted(self.app.repository.root.glob(".jerry/archive/*.jsonl"))
        if archives:
            archive = archives[which % len(archives)]
            lines = archive.read_bytes().splitlines(keepends=True)
            if in_place:
                with archive.open("r+b") as file:
                    file.write(b"[{]")
            else:
                archive.with_suffix(".tmp").write_bytes(b"".join([b"[{]\n", *lines[1:]]))
                archive.with_suffix(".tmp").rename(archive)

    @rule()
    def stash(self) -> None:
        self.git("stash", "--include-untracked")

    @rule()
    def unstash(self) -> None:
        self.git("stash", "pop")

    @rule(which=st.integers(0, 50))
    def lose_a_file_of_an_open_item(self, which: int) -> None:
        files = [file for folder in open_folders(self.app) for file in sorted(folder.iterdir())]
        if files:
            files[which % len(files)].unlink()

    @rule(which=st.integers(0, 50))
    def put_something_there(self, which: int) -> None:
        folders = open_folders(self.app)
        if folders:
            (folders[which % len(folders)] / "notes.txt").write_text("mine")

    @rule(which=st.integers(0, 50))
    def replace_a_file(self, which: int) -> None:
        """As editors do: under another name, and renamed."""
        files = [file for folder in open_folders(self.app) for file in sorted(folder.iterdir())]
        if files:
            file = files[which % len(files)]
            file.with_suffix(".new").write_text("[]")
            file.with_suffix(".new").rename(file)

    @rule(which=st.integers(0, 50))
    def overwrite_a_file(self, which: int) -> None:
        """In its place, as a damaged disk does; and what cannot be read is mended in the same way."""
        files = [file for folder in open_folders(self.app) for file in sorted(folder.iterdir())]
        if files:
            file = files[which % len(files)]
            content = file.read_bytes()
            file.write_bytes(content[:40])
            same(self.projected(bootstrap(self.app.repository.root, ADA)), load_board(self.app.store))
            if which % 2:
                file.write_bytes(content)

    @rule(which=st.integers(0, 50))
    def lose_an_item(self, which: int) -> None:
        folders = sorted(self.app.repository.root.glob(".jerry/events/*/*"))
        if folders and not folders[which % len(folders)].is_symlink():
            shutil.rmtree(folders[which % len(folders)])

    @rule(which=st.integers(0, 50), depth=st.sampled_from(["*/*", "*", "."]))
    def put_a_link_there(self, which: int, depth: str) -> None:
        """In the place of an item, a month or everything, to what was there."""
        places = sorted(self.app.repository.root.glob(f".jerry/events/{depth}"))
        if places and not (place := places[which % len(places)]).is_symlink():
            there = Path(self.place.name) / f"elsewhere-{len(list(Path(self.place.name).iterdir()))}"
            place.rename(there)
            place.symlink_to(there)

    @rule()
    def lose_everything(self) -> None:
        events = self.app.repository.root / ".jerry" / "events"
        if events.is_symlink():
            events.unlink()
        shutil.rmtree(events, ignore_errors=True)

    @rule()
    def lose_the_cache(self) -> None:
        shutil.rmtree(cache(self.app).parent, ignore_errors=True)

    @rule(
        content=st.sampled_from([b"", b"no database, and longer than the header of one would be", b"SQLite format 3\0"])
    )
    def damage_the_cache(self, content: bytes) -> None:
        for suffix in ("-wal", "-shm"):
            cache(self.app).with_name(f"projection.sqlite{suffix}").unlink(missing_ok=True)
        cache(self.app).write_bytes(content)

    @invariant()
    def the_projection_says_what_the_fold_says(self) -> None:
        app = bootstrap(self.app.repository.root, ADA)
        same(self.projected(app), load_board(app.store))

    def projected(self, app: App) -> Board:
        """The board that is under test."""
        return app.board()


class AnySequenceWithGit(AnySequence):
    """The same with a projection that asks git for whatever has changed."""

    def projected(self, app: App) -> Board:
        return asking_git(app).board()


def same(projected: Board, folded: Board) -> None:
    """Equal, and to every question."""
    assert projected == folded
    for name in ("WORK-1", "WORK-2", "WORK-7", ""):
        assert projected.items.called(name) == folded.items.called(name)
        assert projected.items.once_called(name) == folded.items.once_called(name)
        assert projected.items.named_like(name) == folded.items.named_like(name)
    for words in ((), ("after",), ("größe", "work-"), ("%", "_")):
        assert projected.items.with_words(words) == folded.items.with_words(words)
    for key in (*folded.items, "nowhere"):
        assert projected.items.children(key) == folded.items.children(key)
        assert projected.items.dependents(key) == folded.items.dependents(key)
        assert projected.items.beginning(key[:9]) == folded.items.beginning(key[:9])
        assert (key in projected.items) == (key in folded.items)
    assert list(projected.items.open()) == list(folded.items.open())
    assert dict(projected.items.counts()) == dict(folded.items.counts())
    assert projected.items.highest_number() == folded.items.highest_number()
    assert (len(projected.items), bool(projected.items)) == (len(folded.items), bool(folded.items))


TestAnySequence = pytest.mark.positive(AnySequence.TestCase)
TestAnySequence.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
TestAnySequenceWithGit = pytest.mark.positive(AnySequenceWithGit.TestCase)
TestAnySequenceWithGit.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)


@pytest.fixture
def app(tmp_path: Path) -> App:
    """Three items that are committed."""
    return tracker(tmp_path / "tracked")


def reads(app: App, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The streams that a board, asked for now, reads from files."""
    read: list[str] = []
    kept = type(app.store).scan_stream
    with monkeypatch.context() as patched:
        patched.setattr(
            type(app.store), "scan_stream", lambda store, name, *known: read.append(name) or kept(store, name, *known)
        )
        app.board()
    return read


def settled(app: App) -> None:
    """Long after everything that was written: nothing of it is in doubt."""
    for path in (app.repository.root / ".jerry").rglob("*"):
        os.utime(path, (1_700_000_000.25, 1_700_000_000.25))
    os.utime(app.repository.git_dir / "index", (1_700_000_000.25, 1_700_000_000.25))
    for path in (app.repository.private / "journal").iterdir():
        os.utime(path, (1_700_000_000.25, 1_700_000_000.25))
    time.sleep(0.06)  # nobody sets the time of an inode
    app.board()


@pytest.mark.positive
def test_what_is_unchanged_is_not_read_again(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    settled(app)
    assert reads(app, monkeypatch) == []


@pytest.mark.positive
def test_only_what_changed_is_read_again(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    settled(app)
    item_id = app.board().pick("WORK-2").item_id
    commands.start(app, "WORK-2")
    assert reads(app, monkeypatch) == [f"work_item-{item_id}"]
    assert app.board().pick("WORK-2").status == "in_progress"


@pytest.mark.positive
def test_what_cannot_be_read_is_seen_at_once_when_it_is_mended_in_its_place(app: App) -> None:
    item = app.board().pick("WORK-2").item_id
    file = next(app.repository.root.glob(f".jerry/events/*/work_item-{item}/*.json"))
    content = file.read_bytes()
    file.unlink()
    file.write_bytes(content[:40])
    settled(app)
    assert list(app.board().broken) == [item]
    file.write_bytes(content)
    assert app.board() == load_board(app.store)
    assert app.board().broken == {}


@pytest.mark.positive
def test_a_change_of_an_open_item_that_hides_behind_its_time_is_seen(app: App) -> None:
    item = app.board().pick("WORK-2").item_id
    file = next(app.repository.root.glob(f".jerry/events/*/work_item-{item}/*.json"))
    settled(app)
    before, content = file.stat(), file.read_bytes()
    file.write_bytes(content[::-1])
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert file.stat().st_size == before.st_size
    assert list(app.board().broken) == [item]


@pytest.mark.negative
@pytest.mark.parametrize("reopened", [False, True])
def test_an_archive_that_is_overwritten_where_it_stands_is_seen(app: App, *, reopened: bool) -> None:
    """It keeps its length; its folder, git's index and the journal tell nothing of it."""
    finish(app, "WORK-1")
    (archive,) = put_away(app).archives
    if reopened:
        commands.reopen(app, "WORK-1", "yes")
    settled(app)
    with (app.repository.root / archive).open("r+b") as file:
        file.write(b"[{]")
    assert app.board().problems == load_board(app.store).problems != ()


@pytest.mark.edge
def test_a_closed_item_that_was_read_while_it_was_young_is_read_again(app: App) -> None:
    """A second change in the same tick of the clock leaves the folder with the same time."""
    commands.start(app, "WORK-2")
    commands.complete(app, "WORK-2")
    app.board()
    with sqlite3.connect(cache(app)) as database:
        marks = dict(database.execute("SELECT stream, mark FROM folders WHERE files IS NULL"))
    assert list(marks.values()) == [""]
    settled(app)
    with sqlite3.connect(cache(app)) as database:
        assert "" not in dict(database.execute("SELECT stream, mark FROM folders")).values()


@pytest.mark.edge
def test_what_changed_a_moment_ago_is_in_doubt(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second change under the same time would not be seen."""
    settled(app)
    (folder,) = app.repository.root.glob(f".jerry/events/*/work_item-{app.board().pick('WORK-2').item_id}")
    later = 4_000_000_000  # a clock that is ahead of ours
    os.utime(folder, (later, later))
    assert reads(app, monkeypatch) == [folder.name]
    with sqlite3.connect(cache(app)) as database:
        assert database.execute("SELECT count(*) FROM fresh").fetchone() == (0,)


@pytest.mark.edge
@pytest.mark.parametrize("damage", ["read-only", "locked", "a folder", "no folder"])
def test_a_cache_that_cannot_be_used_is_passed_over(app: App, damage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = load_board(app.store)
    app.board()
    if damage == "a folder":
        shutil.rmtree(cache(app).parent)
        cache(app).mkdir(parents=True)
        assert app.board() == expected
        return
    if damage == "no folder":
        shutil.rmtree(cache(app).parent)
        cache(app).parent.write_text("in the way")
        assert app.board() == expected
        return
    if damage == "locked":
        monkeypatch.setattr("jerry_git.infrastructure.persistence.cache._WAIT", 0.05)
        with sqlite3.connect(cache(app), isolation_level=None) as database:
            database.execute("DELETE FROM fresh")
            database.execute("BEGIN EXCLUSIVE")
            assert app.board() == expected
            database.execute("ROLLBACK")
        return
    monkeypatch.setattr(sqlite3, "connect", _readonly)
    (app.repository.root / ".jerry" / "events" / "stray").write_text("")
    assert [problem.path for problem in app.board().strays] == [".jerry/events/stray"]


_connect = sqlite3.connect


def _readonly(file: Path, **options: object) -> sqlite3.Connection:
    return _connect(f"file:{file}?mode=ro", uri=True, **options)  # type: ignore[call-overload]


@pytest.mark.edge
@pytest.mark.parametrize(
    ("changed", "streams", "many"), [(299, 299, False), (300, 300, True), (300, 1200, True), (300, 1201, False)]
)
def test_git_is_asked_where_many_streams_have_changed_and_not_few_of_all(
    changed: int, streams: int, many: bool
) -> None:
    assert are_many(changed, streams) is many


@pytest.mark.positive
def test_a_projection_of_another_version_is_made_anew(app: App) -> None:
    app.board()
    with sqlite3.connect(cache(app)) as database:
        database.execute("PRAGMA user_version=1")
        database.execute("DROP TABLE items")
    assert app.board() == load_board(app.store)


WORKER = """
import sys
from pathlib import Path
from jerry_git.application import commands
from jerry_git.application.folding import load_board
from jerry_git.bootstrap import bootstrap
app = bootstrap(Path(sys.argv[1]))
for number in range(int(sys.argv[2])):
    commands.create(app, commands.Draft(title=f"{sys.argv[3]} {number}"))
    print(len(bootstrap(Path(sys.argv[1])).board().items), flush=True)
"""


def workers(app: App, count: int, items: int) -> Sequence[subprocess.Popen[str]]:
    """Processes that write and read by turns."""
    return [
        subprocess.Popen(
            (sys.executable, "-c", WORKER, str(app.repository.root), str(items), f"Worker {number}"),
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(count)
    ]


@pytest.mark.positive
def test_readers_and_writers_at_once_see_no_less_than_they_wrote(app: App) -> None:
    for process in workers(app, 4, 6):
        seen = [int(row) for row in process.communicate()[0].split()]
        assert process.returncode == 0
        assert seen == sorted(seen)
        assert seen[-1] >= 6 + 3
    assert app.board() == load_board(app.store)
    assert len(app.board().items) == 27


@pytest.mark.positive
def test_killed_at_any_moment_the_projection_is_whole(app: App) -> None:
    for killed in range(8):
        processes = workers(app, 2, 50)
        for process in processes:
            assert process.stdout is not None
            for _ in range(killed % 4):
                process.stdout.readline()
        for process in processes:
            process.kill()
            process.communicate()
        assert bootstrap(app.repository.root, ADA).board() == load_board(app.store)


@pytest.mark.positive
def test_each_work_tree_has_its_own(app: App, tmp_path: Path) -> None:
    git(app.repository.root, "worktree", "add", "--quiet", "-b", "other", tmp_path / "other")
    there = bootstrap(tmp_path / "other", ADA)
    commands.start(there, "WORK-1")
    assert [each.board().pick("WORK-1").status for each in (app, there)] == ["pending", "in_progress"]
    assert cache(there).exists()
    assert cache(there) != cache(app)
