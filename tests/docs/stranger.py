"""Another program that reads and writes event files: made from docs/format.md alone, it imports nothing of ours."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

Event = dict[str, Any]
Item = dict[str, Any]

DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


def month(item_id: str) -> str:
    """The UTC month in an internal id."""
    number = 0
    for digit in item_id:
        number = number * 32 + DIGITS.index(digit)
    return f"{EPOCH + timedelta(milliseconds=number >> 22):%Y-%m}"


def item_id(moment: datetime, tail: int) -> str:
    """An internal id of that millisecond."""
    number = ((moment - EPOCH) // timedelta(milliseconds=1)) << 22 | tail
    return "".join(DIGITS[number >> 5 * place & 31] for place in reversed(range(13)))


def place(batch: Sequence[Event]) -> str:
    """Where the file of a batch lies."""
    stream = batch[0]["subject"]
    folder = f".jerry/events/{month(stream.partition('-')[2])}/{stream}"
    return f"{folder}/{batch[0]['streamversion']:08d}-{batch[0]['id'][-12:]}.json"


def canonical(batch: Sequence[Event]) -> bytes:
    """The bytes of a batch whose keys are in order already."""
    return (json.dumps(batch, indent=2, ensure_ascii=False) + "\n").encode()


def files(root: Path) -> Iterable[tuple[Path, list[Event]]]:
    """The batches in event files."""
    for path in root.glob(".jerry/events/*/*/*.json"):
        batch = json.loads(path.read_bytes())
        assert path == root / place(batch), path
        yield path, batch


def lines(root: Path) -> Iterable[tuple[Path, list[Event]]]:
    """The batches in archives."""
    for path in root.glob(".jerry/archive/*.jsonl"):
        content = path.read_bytes()
        batches = [json.loads(line) for line in content.splitlines()]
        assert path.name == f"{place(batches[0]).split('/')[2]}-{sha256(content).hexdigest()[:12]}.jsonl"
        assert batches == sorted(batches, key=place)
        for batch in batches:
            assert place(batch).split("/")[2] == path.name[:7]
            yield path, batch


def read_streams(root: Path) -> dict[str, list[Event]]:
    """The events of every stream, in the order of folding."""
    streams: dict[str, dict[str, Event]] = {}
    for path, batch in (*files(root), *lines(root)):
        for event in batch:
            known = streams.setdefault(event["subject"], {}).setdefault(event["id"], event)
            assert known == event, path
    return {stream: in_order(events.values()) for stream, events in sorted(streams.items())}


def in_order(events: Iterable[Event]) -> list[Event]:
    """Parents first, then by version, time and id."""
    left = {event["id"]: event for event in events}
    taken: list[Event] = []
    while left:
        free = [event for event in left.values() if not set(event.get("parents", "").split()) & left.keys()]
        lowest = min(free, key=lambda event: (event["streamversion"], event["time"], event["id"]))
        taken.append(left.pop(lowest["id"]))
    return taken


def heads(events: Sequence[Event]) -> list[str]:
    """The events that no other names as a parent."""
    parents = {parent for event in events for parent in event.get("parents", "").split()}
    return sorted(event["id"] for event in events if event["id"] not in parents)


def fold(events: Iterable[Event]) -> Item:
    """The item that the events make."""
    item: Item = {
        "display_id": None, "aliases": [], "title": "", "description": "", "work_type": "task", "priority": "medium",
        "status": "pending", "reason": "", "closed": None, "assignee": None, "claims": [], "parent": None, "due": None,
        "minutes": None, "dependencies": set(), "labels": set(), "comments": {}, "coverage": None, "tests": None,
        "imported": [], "deleted": False, "made": None, "changed": None,
    }  # fmt: skip
    for event in events:
        _change(item, event["type"].split(".")[2], event["data"], event)
        item["changed"] = event["time"]
    return item


def _change(item: Item, kind: str, data: Event, event: Event) -> None:  # noqa: C901 - a branch for each row
    match kind:
        case "created":
            item |= {"description": "", "priority": "medium", "parent": None, **data}
            item["made"] = (event["time"], event["actor"])
        case "details_changed":
            item |= {key: value for key, value in data.items() if value is not None}
        case "status_changed" | "status_corrected" | "reconciled":
            closed = event["time"] if data["to_status"] in ("done", "cancelled") else None
            item |= {"status": data["to_status"], "reason": data.get("reason", ""), "closed": closed}
        case (
            "priority_changed" | "assignee_changed" | "parent_changed" | "due_date_changed" | "estimate_changed"
        ):  # the one field that it has
            item |= data
        case "claimed":
            worker = (data["claimant"], data.get("claim_session"))
            running = [claim for claim in item["claims"] if claim["until"] > event["time"]]
            since = min([event["time"], *(claim["since"] for claim in running if claim["worker"] == worker)])
            own = {"worker": worker, "until": data["until"], "since": since}
            others = [claim for claim in running if claim["worker"] != worker]
            item["claims"] = sorted(
                [*others, own], key=lambda claim: (claim["since"], claim["worker"][0], claim["worker"][1] or "")
            )
        case "claim_released":
            worker = (data["claimant"], data.get("claim_session"))
            item["claims"] = [claim for claim in item["claims"] if claim["worker"] != worker]
        case "dependency_added":
            item["dependencies"].add((data["kind"], data["target"]))
        case "dependency_removed":
            item["dependencies"].discard((data["kind"], data["target"]))
        case "labels_added":
            item["labels"].update(data["labels"])
        case "labels_removed":
            item["labels"].difference_update(data["labels"])
        case "comment_added":
            author, at = data.get("author") or event["actor"], data.get("written_at") or event["time"]
            item["comments"][event["id"]] = (author, at, data["text"])
        case "comment_removed":
            item["comments"].pop(data["comment"], None)
        case "quality_metrics_updated":
            counts = [data.get(name) for name in ("positive", "negative", "edge")]
            item["coverage"] = data.get("coverage")
            item["tests"] = None if counts == [None] * 3 else [count or 0 for count in counts]
        case "display_id_changed":
            former = [*item["aliases"], item["display_id"]]
            item["aliases"] = [alias for alias in former if alias not in (None, data["display_id"])]
            item["display_id"] = data["display_id"]
        case "imported":
            item["imported"].append(data)
        case "deleted" | "restored":
            item["deleted"] = kind == "deleted"
        case _:
            raise AssertionError(f"the page says nothing of {kind}")


def append(root: Path, stream: str, kind: str, data: Event, *, command: UUID, at: datetime, **extra: str) -> str:
    """Append one event on what is there, and return the path of its file."""
    events = read_streams(root).get(stream, [])
    event: Event = {
        "specversion": "1.0",
        "id": str(uuid5(command, f"{stream}/0")),
        "source": f"urn:uuid:{json.loads((root / '.jerry/repository.json').read_bytes())['id']}",
        "type": f"jerry.work_item.{kind}.v1",
        "subject": stream,
        "time": f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z",
        "streamversion": max((event["streamversion"] for event in events), default=0) + 1,
        **({"parents": " ".join(heads(events))} if events else {}),
        "actor": "Stranger <stranger@example.org>",
        "correlationid": str(command),
        **extra,
        "data": data,
    }
    path = root / place([event])
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.1.tmp")
    unfinished.write_bytes(canonical([event]))
    unfinished.rename(path)
    return str(path.relative_to(root))
