"""Pages with transcripts show what the commands print."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.terminal import ROOT, blocks, played, steady
from tests.generate import PLAYED, refreshed

PAGES = [pytest.param(ROOT / "docs" / name, id=name) for name in PLAYED]


@pytest.mark.positive
@pytest.mark.parametrize("page", PAGES)
def test_the_page_shows_what_happens(page: Path, tmp_path: Path) -> None:
    """All its transcripts, one after the other in one repository."""
    transcript = "".join(blocks(page, "console"))
    assert steady(played(transcript, tmp_path)) == steady(transcript)


@pytest.mark.edge
def test_what_is_up_to_date_is_written_as_it_stands() -> None:
    """Times pass, and are no change."""
    page = ROOT / "docs" / PLAYED[0]
    assert refreshed(page) == page.read_text()
