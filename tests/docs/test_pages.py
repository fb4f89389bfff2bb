"""The pages say what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from jerry_domain.events.work_item_events import WORK_ITEM_EVENTS
from jerry_domain.value_objects.quality import GateLevel
from jerry_git.cli.main import SECTIONS
from jerry_git.infrastructure.adapters.configuration import load_settings
from jerry_git.infrastructure.persistence.codec import decode, encode
from jerry_git.infrastructure.persistence.event_paths import file_name, stream_folder
from tests.docs.terminal import ROOT, blocks
from tests.generate import generated

DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md")])
GENERATED = generated()


@pytest.mark.positive
@pytest.mark.parametrize("path", GENERATED, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_is_made_from_the_code_is_up_to_date(path: Path) -> None:
    """`just docs` writes these files; they are committed as it writes them."""
    assert path.read_bytes() == GENERATED[path]


@pytest.mark.positive
def test_the_example_of_the_format_is_a_file_in_canonical_form() -> None:
    """The codec reads the example and writes the same bytes, at the place that the page names."""
    page = DOCS / "format.md"
    (example,) = blocks(page, "json")
    batch = decode(example.encode())
    assert encode(batch) == example.encode()
    assert f"`{stream_folder(batch[0].stream)}/{file_name(batch)}`" in page.read_text()


@pytest.mark.positive
def test_the_format_names_every_event_type() -> None:
    """A second implementation needs them all."""
    text = (DOCS / "format.md").read_text()
    assert [event.event_type for event in WORK_ITEM_EVENTS if f"### `{event.event_type}`" not in text] == []


@pytest.mark.positive
def test_the_example_settings_are_accepted(tmp_path: Path) -> None:
    """What the page shows can be copied into a pyproject."""
    (example,) = blocks(DOCS / "settings.md", "toml")
    (tmp_path / "pyproject.toml").write_text(example)
    assert load_settings(tmp_path).quality.default is GateLevel.L1


@pytest.mark.positive
def test_every_json_schema_of_the_code_is_documented() -> None:
    """`--json` is a contract: each shape that the command line prints has its row."""
    code = "".join(path.read_text() for path in (ROOT / "jerry_git").rglob("*.py"))
    used = set(re.findall(r'"(jerry\.[a-z]+\.v\d+)"', code))
    documented = set(re.findall(r"`(jerry\.[a-z]+\.v\d+)`", (DOCS / "json.md").read_text()))
    assert used == documented


@pytest.mark.positive
@pytest.mark.parametrize("name", [name for section in SECTIONS.values() for name in section])
def test_every_command_stands_in_the_readme(name: str) -> None:
    """A newcomer can find each command in the table."""
    assert f"`{name}`" in (ROOT / "README.md").read_text()


@pytest.mark.positive
def test_every_decision_is_listed() -> None:
    """The list of decisions names each file with its own title."""
    folder = DOCS / "decisions"
    listed = re.findall(r"\* \[(.+)\]\((ADR-\d+-[a-z-]+\.md)\)", (folder / "README.md").read_text())
    there = [(path.read_text().partition("\n")[0].removeprefix("# "), path.name) for path in folder.glob("ADR-*.md")]
    assert sorted(listed) == sorted(there)


@pytest.mark.negative
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_no_link_leads_nowhere(page: Path) -> None:
    """Links between pages point at files that are there."""
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text())
    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.positive
def test_every_page_can_be_reached_from_the_index() -> None:
    """No page of the documentation is an orphan."""
    index = (DOCS / "index.md").read_text()
    orphans = [page.name for page in DOCS.glob("*.md") if page.name != "index.md" and f"({page.name})" not in index]
    assert orphans == []
