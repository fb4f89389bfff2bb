"""One event of each kind in its place in the log: what the files in `samples/` hold, for ever (DESIGN 3)."""

from __future__ import annotations

from pathlib import Path

from jerry_domain.events.base import RecordedEvent
from jerry_domain.events.work_item_events import Created
from jerry_git.testing.histories import ONE_OF_EACH, happened
from tests.infrastructure.stores import SOURCE, STREAM

FOLDER = Path(__file__).parent / "samples"

_PARENTS = tuple(happened(Created, name, display_id="", work_type="", title="").event_id for name in ("left", "right"))


def _placed(number: int) -> RecordedEvent:
    first = number == 1
    return RecordedEvent(
        event=ONE_OF_EACH[number - 1],
        stream=STREAM,
        version=number,
        parents=() if first else _PARENTS[: number % 2 + 1],
        source=SOURCE,
    )


SAMPLES = {event.event_type: _placed(number) for number, event in enumerate(ONE_OF_EACH, 1)}


def sample_path(event_type: str) -> Path:
    """The file that holds the sample of an event type."""
    return FOLDER / f"{event_type}.json"
