"""The schemas of one repository: what its settings declare, what its registry holds, what its stored events say."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from jerry_git.application.checking.findings import Finding, Report, finding, graded, of_problem
from jerry_git.application.schemas import registry as registries
from jerry_git.application.schemas import upcasters as upcasting
from jerry_git.infrastructure.adapters.registry_folder import WorkTreeRegistry

if TYPE_CHECKING:
    from jerry_git.application.checking.guard import Guard
    from jerry_git.application.checking.sources import Source
    from jerry_git.application.schemas.declarations import DeclaredEvent, SourceProblem
    from jerry_git.application.schemas.registry import Registry
    from jerry_git.application.schemas.upcasters import Upcaster
    from jerry_git.application.schemas.verifying import StoredEvent


class RepositorySchemas:
    """The work tree's schemas, classes and stored events; methods raise `GitError`, `CannotCheckError`."""

    def __init__(self, root: Path, guard: Guard) -> None:
        self._root = root
        self._guard = guard
        self._settings = guard.settings.schemas
        self.folder = WorkTreeRegistry(root)

    @cached_property
    def _source(self) -> Source:
        return self._guard.sources.work_tree(None)

    def registry(self) -> Registry:
        """What is published."""
        return registries.read(self._source, self._settings.directory)

    def state(
        self, *, exact: bool
    ) -> tuple[Sequence[DeclaredEvent], Sequence[SourceProblem], Registry, dict[tuple[str, int], Upcaster]]:
        """The classes with what is wrong with them, the registry, the upcasters; classes are imported if `exact`."""
        declared, problems = self.declared(exact=exact)
        return declared, problems, self.registry(), upcasting.declared(self._source, self._settings)

    def declared(self, *, exact: bool) -> tuple[list[DeclaredEvent], list[SourceProblem]]:
        """The event classes that the settings name, and what keeps others from being one."""
        from jerry_git.application.schemas.static_classes import declared

        found, problems = declared(self._source, self._settings)
        if not exact:
            return found, problems
        from jerry_git.infrastructure.adapters.exact_schemas import exact as imported

        events, failures = imported(found, self._root, self._settings)
        return events, [*problems, *failures]

    def findings_of(self, problems: Iterable[SourceProblem]) -> Iterator[Finding]:
        """What could not be read, as findings."""
        for problem in problems:
            yield finding("schema-source", problem.message, problem.mend, problem.path, problem.line)

    def drifted(self) -> Report:
        """Whether classes and registry agree, exactly: the classes are imported."""
        from jerry_git.application.schemas.drift import drift
        from jerry_git.application.schemas.static_classes import differences

        events, problems = self.declared(exact=True)
        found = drift(events, problems, self.registry(), differences)
        return Report(
            source="the work tree", findings=graded(found, self._guard.settings.severities), files=len(events)
        )

    def verified(self, files: Sequence[Path]) -> Report:
        """Stored events, replayed up to the newest version: those of `files`, or those that the settings name."""
        from jerry_git.application.schemas.verifying import StoredEvent, replay
        from jerry_git.infrastructure.adapters.user_code import ImportedCode

        paths = list(files) or self._stored()
        read = [event for path in paths for event in self._read(path, is_named=bool(files))]
        events = [event for event in read if isinstance(event, StoredEvent)]
        code = ImportedCode(self._root, self._settings.source_roots, self._classes())
        findings = [event for event in read if isinstance(event, Finding)]
        findings += replay(events, self.registry(), self._settings, code)
        own, count = ([], 0) if files else self._own()
        severities = self._guard.settings.severities
        return Report(source="stored events", findings=graded([*findings, *own], severities), files=len(paths) + count)

    def _stored(self) -> list[Path]:
        """The files that the settings name."""
        found = {path for glob in self._settings.stored.files for path in self._root.glob(glob)}
        return sorted(path for path in found if not path.is_dir())

    def _read(self, path: Path, *, is_named: bool) -> Iterator[StoredEvent | Finding]:
        """The events of one file; a link is followed only if a person named it."""
        from jerry_git.application.schemas.verifying import stored

        name = self._name(path)
        if not is_named and not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(self._root)):
            yield finding("stored-event", "a symbolic link out of the repository", f"git log -- {name}", name)
            return
        try:
            content = path.read_bytes()
        except OSError as error:
            yield finding("stored-event", f"cannot be read: {error.strerror}", f"ls -l {name}", name)
            return
        yield from stored(name, content, self._settings.stored)

    def _name(self, path: Path) -> str:
        return path.relative_to(self._root).as_posix() if path.is_relative_to(self._root) else str(path)

    def _classes(self) -> dict[str, str]:
        if not self._settings.declares:
            return {}
        declared, _ = self.declared(exact=False)
        newest = sorted(declared, key=lambda event: event.version or 0)
        return {event.name: f"{event.module}:{event.qualname}" for event in newest}

    def _own(self) -> tuple[list[Finding], int]:
        """The events of work items, read through the upcasters of this program."""
        from jerry_git.application.checking.sources import read_all

        reader = self._guard.reader
        entries = [entry for entry in self._source.entries((reader.folder,)) if not reader.is_leftover(entry.path)]
        read = read_all(self._source, reader, entries)
        return [of_problem(problem) for file in read for problem in file.problems], len(entries)
