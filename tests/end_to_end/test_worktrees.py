"""Work trees of one clone: what one claims, all others know at once, whatever branch they are on (DESIGN 4 to 6)."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest

from tests.end_to_end.conftest import Place, place
from tests.end_to_end.crowds import crowd


def beside(here: Place, name: str, **extra: str) -> Place:
    """A linked work tree on a branch of its own."""
    folder = here.folder.parent / name
    here.git("worktree", "add", "--quiet", "-b", name, str(folder))
    return Place(folder, {**here.environment, **extra})


@pytest.fixture
def busy(here: Place) -> Place:
    """Two items, committed on main."""
    here.jerry("new", "First", "--priority", "high")
    here.jerry("new", "Second")
    here.jerry("commit")
    return here


def ready(where: Place) -> list[str]:
    return [item["id"] for item in where.ask("ready")["items"]]


@pytest.mark.positive
def test_twelve_processes_in_six_work_trees_claim_sixty_different_items(here: Place, tmp_path: Path) -> None:
    """Each on a branch that has not met the others (beads 3570: two agents, two near-identical pull requests)."""
    lines = "".join(f'{{"id": "bd-{number}", "title": "Item {number}"}}\n' for number in range(60))
    (here.folder / "items.jsonl").write_text(lines)
    here.jerry("import", "beads", "items.jsonl")
    here.jerry("commit")
    places = [beside(here, f"tree-{number}") for number in range(6)]
    documents = crowd(places, tmp_path / "results", [[("claim", "--next")] * 6] * 12)
    claims = [document["outcomes"][0]["id"] for document in documents if "outcomes" in document]
    refusals = Counter(document["error"]["code"] for document in documents if "error" in document)
    assert (len(claims), len(set(claims)), refusals) == (60, 60, {"nothing-ready": 12})
    for where in (here, *places):
        assert ready(where) == []
        assert len(where.ask("list", "--claimed")["items"]) == 60


@pytest.mark.positive
def test_a_claim_is_seen_at_once_in_all_work_trees(busy: Place) -> None:
    """In the list, on the screen, by `ready`, and by whoever wants it too."""
    other = beside(busy, "other")
    other.jerry("claim", "WORK-1")
    assert ready(busy) == ["WORK-2"]
    (claimed,) = busy.ask("list", "--claimed")["items"]
    assert claimed["claim"]["claimant"] == "Ada <ada@example.org>"
    assert "Claimed       by Ada <ada@example.org>, until" in busy.jerry("show", "WORK-1").stdout
    refusal = busy.jerry("claim", "WORK-1", check=False)
    assert (refusal.returncode, refusal.stderr.partition("\n")[0][:46]) == (
        1,
        "error: WORK-1 is claimed by Ada <ada@example.o",
    )
    assert busy.ask("claim", "--next")["outcomes"][0]["id"] == "WORK-2"


@pytest.mark.positive
def test_a_claim_is_given_back_from_anywhere(busy: Place) -> None:
    """By the same actor, or by force; the branch that it was made on learns of it when they meet."""
    other = beside(busy, "other")
    other.jerry("claim", "WORK-1")
    busy.jerry("release", "WORK-1")
    assert ready(busy) == ready(other) == ["WORK-1", "WORK-2"]
    busy.jerry("commit")
    other.jerry("commit")
    busy.git("merge", "--quiet", "--no-edit", "other")
    assert ready(busy) == ["WORK-1", "WORK-2"]
    other.git("merge", "--quiet", "--ff-only", "main")
    assert ready(other) == ["WORK-1", "WORK-2"]


@pytest.mark.positive
def test_what_is_done_on_another_branch_is_not_offered_here(busy: Place) -> None:
    """Nor what is in progress there; when the branch is gone for good, it is ready again."""
    other = beside(busy, "other")
    other.jerry("start", "WORK-1")
    assert ready(busy) == ["WORK-2"]
    other.jerry("done", "WORK-1")
    other.jerry("commit")
    assert ready(busy) == ["WORK-2"]
    busy.git("worktree", "remove", str(other.folder))
    assert ready(busy) == ["WORK-2"]
    busy.git("branch", "--quiet", "-D", "other")
    assert ready(busy) == ["WORK-1", "WORK-2"]


@pytest.mark.positive
def test_what_was_merged_is_as_the_history_says(busy: Place) -> None:
    """The branch that has the events is right about them: a claim that was done with is no claim."""
    other = beside(busy, "other")
    other.jerry("claim", "WORK-1", "--start")
    other.jerry("done", "WORK-1")
    other.jerry("reopen", "WORK-1")
    other.jerry("commit")
    busy.git("merge", "--quiet", "--ff-only", "other")
    (item,) = busy.ask("show", "WORK-1")["items"]
    assert (item["status"], item["claim"]) == ("in_progress", None)
    assert ready(busy) == ["WORK-2"]


@pytest.mark.positive
def test_display_ids_are_counted_for_all_work_trees_together(busy: Place) -> None:
    """One counter in the git directory (DESIGN 4)."""
    other = beside(busy, "other")
    names = [where.ask("new", "More")["outcomes"][0]["id"] for where in (busy, other, busy)]
    assert names == ["WORK-3", "WORK-4", "WORK-5"]


@pytest.mark.positive
def test_a_claim_that_was_renewed_or_has_run_out(busy: Place) -> None:
    """Sessions tell workers of one name apart; a lease that ended holds nobody up."""
    one = beside(busy, "one", JERRY_SESSION="one")
    two = beside(busy, "two", JERRY_SESSION="two")
    one.jerry("claim", "WORK-1", "--for", "1h")
    one.jerry("claim", "WORK-1", "--for", "3h")
    assert two.jerry("claim", "WORK-1", "--for", "1h", check=False).returncode == 1
    one.jerry("release", "WORK-1")
    assert two.ask("claim", "WORK-1")["outcomes"][0]["changed"]


@pytest.mark.edge
def test_caches_may_go_at_any_time_and_torn_lines_spoil_nothing(busy: Place) -> None:
    """The claims follow from the journal; what is left in its file by a killed writer is passed over."""
    other = beside(busy, "other")
    other.jerry("claim", "WORK-1")
    assert ready(busy) == ["WORK-2"]
    private = busy.folder / ".git" / "jerry"
    cache = private / "cache" / "activity.json"
    for damage in (b"", b"[]", b'{"format": 99}', b'{"format": 1, "claims": 7}', b"\xff"):
        cache.write_bytes(damage)
        assert ready(busy) == ["WORK-2"]
    cache.unlink()
    (journal,) = (private / "journal").glob("*.jsonl")
    with journal.open("ab") as file:
        file.write(b'\n{"path": ".jerry/events/x", "text": "jerry.work_item.claimed')
    assert ready(busy) == ["WORK-2"]
    other.jerry("release", "WORK-1")
    assert ready(busy) == ["WORK-1", "WORK-2"]


@pytest.mark.edge
def test_a_bare_repository_with_work_trees(tmp_path: Path) -> None:
    """No work tree is the first one (beads 639)."""
    start = place(tmp_path / "start", tmp_path / "home")
    start.git("init", "--quiet", "--initial-branch=main")
    start.git("commit", "--quiet", "--allow-empty", "--message=Begin")
    bare = Place(tmp_path / "bare.git", start.environment)
    start.git("clone", "--quiet", "--bare", ".", str(bare.folder))
    trees = []
    for name in ("one", "two"):
        bare.git("worktree", "add", "--quiet", "-b", name, str(tmp_path / name))
        trees.append(Place(tmp_path / name, start.environment))
    trees[0].jerry("init")
    trees[0].jerry("new", "First")
    trees[0].jerry("commit")
    trees[1].git("merge", "--quiet", "--ff-only", "one")
    trees[0].jerry("claim", "WORK-1")
    assert ready(trees[1]) == []
    assert trees[1].ask("new", "Second")["outcomes"][0]["id"] == "WORK-2"
    assert trees[1].jerry("doctor").stdout == "all is well\n"


@pytest.mark.edge
def test_a_submodule_has_items_claims_and_work_trees_of_its_own(busy: Place, tmp_path: Path) -> None:
    """Its `.git` is a file; the repository around it is not touched (beads 478)."""
    outer = place(tmp_path / "outer", tmp_path / "home")
    outer.git("init", "--quiet", "--initial-branch=main")
    outer.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(busy.folder), "inner")
    inner = Place(outer.folder / "inner", busy.environment)
    inner.jerry("claim", "WORK-1")
    other = Place(tmp_path / "elsewhere", busy.environment)
    inner.git("worktree", "add", "--quiet", "-b", "elsewhere", str(other.folder))
    assert ready(other) == ["WORK-2"]
    assert ready(busy) == ["WORK-1", "WORK-2"]
    assert not (outer.folder / ".jerry").exists()
    assert (outer.folder / ".git" / "modules" / "inner" / "jerry" / "journal").is_dir()


@pytest.mark.edge
def test_git_dir_and_git_work_tree_as_a_hook_sets_them(busy: Place, tmp_path: Path) -> None:
    """The folder that one stands in says nothing then."""
    other = beside(busy, "other")
    other.jerry("claim", "WORK-1")
    git_dir = other.git("rev-parse", "--absolute-git-dir").strip()
    away = place(tmp_path / "away", tmp_path / "home", GIT_DIR=git_dir, GIT_WORK_TREE=str(other.folder))
    away.jerry("comment", "WORK-1", "From afar")
    assert other.ask("show", "WORK-1")["items"][0]["comments"][0]["text"] == "From afar"
    main = place(
        tmp_path / "away", tmp_path / "home", GIT_DIR=str(busy.folder / ".git"), GIT_WORK_TREE=str(busy.folder)
    )
    assert ready(main) == ["WORK-2"]


@pytest.mark.positive
def test_each_work_tree_and_each_branch_says_what_it_has(busy: Place) -> None:
    """One row for each place, labelled (taskmd 12); an item of another branch is found there."""
    other = beside(busy, "other")
    other.jerry("start", "WORK-1")
    other.jerry("new", "Only there")
    other.jerry("commit")
    busy.git("branch", "old", "HEAD~1")
    lines = busy.jerry("list", "--all-worktrees").stdout.splitlines()
    assert [line.split()[:3] for line in lines[1:]] == [
        ["WORK-1", "*", "main"],
        ["WORK-1", "other", "in_progress"],
        ["WORK-2", "*", "main"],
        ["WORK-2", "other", "pending"],
        ["WORK-3", "other", "pending"],
    ]
    (item,) = busy.ask("show", "WORK-1", "--all-branches")["items"]
    assert [(at["name"], at["here"], at["item"] and at["item"]["status"]) for at in item["places"]] == [
        ("main", True, "pending"),
        ("old", False, None),
        ("other", False, "in_progress"),
    ]
    (item,) = busy.ask("show", "WORK-3", "--all-branches")["items"]
    assert [(at["name"], at["item"] and at["item"]["title"]) for at in item["places"]][2] == ("other", "Only there")
    assert "not there" in busy.jerry("show", "WORK-3", "--all-branches").stdout
    (item,) = busy.ask("list", "--all-worktrees", "--status", "in_progress")["items"]
    assert [at["path"] for at in item["places"]] == [str(busy.folder), str(other.folder)]


@pytest.mark.negative
@pytest.mark.parametrize(
    "arguments", [("list", "--all-worktrees", "--as-of", "HEAD"), ("show", "WORK-1", "--all-branches", "-f", "csv")]
)
def test_what_makes_no_sense_beside_several_places(busy: Place, arguments: tuple[str, ...]) -> None:
    """A usage error, not a guess."""
    assert busy.jerry(*arguments, check=False).returncode == 2


@pytest.mark.negative
def test_an_item_of_no_branch_is_not_found(busy: Place) -> None:
    """However many branches were looked at."""
    beside(busy, "other")
    done = busy.jerry("show", "WORK-9", "--all-branches", check=False)
    assert (done.returncode, "no item is called 'WORK-9'" in done.stderr) == (1, True)


@pytest.mark.edge
def test_a_detached_work_tree_and_one_that_is_gone(busy: Place) -> None:
    """The first is called by its commit; of the second there is nothing to say."""
    busy.git("worktree", "add", "--quiet", "--detach", str(busy.folder.parent / "loose"))
    gone = beside(busy, "gone")
    shutil.rmtree(gone.folder)
    commit = busy.git("rev-parse", "--short=8", "HEAD").strip()
    (item, _) = busy.ask("list", "--all-worktrees")["items"]
    assert [at["name"] for at in item["places"]] == ["main", f"at {commit}"]


KILLED = """
import os, signal, sys
from pathlib import Path
from jerry_git.infrastructure.persistence import disk

step = int(sys.argv.pop(1))
count = 0

def counted(method):
    def call(*arguments):
        global count
        count += 1
        if count == step:
            os.kill(os.getpid(), signal.SIGKILL)
        return method(*arguments)
    return call

for name in ("make_directory", "create", "append_durably", "rename", "_sync"):
    setattr(disk.Disk, name, counted(getattr(disk.Disk, name)))
from jerry_git.cli.main import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.positive
@pytest.mark.parametrize("step", range(1, 11))
def test_a_claim_that_is_killed_at_any_step_holds_or_does_not_and_the_next_one_goes_on(busy: Place, step: int) -> None:
    """No lock stays; of the item that was being claimed, all work trees say the same afterwards."""
    one = beside(busy, "one", JERRY_SESSION="one")
    two = beside(busy, "two", JERRY_SESSION="two")
    killed = one.run(sys.executable, "-c", KILLED, str(step), "claim", "WORK-1", check=False)
    assert killed.returncode in (-9, 0)
    held = ready(two) == ["WORK-2"]
    assert two.jerry("claim", "WORK-1", check=False).returncode == (1 if held else 0)
    again = one.jerry("claim", "WORK-1", check=False)
    assert again.returncode == (0 if held else 1)
    (item,) = one.ask("show", "WORK-1")["items"]
    assert item["claim"]["session"] == ("one" if held else "two")
    assert len([event for event in one.ask("log", "WORK-1")["events"] if "claimed" in event["summary"]]) == held
    assert one.jerry("doctor").stdout == "all is well\n"


@pytest.mark.positive
def test_claims_killed_from_outside_at_random_never_give_an_item_twice(busy: Place) -> None:
    """Whoever was killed either has it or does not; a lease that nobody was told of is still one worker's."""
    places = [beside(busy, name) for name in ("one", "two", "three")]
    for round_number in range(6):
        runs = [
            subprocess.Popen(
                (sys.executable, "-m", "jerry_git", "claim", "--next", "--json"),
                cwd=where.folder,
                env={**where.environment, "JERRY_SESSION": f"{round_number}-{number}"},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            for number, where in enumerate(places)
        ]
        with suppress(subprocess.TimeoutExpired):
            runs[0].wait(0.15 + 0.03 * round_number)  # a moment in the middle, whichever it is
        for run in runs:
            run.kill()
            run.wait()
        busy.jerry("new", f"Round {round_number}")
        for where in places:
            where.jerry("commit")
    busy.jerry("commit")  # git merges where nothing waits in the index, unless there is nothing to merge
    for where in places:
        busy.git("merge", "--quiet", "--no-edit", where.folder.name)
    holders = [item["claim"]["session"] for item in busy.ask("list", "--claimed")["items"]]
    assert len(holders) == len(set(holders))
    assert busy.jerry("claim", "--next", check=False).returncode in (0, 1)
