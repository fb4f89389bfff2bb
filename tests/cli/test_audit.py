"""`jerry audit` as a user meets it: what is printed where, the exit status, and the document (docs/audit.md)."""

from __future__ import annotations

import json
import os
import re
import sys

import pytest

from jerry_git.cli.audit import audit_command
from jerry_git.cli.session import Session

_IDS = re.compile(r"(?<!/)\b(?:[0-9a-f]{40}|[0-9a-f]{8})\b")
FIRST, SECOND = (f".jerry/events/2026-03/s/0000000{number}-aaaaaaaaaaaa.json" for number in (1, 2))


class Auditor:
    """Runs the command in a repository with two event files in one commit."""

    def __init__(self, desk, capsys):
        self.desk = desk
        self.capsys = capsys
        self.write(FIRST, SECOND)
        self.commit("Two events")

    def write(self, *paths, content="x"):
        for path in paths:
            place = self.desk.folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(content)

    def commit(self, message):
        self.desk.git("add", "--all")
        self.desk.git("commit", "--quiet", "--allow-empty", f"--message={message}")

    def run(self, *arguments, folder=None):
        """Exit status, stdout and stderr, with ids of commits written as `<commit>`."""
        session = Session()
        session.folder = folder
        status = audit_command.main(list(arguments), standalone_mode=False, obj=session)
        return (status, *(_IDS.sub("<commit>", text) for text in self.capsys.readouterr()))


@pytest.fixture
def auditor(desk, capsys):
    return Auditor(desk, capsys)


@pytest.mark.positive
def test_a_history_that_was_only_added_to_is_proved(auditor):
    screen = (
        "3 commits up to HEAD (<commit>), 2 event files: each added once and never altered\n"
        "1 commit with event files: 1 unsigned\n"
    )
    assert auditor.run() == (0, screen, "")


@pytest.mark.positive
def test_a_history_without_events_is_clean(desk, capsys):
    status = audit_command.main([], standalone_mode=False, obj=Session())
    screen = _IDS.sub("<commit>", capsys.readouterr().out)
    assert (status, screen) == (0, "2 commits up to HEAD (<commit>), 0 event files: no event is committed yet\n")


@pytest.mark.positive
def test_a_repository_without_commits_is_clean(start, capsys):
    start.git("init", "--quiet")
    assert audit_command.main([], standalone_mode=False, obj=Session()) == 0
    assert capsys.readouterr().out == "0 commits up to HEAD, 0 event files: no event is committed yet\n"


@pytest.mark.positive
def test_files_that_several_commits_added_alike_are_counted(auditor):
    auditor.desk.git("branch", "side", "HEAD~1")
    auditor.commit("Main goes on")
    auditor.desk.git("checkout", "--quiet", "side")
    auditor.write(SECOND)
    auditor.commit("The same event")
    auditor.desk.git("merge", "--quiet", "--no-edit", "main")
    screen = (
        "6 commits up to HEAD (<commit>), 2 event files: each added once and never altered\n"
        "1 event file added alike by several commits, as by a cherry-pick\n"
        "2 commits with event files: 2 unsigned\n"
    )
    assert auditor.run() == (0, screen, "")


@pytest.mark.positive
def test_every_event_file_is_listed_when_asked(auditor):
    status, out, _ = auditor.run("--list")
    header, first, second, blank, *_ = out.splitlines()
    assert header.split() == ["FILE", "COMMIT", "DATE", "SIGNATURE", "AUTHOR"]
    assert re.split(" {2,}", first) == [FIRST, "<commit>", "2026-03-02", "none", "Ada <ada@example.org>"]
    assert (second.split()[0], blank, status) == (SECOND, "", 0)


@pytest.mark.positive
def test_the_document_has_everything(auditor):
    status, out, err = auditor.run("--json")
    addition = {"commit": "<commit>", "author": "Ada <ada@example.org>", "at": "2026-03-02T09:00:00Z"}
    assert json.loads(out) == {
        "schema": "jerry.audit.v1",
        "revision": "<commit>",
        "commits": 3,
        "files": 2,
        "signatures": {"none": 1},
        "findings": [],
        "additions": [{"path": path, **addition, "signature": "none"} for path in (FIRST, SECOND)],
    }
    assert (status, err) == (0, "")


@pytest.mark.positive
def test_a_revision_can_be_named(auditor):
    status, out, _ = auditor.run("HEAD~1")
    assert (status, out) == (0, "2 commits up to HEAD~1 (<commit>), 0 event files: no event is committed yet\n")


@pytest.mark.positive
def test_a_signature_is_told_in_the_figures(auditor):
    raw = auditor.desk.git("cat-file", "commit", "HEAD").replace("\n\n", "\ngpgsig nonsense\n\n", 1)
    (auditor.desk.folder / ".git" / "raw").write_text(raw)
    made = auditor.desk.git("hash-object", "-t", "commit", "-w", ".git/raw").strip()
    assert auditor.run(made)[1].endswith("\n1 commit with event files: 1 signed (cannot-check)\n")


@pytest.mark.positive
@pytest.mark.parametrize("arguments", [[], ["--json"]], ids=["text", "json"])
def test_a_bar_goes_on_at_a_terminal_unless_json_is_asked_for(auditor, monkeypatch, arguments):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    status, out, err = auditor.run(*arguments)
    assert (status, "Reading history" in out) == (0, False)
    assert ("100%" in err) == (not arguments)


@pytest.mark.negative
def test_every_breach_is_told_with_what_shows_it(auditor):
    auditor.write(FIRST, content="y")
    auditor.desk.git("rm", "--quiet", SECOND)
    auditor.commit("Tampered")
    by = "in <commit>, by Ada <ada@example.org> on 2026-03-02"
    screen = (
        f"{FIRST}: error[event-modified] was modified {by}\n"
        f"  mend: git show -m <commit> -- {FIRST}\n"
        f"{SECOND}: error[event-deleted] was deleted {by}\n"
        f"  mend: git show -m <commit> -- {SECOND}\n"
        "4 commits up to HEAD (<commit>), 2 event files: 2 breaches\n"
        "1 commit with event files: 1 unsigned\n"
    )
    assert auditor.run() == (1, screen, "")


@pytest.mark.negative
def test_a_breach_is_in_the_document(auditor):
    auditor.desk.git("rm", "--quiet", SECOND)
    auditor.commit("Tampered")
    status, out, _ = auditor.run("--json")
    (found,) = json.loads(out)["findings"]
    assert (status, found["code"], found["severity"], found["path"]) == (1, "event-deleted", "error", SECOND)
    assert found.keys() == {"code", "severity", "path", "line", "column", "message", "mend", "fixable", "steps"}


@pytest.mark.negative
def test_a_revision_that_is_not_here_is_named(auditor):
    said = "error: could not check: nowhere names no commit that is here"
    hint = "hint: `git log --all --oneline` shows what is"
    assert auditor.run("nowhere") == (2, "", f"{said}\n\n{hint}\n")


@pytest.mark.negative
def test_what_could_not_be_checked_is_told_as_data_too(auditor):
    status, out, _ = auditor.run("nowhere", "--json")
    assert (status, json.loads(out)["error"]["code"]) == (2, "cannot-check")


@pytest.mark.negative
def test_a_place_outside_of_a_repository_cannot_be_checked(auditor, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    status, out, err = auditor.run(folder=outside)
    assert (status, out) == (2, "")
    assert "is not in a git repository" in err


@pytest.mark.edge
def test_names_of_files_harm_neither_terminal_nor_document(auditor):
    name = os.fsdecode(b".jerry/events/\xf6\x1b[2J\n.json")
    auditor.write(name)
    auditor.commit("A name")
    auditor.desk.git("rm", "--quiet", name)
    auditor.commit("Gone")
    status, out, _ = auditor.run("--list")
    assert (status, "\x1b" in out, r"\udcf6\x1b[2J\n.json: error[event-deleted]" in out) == (1, False, True)
    document = json.loads(auditor.run("--json")[1])
    assert {document["findings"][0]["path"], document["additions"][-1]["path"]} == {
        ".jerry/events/\\udcf6\x1b[2J\n.json"
    }
