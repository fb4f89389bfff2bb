"""The configuration of the pre-commit framework in a work tree, read and written as a whole."""

from __future__ import annotations

import json
import secrets
import stat
from pathlib import Path

from jerry_git.application.hooks import CONFIGURATION, LOCAL, Draft, Entry, HookConfigurationError, Origin
from jerry_git.infrastructure.adapters.git import Git
from jerry_git.infrastructure.adapters.pre_commit_text import Config
from jerry_git.infrastructure.adapters.yaml_nodes import BREAK
from jerry_git.infrastructure.persistence.disk import Disk

DISTRIBUTION = "jerry-git"
FILE_MARK = "# made by `jerry hooks install`; https://pre-commit.com says what else can stand here"
NEW_FILE = f"{FILE_MARK}\nrepos: []\n"
"""A file that was not there, without our entry: it goes when the entry does."""


class PreCommitConfiguration:
    """The file in a work tree; implements `jerry_git.application.hooks.HookConfiguration`."""

    def __init__(self, root: Path, git: Git, disk: Disk | None = None) -> None:
        self._path = root / CONFIGURATION
        self._git = git
        self._disk = disk or Disk()

    def with_entry(self, entry: Entry) -> Draft:
        """See `HookConfiguration.with_entry`."""
        before = self._read()
        if before is None:
            made = Config(NEW_FILE).with_entry(entry).replace("repos: # []\n", "repos:\n", 1)
            return Draft(before=None, after=made)
        config = Config(before)
        return self._draft(config, config.with_entry(entry))

    def without_hooks(self) -> Draft:
        """See `HookConfiguration.without_hooks`."""
        before = self._read()
        if before is None:
            return Draft(before=None, after=None)
        config = Config(before)
        after = config.without_hooks()
        return self._draft(config, None if after != before and BREAK.sub("\n", after) == NEW_FILE else after)

    def write(self, draft: Draft) -> None:
        """See `HookConfiguration.write`."""
        if draft.after is None:
            self._disk.remove(self._path)
            return
        temporary = self._path.with_name(f"{CONFIGURATION}.{secrets.token_hex(4)}.tmp")
        try:
            self._disk.create(temporary, draft.after.encode())
            if draft.before is not None:
                temporary.chmod(stat.S_IMODE(self._path.stat().st_mode))
            self._disk.rename(temporary, self._path)
        except OSError:
            self._disk.remove(temporary)
            raise

    def origin(self) -> Origin:
        """See `HookConfiguration.origin`."""
        return installed_from()

    def hooks_path(self) -> str:
        """See `HookConfiguration.hooks_path`."""
        printed = self._git.read("config", "--get", "core.hooksPath", none_is=1)
        return printed.decode("utf-8", "replace").strip()

    def _draft(self, config: Config, after: str | None) -> Draft:
        return Draft(
            before=config.text,
            after=after,
            hooks=config.hooks(),
            default_types=config.default_types(),
            rewriting=config.rewriting(),
        )

    def _read(self) -> str | None:
        """The text with its line ends as they are, None where there is no file."""
        if self._path.is_symlink():
            hint = f"nothing was written; run this where {CONFIGURATION} is a file of its own"
            raise HookConfigurationError("hooks-symlink", "a symbolic link", hint=hint)
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return None
        try:
            return content.decode()
        except UnicodeDecodeError as error:
            line = len(BREAK.findall(content[: error.start].decode())) + 1
            hint = "nothing was written; pre-commit reads no other encoding"
            raise HookConfigurationError("hooks-encoding", "not UTF-8", line=line, hint=hint) from error


def installed_from() -> Origin:
    """The repository and commit that the running program was installed from, or the requirement of its version."""
    from importlib.metadata import PackageNotFoundError, distribution

    from jerry_git import __version__

    local = Origin(repo=LOCAL, requirement=f"{DISTRIBUTION}=={__version__}")
    try:
        told = distribution(DISTRIBUTION).read_text("direct_url.json")
    except PackageNotFoundError:
        return local
    return (_direct_origin(told) if told else None) or local


def _direct_origin(told: str) -> Origin | None:
    """What PEP 610 says of a distribution that came out of a git repository, None of any other."""
    try:
        direct = json.loads(told)
        if direct["vcs_info"]["vcs"] == "git":
            return Origin(repo=str(direct["url"]), rev=str(direct["vcs_info"]["commit_id"]))
    except (ValueError, KeyError, TypeError):
        return None
    return None
