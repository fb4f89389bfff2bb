"""What files import, remembered by blob id in the git directory: what has not changed is not read again.

A blob id is the content, so that no time of modification can lie. Several processes may write at once: scans are added
in one write each, reports replaced by a rename, and a line or file that is damaged is read as if it were not there.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jerry_domain.ports.event_store import Problem
from jerry_git.application.checking.findings import Finding
from jerry_git.application.checking.sources import Entry, Source
from jerry_git.application.layers.checking import data_of, findings_of
from jerry_git.application.layers.scans import FORMAT, scanned
from jerry_git.infrastructure.adapters.git_sources import blob_id

if TYPE_CHECKING:
    from jerry_git.application.layers.imports import Scan

_MANY = 800
"""So many new files are worth a second process, which takes a twentieth of a second to begin."""
_REPORTS = 32
_SPARE = 20_000
"""So many scans of other branches are kept before the file is written anew."""


class RememberedScans:
    """Implements `jerry_git.application.layers.scans.Scans` over a folder of its own."""

    def __init__(self, folder: Path, *, many: int = _MANY) -> None:
        self._folder = folder
        self._many = many

    def of(
        self, source: Source, entries: Sequence[Entry], *, texts: bool
    ) -> Iterator[tuple[Entry, Scan | Problem | None]]:
        """See `Scans.of`."""
        from jerry_git.application.layers.imports import unpacked

        known = self._load(texts=texts)
        held = {entry: _key(entry, entry.blob) for entry in entries if entry.blob}
        missing = [entry for entry in entries if held.get(entry) not in known]
        fresh: dict[bytes, bytes] = {}
        for entry, found in self._read(source, missing, known, texts=texts):
            if isinstance(found, Problem):
                held.pop(entry, None)
                yield entry, found
            else:
                held[entry], scan = found
                fresh[held[entry]] = scan
        self._add(known, {key: scan for key, scan in fresh.items() if key not in known}, texts=texts)
        rows = known | fresh
        damaged = []
        for entry, scan in zip(held, _parsed([rows[key] for key in held.values()]), strict=True):
            if scan is _DAMAGED:
                damaged.append(entry)
            else:
                yield entry, scan
        for entry, found in _read(source, damaged, {}, texts=texts):
            yield entry, found if isinstance(found, Problem) else unpacked(json.loads(found[1]))

    def _read(
        self, source: Source, entries: Sequence[Entry], known: Mapping[bytes, bytes], *, texts: bool
    ) -> Iterator[tuple[Entry, _Found]]:
        """Every entry with its key and scan. Of very many, the halves are read at once, where there are two cores."""
        if len(entries) < self._many or (os.cpu_count() or 1) < 2 or not hasattr(os, "fork"):
            yield from _read(source, entries, known, texts=texts)
            return
        import multiprocessing
        from concurrent.futures import ProcessPoolExecutor

        with ProcessPoolExecutor(1, multiprocessing.get_context("fork")) as pool:
            other = pool.submit(_read, source, entries[1::2], known, texts=texts)
            yield from _read(source, entries[::2], known, texts=texts)
            yield from other.result()

    def _file(self, *, texts: bool) -> Path:
        version = f"{FORMAT}-{sys.version_info[0]}.{sys.version_info[1]}{'-texts' if texts else ''}"
        return self._folder / f"imports-{version}.lines"

    def _load(self, *, texts: bool) -> dict[bytes, bytes]:
        try:
            lines = self._file(texts=texts).read_bytes().split(b"\n")
        except OSError:
            return {}
        pairs = (line.split(b" ", 1) for line in lines)
        return {pair[0]: pair[1] for pair in pairs if len(pair) == 2}

    def _add(self, known: dict[bytes, bytes], fresh: dict[bytes, bytes], *, texts: bool) -> None:
        if not fresh:
            return
        data = b"".join(b"\n%b %b" % pair for pair in fresh.items())
        path = self._file(texts=texts)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if len(known) > _SPARE + len(fresh):
                path.unlink(missing_ok=True)
            with open(path, "ab", buffering=0) as file:  # noqa: PTH123 - O_APPEND: one write is one piece
                file.write(data)
        except OSError:
            return

    def report(self, key: str) -> tuple[Finding, ...] | None:
        """See `Scans.report`."""
        try:
            return findings_of((self._folder / f"{key}.json").read_text(encoding="ascii"))
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None

    def keep(self, key: str, findings: Sequence[Finding]) -> None:
        """See `Scans.keep`; the oldest make place."""
        path = self._folder / f"{key}.json"
        new = path.with_suffix(f".{os.getpid()}.tmp")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            new.write_text(data_of(findings), encoding="ascii")
            new.replace(path)
            reports = sorted(self._folder.glob("*.json"), key=lambda each: each.stat().st_mtime)
            for old in reports[:-_REPORTS]:
                old.unlink(missing_ok=True)
        except OSError:
            return


_DAMAGED: Any = object()


def _key(entry: Entry, blob: str) -> bytes:
    """By what a scan is known: the content, and whether the name says already that it is Python."""
    return f"{blob}{'' if entry.path.endswith(('.py', '.pyi', '.pyw')) else '?'}".encode()


_Found = Problem | tuple[bytes, bytes]


def _read(
    source: Source, entries: Sequence[Entry], known: Mapping[bytes, bytes], *, texts: bool
) -> list[tuple[Entry, _Found]]:
    """Each entry with its key and its scan, packed; with what keeps it from being read."""
    from jerry_git.application.layers.imports import packed

    enabled = gc.isenabled()
    gc.disable()  # the nodes of trees are many and have no cycles: looking for some takes half of the time
    try:
        found: list[tuple[Entry, _Found]] = []
        for entry, content in (
            *source.contents([entry for entry in entries if not entry.blob]),
            *source.former([entry for entry in entries if entry.blob]),
        ):
            if isinstance(content, Problem):
                found.append((entry, content))
            else:
                key = _key(entry, entry.blob or blob_id(content))
                found.append((entry, (key, known.get(key) or packed(scanned(entry.path, content, texts=texts)))))
        return found
    finally:
        if enabled:
            gc.enable()


def _parsed(rows: Sequence[bytes]) -> Iterator[Any]:
    """Each row as a scan; all are parsed at once, and one by one where something is damaged."""
    from jerry_git.application.layers.imports import unpacked

    try:
        documents = json.loads(b"[" + b",".join(rows) + b"]")
        if len(documents) == len(rows):
            yield from [unpacked(document) for document in documents]
            return
    except (ValueError, TypeError):
        pass
    for row in rows:
        try:
            yield unpacked(json.loads(row))
        except (ValueError, TypeError):
            yield _DAMAGED
