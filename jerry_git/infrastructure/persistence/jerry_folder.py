"""The `.jerry` folder beside the events: who this repository is, and the files that `jerry init` writes."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from uuid import UUID

from jerry_domain.value_objects.display_id import DisplayId
from jerry_git.application.errors import IdentityError, NotInitializedError
from jerry_git.application.initializing import RepositoryIdentity
from jerry_git.infrastructure.persistence.disk import TEMPORARY, Disk, Place

FORMAT = 1
IDENTITY = ".jerry/repository.json"


def read_identity(root: Place) -> RepositoryIdentity:
    """The identity that `jerry init` wrote; raises `NotInitializedError`, `IdentityError`."""
    path = os.path.join(root, IDENTITY)
    try:
        if os.path.islink(path) or os.path.islink(os.path.dirname(path)):
            raise IdentityError(IDENTITY, "a symbolic link, which is never followed")
        if os.path.exists(path) and not os.path.isfile(path):  # a FIFO would never end
            raise IdentityError(IDENTITY, "not a regular file")
        with open(path, "rb") as file:
            document = json.loads(file.read())
        version = document["format"]
        if version != FORMAT:
            raise IdentityError(IDENTITY, f"format {version} needs a later jerry-git; this one reads {FORMAT}")
        prefix = DisplayId(prefix=document["prefix"], number=1).prefix
        return RepositoryIdentity(repository_id=UUID(document["id"]), prefix=prefix)
    except (FileNotFoundError, NotADirectoryError):
        from pathlib import Path

        raise NotInitializedError(Path(root)) from None
    except OSError as error:
        raise IdentityError(IDENTITY, f"cannot be read: {error.strerror}") from error
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise IdentityError(IDENTITY, f"not as `jerry init` writes it: {error}") from error


def initial_files(identity: RepositoryIdentity) -> Mapping[str, bytes]:
    """What `jerry init` writes: content by path relative to the root. The same for the same identity and version."""
    from importlib.resources import files  # which only `jerry init` and what looks at its files need

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
    from importlib.resources import files

    found: dict[str, bytes] = {}
    for folder in (files("jerry_git") / "schemas").iterdir():
        found |= {f".jerry/schemas/{folder.name}/{file.name}": file.read_bytes() for file in folder.iterdir()}
    return dict(sorted(found.items()))


def write_missing(root: str, wanted: Mapping[str, bytes], disk: Disk) -> tuple[str, ...]:
    """Write those of `wanted` that are not there; returns their paths. Never changes a file; raises `OSError`."""
    written = []
    for path, content in wanted.items():
        place = root
        for part in path.split("/")[:-1]:
            place = f"{place}/{part}"
            disk.make_directory(place)
        target = f"{root}/{path}"
        if not os.path.lexists(target):
            temporary = f"{target}{TEMPORARY}"
            disk.remove(temporary)
            disk.create(temporary, content)
            disk.rename(temporary, target)  # whole or not at all, for the next `jerry init` leaves it as it is
            written.append(path)
    return tuple(written)


class JerryFolder:
    """The `.jerry` folder below `root`; implements `jerry_git.application.initializing.Folder`.

    `written` is told the path, relative to `root`, of each new file; `lacking` gives the error where git has a file
    that is not there.
    """

    def __init__(self, root: Place, written: Callable[[str], None], lacking: Callable[[str], Exception | None]) -> None:
        self._root = os.fspath(root)
        self._written = written
        self._lacking = lacking

    def identity(self) -> RepositoryIdentity:
        """See `Folder.identity`."""
        try:
            return read_identity(self._root)
        except NotInitializedError:
            error = self._lacking(IDENTITY)
            if error is None:
                raise
            raise error from None

    def missing(self, identity: RepositoryIdentity) -> tuple[str, ...]:
        """The folder's files that are not there."""
        return tuple(path for path in initial_files(identity) if not os.path.lexists(f"{self._root}/{path}"))

    def write_missing(self, identity: RepositoryIdentity) -> tuple[str, ...]:
        """See `Folder.write_missing`."""
        try:
            written = write_missing(self._root, initial_files(identity), Disk())
        except OSError as error:
            from jerry_domain.ports.event_store import StoreUnavailableError

            raise StoreUnavailableError(".jerry", f"cannot be written: {error.strerror}") from error
        for path in written:
            self._written(path)
        return written
