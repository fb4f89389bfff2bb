"""Which hooks are written into the configuration, from where, and what the user is told of."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from jerry_git.application.hooks import (
    HOOKS,
    Draft,
    Entry,
    HookConfiguration,
    HookConfigurationError,
    Origin,
    default_hooks,
    diff,
    entry_for,
    install,
    uninstall,
)

REMOTE = Origin(repo="https://example.org/jerry", rev="v1")


@dataclass
class FakeConfiguration:
    """A file in memory, which holds the ids of hooks as words."""

    text: str | None = "mine\n"
    facts: Draft = field(default_factory=lambda: Draft(before=None, after=None))
    path: str = ""
    entries: list[Entry] = field(default_factory=list)

    def with_entry(self, entry: Entry) -> Draft:
        self.entries.append(entry)
        return replace(self.facts, before=self.text, after=" ".join(str(hook["id"]) for hook in entry.hooks))

    def without_hooks(self) -> Draft:
        found = tuple(word for word in (self.text or "").split() if word in HOOKS)
        return replace(self.facts, before=self.text, after=None if found else self.text, hooks=found)

    def write(self, draft: Draft) -> None:
        self.text = draft.after

    def origin(self) -> Origin:
        return Origin(requirement="jerry-git==1")

    def hooks_path(self) -> str:
        return self.path


def _is_a_port(fake: FakeConfiguration) -> HookConfiguration:
    """mypy holds the fake to the port here; nothing calls it."""
    return fake


@pytest.mark.positive
def test_the_usual_hooks_are_those_that_do_not_repeat_each_other():
    assert default_hooks() == (
        "jerry-check",
        "jerry-commit-msg",
        "jerry-prepare-commit-msg",
        "jerry-post-merge",
        "jerry-pre-push",
    )


@pytest.mark.positive
def test_the_message_hooks_are_the_ones_that_get_a_file_name():
    named = [hook.id for hook in HOOKS.values() if hook.pass_filenames]
    assert named == ["jerry-commit-msg", "jerry-prepare-commit-msg"]


@pytest.mark.positive
def test_an_id_is_the_key_of_its_hook():
    assert all(hook.id == key and hook.stages and hook.name for key, hook in HOOKS.items())


@pytest.mark.positive
def test_install_writes_the_usual_hooks_from_where_the_program_came():
    configuration = FakeConfiguration()
    report = install(configuration)
    assert configuration.text == " ".join(default_hooks()) == " ".join(report.hooks)
    assert {hook["additional_dependencies"] for hook in configuration.entries[0].hooks} == {("jerry-git==1",)}
    assert report.warnings == ()


@pytest.mark.positive
def test_the_command_names_every_type_of_git_hook_once():
    report = install(FakeConfiguration())
    assert report.hook_types == (
        "pre-commit",
        "pre-merge-commit",
        "commit-msg",
        "prepare-commit-msg",
        "post-merge",
        "post-rewrite",
        "pre-push",
    )
    assert report.command == "pre-commit install" + "".join(f" --hook-type {kind}" for kind in report.hook_types)


@pytest.mark.positive
def test_chosen_hooks_come_in_the_order_of_the_table():
    report = install(FakeConfiguration(), ["jerry-pre-push", "jerry-transitions", "jerry-pre-push"])
    assert report.hooks == ("jerry-transitions", "jerry-pre-push")
    assert report.command == (
        "pre-commit install --hook-type pre-commit --hook-type pre-merge-commit --hook-type pre-push"
    )


@pytest.mark.positive
def test_a_remote_entry_leaves_the_rest_to_the_manifest():
    entry = entry_for([HOOKS["jerry-check"]], REMOTE)
    assert entry == Entry(repo="https://example.org/jerry", rev="v1", hooks=({"id": "jerry-check"},))


@pytest.mark.positive
def test_a_local_entry_says_all_that_a_manifest_would():
    (hook,) = entry_for([HOOKS["jerry-commit-msg"]], Origin(requirement="jerry-git==1")).hooks
    assert hook == {
        "id": "jerry-commit-msg",
        "name": "jerry checks the items that the message names",
        "entry": "jerry-commit-msg",
        "language": "python",
        "additional_dependencies": ("jerry-git==1",),
        "stages": ("commit-msg",),
        "always_run": True,
        "pass_filenames": True,
        "require_serial": True,
    }


@pytest.mark.positive
def test_a_dry_run_of_either_writes_nothing():
    configuration = FakeConfiguration("jerry-check")
    assert install(configuration, dry_run=True).draft.changed
    assert uninstall(configuration, dry_run=True).draft.changed
    assert configuration.text == "jerry-check"


@pytest.mark.positive
def test_what_is_there_already_is_not_written_again():
    configuration = FakeConfiguration()
    install(configuration, origin=REMOTE)
    configuration.write = None
    assert not install(configuration, origin=REMOTE).draft.changed


@pytest.mark.positive
def test_uninstall_writes_the_file_without_the_hooks():
    configuration = FakeConfiguration("mine jerry-check jerry-pre-push")
    report = uninstall(configuration)
    assert configuration.text is None
    assert report.hooks == ("jerry-check", "jerry-pre-push")
    assert report.hook_types == ("pre-commit", "pre-merge-commit", "pre-push")


@pytest.mark.positive
def test_when_the_file_goes_its_git_hooks_are_to_go_too():
    report = uninstall(FakeConfiguration("jerry-pre-push"))
    assert report.command == "pre-commit uninstall --hook-type pre-push"


@pytest.mark.edge
@pytest.mark.parametrize("text", [None, "mine\n"], ids=["no file", "a file without them"])
def test_uninstall_of_nothing_changes_nothing(text):
    configuration = FakeConfiguration(text)
    configuration.write = None
    report = uninstall(configuration)
    assert (report.draft.changed, report.hooks, report.command) == (False, (), "")


@pytest.mark.negative
def test_a_set_hooks_path_is_told_of():
    (advice,) = install(FakeConfiguration(path=".husky")).warnings
    assert advice.code == "hooks-path"
    assert "'.husky'" in advice.message


@pytest.mark.negative
def test_types_that_a_plain_install_leaves_out_are_told_of():
    facts = Draft(before=None, after=None, default_types=("pre-commit", "commit-msg"))
    (advice,) = install(FakeConfiguration(facts=facts), ["jerry-check", "jerry-pre-push"]).warnings
    assert (advice.code, advice.message) == (
        "hook-types",
        "default_install_hook_types lacks pre-merge-commit, pre-push",
    )


@pytest.mark.positive
def test_types_that_are_all_listed_need_no_word():
    facts = Draft(before=None, after=None, default_types=("pre-push",))
    assert install(FakeConfiguration(facts=facts), ["jerry-pre-push"]).warnings == ()


@pytest.mark.negative
def test_fixers_that_rewrite_events_are_told_of():
    facts = Draft(before=None, after=None, rewriting=("end-of-file-fixer", "pretty-format-json"))
    (advice,) = install(FakeConfiguration(facts=facts)).warnings
    assert advice.code == "fixers"
    assert advice.message.endswith(": end-of-file-fixer, pretty-format-json")
    assert advice.hint == r"give each of them `exclude: ^\.jerry/(events|schemas)/`"


@pytest.mark.edge
def test_a_repository_on_this_computer_is_told_of():
    (advice,) = install(FakeConfiguration(), origin=Origin(repo="file:///srv/jerry", rev="v1")).warnings
    assert advice.code == "file-url"


@pytest.mark.positive
def test_a_diff_shows_the_lines_that_come():
    assert diff(Draft(before="a\nb\n", after="a\nc\nb\n")) == [
        "--- a/.pre-commit-config.yaml",
        "+++ b/.pre-commit-config.yaml",
        "@@ -1,2 +1,3 @@",
        " a",
        "+c",
        " b",
    ]


@pytest.mark.positive
def test_a_diff_names_no_file_where_there_is_none():
    assert diff(Draft(before=None, after="a\n"))[:2] == ["--- /dev/null", "+++ b/.pre-commit-config.yaml"]
    assert diff(Draft(before="a\n", after=None))[:2] == ["--- a/.pre-commit-config.yaml", "+++ /dev/null"]


@pytest.mark.edge
def test_a_diff_tells_of_a_last_line_without_an_end():
    shown = diff(Draft(before="a", after="a\r\n\x0cb"))
    assert shown[3:] == ["-a", "\\ No newline at end of file", "+a", "+\x0cb", "\\ No newline at end of file"]


@pytest.mark.positive
def test_nothing_to_change_is_an_empty_diff():
    assert diff(Draft(before="a", after="a")) == []


@pytest.mark.negative
@pytest.mark.parametrize(
    ("line", "text"), [(3, ".pre-commit-config.yaml:3: broken"), (0, ".pre-commit-config.yaml: broken")]
)
def test_a_refusal_names_the_file_and_the_line(line, text):
    assert str(HookConfigurationError("code", "broken", line=line)) == text
