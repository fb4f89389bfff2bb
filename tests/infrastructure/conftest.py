"""Real git in folders of a test's own, with nobody's configuration, a fixed author and a fixed clock."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.infrastructure.issues import Issues
from tests.infrastructure.repositories import ADA, GIT_WORLD, make_repository
from tests.infrastructure.users_work import with_events


@pytest.fixture(autouse=True)
def _git_world(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No variable of the surrounding git, no configuration of the user or the system."""
    for name in list(os.environ):
        if name.startswith(("GIT_", "XDG_", "LC_", "JERRY_")):
            monkeypatch.delenv(name)
    for name, value in {**GIT_WORLD, **ADA, "HOME": str(tmp_path_factory.getbasetemp())}.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with one commit, on the branch `main`."""
    return make_repository(tmp_path / "repository")


@pytest.fixture
def tracked(repository: Path) -> Path:
    """That repository with an event file that is not committed."""
    return with_events(repository)


@pytest.fixture
def issues(tmp_path: Path) -> Issues:
    """A file of beads to be."""
    return Issues(tmp_path / "issues.jsonl")
