"""`jerry hooks`: what a person sees who puts the checks into a pre-commit configuration, and takes them out."""

from __future__ import annotations

import pytest

from jerry_git.infrastructure.adapters.pre_commit_config import NEW_FILE, PreCommitConfiguration
from tests.cli.conftest import Desk

NAME = ".pre-commit-config.yaml"
MINE = "# mine\nrepos:\n- repo: meta\n  hooks:\n  - id: identity\n"
REMOTE = ("--repo", "https://example.org/jerry", "--rev", "v1.0")
COMMAND = "pre-commit install --hook-type pre-commit --hook-type pre-merge-commit"


@pytest.fixture
def desk(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A repository with a configuration of the user's own, and a program of version 7."""
    (desk.folder / NAME).write_text(MINE)
    monkeypatch.setattr("jerry_git.__version__", "7")
    return desk


def _text(desk: Desk) -> str:
    return (desk.folder / NAME).read_text()


@pytest.mark.positive
def test_install_says_what_it_wrote_and_what_is_next(desk: Desk) -> None:
    assert desk.jerry("hooks", "install").screen == (
        "added to .pre-commit-config.yaml: jerry-check, jerry-commit-msg, jerry-prepare-commit-msg, "
        "jerry-post-merge, jerry-pre-push\n"
        "Next: `git add .pre-commit-config.yaml`, and once in each clone:\n"
        f"  {COMMAND} --hook-type commit-msg --hook-type prepare-commit-msg --hook-type post-merge "
        "--hook-type post-rewrite --hook-type pre-push\n"
    )
    assert _text(desk).startswith(MINE + "- repo: local\n  hooks:\n  - id: jerry-check\n    name: jerry checks ")
    assert _text(desk).count('    additional_dependencies: ["jerry-git==7"]\n') == 5


@pytest.mark.positive
def test_a_second_install_finds_all_there(desk: Desk) -> None:
    desk.jerry("hooks", "install", "--hook", "jerry-check", *REMOTE)
    before = _text(desk)
    assert desk.jerry("hooks", "install", "--hook", "jerry-check", *REMOTE).screen == (
        f"already in .pre-commit-config.yaml: jerry-check\nOnce in each clone:\n  {COMMAND}\n"
    )
    assert _text(desk) == before


@pytest.mark.positive
def test_a_repository_at_a_revision_is_named(desk: Desk) -> None:
    desk.jerry("hooks", "install", "--hook", "jerry-check", *REMOTE)
    assert _text(desk) == MINE + ("- repo: https://example.org/jerry\n  rev: v1.0\n  hooks:\n  - id: jerry-check\n")


@pytest.mark.positive
def test_a_dry_run_shows_the_difference(desk: Desk) -> None:
    assert desk.jerry("hooks", "install", "--dry-run", "--hook", "jerry-check", *REMOTE).screen == (
        "--- a/.pre-commit-config.yaml\n"
        "+++ b/.pre-commit-config.yaml\n"
        "@@ -3,3 +3,7 @@\n"
        " - repo: meta\n"
        "   hooks:\n"
        "   - id: identity\n"
        "+- repo: https://example.org/jerry\n"
        "+  rev: v1.0\n"
        "+  hooks:\n"
        "+  - id: jerry-check\n"
    )
    assert _text(desk) == MINE


@pytest.mark.positive
def test_a_dry_run_of_what_is_there_has_nothing_to_show(desk: Desk) -> None:
    desk.jerry("hooks", "install")
    assert desk.jerry("hooks", "install", "-n").screen == "nothing to change\n"


@pytest.mark.positive
def test_uninstall_says_what_it_took_out(desk: Desk) -> None:
    desk.jerry("hooks", "install", "--hook", "jerry-check", "--hook", "jerry-pre-push")
    assert desk.jerry("hooks", "uninstall").screen == (
        "removed from .pre-commit-config.yaml: jerry-check, jerry-pre-push\n"
        "The git hooks that pre-commit has made stay: they run what else is in the file.\n"
    )
    assert _text(desk) == MINE


@pytest.mark.positive
def test_a_file_of_our_own_goes_and_its_git_hooks_are_to_follow(desk: Desk) -> None:
    (desk.folder / NAME).unlink()
    desk.jerry("hooks", "install", "--hook", "jerry-pre-push")
    assert _text(desk).startswith(NEW_FILE.replace(" []", ""))
    assert desk.jerry("hooks", "uninstall").screen == (
        "removed from .pre-commit-config.yaml: jerry-pre-push\n"
        "The file went too, and git hooks that pre-commit has made refuse every commit without it. Next:\n"
        "  pre-commit uninstall --hook-type pre-push\n"
    )
    assert not (desk.folder / NAME).exists()


@pytest.mark.positive
def test_a_dry_run_of_uninstall_shows_the_difference(desk: Desk) -> None:
    desk.jerry("hooks", "install", "--hook", "jerry-check", *REMOTE)
    shown = desk.jerry("hooks", "uninstall", "--dry-run").stdout
    assert "\n-- repo: https://example.org/jerry\n-  rev: v1.0\n-  hooks:\n-  - id: jerry-check\n" in shown
    assert _text(desk) != MINE


@pytest.mark.edge
@pytest.mark.parametrize("options", [[], ["--dry-run"]], ids=["for real", "as a dry run"])
def test_uninstall_finds_nothing(desk: Desk, options: list[str]) -> None:
    assert desk.jerry("hooks", "uninstall", *options).screen == "nothing to remove\n"
    assert _text(desk) == MINE


@pytest.mark.positive
def test_install_tells_programs_what_it_did(desk: Desk) -> None:
    assert desk.ask("hooks", "install", "--hook", "jerry-check") == {
        "schema": "jerry.hooks.v1",
        "path": NAME,
        "changed": True,
        "hooks": ["jerry-check"],
        "hook_types": ["pre-commit", "pre-merge-commit"],
        "command": COMMAND,
        "warnings": [],
    }


@pytest.mark.positive
def test_uninstall_tells_programs_what_it_did(desk: Desk) -> None:
    desk.jerry("hooks", "install", "--hook", "jerry-pre-push")
    answers = [desk.ask("hooks", "uninstall") for _ in range(2)]
    assert [(data["changed"], data["hooks"], data["command"]) for data in answers] == [
        (True, ["jerry-pre-push"], None),
        (False, [], None),
    ]


@pytest.mark.positive
def test_the_word_local_asks_for_a_local_entry(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.jerry("hooks", "install", "--hook", "jerry-check", "--repo", "local")
    assert "- repo: local\n" in _text(desk)


WARNED = (
    "default_install_hook_types: [pre-commit]\nrepos:\n- repo: https://example.org/x\n  rev: v1.0\n"
    "  hooks:\n  - id: trailing-whitespace\n"
)


@pytest.mark.negative
def test_all_that_stands_in_the_way_is_told(desk: Desk) -> None:
    (desk.folder / NAME).write_text(WARNED)
    desk.git("config", "core.hooksPath", ".husky\x1b[31m")
    answer = desk.jerry("hooks", "install", "--hook", "jerry-check", "--repo", "file:///srv/jerry", "--rev", "v1.0")
    assert answer.stderr == (
        "warning: core.hooksPath is set to '.husky\\x1b[31m': pre-commit does not install git hooks while it is\n"
        "hint: let the hooks in that folder call `pre-commit run --hook-stage STAGE`; the setting is left alone\n"
        "warning: default_install_hook_types lacks pre-merge-commit\n"
        "hint: add them there, for a plain `pre-commit install` leaves them out\n"
        "warning: these hooks may rewrite events and schemas: trailing-whitespace\n"
        "hint: give each of them `exclude: ^\\.jerry/(events|schemas)/`\n"
        "warning: the hooks come from file:///srv/jerry, which others may not reach\n"
        "hint: name a repository that all can reach: `jerry hooks install --repo URL --rev REV`\n"
    )


@pytest.mark.negative
def test_what_stands_in_the_way_is_told_to_programs_too(desk: Desk) -> None:
    (desk.folder / NAME).write_text(WARNED)
    data = desk.ask("hooks", "install", "--hook", "jerry-check")
    assert [warning["code"] for warning in data["warnings"]] == ["hook-types", "fixers"]


@pytest.mark.negative
@pytest.mark.parametrize("verb", ["install", "uninstall"])
def test_a_file_that_is_no_yaml_stays_as_it_is(desk: Desk, verb: str) -> None:
    (desk.folder / NAME).write_text("repos:\n- {\n")
    assert desk.refused("hooks", verb) == (
        "error: .pre-commit-config.yaml:3: not YAML: expected the node content, but found '<stream end>'\n"
        "\nhint: nothing was written; `pre-commit validate-config` tells when the file is right\n"
    )
    assert _text(desk) == "repos:\n- {\n"


@pytest.mark.negative
def test_a_list_in_brackets_comes_with_what_to_paste(desk: Desk) -> None:
    (desk.folder / NAME).write_text("repos: [{repo: meta, hooks: [{id: identity}]}]\n")
    assert desk.refused("hooks", "install", "--hook", "jerry-check", *REMOTE) == (
        "error: .pre-commit-config.yaml:1: `repos` is a list in brackets\n"
        "\nhint: nothing was written; paste this into its list `repos`:\n"
        "\n- repo: https://example.org/jerry\n  rev: v1.0\n  hooks:\n    - id: jerry-check\n"
    )


@pytest.mark.negative
def test_a_refusal_is_told_to_programs_with_its_code(desk: Desk) -> None:
    (desk.folder / NAME).unlink()
    (desk.folder / NAME).symlink_to("elsewhere")
    answer = desk.jerry("hooks", "install", "--json", check=False)
    assert answer.returncode == 1
    assert answer.data["error"]["code"] == "hooks-symlink"


USAGE = {
    "a name that is nearly right": (
        ("--hook", "jerry-chek"),
        "error: Invalid value for '--hook': no hook is called 'jerry-chek'.\n\nhint: Did you mean `jerry-check`?\n",
    ),
    "a name that is nothing": (
        ("--hook", "\x1b"),
        "error: Invalid value for '--hook': no hook is called '\\x1b'.\n"
        "\nhint: `jerry hooks install --help` shows how it is used\n",
    ),
    "a repository without a revision": (
        ("--repo", "https://example.org/jerry"),
        "--repo URL and --rev REV go together",
    ),
    "a revision without a repository": (("--rev", "v1"), "--repo URL and --rev REV go together"),
    "a repository that has no revisions": (("--repo", "meta", "--rev", "v1"), "--repo URL and --rev REV go together"),
    "a revision that cannot be printed": (
        ("--repo", "https://example.org/jerry", "--rev", "v1\n"),
        "error: --rev 'v1\\n' has characters that cannot be printed.\n",
    ),
}


@pytest.mark.negative
@pytest.mark.parametrize(("options", "words"), list(USAGE.values()), ids=list(USAGE))
def test_a_command_line_that_means_nothing_is_refused(desk: Desk, options: tuple[str, ...], words: str) -> None:
    answer = desk.jerry("hooks", "install", *options, check=False)
    assert answer.returncode == 2
    assert words in answer.stderr
    assert _text(desk) == MINE


@pytest.mark.positive
def test_hooks_are_installed_before_work_tracking_is_set_up(start: Desk) -> None:
    start.git("init", "--quiet")
    start.jerry("hooks", "install")
    start.jerry("hooks", "uninstall")
    assert [path.name for path in start.folder.iterdir()] == [".git"]


@pytest.mark.edge
def test_a_program_out_of_a_repository_offers_that(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from jerry_git.application.hooks import Origin

    origin = Origin(repo="https://example.org/fork", rev="0123abc")
    monkeypatch.setattr(PreCommitConfiguration, "origin", lambda configuration: origin)
    desk.jerry("hooks", "install", "--hook", "jerry-check")
    assert '- repo: https://example.org/fork\n  rev: "0123abc"\n' in _text(desk)
