"""What each way to make a commit lets the hooks see, and what they say (hook-craft 3.1)."""

from __future__ import annotations

import pytest

from tests.hooks.conftest import PROGRAMS, Guarded

COMMIT = ["pre-commit", "prepare-commit-msg", "commit-msg"]
MODIFIED = "error[event-modified] differs from what HEAD has"
DELETED = "error[event-deleted] is gone, but HEAD has it"


@pytest.mark.positive
def test_a_commit_of_code_and_events_passes_and_names_its_items(here: Guarded) -> None:
    """The hooks of the user run after ours."""
    (here.folder / "code.py").write_text("print('bye')\n")
    here.git("add", "code.py")
    here.jerry("start", "WORK-1")
    assert "refused" not in here.tried("commit", "--message", "Say goodbye")
    assert here.fired() == COMMIT
    assert here.git("log", "-1", "--format=%B").split("\n") == ["Say goodbye", "", "Jerry-Item: WORK-1", "", ""]


@pytest.mark.negative
@pytest.mark.parametrize("way", ["staged", "all", "path"])
def test_an_altered_event_is_refused_however_it_is_committed(here: Guarded, way: str) -> None:
    """`commit -a` and `commit PATH` commit another index than the one on the disk."""
    path = here.tamper()
    if way == "staged":
        here.git("add", path)
    said = here.tried("commit", "--message=x", *{"staged": (), "all": ("--all",), "path": (path,)}[way])
    assert f"{path}: {MODIFIED}" in said
    assert "refused" in said


@pytest.mark.negative
def test_a_commit_that_only_deletes_an_event_is_refused(here: Guarded) -> None:
    """The framework lists no deleted files, and skips a hook without files (pre-commit#749)."""
    path = here.path()
    here.git("rm", "--quiet", path)
    assert f"{path}: {DELETED}" in here.tried("commit", "--message=x")


@pytest.mark.negative
def test_a_renamed_event_is_refused_by_its_old_name(here: Guarded) -> None:
    """The framework tells of the new name alone."""
    path = here.path()
    here.git("mv", path, ".jerry/events/elsewhere.json")
    assert f"{path}: error[event-renamed] was renamed to .jerry/events/elsewhere.json" in here.tried(
        "commit", "--message=x"
    )


@pytest.mark.negative
def test_an_event_replaced_by_a_link_is_refused(here: Guarded) -> None:
    """A link of the same name is no event file."""
    path = here.path()
    (here.folder / path).unlink()
    (here.folder / path).symlink_to("/etc/hostname")
    here.git("add", path)
    said = here.tried("commit", "--message=x")
    assert f"{path}: error[event-replaced] was replaced by a symbolic link" in said
    assert f"{path}: error[symbolic-link] a symbolic link, which is never followed" in said


@pytest.mark.negative
def test_an_amendment_that_drops_an_event_is_refused(here: Guarded) -> None:
    """git does not tell an amendment apart: it is compared with the commit that it replaces."""
    path = here.path("WORK-2")
    here.git("rm", "--quiet", path)
    assert DELETED in here.tried("commit", "--amend", "--no-edit")


@pytest.mark.positive
def test_an_amendment_that_adds_an_event_passes(here: Guarded) -> None:
    """Adding is what events are for."""
    here.jerry("start", "WORK-1")
    assert "refused" not in here.tried("commit", "--amend", "--no-edit")
    assert here.fired() == [*COMMIT, "post-rewrite"]


@pytest.mark.negative
def test_an_illegal_step_is_refused(here: Guarded) -> None:
    """Written by a program that keeps no rules."""
    path = _forge(here)
    said = here.tried("commit", "--message=x")
    assert f"{path}: error[illegal-transition] WORK-1: a step from in_progress to done, but WORK-1 was pending" in said


def _forge(here: Guarded) -> str:
    """Take the first of two steps away before anybody has seen it."""
    here.jerry("start", "WORK-1")
    here.jerry("done", "WORK-1")
    start, done = sorted((here.folder / here.path()).parent.glob("0000000[23]-*.json"))
    ids = [
        line.split('"')[3] for line in start.read_text().splitlines() if line.startswith(('    "id"', '    "parents"'))
    ]
    forged = done.read_text().replace(ids[0], ids[1]).replace('"streamversion": 3', '"streamversion": 2')
    target = done.with_name(done.name.replace("00000003", "00000002"))
    target.write_text(forged)
    here.git("rm", "--quiet", "--force", *(str(path.relative_to(here.folder)) for path in (start, done)))
    here.git("add", ".jerry")
    return target.relative_to(here.folder).as_posix()


@pytest.mark.positive
def test_what_is_not_staged_is_no_business_of_the_hook(here: Guarded) -> None:
    """A partially staged commit: the framework hides unstaged changes, and untracked files are not looked at."""
    here.jerry("start", "WORK-1")
    here.tamper("WORK-2")
    stray = here.folder / ".jerry" / "events" / "untracked.json"
    stray.write_text("not an event")
    assert "refused" not in here.tried("commit", "--message=x")
    assert stray.exists()
    assert "Not Two" in (here.folder / here.path("WORK-2")).read_text()


@pytest.mark.negative
def test_what_is_staged_counts_though_the_disk_was_put_right(here: Guarded) -> None:
    """The index is what is committed."""
    path = here.tamper()
    here.git("add", path)
    here.run("sh", "-c", f"git show HEAD:{path} > {path}")
    assert MODIFIED in here.tried("commit", "--message=x")


@pytest.mark.positive
def test_a_stash_is_brought_back_as_it_was(here: Guarded) -> None:
    """No hook sees a stash; the commit after it does."""
    here.jerry("start", "WORK-1")
    here.git("stash", "--quiet")
    here.git("stash", "pop", "--quiet", "--index")
    assert "refused" not in here.tried("commit", "--message=x")
    assert here.ask("show", "WORK-1")["items"][0]["status"] == "in_progress"


@pytest.mark.negative
def test_a_hook_guards_a_linked_worktree(here: Guarded) -> None:
    """Where `.git` is a file, and the index lies elsewhere."""
    here.git("worktree", "add", "--quiet", "../linked")
    linked = Guarded(here.folder.parent / "linked", here.environment)
    path = linked.tamper()
    linked.git("add", path)
    assert f"{path}: {MODIFIED}" in linked.tried("commit", "--message=x")


@pytest.mark.negative
def test_a_hook_guards_a_commit_from_a_subdirectory(here: Guarded) -> None:
    """git runs hooks at the root."""
    path = here.tamper()
    below = here.folder / "src"
    below.mkdir()
    said = Guarded(below, here.environment).tried("commit", "--all", "--message=x")
    assert f"{path}: {MODIFIED}" in said


@pytest.mark.negative
def test_a_commit_without_verification_is_found_by_the_next_stage(here: Guarded, remote: object) -> None:
    """`--no-verify` skips a hook; the push is checked tree against tree."""
    path = here.tamper()
    assert "refused" not in here.tried("commit", "--all", "--no-verify", "--message=x")
    said = here.tried("push", "origin", "main")
    assert f"{path}: error[event-modified] differs from what origin's refs/heads/main has" in said
    assert "refused" in said


@pytest.mark.negative
@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("Mend WORK-99", "error[unknown-item] no item is called WORK-99"),
        ("Mend it\n\nJerry-Item: WORK-98", "error[unknown-item] no item is called WORK-98"),
        ("Jerry-Item: WORK-1", "error[no-message]"),
    ],
    ids=["in the text", "in a trailer", "nothing but a trailer"],
)
def test_a_message_is_refused(here: Guarded, message: str, said: str) -> None:
    answer = here.tried("commit", "--allow-empty", "--message", message)
    assert said in answer
    assert "refused" in answer


@pytest.mark.positive
@pytest.mark.parametrize(
    "message", ["Mend WORK-1", "x\n\nJerry-Item: WORK-2", "fixup! WORK-99", 'Revert "WORK-99"', "SHA-256 and UTF-8"]
)
def test_a_message_passes(here: Guarded, message: str) -> None:
    assert "refused" not in here.tried("commit", "--allow-empty", "--message", message)


@pytest.mark.negative
def test_a_repository_may_demand_that_a_message_names_an_item(here: Guarded) -> None:
    """`[tool.jerry.commit-msg] require-item = true`."""
    (here.folder / "pyproject.toml").write_text("[tool.jerry.commit-msg]\nrequire-item = true\n")
    assert "error[no-item] the message names no item" in here.tried("commit", "--allow-empty", "--message=x")
    assert "refused" not in here.tried("commit", "--allow-empty", "--message=WORK-1: x")


@pytest.mark.negative
def test_a_filter_of_the_users_does_not_switch_a_check_off(here: Guarded) -> None:
    """A top-level `files:` takes the name of the message away (pre-commit#3720)."""
    config = here.folder / ".pre-commit-config.yaml"
    config.write_text("files: ^code/\n" + config.read_text())
    here.git("add", ".pre-commit-config.yaml")
    assert "unknown-item" in here.tried("commit", "--message=Mend WORK-99")


@pytest.mark.positive
def test_the_framework_can_be_asked_for_everything(here: Guarded) -> None:
    """`pre-commit run --all-files`, as CI does."""
    done = here.run(*PROGRAMS["pre-commit"], "run", "--all-files")
    assert "Failed" not in done.stdout
