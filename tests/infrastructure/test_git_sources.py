"""What a check sees of a real repository: the index, trees and the disk, whatever the user's settings are."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jerry_git.application.checking.findings import CannotCheckError
from jerry_git.bootstrap import bootstrap
from tests.end_to_end.conftest import Place, place

HOSTILE = {
    "diff.external": "false",
    "color.diff": "always",
    "color.ui": "always",
    "color.grep": "always",
    "core.quotePath": "true",
    "diff.noprefix": "true",
    "diff.mnemonicPrefix": "true",
    "diff.renames": "copies",
    "diff.relative": "true",
    "diff.ignoreSubmodules": "all",
    "grep.lineNumber": "true",
    "grep.patternType": "perl",
    "grep.fullName": "false",
    "status.showUntrackedFiles": "no",
    "core.autocrlf": "true",
    "core.safecrlf": "true",
    "log.showSignature": "true",
}


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A repository with two items, committed."""
    base = tmp_path_factory.mktemp("sources")
    made = place(base / "repository", base / "home")
    made.git("init", "--quiet", "--initial-branch=main")
    made.jerry("init")
    made.jerry("new", "One")
    made.jerry("new", "Two")
    made.git("commit", "--quiet", "--message=Begin")
    return made


@pytest.fixture
def here(pattern: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A copy of it, and the environment of its person in this process."""
    import shutil

    shutil.copytree(pattern.folder, tmp_path / "repository", symlinks=True)
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", pattern.environment["HOME"])
    return Place(tmp_path / "repository", pattern.environment)


def creation(here: Place) -> Path:
    return sorted(here.folder.glob(".jerry/events/*/*/00000001-*.json"))[0]


def tamper(here: Place) -> str:
    file = creation(here)
    file.write_text(file.read_text().replace('"title": "', '"title": "Not '))
    return file.relative_to(here.folder).as_posix()


def codes(here: Place, kind: str, *arguments: str | None, whole: bool = False) -> list[tuple[str, str]]:
    guard = bootstrap(here.folder).guard
    source = getattr(guard.sources, kind)(*arguments)
    return [(finding.code, finding.path) for finding in guard.checked(source, whole=whole).findings]


@pytest.mark.positive
@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize(
    ("kind", "arguments"), [("index", [None]), ("work_tree", [None]), ("revision", ["HEAD", None])]
)
def test_nothing_is_wrong_with_what_jerry_wrote(here: Place, kind: str, arguments: list[str], whole: bool) -> None:
    assert codes(here, kind, *arguments, whole=whole) == []


@pytest.mark.positive
@pytest.mark.parametrize("setting", [None, *HOSTILE])
def test_a_users_settings_change_no_finding(here: Place, setting: str | None) -> None:
    """Each setting for itself, and all at once."""
    path = tamper(here)
    for name, value in HOSTILE.items() if setting is None else [(setting, HOSTILE[setting])]:
        here.git("config", name, value)
    assert codes(here, "work_tree", None, whole=True) == [("event-modified", path)]
    here.git("add", path)
    assert codes(here, "index", None) == [("event-modified", path)]
    here.jerry("new", "Three")
    here.git("-c", "core.hooksPath=/dev/null", "commit", "--quiet", "--message=x")
    assert codes(here, "range", "HEAD~1..HEAD") == [("event-modified", path)]


@pytest.mark.positive
@pytest.mark.parametrize("setting", HOSTILE)
def test_a_twin_is_found_under_a_users_settings(here: Place, setting: str) -> None:
    """The search for a display id reads the index by `git grep`."""
    here.git("config", setting, HOSTILE[setting])
    folder = creation(here).parent
    other = next(path for path in folder.parent.iterdir() if path != folder)
    file = next(other.glob("00000001-*.json"))
    text = file.read_text()
    here.git("rm", "--quiet", "--cached", str(file))
    here.git("commit", "--quiet", "--message=Only one")
    file.write_text(text.replace('"display_id": "WORK-2"', '"display_id": "WORK-1"'))
    here.git("add", ".")
    assert ("duplicate-display-id", "") in codes(here, "index", None)


@pytest.mark.positive
def test_a_replaced_object_hides_nothing(here: Place) -> None:
    """`refs/replace` would show the old content for the new."""
    file = creation(here)
    before = here.git("rev-parse", f"HEAD:{file.relative_to(here.folder)}").strip()
    path = tamper(here)
    here.git("add", path)
    after = here.git("rev-parse", f":{path}").strip()
    here.git("replace", after, before)
    assert codes(here, "index", None) == [("event-modified", path)]


@pytest.mark.positive
@pytest.mark.parametrize("target", [".jerry", ".jerry/events"])
def test_a_folder_that_became_a_link_is_not_followed(here: Place, target: str, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere"
    (here.folder / target).rename(moved)
    (here.folder / target).symlink_to(moved)
    found = codes(here, "work_tree", None, whole=True)
    assert ("symbolic-link", target) in found
    assert [code for code, _ in found].count("event-deleted") == 2


@pytest.mark.positive
def test_files_on_the_disk_that_are_no_files_are_found(here: Place) -> None:
    """A FIFO would never end, and a directory holds no events."""
    folder = creation(here).parent
    os.mkfifo(folder / "00000002-0123456789ab.json")
    (folder / "00000003-0123456789ab.json").mkdir()
    (folder / "00000003-0123456789ab.json" / "x").touch()
    assert [code for code, _ in codes(here, "work_tree", None, whole=True)] == ["not-a-file", "wrong-name"]


@pytest.mark.positive
def test_a_file_that_is_too_large_is_found_and_not_read(here: Place) -> None:
    file = creation(here)
    with file.open("ab") as end:
        end.truncate(20 << 20)
    path = file.relative_to(here.folder).as_posix()
    assert ("too-large", path) in codes(here, "work_tree", None, whole=True)
    here.git("add", path)
    assert ("too-large", path) in codes(here, "index", None)


@pytest.mark.positive
def test_an_object_that_is_not_here_is_told(here: Place) -> None:
    """Damage, or a partial clone: one file is lost, the others are checked."""
    path = creation(here).relative_to(here.folder).as_posix()
    blob = here.git("rev-parse", f"HEAD:{path}").strip()
    (here.folder / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    assert codes(here, "revision", "HEAD", None, whole=True) == [("unreadable", path)]


@pytest.mark.negative
def test_a_conflict_in_the_index_cannot_be_checked(here: Place) -> None:
    path = creation(here).relative_to(here.folder).as_posix()
    blob = here.git("rev-parse", f"HEAD:{path}").strip()
    lines = f"0 {'0' * 40}\t{path}\n" + "".join(f"100644 {blob} {stage}\t{path}\n" for stage in (1, 2, 3))
    subprocess.run(("git", "update-index", "--index-info"), cwd=here.folder, input=lines, text=True, check=True)
    for whole in (False, True):
        with pytest.raises(CannotCheckError, match="is in conflict"):
            codes(here, "index", None, whole=whole)


@pytest.mark.positive
@pytest.mark.parametrize("text", ["HEAD~1..HEAD", "HEAD~1..", "HEAD~1...HEAD", f"{'0' * 40}..HEAD"])
def test_a_range_can_be_written_as(here: Place, text: str) -> None:
    here.jerry("new", "Three")
    here.git("commit", "--quiet", "--message=x")
    assert codes(here, "range", text) == []


@pytest.mark.negative
@pytest.mark.parametrize("text", ["HEAD", "nowhere..HEAD", "HEAD..nowhere", "--all..HEAD", "HEAD...unrelated"])
def test_a_range_that_cannot_be_checked_says_so(here: Place, text: str) -> None:
    """Never a silent pass."""
    tree = here.git("hash-object", "-t", "tree", "-w", "/dev/null").strip()
    here.git("branch", "unrelated", here.git("commit-tree", "-m", "x", tree).strip())
    with pytest.raises(CannotCheckError):
        codes(here, "range", text)


@pytest.mark.negative
def test_a_shallow_clone_is_told_how_to_get_the_rest(here: Place, tmp_path: Path) -> None:
    here.git("commit", "--quiet", "--allow-empty", "--message=x")
    before = here.git("rev-parse", "HEAD~1").strip()
    here.run("git", "clone", "--quiet", "--depth=1", f"file://{here.folder}", str(tmp_path / "shallow"))
    with pytest.raises(CannotCheckError) as refused:
        codes(Place(tmp_path / "shallow", here.environment), "range", f"{before}..HEAD")
    assert "fetch-depth: 0" in refused.value.cure


@pytest.mark.negative
def test_other_paths_are_compared_with_the_published_ref(here: Place) -> None:
    """What this branch alone has may still be altered."""
    (here.folder / "pyproject.toml").write_text(
        '[tool.jerry.append-only]\npaths = ["migrations/*.sql"]\npublished = "published"\n'
    )
    (here.folder / "migrations").mkdir()
    (here.folder / "migrations" / "1.sql").write_text("one")
    here.git("add", ".")
    here.git("commit", "--quiet", "--message=x")
    here.git("branch", "published")
    (here.folder / "migrations" / "2.sql").write_text("two")
    here.git("add", ".")
    here.git("commit", "--quiet", "--message=y")
    (here.folder / "migrations" / "2.sql").write_text("TWO")
    here.git("add", ".")
    assert codes(here, "index", "published") == []
    (here.folder / "migrations" / "1.sql").write_text("ONE")
    assert codes(here, "work_tree", "published") == [("published-modified", "migrations/1.sql")]
    here.git("commit", "--quiet", "--all", "--message=z")
    assert codes(here, "index", "published") == [("published-modified", "migrations/1.sql")]
    assert codes(here, "revision", "HEAD", "published") == [("published-modified", "migrations/1.sql")]
    with pytest.raises(CannotCheckError, match="no-such names no commit"):
        codes(here, "index", "no-such")


@pytest.mark.positive
def test_a_repository_without_work_tracking_passes(tmp_path: Path, here: Place) -> None:
    other = place(tmp_path / "other", tmp_path / "home")
    other.git("init", "--quiet")
    for kind in ("index", "work_tree"):
        assert codes(other, kind, None, whole=True) == []


@pytest.mark.positive
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_byte_that_is_changed_in_any_event_file_is_found(here: Place, data: st.DataObject) -> None:
    files = sorted(here.folder.glob(".jerry/events/*/*/*.json"))
    file = data.draw(st.sampled_from(files))
    content = file.read_bytes()
    place = data.draw(st.integers(0, len(content) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda byte: byte != content[place]))
    file.write_bytes(content[:place] + bytes([other]) + content[place + 1 :])
    try:
        path = file.relative_to(here.folder).as_posix()
        assert ("event-modified", path) in codes(here, "work_tree", None, whole=True)
    finally:
        file.write_bytes(content)


@pytest.mark.edge
@pytest.mark.parametrize("kind", ["index", "revision"])
def test_very_many_items_at_once_are_checked_without_a_command_line_that_is_too_long(here: Place, kind: str) -> None:
    """An import of a large tracker, in one commit."""
    (here.folder / "issues.jsonl").write_text(
        "".join(f'{{"id": "bd-{number}", "title": "Old {number}"}}\n' for number in range(150))
    )
    here.jerry("import", "beads", "issues.jsonl")
    if kind == "revision":
        here.git("commit", "--quiet", "--message=Import")
        assert codes(here, "range", "HEAD~1..HEAD") == []
    else:
        assert codes(here, "index", None) == []


@pytest.mark.edge
def test_before_the_first_commit_everything_is_new(tmp_path: Path, here: Place) -> None:
    new = place(tmp_path / "new", tmp_path / "home")
    new.git("init", "--quiet")
    new.jerry("init")
    new.jerry("new", "One")
    tampered = tamper(new)
    assert codes(new, "index", None) == []
    new.git("add", tampered)
    (new.folder / tampered).write_text("[]")
    assert codes(new, "work_tree", None, whole=True) == [("not-a-batch", tampered)]
    assert list(bootstrap(new.folder).guard.sources.moved()) == []


@pytest.mark.positive
@pytest.mark.parametrize("action", ["merge other", "merge --no-ff other", "pull . other"])
def test_a_merge_under_way_has_both_sides_for_a_base(here: Place, monkeypatch, action: str) -> None:
    """`pre-merge-commit` runs before MERGE_HEAD is written, and is told by GIT_REFLOG_ACTION what is merged."""
    here.git("switch", "--quiet", "--create", "other")
    here.jerry("new", "Three")
    here.git("commit", "--quiet", "--message=x")
    here.git("fetch", "--quiet", ".", "other")
    here.git("switch", "--quiet", "main")
    monkeypatch.setenv("GIT_REFLOG_ACTION", action)
    assert [code for code, _ in codes(here, "index", None)] == ["event-deleted"]


@pytest.mark.edge
def test_where_git_keeps_no_reflog_the_head_before_a_merge_is_known_all_the_same(here: Place) -> None:
    here.git("config", "core.logAllRefUpdates", "false")
    here.git("switch", "--quiet", "--create", "other")
    here.jerry("new", "Three")
    here.git("commit", "--quiet", "--message=x")
    here.git("switch", "--quiet", "main")
    here.git("merge", "--quiet", "other")
    (source,) = bootstrap(here.folder).guard.sources.moved()
    assert len(source.changes((".jerry/events",), published=False)) == 1
