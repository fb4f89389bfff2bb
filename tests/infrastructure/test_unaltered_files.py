"""What git has of the event files in the work tree: only what lies there byte by byte as it has it (ADR-037)."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from jerry_git.application import commands
from jerry_git.application.folding import load_board
from jerry_git.application.initializing import initialize
from jerry_git.bootstrap import App, bootstrap
from jerry_git.infrastructure.adapters import unaltered_files
from jerry_git.infrastructure.adapters.unaltered_files import UnalteredFiles
from jerry_git.infrastructure.persistence.cache import drop
from jerry_git.infrastructure.persistence.event_files import MAX_BYTES
from jerry_git.infrastructure.persistence.projection import projection_file
from tests.infrastructure.repositories import ADA, commit_all, git, make_repository, settings
from tests.infrastructure.trackers import asking_git, put_away, tracker


@pytest.fixture
def app(tmp_path: Path) -> App:
    """Three items that are committed, and settled long ago for git."""
    return tracker(tmp_path / "tracked")


def files(app: App) -> list[str]:
    """The paths of the event files on the disk, sorted."""
    root = app.repository.root
    return sorted(path.relative_to(root).as_posix() for path in root.glob(".jerry/events/*/*/*"))


def known(app: App, *others: str) -> dict[str, bytes]:
    """What git gives, by path; asked for all folders that there are, and `others`."""
    folders = [*sorted({path.rpartition("/")[0] for path in files(app)}), *others]
    given = list(UnalteredFiles(app.repository.root_name, f"{app.repository.git_dir_name}/index").contents(folders))
    assert sorted(folder for folder, _ in given) == sorted(folders)
    return {f"{folder}/{name}": content for folder, found in given for name, content in found.items()}


def on_disk(app: App, paths: Sequence[str]) -> dict[str, bytes]:
    """What is in the files."""
    return {path: (app.repository.root / path).read_bytes() for path in paths}


def is_projected_as_folded(app: App) -> bool:
    """Whether a projection that is made anew, and asks git for everything, says what the files say."""
    drop(projection_file(app.repository.git_dir))
    return asking_git(app).board() == load_board(app.store)


# --- what git has


@pytest.mark.positive
@pytest.mark.parametrize("state", ["loose", "packed", "half of it"])
def test_committed_files_are_given_as_they_lie_there(app: App, state: str) -> None:
    if state != "loose":
        git(app.repository.root, "gc", "--quiet")
    if state == "half of it":
        commands.comment(app, "WORK-1", "words")
        app.staging.flush()
        commit_all(app.repository.root, "more")
    assert known(app) == on_disk(app, files(app)) != {}
    assert is_projected_as_folded(app)


@pytest.mark.positive
def test_what_is_staged_is_given_and_what_is_not_is_left_out(app: App) -> None:
    committed = files(app)
    commands.comment(app, "WORK-1", "staged")
    app.staging.flush()
    staged = files(app)
    commands.comment(app, "WORK-2", "in no index")
    assert known(app) == on_disk(app, staged)
    assert len(files(app)) > len(staged) > len(committed)
    assert is_projected_as_folded(app)


@pytest.mark.positive
def test_a_linked_work_tree_has_an_index_of_its_own(app: App, tmp_path: Path) -> None:
    git(app.repository.root, "worktree", "add", "--quiet", "-b", "other", tmp_path / "other")
    there = bootstrap(tmp_path / "other", ADA)
    path = files(there)[0]
    (there.repository.root / path).unlink()
    assert known(there) == on_disk(there, files(there))
    assert known(app) == on_disk(app, files(app))
    assert path in known(app)


@pytest.mark.positive
def test_a_repository_of_sha256_is_read_alike(tmp_path: Path) -> None:
    app = bootstrap(make_repository(tmp_path / "long", "--object-format=sha256"), ADA)
    initialize(app.folder, app.git.root_commits, app.ids.command_id, None)
    commands.create(app, commands.Draft(title="Long"))
    app.staging.flush()
    assert known(app) == on_disk(app, files(app)) != {}


@pytest.mark.positive
def test_no_commit_is_needed(tmp_path: Path) -> None:
    app = bootstrap(make_repository(tmp_path / "young", commit=False), ADA)
    initialize(app.folder, app.git.root_commits, app.ids.command_id, None)
    commands.create(app, commands.Draft(title="First"))
    app.staging.flush()
    assert known(app) == on_disk(app, files(app)) != {}


@pytest.mark.positive
def test_an_index_in_parts_is_read_alike(app: App) -> None:
    git(app.repository.root, "update-index", "--split-index")
    assert known(app) == on_disk(app, files(app)) != {}


@pytest.mark.positive
def test_every_folder_is_given_once_known_or_not(app: App) -> None:
    """`known` looks at that."""
    assert known(app, ".jerry/events/2026-11/work_item-nowhere", "elsewhere") == on_disk(app, files(app))


@pytest.mark.positive
def test_no_hook_makes_git_look_at_another_index(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/next-index-1.lock")
    monkeypatch.setenv("GIT_LITERAL_PATHSPECS", "1")
    assert known(app) == on_disk(app, files(app)) != {}


@pytest.mark.positive
def test_no_setting_of_a_user_changes_what_is_given(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = settings(
        diff__external="false", diff__renames="copies", diff__relative="true", diff__orderFile="/nowhere",
        diff__ignoreSubmodules="all", color__ui="always", core__quotePath="true", core__autocrlf="true",
        core__checkStat="minimal", core__trustctime="false", core__ignoreStat="true", core__fsmonitor="true",
    )  # fmt: skip
    path, *others = files(app)
    overwrite(app.repository.root, path)
    for name, value in hostile.items():
        monkeypatch.setenv(name, value)
    assert known(app) == on_disk(app, others)


@pytest.mark.positive
def test_nothing_is_written(app: App) -> None:
    """Not even what git notes for itself of a file that was touched."""
    os.utime(app.repository.root / files(app)[0], (1_700_000_000, 1_700_000_000))
    before = (app.repository.git_dir / "index").stat()
    assert known(app) == on_disk(app, files(app)[1:])
    assert (app.repository.git_dir / "index").stat().st_ino == before.st_ino


# --- what has to be read from the disk

Change = Callable[[Path, str], object]


def overwrite(root: Path, path: str) -> None:
    """As many bytes as before, and the time of before."""
    before = (root / path).stat()
    (root / path).write_bytes(b"?" * before.st_size)
    os.utime(root / path, ns=(before.st_atime_ns, before.st_mtime_ns))


def assume(root: Path, path: str) -> None:
    """git is told not to look, and the file is another."""
    git(root, "update-index", "--assume-unchanged", path)
    (root / path).write_text("[]")


def skip(root: Path, path: str) -> None:
    """git is told that the file is not there."""
    git(root, "update-index", "--skip-worktree", path)
    (root / path).write_text("[]")


def link(root: Path, path: str) -> None:
    """A link to the same content."""
    (root / path).rename(root / "elsewhere")
    (root / path).symlink_to(root / "elsewhere")


def commit_link(root: Path, path: str) -> None:
    """The same, and it is committed."""
    link(root, path)
    commit_all(root, "link")


def conflict(root: Path, path: str) -> None:
    """Two sides have different content."""
    blob = git(root, "rev-parse", f":{path}").strip()
    git(root, "rm", "--quiet", "--cached", path)
    rows = "".join(f"100644 {blob} {stage}\t{path}\n" for stage in (1, 2, 3))
    (root / ".git" / "rows").write_text(rows)
    git(root, "-c", "alias.feed=!git update-index --index-info < .git/rows", "feed")


def intend(root: Path, path: str) -> None:
    """git knows that there is to be a file."""
    git(root, "rm", "--quiet", "--cached", path)
    git(root, "add", "--intent-to-add", path)


def lose_blob(root: Path, path: str) -> None:
    """The object is gone."""
    blob = git(root, "rev-parse", f":{path}").strip()
    (root / ".git" / "objects" / blob[:2] / blob[2:]).unlink()


CHANGES: dict[str, Change] = {
    "overwritten": overwrite,
    "deleted": lambda root, path: (root / path).unlink(),
    "a link": link,
    "a link that is committed": commit_link,
    "assumed to be unchanged": assume,
    "skipped": skip,
    "in conflict": conflict,
    "to be added": intend,
    "no object for it": lose_blob,
}


@pytest.mark.negative
@pytest.mark.parametrize("change", CHANGES)
def test_a_file_is_left_out_and_no_other_that_is(app: App, change: str) -> None:
    path, *others = files(app)
    expected = on_disk(app, others)
    CHANGES[change](app.repository.root, path)
    assert known(app) == expected
    assert is_projected_as_folded(app)


ATTRIBUTES = ["text", "text eol=crlf", "!text", "ident", "filter=upper", "working-tree-encoding=UTF-16"]


@pytest.mark.negative
@pytest.mark.parametrize("attribute", ATTRIBUTES)
def test_what_git_may_write_in_another_way_than_it_has_it_is_left_out(app: App, attribute: str) -> None:
    root, (path, *others) = app.repository.root, files(app)
    git(root, "config", "filter.upper.smudge", "tr a-z A-Z")
    (root / ".git" / "info" / "attributes").write_text(f"{path} {attribute}\n")
    assert known(app) == on_disk(app, others)


@pytest.mark.negative
def test_without_our_attributes_all_files_are_left_out(app: App) -> None:
    (app.repository.root / ".jerry" / ".gitattributes").unlink()
    commit_all(app.repository.root, "no attributes")
    assert known(app) == {}


@pytest.mark.negative
def test_a_file_of_other_length_was_written_when_it_had_other_attributes(app: App) -> None:
    """git does not look again: for it, the file is as it was written."""
    root, path = app.repository.root, files(app)[0]
    git(root, "config", "filter.longer.smudge", "sed 's/Item/A longer item/'")
    git(root, "config", "filter.longer.clean", "sed 's/A longer item/Item/'")
    attributes = root / ".git" / "info" / "attributes"
    attributes.write_text(f"{path} filter=longer\n")
    (root / path).unlink()
    git(root, "checkout", "--quiet", "--", path)
    os.utime(root / path, (1_700_000_000, 1_700_000_000))
    git(root, "update-index", "--refresh")
    attributes.unlink()
    assert b"A longer item" in (root / path).read_bytes()
    assert git(root, "status", "--short") == ""
    assert is_projected_as_folded(app)


@pytest.mark.negative
@pytest.mark.parametrize("damage", [b"", b"DIRC", None], ids=["empty", "damaged", "not there"])
def test_without_an_index_everything_is_left_out(app: App, damage: bytes | None) -> None:
    index = app.repository.git_dir / "index"
    index.unlink()
    if damage is not None:
        index.write_bytes(damage)
    assert known(app) == {}
    assert is_projected_as_folded(app)


@pytest.mark.negative
def test_without_git_everything_is_left_out(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert known(app) == {}


@pytest.mark.edge
def test_an_index_that_changes_while_git_is_asked_is_not_believed(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file may have been altered, and staged, between the two questions."""
    marks = iter(["before", "after"])
    monkeypatch.setattr(unaltered_files, "mark_of", lambda _: next(marks))
    assert known(app) == {}


@pytest.mark.edge
def test_a_damaged_object_costs_no_more_than_reading_files(app: App) -> None:
    root, path = app.repository.root, files(app)[0]
    blob = git(root, "rev-parse", f":{path}").strip()
    place = root / ".git" / "objects" / blob[:2] / blob[2:]
    place.chmod(0o600)
    place.write_bytes(b"no object")
    given = known(app)
    assert path not in given
    assert given.items() <= on_disk(app, files(app)).items()
    assert is_projected_as_folded(app)


@pytest.mark.edge
def test_a_file_that_is_too_large_is_told_of_as_ever(app: App) -> None:
    path = files(app)[0]
    (app.repository.root / path).write_bytes(b" " * (MAX_BYTES + 1))
    commit_all(app.repository.root, "large")
    assert path not in known(app)
    assert is_projected_as_folded(app)
    assert [problem.code for problem in load_board(app.store).problems] == ["too-large"]


@pytest.mark.edge
def test_what_is_wrong_with_a_committed_file_is_told_of_as_ever(app: App) -> None:
    first, second, third = files(app)[:3]
    (app.repository.root / first).write_text("[")
    (app.repository.root / second).write_bytes((app.repository.root / third).read_bytes())
    commit_all(app.repository.root, "damage")
    assert known(app) == on_disk(app, files(app))
    assert is_projected_as_folded(app)
    assert len(load_board(app.store).problems) == 2


@pytest.mark.edge
def test_archived_events_are_read_from_archives(app: App) -> None:
    for name in ("WORK-1", "WORK-2"):
        commands.cancel(app, name, "why")
    app.staging.flush()
    commit_all(app.repository.root, "close")
    assert put_away(app).archives
    commit_all(app.repository.root, "archive")
    assert is_projected_as_folded(app)
    assert known(app) == on_disk(app, files(app)) != {}


@pytest.mark.edge
def test_a_partial_clone_fetches_nothing(app: App, tmp_path: Path) -> None:
    git(app.repository.root, "config", "uploadpack.allowFilter", "true")
    url = app.repository.root.as_uri()
    git(tmp_path, "clone", "--quiet", "--filter=blob:none", url, "partial", GIT_ALLOW_PROTOCOL="file")
    there = bootstrap(tmp_path / "partial", ADA)
    assert known(there) == on_disk(there, files(there)) != {}
    packs = there.repository.common_dir / "objects" / "pack"
    for pack in packs.glob("*.idx"):
        if " blob " in git(packs, "verify-pack", "--verbose", pack):
            for part in packs.glob(f"{pack.stem}.*"):
                part.unlink()
    before = sorted(packs.iterdir())
    assert known(there) == {}
    assert sorted(packs.iterdir()) == before
    assert is_projected_as_folded(there)
