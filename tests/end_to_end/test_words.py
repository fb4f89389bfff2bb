"""What the program says: help with examples, errors with hints, statuses (DESIGN 9)."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from jerry_git.cli.main import SECTIONS, root
from tests.end_to_end.conftest import Place

SHORT = {name: text for section in SECTIONS.values() for name, (_, text) in section.items()}


def _commands() -> Iterator[tuple[str, click.Command]]:
    context = click.Context(root)
    for name in SHORT:
        command = root.get_command(context, name)
        assert command is not None
        yield name, command
        if isinstance(command, click.Group):
            for below in command.list_commands(context):
                found = command.get_command(context, below)
                assert found is not None
                yield f"{name} {below}", found


COMMANDS = dict(_commands())


GROUPS = ("depend", "hooks", "import", "layers", "schema")


@pytest.mark.positive
@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_examples(name: str) -> None:
    """At least one line that can be typed as it stands."""
    text = COMMANDS[name].help or ""
    assert "Examples:" in text
    assert re.search(rf"^\s+.*jerry {name.split(' ', maxsplit=1)[0]}", text, re.MULTILINE)


@pytest.mark.positive
@pytest.mark.parametrize("name", SHORT)
def test_the_short_help_is_the_first_sentence_of_the_long_one(name: str) -> None:
    """The table of `jerry --help`, which imports no command, says what each command says of itself."""
    first = (COMMANDS[name].help or "").strip().partition("\n\n")[0]
    assert " ".join(first.split()).startswith(SHORT[name].rstrip("."))


@pytest.mark.positive
@pytest.mark.parametrize("name", sorted(COMMANDS.keys() - {"demo", "completion", *GROUPS}))
def test_every_command_that_answers_has_json(name: str) -> None:
    """Programs need no screen-scraping."""
    assert "--json" in {option for parameter in COMMANDS[name].params for option in parameter.opts}


@pytest.mark.negative
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("lst",), "Did you mean `jerry list`"),
        (("show",), "Missing argument"),
        (("list", "--status", "doing"), "'in_progress'"),
        (("due", "WORK-1", "--on", "someday"), "write 2026-12-24"),
        (("estimate", "WORK-1", "--work", "long"), "write 90m"),
        (("claim",), "name items, or ask for --next"),
        (("label", "WORK-1"), "--add or --remove"),
        (("-C", "nowhere", "list"), "does not exist"),
    ],
)
def test_a_line_that_cannot_be_understood_is_status_2(here: Place, arguments: tuple[str, ...], words: str) -> None:
    """With an error that names the word, and a hint."""
    done = here.jerry(*arguments, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert "error: " in done.stderr
    assert "hint: " in done.stderr


@pytest.mark.negative
def test_a_refusal_is_status_1_and_json_says_the_same(here: Place) -> None:
    """stdout stays data: one document with code, message and hint."""
    here.jerry("new", "First")
    done = here.jerry("done", "WORK-1", "--json", check=False)
    assert done.returncode == 1
    assert '"code": "illegal-transition"' in done.stdout
    assert "hint: from pending: `jerry start WORK-1`, `jerry cancel WORK-1`" in done.stderr
    missing = here.jerry("show", "WORK-2", "--json", check=False)
    assert missing.returncode == 1
    assert '"schema": "jerry.error.v1"' in missing.stdout
    assert "Did you mean WORK-1?" in missing.stderr


@pytest.mark.negative
def test_one_refused_item_does_not_stop_the_others(here: Place) -> None:
    """Each is reported; the status tells that something was refused."""
    here.jerry("new", "First")
    here.jerry("new", "Second")
    done = here.jerry("start", "WORK-1", "WORK-9", "WORK-2", check=False)
    assert done.returncode == 1
    assert done.stdout == "WORK-1 started: First\nWORK-2 started: Second\n"
    assert "WORK-9" in done.stderr


@pytest.mark.negative
def test_every_wrong_setting_is_told_at_once(here: Place) -> None:
    """By its dotted name."""
    (here.folder / "pyproject.toml").write_text(
        '[tool.jerry]\ncolour = "red"\n[tool.jerry.commit]\nmode = "never"\n[tool.jerry.claim]\nminutes = -1\n'
    )
    done = here.jerry("new", "Something", check=False)
    assert done.returncode == 1
    for key in ("tool.jerry.colour", "tool.jerry.commit.mode", "tool.jerry.claim.minutes"):
        assert key in done.stderr


@pytest.mark.edge
def test_a_bug_is_status_3_with_a_file_to_report(here: Place, tmp_path: Path) -> None:
    """Something that cannot happen is told as such; here a command is broken on purpose."""
    program = (
        "import sys, jerry_git.cli.reading as reading\n"
        "from jerry_git.cli.main import main\n"
        "reading.list_command.callback = lambda **options: 1 / 0\n"
        "sys.exit(main(['list']))\n"
    )
    broken = Place(here.folder, {**here.environment, "TMPDIR": str(tmp_path)})
    done = broken.run(sys.executable, "-c", program, check=False)
    assert done.returncode == 3
    assert "a bug in jerry: ZeroDivisionError" in done.stderr
    (report,) = tmp_path.glob("jerry-bug-*.txt")
    assert str(report) in done.stderr
    assert "ZeroDivisionError" in report.read_text()


@pytest.mark.edge
def test_an_interrupt_is_status_130(here: Place) -> None:
    """Ctrl-C while the program waits for its input: one word, no traceback."""
    here.jerry("new", "First")
    command = (sys.executable, "-m", "jerry_git", "comment", "WORK-1", "-")
    read, write = os.pipe()
    program = subprocess.Popen(command, cwd=here.folder, env=here.environment, stdin=read, stderr=subprocess.PIPE)
    os.close(read)
    while "pipe" not in os.readlink(f"/proc/{program.pid}/fd/0") or not _sleeps(program.pid):  # noqa: PTH115
        pass
    program.send_signal(signal.SIGINT)
    _, words = program.communicate(timeout=30)
    os.close(write)
    assert program.returncode == 130
    assert words.strip() == b"interrupted"


@pytest.mark.negative
@pytest.mark.parametrize("module", ["jerry_git.cli.streams", "click._compat", "jerry_git.cli.session"])
def test_an_interrupt_while_modules_are_loaded_is_status_130(here: Place, module: str) -> None:
    """Python tells each module that is loaded, and is interrupted right after one."""
    command = (sys.executable, "-X", "importtime", "-m", "jerry_git", "comment", "WORK-1", "-")
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=here.folder, env=here.environment, stdin=pipe, stderr=pipe) as program:
        assert program.stderr is not None
        lines = iter(program.stderr.readline, b"")
        assert any(line.split()[-1] == module.encode() for line in lines)
        program.send_signal(signal.SIGINT)
        words = b"".join(line for line in lines if not line.startswith(b"import time:"))
    assert (program.returncode, words.strip()) == (130, b"interrupted")


def _sleeps(pid: int) -> bool:
    """Whether the process waits in the reading of a pipe."""
    return Path(f"/proc/{pid}/wchan").read_text() in ("pipe_read", "anon_pipe_read")


@pytest.mark.positive
def test_a_reader_that_goes_away_is_no_error(here: Place) -> None:
    """`jerry list | head -1`."""
    for number in range(3):
        here.jerry("new", f"Item {number}")
    line = f"{sys.executable} -m jerry_git list --format jsonl | head -c 1"
    done = here.run("bash", "-c", f"set -o pipefail; {line}")
    assert done.stderr == ""


@pytest.mark.negative
@pytest.mark.parametrize(
    ("command", "status"),
    [
        ("list >&-", 0),
        ("--help >&-", 0),
        ("list 2>&-", 0),
        ("show WORK-9 2>&-", 1),
        ("frobnicate 2>&-", 2),
        ("list >&- 2>&- <&-", 0),
        ("list 2>/dev/full", 0),
        ("frobnicate 2>/dev/full", 2),
        ("show WORK-9 2>&1 | true", 1),
        ("list --json >/dev/full", 1),
        ("--help >/dev/full", 1),
        ("--help | head -c 1", 0),
    ],
)
def test_where_nothing_can_be_printed_the_status_still_tells(here: Place, command: str, status: int) -> None:
    done = here.run("bash", "-c", f"set -o pipefail; {sys.executable} -m jerry_git {command}", check=False)
    assert done.returncode == status
    assert "Traceback" not in done.stderr


@pytest.mark.negative
@pytest.mark.parametrize("command", ["comment WORK-1 -", "edit WORK-1 -d -", "new Second -d -"])
def test_a_closed_stdin_holds_no_text(here: Place, command: str) -> None:
    here.jerry("new", "First")
    done = here.run("bash", "-c", f"{sys.executable} -m jerry_git {command} <&-", check=False)
    hint = "pipe the text in, as in `git log -3 | jerry ...`, or write it where the `-` stands"
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"error: standard input is closed\n\nhint: {hint}\n"
    assert [item["title"] for item in here.ask("list")["items"]] == ["First"]


@pytest.mark.negative
def test_a_closed_stdin_has_nobody_to_ask(here: Place) -> None:
    """What branches disagree about waits for somebody."""
    here.jerry("new", "First")
    here.git("commit", "--quiet", "--message", "Item")
    for branch, verb in (("there", "start"), ("main", "cancel")):
        here.git("switch", "--quiet", *(() if branch == "main" else ("--create",)), branch)
        here.jerry(verb, "WORK-1")
        here.jerry("commit")
    here.git("merge", "--quiet", "--no-edit", "there")
    done = here.run("bash", "-c", f"{sys.executable} -m jerry_git reconcile WORK-1 <&-", check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("error: branches disagree about WORK-1 (status)\n\nhint: choose with --ours")


@pytest.mark.negative
@pytest.mark.parametrize(("where", "status"), [(">&-", 0), ("| true", 0), (">/dev/full", 1)])
def test_what_cannot_be_printed_stops_no_change(here: Place, where: str, status: int) -> None:
    """Each of the items is changed, and git has it."""
    names = [here.ask("new", title)["outcomes"][0]["id"] for title in ("First", "Second", "Third")]
    line = f"{sys.executable} -m jerry_git start {' '.join(names)} {where}"
    assert here.run("bash", "-c", f"set -o pipefail; {line}", check=False).returncode == status
    assert {item["status"] for item in here.ask("list")["items"]} == {"in_progress"}
    assert here.git("diff", "--name-only") == here.git("ls-files", "--others") == ""


@pytest.mark.negative
@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("new TEXT", "title 'caf\\xe9'"),
        ("edit WORK-1 --title TEXT", "title 'caf\\xe9'"),
        ("new Second --label TEXT", "label 'caf\\xe9'"),
        ("assign WORK-1 --to TEXT", "assignee 'caf\\xe9'"),
        ("comment WORK-1 TEXT", "comment '\\xe9'"),
        ("cancel WORK-1 --reason TEXT", "reason '\\xe9'"),
        ("show TEXT", "'caf\\xe9'"),
        ("search TEXT", "'caf\\xe9'"),
        ("log TEXT", "'caf\\xe9'"),
    ],
)
def test_an_argument_that_is_not_utf8_is_refused(here: Place, command: str, name: str) -> None:
    """As a terminal of another encoding sends it."""
    here.jerry("new", "First")
    before = here.git("status", "--short")
    words = [word.replace("TEXT", os.fsdecode(b"caf\xe9")) for word in command.split()]
    done = Place(here.folder, {**here.environment, "PYTHONUTF8": "1"}).jerry(*words, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"error: {name} is not UTF-8\n\nhint: convert it with iconv\n"
    assert here.git("status", "--short") == before


@pytest.mark.negative
def test_an_argument_that_the_locale_cannot_read_is_refused(here: Place) -> None:
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = Place(here.folder, {**here.environment, **plain}).jerry("new", "café", check=False)
    assert done.returncode == 1
    assert done.stderr == (
        "error: title 'café' is not text in the encoding of this locale, ascii\n\n"
        "hint: use a locale of UTF-8, such as `LC_ALL=C.UTF-8`\n"
    )


GONE = "mkdir gone && cd gone && rmdir ../gone"


@pytest.mark.negative
@pytest.mark.parametrize(
    ("command", "status"),
    [("list", 1), ("new First", 1), ("init", 1), ("doctor", 1), ("-C . list", 1), ("check", 2), ("layers check", 2)],
)
def test_a_current_folder_that_is_gone_is_told(here: Place, command: str, status: int) -> None:
    done = here.run("bash", "-c", f"{GONE} && {sys.executable} -m jerry_git {command}", check=False)
    hint = "`cd` into the repository, or use `jerry -C PATH` with a path from the root"
    assert (done.returncode, done.stdout) == (status, "")
    assert done.stderr == f"error: the current folder no longer exists\n\nhint: {hint}\n"


@pytest.mark.positive
@pytest.mark.parametrize("command", ["-C {} status", "-C {} new First", "states", "--version"])
def test_what_needs_no_current_folder_works_where_it_is_gone(here: Place, command: str) -> None:
    line = f"{sys.executable} -m jerry_git {command.format(here.folder)}"
    assert here.run("bash", "-c", f"{GONE} && {line}").stdout


@pytest.fixture
def narrow(here: Place) -> Place:
    """A work item called `é — 🦜`, and a locale whose encoding has none of these characters."""
    here.jerry("new", "é — 🦜")
    return Place(here.folder, {**here.environment, "PYTHONIOENCODING": "iso8859-5"})


@pytest.mark.positive
@pytest.mark.parametrize(
    ("command", "printed"),
    [
        ("show WORK-1", "WORK-1  {}\n"),
        ("list", "  {}\n"),
        ("list --format csv", ",{},"),
        ("search parrot --json", '"title": "{}"'),
        ("start WORK-1", "WORK-1 started: {}\n"),
    ],
)
def test_characters_that_the_encoding_does_not_have_are_printed_as_escapes(
    narrow: Place, command: str, printed: str
) -> None:
    narrow.jerry("comment", "WORK-1", "A parrot")
    assert printed.format(r"\u00e9 \u2014 \ud83e\udd9c") in narrow.jerry(*command.split()).stdout


@pytest.mark.positive
def test_json_is_json_in_every_encoding(narrow: Place) -> None:
    """A change that was written is told as done."""
    (outcome,) = narrow.ask("start", "WORK-1")["outcomes"]
    assert (outcome["changed"], outcome["item"]["title"]) == (True, "é — 🦜")
    (line,) = narrow.jerry("list", "--format", "jsonl").stdout.splitlines()
    assert json.loads(line)["status"] == "in_progress"


@pytest.mark.negative
def test_a_refusal_is_told_in_every_encoding(narrow: Place) -> None:
    refused = narrow.jerry("show", "—", check=False)
    assert refused.returncode == 1
    assert refused.stderr.startswith("error: no item is called '\\u2014'\n")


@pytest.mark.positive
def test_colour_is_for_terminals_that_want_it(here: Place) -> None:
    """None in a pipe; on a terminal, NO_COLOR is obeyed."""
    here.jerry("new", "First")
    assert "\x1b" not in here.jerry("list").stdout
    command = f"{sys.executable} -m jerry_git list"
    coloured = here.run("script", "-qec", command, "/dev/null").stdout
    assert "\x1b[" in coloured
    plain = Place(here.folder, {**here.environment, "NO_COLOR": "1"}).run("script", "-qec", command, "/dev/null").stdout
    assert "\x1b[" not in plain


@pytest.mark.positive
def test_bash_completes_commands_and_items(here: Place) -> None:
    """The script that `jerry completion bash` prints works in a real bash."""
    here.jerry("new", "First")
    asked = Place(
        here.folder,
        {**here.environment, "_JERRY_COMPLETE": "bash_complete", "COMP_WORDS": "jerry show WO", "COMP_CWORD": "2"},
    )
    assert asked.jerry().stdout == "plain,WORK-1\n"
    script = here.jerry("completion", "bash").stdout
    checked = here.run("bash", "-c", f"{script}\ncomplete -p jerry")
    assert "_jerry_completion" in checked.stdout


@pytest.mark.positive
def test_a_description_comes_from_a_file_from_stdin_or_from_an_editor(here: Place, tmp_path: Path) -> None:
    """Editors with blanks in their command too (ticket's users asked for it)."""
    (here.folder / "notes.md").write_text("from a file\r\nwith two lines\n")
    here.jerry("new", "A", "--description-file", "notes.md")
    here.run("bash", "-c", f"echo from a pipe | {sys.executable} -m jerry_git new B --description -")
    editor = tmp_path / "my editor"
    editor.write_text('#!/bin/sh\necho "$2 by an editor" >> "$3"\n')
    editor.chmod(0o755)
    edited = Place(here.folder, {**here.environment, "EDITOR": f"'{editor}' --flag written", "VISUAL": ""})
    edited.jerry("new", "C", "--edit")
    texts = [row["description"] for row in here.ask("show", "WORK-1", "WORK-2", "WORK-3")["items"]]
    assert texts == ["from a file\nwith two lines", "from a pipe", "written by an editor"]


@pytest.mark.positive
def test_quality_gates_hold_done_back_until_the_reports_say_enough(here: Place) -> None:
    """Off until configured; then `done` lists what is missing, and real report files supply it."""
    here.jerry("new", "Gated")
    here.jerry("start", "WORK-1")
    (here.folder / "pyproject.toml").write_text('[tool.jerry.quality]\nlevel = "L1"\n')
    refused = here.jerry("done", "WORK-1", check=False)
    assert refused.returncode == 1
    for lack in ("no positive tests", "no negative tests", "no coverage recorded, 80 % needed"):
        assert f"- {lack}" in refused.stderr
    (here.folder / "coverage.json").write_text('{"totals": {"covered_lines": 81, "num_statements": 100}}')
    (here.folder / "junit.xml").write_text(
        '<testsuites><testsuite><testcase name="test_it"/><testcase name="test_negative_it"/></testsuite></testsuites>'
    )
    here.jerry("quality", "WORK-1", "--coverage", "coverage.json", "--junit", "junit.xml")
    assert here.jerry("done", "WORK-1").returncode == 0
