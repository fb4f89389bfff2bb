"""The hooks as programs that git itself, or another manager of hooks, calls."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from jerry_git.application.hooks import HOOKS
from tests.end_to_end.conftest import ROOT, place
from tests.hooks.conftest import Guarded

ZERO = "0" * 40
MANIFEST = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}


def called(here: Guarded, hook: str, *arguments: str, stdin: str = "", **extra: str) -> tuple[int, str]:
    """Exit status and words of a hook that git calls."""
    command = (sys.executable, "-c", f"import sys; from jerry_hooks.{hook} import main; sys.exit(main())", *arguments)
    done = subprocess.run(
        command, cwd=here.folder, env={**here.environment, **extra}, input=stdin, capture_output=True, text=True
    )
    assert done.stdout == ""
    return done.returncode, done.stderr


def update(here: Guarded, branch: str, before: str = ZERO) -> str:
    return f"refs/heads/{branch} {here.git('rev-parse', branch).strip()} refs/heads/{branch} {before}\n"


@pytest.fixture
def pushed(here: Guarded, remote: Path) -> str:
    """What the remote has, and after it an event altered on `main`."""
    before = here.git("rev-parse", "HEAD").strip()
    here.tamper()
    here.git("commit", "--quiet", "--no-verify", "--all", "--message=x")
    return before


@pytest.mark.negative
def test_git_tells_every_ref_that_is_pushed(here: Guarded, pushed: str) -> None:
    status, said = called(here, "pre_push", "origin", "url", stdin=update(here, "main", pushed))
    assert status == 1
    assert "in main:\n" in said
    assert "differs from what origin's refs/heads/main has" in said


@pytest.mark.positive
def test_only_what_is_pushed_is_looked_at_when_git_tells_it(here: Guarded, pushed: str) -> None:
    """`main` is broken, and stays here."""
    here.git("branch", "fine", "main~1")
    assert called(here, "pre_push", "origin", "url", stdin=update(here, "fine")) == (0, "")


@pytest.mark.negative
def test_a_new_branch_is_compared_with_what_it_stands_on(here: Guarded, pushed: str) -> None:
    here.git("branch", "new")
    status, said = called(here, "pre_push", "origin", "url", stdin=update(here, "new"))
    assert (status, "event-modified" in said) == (1, True)


@pytest.mark.edge
def test_a_ref_that_is_deleted_and_a_tag_of_a_file_bring_nothing(here: Guarded, pushed: str) -> None:
    blob = here.git("rev-parse", "HEAD:code.py").strip()
    lines = f"(delete) {ZERO} refs/heads/gone {pushed}\nrefs/tags/file {blob} refs/tags/file {ZERO}\n"
    assert called(here, "pre_push", "origin", "url", stdin=lines) == (0, "")


@pytest.mark.negative
def test_a_remote_that_has_what_is_not_here_cannot_be_checked(here: Guarded, pushed: str) -> None:
    status, said = called(here, "pre_push", "origin", "url", stdin=update(here, "main", "1" * 40))
    assert status == 2
    assert said.startswith("error: could not check: 1111")
    assert "git fetch" in said


@pytest.mark.negative
def test_without_a_word_from_git_every_branch_is_looked_at(here: Guarded, pushed: str) -> None:
    assert called(here, "pre_push")[0] == 1


@pytest.mark.negative
def test_a_closed_stdin_is_no_word_either(here: Guarded, pushed: str) -> None:
    hook = f"{sys.executable} -c 'from jerry_hooks.pre_push import main; exit(main())' origin url <&-"
    done = subprocess.run(
        ("bash", "-c", hook), cwd=here.folder, env=here.environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)


@pytest.mark.negative
@pytest.mark.parametrize("hook", ["append_only", "check"])
def test_the_index_is_checked(here: Guarded, hook: str) -> None:
    path = here.tamper()
    here.git("add", path)
    status, said = called(here, hook)
    assert status == 1
    assert said.startswith(f"in the index:\n{path}: error[event-modified]")


@pytest.mark.positive
@pytest.mark.parametrize("hook", ["append_only", "check", "transitions"])
def test_a_range_is_checked_where_two_ends_are_given(here: Guarded, hook: str) -> None:
    ends = {"PRE_COMMIT_FROM_REF": "HEAD~1", "PRE_COMMIT_TO_REF": "HEAD"}
    assert called(here, hook, **ends) == (0, "")


@pytest.mark.negative
def test_a_wrong_setting_is_no_silent_pass(here: Guarded) -> None:
    (here.folder / "pyproject.toml").write_text('[tool.jerry]\nlevel = 3\n[tool.jerry.check.severity]\nforks = "off"\n')
    status, said = called(here, "check")
    assert status == 2
    assert "tool.jerry.level" in said
    assert "did you mean fork?" in said


@pytest.mark.positive
@pytest.mark.parametrize("hook", ["append_only", "check", "transitions", "post_merge", "pre_push", "commit_msg"])
def test_a_repository_without_work_tracking_passes_untouched(tmp_path: Path, hook: str) -> None:
    made = place(tmp_path / "bare", tmp_path / "home")
    made.git("init", "--quiet")
    made.git("commit", "--quiet", "--allow-empty", "--message=x")
    (made.folder / "message").write_text("Mend WORK-99\n")
    arguments = ("message",) if hook == "commit_msg" else ()
    assert called(Guarded(made.folder, made.environment), hook, *arguments) == (0, "")
    assert sorted(path.name for path in made.folder.iterdir()) == [".git", "message"]


@pytest.mark.positive
@pytest.mark.parametrize("hook", ["check", "append_only", "transitions"])
def test_where_there_is_nothing_to_judge_no_judge_is_loaded(here: Guarded, hook: str) -> None:
    """A hook is felt in every commit."""
    code = (
        f"import sys; from jerry_hooks.{hook} import main; status = main();"
        "print(*(name for name in sys.modules if name.partition('.')[0] in ('click', 'pydantic', 'pygit2', 'ruamel')"
        " or name.startswith('jerry_domain.aggregates') or name.endswith('.codec')));"
        "sys.exit(status)"
    )
    assert here.run(sys.executable, "-c", code).stdout == "\n"


@pytest.mark.positive
def test_the_number_of_git_processes_does_not_grow_with_the_repository(here: Guarded, tmp_path: Path) -> None:
    """Counted by git itself, with few items and with many."""
    counts = []
    for number in (0, 40):
        (here.folder / "issues.jsonl").write_text(
            "".join(f'{{"id": "bd-{number}-{row}", "title": "Old"}}\n' for row in range(number))
        )
        if number:
            here.jerry("import", "beads", "issues.jsonl")
            here.git("commit", "--quiet", "--no-verify", "--message=Import")
        here.jerry("label", "WORK-1", "--add", f"label-{number}")
        trace = tmp_path / f"trace-{number}"
        assert called(here, "check", GIT_TRACE2=str(trace)) == (0, "")
        counts.append(trace.read_text().count(" version "))
        here.git("commit", "--quiet", "--no-verify", "--message=Label")
    assert counts[0] == counts[1] <= 10


@pytest.mark.edge
def test_in_a_repository_inside_another_each_is_guarded_for_itself(here: Guarded) -> None:
    inner = place(here.folder / "vendor", here.folder.parent / "home")
    inner.git("init", "--quiet")
    here.git("add", here.tamper())
    assert called(Guarded(inner.folder, inner.environment), "check") == (0, "")
    assert called(here, "check")[0] == 1


@pytest.mark.negative
def test_outside_of_a_repository_nothing_can_be_checked(tmp_path: Path) -> None:
    made = place(tmp_path / "nowhere", tmp_path / "home", GIT_CEILING_DIRECTORIES=str(tmp_path))
    status, said = called(Guarded(made.folder, made.environment), "check")
    assert (status, said.partition(":")[0]) == (2, "error")


@pytest.mark.edge
def test_a_message_is_found_where_git_keeps_it(here: Guarded) -> None:
    """When no name comes."""
    (here.folder / ".git" / "COMMIT_EDITMSG").write_text("Mend WORK-99\n")
    assert "unknown-item" in called(here, "commit_msg")[1]
    (here.folder / ".git" / "MERGE_MSG").write_text("Mend WORK-98\n")
    assert "WORK-98" in called(here, "commit_msg")[1]


@pytest.mark.positive
@pytest.mark.parametrize(("mark", "status"), [(None, 1), ("#", 1), (";", 0), ("auto", 1)])
def test_lines_are_comments_as_the_user_has_set_it(here: Guarded, mark: str | None, status: int) -> None:
    if mark is not None:
        here.git("config", "core.commentChar", mark)
    (here.folder / "message").write_text("Mend\n; WORK-99\n")
    assert called(here, "commit_msg", "message")[0] == status


@pytest.mark.positive
@pytest.mark.parametrize(("source", "expected"), [("message", ["WORK-1"]), ("merge", []), ("squash", [])])
def test_trailers_are_added_once_to_messages_that_are_ours(here: Guarded, source: str, expected: list[str]) -> None:
    here.jerry("start", "WORK-1")
    message = here.folder / "message"
    message.write_text("Start\n\n# a comment\n")
    for _ in range(2):
        assert called(here, "prepare_commit_msg", "message", source) == (0, "")
    assert message.read_text().count("Jerry-Item:") == len(expected)
    assert message.read_text().startswith("Start\n")


@pytest.mark.edge
def test_an_import_of_very_many_items_adds_no_trailers(here: Guarded) -> None:
    (here.folder / "issues.jsonl").write_text(
        "".join(f'{{"id": "bd-{number}", "title": "Old {number}"}}\n' for number in range(60))
    )
    here.jerry("import", "beads", "issues.jsonl")
    (here.folder / "message").write_text("Import\n")
    assert called(here, "prepare_commit_msg", "message", "message") == (0, "")
    assert (here.folder / "message").read_text() == "Import\n"


@pytest.mark.edge
def test_after_a_first_commit_there_is_nothing_to_tell(tmp_path: Path) -> None:
    made = place(tmp_path / "new", tmp_path / "home")
    made.git("init", "--quiet")
    assert called(Guarded(made.folder, made.environment), "post_merge") == (0, "")


@pytest.mark.positive
@pytest.mark.parametrize("name", MANIFEST)
def test_a_hook_has_one_name_in_all_places(name: str) -> None:
    """Manifest, table, program and module."""
    assert MANIFEST[name]["entry"] == name
    assert HOOKS[name].name == MANIFEST[name]["name"]
    assert set(HOOKS[name].stages) <= set(MANIFEST[name]["stages"])
    assert HOOKS[name].pass_filenames is MANIFEST[name].get("pass_filenames", True)
    module = name.removeprefix("jerry-").replace("-", "_")
    assert (ROOT / "hooks" / "jerry_hooks" / f"{module}.py").exists()
    assert f'{name} = "jerry_hooks.{module}:main"' in (ROOT / "pyproject.toml").read_text()


@pytest.mark.positive
def test_every_hook_is_in_the_manifest() -> None:
    assert sorted(MANIFEST) == sorted(HOOKS)
    assert all(hook["always_run"] and hook["language"] == "python" for hook in MANIFEST.values())
