"""The whole history of event files, read from git's objects with pygit2, which knows nothing of `refs/replace`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path

import pygit2
from pygit2.enums import ObjectType, SortMode

from jerry_git.application.auditing import FOLDER, Difference, Signature, Step
from jerry_git.application.checking.findings import CannotCheckError
from jerry_git.application.checking.sources import Entry
from jerry_git.application.errors import GitError
from jerry_git.application.layout import ARCHIVE, EVENTS
from jerry_git.infrastructure.adapters.git import Git, commit_time
from jerry_git.infrastructure.adapters.git_bases import SHALLOW_CURE
from jerry_git.infrastructure.adapters.git_discovery import Repository
from jerry_git.infrastructure.adapters.git_history import readable
from jerry_git.infrastructure.adapters.git_sources import blob_id
from jerry_git.infrastructure.persistence.archives import Batch, batches_in
from jerry_git.infrastructure.persistence.codec import CodecError
from jerry_git.infrastructure.persistence.event_paths import is_archive, month_of_archive

_ENTRY = re.compile(rb"0*([0-7]+) ([^\0]+)\0(.{20})", re.DOTALL)
_LETTERS: Mapping[str, Signature] = {
    "G": "good",
    "B": "bad",
    "U": "unknown-validity",
    "X": "expired",
    "Y": "expired-key",
    "R": "revoked",
}
"""What `%G?` prints. Git prints N, as for no signature, where it has no list of the keys that may sign with ssh."""

_KNOWN = tuple(
    f"-----BEGIN {kind}-----".encode() for kind in ("PGP SIGNATURE", "PGP MESSAGE", "SIGNED MESSAGE", "SSH SIGNATURE")
)
"""How a signature begins; git dies of one that begins otherwise."""

_MISSING_CURE = "`git fsck` tells what is damaged; where a partial clone left it out, clone anew without --filter"

Node = tuple[bytes, bytes]
"""An entry of a tree: mode and object id, as git stores them."""

_FOLDER = FOLDER.encode()


class GitAuditedHistory:
    """Implements `jerry_git.application.auditing.AuditedHistory`; of two trees only what differs is opened."""

    def __init__(self, git: Git, repository: Repository, revision: str) -> None:
        """Open the history of `revision`; raises `CannotCheckError` where it is not all here."""
        self._git = git
        self._repository = _opened(repository.common_dir)
        self._refuse_what_hides(repository.common_dir)
        self.revision = self._resolve(repository, revision)
        self._ids = self._walk()
        self._nodes = lru_cache(maxsize=256)(self._read_nodes)  # a tree is looked at as a child's and as a parent's
        self._archive = lru_cache(maxsize=8)(self._read_archive)

    @property
    def commits(self) -> int:
        """See `AuditedHistory.commits`."""
        return len(self._ids)

    def steps(self) -> Iterator[Step]:
        """See `AuditedHistory.steps`."""
        for key in self._ids:
            yield self._step(self._commit(key))

    def signatures(self, commits: Sequence[str]) -> Mapping[str, Signature]:
        """See `AuditedHistory.signatures`."""
        known = [commit for commit in commits if self._signature(commit).startswith(_KNOWN)]
        if not known:
            return {}
        question = ("log", "--no-walk=unsorted", "--stdin", "--no-patch", "--no-show-signature", "--format=%H %G?")
        printed = self._git.read(*question, stdin="\n".join(known).encode())
        answers = (line.split(" ") for line in printed.decode().splitlines())
        return {commit: _LETTERS.get(letter, "cannot-check") for commit, letter in answers}

    def _signature(self, commit: str) -> bytes:
        return self._commit(pygit2.Oid(hex=commit)).gpg_signature[0] or b""

    def _refuse_what_hides(self, common_dir: Path) -> None:
        if self._repository.is_shallow:
            raise CannotCheckError("this clone is shallow: older history is not here", SHALLOW_CURE)
        grafts = common_dir / "info" / "grafts"
        if grafts.is_file() and grafts.stat().st_size:
            raise CannotCheckError("a grafts file gives commits other parents than their own", f"remove {grafts}")

    def _resolve(self, repository: Repository, revision: str) -> str:
        """The full id of the commit, empty for a HEAD without commits."""
        question = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        try:
            found = self._git.read(*question, none_is=1).decode().strip()
        except GitError:  # what can be no name of a revision
            found = ""
        if found or (revision in ("HEAD", "@") and _opened(repository.git_dir).head_is_unborn):
            return found
        raise CannotCheckError(f"{revision} names no commit that is here", "`git log --all --oneline` shows what is")

    def _walk(self) -> tuple[pygit2.Oid, ...]:
        if not self.revision:
            return ()
        order = SortMode.TOPOLOGICAL | SortMode.TIME | SortMode.REVERSE
        try:
            return tuple(commit.id for commit in self._repository.walk(self.revision, order))
        except (pygit2.GitError, KeyError) as error:
            raise CannotCheckError(f"the history cannot be read to its end: {error}", _MISSING_CURE) from error

    def _commit(self, key: pygit2.Oid) -> pygit2.Commit:
        with _present(key):
            found = self._repository[key]
        assert isinstance(found, pygit2.Commit)  # noqa: S101 - the walk has read it as one
        return found

    def _step(self, commit: pygit2.Commit) -> Step:
        differences = self._differences(commit)
        author = commit.author
        return Step(
            commit=str(commit.id),
            author=readable(author.raw_name + b" <" + author.raw_email + b">", commit.message_encoding),
            at=commit_time(author.time),
            signed=bool(differences) and commit.gpg_signature[0] is not None,
            differences=differences,
        )

    def _differences(self, commit: pygit2.Commit) -> list[Difference]:
        """Where the log of a commit is not that of each parent, by path."""
        trees = [commit.tree_id, *(self._commit(key).tree_id for key in commit.parent_ids)]
        found = []
        pending: list[tuple[str, list[Node | None]]] = [("", [(_FOLDER, tree.raw) for tree in trees])]
        while pending:
            folder, nodes = pending.pop()
            for path, below in self._differing(folder, nodes):
                now, *before = (_entry(path, node) for node in below)
                found.append(Difference(now, tuple(before)))
                if any(node is not None and node[0] == _FOLDER for node in below):
                    pending.append((path, below))
        return sorted((self._archived(difference, trees[0]) for difference in found), key=_path)

    def _archived(self, difference: Difference, tree: pygit2.Oid) -> Difference:
        """What went into an archive of this very commit stands there as it stood in its file (DESIGN 8)."""
        before = next((entry for entry in difference.before if entry is not None), None)
        if difference.now is not None or before is None or not before.path.startswith(f"{EVENTS}/"):
            return difference
        for archive, (_, raw) in self._archives(tree).items():
            held = self._archive(archive, raw) if before.path.split("/")[2] == month_of_archive(archive) else {}
            if before.path in held:
                with suppress(CodecError):  # what cannot be unpacked holds nothing
                    blob = blob_id(held[before.path].content(), len(before.blob))
                    return Difference(Entry(before.path, before.mode, blob), difference.before)
        return difference

    def _archives(self, tree: pygit2.Oid) -> Mapping[str, Node]:
        """The archives in a commit's tree, by path."""
        node: Node | None = (_FOLDER, tree.raw)
        folder = ""
        for name in ARCHIVE.split("/"):
            node = self._below(folder, node).get(name.encode())
            folder = f"{folder}/{name}".lstrip("/")
        listed = self._below(ARCHIVE, node)
        paths = {f"{ARCHIVE}/{name.decode('utf-8', 'surrogateescape')}": entry for name, entry in listed.items()}
        return {path: entry for path, entry in paths.items() if is_archive(path) and entry[0].startswith(b"100")}

    def _read_archive(self, path: str, raw: bytes) -> Mapping[str, Batch]:
        key = pygit2.Oid(raw=raw)
        with _present(key):
            _, content = self._repository.read(key)
        batches, _ = batches_in(path, content)
        return {batch.path: batch for batch in batches}

    def _differing(self, folder: str, nodes: Sequence[Node | None]) -> Iterator[tuple[str, list[Node | None]]]:
        """What is in `folder` of a commit and of its parents, by path, where they are not all the same."""
        now, *before = (self._below(folder, node) for node in nodes)
        names = {name for other in before for name, _ in now.items() ^ other.items()} if before else set(now)
        for name in names:
            path = name.decode("utf-8", "surrogateescape")
            yield f"{folder}/{path}" if folder else path, [listing.get(name) for listing in (now, *before)]

    def _below(self, folder: str, node: Node | None) -> Mapping[bytes, Node]:
        """What is in a folder, nothing where there is none; of the folders above the events only what leads there."""
        if node is None or node[0] != _FOLDER:
            return {}
        nodes = self._nodes(node[1])
        if f"{folder}/".startswith((f"{EVENTS}/", f"{ARCHIVE}/")):
            return nodes
        steps = {place.removeprefix(f"{folder}/").partition("/")[0].encode() for place in (EVENTS, ARCHIVE)}
        # a file in the way holds no events; a link might lead to some
        return {step: nodes[step] for step in steps if step in nodes and not nodes[step][0].startswith(b"100")}

    def _read_nodes(self, raw: bytes) -> Mapping[bytes, Node]:
        key = pygit2.Oid(raw=raw)
        with _present(key):
            kind, content = self._repository.read(key)
        entries = _ENTRY.findall(content)
        nodes = {name: (mode, blob) for mode, name, blob in entries}
        if kind != ObjectType.TREE or len(nodes) != len(entries):
            raise CannotCheckError(f"the object {key} is no proper tree", _MISSING_CURE)
        return nodes


@contextmanager
def _present(key: pygit2.Oid) -> Iterator[None]:
    try:
        yield
    except (pygit2.GitError, KeyError) as error:
        raise CannotCheckError(f"the object {key} cannot be read: {error}", _MISSING_CURE) from error


def _opened(git_dir: Path) -> pygit2.Repository:
    try:
        return pygit2.Repository(str(git_dir))
    except pygit2.GitError as error:
        raise CannotCheckError(f"{git_dir} cannot be opened: {error}", "`git fsck` tells what is damaged") from error


def _entry(path: str, node: Node | None) -> Entry | None:
    return None if node is None else Entry(path, node[0].decode(), node[1].hex())


def _path(difference: Difference) -> str:
    return next(entry.path for entry in (difference.now, *difference.before) if entry is not None)
