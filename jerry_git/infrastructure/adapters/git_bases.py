"""What was there before: the trees that a check compares with, each with a name for people."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

from jerry_git.application.checking.findings import CannotCheckError
from jerry_git.application.errors import GitError
from jerry_git.infrastructure.adapters.git import Git
from jerry_git.infrastructure.adapters.git_discovery import Repository

SHALLOW_CURE = "fetch the whole history: `git fetch --unshallow`, and in CI a checkout with fetch-depth: 0"


@dataclass(frozen=True, slots=True)
class Base:
    """A tree to compare with: its name for people and for `git checkout`, and its object id."""

    name: str
    tree: str


def commit_of(git: Git, revision: str) -> str:
    """The commit that `revision` names; raises `CannotCheckError` where it is not here."""
    commit = git.names_commit(revision)
    if commit is None:
        raise CannotCheckError(f"{revision} names no commit that is here", _cure(git, revision))
    return commit


def range_of(git: Git, text: str) -> tuple[Base | None, str]:
    """`BASE..HEAD` as the tree before, and the commit to look at; `BASE...HEAD` begins where the two parted.

    A base of zeros only, with which forges announce a new branch, is no tree at all. Raises `CannotCheckError`.
    """
    dots = "..." if "..." in text else ".."
    before, found, tip = text.partition(dots)
    if not found:
        raise CannotCheckError(f"{text} is not a range", "write BASE..HEAD, such as origin/main..HEAD")
    head = commit_of(git, tip or "HEAD")
    if before and not before.strip("0"):
        return None, head
    base = commit_of(git, before or "HEAD")
    if dots == "...":
        base = _parting(git, before, base, head)
    return Base(before or "HEAD", base), head


def published_base(git: Git, published: str, tip: str | None) -> Base | None:
    """Where `tip` parted from the ref that the repository names as published; raises `CannotCheckError`."""
    base = commit_of(git, published)
    return None if tip is None else Base(published, _parting(git, published, base, tip))


def nothing(git: Git) -> Base:
    """The tree without files, which git knows without having it."""
    return Base("nothing", git.read("hash-object", "-t", "tree", "--stdin", stdin=b"").decode().strip())


_TRUNKS = ("origin/HEAD", "origin/main", "origin/master", "main", "master")


def trunk(git: Git) -> str:
    """The branch that this one most likely left, and will be merged into; HEAD where there is none.

    A branch of the same name that it tracks is where it is pushed to, and says nothing of that.
    """
    tracked = git.ask("for-each-ref", "--format=%(HEAD)%(refname:lstrip=2) %(upstream:short)", "refs/heads/")
    for row in tracked.splitlines():
        name, _, upstream = row.removeprefix("*").partition(" ")
        if row.startswith("*") and upstream and not upstream.endswith(f"/{name}") and git.names_commit(upstream):
            return upstream
    return next((name for name in _TRUNKS if git.names_commit(name)), "HEAD")


def _parting(git: Git, name: str, base: str, head: str) -> str:
    found = git.read("merge-base", base, head, none_is=1).decode().split()
    if not found:
        raise CannotCheckError(f"{name} has no history in common with {head[:8]} that is here", _cure(git, name))
    return found[0]


def _cure(git: Git, revision: str) -> str:
    if git.ask("rev-parse", "--is-shallow-repository").strip() == "true":
        return SHALLOW_CURE
    remote = revision.partition("/")[0] if "/" in revision else "origin"
    return f"`git fetch {remote}` may bring it; in CI use a checkout with fetch-depth: 0"


def bases_of_commit(git: Git, repository: Repository) -> tuple[Base, ...]:
    """What the next commit stands on: HEAD, and the other sides of a merge that is under way."""
    head = git.names_commit("HEAD")
    if head is None:
        return ()
    sides = {side: name for name, side in _merged(git, repository)}
    sides.pop(head, None)
    return (Base("HEAD", head), *(Base(name, side) for side, name in sides.items()))


def _merged(git: Git, repository: Repository) -> Iterator[tuple[str, str]]:
    merging = repository.git_dir / "MERGE_HEAD"
    if merging.exists():
        yield from ((line[:12], line) for line in merging.read_text().split())
        return
    # `pre-merge-commit` runs before MERGE_HEAD is written (git 2.39); what is merged is only named here.
    action, *words = os.environ.get("GIT_REFLOG_ACTION", "").split(" ")
    names = words if action == "merge" else ["FETCH_HEAD"] if action == "pull" else []
    for name in names:
        if name and not name.startswith("-") and (commit := git.names_commit(name)) is not None:
            yield name, commit


def branches(git: Git, head: str) -> dict[str, str]:
    """The commits of the refs below `head`, such as `refs/heads/`, by the rest of their names."""
    printed = git.ask("for-each-ref", "--format=%(objectname) %(refname)", head)
    rows = (row.split(" ", 1) for row in printed.splitlines())
    return {name.removeprefix(head): commit for commit, name in rows if name != f"{head}HEAD"}


def published_ancestors(git: Git, tip: str, remote: str) -> tuple[Base, ...] | None:
    """The published commits that the unpublished ones of `tip` stand on; None where nothing of `tip` is new.

    Each is an ancestor of `tip`, so nothing of it may be missing. None of them, where all is new. A remote of which
    nothing is known (a URL, a first push) counts for all that are.
    """
    known = branches(git, f"refs/remotes/{remote}/")
    lines = git.ask("rev-list", "--boundary", tip, "--not", f"--remotes={remote}" if known else "--remotes").split()
    if not lines:
        return None
    return tuple(Base(line[1:13], line[1:]) for line in lines if line.startswith("-"))


def is_ancestor(git: Git, one: str, other: str) -> bool:
    """Whether `other` has all of the history of `one`; raises `CannotCheckError` where that cannot be told."""
    try:
        counted = git.ask("rev-list", "--count", f"{other}..{one}")
    except GitError as error:
        raise CannotCheckError(f"{one[:8]} is not here", _cure(git, one[:8])) from error
    return counted.strip() == "0"
