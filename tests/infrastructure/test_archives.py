"""Archives hold old event files as they were, and streams are what both places have (DESIGN 8, ADR-034)."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given

from jerry_domain.events.base import RecordedEvent
from jerry_domain.ports.event_store import CorruptStreamError, StoreUnavailableError
from jerry_git.application import commands
from jerry_git.application.folding import load_board
from jerry_git.bootstrap import App, bootstrap
from jerry_git.infrastructure.persistence import storeroom
from jerry_git.infrastructure.persistence.archives import Batch, archive_path, batches_in, to_line
from jerry_git.infrastructure.persistence.codec import CodecError, decode, encode
from jerry_git.infrastructure.persistence.disk import Disk
from jerry_git.infrastructure.persistence.event_paths import file_name, is_archive, stream_folder
from tests.infrastructure.repositories import ADA, commit_all, git
from tests.infrastructure.strategies import batches
from tests.infrastructure.trackers import finish, put_away, tracker


@pytest.fixture
def app(tmp_path: Path) -> App:
    """Three items, of which two are done, all committed."""
    made = tracker(tmp_path / "tracked")
    finish(made, "WORK-1", "WORK-2")
    return made


def events(app: App) -> list[str]:
    """The paths of all event files, relative to the root."""
    root = app.repository.root
    return sorted(path.relative_to(root).as_posix() for path in root.glob(".jerry/events/*/*/*.json"))


def archives(app: App) -> list[Path]:
    """All archives."""
    return sorted(app.repository.root.glob(".jerry/archive/*"))


@pytest.mark.positive
@given(batches)
def test_a_line_is_the_file_that_it_was_and_tells_its_path(batch: list[RecordedEvent]) -> None:
    own = [replace(recorded, stream="work_item-0sasq3czstbjj", version=batch[0].version) for recorded in batch]
    content = encode(own)
    line = to_line(content)
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    (held,), problems = batches_in(archive_path("2026-11", line), line)
    assert not problems
    assert held.content() == content
    assert held.path == f"{stream_folder(own[0].stream)}/{file_name(own)}"
    assert decode(line) == tuple(own)


@pytest.mark.positive
def test_the_name_tells_the_content_and_the_month(app: App) -> None:
    (path,) = put_away(app).archives
    content = (app.repository.root / path).read_bytes()
    assert archive_path("2026-11", content).startswith(".jerry/archive/2026-11-")
    assert archive_path(path.rpartition("/")[2][:7], content) == path
    assert is_archive(path)
    assert not batches_in(path, content)[1]
    assert not is_archive(path.replace("archive/", ""))


@pytest.mark.positive
def test_what_is_closed_goes_and_everything_is_read_as_before(app: App) -> None:
    before, files = load_board(app.store), {path: (app.repository.root / path).read_bytes() for path in events(app)}
    places = {key: app.store.locate(f"work_item-{key}") for key in before.items}
    done = put_away(app)
    assert len(done.streams) == 2
    assert len(events(app)) == 1
    assert sorted([*events(app), *done.files]) == sorted(files)
    (archive,) = archives(app)
    batches, _ = batches_in(done.archives[0], archive.read_bytes())
    assert {batch.path: batch.content() for batch in batches} == {path: files[path] for path in done.files}
    assert load_board(app.store) == before == bootstrap(app.repository.root, ADA).board()
    assert {key: app.store.locate(f"work_item-{key}") for key in before.items} == places
    assert all(app.store.holds(path) for path in files)
    assert not any((app.repository.root / path).parent.exists() for path in done.files)


@pytest.mark.positive
def test_a_stream_that_is_reopened_goes_on_in_files(app: App) -> None:
    put_away(app)
    commands.reopen(app, "WORK-1")
    assert app.store.get_version(f"work_item-{app.board().pick('WORK-1').item_id}") == 4
    assert len(events(app)) == 2
    finish_again(app)
    again = put_away(app)
    assert len(again.files) == 2
    assert len(archives(app)) == 2
    assert app.board() == load_board(app.store)
    assert app.board().pick("WORK-1").status == "done"


def finish_again(app: App) -> None:
    """Finish a reopened item, and commit."""
    commands.complete(app, "WORK-1")
    app.staging.flush()
    commit_all(app.repository.root, "again")


@pytest.mark.positive
def test_what_is_put_away_is_staged_with_what_goes(app: App) -> None:
    done = put_away(app)
    staged = git(app.repository.root, "diff", "--cached", "--name-status", "--no-renames").splitlines()
    assert sorted(staged) == sorted([f"A\t{done.archives[0]}", *(f"D\t{path}" for path in done.files)])
    assert (app.pending().new, set(app.pending().gone)) == (done.archives, set(done.files))


@pytest.mark.positive
def test_what_is_not_committed_as_it_stands_is_kept(app: App) -> None:
    commands.comment(app, "WORK-1", "not committed")
    told = app.storeroom.uncommitted()
    done = put_away(app)
    assert {*done.kept} == told
    assert [app.board().name(stream.partition("-")[2]) for stream in done.kept] == ["WORK-1"]
    assert [app.board().name(stream.partition("-")[2]) for stream in done.streams] == ["WORK-2"]


@pytest.mark.edge
def test_without_commits_nothing_is_put_away(tmp_path: Path) -> None:
    app = tracker(tmp_path / "new")
    git(app.repository.root, "update-ref", "-d", "HEAD")
    commands.cancel(app, "WORK-1", "why")
    assert len(put_away(app).kept) == 1
    assert not archives(app)


@pytest.mark.positive
def test_a_month_of_many_goes_into_several(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    before = load_board(app.store)
    monkeypatch.setattr(storeroom, "MOST_BYTES", 1_000)
    assert len(put_away(app).archives) == 2
    assert load_board(app.store) == before == bootstrap(app.repository.root, ADA).board()


@pytest.mark.positive
def test_what_a_killed_run_left_is_finished(app: App) -> None:
    """It is in an archive, and its files stand still."""
    before, contents = load_board(app.store), {path: (app.repository.root / path).read_bytes() for path in events(app)}
    done = put_away(app)
    for path, content in contents.items():
        (app.repository.root / path).parent.mkdir(exist_ok=True)
        (app.repository.root / path).write_bytes(content)
    assert load_board(app.store) == before == bootstrap(app.repository.root, ADA).board()
    commit_all(app.repository.root, "both")
    again = put_away(app)
    assert (again.files, again.archives) == (done.files, done.archives)
    assert load_board(app.store) == before


KILLED = """
import os, sys
from pathlib import Path
from jerry_git.bootstrap import bootstrap
from jerry_git.infrastructure.persistence.disk import Disk
from tests.infrastructure.trackers import put_away
left = int(sys.argv[2])
def counted(name):
    kept = getattr(Disk, name)
    def act(*arguments, **options):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), 9)
        return kept(*arguments, **options)
    setattr(Disk, name, act)
for name in ("make_directory", "append_durably", "rename", "sync_directory", "remove", "remove_directory"):
    counted(name)
put_away(bootstrap(Path(sys.argv[1])))
"""


@pytest.mark.positive
def test_killed_before_any_step_nothing_is_lost(app: App) -> None:
    before = load_board(app.store)
    killed = 0
    for left in range(40):
        command = (sys.executable, "-c", KILLED, str(app.repository.root), str(left))
        done = subprocess.run(command, check=False, capture_output=True)
        assert load_board(app.store) == before == bootstrap(app.repository.root, ADA).board()
        if done.returncode == 0:
            break
        killed += 1
        git(app.repository.root, "reset", "--quiet", "--hard")
        git(app.repository.root, "clean", "--quiet", "-fd", "--", ".jerry")
    assert killed > 10
    assert load_board(app.store) == before


@pytest.mark.negative
def test_a_disk_that_refuses_costs_no_event(app: App) -> None:
    class Full(Disk):
        def append_durably(self, path: Path, content: bytes) -> None:
            raise OSError(28, "No space left on device")

    class Stuck(Disk):
        def remove(self, path: Path) -> None:
            if path.suffix == ".json":
                raise OSError(1, "Operation not permitted")
            super().remove(path)

    before = load_board(app.store)
    for disk in (Full(), Stuck()):
        room = storeroom.FileSystemStoreroom(app.repository.root, app.store, app.git, print, print, disk)
        with pytest.raises(
            StoreUnavailableError, match=r"nothing was written: No space|is in an archive, and cannot be"
        ):
            room.put_away([f"work_item-{key}" for key in before.items], list)
        assert load_board(app.store) == before


DAMAGES = {
    "not JSON": lambda line: line.replace(b'"data":', b'"data"'),
    "no line of an append": lambda line: b"[]",
    "another month": lambda line: line.replace(b'"subject":"work_item-0', b'"subject":"work_item-1'),
    "no id of a stream": lambda line: line.replace(b'"subject":"work_item-0', b'"subject":"work_item-u'),
    "another version": lambda line: line.replace(b'"streamversion":1', b'"streamversion":9'),
}


@pytest.mark.negative
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_bad_line_is_told_and_hides_no_other(app: App, damage: str) -> None:
    put_away(app)
    (archive,) = archives(app)
    lines = archive.read_bytes().splitlines()
    archive.write_bytes(b"\n".join([DAMAGES[damage](lines[0]), *lines[1:]]) + b"\n")
    board = load_board(app.store)
    assert {problem.path for problem in board.problems} == {f".jerry/archive/{archive.name}"}
    assert {problem.line for problem in board.problems} <= {0, 1}
    assert "wrong-name" in {problem.code for problem in board.strays}
    assert len(board.items) + len(board.broken) == 3
    assert bootstrap(app.repository.root, ADA).board() == board


@pytest.mark.negative
def test_what_cannot_be_unpacked_is_no_event_file() -> None:
    for line in (b'[{"a":1}', b'[{"a":1 }]', b"[" * 100_000):
        with pytest.raises(CodecError):
            Batch("path", 1, line).content()
    for content in (b"[]\n", b"no JSON", b'[\n  {\n    "a": 1.10\n  }\n]\n', b"[" * 100_000):
        with pytest.raises(CodecError):
            to_line(content)


@pytest.mark.negative
@pytest.mark.parametrize("what", ["link", "folder", "another name", "unreadable", "link to all"])
def test_what_is_no_archive_is_told_and_never_followed(app: App, what: str, tmp_path: Path) -> None:
    put_away(app)
    (archive,) = archives(app)
    kept = archive.rename(tmp_path / archive.name)
    if what == "link":
        archive.symlink_to(kept)
    elif what == "folder":
        archive.mkdir()
    elif what == "another name":
        archive.with_name("notes.jsonl").write_bytes(kept.read_bytes())
    elif what == "unreadable":
        with archive.open("wb") as file:
            file.truncate(17 << 20)
    else:
        archive.parent.rmdir()
        archive.parent.symlink_to(tmp_path)
    board = bootstrap(app.repository.root, ADA).board()
    assert board == load_board(app.store)
    assert len(board.items) == 1
    assert [problem.path.startswith(".jerry/archive") for problem in board.strays] == [True]


@pytest.mark.negative
def test_a_file_that_is_not_as_its_archive_has_it_breaks_its_own_item_alone(app: App) -> None:
    path = next(path for path in events(app) if "/00000001-" in path)
    content = (app.repository.root / path).read_bytes()
    put_away(app)
    (app.repository.root / path).parent.mkdir(exist_ok=True)
    (app.repository.root / path).write_bytes(content.replace(b"Item 0", b"Thing"))
    board = load_board(app.store)
    assert {problem.code for problem in board.problems} == {"duplicate-id"}
    assert len(board.items) == 2
    with pytest.raises(CorruptStreamError):
        app.store.read(f"work_item-{next(iter(board.broken))}")


READER = """
import sys
from pathlib import Path
from jerry_git.application.folding import load_board
from jerry_git.bootstrap import bootstrap
print("ready", flush=True)
while True:
    app = bootstrap(Path(sys.argv[1]))
    for board in (load_board(app.store), app.board()):
        print(len(board.items), len(board.problems), len(board.incomplete), flush=True)
"""


@pytest.mark.positive
def test_who_reads_meanwhile_sees_every_item_whole(tmp_path: Path) -> None:
    app = tracker(tmp_path / "busy")
    for number in range(20):
        commands.create(app, commands.Draft(title=f"More {number}"))
    finish(app, *(f"WORK-{number}" for number in range(1, 24)))
    command = (sys.executable, "-c", READER, str(app.repository.root))
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as reader:
        assert reader.stdout is not None
        reader.stdout.readline()
        for key in list(app.board().items):
            app.storeroom.put_away([f"work_item-{key}"], list)
        rows = [reader.stdout.readline() for _ in range(4)]
        reader.kill()
        rows += reader.stdout.read().splitlines(keepends=True)
    assert len(archives(app)) == 23
    assert {row.split("\n")[0] for row in rows if row.endswith("\n")} == {"23 0 0"}


@pytest.mark.positive
def test_sizes_are_those_of_the_files(app: App) -> None:
    sizes = app.storeroom.sizes()
    assert sum(size.files for size in sizes.values()) == len(events(app))
    assert sum(size.content for size in sizes.values()) == sum(
        (app.repository.root / path).stat().st_size for path in events(app)
    )
    put_away(app)
    assert len(app.storeroom.sizes()) == 1
    assert app.storeroom.archived() == 6
    assert app.storeroom.archives().files == 1
    assert app.storeroom.archives().content == archives(app)[0].stat().st_size
