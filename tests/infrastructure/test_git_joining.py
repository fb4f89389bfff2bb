"""Events and archives in a merge, rebase or cherry-pick under way are put as the commits have them (ADR-034)."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

from jerry_domain.ports.event_store import StoreUnavailableError
from jerry_git.application.errors import GitError
from jerry_git.infrastructure.adapters.git import Git
from jerry_git.infrastructure.adapters.git_discovery import discover
from jerry_git.infrastructure.adapters.git_joining import GitJoining
from tests.infrastructure.repositories import GIT, commit_all, git, make_repository, write

OLD = ".jerry/events/2026-11/work_item-a/00000001-00000000000a.json"
MORE = ".jerry/events/2026-11/work_item-a/00000002-00000000000b.json"
MOVED = ".jerry/events/2026-11/work_item-b/00000002-00000000000b.json"
SIMILAR = ".jerry/events/2026-11/work_item-b/00000001-00000000000c.json"
LINES = "".join(f"line {number}\n" for number in range(20))


class Place:
    """A repository whose git is at work."""

    def __init__(self, root):
        self.root = root
        self.joining = GitJoining(Git(root), discover(root))

    def git(self, *arguments):
        return git(self.root, *arguments)

    def branch(self, name, start, *, gone=(), **files):
        """A branch with one commit, in which files came or went."""
        self.git("switch", "--quiet", "--force-create", name, start)
        for path in gone:
            (self.root / path).unlink()
        for path, content in files.items():
            write(self.root, path, content)
        commit_all(self.root, name)

    def join(self, *command):
        """Let git join, which may stop; what it says."""
        done = subprocess.run(("git", *command), cwd=self.root, capture_output=True, text=True, check=False)
        return done.stdout + done.stderr

    def staged(self):
        """Paths and what the index has there, one row for each stage."""
        return {row.partition("\t")[2]: row.split()[2] for row in self.git("ls-files", "--stage").splitlines()}

    def content(self, path):
        return (self.root / path).read_text()


@pytest.fixture
def place(tmp_path):
    """Main has given an event up, and has a similar one elsewhere; `other`, checked out, has more in its folder."""
    made = Place(make_repository(tmp_path / "tree"))
    made.branch("base", "main", **{OLD: LINES})
    made.branch("main", "base", gone=[OLD], **{SIMILAR: LINES + "and more\n"})
    made.branch("other", "base", **{MORE: "from the other branch\n"})
    return made


def is_put_right(place):
    """Both new files are there and nowhere else, and the one that was given up is not."""
    assert place.staged() == {"README": "0", SIMILAR: "0", MORE: "0"}
    assert place.content(MORE) == "from the other branch\n"
    assert place.joining.misjoined() == []
    assert place.git("status", "--porcelain", "--untracked-files=all", "--", ".").count("??") == 0


def altered(place, path):
    """What git may do to a file that it takes for renamed: it writes marks into it."""
    write(place.root, path, "<<<<<<< HEAD\n")
    place.git("add", path)


@pytest.mark.negative
@pytest.mark.parametrize("command", [("merge", "main"), ("rebase", "main"), ("cherry-pick", "main")])
def test_a_moved_file_comes_back(place, command):
    assert "CONFLICT (file location)" in place.join(*command)
    assert place.joining.misjoined() == [MORE, MOVED]
    assert place.joining.settle() == [MORE, MOVED]
    is_put_right(place)


@pytest.mark.negative
def test_a_moved_file_comes_back_that_was_taken_for_granted(place):
    place.join("-c", "merge.directoryRenames=true", "merge", "--no-commit", "main")
    assert place.staged()[MOVED] == "0"
    assert place.joining.settle() == [MORE, MOVED]
    is_put_right(place)


@pytest.mark.edge
def test_a_moved_file_that_somebody_has_edited_stays_beside_the_one_that_came_back(place):
    place.join("merge", "main")
    place.git("add", "--all")
    write(place.root, MOVED, "notes of a person\n")
    place.joining.settle()
    assert (place.content(MORE), place.content(MOVED)) == ("from the other branch\n", "notes of a person\n")


@pytest.mark.negative
def test_a_file_in_conflict_that_tells_nothing_of_its_place_is_left_for_people(place):
    """A squash is settled by what each file tells of itself, and this one holds no event."""
    place.join("merge", "--squash", "main")
    assert MOVED in place.staged()
    assert place.joining.settle() == []
    assert place.staged()[MOVED] != "0"


@pytest.mark.negative
@pytest.mark.parametrize("killed", ["checkout-index", "--force-remove"])
def test_what_a_killed_run_left_undone_is_done_by_the_next(place, killed, monkeypatch, tmp_path):
    place.join("merge", "main")
    stopped = f"#!/bin/sh\ncase \" $* \" in *' {killed} '*) exit 1 ;; esac\nexec '{GIT}' \"$@\"\n"
    write(tmp_path, "bin/git", stopped).chmod(0o755)
    with monkeypatch.context() as patched:
        patched.setenv("PATH", os.pathsep.join((str(tmp_path / "bin"), os.environ["PATH"])))
        with pytest.raises(GitError):
            place.joining.settle()
    assert place.joining.misjoined()
    place.joining.settle()
    is_put_right(place)


@pytest.mark.negative
def test_nothing_behind_a_symbolic_link_is_removed(place, tmp_path):
    place.join("merge", "main")
    outside = write(tmp_path, f"outside/{MOVED.rpartition('/')[2]}", "precious\n")
    folder = (place.root / MOVED).parent
    shutil.rmtree(folder)
    folder.symlink_to(outside.parent)
    place.joining.settle()
    assert outside.read_text() == "precious\n"
    assert place.staged() == {"README": "0", SIMILAR: "0", MORE: "0"}


@pytest.mark.negative
def test_a_folder_that_a_person_made_in_the_place_of_an_event_is_not_removed(place):
    place.join("merge", "main")
    mine = write(place.root, f"{MORE}/mine.txt", "mine\n")
    with pytest.raises(StoreUnavailableError, match="a folder is in its place; move it away"):
        place.joining.settle()
    assert (mine.read_text(), place.joining.misjoined()) == ("mine\n", [MORE, MOVED])
    shutil.rmtree(place.root / MORE)
    place.joining.settle()
    is_put_right(place)


@pytest.mark.positive
def test_what_was_written_meanwhile_and_what_else_is_in_conflict_stays(place):
    place.branch("main", "main", README="main\n")
    place.branch("other", "other", README="other\n")
    place.join("merge", "main")
    new = ".jerry/events/2026-11/work_item-b/00000002-00000000000d.json"
    write(place.root, new, "new\n")
    place.git("add", new)
    place.joining.settle()
    assert place.staged() == {"README": "3", SIMILAR: "0", MORE: "0", new: "0"}
    assert "<<<<<<<" in place.content("README")


@pytest.mark.positive
def test_what_is_not_called_like_an_event_is_the_users_own(place):
    """Whether it conflicts, was altered while merging, or lies below the folder of events."""
    notes, others = ".jerry/events/notes.txt", ".jerry/archive/others.txt"
    place.branch("main", "main", **{notes: "main\n", others: "main\n"})
    place.branch("other", "other", **{notes: "other\n"})
    place.join("merge", "main")
    write(place.root, others, "altered\n")
    place.git("add", others)
    place.joining.settle()
    assert place.staged() == {"README": "0", SIMILAR: "0", MORE: "0", notes: "3", others: "0"}
    assert place.git("show", f":{others}") == "altered\n"


@pytest.mark.negative
def test_an_event_that_both_sides_altered_is_left_for_people(place):
    place.branch("main", "main", **{OLD: "main\n"})
    place.branch("other", "other", **{OLD: "other\n"})
    place.join("merge", "main")
    assert place.joining.settle() == []
    assert place.staged()[OLD] == "3"


@pytest.mark.edge
def test_an_event_that_one_side_altered_is_as_that_side_has_it(place):
    place.branch("one", "base", **{OLD: LINES + "altered\n"})
    place.join("merge", "--no-commit", "--no-ff", "base")
    place.git("switch", "--quiet", "--create", "two", "base")
    place.branch("two", "two", **{MORE: "two\n"})
    place.join("merge", "--no-commit", "one")
    altered(place, OLD)
    assert place.joining.settle() == [OLD]
    assert place.content(OLD) == LINES + "altered\n"


@pytest.mark.edge
def test_branches_that_have_met_before_are_joined_by_all_that_they_have_in_common(place):
    """A criss-cross: what one of the common ancestors had, and one side gave up, stays away."""
    for name, start, other in (("left", "main", "other"), ("right", "other", "main")):
        place.git("switch", "--quiet", "--create", name, start)
        place.join("merge", "--strategy=resolve", "--no-edit", other)
    assert len(place.git("merge-base", "--all", "left", "right").split()) == 2
    place.join("merge", "--no-commit", "--no-ff", "left")
    altered(place, SIMILAR)
    assert place.joining.settle() == [SIMILAR]
    is_put_right(place)


@pytest.mark.positive
def test_nothing_is_put_right_where_nothing_is_under_way(place):
    place.git("mv", MORE, f"{OLD.rpartition('/')[0]}/00000003-00000000000b.json")
    assert place.joining.settle() == []


@pytest.mark.positive
def test_who_takes_a_commit_apart_leaves_out_what_they_want(place):
    sequence = "core.editor=sed -i s/^pick/edit/"
    place.join("-c", sequence, "rebase", "--interactive", "--strategy=resolve", "main")
    place.git("reset", "--quiet", "HEAD~1")
    assert place.git("status", "--porcelain", "--untracked-files=all").split() == ["??", MORE]
    assert place.joining.settle() == []


@pytest.mark.edge
@pytest.mark.parametrize("command", [("merge", "main", "third"), ("cherry-pick", "--mainline=1", "merged")])
def test_an_octopus_and_a_merge_that_is_picked_are_left_alone(place, command):
    place.branch("third", "base", README="third\n")
    place.branch("merged", "base", gone=[OLD])
    place.join("merge", "--no-edit", "third")
    place.branch("other", "other", README="other\n")
    assert "content" in place.join(*command)
    altered(place, MORE)
    assert place.joining.settle() == []
