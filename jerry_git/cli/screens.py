"""One item on a screen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import click

from jerry_domain.services.dependency_graph import open_blockers
from jerry_domain.value_objects.classification import DependencyKind
from jerry_git.cli.printing import cell, line, shorten
from jerry_git.cli.views import said

if TYPE_CHECKING:
    from jerry_domain.aggregates.work_item_state import WorkItemState
    from jerry_domain.services.divergence import Divergence
    from jerry_git.application.board import Board

_REVERSE = {
    DependencyKind.BLOCKS: "Blocks",
    DependencyKind.RELATES_TO: "Related from",
    DependencyKind.DISCOVERED_FROM: "Led to",
    DependencyKind.DUPLICATES: "Duplicated by",
}
_FORWARD = {
    DependencyKind.BLOCKS: "Depends on",
    DependencyKind.RELATES_TO: "Relates to",
    DependencyKind.DISCOVERED_FROM: "Found at",
    DependencyKind.DUPLICATES: "Duplicates",
}


def screen(board: Board, state: WorkItemState, now: datetime) -> Iterator[str]:
    """The lines that `jerry show` prints for an item."""
    deleted = " · deleted" if state.deleted else ""
    yield f"{click.style(state.name, bold=True)}  {click.style(line(state.title), bold=True)}"
    yield f"{state.work_type} · {state.status} · {state.priority}{deleted}"
    for name, value in _facts(board, state, now):
        yield f"{click.style(f'{name:<13}', dim=True)} {line(value)}"
    for found in board.divergences.get(state.item_id, ()):
        yield from disagreement(board, found)
    if state.item_id in board.incomplete:
        yield click.style("Some of its events are not here: the history is incomplete", fg="yellow")
    if state.description:
        yield ""
        yield from _indented(state.description)
    for comment in state.comments:
        yield ""
        yield click.style(f"{line(comment.author)}, {comment.written_at:%Y-%m-%d %H:%M} UTC:", dim=True)
        yield from _indented(comment.text)


def disagreement(board: Board, found: Divergence) -> Iterator[str]:
    """What branches say differently, the value in effect last."""
    yield click.style(f"Branches disagree about the {found.field} (`jerry reconcile`):", fg="yellow")
    for rival in found.rivals:
        event = rival.recorded.event
        effect = ", in effect" if rival.value == found.effective.value else ""
        value = cell(said(board, found.field, rival.value)) or "nothing"
        who = cell(event.actor.partition(" <")[0])
        yield f"  {shorten(value, 60)}  ({who}, {event.occurred_at:%Y-%m-%d %H:%M} UTC{effect})"


def _facts(board: Board, state: WorkItemState, now: datetime) -> Iterator[tuple[str, str]]:
    """What is known about the item, a name and a value each; what is not known is left out."""
    if state.reason:
        yield "Reason", state.reason
    if state.assignee:
        yield "Assignee", state.assignee
    claim = state.active_claim(now)
    if claim:
        session = f", session {claim.session}" if claim.session else ""
        yield "Claimed", f"by {claim.claimant}{session}, until {claim.until:%Y-%m-%d %H:%M} UTC"
        for later in state.claims:
            if later != claim and later.is_active(now):
                yield "", f"then by {later.claimant}, who took it elsewhere, at {later.since:%Y-%m-%d %H:%M} UTC"
    yield from _relations(board, state)
    if state.labels:
        yield "Labels", " ".join(sorted(state.labels))
    if state.due:
        yield "Due", state.due.isoformat()
    if state.estimate:
        yield "Estimate", f"{state.estimate // 60} h {state.estimate % 60:02d} min"
    measures = [f"coverage {state.coverage}" if state.coverage else "", str(state.tests) if state.tests else ""]
    if any(measures):
        yield "Quality", ", ".join(filter(None, measures))
    yield from _origins(state)


def _relations(board: Board, state: WorkItemState) -> Iterator[tuple[str, str]]:
    if state.parent is not None:
        yield "Parent", _named(board, [state.parent])
    children = board.items.children(state.item_id)
    if children:
        yield "Children", _named(board, children)
    for kind, name in _FORWARD.items():
        if state.targets(kind):
            yield name, _named(board, state.targets(kind))
    dependents = board.items.dependents(state.item_id)
    for kind, name in _REVERSE.items():
        sources = [key for key in dependents if state.item_id in board.items[key].targets(kind)]
        if sources:
            yield name, _named(board, sources)
    inherited = set(open_blockers(board.items, state.item_id)) - set(state.targets(DependencyKind.BLOCKS))
    if inherited:
        yield "Held up by", f"{_named(board, sorted(inherited))}, through its parent"


def _named(board: Board, keys: Iterable[str]) -> str:
    """Items with their status and title: one on the line, several on lines of their own."""
    shown = []
    for key in keys:
        other = board.items.get(key)
        shown.append(f"{other.name} [{other.status}] {other.title}" if other else f"{key} [not here]")
    return f"\n{' ' * 14}".join(shown)


def _origins(state: WorkItemState) -> Iterator[tuple[str, str]]:
    if state.created_at:
        yield "Created", f"{state.created_at:%Y-%m-%d %H:%M} UTC by {state.created_by}"
    if state.closed_at:
        yield "Closed", f"{state.closed_at:%Y-%m-%d %H:%M} UTC"
    if state.aliases:
        yield "Also called", " ".join(state.aliases)
    for origin in state.imported:
        yield "Imported", f"from {origin.origin}: {origin.reference}"


def _indented(text: str) -> Iterator[str]:
    for row in line(text.expandtabs(4)).split("\n"):
        yield f"    {row}".rstrip()
