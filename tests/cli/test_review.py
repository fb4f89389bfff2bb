"""`jerry review` as a person sees it, over real repositories."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Answer, Desk

EVENTS = "class DomainEvent: ...\n\n\nclass Placed(DomainEvent):\n    order: str\n"
SHIPPED = EVENTS + "\n\nclass Shipped(DomainEvent):\n    order: str\n"
DECIDED = "# ADR-1: Orders are shipped\n"


def write(desk: Desk, **files: str) -> None:
    """Files by their paths, where `__` stands for a folder."""
    for name, text in files.items():
        path = desk.folder / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_name(f"{path.name}.{'md' if text.startswith('#') else 'py'}").write_text(text)


def commit(desk: Desk) -> None:
    desk.git("add", ".")
    desk.git("commit", "--quiet", "--message=More")


@pytest.fixture
def shop(start: Desk) -> Desk:
    """A repository without work tracking, with events, on a branch of its own."""
    start.git("init", "--quiet", "--initial-branch=main")
    write(start, shop__events=EVENTS)
    commit(start)
    start.git("checkout", "--quiet", "-b", "feature")
    return start


def touched(answer: Answer) -> list[str]:
    """The paths that are touched."""
    return [touch["path"] for touch in answer.data["touches"]]


@pytest.mark.positive
def test_a_critical_change_is_told_with_its_reasons_and_checklists(shop: Desk) -> None:
    write(shop, shop__events=SHIPPED, docs__adr__1=DECIDED)
    answer = shop.jerry("review")
    assert (
        answer.stdout
        == """\
critical: a senior and an architect, with a decision record

TIER      WHERE             WHAT                       BY
critical  shop/events.py:8  event class, new: Shipped  code
low       docs/adr/1.md     decision record, new       code

critical
[x] A decision record says why (docs/adr/1.md)
[x] New events are named in the past tense (Shipped)
[x] Published schemas keep their meaning, and old events stay readable
[x] Event files are only added, and every stream is legal
[ ] All that reads these events can deal with the change, other systems too

low
[ ] The change is tested (no test is in the change)
[ ] A projection can be rebuilt from the events at any time
[ ] Documentation says what the code does
"""
    )
    assert answer.stderr == "\nthe work tree against main: 4 checked [x], 0 failed [!], 4 for a human [ ]\n"


@pytest.mark.negative
def test_without_a_decision_record_a_critical_change_is_refused(shop: Desk) -> None:
    write(shop, shop__events=SHIPPED)
    answer = shop.jerry("review", check=False)
    assert answer.returncode == 1
    assert "[!] A decision record says why (none is in the change)\n" in answer.stdout
    assert shop.jerry("review", "--exit-zero").stdout == answer.stdout


@pytest.mark.negative
def test_what_a_check_finds_stands_below_its_question(shop: Desk) -> None:
    write(shop, docs__a="# A")
    (shop.folder / "pyproject.toml").write_text('[tool.jerry.append-only]\npaths = ["docs"]\n')
    commit(shop)
    write(shop, docs__a="# B")
    answer = shop.jerry("review", "HEAD~1..HEAD")
    assert "Event files" not in answer.stdout
    commit(shop)
    answer = shop.jerry("review", "HEAD~1..HEAD", check=False)
    assert answer.returncode == 1
    assert (
        answer.stdout
        == """\
low: one reviewer

TIER  WHERE      WHAT           BY
low   docs/a.md  documentation  code

critical
[!] Event files are only added, and every stream is legal (1 error)
docs/a.md: error[published-modified] differs from what HEAD~1 has
  mend: git checkout HEAD~1 -- docs/a.md

low
[ ] The change is tested (no test is in the change)
[ ] A projection can be rebuilt from the events at any time
[ ] Documentation says what the code does
"""
    )


@pytest.mark.positive
def test_without_a_range_it_is_all_that_the_branch_has_since_it_left_main(shop: Desk) -> None:
    """What is committed, staged, altered and new, and not what git ignores, nor what main has got since."""
    write(shop, committed="x = 1")
    commit(shop)
    shop.git("checkout", "--quiet", "main")
    write(shop, elsewhere="x = 1")
    commit(shop)
    shop.git("checkout", "--quiet", "feature")
    write(shop, staged="x = 1", new="x = 1", ignored="x = 1", shop__events=EVENTS + "\n\nx = 1\n")
    shop.git("add", "staged.py")
    (shop.folder / ".git/info/exclude").write_text("ignored.py\n")
    assert touched(shop.jerry("review", "--json")) == ["committed.py", "new.py", "shop/events.py", "staged.py"]


@pytest.mark.positive
def test_the_base_is_the_ref_that_is_published_where_one_is_named(shop: Desk) -> None:
    (shop.folder / "pyproject.toml").write_text('[tool.jerry.append-only]\npublished = "v1"\n')
    commit(shop)
    shop.git("tag", "v1")
    write(shop, new="x = 1")
    answer = shop.jerry("review", "--json")
    assert (answer.data["source"], touched(answer)) == ("the work tree against v1", ["new.py"])


@pytest.mark.positive
@pytest.mark.parametrize(
    ("commands", "base"),
    [
        ([], "main"),
        (["branch -m main master"], "master"),
        (["branch -m main trunk"], "HEAD"),
        (["update-ref refs/remotes/origin/master main"], "origin/master"),
        (
            [
                "update-ref refs/remotes/origin/trunk main",
                "symbolic-ref refs/remotes/origin/HEAD refs/remotes/origin/trunk",
            ],
            "origin/HEAD",
        ),
        (["branch develop", "branch --set-upstream-to=develop"], "develop"),
        (["branch other/feature", "branch --set-upstream-to=other/feature"], "main"),
        (["branch develop", "branch --set-upstream-to=develop", "branch -D develop"], "main"),
    ],
    ids=[
        "main",
        "master",
        "nothing, for there is no other branch",
        "a branch of the remote",
        "the default branch of the remote",
        "what it tracks",
        "main, where it tracks its own name",
        "main, where what it tracks is gone",
    ],
)
def test_the_branch_left(shop: Desk, commands: list[str], base: str) -> None:
    for command in commands:
        shop.git(*command.split())
    assert shop.jerry("review", "--json").data["source"] == f"the work tree against {base}"


@pytest.mark.positive
def test_formats_for_pull_requests_and_ci(shop: Desk) -> None:
    write(shop, handlers="x = 1")
    commit(shop)
    assert shop.jerry("review", "main...HEAD", "--format", "github").stdout == (
        "::notice title=review::medium: two reviewers\n"
        "::notice file=handlers.py,line=1,title=medium review::command handler, new: x (by code)\n"
    )
    assert shop.jerry("review", "main...HEAD", "--format", "markdown").stdout.startswith(
        "### Review: medium: two reviewers\n"
    )
    assert shop.jerry("review", "main...HEAD", "--format", "json").stdout == (
        shop.jerry("review", "main...HEAD", "--json").stdout
    )


@pytest.mark.positive
def test_configured_paths_and_folders_of_decision_records_are_read(shop: Desk) -> None:
    (shop.folder / "pyproject.toml").write_text(
        '[tool.jerry.review]\ncritical = ["sql/*.py"]\nhigh = ["lib"]\nmedium = ["a.py"]\ndecisions = ["why"]\n'
    )
    commit(shop)
    shop.git("branch", "--force", "main")
    write(shop, sql__a="x = 1", sql__b__c="x = 1", lib__a="x = 1", a="x = 1", why__a="# A")
    answer = shop.jerry("review", "--json", check=False)
    assert {touch["path"]: (touch["tier"], touch["pattern"]) for touch in answer.data["touches"]} == {
        "sql/a.py": ("critical", "sql/*.py"),
        "lib/a.py": ("high", "lib"),
        "a.py": ("medium", "a.py"),
        "sql/b/c.py": ("low", None),
        "why/a.md": ("low", None),
    }
    assert answer.data["checklist"][0]["outcome"] == "passed"


@pytest.mark.positive
def test_a_users_settings_and_the_folder_that_one_is_in_change_nothing(
    shop: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(shop, shop__events=SHIPPED, new="x = 1")
    seen = shop.jerry("review", "--exit-zero").stdout
    for setting in ("diff.relative", "diff.noprefix", "core.quotePath", "diff.mnemonicPrefix"):
        shop.git("config", setting, "true")
    shop.git("config", "diff.external", "false")
    shop.git("config", "status.showUntrackedFiles", "no")
    monkeypatch.chdir(shop.folder / "shop")
    assert shop.jerry("review", "--exit-zero").stdout == seen


@pytest.mark.negative
def test_a_configured_path_that_leads_out_is_a_wrong_setting(shop: Desk) -> None:
    (shop.folder / "pyproject.toml").write_text('[tool.jerry.review]\nlow = ["../x"]\nlowest = []\n')
    answer = shop.jerry("review", check=False)
    assert answer.returncode == 2
    assert "tool.jerry.review.low.0" in answer.stderr
    assert "tool.jerry.review.lowest" in answer.stderr


@pytest.mark.negative
@pytest.mark.parametrize("span", ["main", "main..nowhere", "nowhere...HEAD"])
def test_a_range_that_is_not_there_could_not_be_checked(shop: Desk, span: str) -> None:
    answer = shop.jerry("review", span, "--json", check=False)
    assert (answer.returncode, answer.data["schema"]) == (2, "jerry.error.v1")


@pytest.mark.edge
def test_before_the_first_commit_all_is_new(start: Desk) -> None:
    start.git("init", "--quiet", "--initial-branch=main")
    write(start, a="x = 1")
    start.git("add", ".")
    write(start, b="x = 1")
    answer = start.jerry("review", "--json")
    assert (answer.data["source"], touched(answer)) == ("the work tree against nothing", ["a.py", "b.py"])


@pytest.mark.edge
def test_a_branch_that_is_new_to_a_forge_is_compared_with_nothing(shop: Desk) -> None:
    assert touched(shop.jerry("review", f"{'0' * 40}..HEAD", "--json", "--exit-zero")) == ["shop/events.py"]


@pytest.mark.negative
def test_where_nothing_differs_there_is_nothing_to_review(shop: Desk) -> None:
    answer = shop.jerry("review")
    assert (answer.stdout, answer.stderr) == ("", "nothing to review in the work tree against main\n")


@pytest.mark.edge
def test_a_new_link_and_a_repository_within_are_told_and_not_entered(shop: Desk) -> None:
    (shop.folder / "link.py").symlink_to(shop.folder.parent)
    shop.git("init", "--quiet", "inner")
    assert touched(shop.jerry("review", "--json", "--exit-zero")) == ["inner/", "link.py"]


@pytest.mark.edge
def test_a_file_that_the_next_commit_removes_is_gone_though_it_lies_there(shop: Desk) -> None:
    shop.git("rm", "--cached", "--quiet", "shop/events.py")
    (touch,) = shop.jerry("review", "--json", "--exit-zero").data["touches"]
    assert (touch["path"], touch["how"]) == ("shop/events.py", "gone")


@pytest.mark.positive
def test_the_table_fits_the_terminal(shop: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    write(shop, shop__events=SHIPPED.replace("Shipped", "ShippedByTheLastCarrierOfTheNight"))
    table = shop.jerry("review", "--exit-zero").stdout.split("\n\n")[1]
    assert table == (
        "TIER      WHERE             WHAT                        BY\n"
        "critical  shop/events.py:8  event class, new: Shipped…  code"
    )
