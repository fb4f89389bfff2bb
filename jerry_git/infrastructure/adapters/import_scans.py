"""What files import, remembered by blob id in the git directory: what has not changed is not read again.

A blob id is the content, so that no time of modification can lie. Several processes may write at once: scans are added
in one write each, reports replaced by a rename, and a line or file that is damaged is read as if it were not there.
"""

from __future__ import annotations

import gc
import hashlib
import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from jerry_domain.ports.event_store import Problem
from jerry_git.application.checking.findings import Finding
from jerry_git.application.checking.sources import Entry, Source
from jerry_git.application.layers.checking import data_of, findings_of
from jerry_git.application.layers.imports import Scan, packed, unpacked
from jerry_git.application.layers.scans import FORMAT, scanned

_MANY = 400
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
        known = self._load(texts=texts)
        keys = {entry: _key(entry, entry.blob) for entry in entries if entry.blob}
        read: dict[Entry, bytes] = {}
        for entry, content in self._contents(source, entries, keys, known):
            if isinstance(content, Problem):
                yield entry, content
            else:
                read[entry] = content
                keys.setdefault(entry, _key(entry, _blob_id(content)))
        new = {entry: content for entry, content in read.items() if keys[entry] not in known}
        fresh = dict(zip((keys[entry] for entry in new), self._scan(list(new.items()), texts=texts), strict=True))
        self._add(known, fresh, texts=texts)
        wanted = [entry for entry in entries if entry in keys]
        found = known | fresh
        for entry, scan in zip(wanted, _parsed([found.get(keys[entry], b"") for entry in wanted]), strict=True):
            if scan is not _DAMAGED:
                yield entry, scan
            elif entry in read or entry.blob:
                yield from self._again(source, entry, texts=texts)

    def _contents(
        self, source: Source, entries: Sequence[Entry], keys: dict[Entry, bytes], known: dict[bytes, bytes]
    ) -> Iterator[tuple[Entry, bytes | Problem]]:
        yield from source.contents([entry for entry in entries if not entry.blob])
        yield from source.former([entry for entry in entries if entry.blob and keys[entry] not in known])

    def _again(self, source: Source, entry: Entry, *, texts: bool) -> Iterator[tuple[Entry, Scan | Problem | None]]:
        """A file whose scan was damaged, or could not be had, is read once more."""
        for _, content in (source.former if entry.blob else source.contents)([entry]):
            if isinstance(content, Problem):
                return  # it was told already
            yield entry, scanned(entry.path, content, texts=texts)

    def _scan(self, files: Sequence[tuple[Entry, bytes]], *, texts: bool) -> list[bytes]:
        work = [(entry.path, content, texts) for entry, content in files]
        workers = min(4, os.cpu_count() or 1, len(work) // max(self._many // 2, 1))
        if workers < 2 or not hasattr(os, "fork"):
            return _scan_all(work)
        import multiprocessing
        from concurrent.futures import ProcessPoolExecutor

        parts = [work[start::workers] for start in range(workers)]
        with ProcessPoolExecutor(workers, multiprocessing.get_context("fork")) as pool:
            done = list(pool.map(_scan_all, parts))
        found = [b""] * len(work)
        for start, part in enumerate(done):
            found[start::workers] = part
        return found

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


def _blob_id(content: bytes) -> str:
    """The id that git would give it, unless a filter changes it first; only equal content has an equal one."""
    return hashlib.sha1(b"blob %d\0%b" % (len(content), content), usedforsecurity=False).hexdigest()


def _scan_all(work: Sequence[tuple[str, bytes, bool]]) -> list[bytes]:
    enabled = gc.isenabled()
    gc.disable()  # nodes of trees are many and have no cycles: collecting them is half of the time
    try:
        return [packed(scanned(path, content, texts=texts)) for path, content, texts in work]
    finally:
        if enabled:
            gc.enable()


def _parsed(rows: Sequence[bytes]) -> Iterator[Any]:
    """Each row as a scan; all are parsed at once, and one by one where something is damaged."""
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
