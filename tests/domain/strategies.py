"""Strategies for legal commands and the histories they make. Every new command and event joins here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from jerry_domain.aggregates.work_item import ParentFacts, WorkItem
from jerry_domain.errors import DomainError
from jerry_domain.events.base import RecordedEvent, Stamp
from jerry_domain.services.causal_order import causal_order, heads
from jerry_domain.services.compensation import undo_last_command
from jerry_domain.services.divergence import divergences
from jerry_domain.value_objects.classification import DependencyKind, Priority, WorkType
from jerry_domain.value_objects.display_id import DisplayId
from jerry_domain.value_objects.quality import TestCoverage, TestRatio
from jerry_domain.value_objects.status import TRANSITIONS, WorkItemStatus
from tests.domain.builders import ALICE, ALICE_ELSEWHERE, ALICE_UNNAMED, BOB, ITEM, MORNING, OTHER, THIRD, stamp

History = tuple[RecordedEvent, ...]
Command = Callable[[WorkItem, History, Stamp], object]

WORKERS = st.sampled_from([ALICE, ALICE_ELSEWHERE, ALICE_UNNAMED, BOB])
WORDS = st.text(st.characters(min_codepoint=32, max_codepoint=0x24F), max_size=12)
TITLES = st.builds("{}{}".format, st.sampled_from("xyz"), st.text("abc ", max_size=5))
LABELS = st.lists(st.sampled_from(["ui", "api", "cli"]), max_size=3)
TARGETS = st.sampled_from([OTHER, THIRD])
KINDS = st.sampled_from(DependencyKind)
COUNTS = st.integers(0, 50)
COVERAGES = st.none() | st.builds(TestCoverage, percent=st.integers(0, 100).map(float))
RATIOS = st.none() | st.builds(TestRatio, positive=COUNTS, negative=COUNTS, edge=COUNTS)
PARENTS = st.none() | st.builds(ParentFacts, item_id=TARGETS, work_type=st.sampled_from(WorkType))
DISPLAY_IDS = st.builds(DisplayId, prefix=st.just("WORK"), number=st.integers(1, 4))
MOMENTS = st.none() | st.just(datetime(2019, 5, 1, tzinfo=UTC))


def call(
    method: Callable[..., object], *strategies: st.SearchStrategy, **named: st.SearchStrategy
) -> st.SearchStrategy:
    """A command: a method of the work item, with what its arguments may be."""

    def bind(args: tuple[object, ...], data: dict[str, object]) -> Command:
        return lambda item, history, at: method(item, at, *args, **data)

    return st.builds(bind, st.tuples(*strategies), st.fixed_dictionaries(named))


def claim(minutes: int, *, renew: bool) -> Command:
    return lambda item, history, at: item.claim(at, at.at + timedelta(minutes=minutes), renew=renew)


def import_of(reference: str) -> Command:
    return lambda item, history, at: item.record_import(at, origin="beads", reference=reference, original={"a": "b"})


def remove_comment(which: int) -> Command:
    """Withdraw one of the comments that the item has by then."""
    return lambda item, history, at: [
        item.remove_comment(at, comment.comment_id) for comment in item.state.comments[which : which + 1]
    ]


def remove_dependency(which: int) -> Command:
    """End one of the dependencies that the item has by then."""
    return lambda item, history, at: [
        item.stop_depending_on(at, dependency.target, dependency.kind)
        for dependency in sorted(item.state.dependencies)[which : which + 1]
    ]


def step(which: int) -> Command:
    """Take one of the steps that the state machine allows by then."""
    return lambda item, history, at: [
        item.move(at, status) for status in TRANSITIONS[item.state.status][which : which + 1]
    ]


def settle(which: int, value: int) -> Command:
    """Say which of the values of the branches holds, where they disagree by then."""
    return lambda item, history, at: [
        item.settle(at, found, found.values[value % len(found.values)])
        for found in divergences(history)[which : which + 1]
    ]


def undo(item: WorkItem, history: History, at: Stamp) -> None:
    undo_last_command(item, history, at)


COMMANDS: st.SearchStrategy[Command] = st.one_of(
    call(WorkItem.start, WORDS),
    call(WorkItem.block, WORDS),
    call(WorkItem.unblock, WORDS),
    call(WorkItem.reopen, WORDS),
    call(WorkItem.cancel, WORDS),
    call(WorkItem.complete, reason=WORDS, open_children=st.lists(st.just("WORK-9"), max_size=1), force=st.booleans()),
    call(WorkItem.move, st.sampled_from(WorkItemStatus), WORDS),
    call(WorkItem.correct_status, WORDS),
    st.builds(step, st.just(0)),
    st.builds(step, st.integers(0, 1)),
    st.builds(claim, st.integers(1, 200), renew=st.booleans()),
    call(WorkItem.release, WORDS, force=st.booleans()),
    call(WorkItem.assign, st.none() | TITLES),
    call(WorkItem.edit, title=st.none() | TITLES, description=st.none() | WORDS),
    call(WorkItem.edit, work_type=st.sampled_from(WorkType)),
    call(WorkItem.prioritize, st.sampled_from(Priority)),
    call(WorkItem.add_labels, LABELS),
    call(WorkItem.remove_labels, LABELS),
    call(WorkItem.comment, WORDS, author=st.none() | TITLES, written_at=MOMENTS),
    st.builds(remove_comment, st.integers(0, 1)),
    call(WorkItem.set_due, st.none() | st.dates(date(2026, 1, 1), date(2026, 1, 5))),
    call(WorkItem.set_estimate, st.none() | st.integers(1, 5)),
    call(WorkItem.measure, COVERAGES, RATIOS),
    call(WorkItem.move_under, PARENTS),
    call(WorkItem.depend_on, TARGETS, KINDS),
    call(WorkItem.stop_depending_on, TARGETS, KINDS),
    st.builds(remove_dependency, st.just(0)),
    call(WorkItem.renumber, DISPLAY_IDS),
    st.builds(import_of, st.sampled_from(["bd-1", "bd-2"])),
    call(WorkItem.delete, WORDS),
    call(WorkItem.restore, WORDS),
    st.builds(settle, st.integers(0, 1), st.integers(0, 1)),
    st.just(undo),
)
"""Every command that a work item takes once it is created; some will be refused, as in life."""

ORDER = st.tuples(COMMANDS, WORKERS, st.integers(0, 90))
ORDERS = st.lists(ORDER, max_size=6) | st.lists(ORDER, min_size=10, max_size=20)


@dataclass
class Session:
    """One clone at work: an item that is never reloaded, and the history that its commands have made."""

    item: WorkItem
    history: History
    now: datetime
    commands: int

    def obey(self, command: Command, worker: object, minutes: int) -> None:
        """Give a command some minutes later, and record what it raises; a refusal leaves no trace."""
        self.now += timedelta(minutes=minutes)
        self.commands += 1
        try:
            command(self.item, self.history, stamp(worker, self.now, self.commands))
        except DomainError:
            self.item = WorkItem.load_from_history(ITEM, self.history)  # an undo may have been refused half way
            return
        parents = heads(self.history)
        for event in self.item.collect_events():
            version = max((recorded.version for recorded in self.history), default=0) + 1
            place = RecordedEvent(event=event, stream=self.item.stream, version=version, parents=parents)
            self.history = (*self.history, place)
            parents = (event.event_id,)
            self.item.mark_committed(version)


def work(session: Session, orders: list[tuple[Command, object, int]]) -> Session:
    """Give all the orders."""
    for order in orders:
        session.obey(*order)
    return session


def begin(title: str, work_type: WorkType) -> Session:
    """A new item."""
    session = Session(WorkItem.load_from_history(ITEM, ()), (), MORNING, 0)
    session.obey(
        lambda item, history, at: item.create(
            at, display_id=DisplayId(prefix="WORK", number=1), title=title, work_type=work_type
        ),
        ALICE,
        0,
    )
    return session


def clone(session: Session, first_command: int) -> Session:
    """Another clone of the same history; its commands are numbered from `first_command` on."""
    item = WorkItem.load_from_history(ITEM, session.history)
    return replace(session, item=item, commands=first_command)


SESSIONS: st.SearchStrategy[Session] = st.builds(work, st.builds(begin, TITLES, st.sampled_from(WorkType)), ORDERS)
"""One clone at work, in a straight line."""

HISTORIES: st.SearchStrategy[History] = SESSIONS.map(lambda session: session.history)
"""Straight histories: what is in them was legal when it happened."""


@st.composite
def forked_histories(draw: st.DrawFn) -> History:
    """What is there when two clones have gone on from one history, and after the merge a third."""
    trunk = draw(SESSIONS)
    one = work(clone(trunk, 1_000), draw(ORDERS))
    other = work(clone(trunk, 2_000), draw(ORDERS))
    merged = causal_order((*one.history, *other.history))
    latest = max(one.now, other.now)
    return work(clone(replace(trunk, history=merged, now=latest), 3_000), draw(ORDERS)).history
