"""Branches, clones and history when old events went into archives (DESIGN 8, ADR-034)."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.end_to_end.conftest import Place
from tests.end_to_end.old_work import is_well, put_away
from tests.infrastructure.repositories import GIT, write


@pytest.fixture
def finished(here: Place) -> Place:
    """Three items, two of them done, committed."""
    for title in ("One", "Two", "Three"):
        here.jerry("new", title)
    for name in ("WORK-1", "WORK-2"):
        here.jerry("start", name)
        here.jerry("done", name)
    here.git("commit", "--quiet", "--message=Work")
    here.git("tag", "before")
    return here


def told(where: Place, *arguments: str) -> list[object]:
    """All items, as `jerry list` has them."""
    found: list[object] = where.ask("list", "--all", *arguments)["items"]
    return found


@pytest.mark.positive
def test_nothing_changes_but_the_number_of_files(finished: Place) -> None:
    before = told(finished), finished.ask("log", "--all"), finished.ask("show", "WORK-1")
    (archive,) = put_away(finished)
    assert (told(finished), finished.ask("log", "--all"), finished.ask("show", "WORK-1")) == before
    assert len(list(finished.folder.glob(".jerry/events/*/*/*"))) == 1
    assert len((finished.folder / archive).read_bytes().splitlines()) == 6
    is_well(finished)
    assert finished.ask("stats")["archives"]["appends"] == 6


@pytest.mark.positive
def test_the_past_is_as_it_was(finished: Place) -> None:
    there = told(finished)
    put_away(finished)
    finished.jerry("reopen", "WORK-1")
    finished.jerry("commit")
    for revision in ("before", "HEAD~1"):
        assert told(finished, "--as-of", revision) == there
    assert not any(finished.ask("diff", "before", "HEAD~1")[kind] for kind in ("new", "reopened", "edited", "missing"))
    assert [each["id"] for each in finished.ask("diff", "before")["reopened"]] == ["WORK-1"]
    is_well(finished)


@pytest.mark.positive
def test_two_branches_archive_at_once(finished: Place) -> None:
    """The same and more: one month has two archives then, and nobody minds."""
    finished.git("switch", "--quiet", "--create", "other")
    finished.jerry("start", "WORK-3")
    finished.jerry("done", "WORK-3")
    finished.jerry("commit")
    assert len(put_away(finished)) == 1
    finished.git("switch", "--quiet", "main")
    put_away(finished)
    finished.git("merge", "--quiet", "--no-edit", "other")
    archives = list(finished.folder.glob(".jerry/archive/*"))
    lines = [line for archive in archives for line in archive.read_bytes().splitlines()]
    assert len(archives) == 2
    assert finished.ask("stats")["archives"]["appends"] == len(set(lines)) < len(lines)
    assert len(list(finished.folder.glob(".jerry/events/*/*/*"))) == 0
    assert [item["status"] for item in finished.ask("list", "--all")["items"]] == ["done"] * 3
    is_well(finished)


@pytest.mark.positive
def test_two_branches_that_archive_the_same_have_one_archive(finished: Place) -> None:
    finished.git("branch", "other")
    archives = put_away(finished)
    finished.git("switch", "--quiet", "other")
    assert put_away(finished) == archives
    finished.git("commit", "--quiet", "--allow-empty", "--message=More")
    finished.git("merge", "--quiet", "--no-edit", "main")
    assert len(list(finished.folder.glob(".jerry/archive/*"))) == 1
    is_well(finished)


@pytest.mark.positive
@pytest.mark.parametrize("way", ["merge", "rebase", "cherry-pick"])
def test_a_branch_that_goes_on_with_an_archived_item(finished: Place, way: str) -> None:
    """Its events stay files, where git's detection of renamed folders does not move them."""
    finished.git("switch", "--quiet", "--create", "other")
    finished.jerry("reopen", "WORK-1")
    finished.jerry("comment", "WORK-2", "one thing more")
    finished.jerry("commit")
    finished.git("switch", "--quiet", "main")
    put_away(finished)
    if way == "rebase":
        finished.git("switch", "--quiet", "other")
        finished.git("rebase", "--quiet", "main")
    elif way == "merge":
        finished.git("merge", "--quiet", "--no-edit", "other")
    else:
        finished.git("cherry-pick", "other")
    assert len(list(finished.folder.glob(".jerry/events/*/*/*"))) == 3
    assert finished.ask("show", "WORK-1")["items"][0]["status"] == "in_progress"
    assert len(finished.ask("show", "WORK-2")["items"][0]["comments"]) == 1
    is_well(finished)
    assert "in_progress" in finished.jerry("show", "WORK-1", "--all-branches").stdout


@pytest.mark.positive
def test_what_only_an_archive_brings_is_checked_and_told(finished: Place, tmp_path: Path) -> None:
    """A squash has the archive and never had the files."""
    finished.git("switch", "--quiet", "--create", "other")
    finished.jerry("new", "Four")
    finished.jerry("cancel", "WORK-4", "--reason", "no")
    finished.jerry("commit")
    put_away(finished)
    finished.git("switch", "--quiet", "main")
    finished.git("merge", "--quiet", "--squash", "other")
    finished.git("commit", "--quiet", "--message=Squashed")
    assert finished.ask("show", "WORK-4")["items"][0]["status"] == "cancelled"
    is_well(finished)


@pytest.mark.positive
def test_two_that_put_away_at_once_make_one_commit(finished: Place) -> None:
    command = (sys.executable, "-m", "jerry_git", "archive", "--before", "0h", "--commit")
    runs = [
        subprocess.Popen(command, cwd=finished.folder, env=finished.environment, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    told = sorted(run.communicate()[0].splitlines()[0] for run in runs)
    assert [run.returncode for run in runs] == [0, 0, 0]
    assert told == ["2 items put away: 6 event files went into 1 archive", *["nothing to put away"] * 2]
    assert finished.git("rev-list", "--count", "before..HEAD") == "1\n"
    is_well(finished)


def meanwhile(where: Place, folder: Path, paths: str) -> Place:
    """The same place, where somebody else commits `paths` just before git is asked to commit for the first time."""
    other = f"{GIT} commit --quiet --message=Other -- {paths}"
    script = f"case \" $* \" in *' commit --quiet --only '*) mkdir '{folder}/once' 2>&- && {other} ;; esac"
    write(folder, "bin/git", f"#!/bin/sh\n{script}\nexec '{GIT}' \"$@\"\n").chmod(0o755)
    found = os.pathsep.join((str(folder / "bin"), os.environ["PATH"]))
    return replace(where, environment={**where.environment, "PATH": found})


@pytest.mark.negative
@pytest.mark.parametrize("paths", [".jerry", ".jerry/events", ".jerry/archive"], ids=["all", "events", "archives"])
def test_what_somebody_else_commits_meanwhile_is_left_out(finished: Place, tmp_path: Path, paths: str) -> None:
    finished.jerry("new", "More")
    finished.jerry("archive", "--before", "0h")
    done = meanwhile(finished, tmp_path, paths).jerry("commit")
    assert ("nothing to commit" in done.stdout) == (paths == ".jerry")
    assert finished.git("status", "--porcelain") == ""
    assert finished.ask("check")["findings"] == []


@pytest.mark.negative
def test_who_puts_away_what_somebody_else_commits_has_put_it_away(finished: Place, tmp_path: Path) -> None:
    done = meanwhile(finished, tmp_path, ".jerry").jerry("archive", "--before", "0h", "--commit")
    assert done.stdout.splitlines()[0] == "2 items put away: 6 event files went into 1 archive"
    assert finished.git("status", "--porcelain") == ""


@pytest.mark.negative
def test_a_commit_that_a_hook_refuses_leaves_what_was_put_away_to_the_next(finished: Place) -> None:
    hook = write(finished.folder, ".git/hooks/pre-commit", "#!/bin/sh\necho no; exit 1\n")
    hook.chmod(0o755)
    refused = finished.jerry("archive", "--before", "0h", "--commit", check=False)
    assert refused.returncode == 1
    assert "warning: old events are put away, and not committed\nhint: `jerry archive --commit`" in refused.stderr
    assert "error: git refuses:\nno\n" in refused.stderr
    hook.unlink()
    finished.jerry("archive", "--commit")
    assert finished.git("status", "--porcelain") == ""
    is_well(finished)


@pytest.mark.negative
def test_an_archive_is_never_altered_and_never_goes(finished: Place) -> None:
    (archive,) = put_away(finished)
    file = finished.folder / archive
    file.write_bytes(file.read_bytes().replace(b'"One"', b'"Own"'))
    found = finished.jerry("check", "--json", check=False)
    assert found.returncode == 1
    assert {"event-modified", "wrong-name"} <= set(_codes(finished, "check"))
    file.unlink()
    assert _codes(finished, "check") == ["event-deleted"]
    finished.git("commit", "--quiet", "--all", "--no-verify", "--message=Gone")
    assert "event-deleted" in _codes(finished, "audit")


@pytest.mark.negative
def test_an_event_goes_only_with_its_own_bytes_in_an_archive(finished: Place) -> None:
    put_away(finished)
    finished.git("reset", "--quiet", "--soft", "HEAD~1")
    (archive,) = finished.folder.glob(".jerry/archive/*")
    lines = archive.read_bytes().splitlines(keepends=True)
    archive.write_bytes(b"".join([lines[0].replace(b'"One"', b'"Own"'), *lines[2:]]))
    finished.git("add", "--all")
    codes = _codes(finished, "check", "--staged")
    assert sorted(code for code in codes if code.startswith("event")) == ["event-deleted", "event-modified"]


@pytest.mark.negative
def test_an_archive_of_a_damaged_line_lets_no_event_go(finished: Place) -> None:
    put_away(finished)
    finished.git("reset", "--quiet", "--soft", "HEAD~1")
    (archive,) = finished.folder.glob(".jerry/archive/*")
    archive.write_bytes(archive.read_bytes().replace(b'"title":"One"', b'"title":"One'))
    finished.git("add", "--all")
    assert "event-deleted" in _codes(finished, "check", "--staged")
    finished.git("commit", "--quiet", "--no-verify", "--message=Bad")
    assert "event-deleted" in _codes(finished, "audit")
    assert "not-json" in {found["code"] for found in finished.ask_anyway("doctor")["findings"]}


@pytest.mark.edge
def test_a_message_may_name_an_archived_item(finished: Place) -> None:
    put_away(finished)
    message = finished.folder / "message"
    message.write_text("Look back\n\nJerry-Item: WORK-1\n")
    hook = (sys.executable, "-c", "import sys; from jerry_hooks.commit_msg import main; sys.exit(main())", "message")
    assert finished.run(*hook).returncode == 0
    message.write_text("Look back\n\nJerry-Item: WORK-7\n")
    assert finished.run(*hook, check=False).returncode == 1


def _codes(where: Place, *command: str) -> list[str]:
    found = where.ask_anyway(*command)["findings"]
    return [each["code"] for each in found]
