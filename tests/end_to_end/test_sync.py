"""Clones that become one by `jerry sync`, over remotes that git itself serves (LES-003)."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jerry_git.bootstrap import bootstrap
from tests.end_to_end.conftest import Place, place
from tests.end_to_end.crowds import crowd
from tests.end_to_end.remotes import begun, clone, hub, served


@pytest.fixture
def shared(tmp_path: Path) -> Place:
    """A remote in a folder."""
    return hub(tmp_path)


@pytest.fixture
def one(shared: Place, tmp_path: Path) -> Place:
    """The first clone."""
    return begun(str(shared.folder), tmp_path / "one", tmp_path / "home")


@pytest.fixture
def two(one: Place, shared: Place, tmp_path: Path) -> Place:
    """The second clone, of somebody else."""
    grace = {"GIT_AUTHOR_NAME": "Grace", "GIT_COMMITTER_NAME": "Grace"}
    return clone(str(shared.folder), tmp_path / "two", tmp_path / "home", **grace)


def board(where: Place) -> list[dict[str, Any]]:
    """Everything about every item, as `export` has it."""
    lines = where.jerry("list", "--all", "--json").stdout
    return sorted(json.loads(lines)["items"], key=lambda item: item["internal_id"])


def event_files(where: Place) -> dict[str, bytes]:
    root = where.folder / ".jerry" / "events"
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*.json")}


def journalled(where: Place) -> set[str]:
    """The event files that this clone has acknowledged."""
    store = bootstrap(where.folder, where.environment).store
    return {entry.path.removeprefix(".jerry/events/") for entry in store.journal.entries()}


# --- two clones


@pytest.mark.positive
def test_what_one_clone_writes_the_other_one_has_after_both_synced(one: Place, two: Place) -> None:
    one.jerry("new", "First")
    sent = one.ask("sync")
    assert (sent["received"], sent["sent"], sent["upstream"]) == (0, 1, "origin/main")
    got = two.ask("sync")
    assert (got["received"], got["ways"], got["sent"], got["committed"]) == (1, ["fast-forward"], 0, None)
    assert board(one) == board(two)
    assert two.jerry("sync").stdout == "origin/main and this branch are one already\n"


@pytest.mark.positive
@pytest.mark.parametrize("way", ["merge", "rebase"])
@pytest.mark.parametrize("told", ["by the repository", "by git"])
def test_branches_that_went_apart_are_merged_or_rebased(one: Place, two: Place, way: str, told: str) -> None:
    one.jerry("new", "First")
    one.jerry("sync")
    two.jerry("new", "Second")
    if told == "by git":
        two.git("config", "pull.rebase", str(way == "rebase").lower())
    else:
        (two.folder / ".jerry" / "config.toml").write_text(f'[sync]\nintegrate = "{way}"\n')
        two.git("config", "pull.rebase", str(way == "merge").lower())
    done = two.ask("sync")
    assert (done["ways"], done["received"]) == ([way], 1)
    assert len(two.git("log", "-1", "--format=%P").split()) == (2 if way == "merge" else 1)
    one.jerry("sync")
    assert board(one) == board(two)
    assert [item["title"] for item in board(one)] == ["First", "Second"]


@pytest.mark.positive
def test_only_events_are_committed_and_the_users_work_stays_as_it_is(one: Place, two: Place) -> None:
    (one.folder / "mine.txt").write_text("draft")
    one.jerry("new", "First")
    one.git("add", "mine.txt")
    (one.folder / "code.py").write_text("print('changed')\n")
    one.jerry("sync")
    assert one.git("status", "--porcelain") == " M code.py\nA  mine.txt\n"
    assert one.git("show", "--name-only", "--format=", "HEAD").strip().startswith(".jerry/events/")
    two.jerry("sync")
    assert not (two.folder / "mine.txt").exists()


@pytest.mark.positive
def test_the_users_hooks_run_and_one_that_refuses_stops_the_sync(one: Place, two: Place) -> None:
    ran = one.folder.parent / "ran"
    hooks = one.folder / ".git" / "hooks"
    for name in ("pre-commit", "pre-merge-commit", "pre-push"):
        (hooks / name).write_text(f'#!/bin/sh\necho {name} >> "{ran}"\n')
        (hooks / name).chmod(0o755)
    two.jerry("new", "Theirs")
    two.jerry("sync")
    one.jerry("new", "Ours")
    one.jerry("sync")
    assert ran.read_text().split() == ["pre-commit", "pre-merge-commit", "pre-push"]
    two.jerry("new", "Theirs again")
    two.jerry("sync")
    (hooks / "pre-merge-commit").write_text("#!/bin/sh\necho not today >&2\nexit 1\n")
    one.jerry("new", "Ours again")
    refused = one.jerry("sync", check=False)
    assert refused.returncode == 1
    assert "not today" in refused.stderr
    assert "all is as it was" in refused.stderr
    assert one.git("status", "--porcelain") == ""
    assert not (one.folder / ".git" / "MERGE_HEAD").exists()


@pytest.mark.positive
def test_a_fork_is_told_sent_all_the_same_and_settled_by_either(one: Place, two: Place) -> None:
    one.jerry("new", "Both")
    one.jerry("sync")
    two.jerry("sync")
    one.jerry("start", "WORK-1")
    two.jerry("cancel", "WORK-1")
    one.jerry("sync")
    done = two.jerry("sync")
    assert "warning[fork] WORK-1: branches moved the item apart" in done.stdout
    assert "branches disagree about WORK-1: `jerry reconcile` settles it" in done.stderr
    one.jerry("sync")
    one.jerry("reconcile", "WORK-1", "--ours", "--reason", "it was begun")
    one.jerry("sync")
    two.jerry("sync")
    assert [item["status"] for item in board(two)] == ["in_progress"]
    assert two.ask("sync")["in_conflict"] == []


@pytest.mark.positive
def test_two_clones_that_both_took_an_item_agree_who_was_first(one: Place, two: Place) -> None:
    """Nobody loses a claim unheard: the second one is told who has it."""
    one.jerry("new", "Both")
    one.jerry("sync")
    two.jerry("sync")
    two.jerry("claim", "WORK-1")
    one.jerry("claim", "WORK-1")
    one.jerry("sync")
    two.jerry("sync")
    one.jerry("sync")
    assert [item["claim"]["claimant"] for item in (*board(one), *board(two))] == ["Grace <ada@example.org>"] * 2
    assert "then by Ada <ada@example.org>, who took it elsewhere" in two.jerry("show", "WORK-1").stdout


@pytest.mark.positive
def test_nothing_is_sent_with_no_push(one: Place, two: Place) -> None:
    one.jerry("new", "First")
    assert one.ask("sync", "--no-push")["sent"] == 0
    assert two.ask("sync")["received"] == 0


@pytest.mark.positive
def test_a_remote_that_is_named_and_a_branch_that_it_does_not_have(one: Place, tmp_path: Path) -> None:
    other = place(tmp_path / "other.git", tmp_path / "home")
    other.git("init", "--quiet", "--bare")
    one.git("remote", "add", "backup", str(other.folder))
    one.git("switch", "--quiet", "--create", "topic")
    one.jerry("new", "On a topic")
    done = one.ask("sync", "backup")
    assert (done["upstream"], done["sent"]) == ("backup/topic", 3)
    assert other.git("branch", "--format=%(refname:short)").split() == ["topic"]


@pytest.mark.positive
def test_a_branch_whose_other_end_has_another_name(one: Place, two: Place) -> None:
    one.git("switch", "--quiet", "--create", "local", "--track", "origin/main")
    one.jerry("new", "First")
    assert one.ask("sync")["upstream"] == "origin/main"
    assert two.ask("sync")["received"] == 1


# --- refusals: nothing is done, and it is said what to do


@pytest.mark.negative
def test_a_file_that_would_be_touched_is_named_and_stays(one: Place, two: Place) -> None:
    (two.folder / "code.py").write_text("print('theirs')\n")
    two.git("commit", "--quiet", "--all", "--message=Theirs")
    two.jerry("sync")
    (one.folder / "code.py").write_text("print('mine')\n")
    refused = one.jerry("sync", check=False)
    words = "error: origin/main changes files that you have changes in: code.py\n"
    assert (refused.returncode, refused.stderr.splitlines(keepends=True)[0]) == (1, words)
    assert (one.folder / "code.py").read_text() == "print('mine')\n"
    assert one.git("status", "--porcelain") == " M code.py\n"


@pytest.mark.negative
@pytest.mark.parametrize(
    ("way", "words"),
    [("merge", "git does not merge beside staged changes: mine.txt"), ("rebase", "a rebase needs a clean work tree")],
)
def test_staged_work_is_not_carried_through_a_join(one: Place, two: Place, way: str, words: str) -> None:
    two.jerry("new", "Theirs")
    two.jerry("sync")
    one.jerry("new", "Ours")
    one.jerry("commit")
    one.git("config", "pull.rebase", str(way == "rebase").lower())
    (one.folder / "mine.txt").write_text("draft")
    one.git("add", "mine.txt")
    refused = one.jerry("sync", check=False)
    assert (refused.returncode, words in refused.stderr) == (1, True)
    assert one.git("status", "--porcelain") == "A  mine.txt\n"


@pytest.mark.negative
@pytest.mark.parametrize("way", ["merge", "rebase"])
def test_code_that_conflicts_is_left_to_the_user_untouched(one: Place, two: Place, way: str) -> None:
    for where, text in ((two, "theirs"), (one, "ours")):
        (where.folder / "code.py").write_text(f"print('{text}')\n")
        where.git("commit", "--quiet", "--all", f"--message={text}")
    two.jerry("sync")
    one.git("config", "pull.rebase", str(way == "rebase").lower())
    head = one.git("rev-parse", "HEAD")
    refused = one.jerry("sync", check=False)
    assert refused.returncode == 1
    assert "error: your branch and origin/main conflict in code.py\n" in refused.stderr
    assert f"hint: join them by hand: `git {way} origin/main`, and sync again" in refused.stderr
    assert (one.git("rev-parse", "HEAD"), one.git("status", "--porcelain")) == (head, "")


@pytest.mark.positive
@pytest.mark.parametrize("way", ["merge", "rebase"])
@pytest.mark.parametrize("text", ["", "x" * 8000], ids=["like another item", "like the archive"])
def test_events_that_went_into_an_archive_are_not_taken_for_renamed(
    one: Place, shared: Place, tmp_path: Path, way: str, text: str
) -> None:
    """Where git, asked in its usual way, finds conflicts: an item that goes on there and is archived here (ADR-034)."""
    for title in ("s1", "s2"):
        one.jerry("new", title, "--description", text)
    one.jerry("cancel", "WORK-1")
    one.jerry("sync")
    two = clone(str(shared.folder), tmp_path / "two", tmp_path / "home")
    two.jerry("comment", "WORK-1", "late")
    two.jerry("sync")
    one.jerry("archive", "--before", "0h", "--commit")
    one.jerry("cancel", "WORK-2")
    one.jerry("commit")
    one.git("config", "pull.rebase", str(way == "rebase").lower())
    assert one.ask("sync")["ways"] == [way]
    shown = one.ask("show", "WORK-1", "WORK-2")["items"]
    assert [(item["status"], len(item["comments"])) for item in shown] == [("cancelled", 1), ("cancelled", 0)]
    two.jerry("sync")
    assert board(one) == board(two)
    assert one.ask("check")["findings"] == one.ask("audit")["findings"] == []


@pytest.mark.positive
def test_two_clones_that_archive_the_same_and_go_on_become_one(one: Place, shared: Place, tmp_path: Path) -> None:
    """git takes an event that both put away for renamed to another one here than there."""
    for title in ("Old work", "New work", "Newer work"):
        one.jerry("new", title)
    one.jerry("start", "WORK-1")
    one.jerry("done", "WORK-1")
    one.jerry("sync")
    two = clone(str(shared.folder), tmp_path / "two", tmp_path / "home")
    for where, item in ((one, "WORK-2"), (two, "WORK-3")):
        where.jerry("archive", "--before", "0h", "--commit")
        where.jerry("start", item)
        where.jerry("sync")
    one.jerry("sync")
    assert [item["status"] for item in board(one)] == ["done", "in_progress", "in_progress"]
    assert board(one) == board(two)
    assert one.ask("check")["findings"] == one.ask("audit")["findings"] == []


@pytest.mark.negative
@pytest.mark.parametrize("kind", ["code that conflicts", "code that was renamed"])
def test_where_code_is_for_the_user_to_join_the_doctor_settles_the_events(one: Place, two: Place, kind: str) -> None:
    """Code conflicts in any case, or as soon as git is asked to look for no renames, for the sake of the events."""
    for title in ("Old work", "New work"):
        one.jerry("new", title)
    one.jerry("cancel", "WORK-1")
    one.jerry("sync")
    two.jerry("sync")
    two.jerry("comment", "WORK-1", "late")
    (two.folder / "code.py").write_text("print('theirs')\n")
    one.jerry("archive", "--before", "0h", "--commit")
    one.jerry("cancel", "WORK-2")
    if kind == "code that conflicts":
        (one.folder / "code.py").write_text("print('ours')\n")
    else:
        one.git("mv", "code.py", "main.py")
    for where in (one, two):
        where.git("commit", "--quiet", "--all", "--message=Code")
    two.jerry("sync")
    refused = one.jerry("sync", check=False)
    assert (refused.returncode, one.git("status", "--porcelain")) == (1, "")
    assert "`git merge origin/main`" in refused.stderr
    assert "`jerry doctor --fix` settle" in refused.stderr
    one.run("git", "merge", "origin/main", check=False)
    one.jerry("doctor", "--fix")
    assert set(one.git("diff", "--name-only", "--diff-filter=U").split()) <= {"code.py"}
    one.git("commit", "--quiet", "--all", "--message=Joined")
    one.jerry("sync")
    two.jerry("sync")
    assert board(one) == board(two)
    assert one.ask("check")["findings"] == one.ask("audit")["findings"] == []


@pytest.mark.negative
def test_an_untracked_file_in_the_way_stays(one: Place, two: Place) -> None:
    (two.folder / "notes.txt").write_text("theirs")
    two.git("add", "notes.txt")
    two.git("commit", "--quiet", "--message=Notes")
    two.jerry("sync")
    (one.folder / "notes.txt").write_text("mine")
    refused = one.jerry("sync", check=False)
    assert refused.returncode == 1
    assert "untracked working tree files would be overwritten" in refused.stderr
    assert (one.folder / "notes.txt").read_text() == "mine"


@pytest.mark.negative
def test_what_breaks_a_rule_is_not_sent(one: Place, two: Place) -> None:
    one.jerry("new", "First")
    one.jerry("sync")
    (file,) = (one.folder / ".jerry" / "events").rglob("*.json")
    file.write_text(file.read_text().replace("First", "Forged"))
    one.git("commit", "--quiet", "--all", "--no-verify", "--message=Forged")
    refused = one.jerry("sync", check=False)
    assert refused.returncode == 1
    assert "error[event-modified]" in refused.stdout
    assert "nothing was sent" in refused.stderr
    two.jerry("sync")
    assert [item["title"] for item in board(two)] == ["First"]


@pytest.mark.negative
def test_a_remote_that_says_no_is_not_asked_again(one: Place, shared: Place) -> None:
    hook = shared.folder / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho x >> asked\necho 'closed for the night' >&2\nexit 1\n")
    hook.chmod(0o755)
    one.jerry("new", "First")
    refused = one.jerry("sync", check=False)
    assert (refused.returncode, "closed for the night" in refused.stderr) == (1, True)
    assert (shared.folder / "asked").read_text() == "x\n"


@pytest.mark.negative
@pytest.mark.parametrize(
    ("prepare", "arguments", "words"),
    [
        ("switch --quiet --detach", (), "no branch is checked out (detached HEAD)"),
        ("remote remove origin", (), "there is no remote to sync with"),
        ("remote rename origin upstream", ("upsteam",), "no remote is called 'upsteam'"),
        ("status", ("--upload-pack=x",), "No such option"),
    ],
)
def test_where_there_is_nothing_to_sync_with(one: Place, prepare: str, arguments: tuple[str, ...], words: str) -> None:
    one.git(*prepare.split())
    refused = one.jerry("sync", *arguments, check=False)
    assert (refused.returncode in (1, 2), words in refused.stderr) == (True, True)


@pytest.mark.negative
def test_a_merge_that_is_under_way_is_the_users_to_finish(one: Place, two: Place) -> None:
    one.git("switch", "--quiet", "--create", "topic")
    one.git("commit", "--quiet", "--allow-empty", "--message=On a topic")
    one.git("switch", "--quiet", "main")
    one.git("merge", "--quiet", "--no-ff", "--no-commit", "topic")
    refused = one.jerry("sync", check=False)
    assert (refused.returncode, "a merge is under way in this work tree" in refused.stderr) == (1, True)
    assert (one.folder / ".git" / "MERGE_HEAD").exists()


@pytest.mark.negative
def test_a_remote_that_cannot_be_reached_loses_nothing(one: Place) -> None:
    one.git("remote", "set-url", "origin", str(one.folder.parent / "nowhere"))
    one.jerry("new", "First")
    refused = one.jerry("sync", check=False)
    assert (refused.returncode, "git refuses" in refused.stderr) == (1, True)
    assert [item["title"] for item in board(one)] == ["First"]


# --- many clones at once


def _plan(number: int, dice: random.Random) -> list[tuple[str, ...]]:
    """Forty random commands, and a sync after every few."""
    plan: list[tuple[str, ...]] = []
    for step in range(40):
        item = f"WORK-{dice.randrange(1, 9)}"
        verb = dice.choice(
            ("new", "start", "done", "cancel", "comment", "label", "edit", "prioritize", "claim", "undo")
        )
        plan.append(
            {
                "new": ("new", f"Item {number}-{step}"),
                "comment": ("comment", item, f"Words {number}-{step}"),
                "label": ("label", item, "--add", f"l{number}-{step}"),
                "edit": ("edit", item, "--title", f"Title {number}-{step}"),
                "prioritize": ("prioritize", item, "--priority", dice.choice(("low", "high"))),
            }.get(verb, (verb, item))
        )
        if step % 5 == number % 5:
            plan.append(("sync",))
    return [*plan, ("sync",)]


@pytest.fixture(params=["a folder", "git daemon"])
def address(request: pytest.FixtureRequest, shared: Place) -> Iterator[str]:
    """Where the remote is."""
    if request.param == "a folder":
        yield str(shared.folder)
    else:
        with served(shared.folder) as url:
            yield url


@pytest.mark.positive
def test_six_clones_at_work_at_the_same_time_end_up_equal(address: str, tmp_path: Path) -> None:
    """Every acknowledged event is in all of them once; what is left are real forks, and each can be settled."""
    home = tmp_path / "home"
    first = begun(address, tmp_path / "clone-0", home)
    for number in range(4):
        first.jerry("new", f"Item {number}")
    first.jerry("sync")
    clones = [first, *(clone(address, tmp_path / f"clone-{number}", home) for number in range(1, 6))]
    dice = random.Random(20261123)
    documents = crowd(clones, tmp_path / "results", [_plan(number, dice) for number in range(6)])
    syncs = [document for document in documents if document["schema"] == "jerry.sync.v1"]
    assert len(syncs) == 6 * 9, [document["error"] for document in documents if "error" in document][:5]
    assert {finding["code"] for document in syncs for finding in document["findings"]} <= {
        "fork",
        "duplicate-display-id",
    }
    for where in clones:
        where.jerry("sync")
    assert len({tuple(sorted(event_files(where).items())) for where in clones}) == 1
    assert all(board(where) == board(first) for where in clones)
    acknowledged = [journalled(where) for where in clones]
    assert set.union(*acknowledged) == set(event_files(first))
    assert sum(map(len, acknowledged)) == len(event_files(first))
    _settle_all(first)
    for where in clones[1:]:
        where.jerry("sync")
        assert board(where) == board(first)
        assert where.jerry("check").stdout == ""


def _settle_all(where: Place) -> None:
    found = where.jerry("check", check=False)
    assert set(Counter(row.split("[")[1].split("]")[0] for row in found.stdout.splitlines() if "[" in row)) <= {
        "fork",
        "duplicate-display-id",
    }
    where.jerry("doctor", "--fix")
    for item in board(where):
        if item["divergences"]:
            where.jerry("reconcile", item["internal_id"], "--keep")
    where.jerry("sync")


# --- a sync that is killed


@pytest.mark.positive
@pytest.mark.parametrize("whole_group", [False, True], ids=["the program", "with all its children"])
@pytest.mark.parametrize("way", ["merge", "rebase"])
def test_after_a_kill_at_random_the_next_sync_finishes_the_job(
    shared: Place, tmp_path: Path, way: str, *, whole_group: bool
) -> None:
    """No lock stays, nothing is lost, and the user's files are as they were."""
    dice = random.Random(f"{way}{whole_group}")
    home = tmp_path / "home"
    with served(shared.folder) as address:
        one = begun(address, tmp_path / "one", home)
        two = clone(address, tmp_path / "two", home)
        one.git("config", "pull.rebase", str(way == "rebase").lower())
        for number in range(8):
            for name in (f"theirs-{number}.txt", "theirs.txt"):
                (two.folder / name).write_text(f"{number}\n" * 2000)
            two.git("add", ".")
            two.git("commit", "--quiet", f"--message=Round {number}")
            two.jerry("new", f"Theirs {number}")
            two.jerry("sync")
            one.jerry("new", f"Ours {number}")
            (one.folder / "draft.txt").write_text(f"mine {number}")
            _killed(one, dice.uniform(0.25, 1.4), whole_group=whole_group)
            done = one.jerry("sync", check=False)
            assert done.returncode == 0, (number, done.stderr)
            assert (one.folder / "draft.txt").read_text() == f"mine {number}"
            assert one.git("status", "--porcelain") == "?? draft.txt\n"
            assert one.git("symbolic-ref", "--short", "HEAD") == "main\n"
            two.jerry("sync")
            assert board(one) == board(two)
            assert [*(one.folder / ".git").glob("*.lock")] == []
    assert len(board(one)) == 16
    one.jerry("doctor", "--fix")
    assert one.jerry("check").stdout == ""


BOMB = """#!/bin/sh
if [ -e "{flag}" ]; then
    rm "{flag}"
    group=$(cut -d ' ' -f 5 "/proc/$$/stat" 2>/dev/null || ps -o pgid= -p $$ | tr -d ' ')
    kill -9 "-$group"
fi
cat
"""


@pytest.mark.positive
@pytest.mark.parametrize("way", ["merge", "rebase", "fast-forward"])
@pytest.mark.parametrize("name", ["b.txt", "z.txt"])
def test_git_that_is_killed_while_it_writes_files_is_cleared_up_by_the_next_sync(
    one: Place, two: Place, tmp_path: Path, way: str, name: str
) -> None:
    """A filter of git's own kills everything in the middle of a checkout: `index.lock` stays, and half of the files."""
    for file in ("a.txt", "b.txt", "z.txt"):
        (two.folder / file).write_text("first\n")
    two.git("add", ".")
    two.git("commit", "--quiet", "--message=Files")
    two.jerry("sync")
    one.jerry("sync")
    for file in ("b.txt", "c.txt", "z.txt"):
        (two.folder / file).write_text("second\n")
    (two.folder / "a.txt").unlink()
    two.git("add", "--all")
    two.git("commit", "--quiet", "--message=More files")
    two.jerry("new", "Theirs")
    two.jerry("sync")
    if way != "fast-forward":
        one.jerry("new", "Ours")
    one.git("config", "pull.rebase", str(way == "rebase").lower())
    (one.folder / "draft.txt").write_text("mine")
    flag, script = tmp_path / "flag", tmp_path / "bomb"
    script.write_text(BOMB.format(flag=flag))
    script.chmod(0o755)
    one.git("config", "filter.bomb.smudge", str(script))
    (one.folder / ".git" / "info" / "attributes").write_text(f"{name} filter=bomb\n")
    flag.touch()
    _killed(one, 60, whole_group=True)
    assert not flag.exists()
    assert [*(one.folder / ".git").glob("*.lock")] != []
    done = one.jerry("sync")
    assert done.returncode == 0
    assert [*(one.folder / ".git").glob("*.lock")] == []
    assert one.git("status", "--porcelain") == "?? draft.txt\n"
    assert one.git("symbolic-ref", "--short", "HEAD") == "main\n"
    assert ((one.folder / name).read_text(), (one.folder / "a.txt").exists()) == ("second\n", False)
    two.jerry("sync")
    assert board(one) == board(two)


@pytest.mark.negative
def test_a_file_that_was_changed_after_a_sync_was_killed_is_not_written_over(
    one: Place, two: Place, tmp_path: Path
) -> None:
    """It is named, and what to do; then the sync goes on."""
    for file in ("a.txt", "b.txt"):
        (two.folder / file).write_text("theirs\n")
    two.git("add", ".")
    two.git("commit", "--quiet", "--message=Files")
    two.jerry("sync")
    flag, script = tmp_path / "flag", tmp_path / "bomb"
    script.write_text(BOMB.format(flag=flag))
    script.chmod(0o755)
    one.git("config", "filter.bomb.smudge", str(script))
    (one.folder / ".git" / "info" / "attributes").write_text("b.txt filter=bomb\n")
    flag.touch()
    _killed(one, 60, whole_group=True)
    (one.folder / "a.txt").write_text("mine\n")
    refused = one.jerry("sync", check=False)
    assert refused.returncode == 1
    assert "a sync was killed, and files that it had written were changed since" in refused.stderr
    assert "look at a.txt" in refused.stderr
    assert (one.folder / "a.txt").read_text() == "mine\n"
    (one.folder / "a.txt").unlink()
    one.jerry("sync")
    assert (one.folder / "a.txt").read_text() == "theirs\n"


def _killed(where: Place, seconds: float, *, whole_group: bool) -> None:
    running = subprocess.Popen(
        (sys.executable, "-m", "jerry_git", "sync"),
        cwd=where.folder,
        env=where.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        running.wait(seconds)  # a moment in the middle, whichever it is
    except subprocess.TimeoutExpired:
        (os.killpg if whole_group else os.kill)(running.pid, signal.SIGKILL)
        running.wait()
