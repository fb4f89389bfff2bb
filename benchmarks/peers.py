"""The trackers that `just bench-sizes` measures, on the same data: ten changes to an item, all but the youngest done.

Each is filled by writing what it would have written itself, for years of work cannot be typed in, and is then used
by its own commands alone.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from benchmarks import histories
from benchmarks.archiving import archived
from benchmarks.growing import OPEN, old, repository
from benchmarks.measuring import output
from benchmarks.starting import JERRY
from jerry_git import __version__


class Tracker:
    """jerry, and what its peers do otherwise. Its data is in the folder `root`, which is a git repository."""

    name = "jerry"
    in_git = True
    """Whether a user commits the data with git."""

    def __init__(self, world: Mapping[str, str], program: str = "") -> None:
        self.world = world
        self.program = program

    def version(self) -> str:
        """Its number."""
        return __version__

    def is_for(self, items: int) -> bool:  # noqa: ARG002
        """Whether there is anything to see with so many items."""
        return True

    def fill(self, root: Path, items: int) -> None:
        """So many items, committed and packed."""
        repository(root, items, dict(self.world))

    def command(self, root: Path, verb: str, item: str = "") -> tuple[str, ...]:  # noqa: ARG002
        """How a user does it: `list` (what is open), `show`, `new`, `start`, `done`."""
        return (*JERRY, verb, *(["Something new"] if verb == "new" else [item] if item else []))

    def made(self, said: str) -> str:
        """The item that `new` speaks of."""
        return str(re.findall(r"WORK-\d+", said)[0])

    def youngest(self, items: int) -> str:
        """The name of the item that was made last."""
        return f"WORK-{items}"

    def forget(self, root: Path) -> tuple[str, ...] | None:
        """Drop what can be made anew, and say which command makes it; None where there is nothing of the kind."""
        shutil.rmtree(root / ".git/jerry/cache")
        return self.command(root, "list")

    def commit(self) -> tuple[tuple[str, ...], ...]:
        """What commits a change; the commands of jerry have staged it."""
        return (("git", "commit", "--quiet", "--message=work"),)

    def clone(self, root: Path, target: Path) -> tuple[str, ...]:
        """What brings all to another place."""
        return ("git", "clone", "--quiet", "--no-local", str(root), str(target))

    def sizes(self, root: Path) -> tuple[Path, Path]:
        """Where the data is, and where its history is."""
        return root / ".jerry", root / ".git"

    def _committed(self, root: Path) -> None:
        for arguments in (("add", "--all"), ("commit", "--quiet", "--message=Years of work"), ("gc", "--quiet")):
            output(root, self.world, "git", *arguments)

    def _begun(self, root: Path) -> None:
        root.mkdir()
        output(root, self.world, "git", "init", "--quiet", "--initial-branch=main")
        output(root, self.world, "git", "config", "gc.auto", "0")


class Archived(Tracker):
    """jerry, after `jerry archive`."""

    name = "jerry, archived"

    def is_for(self, items: int) -> bool:
        """See `Tracker.is_for`."""
        return old(items) > 0

    def fill(self, root: Path, items: int) -> None:
        """See `Tracker.fill`."""
        archived(root, items, dict(self.world))


class PlainFiles(Tracker):
    """One that leaves its files to the user, who stages them."""

    def version(self) -> str:
        """As it says itself."""
        return output(Path.cwd(), self.world, self.program, "--version").strip()

    def forget(self, root: Path) -> None:
        """Nothing is kept beside the files."""

    def commit(self) -> tuple[tuple[str, ...], ...]:
        """See `Tracker.commit`."""
        return (("git", "add", "--all"), *super().commit())


class Backlog(PlainFiles):
    """Backlog.md: a Markdown file for each task, done ones in a folder of their own."""

    name = "Backlog.md"
    words: ClassVar = {"start": "In Progress", "done": "Done"}

    def fill(self, root: Path, items: int) -> None:
        """See `Tracker.fill`."""
        self._begun(root)
        output(root, self.world, self.program, "init", "Work", "--defaults", "--integration-mode", "none")
        for number in range(items):
            name = f"task-{number + 1} - Item-{number}-of-a-long-list-of-work.md"
            folder = "tasks" if histories.is_open(number, items) else "completed"
            (root / "backlog" / folder / name).write_text(histories.markdown(number, items))
        self._committed(root)

    def command(self, root: Path, verb: str, item: str = "") -> tuple[str, ...]:  # noqa: ARG002
        """See `Tracker.command`."""
        match verb:
            case "list":
                return (self.program, "task", "list", "--plain")
            case "show":
                return (self.program, "task", "view", item, "--plain")
            case "new":
                return (self.program, "task", "create", "Something new")
            case _:
                return (self.program, "task", "edit", item, "--status", self.words[verb])

    def made(self, said: str) -> str:
        """See `Tracker.made`."""
        return str(re.findall(r"TASK-(\d+)", said)[0])

    def youngest(self, items: int) -> str:
        """See `Tracker.youngest`."""
        return str(items)

    def sizes(self, root: Path) -> tuple[Path, Path]:
        """See `Tracker.sizes`."""
        return root / "backlog", root / ".git"


class Ticket(PlainFiles):
    """ticket: one shell script, and a Markdown file for each ticket."""

    name = "ticket"
    words: ClassVar = {"new": ("create", "Something new"), "list": ("ls", "--status=open"), "done": ("close",)}

    def version(self) -> str:
        """It tells none: the beginning of its SHA-256."""
        return hashlib.sha256(Path(self.program).read_bytes()).hexdigest()[:8]

    def fill(self, root: Path, items: int) -> None:
        """See `Tracker.fill`."""
        self._begun(root)
        (root / ".tickets").mkdir()
        for number in range(items):
            file = root / ".tickets" / f"{histories.ticket_id(number)}.md"
            file.write_text(histories.front_matter(number, items))
        self._committed(root)

    def command(self, root: Path, verb: str, item: str = "") -> tuple[str, ...]:  # noqa: ARG002
        """See `Tracker.command`."""
        return (self.program, *self.words.get(verb, (verb,)), *([item] if item else []))

    def made(self, said: str) -> str:
        """See `Tracker.made`."""
        return said.strip()

    def youngest(self, items: int) -> str:
        """See `Tracker.youngest`."""
        return histories.ticket_id(items - 1)

    def sizes(self, root: Path) -> tuple[Path, Path]:
        """See `Tracker.sizes`."""
        return root / ".tickets", root / ".git"


class Taskwarrior(PlainFiles):
    """Taskwarrior 2: files of lines, one of them the log of all changes; committed as they are."""

    name = "Taskwarrior"

    def fill(self, root: Path, items: int) -> None:
        """See `Tracker.fill`."""
        self._begun(root)
        (root / ".taskrc").write_text("confirmation=off\nverbose=new-id\n")
        folder = root / ".task"
        folder.mkdir()
        with (folder / "undo.data").open("w") as log, (folder / "completed.data").open("w") as done:
            waiting = []
            for number in range(items):
                states = list(histories.lines(number, items))
                for at, state in enumerate(states):
                    old = f"old {states[at - 1]}\n" if at else ""
                    log.write(f"time {histories.moment(number, at)}\n{old}new {state}\n---\n")
                if histories.is_open(number, items):
                    waiting.append(states[-1])
                else:
                    done.write(f"{states[-1]}\n")
        (folder / "pending.data").write_text("".join(f"{line}\n" for line in waiting))
        self._committed(root)

    def command(self, root: Path, verb: str, item: str = "") -> tuple[str, ...]:
        """See `Tracker.command`."""
        task = (self.program, f"rc:{root}/.taskrc", f"rc.data.location:{root}/.task")
        match verb:
            case "list":
                return (*task, "list")
            case "show":
                return (*task, item, "info")
            case "new":
                return (*task, "add", "Something new")
            case _:
                return (*task, item, verb)

    def made(self, said: str) -> str:
        """See `Tracker.made`."""
        return str(re.findall(r"task (\d+)", said)[0])

    def youngest(self, items: int) -> str:
        """See `Tracker.youngest`; numbers are those of the open tasks."""
        return str(min(items, OPEN))

    def sizes(self, root: Path) -> tuple[Path, Path]:
        """See `Tracker.sizes`."""
        return root / ".task", root / ".git"


class Fossil(Tracker):
    """Fossil: tickets in its own repository, a SQLite file that has all their changes."""

    name = "Fossil"
    in_git = False

    def version(self) -> str:
        """As it says itself."""
        return output(Path.cwd(), self.world, self.program, "version").split()[4]

    def fill(self, root: Path, items: int) -> None:
        """See `Tracker.fill`. The changes lie in files first, out of which Fossil makes its repository."""
        source = root.with_name(f"{root.name}-changes")
        for number in range(items):
            folder = source / f"{number // 1000:04d}"
            folder.mkdir(parents=True, exist_ok=True)
            for at, change in enumerate(histories.cards(number, items)):
                (folder / f"{number}-{at}").write_text(change)
        root.mkdir()
        output(root, self.world, self.program, "reconstruct", str(root / "work.fossil"), str(source))

    def command(self, root: Path, verb: str, item: str = "") -> tuple[str, ...]:
        """See `Tracker.command`."""
        arguments: tuple[str, ...]
        match verb:
            case "list":
                arguments = ("show", "0", "status='Open'")
            case "show":
                arguments = ("history", item)
            case "new":
                arguments = ("add", "title", "Something new", "status", "Open")
            case _:
                arguments = ("set", item, "status", "Open" if verb == "start" else "Closed")
        return (self.program, "ticket", *arguments, "-R", str(root / "work.fossil"))

    def made(self, said: str) -> str:
        """See `Tracker.made`."""
        return str(re.findall(r"[0-9a-f]{40}", said)[0])

    def youngest(self, items: int) -> str:
        """See `Tracker.youngest`."""
        return histories.ticket(items - 1)

    def forget(self, root: Path) -> tuple[str, ...]:
        """See `Tracker.forget`."""
        return (self.program, "rebuild", str(root / "work.fossil"))

    def commit(self) -> tuple[tuple[str, ...], ...]:
        """Each change is committed at once."""
        return ()

    def clone(self, root: Path, target: Path) -> tuple[str, ...]:
        """See `Tracker.clone`."""
        return (self.program, "clone", "--once", str(root / "work.fossil"), f"{target}.fossil")

    def sizes(self, root: Path) -> tuple[Path, Path]:
        """All is one file."""
        return root / "none", root / "work.fossil"
