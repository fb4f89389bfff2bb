"""What a command wrote is in the projection at once, where nothing else can have changed (ADR-039).

That is so where git takes longer for its index than a change is in doubt: the git of these tests is slow.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from jerry_git.application import commands
from jerry_git.application.folding import load_board
from jerry_git.bootstrap import App, bootstrap
from jerry_git.infrastructure.adapters import git_index
from jerry_git.infrastructure.persistence.marks import IndexChange, index_mark
from jerry_git.infrastructure.persistence.projection import Projection
from tests.infrastructure.processes import wait_until
from tests.infrastructure.repositories import ADA, around_update, commit_all, git, write
from tests.infrastructure.test_projection import NAMES, STEPS, AnySequence, Step, cache, reads, settled
from tests.infrastructure.trackers import finish, put_away, tracker

UNSEEN = 0.06
"""Seconds: a change that is younger is in doubt."""


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> App:
    """Three items, of which the first is done, and a git that is slow to change its index."""
    made = tracker(tmp_path / "tracked")
    finish(made, "WORK-1")
    around_update(tmp_path, monkeypatch, before=f"sleep {UNSEEN}")
    settled(made)
    return made


def change(app: App, meanwhile: Callable[[], object] = lambda: None) -> None:
    """A command that changes an item and stages that; `meanwhile` comes after its board, and before it ends."""
    commands.start(app, "WORK-2")
    meanwhile()
    app.staging.flush()


@pytest.mark.positive
def test_what_a_command_wrote_is_not_looked_for_by_the_next_one(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    change(app)
    assert reads(bootstrap(app.repository.root, ADA), monkeypatch) == []
    assert app.board() == load_board(app.store)
    assert app.board().pick("WORK-2").status == "in_progress"


@pytest.mark.positive
def test_a_new_item_is_not_looked_for(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    commands.create(app, commands.Draft(title="One more"))
    app.staging.flush()
    assert reads(bootstrap(app.repository.root, ADA), monkeypatch) == []
    assert app.board() == load_board(app.store)
    assert app.board().pick("WORK-4").title == "One more"


@pytest.mark.positive
def test_one_command_after_the_other_is_taken_in(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    for step in (commands.start, commands.complete, commands.reopen):
        step(app, "WORK-3")
        app.staging.flush()
        assert reads(bootstrap(app.repository.root, ADA), monkeypatch) == []
    assert app.board() == load_board(app.store)


@pytest.mark.negative
def test_what_was_written_before_the_last_look_is_left_to_the_next_board(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands.comment(app, "WORK-1", "words")
    time.sleep(UNSEEN)
    commands.comment(app, "WORK-2", "words")
    app.staging.flush()
    assert reads(bootstrap(app.repository.root, ADA), monkeypatch) != []
    assert app.board() == load_board(app.store)


@pytest.mark.negative
def test_a_checkout_that_holds_the_lock_is_seen_though_there_is_nothing_left_to_stage(
    app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It brings as many files as were to be staged: who looks at the lock and the count alone takes it for ours."""
    root = app.repository.root
    git(root, "checkout", "--quiet", "-b", "other")
    commands.edit(app, "WORK-1", title="As the other branch has it")
    app.staging.flush()
    commit_all(root, "other")
    git(root, "checkout", "--quiet", "main")
    git(root, "config", "filter.slow.smudge", "sleep 0.15; cat")
    write(root, ".git/info/attributes", "*.json filter=slow\n")
    git(root, "update-index", "-q", "--refresh")
    settled(app)
    commands.comment(app, "WORK-2", "words")
    git(root, "add", "--all")
    time.sleep(UNSEEN)
    app.board()
    around_update(tmp_path, monkeypatch, before="git checkout --quiet other")
    app.staging.flush()
    assert app.board() == load_board(app.store)
    assert app.board().pick("WORK-1").title == "As the other branch has it"


@pytest.mark.positive
def test_an_archived_item_that_is_opened_again_is_taken_in(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    put_away(app)
    commit_all(app.repository.root, "archive")
    settled(app)
    commands.reopen(app, "WORK-1")
    app.staging.flush()
    assert reads(bootstrap(app.repository.root, ADA), monkeypatch) == []
    assert app.board() == load_board(app.store)


@pytest.mark.positive
def test_a_work_tree_of_its_own_is_taken_in(app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(app.repository.root, "worktree", "add", "--quiet", "-b", "other", tmp_path / "there")
    there = bootstrap(tmp_path / "there", ADA)
    settled(there)
    change(there)
    assert reads(bootstrap(tmp_path / "there", ADA), monkeypatch) == []
    assert there.board() == load_board(there.store)
    assert app.board().pick("WORK-2").status == "pending"


def _another_command(app: App) -> None:
    other = bootstrap(app.repository.root, ADA)
    commands.comment(other, "WORK-1", "words")


def _a_command_in_another_work_tree(app: App) -> None:
    git(app.repository.root, "worktree", "add", "--quiet", "-b", "other", app.repository.root.parent / "there")
    commands.comment(bootstrap(app.repository.root.parent / "there", ADA), "WORK-1", "words")


def _another_branch(app: App) -> None:
    git(app.repository.root, "checkout", "--quiet", "-b", "other", "begin")


def _a_file_that_is_staged(app: App) -> None:
    write(app.repository.root, "mine", "")
    git(app.repository.root, "add", "mine")


def _an_item_made_by_hand(app: App) -> None:
    (month,) = app.repository.root.glob(".jerry/events/*")
    shutil.copytree(next(month.iterdir()), month / "work_item-0000000000000")


def _an_item_removed_by_hand(app: App) -> None:
    done = app.board().pick("WORK-1").item_id
    shutil.rmtree(next(app.repository.root.glob(f".jerry/events/*/work_item-{done}")))


def _an_item_replaced_by_hand(app: App) -> None:
    """By a folder of the same name that lacks a file."""
    done = app.board().pick("WORK-1").item_id
    folder = next(app.repository.root.glob(f".jerry/events/*/work_item-{done}"))
    shutil.copytree(folder, app.repository.root / "copy")
    max((app.repository.root / "copy").iterdir()).unlink()
    folder.rename(app.repository.root / "gone")
    (app.repository.root / "copy").rename(folder)


def _something_among_the_months(app: App) -> None:
    write(app.repository.root, ".jerry/events/notes.txt", "mine")


def _another_month(app: App) -> None:
    (app.repository.root / ".jerry" / "events" / "2001-01").mkdir()


def _an_archive(app: App) -> None:
    write(app.repository.root, ".jerry/archive/2026-11-000000000000.jsonl", "")


def _a_withdrawn_append(app: App) -> None:
    app.store.journal.withdraw("some/path", app.clock.now())


def _an_odd_line(app: App) -> None:
    with next((app.repository.private / "journal").iterdir()).open("a") as lines:
        lines.write('\n{"path": []}\n')


def _a_torn_line(app: App) -> None:
    with next((app.repository.private / "journal").iterdir()).open("a") as lines:
        lines.write('\n{"path": "\n')


def _another_who_has_looked(app: App) -> None:
    bootstrap(app.repository.root, ADA).board()


def _a_cache_that_is_gone(app: App) -> None:
    shutil.rmtree(cache(app).parent)


@pytest.mark.negative
@pytest.mark.parametrize(
    "meanwhile",
    [
        _another_command,
        _a_command_in_another_work_tree,
        _another_branch,
        _a_file_that_is_staged,
        _an_item_made_by_hand,
        _an_item_removed_by_hand,
        _an_item_replaced_by_hand,
        _something_among_the_months,
        _another_month,
        _an_archive,
        _a_withdrawn_append,
        _an_odd_line,
        _a_torn_line,
        _another_who_has_looked,
        _a_cache_that_is_gone,
    ],
    ids=lambda meanwhile: meanwhile.__name__.strip("_").replace("_", " "),
)
def test_whatever_else_happens_leaves_it_to_the_next_board(
    app: App, meanwhile: Callable[[App], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    change(app, lambda: meanwhile(app))
    again = bootstrap(app.repository.root, ADA)
    assert reads(again, monkeypatch) != []
    assert again.board() == load_board(app.store)


@pytest.mark.negative
def test_a_branch_switched_after_git_has_staged_is_seen(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    follow = Projection.follow

    def late(projection: Projection, paths: Iterable[str], index: IndexChange) -> bool:
        _another_branch(app)
        return follow(projection, paths, index)

    monkeypatch.setattr(Projection, "follow", late)
    change(app)
    assert reads(bootstrap(app.repository.root, ADA), monkeypatch) != []
    assert app.board() == load_board(app.store)


@pytest.mark.negative
def test_who_was_not_asked_for_items_takes_nothing_in(app: App) -> None:
    other = bootstrap(app.repository.root, ADA)
    assert other.projection.follow(["a"], IndexChange("before", "after")) is False


@pytest.mark.negative
def test_an_index_without_a_checksum_is_left_to_the_next_board(
    app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As `index.skipHash` has it, from git 2.40 on: it may be written once more under the same time."""
    start = "$(($(wc -c < .git/index) - 20))"
    zeros = f"dd if=/dev/zero of=.git/index bs=1 count=20 seek={start} conv=notrunc status=none"
    around_update(tmp_path, monkeypatch, before=f"sleep {UNSEEN}", after=zeros)
    change(app)
    assert index_mark(f"{app.repository.git_dir_name}/index").startswith("? ")
    assert reads(bootstrap(app.repository.root, ADA), monkeypatch) != []
    assert app.board() == load_board(app.store)


@pytest.mark.negative
def test_every_ten_minutes_each_folder_is_looked_at(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """So what git does to a work tree without its index, or a hand to what is closed, is not hidden for long."""
    folder = next(app.repository.root.glob(f".jerry/events/*/work_item-{app.board().pick('WORK-1').item_id}"))
    max(folder.iterdir()).unlink()
    change(app)
    assert app.board() != load_board(app.store)
    with sqlite3.connect(cache(app)) as database:
        database.execute("UPDATE fresh SET looked = looked - 600000000000")
    commands.complete(app, "WORK-2")
    app.staging.flush()
    assert folder.name in reads(bootstrap(app.repository.root, ADA), monkeypatch)
    assert app.board() == load_board(app.store)


@pytest.mark.positive
def test_a_stash_that_comes_back_is_seen_to_its_end(app: App) -> None:
    """git writes its index first, and the files that nobody had added after it."""
    root = app.repository.root
    for number in range(6):
        commands.edit(bootstrap(root, ADA), "WORK-1", title=f"Title {number}")
        git(root, "stash", "--quiet", "--include-untracked")
        settled(app)
        stash = subprocess.Popen(("git", "stash", "pop", "--quiet"), cwd=root)
        while stash.poll() is None:
            bootstrap(root, ADA).board()
        time.sleep(UNSEEN)
        assert bootstrap(root, ADA).board() == load_board(app.store)
        commit_all(root, "all")


@pytest.mark.positive
def test_a_change_by_hand_of_what_was_written_is_seen(app: App) -> None:
    change(app)
    started = app.board().pick("WORK-2").item_id
    file = max(app.repository.root.glob(f".jerry/events/*/work_item-{started}/*.json"))
    file.write_bytes(file.read_bytes()[:40])
    assert list(bootstrap(app.repository.root, ADA).board().broken) == [started]


@pytest.mark.edge
@pytest.mark.parametrize("depth", ["*", "*/*"])
def test_what_is_too_young_to_be_trusted_is_left_to_the_next_board(
    app: App, depth: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands.reopen(app, "WORK-1")
    commands.start(app, "WORK-1")
    app.staging.flush()
    settled(app)
    commands.complete(app, "WORK-1")  # files of a closed item are not looked at again
    for folder in app.repository.root.glob(f".jerry/events/{depth}"):
        os.utime(folder, (4_000_000_000, 4_000_000_000))  # a clock that is ahead of ours
    follow, taken_in = Projection.follow, []
    monkeypatch.setattr(Projection, "follow", lambda *given: taken_in.append(follow(*given)))
    app.staging.flush()
    assert taken_in == [False]
    assert app.board() == load_board(app.store)


@pytest.mark.negative
def test_nothing_waits_for_a_cache_that_somebody_else_writes(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jerry_git.infrastructure.persistence.cache._WAIT", 600)  # who waits does not come back
    with sqlite3.connect(cache(app), isolation_level=None) as other:
        change(app, lambda: other.execute("BEGIN IMMEDIATE"))
        other.execute("ROLLBACK")
    assert reads(bootstrap(app.repository.root, ADA), monkeypatch) != []
    assert app.board() == load_board(app.store)


@pytest.mark.negative
def test_an_index_somewhere_else_is_not_waited_for(app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    git(app.repository.root, "read-tree", "HEAD")
    waited: list[str] = []
    monkeypatch.setattr(git_index, "_opened_lock", lambda place, process: waited.append(place))
    change(bootstrap(app.repository.root, ADA))
    assert waited == []
    assert "A  .jerry/events/" in git(app.repository.root, "status", "--porcelain")
    monkeypatch.delenv("GIT_INDEX_FILE")
    assert bootstrap(app.repository.root, ADA).board() == load_board(app.store)


def _create(app: App, name: str) -> None:
    commands.create(app, commands.Draft(title=f"After {name}"))


def _comment(app: App, name: str) -> None:
    commands.comment(app, name, "words")


TAKEN_IN: list[bool] = []
"""Of each command in any sequence, whether it was taken in."""


class AnySequenceTakenIn(AnySequence):
    """The same where what a command wrote is taken in, if nothing else has changed."""

    def __init__(self) -> None:
        super().__init__()
        self.patched = pytest.MonkeyPatch()
        around_update(Path(self.place.name), self.patched, before=f"sleep {UNSEEN}")
        follow = Projection.follow
        self.patched.setattr(Projection, "follow", lambda *given: TAKEN_IN.append(follow(*given)))

    def teardown(self) -> None:
        self.patched.undo()
        super().teardown()

    @rule(step=st.sampled_from(STEPS), name=NAMES)
    def command(self, step: Step, name: str) -> None:
        time.sleep(UNSEEN)
        super().command(step, name)

    @rule(name=NAMES)
    def commands_in_a_row(self, name: str) -> None:
        self.app.board()
        for step in (_create, _comment, _create):
            self.command(step, name)


@pytest.mark.positive
def test_any_sequence_that_is_taken_in_is_as_the_fold_says() -> None:
    wanted = settings(max_examples=25, stateful_step_count=20, deadline=None)
    run_state_machine_as_test(AnySequenceTakenIn, settings=wanted)
    assert any(TAKEN_IN)


COMMENT = """
import sys
from pathlib import Path
from jerry_git.application import commands
from jerry_git.bootstrap import bootstrap
app = bootstrap(Path(sys.argv[1]))
commands.comment(app, "WORK-2", "words")
app.staging.flush()
"""


@pytest.mark.positive
def test_a_branch_switched_at_any_moment_of_a_command_is_seen(app: App) -> None:
    """Whichever of them is too late for git's lock tries again."""
    root = app.repository.root
    git(root, "branch", "other", "begin")
    branches = ("other", "main")
    for number in range(12):
        app.board()
        time.sleep(UNSEEN)
        app.board()
        writer = subprocess.Popen((sys.executable, "-c", COMMENT, str(root)))
        time.sleep(0.1 + number * 0.02)
        switch = ("git", "checkout", "--quiet", branches[number % 2])
        wait_until(lambda switch=switch: subprocess.run(switch, cwd=root, check=False).returncode == 0)
        assert writer.wait() == 0
        assert bootstrap(root, ADA).board() == load_board(app.store)
