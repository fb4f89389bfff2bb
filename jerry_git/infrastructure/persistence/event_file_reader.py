"""Event files judged by every rule of the format, by path and bytes, wherever the bytes come from.

The judges are imported when there is something to judge: most of the time a hook finds nothing of ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jerry_domain.ports.event_store import Problem
from jerry_git.application.checking.sources import EventFile
from jerry_git.application.layout import ARCHIVE, EVENTS

if TYPE_CHECKING:
    from jerry_git.infrastructure.persistence.codec import CodecError


class CloudEventFileReader:
    """Implements `EventFileReader` for the files of docs/format.md."""

    folder = EVENTS
    archive = ARCHIVE
    creations = "00000001-*.json"

    def stream_folder(self, path: str) -> str | None:
        """See `EventFileReader.stream_folder`."""
        from jerry_git.infrastructure.persistence.event_paths import is_event_path

        return path.rpartition("/")[0] if is_event_path(path) else None

    def folder_of(self, stream: str) -> str | None:
        """See `EventFileReader.folder_of`."""
        from jerry_domain.errors import InvalidValueError
        from jerry_git.infrastructure.persistence.event_paths import stream_folder

        try:
            return stream_folder(stream)
        except InvalidValueError:
            return None

    def mark(self, path: str) -> str:
        """See `EventFileReader.mark`: the last 12 hexadecimal digits of the id."""
        return path.rpartition("-")[2]

    def is_archive(self, path: str) -> bool:
        """See `EventFileReader.is_archive`."""
        from jerry_git.infrastructure.persistence.event_paths import is_archive

        return is_archive(path)

    def is_leftover(self, path: str) -> bool:
        """See `EventFileReader.is_leftover`."""
        from jerry_git.infrastructure.persistence.event_paths import is_leftover

        return is_leftover(path.rpartition("/")[2])

    def read(self, path: str, content: bytes) -> EventFile:
        """See `EventFileReader.read`."""
        if path.startswith(f"{ARCHIVE}/"):
            from jerry_git.infrastructure.persistence.archives import batches_in

            return EventFile(path, problems=tuple(batches_in(path, content)[1]))
        from jerry_git.infrastructure.persistence.codec import CodecError, decode, encode
        from jerry_git.infrastructure.persistence.event_files import check_names

        folder, _, name = path.rpartition("/")
        try:
            batch = decode(content)
            check_names(batch, folder.rpartition("/")[2], name)
        except CodecError as error:
            return EventFile(path, problems=self._problems(path, content, error))
        if encode(batch) == content:
            return EventFile(path, events=batch)
        line = _first_difference(content, encode(batch))
        message = "is not in the canonical form (docs/format.md): a text fixer or an editor has touched it"
        problem = Problem(
            code="not-canonical", path=path, message=message, mend=f"git checkout HEAD -- {path}", line=line
        )
        return EventFile(path, events=batch, problems=(problem,))

    def _problems(self, path: str, content: bytes, error: CodecError) -> tuple[Problem, ...]:
        mend = error.mend.replace("PATH", path)
        first = Problem(code=error.code, path=path, message=error.message, mend=mend, line=error.line)
        if error.code != "invalid-event":
            return (first,)
        from jerry_git.infrastructure.persistence.diagnosis import diagnose

        return diagnose(path, content) or (first,)


def _first_difference(content: bytes, wanted: bytes) -> int:
    """The first line, 1-based, that differs."""
    pairs = zip(content.split(b"\n"), wanted.split(b"\n"), strict=False)
    same = 0
    for one, other in pairs:
        if one != other:
            break
        same += 1
    return same + 1
