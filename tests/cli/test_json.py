"""`--json` is a contract: the shape of every document is pinned in `shapes/`, one file for each schema."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import click
import pytest

from jerry_git.cli.main import SECTIONS, root
from tests.cli.conftest import Desk, circle, connect, fork, twin
from tests.cli.shapes import FOLDER, merged, shape, written

SCRIPT = """
init
new Epic --type epic
new Story --type story --parent WORK-1 --label a --label b --due 2026-12-24 --estimate 2h --assignee me
new First --priority high
new Second --parent WORK-2 --description Long --depends-on WORK-3 --discovered-from WORK-1
new Third --depends-on WORK-4 --due 2026-03-01
claim WORK-3 --start
comment WORK-3 Words
block WORK-3 --reason vendor
unblock WORK-3
log --all
list
ready
status
quality WORK-3 --coverage coverage.json --junit junit.xml
done WORK-3
reopen WORK-3
undo WORK-3
claim WORK-2
release WORK-2
edit WORK-2 --title Renamed
assign WORK-2 --to none
prioritize WORK-2 --priority low
label WORK-2 --add c
due WORK-2 --on none
estimate WORK-2 --work none
new Fourth --estimate 1h
parent WORK-6 --under WORK-1
depend add WORK-6 WORK-4 --kind relates-to
depend remove WORK-6 WORK-4 --kind relates-to
depend add WORK-6 WORK-4
depend tree WORK-5
depend cycles
commit
commit
log WORK-1
diff HEAD
delete WORK-4
cancel WORK-5
import beads issues.jsonl --dry-run
import beads issues.jsonl
claim WORK-2
start WORK-2
stats
archive --dry-run
archive --before 2100-01-01 --commit
log --all
! start WORK-2 WORK-99
list --all
search story
show WORK-1 WORK-2 WORK-3 WORK-4 WORK-6 WORK-7
! show WORK-98
! init --prefix OTHER
export
status
commit
list --as-of HEAD
status --as-of HEAD~1
done WORK-3
reopen WORK-3
commit
diff HEAD~2 HEAD
diff HEAD HEAD~2
changelog HEAD~2..HEAD
changelog HEAD..HEAD~2
states
doctor
schema publish --static --dry-run
schema publish --static
schema list
schema show placed
schema stub placed --static
! schema diff old.json new.json
schema check
schema verify
check
check --staged
! check HEAD
review HEAD..HEAD
layers init
layers graph
! layers check
layers baseline
audit
hooks install --repo https://example.org/jerry --rev v1
hooks uninstall
"""
MET = """
list --all
list --all --all-worktrees
show WORK-8 --all-branches
status
sync
reconcile WORK-8 --keep
"""
"""After branches met that had moved WORK-8 apart."""
ISSUES = '{"id": "bd-1", "title": "Old", "status": "closed", "created_by": "eve", "labels": ["x y"]}\nnot JSON\n'

SHOP = {
    "pyproject.toml": '[tool.jerry.schemas]\nmodules = ["shop"]\n[tool.jerry.review]\nlow = ["old.json"]\n',
    "shop.py": "from dataclasses import dataclass\n\n\n@dataclass\nclass placed:\n    order: str\n",
    "work/domain/order.py": "import work.infrastructure.db\nimport work.held\n",
    "work/held.py": "import work.infrastructure.file\n",
    "work/infrastructure/db.py": "",
    "work/infrastructure/file.py": "",
    "old.json": '{"type": "object", "properties": {"a": {"default": 1}}}',
    "new.json": '{"type": "object", "properties": {"a": {"default": 2}}, "required": ["a", "b"], "minProperties": 3}',
}


@pytest.fixture
def printed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every document that the script's commands print, and some of a damaged store."""
    monkeypatch.setenv("JERRY_SESSION", "agent-7")
    (desk.folder / "coverage.json").write_text('{"totals": {"covered_lines": 9, "num_statements": 10}}')
    (desk.folder / "junit.xml").write_text('<testsuite><testcase name="test_a"/></testsuite>')
    (desk.folder / "issues.jsonl").write_text(ISSUES)
    for name, text in SHOP.items():
        (desk.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (desk.folder / name).write_text(text)
    (desk.folder / ".jerry" / "README.md").unlink()
    documents = [_document(desk, line) for line in SCRIPT.strip().splitlines()]
    connect(desk)
    documents += [_document(desk, line) for line in ("new Eighth", "sync")]
    fork(desk, "WORK-8")
    documents += [_document(desk, line) for line in MET.strip().splitlines()]
    desk.git("push", "--quiet", "origin", f"{_beyond(desk)}:main")
    documents.append(_document(desk, "sync"))
    (desk.folder / ".jerry" / "README.md").unlink()
    circle(desk, "WORK-5", "WORK-2")
    twin(desk, "WORK-2")
    desk.files("WORK-1")[0].write_text("[]")
    (desk.folder / "work/held.py").write_text("")
    (desk.folder / "work/domain/late.py").write_text("import work.infrastructure.db\n")
    (desk.folder / "shop.py").write_text(SHOP["shop.py"] + "    total: int\n")
    monkeypatch.delenv("JERRY_SESSION")
    further = (
        "! depend cycles",
        "list",
        "diff HEAD",
        "! doctor --fix",
        "! check",
        "! review",
        "! schema publish --static",
        "! layers baseline",
        "claim WORK-6",
        "show WORK-6 WORK-9",
    )
    return [*documents, *(_document(desk, line) for line in further)]


def _beyond(desk: Desk) -> str:
    """A commit on top of HEAD that is on no branch here."""
    return desk.git("commit-tree", "-p", "HEAD", "-m", "Theirs", "HEAD^{tree}").strip()


def _document(desk: Desk, line: str) -> Any:
    answer = desk.jerry(*line.removeprefix("! ").split(), "--json", check=False)
    assert answer.returncode == line.startswith("! "), (line, answer)
    return answer.data


def _name(line: str) -> str:
    words = line.removeprefix("! ").split()
    return " ".join(words[:2]) if words[0] in ("depend", "import", "hooks", "schema", "layers") else words[0]


def names() -> set[str]:
    """Every command, those of groups with the group's name."""
    context, found = click.Context(root), set()
    for name in [name for section in SECTIONS.values() for name in section]:
        command = root.get_command(context, name)
        below = command.list_commands(context) if isinstance(command, click.Group) else None
        found |= {name} if below is None else {f"{name} {inner}" for inner in below}
    return found


@pytest.mark.positive
def test_every_document_has_the_shape_that_is_pinned(printed: list[Any]) -> None:
    """Keys and types, over all commands that print a schema: a change of one is a change of the contract."""
    by_schema: dict[str, list[Any]] = defaultdict(list)
    for document in printed:
        assert next(iter(document)) == "schema"
        by_schema[document["schema"]].append(shape(document))
    observed = {f"{schema}.json": written(merged(shapes)) for schema, shapes in by_schema.items()}
    pinned = {file.name: file.read_text() for file in FOLDER.iterdir()}
    assert observed == pinned


@pytest.mark.positive
def test_the_script_gives_every_command_that_prints_json() -> None:
    """All but the tour, which is for people, and the completion script, which is data itself."""
    given = {_name(line) for line in (SCRIPT + MET).splitlines() if line}
    assert names() - given == {"demo", "completion"}


@pytest.mark.negative
def test_a_refusal_is_a_document_too(desk: Desk) -> None:
    """Code, message and hint, on stdout; the words on stderr as well."""
    answer = desk.jerry("show", "WORK-1", "--json", check=False)
    assert answer.returncode == 1
    assert answer.data == {
        "schema": "jerry.error.v1",
        "error": {
            "code": "not-found",
            "message": "no item is called 'WORK-1'",
            "hint": "`jerry list --all` shows every item",
        },
    }
    assert answer.stderr.startswith("error: no item is called 'WORK-1'\n")


@pytest.mark.negative
def test_of_several_items_each_refusal_names_its_own(desk: Desk) -> None:
    """What succeeded stands beside it."""
    desk.jerry("new", "Parser")
    answer = desk.jerry("start", "WORK-9", "WORK-1", "--json", check=False)
    assert answer.returncode == 1
    assert [(error["id"], error["code"]) for error in answer.data["errors"]] == [("WORK-9", "not-found")]
    assert [(outcome["id"], outcome["message"]) for outcome in answer.data["outcomes"]] == [("WORK-1", "started")]


@pytest.mark.edge
def test_times_are_utc_to_the_second_and_texts_are_not_escaped_to_ascii(desk: Desk) -> None:
    """RFC 3339, and UTF-8 as it is."""
    desk.jerry("new", "日本語 🦜")
    answer = desk.jerry("list", "--json")
    assert "日本語 🦜" in answer.stdout
    assert answer.data["items"][0]["created_at"] == "2026-03-02T09:01:00Z"
