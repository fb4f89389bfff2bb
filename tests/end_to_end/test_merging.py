"""Branches that meet: git merges without a conflict, whatever was written on them (lessons-from-peers 2.1)."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jerry_domain.aggregates.work_item import WorkItem
from jerry_domain.value_objects.classification import Priority
from jerry_domain.value_objects.status import TRANSITIONS, WorkItemStatus
from jerry_git.application.commands.handling import new_stamp, save
from jerry_git.bootstrap import App, bootstrap
from tests.end_to_end.conftest import Place, place

ITEMS, EVENTS = 50, 1_000


class Writer:
    """Appends to items, by commands of the domain and the real store; items are loaded once."""

    def __init__(self, where: Place, name: str) -> None:
        self.app: App = bootstrap(where.folder, where.environment)
        self.name = name
        self.items = {
            scan.stream: WorkItem.load_from_history(scan.stream.partition("-")[2], scan.events)
            for scan in self.app.store.scan(WorkItem.category)
        }

    def write(self, events: int, seed: int) -> None:
        """So many events, on items at random."""
        dice = random.Random(seed)
        streams = sorted(self.items)
        written = 0
        while written < events:
            item = self.items[dice.choice(streams)]
            self._act(item, dice, written)
            written += len(save(self.app, item))
        self.app.staging.flush()
        self.app.git.commit(self.app.pending().new, f"{events} events on {self.name}")

    def _act(self, item: WorkItem, dice: random.Random, number: int) -> None:
        stamp = new_stamp(self.app)
        acts: tuple[Callable[[], object], ...] = (
            lambda: item.comment(stamp, f"{self.name} {number}"),
            lambda: item.add_labels(stamp, [f"{self.name}-{number}"]),
            lambda: item.prioritize(stamp, dice.choice(list(Priority))),
            lambda: item.set_estimate(stamp, dice.randrange(1, 500)),
            lambda: item.edit(stamp, description=f"{self.name} {number}"),
            lambda: item.move(stamp, dice.choice(_steps(item))) if _steps(item) else None,
        )
        dice.choice(acts)()


def _steps(item: WorkItem) -> list[WorkItemStatus]:
    return list(TRANSITIONS[item.state.status])


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Fifty items on main, and three branches with a thousand events each on all of them."""
    folder = tmp_path_factory.mktemp("grown")
    made = place(folder / "repository", folder / "home")
    made.git("init", "--quiet", "--initial-branch=main")
    made.jerry("init")
    (made.folder / "items.jsonl").write_text(
        "".join(f'{{"id": "bd-{number}", "title": "Item {number}"}}\n' for number in range(ITEMS))
    )
    made.jerry("import", "beads", "items.jsonl")
    made.jerry("commit")
    for seed, branch in enumerate(("left", "right", "third")):
        made.git("switch", "--quiet", "--create", branch, "main")
        Writer(made, branch).write(EVENTS, seed)
    made.git("switch", "--quiet", "main")
    return made


@pytest.fixture
def here(grown: Place, tmp_path: Path) -> Place:
    """A clone with all branches."""
    made = Place(tmp_path / "clone", grown.environment)
    grown.run("git", "clone", "--quiet", str(grown.folder), str(made.folder))
    for branch in ("left", "right", "third"):
        made.git("branch", "--quiet", branch, f"origin/{branch}")
    return made


def event_files(where: Place) -> list[str]:
    return sorted(where.git("ls-tree", "-r", "--name-only", "HEAD", ".jerry/events").splitlines())


def whole(where: Place) -> Any:
    """Everything about every item, and what branches disagree about."""
    return where.ask("list", "--all")["items"]


def on_branches(where: Place, *branches: str) -> set[str]:
    found: set[str] = set()
    for branch in branches:
        found |= set(where.git("ls-tree", "-r", "--name-only", branch, ".jerry/events").splitlines())
    return found


def only_forks(where: Place) -> None:
    report = where.ask("check", "HEAD")
    assert {finding["code"] for finding in report["findings"]} <= {"fork"}
    forked = {finding["message"].partition(":")[0] for finding in report["findings"]}
    assert forked == {item["id"] for item in whole(where) if any(apart["fork"] for apart in item["divergences"])}


@pytest.mark.positive
def test_a_thousand_events_on_each_side_merge_without_a_conflict_and_all_are_there(here: Place) -> None:
    here.git("switch", "--quiet", "left")
    here.git("merge", "--quiet", "--no-edit", "right")
    assert set(event_files(here)) == on_branches(here, "left", "right", "origin/left", "origin/right")
    assert here.git("status", "--porcelain") == ""
    only_forks(here)
    items = whole(here)
    assert len(items) == ITEMS
    comments = sum(len(item["comments"]) for item in here.ask("show", *[item["id"] for item in items])["items"])
    labels = sum(len(item["labels"]) for item in items)
    texts = [(here.folder / path).read_text() for path in event_files(here)]
    assert comments == sum(text.count("comment_added.v1") for text in texts)
    assert labels == sum(text.count("labels_added.v1") for text in texts)


@pytest.mark.positive
def test_whichever_branch_is_merged_into_which_the_items_are_the_same(here: Place) -> None:
    boards = []
    for one, other in (("left", "right"), ("right", "left")):
        here.git("switch", "--quiet", "--detach", f"origin/{one}")
        here.git("merge", "--quiet", "--no-edit", f"origin/{other}")
        boards.append(whole(here))
    assert boards[0] == boards[1]


@pytest.mark.positive
@pytest.mark.parametrize("way", ["octopus", "one after the other", "rebase"])
def test_three_branches_meet_in_any_way(here: Place, way: str) -> None:
    here.git("switch", "--quiet", "left")
    if way == "octopus":
        here.git("merge", "--quiet", "--no-edit", "right", "third")
    elif way == "rebase":
        here.git("rebase", "--quiet", "right")
        here.git("rebase", "--quiet", "third")
    else:
        here.git("merge", "--quiet", "--no-edit", "third")
        here.git("merge", "--quiet", "--no-edit", "right")
    assert set(event_files(here)) == on_branches(here, "origin/left", "origin/right", "origin/third")
    only_forks(here)


@pytest.mark.edge
def test_a_cherry_pick_of_later_events_says_that_something_is_missing_until_the_rest_comes(here: Place) -> None:
    here.git("switch", "--quiet", "left")
    here.jerry("comment", "WORK-1", "Later words")
    here.jerry("commit")
    here.git("switch", "--quiet", "main")
    here.git("cherry-pick", "left")
    (item,) = here.ask("show", "WORK-1")["items"]
    assert (item["incomplete"], item["comments"][-1]["text"]) == (True, "Later words")
    assert "[incomplete-history]" in here.jerry("check", check=False).stdout
    here.git("merge", "--quiet", "--no-edit", "left")
    (item,) = here.ask("show", "WORK-1")["items"]
    assert item["incomplete"] is False
    assert here.jerry("check").stdout == ""
