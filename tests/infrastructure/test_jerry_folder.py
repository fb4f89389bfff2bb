"""The `.jerry` folder: who the repository is, the same in every clone, and the files that `jerry init` writes."""

from __future__ import annotations

import json
import os
from uuid import UUID

import pytest

from jerry_domain.errors import InvalidValueError
from jerry_domain.ports.event_store import StoreUnavailableError
from jerry_git.application.errors import IdentityError, NotInitializedError
from jerry_git.application.initializing import identity_for
from jerry_git.infrastructure.adapters.git import Git
from jerry_git.infrastructure.persistence.disk import Disk
from jerry_git.infrastructure.persistence.jerry_folder import (
    IDENTITY,
    JerryFolder,
    initial_files,
    published_schemas,
    read_identity,
    write_missing,
)
from jerry_git.infrastructure.persistence.schemas import all_schemas
from tests.infrastructure.repositories import git, write
from tests.infrastructure.stores import snapshot

WORK = identity_for("0123456789abcdef0123456789abcdef01234567", "WORK")


@pytest.fixture
def told():
    return []


@pytest.fixture
def folder(tmp_path, told):
    return JerryFolder(tmp_path, told.append, lambda path: None)


@pytest.mark.positive
def test_what_is_written_is_read(tmp_path, folder):
    folder.write_missing(WORK)
    assert read_identity(tmp_path) == folder.identity() == WORK
    assert WORK.source == f"urn:uuid:{WORK.repository_id}"


@pytest.mark.positive
def test_two_clones_that_begin_apart_write_the_same_bytes(repository, tmp_path):
    git(tmp_path, "clone", "--quiet", repository, "clone")
    written = []
    for root in (repository, tmp_path / "clone"):
        (commit,) = Git(root).root_commits()
        JerryFolder(root, lambda path: None, lambda path: None).write_missing(identity_for(commit, "WORK"))
        written.append(snapshot(root / ".jerry"))
    assert written[0] == written[1]


@pytest.mark.positive
def test_another_history_makes_another_repository():
    assert identity_for("1" * 40, "WORK").repository_id != WORK.repository_id
    assert WORK.repository_id.version == 5
    assert WORK.repository_id == UUID("cf76db5f-c673-5e1b-8b49-f5343bc78c5d")


@pytest.mark.positive
def test_everything_lies_below_the_jerry_folder_and_every_path_is_told(tmp_path, folder, told):
    written = folder.write_missing(WORK)
    assert list(written) == told == list(initial_files(WORK))
    assert set(snapshot(tmp_path)) == set(written)
    assert all(path.startswith(".jerry/") for path in written)
    assert snapshot(tmp_path) == initial_files(WORK)


@pytest.mark.positive
def test_the_identity_is_json_that_a_text_fixer_leaves_alone():
    content = initial_files(WORK)[IDENTITY].decode()
    assert json.loads(content) == {"format": 1, "id": str(WORK.repository_id), "prefix": "WORK"}
    assert content == json.dumps(json.loads(content), indent=2) + "\n"


@pytest.mark.positive
def test_the_schemas_of_all_events_are_published(tmp_path):
    assert [path.removeprefix(".jerry/schemas/") for path in published_schemas()] == sorted(all_schemas())
    assert published_schemas().items() <= initial_files(WORK).items()


@pytest.mark.positive
def test_what_is_missing_is_completed_and_what_is_there_is_never_changed(tmp_path, folder, told):
    write(tmp_path, ".jerry/README.md", "my own words")
    write(tmp_path, IDENTITY, initial_files(identity_for("other", "OPS"))[IDENTITY])
    assert set(folder.missing(WORK)) == set(initial_files(WORK)) - {".jerry/README.md", IDENTITY}
    folder.write_missing(WORK)
    assert (tmp_path / ".jerry" / "README.md").read_text() == "my own words"
    assert folder.identity().prefix == "OPS"
    assert (folder.missing(WORK), folder.write_missing(WORK)) == ((), ())


@pytest.mark.edge
def test_a_link_that_leads_nowhere_is_left_as_it_is(tmp_path, folder):
    (tmp_path / ".jerry").mkdir()
    (tmp_path / ".jerry" / "README.md").symlink_to("nowhere")
    assert ".jerry/README.md" not in folder.missing(WORK)
    assert ".jerry/README.md" not in folder.write_missing(WORK)
    assert (tmp_path / ".jerry" / "README.md").is_symlink()


@pytest.mark.positive
def test_what_a_killed_process_left_is_replaced(tmp_path, folder):
    write(tmp_path, f"{IDENTITY}.tmp", '{"for')
    folder.write_missing(WORK)
    assert folder.identity() == WORK
    assert not list((tmp_path / ".jerry").glob("*.tmp"))


class BreakingDisk(Disk):
    """A disk that stops in the middle of a file."""

    def create(self, path, content):
        super().create(path, content[: len(content) // 2])
        raise OSError(5, "Input/output error")


@pytest.mark.edge
def test_a_file_that_was_cut_off_is_not_taken_for_written(tmp_path, folder):
    with pytest.raises(OSError, match="Input/output"):
        write_missing(tmp_path, initial_files(WORK), BreakingDisk())
    with pytest.raises(NotInitializedError):
        folder.identity()
    folder.write_missing(WORK)
    assert snapshot(tmp_path) == initial_files(WORK)


# --- refusals


@pytest.mark.negative
def test_a_work_tree_without_work_items_is_told(tmp_path, folder):
    for _ in range(2):
        with pytest.raises(NotInitializedError) as refusal:
            folder.identity()
        assert refusal.value.root == tmp_path
        (tmp_path / ".jerry").mkdir(exist_ok=True)


@pytest.mark.negative
def test_a_file_in_the_place_of_the_folder_means_not_set_up_and_is_not_overwritten(tmp_path, folder):
    write(tmp_path, ".jerry", "mine")
    with pytest.raises(NotInitializedError):
        folder.identity()
    with pytest.raises(StoreUnavailableError, match="cannot be written: not a directory, or a symbolic link"):
        folder.write_missing(WORK)
    assert (tmp_path / ".jerry").read_text() == "mine"


BAD = {
    "empty": b"",
    "cut off": b'{"format": 1, "id": "',
    "not UTF-8": b'{"format": 1, "id": "\xff"}',
    "a list": b"[]",
    "null": b"null",
    "no format": b'{"id": "cf76db5f-c673-5e1b-8b49-f5343bc78c5d", "prefix": "WORK"}',
    "no id": b'{"format": 1, "prefix": "WORK"}',
    "no prefix": b'{"format": 1, "id": "cf76db5f-c673-5e1b-8b49-f5343bc78c5d"}',
    "an id that is no UUID": b'{"format": 1, "id": "42", "prefix": "WORK"}',
    "an id that is a number": b'{"format": 1, "id": 42, "prefix": "WORK"}',
    "a prefix in small letters": b'{"format": 1, "id": "cf76db5f-c673-5e1b-8b49-f5343bc78c5d", "prefix": "work"}',
    "a prefix that is a number": b'{"format": 1, "id": "cf76db5f-c673-5e1b-8b49-f5343bc78c5d", "prefix": 5}',
    "nested too deeply": b"[" * 100_000,
}


@pytest.mark.negative
@pytest.mark.parametrize("content", BAD.values(), ids=BAD)
def test_an_identity_that_was_damaged_is_told(tmp_path, content):
    write(tmp_path, IDENTITY, content)
    with pytest.raises(IdentityError, match=r"repository\.json: not as `jerry init` writes it") as refusal:
        read_identity(tmp_path)
    assert refusal.value.path == IDENTITY


@pytest.mark.negative
def test_a_later_format_names_the_program_that_is_needed(tmp_path):
    write(tmp_path, IDENTITY, initial_files(WORK)[IDENTITY].replace(b'"format": 1', b'"format": 2'))
    with pytest.raises(IdentityError, match="format 2 needs a later jerry-git; this one reads 1"):
        read_identity(tmp_path)


@pytest.mark.negative
@pytest.mark.parametrize("level", [IDENTITY, ".jerry"])
def test_a_symbolic_link_is_never_followed(tmp_path, folder, level):
    folder.write_missing(WORK)
    place = tmp_path / level
    place.rename(tmp_path / "moved")
    place.symlink_to(tmp_path / "moved")
    with pytest.raises(IdentityError, match="a symbolic link, which is never followed"):
        folder.identity()


@pytest.mark.negative
@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo], ids=["a folder", "a FIFO"])
def test_what_is_no_regular_file_is_told_and_never_waited_for(tmp_path, folder, make):
    (tmp_path / ".jerry").mkdir()
    make(tmp_path / IDENTITY)
    with pytest.raises(IdentityError, match="not a regular file"):
        folder.identity()


@pytest.mark.negative
def test_an_identity_that_cannot_be_looked_at_is_told(tmp_path):
    with pytest.raises(IdentityError, match="cannot be read: File name too long"):
        read_identity(tmp_path / ("x" * 300))


@pytest.mark.negative
@pytest.mark.parametrize("prefix", ["", "work", "W-", "1A", "W" * 11])
def test_a_prefix_that_no_display_id_can_have_is_refused(prefix):
    with pytest.raises(InvalidValueError, match="prefix"):
        identity_for("0" * 40, prefix)
