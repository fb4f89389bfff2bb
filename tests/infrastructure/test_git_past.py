"""Former states read from git's objects: the same answers as from the disk of that time."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jerry_domain.errors import DomainError
from jerry_domain.ports.event_store import CorruptStreamError, Problem, StreamScan
from jerry_domain.value_objects.classification import DependencyKind, Priority
from jerry_git.application import commands
from jerry_git.application.board import Board
from jerry_git.application.errors import ItemNotFoundError, UnreadableItemError
from jerry_git.application.folding import load_board
from jerry_git.application.initializing import initialize
from jerry_git.application.past import Moment, board_at
from jerry_git.bootstrap import App, bootstrap
from jerry_git.infrastructure.adapters.git import Git
from jerry_git.infrastructure.adapters.git_past import GitPast
from jerry_git.testing.histories import CATEGORY, batch
from jerry_git.testing.store_case import rows
from tests.infrastructure.repositories import ADA, commit_all, git, make_repository
from tests.infrastructure.stores import FOLDER, OTHER_STREAM, STREAM, files, given_store, scanned
from tests.infrastructure.test_event_files import DAMAGE
from tests.infrastructure.test_event_places import EVENTS, JERRY, MONTH, STRAYS, relinked

NOT_FOR_GIT = {"a FIFO", "a folder", "a socket", "a folder in the place of an unfinished file"}
COMMITTABLE = {name: case for name, case in DAMAGE.items() if name not in NOT_FOR_GIT}


def committed(folder: Path) -> dict[str, StreamScan]:
    """What git's objects hold of the tree below `folder`, by stream."""
    tree = folder / "tree"
    git(tree, "init", "--quiet")
    git(tree, "config", "core.autocrlf", "true")
    (tree / ".gitattributes").write_text("* -text\n")
    commit = commit_all(tree, "Everything")
    folder = tree / ".jerry"
    folder.unlink() if folder.is_symlink() or folder.is_file() else rmtree(folder)
    return {scan.stream: scan for scan in GitPast(Git(tree)).scans(commit)}


def told(scans: dict[str, StreamScan]) -> dict[str, tuple[object, ...]]:
    """Events and problems, but for the command that mends them."""
    return {
        name: (scan.events, {replace(one, mend="", stream="") for one in scan.problems}) for name, scan in scans.items()
    }


@pytest.mark.positive
def test_the_streams_of_a_commit_are_those_of_the_disk(tmp_path: Path) -> None:
    """Another category and an unfinished file are left alone here too."""
    store = given_store(tmp_path, "a b", "c")
    store.append("other" + STREAM.removeprefix(CATEGORY), batch("x"), 0)
    file = files(tmp_path)[0]
    file.with_name(f".{file.name}.1.tmp").write_text("unfinished")
    expected = told(scanned(tmp_path))
    assert expected.keys() == {STREAM, OTHER_STREAM}
    assert told(committed(tmp_path)) == expected


@pytest.mark.positive
def test_thousands_of_files_are_read_by_a_few_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Their number does not grow with that of the items."""
    asked: list[tuple[str, ...]] = []
    read = Git.read
    monkeypatch.setattr(Git, "read", lambda self, *words, **more: asked.append(words) or read(self, *words, **more))
    given_store(tmp_path, *(f"e{number}" for number in range(50)))
    assert len(committed(tmp_path)[STREAM].events) == 50
    assert len(asked) == 3


@pytest.mark.negative
@pytest.mark.parametrize(("damage", "code"), rows(COMMITTABLE))
def test_a_bad_file_in_a_commit_costs_its_own_item_alone(
    tmp_path: Path, damage: Callable[[Path], object], code: str
) -> None:
    """Told as on the disk, with the command that shows the file's history."""
    given_store(tmp_path, "a b", "c")
    damage(files(tmp_path)[0])
    expected = told(scanned(tmp_path))
    found = committed(tmp_path)
    (problem,) = found[STREAM].problems
    assert (problem.code, problem.mend.split(" -- ")) == (code, [problem.mend[:20], problem.path])
    assert told(found) == expected


@pytest.mark.negative
@pytest.mark.parametrize(("made", "path"), rows(STRAYS))
def test_what_lies_astray_in_a_commit_is_a_problem_of_no_item(tmp_path: Path, made: str, path: str) -> None:
    given_store(tmp_path, "a")
    place = tmp_path / "tree" / (f"{made}inner" if made.endswith("/") else made)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text("x")
    expected = told(scanned(tmp_path))
    found = committed(tmp_path)
    assert [problem.path for problem in found[""].problems] == [path]
    assert told(found) == expected


@pytest.mark.negative
@pytest.mark.parametrize("level", [FOLDER, MONTH, EVENTS, JERRY], ids=["stream", "month", "events", ".jerry"])
@pytest.mark.parametrize("code", ["symbolic-link", "wrong-name"])
def test_no_link_and_no_file_stands_in_for_a_folder(tmp_path: Path, level: str, code: str) -> None:
    """What a link leads to is never read, whatever the repository has there."""
    given_store(tmp_path, "a")
    relinked(tmp_path / "tree" / level)
    if code == "wrong-name":
        (tmp_path / "tree" / level).unlink()
        (tmp_path / "tree" / level).write_text("in the way")
    problems = [problem for scan in committed(tmp_path).values() for problem in scan.problems]
    assert (code, level) in [(problem.code, problem.path) for problem in problems]


@pytest.mark.negative
@pytest.mark.parametrize(
    ("inner", "code"),
    [
        ("notes/x", "wrong-name"),
        ("00000009-0123456789ab.json/x", "not-a-file"),
        (".00000009-0123456789ab.json.1.tmp/x", "wrong-name"),
    ],
    ids=["any folder", "named like a file", "named like an unfinished file"],
)
def test_a_folder_within_a_stream_is_a_problem_of_it(tmp_path: Path, inner: str, code: str) -> None:
    given_store(tmp_path, "a")
    place = tmp_path / "tree" / FOLDER / inner
    place.parent.mkdir()
    place.write_text("x")
    place.with_name("y").write_text("y")
    found = committed(tmp_path)
    assert [(one.code, one.path) for one in found[STREAM].problems] == [(code, f"{FOLDER}/{inner[:-2]}")]
    assert found[OTHER_STREAM].problems == ()


@pytest.mark.negative
def test_a_submodule_in_the_place_of_a_file_is_a_problem(tmp_path: Path) -> None:
    given_store(tmp_path, "a")
    inner = make_repository(tmp_path / "tree" / FOLDER / "00000009-0123456789ab.json")
    assert inner.is_dir()
    git(tmp_path / "tree", "init", "--quiet")
    git(tmp_path / "tree", "config", "advice.addEmbeddedRepo", "false")
    assert [problem.code for problem in committed(tmp_path)[STREAM].problems] == ["not-a-file"]


@pytest.mark.negative
def test_an_object_that_is_gone_costs_its_own_item_alone(tmp_path: Path) -> None:
    """As after a damaged disk."""
    given_store(tmp_path, "a")
    path = files(tmp_path)[0].relative_to(tmp_path / "tree")
    committed(tmp_path)
    tree = tmp_path / "tree"
    blob = git(tree, "rev-parse", f"HEAD:{path}").strip()
    (tree / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    found = {scan.stream: scan for scan in GitPast(Git(tree)).scans("HEAD")}
    assert [problem.code for problem in found[STREAM].problems] == ["unreadable"]
    assert len(found[OTHER_STREAM].events) == 1


# --- moments

DAYS = [datetime(2026, 3, day, 12, tzinfo=UTC) for day in range(1, 6)]


def commit_on(folder: Path, day: datetime) -> str:
    """A commit whose committer's time is `day`; the author's is another."""
    return commit_all(folder, str(day), GIT_COMMITTER_DATE=day.isoformat())


@pytest.fixture
def five_days(tmp_path: Path) -> tuple[Path, list[str]]:
    """A repository with a commit a day."""
    folder = make_repository(tmp_path / "repository", commit=False)
    return folder, [commit_on(folder, day) for day in DAYS]


@pytest.mark.positive
def test_a_revision_is_found_by_any_of_its_names(five_days: tuple[Path, list[str]]) -> None:
    """Branch, tag, annotated tag, abbreviated id, and what git computes."""
    folder, commits = five_days
    git(folder, "tag", "light", "HEAD~1")
    git(folder, "tag", "--annotate", "--message=x", "heavy", "HEAD~2")
    names = {"main": 4, "light": 3, "heavy": 2, "main~3": 1, commits[0]: 0, commits[0][:10]: 0}
    past = GitPast(Git(folder))
    assert {name: past.named(name) for name in names} == {
        name: Moment(commits[place], DAYS[place]) for name, place in names.items()
    }
    assert set(past.names()) == {"main", "light", "heavy"}


@pytest.mark.negative
@pytest.mark.parametrize("name", ["", "v1", "main:README", "main..main", "--all", "-n1", "HEAD^{tree}", "\n", "*"])
def test_what_names_no_commit_is_none(five_days: tuple[Path, list[str]], name: str) -> None:
    """Nothing that looks like an option is taken for one."""
    assert GitPast(Git(five_days[0])).named(name) is None


@pytest.mark.edge
def test_a_name_that_looks_like_an_option_is_a_name(five_days: tuple[Path, list[str]]) -> None:
    folder, commits = five_days
    for name in ("--all", "-n1"):
        git(folder, "update-ref", f"refs/heads/{name}", commits[1])
        assert GitPast(Git(folder)).named(name) == Moment(commits[1], DAYS[1])


@pytest.mark.positive
def test_the_last_commit_until_a_time_is_by_the_committers_clock(five_days: tuple[Path, list[str]]) -> None:
    folder, commits = five_days
    past, second = GitPast(Git(folder)), timedelta(seconds=1)
    assert past.last_until(DAYS[2]) == Moment(commits[2], DAYS[2])
    assert past.last_until(DAYS[2] - second) == Moment(commits[1], DAYS[1])
    assert past.last_until(DAYS[4] + second) == Moment(commits[4], DAYS[4])
    assert past.last_until(DAYS[0] - second) is None
    assert past.last_until(datetime(1960, 1, 1, tzinfo=UTC)) is None
    assert past.first() == Moment(commits[0], DAYS[0])


@pytest.mark.positive
def test_what_another_branch_said_before_the_merge_was_not_so_here(five_days: tuple[Path, list[str]]) -> None:
    """The line of HEAD alone counts, from first parent to first parent."""
    folder, commits = five_days
    git(folder, "checkout", "--quiet", "-b", "side", commits[0])
    commit_on(folder, DAYS[4] + timedelta(hours=1))
    git(folder, "checkout", "--quiet", "main")
    late = (DAYS[4] + timedelta(hours=2)).isoformat()
    git(folder, "merge", "--quiet", "--no-ff", "--message=Merge", "side", GIT_COMMITTER_DATE=late)
    assert GitPast(Git(folder)).last_until(DAYS[4] + timedelta(minutes=90)) == Moment(commits[4], DAYS[4])


@pytest.mark.edge
def test_clocks_that_went_wrong_do_not_stop_the_search(five_days: tuple[Path, list[str]]) -> None:
    """A commit that claims to be older than its parent is the later one all the same."""
    folder, _ = five_days
    skewed = commit_on(folder, DAYS[1])
    assert GitPast(Git(folder)).last_until(DAYS[3]) == Moment(skewed, DAYS[1])


@pytest.mark.edge
def test_without_commits_there_is_no_moment(tmp_path: Path) -> None:
    past = GitPast(Git(make_repository(tmp_path / "repository", commit=False)))
    assert (past.named("HEAD"), past.last_until(DAYS[0]), past.first(), past.names()) == (None, None, None, [])


@pytest.mark.edge
def test_a_shallow_clone_begins_where_it_was_cut(five_days: tuple[Path, list[str]], tmp_path: Path) -> None:
    folder, commits = five_days
    git(tmp_path, "clone", "--quiet", "--depth=2", f"file://{folder}", "clone")
    past = GitPast(Git(tmp_path / "clone"))
    assert past.is_shallow()
    assert not GitPast(Git(folder)).is_shallow()
    assert past.first() == Moment(commits[3], DAYS[3])
    assert past.named(commits[0]) is None


# --- any sequence of commands


def event_files(app: App) -> list[Path]:
    """Those in the work tree, the oldest item's first."""
    return sorted((app.repository.root / EVENTS).rglob("*.json"))


Step = Callable[[App, str], object]
STEPS: list[Step] = [
    lambda app, name: commands.create(app, commands.Draft(title=f"After {name}")),
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
    lambda app, name: [os.truncate(file, 40) for file in event_files(app)[-1:]],
    lambda app, name: [file.unlink() for file in event_files(app)[:1]],
]
PLANS = st.lists(st.tuples(st.sampled_from(STEPS), st.sampled_from(["WORK-1", "WORK-2", "WORK-3"])), max_size=8)


@dataclass
class Diary:
    """The board on the disk after each step, and the commit that was made of it."""

    app: App
    pages: list[tuple[str, Board]] = field(default_factory=list)

    def note(self, step: Step, name: str) -> None:
        with suppress(DomainError, ItemNotFoundError, UnreadableItemError, CorruptStreamError):  # refused, as in life
            step(self.app, name)
        self.app.staging.flush()
        self.pages.append((commit_all(self.app.repository.root, "step"), load_board(self.app.store)))


def comparable(board: Board) -> Board:
    """A board but for the commands that mend what cannot be read."""

    def bare(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
        return tuple(replace(problem, mend="", stream="") for problem in problems)

    return replace(board, broken={key: bare(found) for key, found in board.broken.items()}, strays=bare(board.strays))


@pytest.mark.positive
@settings(max_examples=25, deadline=None)
@given(plan=PLANS)
def test_the_board_of_each_commit_is_the_one_that_was_on_the_disk(plan: list[tuple[Step, str]]) -> None:
    """Whatever happens, refused commands, damaged and lost files included."""
    with TemporaryDirectory() as folder:
        diary = Diary(bootstrap(make_repository(Path(folder) / "repository"), ADA))
        app = diary.app
        initialize(app.folder, app.git.root_commits, app.ids.command_id, None)
        for step, name in [(STEPS[0], "nothing"), (STEPS[0], "WORK-1"), *plan]:
            diary.note(step, name)
        git(app.repository.root, "checkout", "--quiet", "--orphan", "elsewhere")
        git(app.repository.root, "rm", "-r", "--force", "--quiet", ".")
        for commit, board in diary.pages:
            moment = app.past.named(commit)
            assert moment is not None
            assert comparable(board_at(app.past, moment)) == comparable(board)
