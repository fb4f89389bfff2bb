"""Looking after the files: faults in full, leftovers, missing files, and events lost to git brought back (DESIGN 5)."""

from __future__ import annotations

import json
import os
import subprocess

import pytest

from jerry_domain.ports.event_store import Problem
from jerry_git.application.initializing import identity_for
from jerry_git.infrastructure.adapters.git import Git
from jerry_git.infrastructure.adapters.git_discovery import discover
from jerry_git.infrastructure.adapters.git_joining import GitJoining
from jerry_git.infrastructure.persistence.jerry_folder import IDENTITY, JerryFolder
from jerry_git.infrastructure.persistence.store_care import FileSystemStoreCare
from jerry_git.testing.histories import CATEGORY, batch, ids
from tests.infrastructure.repositories import commit_all, git, make_repository, write
from tests.infrastructure.stores import FOLDER, OTHER_STREAM, STREAM, files, names_of, open_store


class Place:
    """A repository with a store in its work tree, and who cares for it."""

    def __init__(self, folder):
        self.folder = folder
        self.root = folder / "tree"
        self.store = open_store(folder)
        jerry = JerryFolder(self.root, lambda path: None, lambda path: None)
        git_here = Git(self.root)
        joining = GitJoining(git_here, discover(self.root))
        self.care = FileSystemStoreCare(self.root, self.store, git_here, jerry, joining)
        jerry.write_missing(identity_for("x", "WORK"))

    def append(self, *names):
        for name in names:
            self.store.append(STREAM, batch(name), self.store.get_version(STREAM))
        return [f"{FOLDER}/{path.name}" for path in files(self.folder)]

    def lost(self):
        return [file.path for file in self.care.lost()]

    def problem(self):
        (problem,) = [problem for scan in self.store.scan(CATEGORY) for problem in scan.problems]
        return problem


@pytest.fixture
def place(tmp_path):
    make_repository(tmp_path / "tree")
    return Place(tmp_path)


@pytest.mark.positive
def test_all_faults_of_a_file_are_told_where_reading_stops_at_the_first(place):
    place.append("a")
    (file,) = files(place.folder)
    document = json.loads(file.read_bytes())
    document[0] |= {"actor": "", "time": "noon"}
    file.write_text(json.dumps(document, indent=2))
    assert place.problem().message == "event 1: time is 'noon', not a time such as 2026-11-23T07:10:48.123Z"
    assert [problem.message.split(": ")[1] for problem in place.care.diagnose(place.problem())] == ["time", "actor"]


@pytest.mark.positive
@pytest.mark.parametrize(
    "damage",
    [
        lambda file: os.truncate(file, 5),
        lambda file: file.rename(file.with_name("x")),
        lambda file: (file.unlink(), file.symlink_to("x")),
        lambda file: (file.unlink(), file.mkdir()),
    ],
    ids=["cut off", "a wrong name", "a link", "a folder"],
)
def test_a_problem_that_is_not_about_fields_stays_as_it_is(place, damage):
    place.append("a")
    damage(files(place.folder)[0])
    assert place.care.diagnose(place.problem()) == (place.problem(),)


@pytest.mark.edge
def test_a_file_that_was_mended_or_went_away_meanwhile_keeps_its_problem(place):
    path = place.append("a")[0]
    for name in (path, f"{FOLDER}/gone.json"):
        problem = Problem(code="invalid-event", path=name, message="was wrong", mend="")
        assert place.care.diagnose(problem) == (problem,)


@pytest.mark.positive
def test_files_of_the_folder_that_are_missing_are_named_and_written(place):
    assert place.care.missing_files() == ()
    (place.root / ".jerry" / "README.md").unlink()
    assert place.care.missing_files() == (".jerry/README.md",)
    assert place.care.write_missing_files() == (".jerry/README.md",)
    assert (place.root / IDENTITY).exists()


@pytest.mark.positive
def test_a_leftover_whose_append_was_promised_is_finished_and_told(place):
    place.append("a")
    (path,) = place.append("b")[1:]
    leftover = f"{FOLDER}/.{path.rpartition('/')[2]}.1.tmp"
    (place.root / path).rename(place.root / leftover)
    assert place.care.clear_leftovers() == {leftover: path}
    assert names_of(place.store.read(STREAM)) == "a b"


@pytest.mark.positive
def test_leftovers_of_killed_writers_are_named_and_removed_even_without_a_stream(place):
    place.append("a")
    name = f".{files(place.folder)[0].name}.1.tmp"
    other = FOLDER.replace(STREAM, OTHER_STREAM)
    for folder in (FOLDER, other):
        write(place.root, f"{folder}/{name}", "[{")
    expected = [f"{FOLDER}/{name}", f"{other}/{name}"]
    assert place.care.leftovers() == expected
    assert place.care.clear_leftovers() == dict.fromkeys(expected, "")
    assert (place.care.leftovers(), place.care.clear_leftovers()) == ([], {})
    assert names_of(place.store.read(STREAM)) == "a"


@pytest.mark.positive
def test_events_lost_to_a_hard_reset_are_found_and_brought_back(place):
    first, second = place.append("a", "b")
    git(place.root, "add", first)
    git(place.root, "commit", "--quiet", "--message", "a")
    git(place.root, "add", "--all")
    git(place.root, "reset", "--quiet", "--hard")
    assert names_of(place.store.read(STREAM)) == "a"
    assert place.lost() == [second]
    assert place.care.recover([second]) == [second]
    assert names_of(place.store.read(STREAM)) == "a b"
    assert (place.lost(), place.care.recover([])) == ([], [])


@pytest.mark.positive
def test_events_lost_to_git_clean_are_found(place):
    lost = place.append("a", "b")
    git(place.root, "clean", "--quiet", "-d", "--force", ".jerry/events")
    assert place.lost() == lost
    assert place.care.recover(lost) == lost
    assert names_of(place.store.read(STREAM)) == "a b"


@pytest.mark.positive
@pytest.mark.parametrize("command", ["rebase", "rebase --apply", "merge"])
def test_events_that_git_put_aside_while_it_joins_are_not_lost(place, command):
    for branch in ("main", "other"):
        git(place.root, "switch", "--quiet", "--force-create", branch, "HEAD" if branch == "main" else "HEAD~1")
        write(place.root, "code", branch)
        commit_all(place.root, branch)
    (path,) = place.append("a")
    git(place.root, "add", path)
    stopped = subprocess.run(("git", *command.split(), "--autostash", "main"), cwd=place.root, capture_output=True)
    assert stopped.returncode == 1
    assert not (place.root / path).exists()
    assert place.lost() == []


@pytest.mark.positive
def test_events_on_another_branch_in_a_stash_or_in_another_work_tree_are_not_lost(place, tmp_path):
    commit_all(place.root, "set up")
    git(place.root, "checkout", "--quiet", "-b", "side")
    place.append("branch")
    commit_all(place.root, "on the side")
    git(place.root, "checkout", "--quiet", "main")
    place.store.append(OTHER_STREAM, batch("stashed"), 0)
    git(place.root, "add", "--all")
    git(place.root, "stash", "--quiet")
    git(place.root, "worktree", "add", "--quiet", "-b", "third", tmp_path / "linked" / "tree")
    linked = open_store(tmp_path / "linked")
    linked.journal = place.store.journal
    linked.append(STREAM, batch("linked"), 0)
    assert list(place.store.scan(CATEGORY)) == []
    assert len(list(place.store.journal.entries())) == 3
    assert place.lost() == []


@pytest.mark.positive
@pytest.mark.parametrize(
    "tear",
    [lambda whole: b"", lambda whole: whole[:100], lambda whole: whole[:100] + bytes(500), lambda whole: bytes(4096)],
    ids=["an empty file", "its beginning", "its beginning and zeros", "zeros"],
)
def test_a_file_that_a_power_cut_tore_is_lost_and_brought_back_from_the_journal(place, tear):
    torn = place.append("a", "b")[1]
    whole = (place.root / torn).read_bytes()
    (place.root / torn).write_bytes(tear(whole))
    assert place.problem().path == torn
    assert place.lost() == [torn]
    assert place.care.recover([torn]) == [torn]
    assert (place.root / torn).read_bytes() == whole
    assert (names_of(place.store.read(STREAM)), place.lost()) == ("a b", [])


@pytest.mark.negative
@pytest.mark.parametrize(
    "change",
    [lambda file: file.write_bytes(b"mine"), lambda file: (file.unlink(), file.mkdir())],
    ids=["other content", "a folder"],
)
def test_what_somebody_put_in_the_place_of_a_file_is_not_written_over(place, change):
    (path,) = place.append("a")
    change(place.root / path)
    assert place.lost() == []
    place.care.recover([path])
    assert (place.root / path).is_dir() or (place.root / path).read_bytes() == b"mine"


@pytest.mark.negative
def test_an_entry_of_the_journal_that_is_not_what_its_path_says_is_never_written(place):
    good, other = place.append("a", "b")
    (journal,) = (place.folder / "private" / "journal").iterdir()
    text = (place.root / good).read_text()
    entries = [
        {"path": "../../escape.json", "text": text},
        {"path": f"{FOLDER}/00000009-{ids('a')[0][-12:]}.json", "text": text},
        {"path": other.replace("00000002", "00000008"), "text": "rubbish"},
    ]
    with journal.open("a") as file:
        file.writelines("\n" + json.dumps(entry) for entry in entries)
    before = sorted(place.folder.rglob("*"))
    assert place.care.recover([entry["path"] for entry in entries]) == []
    assert sorted(place.folder.rglob("*")) == before


@pytest.mark.positive
def test_in_a_new_place_nothing_is_left_over_or_lost(place):
    assert (place.care.leftovers(), place.lost(), place.care.recover(["x"])) == ([], [], [])
