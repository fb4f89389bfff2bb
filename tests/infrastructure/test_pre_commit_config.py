"""A user's `.pre-commit-config.yaml` keeps every byte that is not ours, and comes back as it was."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pre_commit.clientlib import load_config

from jerry_git.application.hooks import HOOKS, Draft, Entry, HookConfigurationError, Origin, entry_for
from jerry_git.infrastructure.adapters import pre_commit_config
from jerry_git.infrastructure.adapters.git import Git
from jerry_git.infrastructure.adapters.pre_commit_config import NEW_FILE, PreCommitConfiguration, installed_from
from jerry_git.infrastructure.adapters.pre_commit_text import Config
from jerry_git.infrastructure.adapters.yaml_nodes import read
from jerry_git.infrastructure.persistence.disk import Disk
from tests.infrastructure.strategies import THOROUGH

REMOTE = entry_for([HOOKS["jerry-check"]], Origin(repo="https://example.org/jerry", rev="v1.0"))
LOCAL = entry_for([HOOKS["jerry-check"], HOOKS["jerry-commit-msg"]], Origin(requirement="jerry-git==1"))
NAME = ".pre-commit-config.yaml"
MARK = "# made by `jerry hooks install`"

# A text, and what it becomes with REMOTE in it.
TEXTS = {
    "the sample of pre-commit": (
        "# See https://pre-commit.com\nrepos:\n-   repo: https://example.org/x\n    rev: v3.2.0\n"
        "    hooks:\n    -   id: x\n",
        "# See https://pre-commit.com\nrepos:\n-   repo: https://example.org/x\n    rev: v3.2.0\n"
        "    hooks:\n    -   id: x\n"
        "-   repo: https://example.org/jerry\n    rev: v1.0\n    hooks:\n    -   id: jerry-check\n",
    ),
    "indented by two": (
        "repos:\n  - repo: meta\n    hooks:\n      - id: identity\n",
        "repos:\n  - repo: meta\n    hooks:\n      - id: identity\n"
        "  - repo: https://example.org/jerry\n    rev: v1.0\n    hooks:\n      - id: jerry-check\n",
    ),
    "indented by four, the inner list not at all": (
        "repos:\n    - repo: meta\n      hooks:\n      - id: identity\n",
        "repos:\n    - repo: meta\n      hooks:\n      - id: identity\n"
        "    - repo: https://example.org/jerry\n      rev: v1.0\n      hooks:\n      - id: jerry-check\n",
    ),
    "a dash on a line of its own": (
        "repos:\n-\n  repo: meta\n  hooks:\n  - id: identity\n",
        "repos:\n-\n  repo: meta\n  hooks:\n  - id: identity\n"
        "- repo: https://example.org/jerry\n  rev: v1.0\n  hooks:\n  - id: jerry-check\n",
    ),
    "further keys and comments below": (
        "repos:\n- repo: meta # why\n  hooks: [{id: identity}] # too\n  # deeper\n\n# next\nfail_fast:  true\n",
        "repos:\n- repo: meta # why\n  hooks: [{id: identity}] # too\n  # deeper\n"
        "- repo: https://example.org/jerry\n  rev: v1.0\n  hooks:\n    - id: jerry-check\n"
        "\n# next\nfail_fast:  true\n",
    ),
    "CRLF": (
        "repos:\r\n- repo: meta\r\n  hooks:\r\n  - id: identity\r\n\r\n\r\nfail_fast: true\r\n",
        "repos:\r\n- repo: meta\r\n  hooks:\r\n  - id: identity\r\n"
        "- repo: https://example.org/jerry\r\n  rev: v1.0\r\n  hooks:\r\n  - id: jerry-check\r\n"
        "\r\n\r\nfail_fast: true\r\n",
    ),
    "no last line break": (
        "repos:\n- repo: meta\n  hooks:\n  - id: identity",
        "repos:\n- repo: meta\n  hooks:\n  - id: identity\n"
        "- repo: https://example.org/jerry\n  rev: v1.0\n  hooks:\n  - id: jerry-check",
    ),
    "no last line break, CRLF": (
        "repos:\r\n- repo: meta\r\n  hooks: [{id: identity}]",
        "repos:\r\n- repo: meta\r\n  hooks: [{id: identity}]\r\n"
        "- repo: https://example.org/jerry\r\n  rev: v1.0\r\n  hooks:\r\n    - id: jerry-check",
    ),
    "an empty list": (
        "repos: []\nfail_fast: true\n",
        "repos: # []\n  - repo: https://example.org/jerry\n    rev: v1.0\n    hooks:\n      - id: jerry-check\n"
        "fail_fast: true\n",
    ),
    "an empty list, CRLF after it": (
        "# é\nfail_fast: true\nrepos:  [ ]  # none yet\r\n",
        "# é\nfail_fast: true\nrepos:  # [ ]  # none yet\r\n"
        "  - repo: https://example.org/jerry\r\n    rev: v1.0\r\n    hooks:\r\n      - id: jerry-check\r\n",
    ),
    "an empty list below its key": (
        "repos:\n  []",
        "repos:\n  # []\n  - repo: https://example.org/jerry\n    rev: v1.0\n    hooks:\n      - id: jerry-check",
    ),
    "no list": (
        "# mine\nfail_fast: true\n# end\n",
        f"# mine\nfail_fast: true\n# end\nrepos: {MARK}\n"
        "  - repo: https://example.org/jerry\n    rev: v1.0\n    hooks:\n      - id: jerry-check\n",
    ),
    "no list and no last line break": (
        "fail_fast: true",
        f"fail_fast: true\nrepos: {MARK}\n"
        "  - repo: https://example.org/jerry\n    rev: v1.0\n    hooks:\n      - id: jerry-check",
    ),
    "no list, an indented mapping, an end": (
        "---\n  fail_fast: true\n...\n",
        f"---\n  fail_fast: true\n  repos: {MARK}\n"
        "    - repo: https://example.org/jerry\n      rev: v1.0\n      hooks:\n        - id: jerry-check\n...\n",
    ),
    "comments only": (
        "# to be written",
        f"# to be written\nrepos: {MARK}\n"
        "  - repo: https://example.org/jerry\n    rev: v1.0\n    hooks:\n      - id: jerry-check",
    ),
    "nothing": (
        "",
        f"repos: {MARK}\n  - repo: https://example.org/jerry\n    rev: v1.0\n    hooks:\n      - id: jerry-check\n",
    ),
    "anchors and aliases": (
        "exclude: &no ^vendor/\nrepos:\n- &meta\n  repo: meta\n  hooks: [{id: identity, exclude: *no}]\n- *meta\n",
        "exclude: &no ^vendor/\nrepos:\n- &meta\n  repo: meta\n  hooks: [{id: identity, exclude: *no}]\n- *meta\n"
        "- repo: https://example.org/jerry\n  rev: v1.0\n  hooks:\n    - id: jerry-check\n",
    ),
    "beyond ASCII": (
        "\ufeff# Grüße 😀\nexclude: '😀é'\nrepos:\n- repo: meta\n  hooks: [{id: identity, name: '日本'}]\n",
        "\ufeff# Grüße 😀\nexclude: '😀é'\nrepos:\n- repo: meta\n  hooks: [{id: identity, name: '日本'}]\n"
        "- repo: https://example.org/jerry\n  rev: v1.0\n  hooks:\n    - id: jerry-check\n",
    ),
    "a block of text at the end": (
        "repos:\n- repo: meta\n  hooks:\n  - id: identity\n    description: |\n      # no comment\n\n\n# next\n",
        "repos:\n- repo: meta\n  hooks:\n  - id: identity\n    description: |\n      # no comment\n"
        "- repo: https://example.org/jerry\n  rev: v1.0\n  hooks:\n  - id: jerry-check\n\n\n# next\n",
    ),
    "a block of text that keeps its blank lines": (
        "repos:\n- repo: meta\n  hooks:\n  - id: identity\n    description: |+\n      text\n\n\n# next\n",
        "repos:\n- repo: meta\n  hooks:\n  - id: identity\n    description: |+\n      text\n\n\n"
        "- repo: https://example.org/jerry\n  rev: v1.0\n  hooks:\n  - id: jerry-check\n# next\n",
    ),
}
EVERY_TEXT = pytest.mark.parametrize("text", [before for before, _ in TEXTS.values()], ids=list(TEXTS))


def _accepted(text: str, folder: Path) -> bool:
    """Whether pre-commit itself takes the text for a configuration; raises what it raises."""
    path = folder / "accepted.yaml"
    path.write_bytes(text.encode())
    return bool(load_config(os.fspath(path))["repos"])


@pytest.mark.positive
@pytest.mark.parametrize(("before", "after"), list(TEXTS.values()), ids=list(TEXTS))
def test_an_entry_is_added_in_the_files_own_style(before: str, after: str) -> None:
    assert Config(before).with_entry(REMOTE) == after


@pytest.mark.positive
@EVERY_TEXT
def test_what_is_added_and_taken_out_leaves_every_byte(text: str) -> None:
    for entry in (REMOTE, LOCAL):
        assert Config(Config(text).with_entry(entry)).without_hooks() == text


@pytest.mark.positive
@EVERY_TEXT
def test_pre_commit_accepts_the_result(text: str, tmp_path: Path) -> None:
    for entry in (REMOTE, LOCAL):
        assert _accepted(Config(text).with_entry(entry), tmp_path)


@pytest.mark.positive
@EVERY_TEXT
def test_adding_twice_changes_nothing(text: str) -> None:
    for entry in (REMOTE, LOCAL):
        once = Config(text).with_entry(entry)
        assert Config(once).with_entry(entry) == once


@pytest.mark.positive
@EVERY_TEXT
def test_another_entry_takes_the_place_of_the_first(text: str) -> None:
    once = Config(text).with_entry(REMOTE)
    assert Config(Config(once).with_entry(LOCAL)).with_entry(REMOTE) == once


_NEWLINES = st.sampled_from(["\n", "\r\n"])
_COMMENTS = st.sampled_from(["", "# one", "  # two", "   ", "    # - repo: three", "# é 😀 []"])
_REPOS = st.sampled_from(
    [
        ["{dash}repo: meta", "{blank}hooks:", "{blank}{inner}{dash_only}id: identity"],
        ["{dash}repo: meta  # why", "{blank}# inside", "{blank}hooks: [{{id: identity}}]"],
        ["{dash}hooks:", "{blank}{inner}{dash_only}id: identity  # x", "{blank}repo: 'meta'"],
        ["{dash}{{repo: meta, hooks: [{{id: identity}}]}}"],
    ]
)
_KEYS = st.sampled_from(
    [[], ["fail_fast: true"], ["exclude: |", "  a", "", "  b", "# end"], ["default_stages: [", "  pre-push]"]]
)


@st.composite
def _configurations(draw: st.DrawFn) -> str:
    """Configurations with the same content in every layout that people use."""
    indent, gap, inner = draw(st.sampled_from([0, 2, 4])), draw(st.sampled_from([1, 3])), draw(st.sampled_from([0, 2]))
    words = {"dash": " " * indent + "-" + " " * gap, "blank": " " * (indent + 1 + gap), "inner": " " * inner}
    repos = [
        line.format(dash_only="-" + " " * gap, **words)
        for repo in draw(st.lists(_REPOS, max_size=3))
        for line in [*repo, draw(_COMMENTS)]
    ]
    head = draw(st.sampled_from(["repos:", "'repos':  # list", "repos:  "])) if repos else "repos: []"
    above, below = draw(st.permutations([draw(_KEYS), []]))
    with_list = [head, *repos] if repos or draw(st.booleans()) else []
    lines = [draw(_COMMENTS), *above, draw(_COMMENTS), *with_list, draw(_COMMENTS), *below, draw(_COMMENTS)]
    newline = draw(_NEWLINES)
    return newline.join(lines) + draw(st.sampled_from(["", newline, newline * 3]))


@pytest.mark.positive
@THOROUGH
@given(_configurations(), st.sampled_from([REMOTE, LOCAL]))
def test_any_configuration_comes_back_byte_for_byte(text: str, entry: Entry) -> None:
    added = Config(text).with_entry(entry)
    assert Config(added).hooks() == tuple(str(hook["id"]) for hook in entry.hooks)
    assert Config(added).with_entry(entry) == added
    assert Config(added).without_hooks() == text


@pytest.mark.positive
@THOROUGH
@given(_configurations(), st.sampled_from([REMOTE, LOCAL]))
def test_lines_are_added_and_none_is_changed(text: str, entry: Entry) -> None:
    added = iter(Config(text).with_entry(entry).replace("# []", "[]").splitlines())
    assert all(line in added for line in text.splitlines())  # a subsequence: each search goes on behind the last


MINE = "repos:\n- repo: local\n  hooks:\n  - {{id: mine, name: m, entry: m, language: system}}\n{ours}"
OURS = "  - id: jerry-check\n    name: ours # so\n    entry: jerry-check\n    language: system\n"


@pytest.mark.positive
def test_from_an_entry_with_hooks_of_the_users_only_ours_go() -> None:
    text = MINE.format(ours=OURS) + "  - {id: last, name: m, entry: m, language: system}\nfail_fast: true\n"
    assert Config(text).without_hooks() == text.replace(OURS, "")


@pytest.mark.positive
def test_from_an_entry_with_hooks_of_the_users_ours_move_to_one_of_their_own() -> None:
    after = Config(MINE.format(ours=OURS)).with_entry(REMOTE)
    assert after == MINE.format(ours="") + (
        "- repo: https://example.org/jerry\n  rev: v1.0\n  hooks:\n  - id: jerry-check\n"
    )


@pytest.mark.edge
def test_several_of_our_hooks_go_from_a_mixed_entry_without_a_last_line_break() -> None:
    text = MINE.format(ours="  - id: jerry-check\n  - id: jerry-pre-push")
    assert Config(text).hooks() == ("jerry-check", "jerry-pre-push")
    assert Config(text).without_hooks() == MINE.format(ours="").rstrip()


@pytest.mark.positive
def test_several_entries_of_ours_become_one() -> None:
    one = "- repo: https://example.org/old\n  rev: v0.1\n  hooks:\n  - id: jerry-{}\n"
    text = "repos:\n" + one.format("check") + one.format("pre-push")
    assert Config(text).with_entry(REMOTE) == (
        "repos: []\n".replace("[]", "# []")
        + "  - repo: https://example.org/jerry\n    rev: v1.0\n    hooks:\n      - id: jerry-check\n"
    )


@pytest.mark.positive
def test_what_the_user_has_added_to_our_entry_stays() -> None:
    text = Config("repos: []\n").with_entry(REMOTE) + "        args: [--verbose] # mine\n"
    assert Config(text).with_entry(REMOTE) == text


@pytest.mark.positive
def test_another_revision_changes_just_the_entry() -> None:
    text = Config("repos: []\n").with_entry(REMOTE) + "  # below\nfail_fast: true\n"
    newer = Entry(repo=REMOTE.repo, rev="v2.0", hooks=REMOTE.hooks)
    assert Config(text).with_entry(newer) == text.replace("v1.0", "v2.0")


@pytest.mark.positive
def test_an_entry_that_the_user_wrote_alone_leaves_an_empty_list() -> None:
    text = "repos: # all\n# mine\n- repo: x\n  rev: v1.0\n  hooks: [{id: jerry-check}]\n"
    assert Config(text).without_hooks() == "repos: [] # all\n# mine\n"


@pytest.mark.positive
def test_text_without_our_hooks_stays_whatever_its_layout() -> None:
    assert Config("{repos: [{repo: meta, hooks: [{id: identity}]}]}").without_hooks().startswith("{")


@pytest.mark.edge
def test_words_that_yaml_takes_for_something_else_are_quoted() -> None:
    entry = Entry(repo="https://example.org/a b#c", rev="1.10", hooks=({"id": "jerry-check", "name": "no", "d": ()},))
    added = Config("").with_entry(entry)
    assert '  - repo: "https://example.org/a b#c"\n    rev: "1.10"\n' in added
    assert '        name: "no"\n        d: []\n' in added


REFUSALS = {
    "not closed": ("repos: [", "hooks-yaml", 1, "not YAML"),
    "a tab": ("repos:\n\t- repo: x\n", "hooks-yaml", 2, "cannot start any token"),
    "a control character": ("a: 1\r\nb: \x07\n", "hooks-yaml", 2, r"the character 7 cannot stand here"),
    "an alias of nothing": ("repos:\n- *x\n", "hooks-yaml", 2, "undefined alias 'x'"),
    "two documents": ("a: 1\n---\nb: 2\n", "hooks-yaml", 2, "not YAML: found another document"),
    "a list": ("# old\n- repo: x\n", "hooks-shape", 2, "a list, not a mapping"),
    "a text": ("\nrepos\n", "hooks-shape", 2, "not a mapping"),
    "two lists": ("repos: []\nrepos: []\n", "hooks-shape", 2, "`repos` is there twice"),
    "an empty key": ("repos:\n", "hooks-shape", 1, "`repos` is not a list"),
    "a mapping of repositories": ("\nrepos: {a: 1}\n", "hooks-shape", 2, "`repos` is not a list"),
    "an alias for the list": ("x: &r []\nrepos: *r\n", "hooks-layout", 2, "`repos` is an alias"),
    "a list in brackets": ("a: 1\nrepos: [{repo: meta}]\n", "hooks-flow", 2, "`repos` is a list in brackets"),
    "an empty list over two lines": ("repos: [\n]\n", "hooks-flow", 1, "`repos` is a list in brackets"),
    "braces": ("# x\n{repos: []}\n", "hooks-flow", 2, "it is in flow style, with braces"),
    "an explicit nothing": ("--- !!null\n", "hooks-shape", 1, "not a mapping"),
    "a text that would get a line break": (
        "repos:\n- repo: meta\n  hooks:\n  - id: identity\n    description: |\n      text",
        "hooks-layout",
        1,
        "laid out in a way",
    ),
}


@pytest.mark.negative
@pytest.mark.parametrize(("text", "code", "line", "reason"), list(REFUSALS.values()), ids=list(REFUSALS))
def test_what_cannot_be_edited_is_refused(text: str, code: str, line: int, reason: str) -> None:
    with pytest.raises(HookConfigurationError) as refusal:
        Config(text).with_entry(REMOTE)
    assert refusal.value.code == code
    assert str(refusal.value).startswith(f"{NAME}:{line}: ")
    assert reason in str(refusal.value)
    assert refusal.value.hint.startswith("nothing was written; ")


@pytest.mark.negative
def test_a_refused_layout_comes_with_what_to_paste() -> None:
    with pytest.raises(HookConfigurationError) as refusal:
        Config("{repos: []}").with_entry(REMOTE)
    assert refusal.value.snippet == ("- repo: https://example.org/jerry\n  rev: v1.0\n  hooks:\n    - id: jerry-check")
    assert refusal.value.hint == "nothing was written; paste this into its list `repos`"


IN_THE_WAY = {
    "our hook in brackets": "repos:\n- repo: x\n  rev: v1.0\n  hooks: [{id: a}, {id: jerry-check}]\n",
    "our entry in brackets": "repos: [{repo: x, rev: v1.0, hooks: [{id: jerry-check}]}]\n",
    "an anchor in our entry": "repos:\n- repo: x\n  rev: &v v1.0\n  hooks: [{id: jerry-check}]\nexclude: *v\n",
}


@pytest.mark.negative
@pytest.mark.parametrize("text", list(IN_THE_WAY.values()), ids=list(IN_THE_WAY))
def test_our_hooks_are_not_torn_out_of_what_holds_them(text: str) -> None:
    with pytest.raises(HookConfigurationError) as refusal:
        Config(text).without_hooks()
    assert refusal.value.hint == "nothing was written; take the hooks out by hand"
    assert refusal.value.snippet == ""


@pytest.mark.edge
def test_a_text_that_is_nested_too_deeply_is_refused() -> None:
    with pytest.raises(HookConfigurationError, match="nested too deeply"):
        Config("[" * 5000)


@pytest.mark.positive
def test_the_fixers_without_an_exclude_are_found() -> None:
    hooks = (
        "repos:\n- repo: x\n  hooks:\n  - id: {}\n  - id: pretty-format-json\n    exclude: ^\\.jerry/\n  - &a mine\n"
    )
    assert Config(hooks.format("end-of-file-fixer")).rewriting() == ("end-of-file-fixer",)
    assert Config(hooks.format("flake8")).rewriting() == ()
    assert Config("exclude: ^\\.jerry\n" + hooks.format("end-of-file-fixer")).rewriting() == ()


@pytest.mark.positive
def test_the_default_types_are_read() -> None:
    assert Config("fail_fast: true").default_types() is None
    assert Config("default_install_hook_types: [pre-commit, 'commit-msg']").default_types() == (
        "pre-commit",
        "commit-msg",
    )


@pytest.mark.edge
def test_keys_that_are_no_words_are_carried_along() -> None:
    assert Config("? [a]\n: {b: c}\nrepos: []\n").with_entry(REMOTE).startswith("? [a]\n: {b: c}\nrepos: # []\n")
    assert read("&x a: *x").root.plain() == {"a": "*x"}


@pytest.mark.edge
def test_an_anchor_that_is_used_again_is_no_fault_of_the_text() -> None:
    assert Config("files: &a x\nexclude: &a y\n").with_entry(REMOTE).startswith("files: &a x\nexclude: &a y\n")


@pytest.fixture
def configuration(tmp_path: Path) -> PreCommitConfiguration:
    return PreCommitConfiguration(tmp_path, Git(tmp_path))


def _install(configuration: PreCommitConfiguration, entry: Entry = REMOTE) -> Draft:
    draft = configuration.with_entry(entry)
    configuration.write(draft)
    return draft


def _uninstall(configuration: PreCommitConfiguration) -> Draft:
    draft = configuration.without_hooks()
    configuration.write(draft)
    return draft


@pytest.mark.positive
def test_a_file_is_made_and_goes_again(configuration: PreCommitConfiguration, tmp_path: Path) -> None:
    _install(configuration)
    assert (tmp_path / NAME).read_text() == NEW_FILE.replace(" []", "") + (
        "  - repo: https://example.org/jerry\n    rev: v1.0\n    hooks:\n      - id: jerry-check\n"
    )
    _install(configuration, LOCAL)
    assert _uninstall(configuration).hooks == ("jerry-check", "jerry-commit-msg")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.edge
def test_a_file_that_git_gave_other_line_ends_goes_too(configuration: PreCommitConfiguration, tmp_path: Path) -> None:
    _install(configuration)
    (tmp_path / NAME).write_bytes((tmp_path / NAME).read_bytes().replace(b"\n", b"\r\n"))
    _uninstall(configuration)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.positive
def test_a_file_that_was_made_and_grew_stays(configuration: PreCommitConfiguration, tmp_path: Path) -> None:
    _install(configuration)
    with (tmp_path / NAME).open("a") as file:
        file.write("fail_fast: true\n")
    _uninstall(configuration)
    assert (tmp_path / NAME).read_text() == NEW_FILE + "fail_fast: true\n"


@pytest.mark.positive
@pytest.mark.parametrize("text", ["repos: []\r\n", ""], ids=["CRLF", "empty"])
def test_a_file_that_was_there_comes_back(configuration: PreCommitConfiguration, tmp_path: Path, text: str) -> None:
    path = tmp_path / NAME
    path.write_bytes(text.encode())
    path.chmod(0o640)
    _install(configuration)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    _uninstall(configuration)
    assert path.read_bytes() == text.encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.edge
def test_where_there_is_no_file_nothing_is_removed(configuration: PreCommitConfiguration) -> None:
    assert configuration.without_hooks() == Draft(before=None, after=None)


@pytest.mark.negative
def test_a_symbolic_link_is_refused(configuration: PreCommitConfiguration, tmp_path: Path) -> None:
    (tmp_path / NAME).symlink_to("elsewhere.yaml")
    with pytest.raises(HookConfigurationError, match="a symbolic link"):
        configuration.with_entry(REMOTE)


@pytest.mark.negative
def test_another_encoding_is_refused(configuration: PreCommitConfiguration, tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"repos: []\n# caf\xe9\n")
    with pytest.raises(HookConfigurationError, match=f"{NAME}:2: not UTF-8"):
        configuration.without_hooks()


@pytest.mark.negative
def test_a_folder_in_its_place_is_an_error_of_the_system(configuration: PreCommitConfiguration, tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()
    with pytest.raises(IsADirectoryError):
        configuration.with_entry(REMOTE)


class FailingDisk(Disk):
    """A disk on which no file gets its final name."""

    def rename(self, source: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")


@pytest.mark.negative
def test_a_write_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text("repos: []\n")
    configuration = PreCommitConfiguration(tmp_path, Git(tmp_path), FailingDisk())
    with pytest.raises(OSError, match="No space"):
        _install(configuration)
    assert (tmp_path / NAME).read_text() == "repos: []\n"
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


@pytest.mark.positive
def test_the_hooks_path_is_read_from_git(configuration: PreCommitConfiguration, tmp_path: Path) -> None:
    git = Git(tmp_path)
    git.ask("init", "--quiet")
    assert configuration.hooks_path() == ""
    git.ask("config", "core.hooksPath", ".husky")
    assert configuration.hooks_path() == ".husky"


class Installed:
    """What the packaging metadata say of a distribution."""

    def __init__(self, told: str | None) -> None:
        self._told = told

    def read_text(self, name: str) -> str | None:
        return {"direct_url.json": self._told}[name]


def _told(**content: object) -> str:
    return json.dumps({"url": "https://example.org/jerry", **content})


@pytest.mark.positive
def test_a_program_out_of_a_git_repository_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    told = _told(vcs_info={"vcs": "git", "commit_id": "0123abc", "requested_revision": "main"})
    monkeypatch.setattr("importlib.metadata.distribution", lambda name: Installed(told))
    assert installed_from() == Origin(repo="https://example.org/jerry", rev="0123abc")


OTHERWISE = {
    "from an index": None,
    "from a folder": _told(dir_info={"editable": True}),
    "from another kind of repository": _told(vcs_info={"vcs": "hg", "commit_id": "0"}),
    "no JSON": "{",
    "no mapping": "[]",
}


@pytest.mark.edge
@pytest.mark.parametrize("told", list(OTHERWISE.values()), ids=list(OTHERWISE))
def test_any_other_program_is_a_requirement(told: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.metadata.distribution", lambda name: Installed(told))
    monkeypatch.setattr("jerry_git.__version__", "7")
    assert installed_from() == Origin(repo="local", requirement="jerry-git==7")


@pytest.mark.edge
def test_a_program_that_is_not_installed_is_a_requirement(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pre_commit_config, "DISTRIBUTION", "no-such-distribution-of-ours")
    assert installed_from().repo == "local"
