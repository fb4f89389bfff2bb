"""The hook of layers, installed by the real framework, where nothing that the code imports is installed."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.end_to_end.conftest import ROOT
from tests.hooks.conftest import PROGRAMS, Guarded, _guarded

CONFIG = "repos:\n  - repo: {url}\n    rev: {rev}\n    hooks: [{{id: jerry-layers}}]\n"
INNOCENT = "import a_library_that_is_not_installed\nfrom pydantic import BaseModel\n"
GUILTY = "from ..infrastructure import database\n"


@pytest.fixture
def sample(pattern: Path, tmp_path: Path) -> Guarded:
    """A repository without work tracking and without settings, under the hook."""
    made = _guarded(tmp_path / "sample", pattern)
    rev = _guarded(pattern / "package", pattern).git("rev-parse", "HEAD").strip()
    made.git("init", "--quiet", "--initial-branch=main")
    (made.folder / ".pre-commit-config.yaml").write_text(CONFIG.format(url=pattern / "package", rev=rev))
    for name in ("domain", "infrastructure"):
        (made.folder / "src/shop" / name).mkdir(parents=True)
    domain(made, INNOCENT)
    (made.folder / "src/shop/infrastructure/database.py").write_text("import sqlalchemy\n")
    made.git("add", ".")
    made.git("commit", "--quiet", "--message=Shop")
    stages = [word for stage in ("pre-commit", "pre-merge-commit", "pre-push") for word in ("--hook-type", stage)]
    made.run(*PROGRAMS["pre-commit"], "install", "--install-hooks", *stages)
    return made


def domain(made: Guarded, text: str) -> None:
    (made.folder / "src/shop/domain/order.py").write_text(text)


@pytest.mark.positive
def test_what_breaks_no_rule_passes(sample: Guarded) -> None:
    domain(sample, INNOCENT + "import decimal\n")
    said = sample.tried("commit", "--all", "--message=More")
    assert "Passed" in said
    assert "refused" not in said


@pytest.mark.negative
def test_a_domain_that_imports_infrastructure_is_refused_at_its_place(sample: Guarded) -> None:
    domain(sample, INNOCENT + GUILTY)
    said = sample.tried("commit", "--all", "--message=x")
    assert (
        "src/shop/domain/order.py:3:30: error[layer-import] shop.domain.order imports shop.infrastructure.database: "
        "domain must not import infrastructure"
    ) in said
    assert "refused" in said


@pytest.mark.negative
def test_it_is_refused_from_a_folder_below_too(sample: Guarded) -> None:
    domain(sample, GUILTY)
    done = sample.run("git", "-C", "src/shop/domain", "commit", "--all", "--message=x", check=False)
    assert done.returncode
    assert "src/shop/domain/order.py:1:30: error[layer-import]" in done.stderr


@pytest.mark.positive
def test_of_a_file_that_is_staged_in_part_that_part_counts(sample: Guarded) -> None:
    domain(sample, "import decimal\n")
    sample.git("add", ".")
    domain(sample, GUILTY)
    assert "refused" not in sample.tried("commit", "--message=Part")
    sample.git("add", ".")
    domain(sample, "import decimal\n")
    assert "error[layer-import]" in sample.tried("commit", "--message=x")


@pytest.mark.negative
def test_a_merge_of_two_innocent_branches_that_break_a_rule_together_is_refused(sample: Guarded) -> None:
    """One lets the domain use a helper, the other lets the helper use infrastructure."""
    helper = sample.folder / "src/shop/helper.py"
    helper.write_text("import functools\n")
    sample.git("add", ".")
    sample.git("commit", "--quiet", "--message=Helper")
    sample.git("switch", "--quiet", "--create", "left")
    domain(sample, "from shop import helper\n")
    sample.git("commit", "--quiet", "--all", "--message=Left")
    sample.git("switch", "--quiet", "main")
    helper.write_text("import shop.infrastructure.database\n")
    sample.git("commit", "--quiet", "--all", "--message=Right")
    said = sample.tried("merge", "--message=Both", "left")
    assert "error[layer-chain] shop.domain.order reaches shop.infrastructure.database through 1 other" in said
    assert "refused" in said


@pytest.mark.negative
def test_what_slipped_past_the_commit_is_caught_at_the_push(sample: Guarded, tmp_path: Path) -> None:
    sample.git("init", "--quiet", "--bare", str(tmp_path / "remote.git"))
    sample.git("remote", "add", "origin", str(tmp_path / "remote.git"))
    assert "refused" not in sample.tried("push", "origin", "main")
    domain(sample, GUILTY)
    sample.git("commit", "--quiet", "--all", "--no-verify", "--message=x")
    said = sample.tried("push", "origin", "main")
    assert "error[layer-import]" in said
    assert "refused" in said


@pytest.fixture
def ourselves(tmp_path: Path, pattern: Path) -> Guarded:
    """This project's code, settings and hooks, in a repository of its own."""
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    copy = _guarded(tmp_path / "copy", pattern, PATH=programs)
    for name in ("domain", "hooks", "jerry_git"):
        shutil.copytree(ROOT / name, copy.folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", ".pre-commit-config.yaml"):
        shutil.copy(ROOT / name, copy.folder)
    copy.git("init", "--quiet", "--initial-branch=main")
    copy.git("add", ".")
    copy.git("commit", "--quiet", "--message=All")
    return copy


@pytest.mark.positive
def test_this_project_keeps_its_own_rules(ourselves: Guarded) -> None:
    """All the hooks of its own configuration; of the layers nothing at all is told."""
    ourselves.git("commit", "--quiet", "--allow-empty", "--message=Nothing")
    said = ourselves.run(*PROGRAMS["pre-commit"], "run", "--all-files").stdout
    assert (said.count("Passed"), said.count("Failed")) == (6, 0)
    assert ourselves.run("jerry", "layers", "check").stdout == ""  # not the copy itself, which `-m` would find


@pytest.mark.positive
def test_an_import_that_is_planted_in_this_project_is_found(ourselves: Guarded) -> None:
    with (ourselves.folder / "domain/jerry_domain/errors.py").open("a") as file:
        file.write("\n\ndef late() -> None:\n    import jerry_git.application.board\n")
    ourselves.git("add", ".")
    done = ourselves.run(*PROGRAMS["pre-commit"], "run", "jerry-layers", check=False)
    assert done.returncode
    assert "error[layer-import] jerry_domain.errors imports jerry_git.application.board" in done.stdout
