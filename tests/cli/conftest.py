"""A person at a terminal: commands run in this very process, against real git in a folder of the test's own."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from jerry_domain.aggregates.work_item import WorkItem
from jerry_domain.value_objects.display_id import DisplayId
from jerry_git.application.commands.handling import change, new_stamp, save
from jerry_git.bootstrap import bootstrap
from jerry_git.cli.main import main
from jerry_git.infrastructure.adapters import identity
from tests.application.fakes import CountingIds, FixedClock

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
PERSON = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_AUTHOR_DATE": "2026-03-02T09:00:00Z",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.org",
    "GIT_COMMITTER_DATE": "2026-03-02T09:00:00Z",
}
_COMMIT = re.compile(r"\b[0-9a-f]{8}\b")


@dataclass(frozen=True)
class Answer:
    """What a command has printed, and its exit status."""

    returncode: int
    stdout: str
    stderr: str

    @property
    def data(self) -> Any:
        """The JSON document that it printed."""
        return json.loads(self.stdout)

    @property
    def screen(self) -> str:
        """What a terminal shows, stdout first, with commits written as `<commit>`."""
        return _COMMIT.sub("<commit>", self.stdout + self.stderr)


@dataclass
class Desk:
    """A folder, a clock that goes on by a minute with each command, and ids that count."""

    folder: Path
    clock: FixedClock = field(default_factory=lambda: FixedClock(NINE))

    def jerry(self, *arguments: str, stdin: bytes = b"", check: bool = True) -> Answer:
        """Run `jerry`, which succeeds unless that is not asked."""
        self.clock.advance(minutes=1)
        with _streams(stdin) as (out, err):
            returncode = main(list(arguments))
        answer = Answer(returncode, *(stream.buffer.getvalue().decode() for stream in (out, err)))
        assert not check or returncode == 0, answer
        return answer

    def refused(self, *arguments: str) -> str:
        """Run `jerry`, which refuses; returns what it says, without the path of the folder."""
        answer = self.jerry(*arguments, check=False)
        assert (answer.returncode, answer.stdout) == (1, ""), answer
        return answer.stderr.replace(str(self.folder), "HERE")

    def ask(self, *arguments: str) -> Any:
        """The document that `jerry ... --json` prints."""
        return self.jerry(*arguments, "--json").data

    def git(self, *arguments: str) -> str:
        """What git prints."""
        return subprocess.run(("git", *arguments), cwd=self.folder, check=True, capture_output=True, text=True).stdout

    def item(self, name: str) -> Any:
        """Everything about an item."""
        (found,) = self.ask("show", name)["items"]
        return found

    def events(self, name: str) -> list[str]:
        """What happened to an item, oldest first, as the last words of the event types."""
        events = [entry["event"]["type"].split(".")[-2] for entry in self.ask("log", name)["events"]]
        return events[::-1]

    def files(self, name: str) -> list[Path]:
        """The event files of an item, oldest first."""
        return sorted(self.folder.glob(f".jerry/events/*/work_item-{self.item(name)['internal_id']}/*.json"))


def circle(desk: Desk, *names: str) -> None:
    """Let each of these items wait for the next and the last for the first, as a merge of two branches may."""
    app = bootstrap(desk.folder)
    ids = [desk.item(name)["internal_id"] for name in names]
    for source, target in zip(ids, [*ids[1:], ids[0]], strict=True):
        change(app, source, lambda item, stamp, target=target: item.depend_on(stamp, target))


def twin(desk: Desk, name: str, title: str = "Twin") -> str:
    """A further item of the same display id, as a merge of two clones brings it; returns its internal id."""
    app = bootstrap(desk.folder)
    item = WorkItem(app.ids.item_id())
    item.create(new_stamp(app), display_id=DisplayId.parse(name), title=title)
    save(app, item)
    return item.state.item_id


def fork(desk: Desk, name: str) -> None:
    """Move an item that is pending to different statuses on two branches, and merge them."""
    desk.git("switch", "--quiet", "--create", f"{name}-there")
    desk.jerry("start", name)
    desk.jerry("commit")
    desk.git("switch", "--quiet", "main")
    desk.jerry("cancel", name)
    desk.jerry("commit")
    desk.git("merge", "--quiet", "--no-edit", f"{name}-there")


def connect(desk: Desk) -> None:
    """Give the repository a remote that is empty."""
    hub = desk.folder.parent / "hub.git"
    desk.git("init", "--quiet", "--bare", "--initial-branch=main", str(hub))
    desk.git("remote", "add", "origin", str(hub))


@contextmanager
def _streams(stdin: bytes) -> Iterator[tuple[io.TextIOWrapper, io.TextIOWrapper]]:
    """Streams of this process that are in memory for a while, as pipes would be."""
    kept = sys.stdin, sys.stdout, sys.stderr
    sys.stdin = io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8")
    sys.stdout = out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    sys.stderr = err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    try:
        yield out, err
    finally:
        sys.stdin, sys.stdout, sys.stderr = kept


@pytest.fixture(autouse=True)
def person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ada, without settings of her own, and no terminal."""
    for name in [*os.environ]:
        if name.startswith(("GIT_", "JERRY_")) or name in ("COLUMNS", "NO_COLOR", "EDITOR", "VISUAL"):
            monkeypatch.delenv(name)
    for name, value in {**PERSON, "HOME": str(tmp_path / "home"), "TMPDIR": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A folder outside of any repository."""
    desk = Desk(tmp_path / "repository")
    desk.folder.mkdir()
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    monkeypatch.chdir(desk.folder)
    ids = CountingIds()
    monkeypatch.setattr(identity.SystemClock, "now", lambda clock: desk.clock.now())
    monkeypatch.setattr(identity, "SnowflakeIds", lambda clock: ids)
    return desk


@pytest.fixture(scope="session")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository in which work tracking is set up and committed: tests work on copies."""
    folder = tmp_path_factory.mktemp("pattern")
    environment = {**os.environ, **PERSON, "HOME": str(folder / "home")}
    for command in (
        ("git", "init", "--quiet", "--initial-branch=main"),
        ("git", "commit", "--quiet", "--allow-empty", "--message=Begin"),
        (sys.executable, "-m", "jerry_git", "init"),
        (sys.executable, "-m", "jerry_git", "commit"),
    ):
        subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
    return folder


@pytest.fixture
def desk(start: Desk, pattern: Path) -> Desk:
    """A repository in which work tracking is set up and committed."""
    shutil.copytree(pattern, start.folder, dirs_exist_ok=True)
    return start
