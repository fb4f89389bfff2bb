"""Setting up work tracking in a repository (ADR-019)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol
from uuid import UUID, uuid5

from jerry_domain.value_objects.display_id import DisplayId
from jerry_git.application.errors import NotInitializedError, PrefixFixedError

DEFAULT_PREFIX = "WORK"
NAMESPACE = UUID("6f0a4d0e-3f0c-5a53-9a5e-0a7f2c3d1b42")
"""Repository ids are UUIDs of version 5 in this namespace, of the first root commit's object id."""


class RepositoryIdentity(NamedTuple):
    """What all clones agree on: the repository's id, and the prefix of display ids."""

    repository_id: UUID
    prefix: str

    @property
    def source(self) -> str:
        """The `source` of this repository's events."""
        return f"urn:uuid:{self.repository_id}"


class Folder(Protocol):
    """The `.jerry` folder of a work tree."""

    def identity(self) -> RepositoryIdentity:
        """Who the repository is; raises `NotInitializedError`, `NotCheckedOutError`, `IdentityError`."""
        ...

    def write_missing(self, identity: RepositoryIdentity) -> Sequence[str]:
        """Write the folder's files that are not there; returns their paths. Raises `StoreUnavailableError`."""
        ...


def identity_for(root_commit: str, prefix: str) -> RepositoryIdentity:
    """The identity of a repository whose history begins with `root_commit`; raises `InvalidValueError`.

    Derived, not drawn, so that two clones that run `jerry init` apart write the same bytes and merge cleanly.
    """
    DisplayId(prefix=prefix, number=1)
    return RepositoryIdentity(repository_id=uuid5(NAMESPACE, root_commit), prefix=prefix)


def initialize(
    folder: Folder, root_commits: Callable[[], Sequence[str]], draw: Callable[[], UUID], prefix: str | None
) -> tuple[RepositoryIdentity, Sequence[str]]:
    """Set up the folder, or complete it; returns the identity and the paths written.

    A repository without commits gets an id that is drawn. Raises `PrefixFixedError` when there is another prefix.
    """
    wanted = prefix.upper() if prefix is not None else None
    try:
        identity = folder.identity()
    except NotInitializedError:
        root = next(iter(root_commits()), None) or str(draw())
        identity = identity_for(root, DEFAULT_PREFIX if wanted is None else wanted)
    if wanted not in (None, identity.prefix):
        raise PrefixFixedError(identity.prefix)
    return identity, folder.write_missing(identity)
