"""Every rule over one source: what is found, where, and what is read for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jerry_domain.events.base import RecordedEvent
from jerry_domain.events.work_item_events import (
    CommentAdded,
    Created,
    DependencyAdded,
    DisplayIdChanged,
    Imported,
    LabelsAdded,
    ParentChanged,
    QualityMetricsUpdated,
    StatusChanged,
)
from jerry_domain.value_objects.classification import DependencyKind, WorkType
from jerry_domain.value_objects.quality import GateLevel, QualityPolicy
from jerry_domain.value_objects.status import WorkItemStatus
from jerry_git.application.checking.engine import check, check_append_only
from jerry_git.application.settings import Settings
from jerry_git.infrastructure.persistence.event_file_reader import CloudEventFileReader
from jerry_git.testing.histories import happened, item_id, stream
from tests.application.sources import MemorySource, file_of, files_of

READER = CloudEventFileReader()
PENDING, IN_PROGRESS, BLOCKED, DONE, CANCELLED = WorkItemStatus


def created(name: str, display_id: str = "WORK-1", **data: object) -> Created:
    return happened(Created, name, display_id=display_id, work_type=WorkType.TASK, title=name, **data)


def moved(name: str, source: WorkItemStatus, target: WorkItemStatus, **data: object) -> StatusChanged:
    return happened(StatusChanged, name, from_status=source, to_status=target, **data)


def waits(name: str, number: int) -> DependencyAdded:
    return happened(DependencyAdded, name, target=item_id(number), kind=DependencyKind.BLOCKS)


ONE = files_of([created("one")])
TWO = files_of([created("two", "WORK-2")], 1)
(ONE_PATH,) = ONE
(TWO_PATH,) = TWO


def found(files, before=None, *, whole=False, settings=None, published=None):
    """Code and path of each finding."""
    source = MemorySource(files, before, published)
    report = check(source, READER, settings or Settings(), whole=whole)
    return [(finding.code, finding.path) for finding in report.findings]


# --- append-only


@pytest.mark.positive
def test_what_is_added_breaks_nothing():
    assert found({**ONE, **TWO}, ONE) == []


@pytest.mark.positive
@pytest.mark.parametrize(
    ("after", "codes"),
    [
        ({}, ["event-deleted"]),
        ({ONE_PATH: ONE[ONE_PATH].replace(b"one", b"won")}, ["event-modified"]),
        ({ONE_PATH: b"->elsewhere"}, ["event-replaced", "symbolic-link"]),
        ({ONE_PATH: b"@@submodule"}, ["event-replaced", "not-a-file"]),
        ({".jerry/events/x.json": ONE[ONE_PATH]}, ["event-renamed", "wrong-name"]),
    ],
    ids=["deleted", "modified", "replaced by a link", "replaced by a submodule", "renamed"],
)
def test_what_was_there_stays_as_it_was(after, codes):
    assert sorted(code for code, _ in found(after, ONE)) == codes


@pytest.mark.positive
def test_a_finding_tells_the_mending_command():
    (finding,) = check(MemorySource({}, ONE), READER, Settings(), whole=False).findings
    assert finding.mend == f"git checkout HEAD -- {ONE_PATH}"
    assert finding.message == "is gone, but HEAD has it"


@pytest.mark.positive
def test_a_link_that_becomes_a_file_is_replaced_too():
    assert found(ONE, {ONE_PATH: b"->x"})[0] == ("event-replaced", ONE_PATH)


@pytest.mark.positive
def test_the_rule_alone_reads_no_file():
    source = MemorySource({**ONE, TWO_PATH: b"broken"}, TWO)
    report = check_append_only(source, READER, Settings())
    assert [finding.code for finding in report.findings] == ["event-modified"]
    assert source.read == []


@pytest.mark.positive
def test_other_paths_are_compared_with_what_is_published():
    settings = Settings(append_only_paths=("migrations/*.sql",))
    before = {"migrations/1.sql": b"a", "migrations/2.sql": b"b", "code.py": b"c"}
    after = {"migrations/1.sql": b"A", "code.py": b"C", "migrations/3.sql": b"d"}
    codes = [("published-modified", "migrations/1.sql"), ("published-deleted", "migrations/2.sql")]
    assert found(after, before, settings=settings) == codes
    assert found(after, before, settings=settings, published={"migrations/1.sql": b"a"}) == codes[:1]
    assert found(after, before) == []


# --- files


@pytest.mark.positive
@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xff", "not-utf8"),
        (b"{", "not-json"),
        (b"[]", "not-a-batch"),
        (b"gone", "unreadable"),
        (ONE[ONE_PATH] + b"\n", "not-canonical"),
        (ONE[ONE_PATH].replace(b"created.v1", b"created.v9"), "unknown-event-type"),
        (ONE[ONE_PATH].replace(b'"display_id": "WORK-1",', b""), "invalid-event"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_breaks_the_format_is_found(content, code, whole):
    assert found({ONE_PATH: content, **TWO}, TWO, whole=whole) == [(code, ONE_PATH)]


@pytest.mark.positive
def test_the_line_of_what_is_not_canonical_is_told():
    content = ONE[ONE_PATH].replace(b'    "type"', b'     "type"')
    (finding,) = check(MemorySource({ONE_PATH: content}), READER, Settings(), whole=True).findings
    assert finding.line == content[: content.index(b'"type"')].count(b"\n") + 1


@pytest.mark.positive
def test_every_fault_of_an_event_is_told():
    content = ONE[ONE_PATH].replace(b'"display_id": "WORK-1",', b"").replace(b'"task"', b'"chore"')
    assert found({ONE_PATH: content}, whole=True) == [("invalid-event", ONE_PATH)] * 2


@pytest.mark.positive
def test_a_name_that_is_not_what_the_content_says_is_found():
    other = ONE_PATH.replace("00000001", "00000002")
    assert found({other: ONE[ONE_PATH]}, whole=True) == [("wrong-name", other)]


@pytest.mark.edge
def test_what_a_killed_writer_left_is_the_doctors_business():
    folder, _, name = ONE_PATH.rpartition("/")
    assert found({**ONE, f"{folder}/.{name}.123.tmp": b"half"}, whole=True) == []


@pytest.mark.edge
def test_one_bad_file_hides_no_other():
    files = {ONE_PATH: b"{", **files_of([created("two", "WORK-2"), moved("bad", PENDING, DONE)], 1)}
    assert [code for code, _ in found(files, whole=True)] == ["not-json", "illegal-transition"]


# --- streams

WRONG = files_of([created("one"), moved("bad", PENDING, DONE)])
BAD_PATH = max(WRONG)


@pytest.mark.positive
@pytest.mark.parametrize("whole", [False, True])
def test_an_illegal_step_is_found_at_its_file(whole):
    assert found(WRONG, ONE, whole=whole) == [("illegal-transition", BAD_PATH)]


@pytest.mark.positive
def test_what_was_wrong_before_is_not_told_again_to_whoever_adds_to_it():
    comment = happened(CommentAdded, "comment", text="Words")
    later = files_of([created("one"), moved("bad", PENDING, DONE), comment])
    assert found(later, WRONG) == []
    assert found(later, WRONG, whole=True) == [("illegal-transition", BAD_PATH)]


def _beside(name: str, target: WorkItemStatus) -> dict[str, bytes]:
    parents = (created("one").event_id,)
    event = moved(name, PENDING, target)
    return file_of(RecordedEvent(event=event, stream=stream(), version=2, parents=parents, source="urn:uuid:x"))


@pytest.mark.positive
@pytest.mark.parametrize("newer", ["left", "right"])
def test_a_fork_is_told_whichever_side_came_in(newer):
    sides = {"left": _beside("left", IN_PROGRESS), "right": _beside("right", CANCELLED)}
    everything = {**ONE, **sides["left"], **sides["right"]}
    before = {path: everything[path] for path in everything if path not in sides[newer]}
    assert [code for code, _ in found(everything, before)] == ["fork"]


@pytest.mark.positive
def test_a_repository_grades_its_findings():
    files = {**ONE, **_beside("left", IN_PROGRESS), **_beside("right", CANCELLED)}
    report = check(MemorySource(files, ONE), READER, Settings(severities={"fork": "error"}), whole=False)
    assert report.is_refused
    assert found(files, ONE, settings=Settings(severities={"fork": "off"})) == []
    assert not check(MemorySource(files, ONE), READER, Settings(), whole=False).is_refused


# --- gates

GATED = Settings(quality=QualityPolicy(default=GateLevel.L0))
FINISHED = [created("one"), moved("start", PENDING, IN_PROGRESS), moved("done", IN_PROGRESS, DONE)]


@pytest.mark.positive
def test_an_item_that_is_done_without_its_gate_is_found():
    assert [code for code, _ in found(files_of(FINISHED), ONE, settings=GATED)] == ["quality-gate"]


@pytest.mark.positive
@pytest.mark.parametrize(
    "events",
    [
        [*FINISHED, happened(QualityMetricsUpdated, "quality", positive=1)],
        [*FINISHED[:2], moved("done", IN_PROGRESS, DONE, forced=True, reason="r")],
        FINISHED[:2],
    ],
    ids=["met later", "forced", "not done"],
)
def test_a_gate_is_no_matter_where(events):
    assert found(files_of(events), ONE, settings=GATED) == []


@pytest.mark.edge
def test_what_came_finished_from_another_tracker_needs_no_gate():
    imported = happened(Imported, "imported", origin="beads", reference="bd-1", original={})
    events = [replace(event, correlation_id="import") for event in (created("one"), imported, *FINISHED[1:])]
    assert found(files_of(events), settings=GATED, whole=True) == []


# --- over items


@pytest.mark.positive
@pytest.mark.parametrize("whole", [False, True])
def test_an_event_id_that_stands_twice_is_found(whole):
    other = files_of([replace(created("one"), display_id="WORK-2")], 1)
    (path,) = other
    codes = found({**ONE, **other}, ONE, whole=whole)
    assert [code for code, _ in codes] == ["duplicate-id"]
    assert codes[0][1] in (path, ONE_PATH)


@pytest.mark.positive
@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("older", [True, False], ids=["the older came first", "the younger came first"])
def test_two_items_of_one_display_id_are_found(whole, older):
    twin = files_of([created("twin")], 1)
    assert found({**ONE, **twin}, ONE if older else twin, whole=whole) == [("duplicate-display-id", "")]


@pytest.mark.positive
@pytest.mark.parametrize("whole", [False, True])
def test_items_that_wait_for_each_other_are_found(whole):
    before = {**ONE, **files_of([created("two", "WORK-2"), waits("first", 0)], 1)}
    after = {**before, **files_of([created("one"), waits("second", 1)])}
    assert found(after, before, whole=whole) == [("cycle", "")]


@pytest.mark.positive
@pytest.mark.parametrize("whole", [False, True])
def test_a_circle_through_a_child_is_found(whole):
    before = {**ONE, **files_of([created("two", "WORK-2", parent=item_id(0))], 1)}
    after = {**before, **files_of([created("two", "WORK-2", parent=item_id(0)), waits("w", 0)], 1)}
    assert found(after, before, whole=whole) == [("cycle", "")]


@pytest.mark.positive
def test_a_circle_of_others_is_not_told_to_whoever_adds_a_link_elsewhere():
    circle = {
        **files_of([created("one"), waits("first", 1)]),
        **files_of([created("two", "WORK-2"), waits("second", 0)], 1),
    }
    third = files_of([created("three", "WORK-3"), waits("third", 0)], 2)
    assert found({**circle, **third}, circle) == []


@pytest.mark.positive
@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("parent", [True, False])
def test_a_reference_to_an_item_that_is_not_here_is_found(whole, parent):
    link = happened(ParentChanged, "link", parent=item_id(7)) if parent else waits("link", 7)
    after = files_of([created("one"), link])
    assert found(after, ONE, whole=whole) == [("dangling-reference", "")]
    there = files_of([created("seven", "WORK-7")], 7)
    assert found({**after, **there}, {**ONE, **there}, whole=whole) == []


@pytest.mark.edge
def test_a_reference_to_what_can_be_no_item_dangles():
    link = happened(DependencyAdded, "link", target="no such", kind=DependencyKind.RELATES_TO)
    assert found(files_of([created("one"), link]), ONE) == [("dangling-reference", "")]


@pytest.mark.edge
def test_an_item_that_cannot_be_read_is_there_all_the_same():
    files = {**files_of([created("one"), waits("link", 1)]), TWO_PATH: b"{"}
    assert [code for code, _ in found(files, whole=True)] == ["not-json"]


# --- cost


@pytest.mark.positive
def test_where_nothing_differs_nothing_is_read():
    source = MemorySource({**ONE, **TWO}, {**ONE, **TWO})
    assert check(source, READER, Settings(), whole=False).files == 0
    assert source.read == []


@pytest.mark.positive
def test_only_the_stream_that_is_added_to_is_read():
    many = {
        path: content
        for number in range(5, 50)
        for path, content in files_of([created(str(number), f"WORK-{number}")], number).items()
    }
    label = happened(LabelsAdded, "label", labels=("a",))
    source = MemorySource({**many, **files_of([created("one"), label])}, {**many, **ONE})
    assert check(source, READER, Settings(), whole=False).files == 2
    assert set(source.read) == set(files_of([created("one"), label]))


@pytest.mark.positive
def test_before_the_first_commit_everything_is_new():
    assert found(WRONG, None) == [("illegal-transition", BAD_PATH)]


@pytest.mark.edge
def test_of_very_many_new_items_each_twin_is_found():
    many = {}
    for number in range(1, 40):
        many |= files_of([created(str(number), f"WORK-{number}")], number)
    assert found({**ONE, **many}, ONE) == [("duplicate-display-id", "")]


@pytest.mark.positive
def test_an_item_that_is_renumbered_to_a_number_that_is_taken_is_found():
    renumbered = files_of([created("two", "WORK-2"), happened(DisplayIdChanged, "number", display_id="WORK-1")], 1)
    assert found({**ONE, **renumbered}, {**ONE, **TWO}) == [("duplicate-display-id", "")]
