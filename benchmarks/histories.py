"""What the other trackers would have written of the items of `growing`: the same ten changes to each."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime

from benchmarks.growing import OPEN

BEGUN = 1_700_000_000
"""Seconds since 1970, when the first item was made; another comes each hour."""


def is_open(number: int, items: int) -> bool:
    """Whether an item is one of the youngest."""
    return number >= items - OPEN


def title(number: int) -> str:
    """As `growing` words it."""
    return f"Item {number} of a long list of work"


def moment(number: int, change: int = 0) -> int:
    """When a change was made, in seconds since 1970."""
    return BEGUN + number * 3600 + change * 60


def _comments(number: int) -> list[str]:
    return [f"Comment {each} on {number}: this is how it went, and what is next." for each in range(3)]


def _description(number: int) -> str:
    return f"What there is to do about {number}, in a sentence or two. " * 3


def _labels(number: int, items: int) -> list[str]:
    return [f"label-{number % 20}", *(["open", "waiting"] if is_open(number, items) else [])]


def _person(number: int) -> str:
    return f"Person {number % 7} <person{number % 7}@example.org>"


def markdown(number: int, items: int) -> str:
    """A task of Backlog.md as it is after its ten changes, for it keeps no others."""
    status = "To Do" if is_open(number, items) else "Done"
    day = f"{datetime.fromtimestamp(moment(number), UTC):%Y-%m-%d %H:%M}"
    comments = "".join(f"created: {day}\n---\n{text}\n---\n" for text in _comments(number))
    head = f"id: TASK-{number + 1}\ntitle: {title(number)}\nstatus: {status}\nassignee:\n  - '{_person(number)}'\n"
    head += f"created_date: '{day}'\nupdated_date: '{day}'\nlabels:\n" + "".join(
        f"  - {label}\n" for label in _labels(number, items)
    )
    priority = ("high", "medium", "low")[number % 3]
    head += f"dependencies: []\npriority: {priority}\nordinal: {number * 1000}\n"
    told = f"<!-- SECTION:DESCRIPTION:BEGIN -->\n{_description(number)}\n<!-- SECTION:DESCRIPTION:END -->\n"
    spoken = f"<!-- COMMENTS:BEGIN -->\n{comments}<!-- COMMENTS:END -->\n"
    return f"---\n{head}---\n\n## Description\n\n{told}\n## Comments\n\n{spoken}"


DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def ticket_id(number: int) -> str:
    """The name of a ticket of ticket: four letters or digits after those of its folder."""
    return "work-" + "".join(DIGITS[number // 36**place % 36] for place in (3, 2, 1, 0))


def front_matter(number: int, items: int) -> str:
    """A ticket of ticket as it is after its ten changes, for it keeps no others; the comments are notes."""

    def when(change: int) -> str:
        return f"{datetime.fromtimestamp(moment(number, change), UTC):%Y-%m-%dT%H:%M:%SZ}"

    status = "open" if is_open(number, items) else "closed"
    head = f"id: {ticket_id(number)}\nstatus: {status}\ndeps: []\nlinks: []\ncreated: {when(0)}\ntype: task\n"
    head += f"priority: {number % 4}\nassignee: {_person(number)}\ntags: [{', '.join(_labels(number, items))}]\n"
    notes = "".join(f"\n**{when(5 + at)}**\n\n{text}\n" for at, text in enumerate(_comments(number)))
    return f"---\n{head}---\n# {title(number)}\n\n{_description(number)}\n\n\n## Notes\n{notes}"


def lines(number: int, items: int) -> Iterator[str]:
    """A task of Taskwarrior after each of its ten changes."""
    made = str(moment(number))
    name = hashlib.sha256(made.encode()).hexdigest()
    uuid = f"{name[:8]}-{name[8:12]}-4{name[13:16]}-8{name[17:20]}-{name[20:32]}"
    task = {"description": title(number), "entry": made, "status": "pending", "uuid": uuid}
    person = _person(number).split(" <")[0]
    changes: list[dict[str, str]] = [
        {},
        {f"annotation_{moment(number, 1)}": _description(number)},
        {"tags": f"label{number % 20}"},
        {"priority": "HML"[number % 3]},
        {"project": person},
        *({f"annotation_{moment(number, 5 + at)}": text} for at, text in enumerate(_comments(number))),
    ]
    if is_open(number, items):
        changes += [{"tags": f"label{number % 20},open"}, {"tags": f"label{number % 20},open,waiting"}]
    else:
        changes += [{"start": str(moment(number, 8))}, {"status": "completed", "end": str(moment(number, 9))}]
    for at, change in enumerate(changes):
        task |= {**change, "modified": str(moment(number, at))}
        yield "[" + " ".join(f'{key}:"{task[key]}"' for key in sorted(task)) + "]"


def ticket(number: int) -> str:
    """The name of a ticket of Fossil."""
    return hashlib.sha1(title(number).encode(), usedforsecurity=False).hexdigest()


def cards(number: int, items: int) -> Iterator[str]:
    """The ten changes to a ticket of Fossil, each an artifact in its format."""
    changes: list[dict[str, str]] = [
        {"status": "Open", "title": title(number), "type": "Task"},
        {"comment": _description(number)},
        {"subsystem": f"label-{number % 20}"},
        {"priority": ("Immediate", "High", "Medium", "Low")[number % 4]},
        {"private_contact": _person(number)},
        *({"+icomment": text, "login": "ada", "username": "ada"} for text in _comments(number)),
    ]
    if is_open(number, items):
        changes += [{"severity": "Minor"}, {"foundin": "waiting"}]
    else:
        changes += [{"status": "Verified"}, {"status": "Closed", "resolution": "Fixed"}]
    for at, change in enumerate(changes):
        when = f"{datetime.fromtimestamp(moment(number, at), UTC):%Y-%m-%dT%H:%M:%S}.000"
        fields = "".join(f"J {key} {_quoted(change[key])}\n" for key in sorted(change))
        text = f"D {when}\n{fields}K {ticket(number)}\nU ada\n"
        yield f"{text}Z {hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()}\n"


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace(" ", "\\s")
