"""Which files a source has: what git has or would take up, never what it ignores, and never an old content."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from jerry_git.application.checking.findings import CannotCheckError
from jerry_git.application.checking.sources import Source
from jerry_git.bootstrap import bootstrap
from jerry_git.infrastructure.adapters.git_sources import blob_id
from tests.end_to_end.conftest import Place, place

NAMES = ("a.py", "b/c.py", "ünï cödé.py", "line\nbreak.py", ":(top)odd.py", "-x.py")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    made = place(tmp_path / "repository", tmp_path / "home")
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", made.environment["HOME"])
    made.git("init", "--quiet", "--initial-branch=main")
    for name in NAMES:
        write(made, name, f"import {len(name)}\n")
    made.git("add", "--all")
    made.git("commit", "--quiet", "--message=Begin")
    return made


def write(made: Place, name: str, text: str) -> Path:
    path = made.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def texts(source: Source) -> dict[str, str]:
    """The files with their contents, read as a check reads them."""
    entries = source.tracked()
    assert [entry.path for entry in entries] == sorted(entry.path for entry in entries)
    read = [
        *source.former([entry for entry in entries if entry.blob]),
        *source.contents([entry for entry in entries if not entry.blob]),
    ]
    return {entry.path: content.decode() if isinstance(content, bytes) else content.code for entry, content in read}


def sources(made: Place) -> tuple[Source, Source, Source]:
    offered = bootstrap(made.folder).guard.sources
    return offered.work_tree(None), offered.index(None), offered.revision("HEAD", None)


@pytest.mark.positive
def test_odd_names_are_the_same_everywhere(here: Place) -> None:
    expected = {name: f"import {len(name)}\n" for name in NAMES}
    assert [texts(source) for source in sources(here)] == [expected] * 3


@pytest.mark.positive
def test_each_source_has_its_own_files(here: Place) -> None:
    write(here, "a.py", "staged\n")
    write(here, "new.py", "new\n")
    here.git("add", "a.py", "new.py")
    here.git("rm", "--quiet", "--cached", "--", "-x.py")
    write(here, "a.py", "on the disk\n")
    write(here, "unknown.py", "unknown\n")
    write(here, "later.py", "later\n")
    here.git("add", "--intent-to-add", "later.py")
    (here.folder / "b/c.py").unlink()
    work, index, head = (texts(source) for source in sources(here))
    assert (work["a.py"], index["a.py"], head["a.py"]) == ("on the disk\n", "staged\n", "import 4\n")
    assert work.keys() ^ index.keys() == {"b/c.py", "unknown.py", "-x.py"}
    assert (work["later.py"], index["later.py"]) == ("later\n", "")
    assert index.keys() - head.keys() == {"new.py", "later.py"}


@pytest.mark.negative
def test_what_git_ignores_is_not_there(here: Place) -> None:
    write(here, ".gitignore", "build/\n")
    write(here, "build/x.py", "x\n")
    assert [path for path in texts(sources(here)[0]) if path.startswith("build")] == []


@pytest.mark.positive
@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"core.trustctime": "false"},
        {"core.checkStat": "minimal"},
        {"core.fsmonitor": "false", "core.quotePath": "true"},
    ],
    ids=str,
)
def test_an_edit_of_equal_length_and_time_is_seen_under_any_setting(here: Place, settings: dict[str, str]) -> None:
    for name, value in settings.items():
        here.git("config", name, value)
    path = here.folder / "a.py"
    before = path.stat()
    here.git("status")
    path.write_text("import 5\n")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert texts(sources(here)[0])["a.py"] == "import 5\n"


@pytest.mark.positive
@pytest.mark.parametrize("flag", ["--assume-unchanged", "--skip-worktree"])
def test_what_git_is_told_about_a_file_hides_no_edit(here: Place, flag: str) -> None:
    """A file that is left out of the work tree is the one that the index has."""
    here.git("update-index", flag, "a.py")
    write(here, "a.py", "edited\n")
    assert texts(sources(here)[0])["a.py"] == ("edited\n" if flag == "--assume-unchanged" else "import 4\n")


@pytest.mark.positive
def test_links_and_repositories_within_are_told_as_what_they_are(here: Place) -> None:
    (here.folder / "link.py").symlink_to("a.py")
    inner = here.folder / "inner"
    inner.mkdir()
    here.run("git", "init", "--quiet", "inner")
    (here.folder / "gone.py").symlink_to("nowhere.py")
    modes = {entry.path: entry.mode for entry in sources(here)[0].tracked()}
    assert (modes["link.py"], modes["gone.py"]) == ("120000", "120000")
    links = [entry for entry in sources(here)[0].tracked() if entry.mode == "120000"]
    assert [content for _, content in sources(here)[0].contents(links)] == [b"nowhere.py", b"a.py"]
    assert modes["inner/"] == "000000"
    assert not (inner / "x").exists()


@pytest.mark.negative
@pytest.mark.parametrize("which", [0, 1], ids=["work tree", "index"])
def test_a_conflict_cannot_be_checked(here: Place, which: int) -> None:
    here.git("switch", "--quiet", "--create", "other")
    write(here, "a.py", "other\n")
    here.git("commit", "--quiet", "--all", "--message=x")
    here.git("switch", "--quiet", "main")
    write(here, "a.py", "main\n")
    here.git("commit", "--quiet", "--all", "--message=x")
    here.run("git", "merge", "other", check=False)
    with pytest.raises(CannotCheckError, match=r"a\.py is in conflict"):
        sources(here)[which].tracked()


@pytest.mark.positive
@pytest.mark.parametrize("form", ["sha1", "sha256"])
def test_the_id_of_content_is_the_one_that_git_gives(tmp_path: Path, form: str) -> None:
    made = place(tmp_path / "other", tmp_path / "home")
    made.git("init", "--quiet", f"--object-format={form}")
    write(made, "a.py", "import x\n")
    wanted = made.git("hash-object", "a.py").strip()
    assert blob_id(b"import x\n", len(wanted)) == wanted
    made.git("add", ".")
    assert texts(bootstrap(made.folder).guard.sources.work_tree(None)) == {"a.py": "import x\n"}


@pytest.mark.positive
def test_a_filter_between_disk_and_index_does_not_matter(here: Place) -> None:
    """The lines of a file may end in two characters on the disk alone: then the object is read."""
    here.git("config", "core.autocrlf", "true")
    (here.folder / "a.py").write_bytes(b"import 4\r\n")
    here.git("add", "a.py")
    assert texts(sources(here)[0])["a.py"] == "import 4\n"
