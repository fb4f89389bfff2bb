"""The `.jerry` folder beside the events: who this repository is, and the files that `jerry init` writes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from uuid import UUID, uuid5

from jerry_domain.errors import InvalidValueError
from jerry_domain.value_objects.display_id import DisplayId
from jerry_git.infrastructure.persistence.disk import Disk

FORMAT = 1
IDENTITY = ".jerry/repository.json"
NAMESPACE = UUID("6f0a4d0e-3f0c-5a53-9a5e-0a7f2c3d1b42")
"""Repository ids are UUIDs of version 5 in this namespace, of the oldest root commit's object id."""


class NotInitializedError(Exception):
    """There is no `.jerry/repository.json` below `root`."""

    def __init__(self, root: Path) -> None:
        super().__init__(f"{root} has no work items: {IDENTITY} is not there")
        self.root = root


class IdentityError(Exception):
    """`.jerry/repository.json` cannot be used."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"{IDENTITY}: {reason}")
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryIdentity:
    """What all clones agree on: the repository's id, and the prefix of display ids."""

    repository_id: UUID
    prefix: str

    @property
    def source(self) -> str:
        """The `source` of this repository's events."""
        return f"urn:uuid:{self.repository_id}"


def identity_for(root_commit: str, prefix: str) -> RepositoryIdentity:
    """The identity of a repository whose history begins with `root_commit`; raises `InvalidValueError`.

    Derived, not drawn, so that two clones that run `jerry init` apart write the same bytes and merge cleanly.
    """
    DisplayId(prefix, 1)
    return RepositoryIdentity(repository_id=uuid5(NAMESPACE, root_commit), prefix=prefix)


def read_identity(root: Path) -> RepositoryIdentity:
    """The identity that `jerry init` wrote; raises `NotInitializedError`, `IdentityError`."""
    path = root / IDENTITY
    if path.is_symlink() or path.parent.is_symlink():
        raise IdentityError("a symbolic link, which is never followed")
    try:
        document = json.loads(path.read_bytes())
        version = document["format"]
        if version != FORMAT:
            raise IdentityError(f"format {version} needs a later jerry-git; this one reads {FORMAT}")
        prefix = DisplayId(document["prefix"], 1).prefix
        return RepositoryIdentity(repository_id=UUID(document["id"]), prefix=prefix)
    except (FileNotFoundError, NotADirectoryError):
        raise NotInitializedError(root) from None
    except OSError as error:
        raise IdentityError(f"cannot be read: {error.strerror}") from error
    except (ValueError, TypeError, KeyError, AttributeError, InvalidValueError) as error:
        raise IdentityError(f"not as `jerry init` writes it: {error}") from error


def initial_files(identity: RepositoryIdentity) -> Mapping[str, bytes]:
    """What `jerry init` writes: content by path relative to the root. The same for the same identity and version."""
    document = {"format": FORMAT, "id": str(identity.repository_id), "prefix": identity.prefix}
    return {
        IDENTITY: (json.dumps(document, indent=2) + "\n").encode(),
        ".jerry/.gitattributes": b"* -text linguist-generated\n",
        ".jerry/.gitignore": b"# left by a writer that was killed; the next one removes it\n*.tmp\n",
        ".jerry/README.md": (files("jerry_git") / "jerry_readme.md").read_bytes(),
        **published_schemas(),
    }


def published_schemas() -> Mapping[str, bytes]:
    """The JSON Schemas of the events, as `.jerry/schemas/<event name>/v<n>.json`."""
    found: dict[str, bytes] = {}
    for folder in (files("jerry_git") / "schemas").iterdir():
        if folder.is_dir():
            found |= {f".jerry/schemas/{folder.name}/{file.name}": file.read_bytes() for file in folder.iterdir()}
    return dict(sorted(found.items()))


def write_missing(root: Path, wanted: Mapping[str, bytes], disk: Disk) -> tuple[str, ...]:
    """Write those of `wanted` that are not there; returns their paths. Never changes a file; raises `OSError`."""
    written = []
    for path, content in wanted.items():
        place = root
        for part in path.split("/")[:-1]:
            place = place / part
            disk.make_directory(place)
        target = root / path
        if not target.exists() and not target.is_symlink():
            disk.create(target, content)
            written.append(path)
    return tuple(written)
