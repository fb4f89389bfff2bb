"""prek reads the same manifest; it passes less on to a hook (hook-craft 3.5)."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from tests.hooks.conftest import STAGES, Guarded

BIN = str(Path(sys.executable).parent)


@pytest.fixture
def there(here: Guarded, pattern: Path) -> Guarded:
    """The guarded repository, its git hooks installed by prek."""
    home = pattern / "prek"
    environment = {**here.environment, "PREK_HOME": str(home), "PATH": f"{BIN}:{here.environment['PATH']}"}
    made = Guarded(here.folder, environment)
    types = [argument for stage in STAGES for argument in ("--hook-type", stage)]
    shutil.rmtree(here.folder / ".git" / "hooks")
    with FileLock(pattern / "prek.lock"):
        made.run("prek", "install", "--install-hooks", *types)
    return made


@pytest.mark.positive
def test_a_commit_passes_and_names_its_items(there: Guarded) -> None:
    there.jerry("start", "WORK-1")
    assert "refused" not in there.tried("commit", "--message=x")
    assert there.fired() == ["pre-commit", "prepare-commit-msg", "commit-msg"]
    assert "Jerry-Item: WORK-1" in there.git("log", "-1", "--format=%B")


@pytest.mark.negative
def test_an_altered_event_is_refused(there: Guarded) -> None:
    path = there.tamper()
    assert f"{path}: error[event-modified]" in there.tried("commit", "--all", "--message=x")


@pytest.mark.negative
def test_a_deleted_event_is_refused(there: Guarded) -> None:
    path = there.path()
    there.git("rm", "--quiet", path)
    assert f"{path}: error[event-deleted]" in there.tried("commit", "--message=x")


@pytest.mark.negative
def test_an_unknown_item_is_refused(there: Guarded) -> None:
    assert "no item is called WORK-99" in there.tried("commit", "--allow-empty", "--message=WORK-99")


@pytest.mark.positive
def test_a_squash_merge_is_told_of(there: Guarded) -> None:
    """prek does not say that it is one."""
    there.git("switch", "--quiet", "--create", "other")
    there.jerry("start", "WORK-1")
    there.git("commit", "--quiet", "--no-verify", "--message=x")
    there.git("switch", "--quiet", "main")
    assert "changed: WORK-1 One" in there.tried("merge", "--squash", "other")


@pytest.mark.negative
def test_a_push_by_force_that_drops_an_event_is_refused(there: Guarded, remote: Path) -> None:
    there.jerry("new", "Three")
    path = there.path("WORK-3")
    there.git("commit", "--quiet", "--message=x")
    there.git("push", "--quiet", "--no-verify", "origin", "main")
    there.git("reset", "--quiet", "--hard", "HEAD~1")
    there.jerry("new", "Four")
    there.git("commit", "--quiet", "--message=y")
    assert f"{path}: error[event-deleted]" in there.tried("push", "--force", "origin", "main")


@pytest.mark.positive
def test_a_first_push_passes(there: Guarded, tmp_path: Path) -> None:
    """prek names neither end of it."""
    there.git("init", "--quiet", "--bare", str(tmp_path / "empty.git"))
    there.git("remote", "add", "origin", str(tmp_path / "empty.git"))
    assert "refused" not in there.tried("push", "origin", "main")
