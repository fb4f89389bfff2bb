"""Commits of event files alone: nothing of the user's is swept in, moved, or changed (DESIGN 1, 5)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from jerry_git.application.errors import GitError
from jerry_git.application.initializing import identity_for
from jerry_git.application.ports import CommitInfo
from jerry_git.infrastructure.adapters.git import Git, GitStaging
from jerry_git.infrastructure.persistence.file_locks import FileLocks
from jerry_git.infrastructure.persistence.jerry_folder import initial_files
from tests.infrastructure.repositories import ACTOR, commit_all, git, make_repository, settings, write

EVENT = ".jerry/events/2026-11/s/größe [1].json"
CONTENT = b'[\n  "gr\xc3\xb6\xc3\x9fe"\n]\n'
MESSAGE = "Größe: WORK-1 done\n\n# not a comment\n"


def with_events(folder):
    """A repository with an event file that is not committed, and the attributes that `jerry init` writes."""
    attributes = initial_files(identity_for("x", "WORK"))[".jerry/.gitattributes"]
    write(folder, ".jerry/.gitattributes", attributes)
    commit_all(folder, "attributes")
    write(folder, EVENT, CONTENT)
    return folder


@pytest.fixture
def tracked(repository):
    return with_events(repository)


def files_of(folder, revision="HEAD"):
    printed = git(folder, "diff-tree", "--no-commit-id", "--root", "-r", "-z", "--name-only", revision)
    return printed.split("\0")[:-1]


def in_use(folder):
    """Work of the user's: new, changed and half staged, with and without staging."""
    names = ("changed", "half staged", "staged", "deleted")
    for name in names:
        write(folder, name, "before\n")
    git(folder, "add", *names)
    git(folder, "commit", "--quiet", "--message", "the user's files")
    write(folder, "changed", "after\n")
    write(folder, "half staged", "one\n")
    write(folder, "staged", "after\n")
    write(folder, "added", "new\n")
    git(folder, "add", "half staged", "staged", "added")
    git(folder, "rm", "--quiet", "deleted")
    write(folder, "half staged", "two\n")
    write(folder, "untracked", "new\n")


def state_of(folder):
    """What the user sees of their own files: index, work tree, untracked files."""
    return (
        git(folder, "ls-files", "--stage", "--", ":(exclude).jerry"),
        git(folder, "status", "--porcelain", "--untracked-files=all", "--", ":(exclude).jerry"),
        {path.name: path.read_text() for path in folder.iterdir() if path.is_file()},
    )


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
    assert Git(tracked).pending() == (".jerry/other",)


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
    assert Git(tracked).pending() == (EVENT,)


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
    assert Git(tracked).pending() == (EVENT,)


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


HOSTILE = {
    "no settings": {},
    "colours": settings(color__ui="always", color__status="always", color__diff="always", color__interactive="always"),
    "no untracked files": settings(status__showUntrackedFiles="no"),
    "another status": settings(status__short="true", status__branch="true", status__renames="copies"),
    "quoted paths": settings(core__quotePath="true"),
    "line ends of Windows": settings(core__autocrlf="true", core__safecrlf="true", core__eol="crlf"),
    "another diff": settings(diff__noprefix="true", diff__external="false", diff__renames="copies"),
    "another log": settings(
        log__showSignature="true", log__decorate="full", log__date="relative", format__pretty="fuller",
        log__abbrevCommit="true", core__abbrev="4", log__follow="true",
    ),
    "log in Latin-1": settings(i18n__logOutputEncoding="ISO-8859-1"),
    "another commit": settings(commit__cleanup="strip", commit__verbose="true", commit__status="false"),
    "another sign for comments": settings(commit__cleanup="scissors", core__commentChar=";"),
    "a pager": settings(core__pager="false", pager__log="false", pager__status="false"),
    "aliases": settings(alias__add="!false", alias__commit="!false", alias__status="!false"),
    "another index": settings(index__version="4", core__splitIndex="true", feature__manyFiles="true"),
    "ignore-case": settings(core__ignoreCase="true"),
    "no advice": settings(advice__addEmptyPathspec="false", advice__statusHints="false"),
    "submodules": settings(submodule__recurse="true", status__submoduleSummary="true", diff__ignoreSubmodules="none"),
    "literal pathspecs": {"GIT_LITERAL_PATHSPECS": "1"},
    "pathspecs of no case": {"GIT_ICASE_PATHSPECS": "1"},
    "glob pathspecs": {"GIT_GLOB_PATHSPECS": "1"},
    "no-glob pathspecs": {"GIT_NOGLOB_PATHSPECS": "1"},
    "another language": {"LC_ALL": "de_DE.UTF-8", "LANGUAGE": "de"},
    "traces": {"GIT_TRACE": "1", "GIT_TRACE_SETUP": "1"},
    "another diff through the environment": {"GIT_EXTERNAL_DIFF": "false", "GIT_DIFF_OPTS": "-u0"},
}  # fmt: skip


@pytest.mark.edge
@pytest.mark.parametrize("surrounding", HOSTILE.values(), ids=HOSTILE)
def test_no_setting_of_the_user_changes_what_is_pending_staged_committed_and_told(tracked, monkeypatch, surrounding):
    in_use(tracked)
    before = state_of(tracked)
    for name, value in surrounding.items():
        monkeypatch.setenv(name, value)
    ours = Git(tracked)
    assert ours.pending() == (EVENT,)
    ours.add([EVENT])
    assert ours.pending() == (EVENT,)
    info = ours.commit([EVENT], MESSAGE)
    assert (ours.pending(), ours.actor(), ours.work_trees()) == ((), ACTOR, (tracked,))
    assert ours.paths_ever_added(".jerry/events") == {EVENT}
    for name in surrounding:
        monkeypatch.delenv(name)
    assert (info.author, info.subject) == (ACTOR, "Größe: WORK-1 done")
    raw = git(tracked, "cat-file", "commit", info.commit)
    assert raw.endswith(f"\nauthor {ACTOR} 1795417848 +0000\ncommitter {ACTOR} 1795417848 +0000\n\n{MESSAGE}")
    assert git(tracked, "rev-parse", "HEAD").strip() == info.commit
    assert git(tracked, "cat-file", "blob", f"HEAD:{EVENT}").encode() == CONTENT
    assert files_of(tracked) == [EVENT]
    assert state_of(tracked) == before


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
