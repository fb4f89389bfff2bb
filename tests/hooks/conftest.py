"""A repository guarded by the real pre-commit framework, which installs this very package from a git repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock

from tests.end_to_end.conftest import ROOT, Place, place

STAGES = (
    "pre-commit", "pre-merge-commit", "prepare-commit-msg", "commit-msg", "post-merge", "post-rewrite", "pre-push",
)  # fmt: skip
OURS = """\
repos:
  - repo: {url}
    rev: {rev}
    hooks:
      - id: jerry-check
      - id: jerry-pre-push
      - id: jerry-commit-msg
      - id: jerry-prepare-commit-msg
      - id: jerry-post-merge
"""
THEIRS = """\
  - repo: local
    hooks:
      - id: theirs
        name: a hook of the user's own
        language: system
        entry: sh -c 'echo "$0" >> "$(git rev-parse --git-common-dir)/fired"' {stage}
        stages: [{stage}]
        always_run: true
        pass_filenames: false
"""
PROGRAMS = {"pre-commit": (sys.executable, "-m", "pre_commit"), "prek": ("prek",)}


@dataclass(frozen=True)
class Guarded(Place):
    """A place where a framework runs the hooks of this package, and after them the user's own."""

    def fired(self) -> list[str]:
        """The stages at which hooks ran since this was asked last."""
        log = self.folder / self.git("rev-parse", "--git-common-dir").strip() / "fired"
        stages = log.read_text().split() if log.exists() else []
        log.unlink(missing_ok=True)
        return stages

    def tried(self, *arguments: str) -> str:
        """What git and the hooks say when git does something, whether it succeeds or not, with `refused` if not."""
        done = self.run("git", *arguments, check=False)
        return f"{done.stdout}{done.stderr}{'refused' if done.returncode else ''}"

    def path(self, name: str = "WORK-1") -> str:
        """The file of an item's creation, relative to the root."""
        key = self.ask("show", name)["items"][0]["internal_id"]
        (found,) = self.folder.glob(f".jerry/events/*/work_item-{key}/00000001-*.json")
        return found.relative_to(self.folder).as_posix()

    def tamper(self, name: str = "WORK-1") -> str:
        """Alter the creation of an item on the disk; returns its path."""
        path = self.path(name)
        file = self.folder / path
        file.write_text(file.read_text().replace('"title": "', '"title": "Not '))
        return path


@pytest.fixture(scope="session")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the repository that tests copy; made once for all workers of a run."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "guarded"
    folder.mkdir(exist_ok=True)
    with FileLock(folder / "lock"):
        if not (folder / "ready").exists():
            _make(folder)
            (folder / "ready").touch()
    return folder


def _make(folder: Path) -> None:
    url = _package(folder)
    rev = url.git("rev-parse", "HEAD").strip()
    there = _guarded(folder / "repository", folder)
    there.git("init", "--quiet", "--initial-branch=main")
    config = OURS.format(url=url.folder, rev=rev) + "".join(THEIRS.format(stage=stage) for stage in STAGES)
    (there.folder / ".pre-commit-config.yaml").write_text(config)
    (there.folder / "code.py").write_text("print('hello')\n")
    there.git("add", ".")
    there.git("commit", "--quiet", "--message=Code")
    there.jerry("init")
    there.jerry("new", "One")
    there.jerry("new", "Two")
    there.git("commit", "--quiet", "--message=Begin")
    types = [argument for stage in STAGES for argument in ("--hook-type", stage)]
    there.run(*PROGRAMS["pre-commit"], "install", "--install-hooks", *types)


def _package(folder: Path) -> Place:
    """The package as it stands in the work tree, committed to a repository of its own."""
    there = place(folder / "package", folder / "home")
    listed = subprocess.run(("git", "ls-files", "-z"), cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file() and not name.startswith("tests/"):
            (there.folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, there.folder / name)
    there.git("init", "--quiet", "--initial-branch=main")
    there.git("add", "--all", "--force")
    there.git("commit", "--quiet", "--message=The package")
    return there


def _guarded(target: Path, folder: Path, **extra: str) -> Guarded:
    made = place(target, folder / "home", PRE_COMMIT_HOME=str(folder / "pre-commit"), PRE_COMMIT_COLOR="never", **extra)
    return Guarded(made.folder, made.environment)


@pytest.fixture
def here(pattern: Path, tmp_path: Path) -> Guarded:
    """A repository with two items, committed, and every hook installed."""
    shutil.copytree(pattern / "repository", tmp_path / "repository", symlinks=True)
    made = _guarded(tmp_path / "repository", pattern)
    made.git("update-index", "-q", "--refresh")
    return made


@pytest.fixture
def remote(here: Guarded, tmp_path: Path) -> Path:
    """A bare repository that `here` knows as `origin`, with `main` published."""
    folder = tmp_path / "remote.git"
    here.git("init", "--quiet", "--bare", "--initial-branch=main", str(folder))
    here.git("remote", "add", "origin", str(folder))
    here.git("push", "--quiet", "--no-verify", "--set-upstream", "origin", "main")
    return folder
