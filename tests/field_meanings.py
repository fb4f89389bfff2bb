"""What each field of an event's data means, for docs/format.md: by `event.field`, or by `field` alone."""

from __future__ import annotations

from collections.abc import Mapping

_REASON = "why, in the words of whoever gave the command"
_ITEM = "the other item, as internal id"

FIELD_MEANINGS: Mapping[str, str] = {
    "display_id": "what people call the item",
    "work_type": "the kind of work",
    "title": "one line",
    "description": "more about it",
    "priority": "how urgent it is",
    "created.parent": "the item it stands under, as internal id; null at the top",
    "parent_changed.parent": "the item it stands under from now on, as internal id; null at the top",
    "details_changed.title": "the new one; null where it stays",
    "details_changed.description": "the new one; null where it stays",
    "details_changed.work_type": "the new one; null where it stays",
    "from_status": "where the item stood",
    "to_status": "where it stands from now on",
    "reason": _REASON,
    "forced": "whether open children or a quality gate were overruled",
    "settles": "the ids of the last steps of each branch, sorted",
    "reconciled.forced": "whether the step that is kept was forced",
    "corrects": "the id of the status event that is taken back",
    "assignee": "who is responsible, best as `Name <mail>`; null for nobody",
    "claimant": "whose claim it is, as `actor`",
    "claim_session": "the claimant's session, if one was named",
    "until": "when the claim ends by itself",
    "target": _ITEM,
    "kind": "how the two are connected",
    "labels": "each once, sorted by code point",
    "text": "what was said",
    "author": "who said it, where that is not the actor",
    "written_at": "when, where that is not the event's time",
    "comment": "the id of the `comment_added` event",
    "due": "the day; null for none",
    "minutes": "from 1 up; null for unknown",
    "coverage": "percent from 0 to 100",
    "positive": "tests that show what works",
    "negative": "tests that show what is refused",
    "edge": "tests of what lies at the border",
    "origin": "the other tracker, such as `beads`",
    "reference": "the item's id there",
    "original": "the fields that have no place here, as text; sorted by key",
}


def meaning(event: str, field: str) -> str:
    """The meaning of a field of `event` (`status_changed`, say); raises `KeyError` for a field that has none yet."""
    return FIELD_MEANINGS.get(f"{event}.{field}") or FIELD_MEANINGS[field]
