"""The doctor: everything that is wrong is found, and what needs no choice is mended."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from jerry_domain.aggregates.work_item import WorkItem
from jerry_domain.events.work_item_events import CommentAdded
from jerry_domain.ports.event_store import Problem
from jerry_domain.value_objects.classification import WorkType
from jerry_domain.value_objects.work_item_id import WorkItemId
from jerry_git.application import commands
from jerry_git.application.commands.handling import change
from jerry_git.application.examination import LostFile, describe, examine, fix
from jerry_git.application.folding import load_board
from tests.application.acting import given, history, internal, state, twin
from tests.application.fakes import DamagedStore, problem

NOWHERE = str(WorkItemId.compose(1, 1))


@dataclass
class FakeCare:
    """Files of which some are missing, unfinished or lost."""

    missing: list[str] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)
    certain: dict[str, str] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    astray: list[str] = field(default_factory=list)

    def diagnose(self, problem: Problem) -> list[Problem]:
        return [problem, replace(problem, code="invalid-event", line=9)]

    def missing_files(self) -> list[str]:
        return self.missing

    def write_missing_files(self) -> list[str]:
        written, self.missing = self.missing, []
        return written

    def leftovers(self) -> list[str]:
        return self.unfinished

    def clear_leftovers(self) -> dict[str, str]:
        made = {path: self.certain.get(path, "") for path in self.unfinished}
        self.unfinished = []
        return made

    def misjoined(self) -> list[str]:
        return self.astray

    def settle(self) -> list[str]:
        settled, self.astray = self.astray, []
        return settled

    def lost(self) -> list[LostFile]:
        return [LostFile(path=path) for path in self.gone]

    def recover(self, paths: list[str]) -> list[str]:
        self.gone = [path for path in self.gone if path not in paths]
        return paths


def found(services, care=None):
    """Code, severity and message of each finding."""
    return [(finding.code, finding.severity, finding.message) for finding in examine(services, care or FakeCare())]


@pytest.mark.positive
def test_a_whole_store_has_nothing_wrong(services):
    given(services, "Story", work_type=WorkType.STORY)
    given(services, "Lexer", parent="WORK-1")
    given(services, "Parser", parent="WORK-1", depends_on=["WORK-2"])
    commands.delete(services, "WORK-2")
    assert found(services) == []


@pytest.mark.edge
def test_an_empty_store_has_nothing_wrong(services):
    assert found(services) == []


@pytest.mark.negative
def test_every_fault_of_a_file_is_an_error_with_its_place_and_its_mend(services):
    given(services, "Torn")
    services.store = DamagedStore(
        services.store, damaged={internal(services, "WORK-1"): problem("torn.json")}, strays=(problem("README"),)
    )
    findings = examine(services, FakeCare())
    assert [(item.code, item.path, item.line) for item in findings] == [
        ("not-json", "README", 3),
        ("invalid-event", "README", 9),
        ("not-json", "torn.json", 3),
        ("invalid-event", "torn.json", 9),
    ]
    assert {item.severity for item in findings} == {"error"}
    assert findings[0].mend == "git checkout HEAD -- README"
    assert not any(item.fixable for item in findings)


@pytest.mark.negative
def test_one_event_in_two_streams_is_an_error(services):
    given(services, "Lexer", "Parser")
    event = CommentAdded(event_id="e-1", occurred_at=services.clock.now(), actor="Ada", text="Copied")
    for name in ("WORK-1", "WORK-2"):
        services.store.append(f"{WorkItem.category}-{internal(services, name)}", [event], 1)
    assert found(services) == [
        ("duplicate-id", "error", "event e-1 stands in the histories of WORK-1 and WORK-2"),
    ]


@pytest.mark.negative
def test_twins_are_a_warning_that_can_be_fixed(services):
    given(services, "Older")
    younger = twin(services, "WORK-1", "Younger")
    (finding,) = examine(services, FakeCare())
    assert (finding.code, finding.severity, finding.fixable) == ("duplicate-display-id", "warning", True)
    assert finding.message == f"WORK-1 is also the id of an older item; this one is {younger}: Younger"


@pytest.mark.negative
def test_items_that_wait_for_each_other_are_an_error(services):
    given(services, "a", "b")
    ids = [internal(services, name) for name in ("WORK-1", "WORK-2")]
    for source, target in (ids, ids[::-1]):
        change(services, source, lambda item, stamp, target=target: item.depend_on(stamp, target))
    assert found(services) == [
        ("cycle", "error", "these wait for each other for ever: WORK-1 -> WORK-2 -> WORK-1"),
    ]


@pytest.mark.negative
def test_a_reference_to_nothing_is_a_warning(services):
    given(services, "Parser")
    change(services, internal(services, "WORK-1"), lambda item, stamp: item.depend_on(stamp, NOWHERE))
    assert found(services) == [
        ("dangling-reference", "warning", f"WORK-1 refers to {NOWHERE}, which is not here"),
    ]


@pytest.mark.edge
def test_a_reference_to_an_item_that_cannot_be_read_does_not_dangle(services):
    given(services, "Story", work_type=WorkType.STORY)
    given(services, "Task", parent="WORK-1")
    services.store = DamagedStore(services.store, damaged={internal(services, "WORK-1"): problem()})
    assert {code for code, _, _ in found(services)} == {"not-json", "invalid-event"}


@pytest.mark.negative
def test_a_history_with_events_missing_is_a_warning(services):
    orphan = CommentAdded(event_id="c", occurred_at=services.clock.now(), actor="Ada", text="Where is the rest?")
    services.store.append(f"{WorkItem.category}-{NOWHERE}", [orphan], 0)
    assert found(services) == [
        ("incomplete-history", "warning", f"{NOWHERE} has events whose predecessors are not here"),
    ]


@pytest.mark.negative
def test_files_that_are_misjoined_missing_unfinished_or_lost_are_told_with_the_command_that_helps(services):
    care = FakeCare(missing=["README.md"], unfinished=[".x.tmp"], gone=["lost.json"], astray=["moved.json"])
    findings = examine(services, care)
    assert [(item.code, item.path, item.mend, item.fixable) for item in findings] == [
        ("misjoined", "moved.json", "jerry doctor --fix", True),
        ("missing-file", "README.md", "jerry doctor --fix", True),
        ("leftover", ".x.tmp", "jerry doctor --fix", True),
        ("lost-event", "lost.json", "jerry doctor --recover", False),
    ]


@pytest.mark.negative
def test_what_git_has_misjoined_is_told_once_and_with_one_mend(services):
    given(services, "Torn")
    torn = problem()
    services.store = DamagedStore(services.store, damaged={internal(services, "WORK-1"): torn})
    assert {code for code, _, _ in found(services)} == {torn.code, "invalid-event"}
    assert {code for code, _, _ in found(services, FakeCare(astray=[torn.path]))} == {"misjoined"}


@pytest.mark.positive
def test_what_is_lost_is_told_by_item_event_person_and_time(services):
    given(services, "Parser")
    lost = LostFile(
        path="lost.json",
        item_id=internal(services, "WORK-1"),
        kinds=("claimed", "assignee_changed"),
        actor="Ada",
        at=services.clock.now(),
    )
    board = load_board(services.store)
    assert describe(board, lost) == "claimed, assignee_changed of WORK-1 (Ada, 2026-03-02 12:00 UTC)"
    assert describe(board, LostFile(path="torn.json")) == "an append"


@pytest.mark.positive
def test_errors_come_before_warnings(services):
    given(services, "Older", "Torn")
    twin(services, "WORK-1")
    services.store = DamagedStore(services.store, damaged={internal(services, "WORK-2"): problem()})
    assert [severity for _, severity, _ in found(services)] == ["error", "error", "warning"]


@pytest.mark.positive
def test_fix_does_what_needs_no_choice_and_says_so(services):
    given(services, "Older")
    twin(services, "WORK-1", "Younger")
    care = FakeCare(
        missing=["README.md"],
        unfinished=[".x.tmp", ".y.tmp"],
        certain={".y.tmp": "y.json"},
        gone=["lost.json"],
        astray=["moved.json"],
    )
    assert fix(services, care) == (
        "put right moved.json",
        "wrote README.md",
        "removed the unfinished .x.tmp",
        "finished y.json, which its writer had promised",
        "renumbered WORK-1 (Younger) to WORK-2",
    )
    assert state(services, "WORK-2").title == "Younger"
    assert [code for code, _, _ in found(services, care)] == ["lost-event"]


@pytest.mark.edge
def test_fix_writes_nothing_where_nothing_is_wrong(services):
    given(services, "Parser")
    assert fix(services, FakeCare()) == ()
    assert history(services, "WORK-1") == ["created"]


@pytest.mark.positive
def test_examining_writes_nothing(services):
    given(services, "Older")
    twin(services, "WORK-1")
    services.locks.taken.clear()
    examine(services, FakeCare(missing=["README.md"]))
    assert (services.locks.taken, len(found(services))) == ([], 1)
