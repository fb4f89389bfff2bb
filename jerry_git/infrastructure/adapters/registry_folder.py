"""The registry in the work tree."""

from __future__ import annotations

from pathlib import Path

from jerry_git.infrastructure.persistence.disk import TEMPORARY, Disk


class WorkTreeRegistry:
    """Implements `RegistryFolder` below `root`."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._disk = Disk()

    def add(self, path: str, text: str) -> None:
        """See `RegistryFolder.add`; a link on the way is never followed."""
        place = self._root
        for part in path.split("/")[:-1]:
            place = place / part
            if place.is_symlink():
                raise FileExistsError(f"{place.relative_to(self._root)} is a symbolic link")
            self._disk.make_directory(place)
        target = self._root / path
        if target.exists() or target.is_symlink():
            raise FileExistsError(f"{path} is there already")
        temporary = target.with_name(f"{target.name}{TEMPORARY}")
        self._disk.remove(temporary)
        self._disk.create(temporary, text.encode())
        self._disk.rename(temporary, target)
