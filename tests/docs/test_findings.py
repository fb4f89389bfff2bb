"""Every code has a page, and the list of codes is that of the rules."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from jerry_git.application.checking.findings import RULES

FOLDER = Path(__file__).parent.parent.parent / "docs" / "findings"


@pytest.mark.positive
@pytest.mark.parametrize("code", RULES)
def test_a_code_has_a_page_that_says_what_why_and_how_to_mend(code: str) -> None:
    page = (FOLDER / f"{code}.md").read_text()
    assert page.startswith(f"# {code}\n\n")
    flat = " ".join(page.split())
    assert f"{RULES[code].title} Severity: {RULES[code].severity}, unless" in flat
    assert re.findall(r"^## (.+)$", page, re.MULTILINE) == ["What", "Why", "How to mend it"]


@pytest.mark.positive
def test_no_page_is_of_a_code_that_there_is_not() -> None:
    assert {path.stem for path in FOLDER.glob("*.md")} - {"README"} == set(RULES)


@pytest.mark.positive
def test_the_list_names_every_code_with_its_severity() -> None:
    rows = re.findall(
        r"^\| \[([a-z0-9-]+)\]\(\1\.md\) \| (error|warning) \|", (FOLDER / "README.md").read_text(), re.MULTILINE
    )
    assert rows == [(code, rule.severity) for code, rule in RULES.items()]
