"""The work item: commands that may refuse, on a state that only events change (PAT-002)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, ClassVar, Self, TypeVar

from jerry_domain.aggregates.base import AggregateRoot
from jerry_domain.aggregates.work_item_fold import fold
from jerry_domain.aggregates.work_item_state import Dependency, WorkItemState
from jerry_domain.errors import (
    ClaimedByOtherError,
    IllegalTransitionError,
    InvalidValueError,
    ItemDeletedError,
    ItemExistsError,
    OpenChildrenError,
    ParentTypeError,
    QualityGateError,
)
from jerry_domain.events.base import DomainEvent, Stamp
from jerry_domain.events.work_item_events import (
    AssigneeChanged,
    Claimed,
    ClaimReleased,
    CommentAdded,
    CommentRemoved,
    Created,
    Deleted,
    DependencyAdded,
    DependencyRemoved,
    DetailsChanged,
    DisplayIdChanged,
    DueDateChanged,
    EstimateChanged,
    Imported,
    LabelsAdded,
    LabelsRemoved,
    ParentChanged,
    PriorityChanged,
    QualityMetricsUpdated,
    Reconciled,
    Restored,
    StatusChanged,
    StatusCorrected,
    WorkItemEvent,
    as_work_item_event,
)
from jerry_domain.services.divergence import DELETED, EXISTENCE, FIELDS, STATUS, Divergence
from jerry_domain.value_objects import text
from jerry_domain.value_objects.claim import Claim
from jerry_domain.value_objects.classification import PARENT_TYPES, DependencyKind, Priority, WorkType
from jerry_domain.value_objects.display_id import DisplayId
from jerry_domain.value_objects.quality import QualityPolicy, TestCoverage, TestRatio
from jerry_domain.value_objects.status import TRANSITIONS, WorkItemStatus
from jerry_domain.value_objects.work_item_id import WorkItemId
from jerry_domain.values import Value, value

W = TypeVar("W", bound=DomainEvent)


@value
class ParentFacts(Value):
    """What an item must know of the parent it is to stand under."""

    item_id: str
    work_type: WorkType


class WorkItem(AggregateRoot[WorkItemEvent]):
    """A piece of work.

    A command whose effect already holds raises no event. Commands raise the errors of `jerry_domain.errors`;
    on a deleted item all but `restore` raise `ItemDeletedError`. What concerns several items (cycles, readiness)
    is in `jerry_domain.services`; the facts about others that a command needs are its arguments.
    """

    category: ClassVar[str] = "work_item"

    def __init__(self, item_id: WorkItemId) -> None:
        super().__init__(str(item_id))
        self.state = WorkItemState(item_id=str(item_id))

    @classmethod
    def _blank(cls, identity: str) -> Self:
        return cls(WorkItemId.parse(identity))

    @classmethod
    def load_from_state(cls, state: WorkItemState, version: int) -> Self:
        """The item as it was at `version`, to which later events may be applied."""
        item = cls._blank(state.item_id)
        item.state = state
        item.mark_committed(version)
        return item

    def _admit(self, event: DomainEvent) -> WorkItemEvent:
        return as_work_item_event(event)

    def _apply(self, *events: WorkItemEvent) -> None:
        self.state = fold(self.state, events)

    def record(self, stamp: Stamp, event: type[W], **data: Any) -> None:
        """Raise an event as it is, past every rule: commands have asked theirs, and undo only goes back."""
        recorded = event(
            event_id=stamp.event_id(self.stream, len(self._pending)),
            occurred_at=stamp.at,
            actor=stamp.actor,
            session=stamp.session,
            correlation_id=str(stamp.command_id),
            causation_id=stamp.causation_id,
            **data,
        )
        self._raise_event(as_work_item_event(recorded))

    def _check_exists(self) -> None:
        if self.state.deleted:
            raise ItemDeletedError(self.state.name)

    # --- coming and going

    def create(
        self,
        stamp: Stamp,
        *,
        display_id: DisplayId,
        title: str,
        work_type: WorkType = WorkType.TASK,
        description: str = "",
        priority: Priority = Priority.MEDIUM,
        parent: ParentFacts | None = None,
    ) -> None:
        """Bring the item into being; raises `ItemExistsError`, `InvalidValueError`, `ParentTypeError`."""
        if self.version or self._pending:
            raise ItemExistsError(self.state.name)
        _check_parent(work_type, parent)
        self.record(
            stamp,
            Created,
            display_id=str(display_id),
            work_type=work_type,
            title=text.title(title),
            description=text.body("description", description),
            priority=priority,
            parent=None if parent is None else parent.item_id,
        )

    def record_import(self, stamp: Stamp, *, origin: str, reference: str, original: Mapping[str, str]) -> None:
        """Note where the item came from; nothing when this reference is noted already."""
        self._check_exists()
        if any((seen.origin, seen.reference) == (origin, reference) for seen in self.state.imported):
            return
        self.record(stamp, Imported, origin=origin, reference=reference, original=dict(original))

    def delete(self, stamp: Stamp, reason: str = "") -> None:
        """Delete the item, explicitly; its events stay."""
        if not self.state.deleted:
            self.record(stamp, Deleted, reason=text.body("reason", reason))

    def restore(self, stamp: Stamp, reason: str = "") -> None:
        """Take a deletion back."""
        if self.state.deleted:
            self.record(stamp, Restored, reason=text.body("reason", reason))

    def renumber(self, stamp: Stamp, display_id: DisplayId) -> None:
        """Give the item another display id; the old one stays an alias."""
        self._check_exists()
        if self.state.display_id != str(display_id):
            self.record(stamp, DisplayIdChanged, display_id=str(display_id))

    # --- the state machine

    def start(self, stamp: Stamp, reason: str = "") -> None:
        """pending -> in_progress; refused while another worker holds the claim."""
        if self._stands_at(WorkItemStatus.IN_PROGRESS):
            return
        self._check_from(WorkItemStatus.IN_PROGRESS, WorkItemStatus.PENDING)
        claim = self.state.active_claim(stamp.at)
        if claim is not None and not claim.may_be_of(stamp.actor, stamp.session):
            raise _claimed(self.state.name, claim)
        self.move(stamp, WorkItemStatus.IN_PROGRESS, reason)

    def block(self, stamp: Stamp, reason: str = "") -> None:
        """in_progress -> blocked."""
        self.move(stamp, WorkItemStatus.BLOCKED, reason)

    def unblock(self, stamp: Stamp, reason: str = "") -> None:
        """blocked -> in_progress."""
        if self._stands_at(WorkItemStatus.IN_PROGRESS):
            return
        self._check_from(WorkItemStatus.IN_PROGRESS, WorkItemStatus.BLOCKED)
        self.move(stamp, WorkItemStatus.IN_PROGRESS, reason)

    def reopen(self, stamp: Stamp, reason: str = "") -> None:
        """done -> in_progress."""
        if self._stands_at(WorkItemStatus.IN_PROGRESS):
            return
        self._check_from(WorkItemStatus.IN_PROGRESS, WorkItemStatus.DONE)
        self.move(stamp, WorkItemStatus.IN_PROGRESS, reason)

    def cancel(self, stamp: Stamp, reason: str = "") -> None:
        """Any open status -> cancelled, which is final; ends the claim."""
        self.move(stamp, WorkItemStatus.CANCELLED, reason)
        self._end_claims(stamp, self.state.claims)

    def complete(
        self,
        stamp: Stamp,
        *,
        reason: str = "",
        open_children: Sequence[str] = (),
        policy: QualityPolicy | None = None,
        force: bool = False,
    ) -> None:
        """in_progress -> done; ends the claim.

        Raises `OpenChildrenError` while `open_children` (their names) is not empty, and `QualityGateError` while the
        gate of `policy` is not met. Both yield to `force`, which wants a reason (`InvalidValueError`).
        """
        if self._stands_at(WorkItemStatus.DONE):
            return
        self._check_from(WorkItemStatus.DONE, WorkItemStatus.IN_PROGRESS)
        if force and not reason.strip():
            raise InvalidValueError("reason", reason, "forcing wants a reason")
        level = policy.level_for(self.state.work_type) if policy else None
        lacks = policy.missing(level, self.state.coverage, self.state.tests) if policy and level else ()
        if not force and open_children:
            raise OpenChildrenError(self.state.name, open_children)
        if not force and level and lacks:
            raise QualityGateError(self.state.name, level, lacks)
        self.move(stamp, WorkItemStatus.DONE, reason, forced=force and bool(open_children or lacks))
        self._end_claims(stamp, self.state.claims)

    def move(self, stamp: Stamp, status: WorkItemStatus, reason: str = "", *, forced: bool = False) -> None:
        """Take one step of the state machine, or none when it stands there; raises `IllegalTransitionError`."""
        if self._stands_at(status):
            return
        self._check_from(status, self.state.status)
        self.record(
            stamp,
            StatusChanged,
            from_status=self.state.status,
            to_status=status,
            reason=text.body("reason", reason),
            forced=forced,
        )

    def correct_status(self, stamp: Stamp, reason: str = "") -> None:
        """Take the last step back, against the arrows: a mistake, not a move. Nothing when there was no step."""
        self._check_exists()
        if self.state.status_event is None or self.state.previous_status in (None, self.state.status):
            return
        self.record(
            stamp,
            StatusCorrected,
            from_status=self.state.status,
            to_status=self.state.previous_status,
            corrects=self.state.status_event,
            reason=text.body("reason", reason),
        )

    # --- where branches disagree

    def settle(self, stamp: Stamp, divergence: Divergence, value: str, reason: str = "") -> None:
        """Say in sight of all branches which of their values holds; `divergence` is what `divergences` tells of them.

        Raises `InvalidValueError` for a value that no branch says. An item that is closed by it keeps no claim.
        """
        if divergence.field != EXISTENCE:
            self._check_exists()
        chosen = [rival.recorded.event for rival in divergence.rivals if rival.value == value]
        if not chosen:
            said = " and ".join(other or "nothing" for other in divergence.values)
            raise InvalidValueError(divergence.field, value, f"the branches say {said}")
        if divergence.field == EXISTENCE:
            self.record(stamp, Deleted if value == DELETED else Restored, reason=text.body("reason", reason))
        elif divergence.field == STATUS:
            self._reconcile(stamp, divergence, WorkItemStatus(value), text.body("reason", reason), chosen)
        else:
            kind, names = FIELDS[divergence.field]
            self.record(stamp, kind, **{name: getattr(chosen[0], name) for name in names})

    def _reconcile(
        self, stamp: Stamp, fork: Divergence, status: WorkItemStatus, reason: str, chosen: Iterable[DomainEvent]
    ) -> None:
        self.record(
            stamp,
            Reconciled,
            from_status=self.state.status,
            to_status=status,
            settles=tuple(sorted(rival.event_id for rival in fork.rivals)),
            reason=reason,
            forced=any(getattr(event, "forced", False) for event in chosen),
        )
        if not status.is_open:
            self._end_claims(stamp, self.state.claims)

    def _stands_at(self, status: WorkItemStatus) -> bool:
        self._check_exists()
        return self.state.status is status

    def _check_from(self, target: WorkItemStatus, wanted: WorkItemStatus) -> None:
        """Refuse unless the item stands at `wanted` and the state machine leads from there to `target`."""
        status = self.state.status
        if status is not wanted or not status.can_become(target):
            raise IllegalTransitionError(self.state.name, status, target, TRANSITIONS[status])

    # --- who works on it

    def claim(self, stamp: Stamp, until: datetime, *, renew: bool = False) -> None:
        """Take the item until `until`; becomes the assignee where there is none.

        Raises `ClaimedByOtherError` while another worker's claim runs, `IllegalTransitionError` on a closed item, and
        `InvalidValueError` for an end that is not in the future. Held by this very worker already: nothing, or with
        `renew` a claim with the new end.
        """
        self._check_exists()
        if not self.state.status.is_open:
            status = self.state.status
            raise IllegalTransitionError(self.state.name, status, "claimed", TRANSITIONS[status])
        if until <= stamp.at:
            raise InvalidValueError("claim", f"{until:%Y-%m-%d %H:%M} UTC", "a claim ends later than it begins")
        held = self._check_claim(stamp)
        if held and not renew:
            return
        self.record(stamp, Claimed, claimant=stamp.actor, claim_session=stamp.session, until=until)
        if self.state.assignee is None:
            self.record(stamp, AssigneeChanged, assignee=stamp.actor)

    def release(self, stamp: Stamp, reason: str = "", *, force: bool = False) -> None:
        """End one's own claim, or those of others that have run out; running ones of others only with `force`.

        Another session of the same actor is no stranger. Raises `ClaimedByOtherError`.
        """
        self._check_exists()
        own = tuple(claim for claim in self.state.claims if claim.claimant == stamp.actor)
        same = tuple(claim for claim in own if claim.session == stamp.session)
        running = self.state.active_claim(stamp.at)
        if not own and running is not None and not force:
            raise _claimed(self.state.name, running)
        self._end_claims(stamp, same or own or self.state.claims, reason)

    def observe_claims(self, claims: Iterable[Claim]) -> None:
        """Take the claims to be these, as branches that this history has not met left them: a fact about others."""
        self.state = replace(self.state, claims=tuple(claims))

    def _check_claim(self, stamp: Stamp) -> bool:
        """Whether this worker holds the claim; raises `ClaimedByOtherError` while another one does."""
        claim = self.state.active_claim(stamp.at)
        if claim is None:
            return False
        if claim.is_held_by(stamp.actor, stamp.session):
            return True
        raise _claimed(self.state.name, claim)

    def _end_claims(self, stamp: Stamp, claims: Iterable[Claim], reason: str = "") -> None:
        for claim in claims:
            self.record(
                stamp,
                ClaimReleased,
                claimant=claim.claimant,
                claim_session=claim.session,
                reason=text.body("reason", reason),
            )

    def assign(self, stamp: Stamp, assignee: str | None) -> None:
        """Make one person responsible, or nobody."""
        self._check_exists()
        assignee = text.title(assignee, "assignee") if assignee is not None else None
        if self.state.assignee != assignee:
            self.record(stamp, AssigneeChanged, assignee=assignee)

    # --- what it says

    def edit(
        self,
        stamp: Stamp,
        *,
        title: str | None = None,
        description: str | None = None,
        work_type: WorkType | None = None,
        parent: ParentFacts | None = None,
        children: Iterable[WorkType] = (),
    ) -> None:
        """Change title, description or type; None leaves one as it is.

        A new type must fit the present `parent` and the types of the present `children` (`ParentTypeError`).
        """
        self._check_exists()
        state = self.state
        new_title = text.title(title) if title is not None else state.title
        new_description = text.body("description", description) if description is not None else state.description
        new_type = work_type or state.work_type
        if new_type is not state.work_type:
            _check_parent(new_type, parent)
            for child in children:
                _check_parent(child, ParentFacts(item_id=state.item_id, work_type=new_type))
        changes = {
            "title": new_title if new_title != state.title else None,
            "description": new_description if new_description != state.description else None,
            "work_type": new_type if new_type is not state.work_type else None,
        }
        if any(value is not None for value in changes.values()):
            self.record(stamp, DetailsChanged, **changes)

    def prioritize(self, stamp: Stamp, priority: Priority) -> None:
        """Change the urgency."""
        self._check_exists()
        if self.state.priority is not priority:
            self.record(stamp, PriorityChanged, priority=priority)

    def add_labels(self, stamp: Stamp, labels: Iterable[str]) -> None:
        """Put labels on; those it has already change nothing."""
        self._check_exists()
        new = {text.label(label) for label in labels} - self.state.labels
        if new:
            self.record(stamp, LabelsAdded, labels=tuple(sorted(new)))

    def remove_labels(self, stamp: Stamp, labels: Iterable[str]) -> None:
        """Take labels off; those it has not change nothing."""
        self._check_exists()
        gone = set(labels) & self.state.labels
        if gone:
            self.record(stamp, LabelsRemoved, labels=tuple(sorted(gone)))

    def comment(
        self, stamp: Stamp, words: str, *, author: str | None = None, written_at: datetime | None = None
    ) -> None:
        """Say something; `author` and `written_at` for words that are not the actor's own or not of now."""
        self._check_exists()
        words = text.body("comment", words)
        if not words.strip():
            raise InvalidValueError("comment", words, "a comment has at least one visible character")
        self.record(stamp, CommentAdded, text=words, author=author, written_at=written_at)

    def remove_comment(self, stamp: Stamp, comment: str) -> None:
        """Withdraw the comment that the event `comment` added; nothing when it is not there."""
        self._check_exists()
        if any(seen.comment_id == comment for seen in self.state.comments):
            self.record(stamp, CommentRemoved, comment=comment)

    def set_due(self, stamp: Stamp, due: date | None) -> None:
        """Set or clear the day by which the item should be done."""
        self._check_exists()
        if self.state.due != due:
            self.record(stamp, DueDateChanged, due=due)

    def set_estimate(self, stamp: Stamp, minutes: int | None) -> None:
        """Set or clear the work expected, in minutes."""
        self._check_exists()
        if self.state.estimate != text.duration_minutes(minutes):
            self.record(stamp, EstimateChanged, minutes=minutes)

    def measure(self, stamp: Stamp, coverage: TestCoverage | None, tests: TestRatio | None) -> None:
        """Record what the tests show; None keeps what was known."""
        self._check_exists()
        coverage = coverage or self.state.coverage
        tests = tests or self.state.tests
        if (coverage, tests) == (self.state.coverage, self.state.tests):
            return
        self.set_metrics(stamp, coverage, tests)

    def set_metrics(self, stamp: Stamp, coverage: TestCoverage | None, tests: TestRatio | None) -> None:
        """Record the metrics exactly as given; None for unknown."""
        self._check_exists()
        self.record(
            stamp,
            QualityMetricsUpdated,
            coverage=None if coverage is None else coverage.percent,
            positive=None if tests is None else tests.positive,
            negative=None if tests is None else tests.negative,
            edge=None if tests is None else tests.edge,
        )

    # --- how it stands to others

    def move_under(self, stamp: Stamp, parent: ParentFacts | None) -> None:
        """Stand under another item, or at the top; raises `ParentTypeError`."""
        self._check_exists()
        if self.state.parent == (None if parent is None else parent.item_id):
            return
        _check_parent(self.state.work_type, parent)
        self.record(stamp, ParentChanged, parent=None if parent is None else parent.item_id)

    def depend_on(self, stamp: Stamp, target: str, kind: DependencyKind = DependencyKind.BLOCKS) -> None:
        """Lean on the item `target` (internal id); raises `InvalidValueError` for itself."""
        self._check_exists()
        if target == self.state.item_id:
            raise InvalidValueError("dependency", self.state.name, "an item cannot depend on itself")
        if Dependency(kind=kind, target=target) not in self.state.dependencies:
            self.record(stamp, DependencyAdded, target=target, kind=kind)

    def stop_depending_on(self, stamp: Stamp, target: str, kind: DependencyKind = DependencyKind.BLOCKS) -> None:
        """Lean on `target` no longer; nothing when it did not."""
        self._check_exists()
        if Dependency(kind=kind, target=target) in self.state.dependencies:
            self.record(stamp, DependencyRemoved, target=target, kind=kind)


def _claimed(item: str, claim: Claim) -> ClaimedByOtherError:
    return ClaimedByOtherError(item, claim.claimant, claim.session, claim.until)


def _check_parent(work_type: WorkType, parent: ParentFacts | None) -> None:
    if parent is not None and not work_type.may_have_parent(parent.work_type):
        raise ParentTypeError(work_type, parent.work_type, PARENT_TYPES[work_type])
