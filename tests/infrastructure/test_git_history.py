"""Which commit carries which event, read from git's objects (DESIGN 8)."""

from __future__ import annotations

import os
import subprocess
from datetime import UTC, datetime

import pytest

from jerry_git.application.errors import GitError
from jerry_git.infrastructure.adapters.git_history import GitHistory
from jerry_git.testing.histories import batch, ids
from tests.infrastructure.repositories import commit_all, git, make_repository, write
from tests.infrastructure.stores import FOLDER, OTHER_STREAM, STREAM, open_store, put, recorded


class Clone:
    """A repository whose work tree holds a store; `commits` tells which commit carries each event, by names."""

    def __init__(self, folder, root=None):
        self.folder = folder
        self.root = root or make_repository(folder / "tree")
        self.store = open_store(folder)

    def append(self, name, stream=STREAM):
        self.store.append(stream, batch(name), self.store.get_version(stream))

    def commit(self, message="events", **environment):
        return commit_all(self.root, message, **environment)

    def git(self, *arguments):
        return git(self.root, *arguments)

    def history(self):
        return GitHistory(self.root / ".git", self.store.locate)

    def commits(self, names, stream=STREAM):
        found = self.history().commits_of([stream])
        return [found[key].commit if key in found else None for key in ids(names)]


@pytest.fixture
def clone(tmp_path):
    return Clone(tmp_path)


@pytest.mark.positive
def test_each_event_has_the_commit_that_brought_its_file(clone):
    clone.append("a b")
    one = clone.commit()
    clone.append("c")
    clone.append("d")
    two = clone.commit()
    write(clone.root, "code", "x")
    clone.commit("only code")
    assert clone.commits("a b c d") == [one, one, two, two]


@pytest.mark.positive
def test_a_commit_is_told_with_author_time_in_utc_and_first_line(clone):
    clone.append("a")
    clone.commit(
        "Größe: done\n\nand more",
        GIT_AUTHOR_NAME="Zoë",
        GIT_AUTHOR_EMAIL="zoe@example.org",
        GIT_AUTHOR_DATE="2026-02-03T04:05:06+0200",
    )
    (info,) = clone.history().commits_of([STREAM]).values()
    assert (info.author, info.subject) == ("Zoë <zoe@example.org>", "Größe: done")
    assert info.at == datetime(2026, 2, 3, 2, 5, 6, tzinfo=UTC)
    assert info.commit == clone.git("rev-parse", "HEAD").strip()


@pytest.mark.positive
def test_events_that_are_not_committed_are_left_out(clone):
    clone.append("a")
    one = clone.commit()
    clone.append("b")
    clone.git("add", "--all")
    assert clone.commits("a b") == [one, None]


@pytest.mark.positive
def test_several_streams_are_asked_for_at_once_and_others_left_out(clone):
    clone.append("a")
    clone.append("x", OTHER_STREAM)
    clone.commit()
    assert clone.history().commits_of([STREAM, OTHER_STREAM]).keys() == set(ids("a x"))
    assert clone.history().commits_of([OTHER_STREAM]).keys() == set(ids("x"))
    assert clone.history().commits_of([]) == {}


@pytest.mark.positive
def test_after_a_merge_an_event_has_the_commit_of_its_branch_and_not_the_merge(clone):
    clone.append("a")
    clone.commit()
    clone.git("checkout", "--quiet", "-b", "side")
    put(clone.folder, recorded("left", 2, "a"))
    left = clone.commit("left")
    clone.git("checkout", "--quiet", "main")
    put(clone.folder, recorded("right", 2, "a"))
    right = clone.commit("right")
    clone.git("merge", "--quiet", "--no-edit", "side")
    assert clone.commits("left right") == [left, right]


@pytest.mark.positive
def test_an_event_that_a_merge_itself_brought_has_the_merge(clone):
    clone.git("checkout", "--quiet", "-b", "side")
    write(clone.root, "code", "x")
    clone.commit("code")
    clone.git("checkout", "--quiet", "main")
    clone.git("merge", "--quiet", "--no-ff", "--no-commit", "side")
    clone.append("a")
    assert clone.commits("a") == [None]
    assert clone.commit("merged") == clone.commits("a")[0]


@pytest.mark.positive
def test_only_the_history_of_the_branch_that_is_checked_out_counts(clone):
    clone.git("checkout", "--quiet", "-b", "side")
    clone.append("a")
    brought = clone.commit()
    assert clone.commits("a") == [brought]
    clone.git("checkout", "--quiet", "main")
    put(clone.folder, recorded("a", 1))
    assert clone.commits("a") == [None]


@pytest.mark.positive
def test_a_linked_worktree_has_the_history_of_its_own_branch(clone, tmp_path):
    clone.append("a")
    one = clone.commit()
    linked = tmp_path / "linked" / "tree"
    clone.git("worktree", "add", "--quiet", "-b", "side", str(linked))
    other = Clone(tmp_path / "linked", linked)
    other.append("b")
    two = other.commit()
    found = GitHistory(clone.root / ".git" / "worktrees" / "tree", other.store.locate).commits_of([STREAM])
    assert [found[key].commit for key in ids("a b")] == [one, two]
    assert clone.commits("a b") == [one, None]


@pytest.mark.positive
def test_a_repository_without_commits_carries_nothing(tmp_path):
    clone = Clone(tmp_path, make_repository(tmp_path / "tree", commit=False))
    clone.append("a")
    assert clone.commits("a") == [None]


@pytest.mark.positive
def test_the_first_commit_of_all_may_carry_events(tmp_path):
    clone = Clone(tmp_path, make_repository(tmp_path / "tree", commit=False))
    clone.append("a")
    assert clone.commit() == clone.commits("a")[0]


@pytest.mark.positive
def test_a_detached_head_has_a_history(clone):
    clone.append("a")
    one = clone.commit()
    clone.git("checkout", "--quiet", "--detach")
    assert clone.commits("a") == [one]


@pytest.mark.edge
def test_a_file_that_was_removed_and_came_back_has_the_newest_commit(clone):
    clone.append("a")
    clone.append("b")
    first = clone.commit()
    clone.git("rm", "--quiet", clone.store.locate(STREAM)[ids("b")[0]])
    clone.commit("gone")
    put(clone.folder, recorded("b", 2, "a"))
    assert clone.commits("a b") == [first, first]
    again = clone.commit("back")
    assert clone.commits("a b") == [first, again]


@pytest.mark.edge
def test_a_shallow_clone_gives_what_it_cannot_know_to_its_oldest_commit(clone, tmp_path):
    for name in ("a", "b", "c"):
        clone.append(name)
        last = clone.commit(name)
    shallow = tmp_path / "shallow" / "tree"
    shallow.parent.mkdir()
    git(tmp_path, "clone", "--quiet", "--depth=2", clone.root.as_uri(), shallow)
    before = git(shallow, "rev-parse", "HEAD~1").strip()
    assert Clone(tmp_path / "shallow", shallow).commits("a b c") == [before, before, last]


@pytest.mark.edge
@pytest.mark.parametrize("place", [".jerry", ".jerry/events", FOLDER.rsplit("/", 1)[0]])
def test_a_file_where_there_are_folders_now_is_passed_over(clone, place):
    write(clone.root, place, "a file")
    clone.commit("a file")
    (clone.root / place).unlink()
    clone.append("a")
    assert clone.commit() == clone.commits("a")[0]


@pytest.mark.edge
@pytest.mark.parametrize("encoding", ["", "ISO-8859-1", "no-such-encoding"])
def test_a_commit_that_is_no_utf8_is_told_as_well_as_it_can_be(clone, encoding):
    clone.append("a")
    clone.git("add", "--all")
    tree = clone.git("write-tree").strip()
    header = f"encoding {encoding}\n".encode() if encoding else b""
    person = b"Zo\xeb <zoe@example.org> 1795417848 +0000"
    raw = b"tree %s\nauthor %s\ncommitter %s\n%s\nGr\xf6\xdfe\n" % (tree.encode(), person, person, header)
    made = subprocess.run(
        ["git", "hash-object", "-t", "commit", "-w", "--stdin"],
        cwd=clone.root,
        input=raw,
        capture_output=True,
        check=True,
    )
    clone.git("update-ref", "HEAD", os.fsdecode(made.stdout).strip())
    (info,) = clone.history().commits_of([STREAM]).values()
    replaced = encoding != "ISO-8859-1"
    assert info.author == ("Zo\ufffd <zoe@example.org>" if replaced else "Zoë <zoe@example.org>")
    assert info.subject == ("Gr\ufffd\ufffde" if replaced else "Größe")


@pytest.mark.negative
def test_a_place_that_is_no_git_directory_is_told(tmp_path):
    with pytest.raises(GitError) as refusal:
        GitHistory(tmp_path / "nothing", lambda stream: {})
    assert refusal.value.command == ("open", str(tmp_path / "nothing"))
    assert str(tmp_path / "nothing") in refusal.value.stderr


@pytest.mark.negative
@pytest.mark.parametrize("missing", ["HEAD~1", "HEAD~1^{tree}"], ids=["a commit", "a tree"])
def test_a_history_with_an_object_missing_is_told(clone, missing):
    for name in ("a", "b"):
        clone.append(name)
        clone.commit(name)
    key = clone.git("rev-parse", missing).strip()
    (clone.root / ".git" / "objects" / key[:2] / key[2:]).unlink()
    with pytest.raises(GitError, match="the history cannot be read to its end: .*" + key):
        clone.commits("a b")


@pytest.mark.edge
def test_files_of_any_name_among_the_events_are_passed_over(clone):
    clone.append("a")
    for name in (os.fsdecode(b"gr\xf6\xdfe"), "two\nlines"):
        write(clone.root, f"{FOLDER}/{name}", "x")
    assert clone.commit() == clone.history().commits_of([STREAM])[ids("a")[0]].commit
