"""What lies in the folder of events is not trusted: each oddity is one problem, in its own place (DESIGN 3)."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from jerry_domain.ports.event_store import CorruptStreamError
from jerry_git.infrastructure.persistence.event_files import MAX_BYTES
from jerry_git.testing.histories import batch
from jerry_git.testing.store_case import rows
from tests.infrastructure.stores import (
    FOLDER,
    OTHER_STREAM,
    STREAM,
    files,
    given_store,
    names_of,
    open_store,
    put,
    recorded,
    scanned,
    tampered,
)

MONTH, EVENTS, JERRY = (FOLDER.rsplit("/", up)[0] for up in (1, 2, 3))


def replaced(make):
    """Damage that puts something else where an event file was."""

    def damage(file: Path) -> None:
        file.unlink()
        make(file)

    return damage


def beside(name: str):
    """Damage that puts a file of another name beside the event files."""
    return lambda file: file.with_name(name).write_bytes(file.read_bytes())


def sparse(file: Path) -> None:
    with file.open("wb") as target:
        target.truncate(100 << 20)


def renamed(version: str = "", suffix: str = ""):
    """Damage that gives an event file the name of another one."""

    def damage(file: Path) -> None:
        old_version, old_suffix = file.stem.split("-")
        file.rename(file.with_name(f"{version or old_version}-{suffix or old_suffix}.json"))

    return damage


def linked(file: Path) -> None:
    elsewhere = file.parents[4] / "elsewhere.json"
    elsewhere.write_bytes(file.read_bytes())
    file.unlink()
    file.symlink_to(elsewhere)


def copied(file: Path) -> None:
    """The first event again, with other content, in a file that is named as it should be."""
    put(file.parents[5], recorded("a!", 5))


DAMAGE = {
    "a file cut off": (lambda file: os.truncate(file, 100), "not-json"),
    "an empty file": (lambda file: os.truncate(file, 0), "not-json"),
    "a file of zeros": (lambda file: file.write_bytes(bytes(4096)), "not-json"),
    "a file that is no text": (lambda file: file.write_bytes(b"\xff\xfe"), "not-utf8"),
    "a file that is no list": (lambda file: file.write_bytes(b"{}"), "not-a-batch"),
    "a wrong type in a field": (lambda file: tampered(file, data={"text": 5}), "invalid-event"),
    "a missing version": (lambda file: tampered(file, streamversion=None), "invalid-event"),
    "an unknown event type": (lambda file: tampered(file, type="jerry.work_item.teleported.v1"), "unknown-event-type"),
    "an event of another stream": (lambda file: tampered(file, subject=OTHER_STREAM), "wrong-name"),
    "another version than in the name": (lambda file: tampered(file, streamversion=7), "version-gap"),
    "a file renamed to another version": (renamed(version="00000009"), "wrong-name"),
    "a file renamed to another suffix": (renamed(suffix="0123456789ab"), "wrong-name"),
    "a file of another name": (beside("notes.txt"), "wrong-name"),
    "a copy with another ending": (beside("00000001-0123456789ab.json.orig"), "wrong-name"),
    "a name with a line break": (beside("00000001-0123456789ab.json\n"), "wrong-name"),
    "a name of control characters": (beside("\x1b[2J\x07.json"), "wrong-name"),
    "a name that is no text": (beside(os.fsdecode(b"\xff\xfe.json")), "wrong-name"),
    "somebody's own temporary file": (beside("mine.tmp"), "wrong-name"),
    "a symbolic link": (linked, "symbolic-link"),
    "a symbolic link that leads nowhere": (replaced(lambda file: file.symlink_to("nowhere")), "symbolic-link"),
    "a symbolic link to itself": (replaced(lambda file: file.symlink_to(file)), "symbolic-link"),
    "a FIFO": (replaced(os.mkfifo), "not-a-file"),
    "a folder": (replaced(Path.mkdir), "not-a-file"),
    "a socket": (replaced(lambda file: os.mknod(file, stat.S_IFSOCK | 0o600)), "unreadable"),
    "a file of 100 MB": (sparse, "too-large"),
    "a folder in the place of an unfinished file": (
        lambda file: file.with_name(f".{file.name}.1.tmp").mkdir(),
        "wrong-name",
    ),
    "an event id twice with other content": (copied, "duplicate-id"),
}  # fmt: skip


@pytest.mark.negative
@pytest.mark.parametrize(
    ("damage", "code"), rows({**DAMAGE, "an event id twice with other content": (copied, "duplicate-id")})
)
def test_a_damaged_stream_refuses_reads_and_appends_and_writes_nothing(tmp_path, damage, code):
    given_store(tmp_path, "a b", "c")
    damage(files(tmp_path)[0])
    store = open_store(tmp_path)
    for act in (
        lambda: store.read(STREAM),
        lambda: store.get_version(STREAM),
        lambda: store.append(STREAM, batch("d"), 3),
        lambda: store.append(STREAM, (), 3),
    ):
        before = files(tmp_path)
        with pytest.raises(CorruptStreamError) as refusal:
            act()
        assert refusal.value.stream == STREAM
        assert [problem.code for problem in refusal.value.problems] == [code]
        assert files(tmp_path) == before
    assert refusal.value.problems[0].path.startswith(f"{FOLDER}/")
    assert refusal.value.problems[0].mend


@pytest.mark.positive
@pytest.mark.parametrize(
    ("damage", "code"), rows({**DAMAGE, "an event id twice with other content": (copied, "duplicate-id")})
)
def test_a_scan_still_gives_the_other_streams_and_what_is_left_of_the_damaged_one(tmp_path, damage, code):
    given_store(tmp_path, "a b", "c")
    damage(files(tmp_path)[0])
    found = scanned(tmp_path)
    assert found.keys() == {STREAM, OTHER_STREAM}
    assert (names_of(found[OTHER_STREAM].events), found[OTHER_STREAM].problems) == ("other", ())
    assert names_of(found[STREAM].events) in ("a b c", "c")
    assert [problem.code for problem in found[STREAM].problems] == [code]
    assert open_store(tmp_path).append(OTHER_STREAM, batch("more"), 1) == 2


@pytest.mark.positive
def test_a_problem_names_its_line_where_it_has_one(tmp_path):
    given_store(tmp_path, "a b")
    (file,) = files(tmp_path)
    file.write_bytes(file.read_bytes().replace(b'"text": "b"', b'"text": 5'))
    (problem,) = scanned(tmp_path)[STREAM].problems
    assert str(problem) == f"{FOLDER}/{file.name}:{problem.line}: event 2: data.text is 5, not a text"
    assert file.read_text().splitlines()[problem.line - 1].strip().startswith('"id"')
    assert problem.mend == f"restore the file as it was committed: git checkout HEAD -- {FOLDER}/{file.name}"


@pytest.mark.positive
def test_several_bad_files_are_all_problems(tmp_path):
    given_store(tmp_path, "a", "b", "c")
    for file in files(tmp_path)[:2]:
        os.truncate(file, 10)
    assert [problem.code for problem in scanned(tmp_path)[STREAM].problems] == ["not-json", "not-json"]


@pytest.mark.positive
def test_an_unfinished_file_is_not_seen_and_the_next_append_removes_it(tmp_path):
    store = given_store(tmp_path, "a")
    (file,) = files(tmp_path)
    for content in (b"", b'[{"specversion"'):
        file.with_name(f".{file.name}.{len(content) + 1}.tmp").write_bytes(content)
    file.with_name(f".{file.name}.99.tmp").symlink_to(tmp_path / "nowhere")
    assert names_of(store.read(STREAM)) == "a"
    store.append(STREAM, batch("b"), 1)
    assert [path.name[:8] for path in files(tmp_path)] == ["00000001", "00000002"]


@pytest.mark.edge
def test_a_file_of_the_largest_size_is_looked_at_and_one_byte_more_is_not(tmp_path):
    given_store(tmp_path, "a")
    (file,) = files(tmp_path)
    content = file.read_bytes()
    file.write_bytes(content + b"\n" * (MAX_BYTES - len(content)))
    assert names_of(open_store(tmp_path).read(STREAM)) == "a"
    with file.open("ab") as target:
        target.write(b"\n")
    assert [problem.code for problem in scanned(tmp_path)[STREAM].problems] == ["too-large"]
