"""What is remembered of the files in a folder, and when it still holds (ADR-032)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from jerry_git.infrastructure.persistence.marks import have_marks, marks_in, sizes_in, times_in

NAMES = ["a.json", "b\nc", "d e", "[1, 2]", "\u00e9", "'\""]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two files."""
    (tmp_path / "one").write_text("1")
    (tmp_path / "two").write_text("22")
    return tmp_path


@pytest.mark.positive
def test_files_are_told_by_name_with_time_and_size(folder: Path) -> None:
    marks = marks_in(os.fspath(folder))
    assert have_marks(os.fspath(folder), marks)
    assert times_in(marks) == [str((folder / name).stat().st_ctime_ns) for name in ("one", "two")]
    assert sizes_in(marks) == {"one": 1, "two": 2}


@pytest.mark.positive
def test_another_file_is_the_folders_matter(folder: Path) -> None:
    """Whose own mark tells that one came."""
    marks = marks_in(os.fspath(folder))
    (folder / "three").write_text("333")
    assert have_marks(os.fspath(folder), marks)


@pytest.mark.negative
@pytest.mark.parametrize("line", [1, 2], ids=["time", "size"])
def test_a_file_of_another_time_or_size_is_another(folder: Path, line: int) -> None:
    lines = marks_in(os.fspath(folder)).split("\n")
    lines[line] = lines[line].replace("[", "[1")
    assert not have_marks(os.fspath(folder), "\n".join(lines))


@pytest.mark.negative
@pytest.mark.parametrize("name", ["gone", "\ud800", "x" * 300])
def test_a_file_that_is_not_there_or_cannot_be_is_another(folder: Path, name: str) -> None:
    assert not have_marks(os.fspath(folder), f"{name}\n[1]\n[1]")


@pytest.mark.negative
def test_what_is_no_folder_has_no_files(folder: Path) -> None:
    marks = marks_in(os.fspath(folder))
    (folder / "link").symlink_to(folder)
    for place in ("one", "gone", "link"):
        assert not have_marks(os.fspath(folder / place), marks)
        assert sizes_in(marks_in(os.fspath(folder / place))) == {}


@pytest.mark.edge
@pytest.mark.parametrize("name", NAMES)
def test_a_file_of_any_name_is_told_or_never_believed(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("1")
    marks = marks_in(os.fspath(tmp_path))
    assert have_marks(os.fspath(tmp_path), marks) == ("\n" not in name)
    assert len(sizes_in(marks)) == 1
