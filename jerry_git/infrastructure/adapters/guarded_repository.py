"""The sources that a git repository offers to a check, each with what it is to be compared with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from jerry_git.application.checking.guard import Push, RefUpdate
from jerry_git.application.checking.sources import Source
from jerry_git.infrastructure.adapters.git import Git
from jerry_git.infrastructure.adapters.git_bases import (
    Base,
    bases_of_commit,
    branches,
    commit_of,
    is_ancestor,
    nothing,
    published_ancestors,
    published_base,
    range_of,
    trunk,
)
from jerry_git.infrastructure.adapters.git_discovery import Repository
from jerry_git.infrastructure.adapters.git_sources import IndexSource, TreeSource, UnpublishedSource, WorkTreeSource
from jerry_git.infrastructure.adapters.unpacked_source import UnpackedSource


class GuardedRepository:
    """Implements `jerry_git.application.checking.guard.Sources` over a work tree."""

    def __init__(self, git: Git, repository: Repository) -> None:
        self._git = git
        self._repository = repository

    def work_tree(self, published: str | None) -> Source:
        """See `Sources.work_tree`."""
        bases = bases_of_commit(self._git, self._repository)
        return UnpackedSource(
            WorkTreeSource(self._git, self._repository.root, bases, self._published(published, "HEAD"))
        )

    def index(self, published: str | None) -> Source:
        """See `Sources.index`."""
        bases = bases_of_commit(self._git, self._repository)
        return UnpackedSource(IndexSource(self._git, bases, self._published(published, "HEAD")))

    def revision(self, name: str, published: str | None) -> Source:
        """See `Sources.revision`."""
        commit = commit_of(self._git, name)
        return UnpackedSource(TreeSource(self._git, name, commit, (), self._published(published, name)))

    def range(self, text: str) -> Source:
        """See `Sources.range`."""
        base, commit = range_of(self._git, text)
        return UnpackedSource(TreeSource(self._git, text, commit, (base or nothing(self._git),)))

    def unpublished(self, published: str | None) -> Source:
        """See `Sources.unpublished`."""
        has_commits = self._git.names_commit("HEAD") is not None
        base = self._published(published or trunk(self._git), "HEAD") if has_commits else None
        return UnpackedSource(UnpublishedSource(self._git, self._repository.root, base or nothing(self._git)))

    def moved(self) -> Sequence[Source]:
        """See `Sources.moved`."""
        head, before = self._git.names_commit("HEAD"), self._git.names_commit("@{1}")
        if head is None:
            return ()
        if (self._repository.git_dir / "SQUASH_MSG").exists():  # nothing is committed yet
            return (self.index(None),)
        before = before or self._git.names_commit("ORIG_HEAD")  # where git keeps no reflog
        return (
            ()
            if before is None
            else (UnpackedSource(TreeSource(self._git, "HEAD", head, (Base(before[:12], before),))),)
        )

    def _published(self, name: str | None, tip: str) -> Base | None:
        return None if name is None else published_base(self._git, name, self._git.names_commit(tip))

    def pushes(self, updates: Iterable[RefUpdate], remote: str) -> Sequence[Push]:
        """See `Sources.pushes`; a ref that is deleted brings nothing."""
        return [push for update in updates if update.tip.strip("0") for push in self._push(update, remote)]

    def _push(self, update: RefUpdate, remote: str) -> Iterator[Push]:
        tip = self._git.names_commit(update.tip)
        if tip is None:  # a tag of something that is no commit
            return
        stood_on = published_ancestors(self._git, tip, remote)
        there = (
            (Base(f"{remote}'s {update.remote}", commit_of(self._git, update.before)),) if _is(update.before) else ()
        )
        if stood_on is not None or there:
            name = update.local.removeprefix("refs/heads/")
            yield Push(UnpackedSource(TreeSource(self._git, name, tip, (*there, *(stood_on or ())))))

    def possible_pushes(self, remote: str, known: RefUpdate | None) -> Sequence[Push]:
        """See `Sources.possible_pushes`."""
        there = branches(self._git, f"refs/remotes/{remote}/")
        pushes: list[Push] = []
        if known is not None:
            before = there.get(known.remote.removeprefix("refs/heads/"), known.before)
            pushes += self._push(RefUpdate(known.local, known.tip, known.remote, before), remote)
        for name, tip in branches(self._git, "refs/heads/").items():
            if known is None or name != known.local.removeprefix("refs/heads/"):
                pushes += self._perhaps(name, tip, remote, there.get(name))
        return pushes

    def _perhaps(self, name: str, tip: str, remote: str, there: str | None) -> Iterator[Push]:
        """A branch that may be part of the push: only what it adds, and, if it has to be forced, what it would drop."""
        stood_on = published_ancestors(self._git, tip, remote)
        if stood_on is None:
            return
        if there is None or is_ancestor(self._git, there, tip):
            base = () if there is None else (Base(f"{remote}/{name}", there),)
            yield Push(UnpackedSource(TreeSource(self._git, name, tip, (*base, *stood_on))))
            return
        yield Push(UnpackedSource(TreeSource(self._git, name, tip, stood_on)))
        forced = f"{name}, if it is pushed by force"
        base = (Base(f"{remote}/{name}", there),)
        yield Push(UnpackedSource(TreeSource(self._git, forced, tip, base)), certain=False)


def _is(commit: str) -> bool:
    return bool(commit.strip("0"))
