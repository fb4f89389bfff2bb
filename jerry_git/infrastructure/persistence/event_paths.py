"""What event files and their folders are called, and where they lie (DESIGN 3)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from jerry_domain.errors import InvalidValueError
from jerry_domain.value_objects.work_item_id import WorkItemId
from jerry_git.application.layout import ARCHIVE, EVENTS
from jerry_git.infrastructure.persistence.disk import TEMPORARY

if TYPE_CHECKING:
    from jerry_domain.events.base import RecordedEvent

A_MONTH = "a folder named yyyy-mm"
A_STREAM = "a folder named after a stream"
AN_ARCHIVE = "an archive, named yyyy-mm, hyphen, 12 digits, .jsonl"
A_FILE = "a file named 8 digits, hyphen, 12 digits, .json"
FILE = re.compile(r"(?P<version>[0-9]{8})-(?P<suffix>[0-9a-f]{12})\.json")
MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_LEFTOVER = re.compile(rf"\.{FILE.pattern}\.[0-9]+{re.escape(TEMPORARY)}")
ARCHIVE_FILE = re.compile(rf"(?P<month>{MONTH.pattern})-(?P<suffix>[0-9a-f]{{12}})\.jsonl")
STREAM = re.compile(r"(?P<category>[a-z][a-z_]*)-(?P<id>[0-9a-z]+)")


@lru_cache(4096)
def stream_folder(stream: str) -> str:
    """The folder of a stream, relative to the root: it follows from the id alone; raises `InvalidValueError`."""
    match = STREAM.fullmatch(stream)
    if match is None:
        raise InvalidValueError("stream", stream, "a stream is named by category, hyphen and id")
    return f"{EVENTS}/{WorkItemId.parse(match['id']).month}/{stream}"


def is_stream_of(stream: str, month: str) -> bool:
    """Whether `stream` is the name of a stream whose folder lies below the folder of `month`."""
    try:
        return stream_folder(stream).split("/")[-2] == month
    except InvalidValueError:
        return False


def file_name(batch: Sequence[RecordedEvent]) -> str:
    """The name of a batch's file: first version, and the last 12 digits of the first event's id."""
    return f"{batch[0].version:08d}-{batch[0].event.event_id[-12:]}.json"


def is_event_path(path: str) -> bool:
    """Whether `path`, relative to the root, is where an event file can be."""
    folder, _, name = path.rpartition("/")
    try:
        return bool(FILE.fullmatch(name)) and stream_folder(folder.rpartition("/")[2]) == folder
    except InvalidValueError:
        return False


def is_archive(path: str) -> bool:
    """Whether `path`, relative to the root, is where an archive can be."""
    folder, _, name = path.rpartition("/")
    return folder == ARCHIVE and ARCHIVE_FILE.fullmatch(name) is not None


def month_of_archive(path: str) -> str:
    """The month whose streams an archive has: that of their making, as in the path of their folders."""
    return path.rpartition("/")[2][:7]


def is_leftover(name: str) -> bool:
    """Whether a file of this name is what a killed writer leaves beside event files."""
    return _LEFTOVER.fullmatch(name) is not None


def finished_name(name: str) -> str:
    """The name that a leftover would have got."""
    return name[1:].removesuffix(TEMPORARY).rpartition(".")[0]
