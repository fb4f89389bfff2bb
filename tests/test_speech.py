"""The project speaks of itself alone."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# Written in parts, so that this file does not find itself.
_HOMES = re.compile(r"/" + r"(?:root|Users)/[a-z]|/" + r"work/(?:main|shared)")
_HOSTS = re.compile(r"(?:files\.)?python" + r"hosted\.org|registry\." + r"npmjs|py" + r"pi\.org")
DATA = (".jsonl", ".xz")


def _tracked() -> list[Path]:
    printed = subprocess.run(("git", "ls-files", "-z"), cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in printed.split("\0") if name and not name.endswith(DATA)]


@pytest.mark.negative
@pytest.mark.parametrize("pattern", [_HOMES, _HOSTS], ids=["a path of one machine", "a host of a package registry"])
def test_no_file_names(pattern: re.Pattern[str]) -> None:
    """What is true on one machine only stays there."""
    found = [path.name for path in _tracked() if path.is_file() and pattern.search(path.read_text(errors="replace"))]
    assert found == []
