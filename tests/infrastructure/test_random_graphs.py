"""Legal commands on random branches and merges of a real repository leave nothing to find but forks and twins."""

from __future__ import annotations

import contextlib
import os
import random
from pathlib import Path

import pytest

from jerry_domain.errors import DomainError
from jerry_git.application.commands import moving
from jerry_git.application.commands.creating import Draft, create
from jerry_git.application.folding import load_board
from jerry_git.application.initializing import initialize
from jerry_git.bootstrap import App, bootstrap
from tests.end_to_end.conftest import PERSON, Place, place

BRANCHES = ("main", "left", "right")
STEPS = (moving.start, moving.block, moving.unblock, moving.cancel, moving.reopen)
EXPECTED = {"fork", "duplicate-display-id"}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A repository with three branches that begin alike."""
    for name in [name for name in os.environ if name.startswith(("GIT_", "JERRY_"))]:
        monkeypatch.delenv(name)
    for name, value in PERSON.items():
        monkeypatch.setenv(name, value)
    made = place(tmp_path / "repository", tmp_path / "home")
    monkeypatch.setenv("HOME", made.environment["HOME"])
    made.git("init", "--quiet", "--initial-branch=main")
    made.git("commit", "--quiet", "--allow-empty", "--message=Begin")
    app = bootstrap(made.folder)
    initialize(app.folder, app.git.root_commits, app.ids.command_id, None)
    app.staging.flush()
    made.git("commit", "--quiet", "--message=Set up")
    for branch in BRANCHES[1:]:
        made.git("branch", branch)
    return made


def act(app: App, draw: random.Random) -> None:
    """One command: a new item, or a step of one that is there, which may be refused."""
    items = list(load_board(app.store).items)
    if not items or draw.random() < 0.2:
        create(app, Draft(title="Something"))
        return
    with contextlib.suppress(DomainError):
        draw.choice(STEPS)(app, draw.choice(items))


@pytest.mark.positive
@pytest.mark.parametrize("seed", range(3))
def test_only_forks_and_twins_are_found_and_no_stage_refuses(here: Place, seed: int) -> None:
    draw = random.Random(seed)
    merges = 0
    for _ in range(30):
        branch = draw.choice(BRANCHES)
        here.git("switch", "--quiet", branch)
        before = here.git("rev-parse", "HEAD").strip()
        if draw.random() < 0.3:
            other = draw.choice([name for name in BRANCHES if name != branch])
            here.git("merge", "--quiet", "--no-edit", other)
            merges += 1
        else:
            app = bootstrap(here.folder)
            for _ in range(draw.randint(1, 3)):
                act(app, draw)
            app.staging.flush()
            guard = app.guard
            staged = guard.checked(guard.sources.index(None), whole=False)
            assert {finding.code for finding in staged.findings} <= EXPECTED
            here.git("commit", "--quiet", "--allow-empty", "--message=x")
        guard = bootstrap(here.folder).guard
        for source, whole in ((guard.sources.range(f"{before}..HEAD"), False), (guard.sources.work_tree(None), True)):
            report = guard.checked(source, whole=whole)
            assert {finding.code for finding in report.findings} <= EXPECTED, report
            assert not report.is_refused
    assert merges


@pytest.mark.positive
def test_what_one_branch_finds_does_not_hang_on_the_order_of_merging(here: Place) -> None:
    """Both ways to merge give the same files, and the same findings."""
    app = bootstrap(here.folder)
    create(app, Draft(title="One"))
    app.staging.flush()
    here.git("commit", "--quiet", "--message=One")
    for branch in BRANCHES[1:]:
        here.git("branch", "--force", branch, "main")
    (item,) = load_board(app.store).items
    for branch, step in (("left", moving.start), ("right", moving.cancel)):
        here.git("switch", "--quiet", branch)
        app = bootstrap(here.folder)
        step(app, item)
        app.staging.flush()
        here.git("commit", "--quiet", "--message=x")
    found = []
    for one, other in (("left", "right"), ("right", "left")):
        here.git("switch", "--quiet", "--detach", one)
        here.git("merge", "--quiet", "--no-edit", other)
        guard = bootstrap(here.folder).guard
        found.append(guard.checked(guard.sources.revision("HEAD", None), whole=True).findings)
    assert found[0] == found[1]
    assert [finding.code for finding in found[0]] == ["fork"]
