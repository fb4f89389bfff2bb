"""The schema hooks, installed by the real framework, where neither the own package nor pydantic is installed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.hooks.conftest import PROGRAMS, Guarded, _guarded

HOOKS = ("jerry-schema-immutable", "jerry-schema-compat", "jerry-schema-drift")
CONFIG = "repos:\n  - repo: {url}\n    rev: {rev}\n    hooks: [{hooks}]\n"
SETTINGS = '[tool.jerry.schemas]\nbases = ["shop.events:Event"]\n'
EVENTS = """\
from dataclasses import dataclass

import a_library_that_is_not_installed
from pydantic import BaseModel


class Event(BaseModel):
    pass


class OrderPlaced(Event):
    event_type = "placed"
    order: str
"""
WITH_NOTE = EVENTS + "    note: str | None = None\n"
WITH_TOTAL = EVENTS + "    total: float\n"
V1, V2 = (f".jerry/schemas/placed/v{version}.json" for version in (1, 2))


def shop(here: Guarded, text: str) -> None:
    (here.folder / "src/shop/events.py").write_text(text)


@pytest.fixture
def sample(pattern: Path, tmp_path: Path) -> Guarded:
    """A repository without work tracking: one event, published and committed, under the three hooks."""
    made = _guarded(tmp_path / "sample", pattern)
    rev = _guarded(pattern / "package", pattern).git("rev-parse", "HEAD").strip()
    made.git("init", "--quiet", "--initial-branch=main")
    hooks = ", ".join(f"{{id: {hook}}}" for hook in HOOKS)
    (made.folder / ".pre-commit-config.yaml").write_text(CONFIG.format(url=pattern / "package", rev=rev, hooks=hooks))
    (made.folder / "pyproject.toml").write_text(SETTINGS)
    (made.folder / "src/shop").mkdir(parents=True)
    (made.folder / "src/shop/__init__.py").touch()
    shop(made, EVENTS)
    made.jerry("schema", "publish", "--static")
    made.git("add", ".")
    made.git("commit", "--quiet", "--message=Shop")
    stages = [word for stage in ("pre-commit", "pre-merge-commit", "pre-push") for word in ("--hook-type", stage)]
    made.run(*PROGRAMS["pre-commit"], "install", "--install-hooks", *stages)
    return made


@pytest.mark.positive
def test_an_additive_change_with_its_schema_passes(sample: Guarded) -> None:
    shop(sample, WITH_NOTE)
    sample.jerry("schema", "publish", "--static")
    sample.git("add", ".")
    said = sample.tried("commit", "--message=Note")
    assert "refused" not in said
    assert said.count("Passed") == 3
    assert sample.git("ls-files", V2).strip() == V2


@pytest.mark.negative
def test_a_class_that_changed_without_its_schema_is_refused(sample: Guarded) -> None:
    shop(sample, WITH_NOTE)
    sample.git("add", ".")
    said = sample.tried("commit", "--message=Note")
    assert "src/shop/events.py:11: error[schema-drift] placed (OrderPlaced) is not what was published as v1" in said
    assert "refused" in said


@pytest.mark.edge
def test_what_is_staged_counts_and_not_what_lies_on_the_disk(sample: Guarded) -> None:
    """A partially staged change."""
    shop(sample, WITH_NOTE)
    (sample.folder / "README.md").write_text("words")
    sample.git("add", "README.md")
    assert "refused" not in sample.tried("commit", "--message=Words")


@pytest.mark.negative
def test_a_published_schema_that_changed_is_refused_with_the_mend(sample: Guarded) -> None:
    path = sample.folder / V1
    path.write_text(path.read_text().replace('"string"', '"number"'))
    said = sample.tried("commit", "--all", "--message=x")
    assert f"{V1}: error[schema-modified] means something else than what HEAD has published" in said
    assert f"mend: git checkout HEAD -- {V1}" in said
    assert "refused" in said


@pytest.mark.negative
@pytest.mark.parametrize(
    ("command", "code"), [(("rm", "--quiet", V1), "schema-deleted"), (("mv", V1, f"{V1}.old"), "schema-renamed")]
)
def test_a_published_schema_that_went_is_refused(sample: Guarded, command: tuple[str, ...], code: str) -> None:
    sample.git(*command)
    assert f"{V1}: error[{code}]" in sample.tried("commit", "--message=x")


@pytest.mark.edge
def test_another_layout_is_a_warning_and_passes(sample: Guarded) -> None:
    path = sample.folder / V1
    path.write_text(path.read_text().replace("  ", "    "))
    said = sample.tried("commit", "--all", "--message=Layout")
    assert "refused" not in said


@pytest.mark.negative
def test_a_version_that_breaks_old_events_is_refused_with_one(sample: Guarded) -> None:
    text = (sample.folder / V1).read_text()
    (sample.folder / V2).write_text(text.replace('"order"\n  ]', '"order",\n    "total"\n  ]'))
    sample.git("add", V2)
    said = sample.tried("commit", "--message=x")
    assert "O10 at /required" in said
    assert 'a stored event that breaks: {"order": "text"}' in said


def branch(sample: Guarded, name: str, text: str) -> None:
    """A branch that publishes its own v2."""
    sample.git("switch", "--quiet", "--create", name, "main")
    shop(sample, text)
    sample.jerry("schema", "publish", "--static")
    sample.git("add", ".")
    sample.git("commit", "--quiet", "--message", name)


@pytest.mark.negative
@pytest.mark.parametrize("kept", ["--ours", "--theirs"])
def test_two_branches_that_published_one_version_are_told_after_the_merge(sample: Guarded, kept: str) -> None:
    """By both guards at the commit, and by the check of the range."""
    branch(sample, "left", WITH_NOTE)
    branch(sample, "right", EVENTS + "    remark: str = ''\n")
    said = sample.tried("merge", "--message=Merge", "left")
    assert "CONFLICT (add/add)" in said
    sample.git("checkout", kept, V2, "src/shop/events.py")
    sample.git("add", ".")
    said = sample.tried("commit", "--message=Merge")
    assert "refused" in said
    assert said.count(f"{V2}: error[schema-modified]") == 2
    sample.git("commit", "--quiet", "--no-verify", "--message=Merge")
    other = "HEAD^2" if kept == "--ours" else "HEAD^1"
    ranged = sample.jerry("check", "--range", f"{other}..HEAD", check=False)
    assert "schema-modified" in ranged.stdout
    assert ranged.returncode == 1


@pytest.mark.negative
def test_a_push_is_refused_that_brings_what_the_commit_was_not_asked(sample: Guarded, tmp_path: Path) -> None:
    remote = tmp_path / "remote.git"
    sample.git("init", "--quiet", "--bare", str(remote))
    sample.git("remote", "add", "origin", str(remote))
    assert "refused" not in sample.tried("push", "--quiet", "origin", "main")
    (sample.folder / V1).write_text("{}")
    sample.git("commit", "--quiet", "--all", "--no-verify", "--message=x")
    assert "error[schema-modified]" in sample.tried("push", "--quiet", "origin", "main")


@pytest.mark.positive
def test_the_hooks_load_nothing_heavy_where_no_schema_changed(sample: Guarded) -> None:
    """Milliseconds: neither pydantic nor the comparison, unless the settings ask for the first."""
    (sample.folder / "pyproject.toml").write_text("")
    (sample.folder / "README.md").write_text("words")
    sample.git("add", ".")
    for hook in ("schema_immutable", "schema_compat", "schema_drift"):
        program = (
            f"import sys, jerry_hooks.{hook} as hook\nstatus = hook.main()\n"
            "loaded = [name for name in sys.modules if name.partition('.')[0] in ('pydantic', 'pygit2', 'click')"
            " or name.startswith(('jerry_domain.schemas', 'jerry_git.application.schemas.e'))]\n"
            "print(status, loaded)"
        )
        assert sample.run(sys.executable, "-c", program).stdout == "0 []\n"


@pytest.mark.positive
def test_jerry_check_asks_the_rules_of_schemas_too(here: Guarded) -> None:
    """In a repository with work tracking its own published schemas are guarded by the one hook."""
    path = next((here.folder / ".jerry/schemas").glob("jerry.work_item.created/v1.json"))
    path.write_text(path.read_text().replace('"string"', '"number"'))
    said = here.tried("commit", "--all", "--message=x")
    assert "error[schema-modified]" in said
