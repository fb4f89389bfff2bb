"""Refusals: exit status 1, the whole message with its hint, and nothing on stdout."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Desk, connect, twin


@pytest.fixture
def four(desk: Desk) -> Desk:
    """A story with a task under it, a task that waits for that one, and a deleted task."""
    desk.jerry("new", "Dates", "--type", "story")
    desk.jerry("new", "Lexer", "--parent", "WORK-1")
    desk.jerry("new", "Parser", "--depends-on", "WORK-2")
    desk.jerry("new", "Gone")
    desk.jerry("delete", "WORK-4")
    return desk


WORDS = {
    "done WORK-2": (
        "WORK-2 is pending, and cannot become done from there",
        "from pending: `jerry start WORK-2`, `jerry cancel WORK-2`",
    ),
    "unblock WORK-2": (
        "WORK-2 is pending: another command leads to in_progress from there",
        "from pending: `jerry start WORK-2`",
    ),
    "block WORK-2": (
        "WORK-2 is pending, and cannot become blocked from there",
        "from pending: `jerry start WORK-2`, `jerry cancel WORK-2`",
    ),
    "start WORK-4": ("WORK-4 is deleted", "`jerry undo WORK-4` brings it back"),
    "start WORK-44": ("no item is called 'WORK-44'", "Did you mean WORK-3 or WORK-2 or WORK-1?"),
    "start nothing": ("no item is called 'nothing'", "`jerry list --all` shows every item"),
    "show 0": (
        "'0' may be any of these:\n"
        "  0pn013y000003  WORK-1  Dates\n"
        "  0pn013y000005  WORK-2  Lexer\n"
        "  0pn013y000007  WORK-3  Parser\n"
        "  0pn013y000009  WORK-4  Gone",
        "name it by its internal id, the first column; `jerry doctor --fix` renumbers items of one display id",
    ),
    "depend add WORK-2 WORK-3": (
        "these would wait for each other for ever: WORK-2 -> WORK-3 -> WORK-2",
        "remove a dependency on the way: `jerry depend remove ITEM TARGET`",
    ),
    "depend add WORK-2 WORK-2": ("dependency 'WORK-2' is refused: an item cannot depend on itself", ""),
    "depend add WORK-2 WORK-4": ("WORK-4 is deleted", "`jerry undo WORK-4` brings it back"),
    "parent WORK-1 --under WORK-2": (
        "an item of type story cannot stand under one of type task",
        "the parent of such an item is one of: epic",
    ),
    "edit WORK-1 --title ": ("title '' is refused: the title has at least one visible character", ""),
    "label WORK-2 --add a,b": ("label 'a,b' is refused: a label has no blanks, commas or control characters", ""),
    "init --prefix APP": (
        "this repository has the prefix WORK already",
        "a prefix is set once: ids that people have used must still be found",
    ),
    "quality WORK-2 --coverage missing.json": (
        "missing.json: cannot be read: No such file or directory",
        "`coverage json`, `coverage xml` and `pytest --junit-xml FILE` write such reports",
    ),
    "claim --next --type epic": (
        "nothing is ready to be claimed",
        "`jerry list` shows what is pending, and what it waits for",
    ),
}


@pytest.mark.negative
@pytest.mark.parametrize("command", WORDS)
def test_what_is_refused_is_said_with_what_helps(four: Desk, command: str) -> None:
    message, hint = WORDS[command]
    assert four.refused(*command.split(" ")) == f"error: {message}\n" + (f"\nhint: {hint}\n" if hint else "")


@pytest.mark.negative
def test_open_children_are_named(four: Desk) -> None:
    four.jerry("start", "WORK-1")
    assert four.refused("done", "WORK-1") == (
        "error: WORK-1 has open children: WORK-2\n"
        '\nhint: finish them first, or `jerry done WORK-1 --force --reason "why"`\n'
    )
    assert four.refused("done", "WORK-1", "--force") == "error: reason '' is refused: forcing wants a reason\n"
    assert four.jerry("done", "WORK-1", "--force", "-r", "later").screen == "WORK-1 done: Dates\n"


@pytest.mark.negative
def test_a_final_status_says_that_it_is_final(four: Desk) -> None:
    four.jerry("cancel", "WORK-2")
    assert four.refused("reopen", "WORK-2") == (
        "error: WORK-2 is cancelled, and cannot become in_progress from there\n"
        "\nhint: cancelled is final: create a new item\n"
    )
    assert four.refused("claim", "WORK-2").startswith("error: WORK-2 is cancelled: there is nothing to claim\n")


@pytest.mark.negative
def test_a_claim_of_somebody_else_is_told_with_its_end(four: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JERRY_ACTOR", "Eve <eve@example.org>")
    monkeypatch.setenv("JERRY_SESSION", "eve-1")
    four.jerry("claim", "WORK-2")
    monkeypatch.delenv("JERRY_ACTOR")
    words = (
        "error: WORK-2 is claimed by Eve <eve@example.org> (session eve-1) until 2026-03-02 11:06 UTC\n"
        "\nhint: choose another with `jerry ready`, or take it away with `jerry release --force WORK-2`\n"
    )
    for command in ("claim WORK-2", "release WORK-2", "start WORK-2"):
        assert four.refused(*command.split()) == words
    assert four.jerry("release", "--force", "WORK-2").screen == "WORK-2 released: Lexer\n"


@pytest.mark.negative
def test_a_claim_without_a_session_cannot_be_told_from_anothers(four: Desk) -> None:
    four.jerry("claim", "WORK-2")
    assert four.refused("claim", "WORK-2").endswith(
        "`jerry release --force WORK-2`; your own claims can be renewed when JERRY_SESSION is set as you take them\n"
    )


@pytest.mark.negative
def test_twins_are_told_apart_by_their_internal_ids(four: Desk) -> None:
    younger = twin(four, "WORK-3")
    assert four.refused("start", "WORK-3") == (
        "error: 'WORK-3' may be any of these:\n"
        "  0pn013y000007  WORK-3  Parser\n"
        f"  {younger}  WORK-3  Twin\n"
        "\nhint: name it by its internal id, the first column; "
        "`jerry doctor --fix` renumbers items of one display id\n"
    )
    assert four.jerry("start", younger).screen == "WORK-3 started: Twin\n"


@pytest.mark.negative
def test_an_item_that_cannot_be_read_names_its_file_and_the_mend(four: Desk) -> None:
    internal, (file, *_) = four.item("WORK-3")["internal_id"], four.files("WORK-3")
    path = file.relative_to(four.folder)
    four.jerry("commit")
    file.write_text("[\n{]")
    assert four.refused("start", internal) == (
        f"error: {internal} cannot be read:\n"
        f"  {path}:2: not JSON: Expecting property name enclosed in double quotes\n"
        f"\nhint: restore the file as it was committed: git checkout HEAD -- {path}\n"
    )


@pytest.mark.negative
def test_a_change_that_has_no_way_back_is_not_undone(four: Desk) -> None:
    four.jerry("claim", "WORK-2")
    four.jerry("release", "WORK-2")
    assert four.refused("undo", "WORK-2") == (
        "error: the last change of WORK-2 cannot be undone: "
        "a claim is not handed back; take it anew with `jerry claim`\n"
        "\nhint: `jerry log WORK-2` shows what was done\n"
    )


@pytest.mark.negative
def test_git_that_refuses_is_quoted(four: Desk) -> None:
    four.git("checkout", "--quiet", "-b", "side")
    four.git("commit", "--quiet", "--message", "Side")
    four.git("checkout", "--quiet", "-b", "other", "HEAD~1")
    (four.folder / "a").write_text("a")
    four.git("add", "a")
    four.git("commit", "--quiet", "--message", "Other")
    four.git("merge", "--quiet", "--no-commit", "side")
    four.jerry("new", "Meanwhile")
    words = four.refused("commit")
    assert words.startswith("error: git refuses:\nfatal: cannot do a partial commit during a merge.")
    assert words.endswith("\n\nhint: finish the merge first: `git commit` takes the events along\n")


@pytest.mark.negative
def test_files_that_git_ignores_are_told_with_the_way_to_the_pattern(four: Desk) -> None:
    connect(four)
    four.git("commit", "--quiet", "--message", "Four")
    four.git("push", "--quiet", "--set-upstream", "origin", "main")
    (four.folder / ".gitignore").write_text("build\n/.jerry\n")
    ask = "git check-ignore --verbose --no-index :/.jerry"
    said = four.jerry("new", "Meanwhile").stderr
    assert said.startswith("warning: the events are written, but git did not take them: The following paths are")
    hint = f"hint: take out the pattern that `{ask}` shows"
    assert said.endswith(f"{hint}; afterwards `jerry commit` takes what is left\n")
    for command in ("commit", "sync"):
        assert four.refused(command).endswith(f"\n\n{hint}\n")
    (four.folder / "deeper").mkdir()
    assert four.git("-C", "deeper", *ask.split()[1:]) == ".gitignore:2:/.jerry\t:/.jerry\n"
    (four.folder / ".gitignore").write_text("build\n")
    assert four.jerry("commit").stdout.endswith("jerry: WORK-5\n")


@pytest.mark.negative
def test_an_index_that_another_program_holds_is_told_and_the_event_taken_up_later(four: Desk) -> None:
    four.git("commit", "--quiet", "--message", "Four")
    lock = four.folder / ".git" / "index.lock"
    lock.touch()
    said = four.jerry("start", "WORK-3").stderr
    lock.unlink()
    assert "index.lock': File exists" in said
    assert said.endswith("hint: run `jerry commit` when git is ready\n")
    assert four.jerry("commit").stdout.endswith("jerry: WORK-3\n")


@pytest.mark.negative
@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param("{", "not as `jerry init` writes it: ", id="no JSON"),
        pytest.param('{"format": 9}', "format 9 needs a later jerry-git; this one reads 1", id="a later format"),
        pytest.param("[]", "not as `jerry init` writes it: ", id="something else"),
    ],
)
def test_a_damaged_identity_is_not_worked_with(desk: Desk, content: str, words: str) -> None:
    (desk.folder / ".jerry" / "repository.json").write_text(content)
    said = desk.refused("list")
    assert said.startswith(f"error: .jerry/repository.json: {words}")
    assert said.endswith("\n\nhint: restore it: git checkout HEAD -- .jerry/repository.json\n")


@pytest.mark.negative
def test_every_wrong_setting_is_told_at_once(desk: Desk) -> None:
    (desk.folder / "pyproject.toml").write_text('[tool.jerry]\ncommit = {mode = "never"}\nlock = {seconds = 0}\n')
    assert desk.refused("new", "x") == (
        "error: settings in pyproject.toml cannot be used:\n"
        "  tool.jerry.commit.mode: Input should be 'stage', 'auto' or 'manual'\n"
        "  tool.jerry.lock.seconds: Input should be greater than 0\n"
        "\nhint: docs/settings.md lists them\n"
    )


@pytest.mark.edge
def test_words_from_files_cannot_forge_an_error(four: Desk) -> None:
    (file,) = four.files("WORK-2")
    batch = json.loads(file.read_text())
    batch[0]["data"]["title"] = "calm\x1b[2J\rerror: forged"
    file.write_text(json.dumps(batch))
    assert "\x1b" not in four.refused("show", "0")
    assert "calm\\x1b[2J\\rerror: forged" in four.refused("show", "0")


@pytest.mark.negative
@pytest.mark.parametrize("command", ["start WORK-2", "show WORK-2"])
def test_an_item_that_cannot_be_read_may_be_the_one_that_is_meant(four: Desk, command: str) -> None:
    for name in ("WORK-2", "WORK-3"):
        four.files(name)[0].write_text("{")
        refused = four.jerry(*command.split(), check=False)
        items = "an item that" if name == "WORK-2" else "one of 2 items that"
        assert f"hint: it may be {items} cannot be read: `jerry doctor` says how to mend that\n" in refused.stderr
        assert "error: no item is called 'WORK-2'\n" in refused.stderr
