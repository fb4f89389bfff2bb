"""The page on looking back shows what the commands print."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.terminal import ROOT, blocks, played, steady
from tests.generate import refreshed

PAGE = ROOT / "docs" / "time-travel.md"


@pytest.mark.positive
def test_the_page_shows_what_happens(tmp_path: Path) -> None:
    """All its transcripts, one after the other in one repository."""
    transcript = "".join(blocks(PAGE, "console"))
    assert steady(played(transcript, tmp_path)) == steady(transcript)


@pytest.mark.edge
def test_what_is_up_to_date_is_written_as_it_stands() -> None:
    """Times pass, and are no change."""
    assert refreshed(PAGE) == PAGE.read_text()
