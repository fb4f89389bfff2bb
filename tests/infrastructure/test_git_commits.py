"""Commits of event files alone: nothing of the user's is swept in, moved, or changed (DESIGN 1, 5)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from jerry_git.application.errors import GitError
from jerry_git.application.ports import CommitInfo
from jerry_git.infrastructure.adapters.git import Git, GitStaging, covering
from jerry_git.infrastructure.persistence.file_locks import FileLocks
from tests.infrastructure.repositories import ACTOR, git, make_repository, settings, write
from tests.infrastructure.users_work import CONTENT, EVENT, MESSAGE, files_of, in_use, state_of


@pytest.mark.positive
def test_a_commit_holds_just_the_named_files_and_is_told(tracked):
    write(tracked, ".jerry/other", "x")
    info = Git(tracked).commit([EVENT], MESSAGE)
    assert files_of(tracked) == [EVENT]
    assert info == CommitInfo(
        commit=git(tracked, "rev-parse", "HEAD").strip(),
        author=ACTOR,
        at=datetime(2026, 11, 23, 7, 10, 48, tzinfo=UTC),
        subject="Größe: WORK-1 done",
    )
    assert git(tracked, "log", "-1", "--format=%B").strip() == MESSAGE.strip()
    assert Git(tracked).new_and_gone()[0] == (".jerry/other",)


@pytest.mark.positive
def test_the_users_staged_changed_and_untracked_files_stay_as_they_are(tracked):
    in_use(tracked)
    before = state_of(tracked)
    Git(tracked).add([EVENT])
    assert state_of(tracked) == before
    Git(tracked).commit([EVENT], MESSAGE)
    assert state_of(tracked) == before
    assert files_of(tracked) == [EVENT]


@pytest.mark.positive
def test_a_file_whose_name_looks_like_a_pattern_is_committed_alone(tracked):
    for name in ("[ab]", "a"):
        write(tracked, f".jerry/{name}", name)
    git(tracked, "add", ".jerry/a")
    Git(tracked).commit([".jerry/[ab]"], MESSAGE)
    assert files_of(tracked) == [".jerry/[ab]"]
    assert git(tracked, "diff", "--cached", "--name-only") == ".jerry/a\n"


@pytest.mark.positive
def test_very_many_files_are_named_by_their_folders_and_nothing_else_there_is_swept_in(tracked, monkeypatch):
    """git compares every name with every path of a commit, which takes minutes with 100,000 of them."""
    old = [f".jerry/events/2020-0{month}/work_item-{name}/1.json" for month in (1, 2) for name in "abc"]
    for path in old:
        write(tracked, path, "[]")
    git(tracked, "add", ".jerry")
    git(tracked, "commit", "--quiet", "--message", "old")
    for path in old[:5]:
        (tracked / path).unlink()
    write(tracked, old[5], "altered")
    write(tracked, ".jerry/archive/2020-01-0.jsonl", "x")
    write(tracked, ".jerry/archive/2020-02-0.jsonl", "x")
    write(tracked, ".jerry/events/2020-02/work_item-b/2.json", "staged by somebody")
    git(tracked, "add", ".jerry/events/2020-02/work_item-b/2.json")
    monkeypatch.setattr("jerry_git.infrastructure.adapters.git._MANY", 3)
    Git(tracked).commit([".jerry/archive/2020-01-0.jsonl"], MESSAGE, old[:5])
    assert files_of(tracked) == [".jerry/archive/2020-01-0.jsonl", *old[:5]]
    left = git(tracked, "status", "--porcelain", "--untracked-files=all").splitlines()
    assert left == [
        "A  .jerry/events/2020-02/work_item-b/2.json",
        f" M {old[5]}",
        "?? .jerry/archive/2020-02-0.jsonl",
    ]


@pytest.mark.positive
@pytest.mark.parametrize(
    ("wanted", "changed", "covered"),
    [
        (["a/b/c", "a/b/d"], ["a/b/c", "a/b/d"], ("a",)),
        (["a/b/c", "a/b/d"], ["a/b/c", "a/b/d", "a/e"], ("a/b",)),
        (["a/b/c", "a/b/d"], ["a/b/e"], ("a/b/c", "a/b/d")),
        (["a/b/c", "a/bb/d"], ["a/b"], ("a/b/c", "a/bb")),
        (["a"], [], ("a",)),
        ([], ["a/b"], ()),
    ],
    ids=["all there is", "a folder", "side by side", "a file of a folder's name", "no folder", "nothing"],
)
def test_the_fewest_folders_cover_what_is_to_be_committed(wanted, changed, covered):
    assert covering(wanted, changed) == covered


@pytest.mark.positive
def test_the_first_commit_of_a_repository_can_be_of_events(tmp_path):
    folder = make_repository(tmp_path / "new", commit=False)
    write(folder, EVENT, CONTENT)
    write(folder, "staged", "x")
    git(folder, "add", "staged")
    assert Git(folder).commit([EVENT], MESSAGE).subject == "Größe: WORK-1 done"
    assert files_of(folder) == [EVENT]
    assert git(folder, "status", "--porcelain") == "A  staged\n"


@pytest.mark.positive
def test_a_commit_on_a_detached_head_moves_no_branch(tracked):
    git(tracked, "checkout", "--quiet", "--detach")
    branch = git(tracked, "rev-parse", "main")
    Git(tracked).commit([EVENT], MESSAGE)
    assert git(tracked, "rev-parse", "main") == branch
    assert files_of(tracked) == [EVENT]


@pytest.mark.positive
def test_a_commit_in_a_linked_worktree_is_on_its_branch(tracked, tmp_path):
    linked = tmp_path / "linked"
    git(tracked, "worktree", "add", "--quiet", "-b", "side", linked)
    write(linked, EVENT, CONTENT)
    info = Git(linked).commit([EVENT], MESSAGE)
    assert git(tracked, "rev-parse", "side").strip() == info.commit
    assert Git(tracked).new_and_gone()[0] == (EVENT,)


@pytest.mark.positive
def test_the_users_hooks_run_and_see_gits_own_surrounding(tracked):
    hook = write(
        tracked, ".git/hooks/pre-commit", '#!/bin/sh\nenv | grep -E "PATHSPECS|GIT_CONFIG_PARAM" > hook-saw\ntrue\n'
    )
    hook.chmod(0o755)
    Git(tracked).commit([EVENT], MESSAGE)
    assert (tracked / "hook-saw").read_text() == ""


@pytest.mark.negative
def test_a_hook_that_refuses_is_heard_and_the_file_stays_staged(tracked):
    hook = write(tracked, ".git/hooks/pre-commit", "#!/bin/sh\necho no events on Mondays >&2\nexit 1\n")
    hook.chmod(0o755)
    head = git(tracked, "rev-parse", "HEAD")
    with pytest.raises(GitError, match="no events on Mondays"):
        Git(tracked).commit([EVENT], MESSAGE)
    assert git(tracked, "rev-parse", "HEAD") == head
    assert Git(tracked).new_and_gone()[0] == (EVENT,)


@pytest.mark.negative
def test_in_the_middle_of_a_merge_git_refuses_and_the_merge_stays(tracked):
    for branch in ("one", "two"):
        git(tracked, "checkout", "--quiet", "-B", branch, "main")
        write(tracked, "README", branch)
        git(tracked, "commit", "--quiet", "--all", "--message", branch)
    git(tracked, "merge", "--quiet", "--no-commit", "--strategy=ours", "one")
    with pytest.raises(GitError, match="partial commit during a merge"):
        Git(tracked).commit([EVENT], MESSAGE)
    assert (tracked / ".git" / "MERGE_HEAD").exists()


@pytest.mark.negative
@pytest.mark.parametrize("paths", [[], [".jerry/not there"]], ids=["nothing", "a file that is not there"])
def test_there_must_be_something_to_commit(tracked, paths):
    with pytest.raises(GitError):
        Git(tracked).commit(paths, MESSAGE)


@pytest.mark.negative
def test_a_signature_that_cannot_be_made_is_heard(tracked, monkeypatch):
    for name, value in settings(commit__gpgsign="true", gpg__program="false").items():
        monkeypatch.setenv(name, value)
    with pytest.raises(GitError, match="gpg failed to sign"):
        Git(tracked).commit([EVENT], MESSAGE)


# --- staging after an append


def staging(folder, mode, seen=()):
    locks = FileLocks(folder / ".git" / "jerry" / "locks", 1)
    return GitStaging(Git(folder), locks, mode, lambda paths: f"Events: {len(paths)}")


def flushed(folder, mode):
    ours = staging(folder, mode)
    ours.note(EVENT)
    ours.flush()
    return git(folder, "status", "--porcelain", "-z", "--untracked-files=all").strip("\0")


@pytest.mark.positive
def test_new_files_are_staged_by_default(tracked):
    assert flushed(tracked, "stage") == f"A  {EVENT}"


@pytest.mark.positive
def test_new_files_are_committed_alone_in_mode_auto(tracked):
    write(tracked, "mine", "x")
    assert flushed(tracked, "auto") == "?? mine"
    assert git(tracked, "log", "-1", "--format=%s").strip() == "Events: 1"


@pytest.mark.positive
def test_new_files_are_left_alone_in_mode_manual(tracked):
    assert flushed(tracked, "manual") == f"?? {EVENT}"


@pytest.mark.positive
@pytest.mark.parametrize("mode", ["stage", "auto", "manual"])
def test_where_nothing_was_written_git_is_not_asked(tmp_path, mode):
    staging(tmp_path / "no repository", mode).flush()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.positive
def test_a_flush_forgets_what_it_has_done(tracked):
    ours = staging(tracked, "stage")
    ours.note(EVENT)
    ours.flush()
    git(tracked, "rm", "--quiet", "--cached", EVENT)
    ours.flush()
    assert git(tracked, "diff", "--cached", "--name-only") == ""
