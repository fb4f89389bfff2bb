"""What merges, rebases and their like let the hooks see, and which stage catches what they hide (hook-craft 3.1)."""

from __future__ import annotations

import pytest

from tests.hooks.conftest import Guarded

MERGED = ["prepare-commit-msg", "commit-msg"]
FORK = "warning[fork] WORK-1: branches moved the item apart: to cancelled and to in_progress"


def branched(here: Guarded, on_branch: tuple[str, ...] = ("start", "WORK-1"), on_main: tuple[str, ...] = ()) -> None:
    """A branch `other` with one command committed, and `main` with another, checked out."""
    here.git("switch", "--quiet", "--create", "other")
    here.jerry(*on_branch)
    here.git("commit", "--quiet", "--no-verify", "--message=On the branch")
    here.git("switch", "--quiet", "main")
    if on_main:
        here.jerry(*on_main)
        here.git("commit", "--quiet", "--no-verify", "--message=On main")
    here.fired()


def checked(here: Guarded, span: str) -> str:
    """What `jerry check --range` says, as CI would ask."""
    done = here.jerry("check", "--range", span, check=False)
    return f"{done.stdout}{done.stderr}exit {done.returncode}"


@pytest.mark.positive
def test_a_clean_merge_is_checked_before_it_is_made_and_told_of_after(here: Guarded) -> None:
    branched(here, on_main=("start", "WORK-2"))
    said = here.tried("merge", "--no-edit", "other")
    assert "refused" not in said
    assert here.fired() == ["pre-merge-commit", *MERGED, "post-merge"]
    assert "jerry: 1 event came in" in said
    assert "changed: WORK-1 One" in said


@pytest.mark.positive
def test_a_fast_forward_is_told_of_after(here: Guarded) -> None:
    """No hook can refuse it."""
    branched(here, ("new", "Three"))
    said = here.tried("merge", "other")
    assert here.fired() == ["post-merge"]
    assert "new: WORK-3 Three" in said


@pytest.mark.positive
def test_a_fork_is_a_warning_that_a_merge_tells_of(here: Guarded) -> None:
    branched(here, ("start", "WORK-1"), ("cancel", "WORK-1"))
    said = here.tried("merge", "--no-edit", "other")
    assert "refused" not in said
    assert "moved apart: WORK-1 One" in said
    assert FORK in checked(here, "HEAD~1..HEAD")


@pytest.mark.negative
def test_a_fork_is_refused_where_the_repository_asks_for_it(here: Guarded) -> None:
    """`[tool.jerry.check.severity] fork = "error"`."""
    (here.folder / "pyproject.toml").write_text('[tool.jerry.check.severity]\nfork = "error"\n')
    branched(here, ("start", "WORK-1"), ("cancel", "WORK-1"))
    said = here.tried("merge", "--no-edit", "other")
    assert FORK.replace("warning", "error") in said
    assert "refused" in said


@pytest.mark.negative
def test_a_merge_that_drops_the_events_of_the_other_side_is_refused(here: Guarded) -> None:
    """`--strategy ours`: compared with HEAD alone nothing is missing."""
    branched(here, on_main=("start", "WORK-2"))
    said = here.tried("merge", "--no-edit", "--strategy=ours", "other")
    assert "error[event-deleted] is gone, but other has it" in said
    assert "refused" in said


@pytest.mark.negative
def test_a_conflicted_merge_that_drops_an_event_is_refused_when_it_is_committed(here: Guarded) -> None:
    """The framework does not list an event that only the other side has added."""
    branched(here, ("new", "Three"))
    for branch, text in (("other", "left"), ("main", "right")):
        here.git("switch", "--quiet", branch)
        (here.folder / "code.py").write_text(f"print('{text}')\n")
        here.git("commit", "--quiet", "--no-verify", "--all", "--message=Code")
    here.fired()
    assert "CONFLICT" in here.tried("merge", "other")
    path = here.path("WORK-3")
    here.git("rm", "--quiet", "--force", path)
    here.git("add", "code.py")
    said = here.tried("commit", "--no-edit")
    assert f"{path}: error[event-deleted]" in said
    assert here.fired() == ["pre-commit"]
    here.git("checkout", "other", "--", path)
    assert "refused" not in here.tried("commit", "--no-edit")
    assert here.fired() == ["pre-commit", *MERGED]


@pytest.mark.positive
def test_a_squash_merge_is_told_of_and_checked_when_it_is_committed(here: Guarded) -> None:
    branched(here)
    said = here.tried("merge", "--squash", "other")
    assert "changed: WORK-1 One" in said
    assert here.fired() == ["post-merge"]
    assert "refused" not in here.tried("commit", "--no-edit")
    assert here.fired() == ["pre-commit", *MERGED]


@pytest.mark.edge
def test_a_clean_rebase_runs_no_check_and_tells_after(here: Guarded) -> None:
    branched(here, on_main=("start", "WORK-2"))
    here.git("switch", "--quiet", "other")
    said = here.tried("rebase", "main")
    assert here.fired() == ["prepare-commit-msg", "post-rewrite"]
    assert "changed: WORK-2 Two" in said


@pytest.mark.negative
def test_a_rebase_that_drops_an_event_is_told_of_and_caught_by_the_push(here: Guarded, remote: object) -> None:
    """A drop runs no hook but `post-rewrite`, if anything is left to rewrite."""
    for name in ("Three", "Four"):
        here.jerry("new", name)
        here.git("commit", "--quiet", "--no-verify", f"--message={name}")
    path = here.path("WORK-3")
    here.git("push", "--quiet", "--no-verify", "origin", "main")
    here.fired()
    said = here.tried("rebase", "--onto", "HEAD~2", "HEAD~1")
    assert here.fired() == ["prepare-commit-msg", "post-rewrite"]
    assert f"warning[event-deleted] {path} is gone" in said
    said = here.tried("push", "--force", "origin", "main")
    assert f"{path}: error[event-deleted] is gone, but origin's" in said
    assert "refused" in said


@pytest.mark.negative
def test_a_rebase_with_a_squash_keeps_what_it_squashes(here: Guarded, remote: object) -> None:
    """Two commits become one, with the events of both."""
    for name in ("Three", "Four"):
        here.jerry("new", name)
        here.git("commit", "--quiet", "--no-verify", f"--message={'fixup! ' * (name == 'Four')}Three")
    here.environment["GIT_SEQUENCE_EDITOR"] = "true"
    here.git("rebase", "--quiet", "--interactive", "--autosquash", "HEAD~2")
    assert checked(here, "origin/main..HEAD").endswith("exit 0")
    assert "refused" not in here.tried("push", "origin", "main")


@pytest.mark.edge
def test_a_rebase_with_a_conflict_is_checked_by_the_commit_that_continues_it(here: Guarded) -> None:
    branched(here)
    for branch in ("other", "main"):
        here.git("switch", "--quiet", branch)
        (here.folder / "code.py").write_text(f"print('{branch}')\n")
        here.git("commit", "--quiet", "--no-verify", "--all", "--message=Code")
    here.git("switch", "--quiet", "other")
    here.fired()
    assert "CONFLICT" in here.tried("rebase", "main")
    here.git("add", "code.py")
    here.environment["GIT_EDITOR"] = "true"
    assert "refused" not in here.tried("rebase", "--continue")
    assert "post-rewrite" in here.fired()
    assert checked(here, "main..HEAD").endswith("exit 0")


@pytest.mark.edge
def test_a_clean_cherry_pick_adds_its_events_and_runs_no_check(here: Guarded) -> None:
    branched(here)
    assert "refused" not in here.tried("cherry-pick", "other")
    assert here.fired() == ["prepare-commit-msg"]
    assert checked(here, "HEAD~1..HEAD").endswith("exit 0")


@pytest.mark.edge
def test_a_cherry_pick_of_a_later_event_alone_leaves_an_incomplete_history(here: Guarded) -> None:
    """A warning: the item folds, and says so."""
    branched(here)
    here.git("switch", "--quiet", "other")
    here.jerry("block", "WORK-1")
    here.git("commit", "--quiet", "--no-verify", "--message=Later")
    here.git("switch", "--quiet", "main")
    here.git("cherry-pick", "other")
    said = checked(here, "HEAD~1..HEAD")
    assert "warning[incomplete-history] WORK-1: was appended on events that are not here" in said
    assert said.endswith("exit 0")


@pytest.mark.negative
def test_a_revert_of_events_runs_no_check_and_is_caught_by_the_push_and_by_the_range(
    here: Guarded, remote: object
) -> None:
    """git runs no pre-commit for a revert (pre-commit#665)."""
    here.jerry("start", "WORK-1")
    here.git("commit", "--quiet", "--message=Start")
    here.git("push", "--quiet", "origin", "main")
    here.fired()
    assert "refused" not in here.tried("revert", "--no-edit", "HEAD")
    assert here.fired() == ["prepare-commit-msg"]
    said = checked(here, "origin/main..HEAD")
    assert "error[event-deleted] is gone, but origin/main has it" in said
    assert said.endswith("exit 1")
    assert "error[event-deleted]" in here.tried("push", "origin", "main")


@pytest.mark.positive
def test_a_first_push_of_a_whole_history_is_checked_and_passes(here: Guarded, tmp_path) -> None:
    here.git("init", "--quiet", "--bare", str(tmp_path / "empty.git"))
    here.git("remote", "add", "origin", str(tmp_path / "empty.git"))
    assert "refused" not in here.tried("push", "origin", "main")
    assert here.fired() == ["pre-push"]


@pytest.mark.negative
def test_a_first_push_of_a_broken_history_is_refused(here: Guarded, tmp_path) -> None:
    """There is nothing to compare with, and the files are judged by themselves."""
    path = here.path()
    (here.folder / path).write_text("[]\n")
    here.git("commit", "--quiet", "--no-verify", "--all", "--message=x")
    here.git("init", "--quiet", "--bare", str(tmp_path / "empty.git"))
    here.git("remote", "add", "origin", str(tmp_path / "empty.git"))
    assert f"{path}:1: error[not-a-batch]" in here.tried("push", "origin", "main")


@pytest.mark.edge
def test_a_new_branch_without_commits_of_its_own_is_pushed_without_a_question(here: Guarded, remote: object) -> None:
    """The framework runs no hook then (pre-commit#3296); there is nothing to see."""
    here.git("branch", "copy")
    assert "refused" not in here.tried("push", "origin", "copy")
    assert here.fired() == []


@pytest.mark.negative
@pytest.mark.parametrize("pushed", [("main", "other"), ("other", "main")], ids=["tampered last", "tampered first"])
def test_of_two_branches_pushed_at_once_both_are_checked(
    here: Guarded, remote: object, pushed: tuple[str, str]
) -> None:
    """The framework looks at the first ref alone (pre-commit#2523)."""
    (here.folder / "code.py").write_text("print('main')\n")
    here.git("commit", "--quiet", "--all", "--message=Code")
    here.git("switch", "--quiet", "--create", "other")
    path = here.tamper()
    here.git("commit", "--quiet", "--no-verify", "--all", "--message=x")
    said = here.tried("push", "origin", *pushed)
    assert f"{path}: error[event-modified]" in said
    assert "refused" in said


@pytest.mark.negative
def test_a_push_is_checked_as_it_is_committed_and_not_as_it_is_checked_out(here: Guarded, remote: object) -> None:
    """The work tree is that of another branch."""
    here.git("switch", "--quiet", "--create", "other")
    path = here.tamper()
    here.git("commit", "--quiet", "--no-verify", "--all", "--message=x")
    here.git("switch", "--quiet", "main")
    assert f"{path}: error[event-modified]" in here.tried("push", "origin", "other")


@pytest.mark.edge
def test_a_diverged_branch_that_is_not_pushed_does_not_block_another(here: Guarded, remote: object) -> None:
    """It would have to be pushed by force: a warning tells what that would drop."""
    here.git("switch", "--quiet", "--create", "other")
    here.jerry("start", "WORK-1")
    here.git("commit", "--quiet", "--no-verify", "--message=Start")
    here.git("push", "--quiet", "--no-verify", "origin", "other")
    here.git("reset", "--quiet", "--hard", "HEAD~1")
    here.jerry("start", "WORK-2")
    here.git("commit", "--quiet", "--no-verify", "--message=Other")
    here.git("switch", "--quiet", "main")
    here.jerry("new", "Three")
    here.git("commit", "--quiet", "--message=Three")
    assert "refused" not in here.tried("push", "origin", "main")
    assert "error[event-deleted]" in here.tried("push", "--force", "origin", "other")


@pytest.mark.edge
def test_a_branch_that_is_deleted_on_the_remote_is_let_go(here: Guarded, remote: object) -> None:
    here.git("push", "--quiet", "--no-verify", "origin", "main:gone")
    assert "refused" not in here.tried("push", "origin", "--delete", "gone")
