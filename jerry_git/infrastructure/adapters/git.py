"""git, asked as a program: where things are, who the user is, staging and commits (DESIGN 1: nothing is taken over)."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from jerry_git.application.errors import GitError
from jerry_git.application.retry import Backoff
from jerry_git.infrastructure.adapters.git_index import finish

if TYPE_CHECKING:
    from jerry_git.application.ports import CommitInfo, Locks
    from jerry_git.application.settings import CommitMode
    from jerry_git.infrastructure.persistence.marks import IndexChange

# A user's settings must not change what a question to git answers.
_NEUTRAL = ("-c", "core.quotePath=false", "-c", "color.ui=false", "-c", "advice.addIgnoredFile=false")

_AUTOSTASHES = ("MERGE_AUTOSTASH", "rebase-merge/autostash", "rebase-apply/autostash")
"""What `--autostash` has put aside, which `--all` does not name."""

_LATEST = 253_402_300_799

_MANY = 1_000
"""Paths: git compares each file of the index with each of those that are to be committed."""

# They change what a path means, and two of them make git refuse `--literal-pathspecs`.
PATHSPEC_VARIABLES = frozenset(f"GIT_{kind}_PATHSPECS" for kind in ("LITERAL", "GLOB", "NOGLOB", "ICASE"))


def run(
    folder: Path,
    arguments: Sequence[str],
    *,
    stdin: str | None = None,
    quiet: bool = True,
    keep: Sequence[int] = (),
) -> subprocess.CompletedProcess[str]:
    """git, run to its end in `folder`; `quiet` for a question whose answer nobody's settings may change.

    Raises `GitError` where git, or the folder, is not there.
    """
    given = None if stdin is None else stdin.encode("utf-8", "surrogateescape")
    done = _run_bytes(folder, arguments, stdin=given, quiet=quiet, keep=keep)
    out, err = (stream.decode("utf-8", "surrogateescape") for stream in (done.stdout, done.stderr))
    return subprocess.CompletedProcess(done.args, done.returncode, out, err)


def _run_bytes(
    folder: Path,
    arguments: Sequence[str],
    *,
    stdin: bytes | None = None,
    quiet: bool = True,
    keep: Sequence[int] = (),
) -> subprocess.CompletedProcess[bytes]:
    command, environment = _command(arguments, quiet=quiet)
    try:
        return subprocess.run(
            command,
            cwd=folder,
            input=stdin,
            stdin=None if stdin is not None else subprocess.DEVNULL,
            capture_output=True,
            env=environment,
            pass_fds=keep,
            check=False,
        )
    except OSError as error:
        raise _not_started(arguments, error) from error


def _command(arguments: Sequence[str], *, quiet: bool) -> tuple[Sequence[str], Mapping[str, str]]:
    """git with these arguments, and its environment."""
    environment = {key: value for key, value in os.environ.items() if key not in PATHSPEC_VARIABLES}
    if not quiet:  # a commit is the user's own: what is set here would reach their hooks
        return ("git", *arguments), environment
    # the few messages that are looked at must be in English
    return ("git", *_NEUTRAL, *arguments), {**environment, "LC_ALL": "C"}


def _not_started(arguments: Sequence[str], error: OSError) -> GitError:
    """The folder may be gone, or be no folder."""
    missing = isinstance(error, FileNotFoundError) and error.filename == "git"
    return GitError(arguments, "git is not on the PATH" if missing else str(error))


class Git:
    """git in one work tree; every method raises `GitError` when git refuses."""

    def __init__(self, root: Path, keeping: Callable[[], Sequence[int]] = tuple) -> None:
        """`keeping` gives open files that the git programs inherit."""
        self._root = root
        self._keeping = keeping

    def ask(self, *arguments: str, stdin: str | None = None, quiet: bool = True) -> str:
        """What git prints, waiting with backoff while another git process holds the index (LES-003)."""
        return self._patiently(
            arguments, lambda: run(self._root, arguments, stdin=stdin, quiet=quiet, keep=self._keeping())
        )

    def _patiently(self, arguments: Sequence[str], attempt: Callable[[], subprocess.CompletedProcess[str]]) -> str:
        from random import random

        pauses = Backoff().pauses(random)
        while True:
            done = attempt()
            if done.returncode == 0:
                return done.stdout
            pause = next(pauses, None)
            if "index.lock" not in done.stderr or pause is None:
                raise GitError(arguments, done.stderr or done.stdout, done.stdout)
            time.sleep(pause)

    def read(self, *arguments: str, stdin: bytes | None = None, none_is: int = 0) -> bytes:
        """The bytes that git prints, of the objects as they are: `refs/replace` hides nothing here.

        `none_is` is a further exit status that means that there is nothing to print.
        """
        done = _run_bytes(self._root, ("--no-replace-objects", *arguments), stdin=stdin)
        if done.returncode not in (0, none_is):
            raise GitError(arguments, done.stderr.decode("utf-8", "replace"))
        return done.stdout

    def names_commit(self, revision: str) -> str | None:
        """The object id of the commit that `revision` names, None where it names none."""
        wanted = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        done = run(self._root, wanted)
        return done.stdout.strip() if done.returncode == 0 else None

    def actor(self) -> str:
        """The user as `Name <mail>`, as git would write it into a commit."""
        ident = self.ask("var", "GIT_AUTHOR_IDENT").strip()
        return _readable(ident[: ident.rindex(">") + 1])

    def root_commits(self) -> tuple[str, ...]:
        """The commits that history starts from, sorted; none in a repository without commits."""
        if self._has_head():
            return tuple(sorted(self.ask("rev-list", "--max-parents=0", "HEAD").split()))
        return ()

    def _has_head(self) -> bool:
        return run(self._root, ("rev-parse", "--verify", "--quiet", "HEAD")).returncode == 0

    def add(self, paths: Sequence[str], index: str = "") -> IndexChange | None:
        """Add exactly these files to the index; refuses those that are ignored.

        Returns the change of the index, where `index` tells its place, and nothing else was done to it meanwhile.
        """
        named = "".join(f"{path}\0" for path in paths)
        arguments = ("update-index", "--add", "-z", "--stdin")
        is_ignored: bool | None = None
        observed, change = index, None

        def attempt() -> subprocess.CompletedProcess[str]:
            nonlocal is_ignored, observed, change
            with self._start(arguments) as process:  # it reads the index meanwhile
                is_ignored = self._is_one_ignored(named) if is_ignored is None else is_ignored
                given = b"" if is_ignored else named.encode("utf-8", "surrogateescape")
                complaint, change = finish(process, given, len(paths), observed)
                observed = ""  # who has to wait for another git is not alone
            return subprocess.CompletedProcess(arguments, process.returncode, "", complaint.decode("utf-8", "replace"))

        self._patiently(arguments, attempt)
        if not is_ignored:
            return change
        self.ask(  # it looks at every name in the index, and is left to say what is wrong
            "--literal-pathspecs", "add", "--sparse", "--pathspec-from-file=-", "--pathspec-file-nul", stdin=named
        )
        return None

    def _is_one_ignored(self, named: str) -> bool:
        given = named.encode("utf-8", "surrogateescape")
        return bool(self.read("check-ignore", "--no-index", "-z", "--stdin", stdin=given, none_is=1))

    def _start(self, arguments: Sequence[str]) -> subprocess.Popen[bytes]:
        """git at work, waiting for what it will be given."""
        command, environment = _command(arguments, quiet=True)
        pipe = subprocess.PIPE
        try:
            return subprocess.Popen(
                command, cwd=self._root, stdin=pipe, stdout=pipe, stderr=pipe, env=environment, pass_fds=self._keeping()
            )
        except OSError as error:
            raise _not_started(arguments, error) from error

    def forget(self, paths: Sequence[str]) -> None:
        """Take files out of the index, those that are in it."""
        # The last ones first: git moves all entries behind one that goes, which takes minutes with 500,000 of them.
        rows = "".join(f"{path}\0" for path in sorted(paths, reverse=True))
        self.ask("update-index", "--force-remove", "-z", "--stdin", stdin=rows)

    def new_and_gone(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Files below `.jerry/` that are new since HEAD, even if ignored, and those that are gone.

        Both are paths relative to the root, sorted.
        """
        entries = self.changes()
        # A new file shows as `??`, `A ` or, changed since it was staged, `AM`, or as `!!` where it is ignored; one that
        # is gone as ` D` or `D `.
        new = sorted(entry[3:] for entry in entries if entry[0] in "?A!" and entry[1] != "D")
        return tuple(new), tuple(sorted(entry[3:] for entry in entries if entry[:2] in (" D", "D ")))

    def changes(self) -> list[str]:
        """All that differs from HEAD below `.jerry/`: two letters, a blank and the path."""
        printed = self.ask(
            "--no-optional-locks", "status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all",
            "--ignored=traditional", "--ignore-submodules=all", "--", ":(top,literal).jerry",
        )  # fmt: skip
        return [entry for entry in printed.split("\0") if entry]

    def work_trees(self) -> tuple[Path, ...]:
        """The roots of all work trees of the clone, this one first."""
        records = self.ask("worktree", "list", "--porcelain", "-z").split("\0")
        roots = [Path(record.removeprefix("worktree ")) for record in records if record.startswith("worktree ")]
        return (self._root, *(root for root in roots if root != self._root))

    def paths_ever_added(self, folder: str) -> frozenset[str]:
        """Every path below `folder` that a commit of any branch, tag, remote branch or stash has added."""
        stashes = [name for name in _AUTOSTASHES if self.names_commit(name)]
        printed = self.ask(
            "log", "--all", *stashes, "--no-show-signature", "-m", "--no-renames", "--diff-filter=A", "--name-only",
            "--format=", "-z", "--", folder,
        )  # fmt: skip
        return frozenset(path.strip("\n") for path in printed.split("\0") if path)

    def paths_on_branches(self, paths: Iterable[str]) -> frozenset[str]:
        """Those of `paths` that a commit on some branch, of this clone or a remote's as last fetched, has added."""
        wanted = sorted(paths)
        if not wanted:
            return frozenset()
        printed = self.ask(
            "--literal-pathspecs", "log", "--branches", "--remotes", "--no-show-signature", "-m", "--no-renames",
            "--diff-filter=A", "--name-only", "--format=", "-z", "--", *wanted,
        )  # fmt: skip
        return frozenset(path.strip("\n") for path in printed.split("\0") if path)

    def stage(self, paths: Sequence[str], gone: Sequence[str] = (), index: str = "") -> IndexChange | None:
        """Add these files to the index, and take those out of it that are gone; returns what `add` does."""
        change = self.add(paths, index) if paths else None
        if gone:
            self.forget(gone)
        return change

    def comment_mark(self) -> str:
        """How lines begin that are no part of a commit message."""
        names = r"^core\.comment(char|string)$"
        marks = [
            row.split(" ", 1)[1] for row in self.read("config", "--get-regexp", names, none_is=1).decode().splitlines()
        ]
        return marks[-1] if marks and marks[-1] != "auto" else "#"

    def add_trailers(self, file: Path, trailers: Sequence[str]) -> None:
        """Add trailers to the commit message in `file`, those that it does not have."""
        if trailers:
            options = [option for trailer in trailers for option in ("--trailer", trailer)]
            place = str(file.resolve()) if file.is_absolute() else str(Path.cwd() / file)
            self.ask(
                "interpret-trailers", "--in-place", "--no-divider", "--if-exists", "addIfDifferent", *options, place
            )

    def commit(self, paths: Sequence[str], message: str, gone: Sequence[str] = ()) -> CommitInfo:
        """Commit just these files, and that others are gone; what else the user has staged stays staged."""
        self.stage(paths, gone)
        wanted: Iterable[str] = (*paths, *gone)
        if len(paths) + len(gone) > _MANY:
            wanted = covering(wanted, (entry[3:] for entry in self.changes()))
        self.ask(
            "commit", "--quiet", "--only", "--cleanup=whitespace", f"--message={message}",
            "--pathspec-from-file=-", "--pathspec-file-nul",
            # not --literal-pathspecs, which would reach the user's hooks
            stdin="\0".join(f":(literal){path}" for path in wanted), quiet=False,
        )  # fmt: skip
        form = "--format=%H%n%an <%ae>%n%at%n%s"
        printed = self.ask("log", "-1", "--no-show-signature", "--encoding=UTF-8", form)
        commit, author, at, subject = _readable(printed).split("\n")[:4]
        from jerry_git.application.ports import CommitInfo

        return CommitInfo(commit=commit, author=author, at=datetime.fromtimestamp(int(at), UTC), subject=subject)


def covering(wanted: Iterable[str], changed: Iterable[str]) -> tuple[str, ...]:
    """The fewest files and folders that have all of `wanted` below them, and nothing else of what has `changed`."""
    files = frozenset(wanted)
    barred = {above for path in changed if path not in files for above in (*_above(path), path)}
    found = (next((above for above in _above(path) if above not in barred), path) for path in files)
    return tuple(sorted(frozenset(found)))


def _above(path: str) -> Iterator[str]:
    """The folders above a file, the outermost first."""
    place = path.find("/")
    while place >= 0:
        yield path[:place]
        place = path.find("/", place + 1)


def commit_time(seconds: int) -> datetime:
    """The time of a commit; one may claim any, and Python tells those up to the year 9999."""
    return datetime.fromtimestamp(min(max(seconds, 0), _LATEST), UTC)


def _readable(text: str) -> str:
    """`text` without the bytes that are not UTF-8, for it will be written and shown."""
    return text.encode("utf-8", "replace").decode()


class GitStaging:
    """New event files go into the index, or straight into a commit, or nowhere, as `mode` says (DESIGN 5)."""

    def __init__(
        self,
        git: Git,
        locks: Locks,
        mode: CommitMode,
        message: Callable[[Sequence[str]], str],
        *,
        index: str = "",
        staged: Callable[[Sequence[str], IndexChange], object] = lambda paths, change: None,  # noqa: ARG005
    ) -> None:
        """`staged` is told of new files with which git's `index` changed, where nothing else was done to it."""
        self._git = git
        self._locks = locks
        self._mode = mode
        self._message = message
        self._index = index
        self._staged = staged
        self._paths: list[str] = []
        self._gone: list[str] = []

    def note(self, path: str) -> None:
        """See `Staging.note`."""
        self._paths.append(path)

    def note_gone(self, path: str) -> None:
        """See `Staging.note_gone`."""
        self._gone.append(path)

    def flush(self) -> None:
        """See `Staging.flush`."""
        paths, self._paths = self._paths, []
        gone, self._gone = self._gone, []
        if not (paths or gone) or self._mode == "manual":
            return
        if self._mode == "auto":
            self._git.commit(paths, self._message(paths), gone)
            return
        # git does not queue for its index: a crowd of writers would spend its tries. No lock around a commit, whose
        # hooks may call this program again.
        with self._locks.hold("index"):
            change = self._git.stage(paths, gone, self._index)
        if change is not None:
            self._staged(paths, change)
