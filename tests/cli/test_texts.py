"""Longer texts: from the command line, a file, a pipe, or an editor."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Desk

Editor = Callable[[str], None]


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Editor:
    """Make $EDITOR a shell script with this body; "$1" is the file to edit."""

    def install(body: str) -> None:
        script = tmp_path / "editor"
        script.write_text(f"#!/bin/sh\n{body}\n")
        script.chmod(0o755)
        monkeypatch.setenv("EDITOR", str(script))

    return install


@pytest.mark.positive
@pytest.mark.parametrize(
    ("arguments", "stdin", "expected"),
    [
        pytest.param(["-d", "short"], b"", "short", id="an argument"),
        pytest.param(["-d", "two\nlines\n\n"], b"", "two\nlines", id="lines in an argument"),
        pytest.param(["-d", "-"], "größer\r\nals\n".encode(), "größer\nals", id="a pipe"),
        pytest.param(["-d", "-"], b"\xef\xbb\xbfwith a mark", "with a mark", id="a pipe with a byte order mark"),
        pytest.param(["-F", "notes.md"], b"", "from a file", id="a file"),
        pytest.param([], b"ignored", "", id="nowhere"),
    ],
)
def test_a_description_comes_from(desk: Desk, arguments: list[str], stdin: bytes, expected: str) -> None:
    (desk.folder / "notes.md").write_text("from a file\n")
    desk.jerry("new", "Parser", *arguments, stdin=stdin)
    assert desk.item("WORK-1")["description"] == expected


@pytest.mark.positive
def test_an_editor_starts_with_a_hint_and_its_text_is_taken_without_it(desk: Desk, editor: Editor) -> None:
    editor('cat "$1" > seen; echo "# A heading" >> "$1"; echo text >> "$1"')
    desk.jerry("new", "Parser", "--edit")
    assert (desk.folder / "seen").read_text() == "# Write below this line; an empty text gives up.\n"
    assert desk.item("WORK-1")["description"] == "# A heading\ntext"


@pytest.mark.positive
def test_edit_without_options_opens_the_description(desk: Desk, editor: Editor) -> None:
    desk.jerry("new", "Parser", "-d", "old words")
    editor('sed -i "s/old/new/" "$1"')
    assert desk.jerry("edit", "WORK-1").screen == "WORK-1 changed: Parser\n"
    assert desk.item("WORK-1")["description"] == "new words"


@pytest.mark.positive
def test_a_comment_can_be_written_in_an_editor_or_piped_in(desk: Desk, editor: Editor) -> None:
    desk.jerry("new", "Parser")
    editor('echo edited >> "$1"')
    desk.jerry("comment", "WORK-1", "--edit")
    desk.jerry("comment", "WORK-1", "-", stdin=b"piped\nin\n")
    assert [said["text"] for said in desk.item("WORK-1")["comments"]] == ["edited", "piped\nin"]


@pytest.mark.positive
def test_an_empty_description_can_be_given_on_purpose(desk: Desk) -> None:
    desk.jerry("new", "Parser", "-d", "old words")
    desk.jerry("edit", "WORK-1", "--description", "")
    assert desk.item("WORK-1")["description"] == ""


@pytest.mark.negative
@pytest.mark.parametrize(
    ("body", "words"),
    [
        pytest.param(":", "error: the editor was left without saving\n\nhint: nothing was written\n", id="not saved"),
        pytest.param(
            'printf "" > "$1"; touch -d "1 hour" "$1"',
            "error: the text is empty\n\nhint: nothing was written\n",
            id="emptied",
        ),
        pytest.param(
            'echo "  " >> "$1"', "error: the text is empty\n\nhint: nothing was written\n", id="blanks below the line"
        ),
        pytest.param(
            "printf 'caf\\351' > \"$1\"",
            "error: what the editor has saved is not UTF-8 at byte 3\n\n"
            "hint: let the editor save as UTF-8; nothing was written\n",
            id="not UTF-8",
        ),
        pytest.param("exit 1", "editor: Editing failed\n", id="an editor that fails"),
    ],
)
@pytest.mark.parametrize("command", [["new", "Other", "--edit"], ["edit", "WORK-1"], ["comment", "WORK-1", "-e"]])
def test_an_editor_that_gives_no_text_writes_nothing(
    desk: Desk, editor: Editor, body: str, words: str, command: list[str]
) -> None:
    desk.jerry("new", "Parser")
    editor(body)
    assert desk.refused(*command).endswith(words)
    assert desk.events("WORK-1") == ["created"]
    assert len(desk.ask("list")["items"]) == 1


@pytest.mark.negative
def test_what_is_not_utf8_is_refused_with_the_place(desk: Desk) -> None:
    (desk.folder / "latin.txt").write_bytes("grüße".encode("latin-1"))
    words = "error: {} is not UTF-8 at byte 2\n\nhint: convert it with iconv\n"
    assert desk.refused("new", "x", "-F", "latin.txt") == words.format("latin.txt")
    answer = desk.jerry("new", "x", "-d", "-", stdin="grüße".encode("latin-1"), check=False)
    assert (answer.returncode, answer.stderr) == (1, words.format("standard input"))


@pytest.mark.negative
@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["new", "x", "-d", "a", "-F", "notes.md"], "name one of --description, --description-file and --edit"),
        (["new", "x", "-d", "a", "--edit"], "name one of --description, --description-file and --edit"),
        (["edit", "WORK-1", "-d", "a", "-F", "notes.md"], "name one of --description, --description-file and --edit"),
        (["comment", "WORK-1", "a", "--edit"], "name one of TEXT and --edit"),
        (["comment", "WORK-1"], "say what, as TEXT or with --edit"),
        (["new", "x", "-F", "missing.md"], "'missing.md' does not exist"),
    ],
)
def test_a_text_has_one_source(desk: Desk, command: list[str], words: str) -> None:
    (desk.folder / "notes.md").write_text("x")
    answer = desk.jerry(*command, check=False)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert words in answer.stderr
