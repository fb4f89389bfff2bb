"""The branch here and its other end on a remote, joined by git itself, with the user's hooks and signing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from difflib import get_close_matches
from functools import cached_property

from jerry_git.application.checking.findings import Report
from jerry_git.application.errors import CannotSyncError, GitError
from jerry_git.application.layout import ARCHIVE, EVENTS
from jerry_git.application.ports import CommitInfo
from jerry_git.application.settings import Integration
from jerry_git.application.syncing import Distance, Way
from jerry_git.infrastructure.adapters.git import Git
from jerry_git.infrastructure.adapters.git_discovery import Repository
from jerry_git.infrastructure.adapters.git_interrupted import Interruption

_MOST = 10
_REBASING = frozenset(("true", "merges", "m", "interactive", "i", "yes", "on", "1"))


class GitUpstream:
    """Implements `jerry_git.application.syncing.Upstream`; `commit` commits pending events, `check` asks the rules."""

    def __init__(
        self,
        repository: Repository,
        remote: str | None,
        integration: Integration | None,
        lock: Callable[[str], AbstractContextManager[None]],
        commit: Callable[[Git], CommitInfo | None],
        check: Callable[[str | None], Report],
    ) -> None:
        self._interruption = Interruption(repository)
        self._git = Git(repository.root, keeping=self._interruption.handle)
        self._git_dir = repository.git_dir
        self._root = repository.root
        self._lock = lock
        self._commit = commit
        self._check = check
        self._wanted = remote
        self._integration = integration

    @property
    def name(self) -> str:
        """See `Upstream.name`."""
        return f"{self._remote}/{self._other}"

    @contextmanager
    def alone(self) -> Iterator[None]:
        """See `Upstream.alone`."""
        with self._lock(f"sync-{self._git_dir.name}"):
            self._interruption.clear()
            self._refuse_what_is_under_way()
            with self._interruption.guarded(self._branch):
                yield

    def commit_pending(self) -> CommitInfo | None:
        """See `Upstream.commit_pending`."""
        return self._commit(self._git)

    def fetch(self) -> None:
        """See `Upstream.fetch`."""
        self._git.ask("fetch", "--quiet", self._remote, quiet=False)

    def distance(self) -> Distance:
        """See `Upstream.distance`; a branch that the remote does not have yet is all to go out."""
        there = self._there()
        if there is None:
            return Distance(behind=0, ahead=int(self._git.ask("rev-list", "--count", "HEAD")))
        ahead, behind = self._git.ask("rev-list", "--left-right", "--count", f"HEAD...{there}").split()
        return Distance(behind=int(behind), ahead=int(ahead))

    def integrate(self) -> Way:
        """See `Upstream.integrate`."""
        there = self._git.names_commit(self._tracking) or ""
        way = self._way(there)
        self._refuse_to_touch(there, way)
        self._interruption.note(there)
        if way == "rebase":
            self._joined("rebase", "--no-autostash", "--quiet", self._tracking)
        else:
            # the short name stands in the commit's message, where it means nothing else here
            end = self.name if self._git.names_commit(self.name) == there else self._tracking
            self._joined("merge", "--no-edit", "--no-autostash", "--quiet", end)
        return way

    def report(self) -> Report:
        """See `Upstream.report`."""
        return self._check(self._there())

    def push(self) -> bool:
        """See `Upstream.push`."""
        command = ("push", "--porcelain", self._remote, f"HEAD:refs/heads/{self._other}")
        try:
            self._git.ask(*command, quiet=False)
        except GitError as error:
            if _is_late(error.printed):
                return False
            raise
        return True

    # --- where the ends are

    @cached_property
    def _branch(self) -> str:
        name = self._git.read("symbolic-ref", "--quiet", "--short", "HEAD", none_is=1).decode().strip()
        if not name:
            raise CannotSyncError("no branch is checked out (detached HEAD)", "go to one: `git switch BRANCH`")
        return name

    @cached_property
    def _remote(self) -> str:
        wanted = self._wanted
        remotes = self._git.ask("remote").split()
        if wanted is not None:
            if wanted in remotes:
                return wanted
            similar = get_close_matches(wanted, remotes, n=1)
            known = f"did you mean {similar[0]}?" if similar else f"there is {' and '.join(remotes) or 'none'}"
            raise CannotSyncError(f"no remote is called {wanted!r}", f"{known}: `git remote add NAME URL` adds one")
        set_one = self._setting(f"branch.{self._branch}.remote")
        if set_one in remotes:
            return set_one
        if "origin" in remotes or len(remotes) == 1:
            return "origin" if "origin" in remotes else remotes[0]
        if remotes:
            raise CannotSyncError("there are several remotes", f"name one: `jerry sync {remotes[0]}`")
        raise CannotSyncError("there is no remote to sync with", "`git remote add origin URL` adds one")

    @cached_property
    def _other(self) -> str:
        merge = self._setting(f"branch.{self._branch}.merge")
        if self._setting(f"branch.{self._branch}.remote") == self._remote and merge.startswith("refs/heads/"):
            return merge.removeprefix("refs/heads/")
        return self._branch

    @property
    def _tracking(self) -> str:
        return f"refs/remotes/{self._remote}/{self._other}"

    def _there(self) -> str | None:
        return self._git.names_commit(self._tracking)

    def _setting(self, name: str) -> str:
        return self._git.read("config", "--get", name, none_is=1).decode("utf-8", "replace").strip()

    # --- joining

    def _way(self, there: str) -> Way:
        if self._git.ask("rev-list", "--count", f"{there}..HEAD").strip() == "0":
            return "fast-forward"
        if self._integration == "rebase":
            return "rebase"
        if self._integration == "merge":
            return "merge"
        wish = self._setting(f"branch.{self._branch}.rebase") or self._setting("pull.rebase")
        if wish.lower() in _REBASING:
            return "rebase"
        return "merge"

    def _refuse_what_is_under_way(self) -> None:
        names = {"MERGE_HEAD": "merge", "rebase-merge": "rebase", "rebase-apply": "rebase"}
        names |= {"CHERRY_PICK_HEAD": "cherry-pick", "REVERT_HEAD": "revert"}
        for name, action in names.items():
            if (self._git_dir / name).exists():
                hint = f"finish it, or take it back with `git {action} --abort`"
                raise CannotSyncError(f"a {action} is under way in this work tree", hint)

    def _refuse_to_touch(self, there: str, way: Way) -> None:
        """Before anything is done: whether git could join the ends, and would leave alone what is not committed."""
        staged = self._names("diff", "--cached", "HEAD")
        unstaged = self._names("diff")
        dirty = sorted({*staged, *unstaged})
        incoming = set(self._names("diff", f"HEAD...{there}" if way != "fast-forward" else f"HEAD..{there}"))
        touched = [path for path in dirty if path in incoming]
        commit_first = "commit them, or put them aside with `git stash`, and sync again"
        if touched:
            raise CannotSyncError(f"{self.name} changes files that you have changes in: {_some(touched)}", commit_first)
        if dirty and way == "rebase":
            raise CannotSyncError(f"a rebase needs a clean work tree, and there is {_some(dirty)}", commit_first)
        if staged and way == "merge":
            raise CannotSyncError(f"git does not merge beside staged changes: {_some(staged)}", commit_first)
        clashes = [] if way == "fast-forward" else self._clashes(there)
        if not all(map(_is_only_added, clashes)):
            care = "let `jerry doctor --fix` settle the events, " if any(map(_is_only_added, clashes)) else ""
            hint = f"join them by hand: `git {way} {self.name}`, {care}and sync again"
            raise CannotSyncError(f"your branch and {self.name} conflict in {_some(clashes)}", hint)

    def _names(self, *arguments: str) -> list[str]:
        command = (*arguments, "--name-only", "-z", "--no-renames", "--no-ext-diff", "--ignore-submodules=all", "--")
        return [path for path in self._git.ask(*command).split("\0") if path]

    def _clashes(self, there: str) -> list[str]:
        """The files in which a merge would conflict; git before 2.38 cannot tell, and says so when it merges."""
        try:
            printed = self._git.read("merge-tree", "--write-tree", "--name-only", "-z", "HEAD", there, none_is=1)
        except GitError:
            return []
        return [path for path in printed.decode("utf-8", "surrogateescape").split("\0\0")[0].split("\0")[1:] if path]

    def _joined(self, verb: str, *options: str) -> None:
        """Let git join; where it cannot, all is as it was before.

        Events that went into an archive git may take for renamed, and find conflicts that are none (ADR-034): then it
        is asked for the strategy "resolve", which looks for no renames.
        """
        for strategy in ((), ("--strategy=resolve",)):
            try:
                self._git.ask(verb, *strategy, *options, quiet=False)
            except GitError as error:
                if self._take_back(verb) and not strategy:
                    continue
                words = f"git could not join your branch with {self.name}: {error}"
                settled = "; `jerry doctor --fix` settles the events in it" if strategy else ""
                raise CannotSyncError(words, f"all is as it was; `git {verb} {self.name}` shows it{settled}") from error
            return

    def _take_back(self, verb: str) -> bool:
        """Undo a join that git could not finish: whether there is one, in which only events and archives conflict."""
        if not any((self._git_dir / name).exists() for name in ("MERGE_HEAD", "rebase-merge", "rebase-apply")):
            return False
        clashes = self._names("diff", "--diff-filter=U")
        self._git.ask(verb, "--abort")
        return all(map(_is_only_added, clashes))


def _is_only_added(path: str) -> bool:
    """Whether an event or an archive is there, which nothing but a supposed rename makes conflict."""
    return path.startswith((f"{EVENTS}/", f"{ARCHIVE}/"))


def _is_late(printed: str) -> bool:
    """Whether a push was refused only because somebody else's came first."""
    rows = [row for row in printed.splitlines() if row.startswith("!")]
    words = ("[rejected]", "cannot lock ref", "failed to update ref", "remote ref updated since checkout")
    return any(word in row for row in rows for word in words) or "incorrect old value provided" in printed


def _some(paths: list[str]) -> str:
    shown = ", ".join(paths[:_MOST])
    return shown if len(paths) <= _MOST else f"{shown} and {len(paths) - _MOST} more"
