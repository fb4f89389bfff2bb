"""Two clones change the same work, one pushes, the other merges: what git and each tracker say. `just bench-merging`.

Beside jerry, each where it can be found: Backlog.md (`npm install backlog.md`, then with
`--backlog node_modules/.bin/backlog`), and Taskwarrior 2 (Debian's `taskwarrior`), whose data files are committed, for
its own way to several machines is a server. Prints the versions and a Markdown table. Nothing is timed.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from jerry_domain.value_objects.classification import Priority
from jerry_git import __version__
from jerry_git.application import commands
from jerry_git.bootstrap import bootstrap

ROOT = Path(__file__).parent.parent
JERRY = (sys.executable, "-m", "jerry_git")
CONFIG = "[user]\nname = Ada\nemail = ada@example.com\n[init]\ndefaultBranch = main\n"


class Tracker:
    """A tool with its data in the work tree; items are numbered from 1."""

    name = "jerry"
    shown: ClassVar = {"start": "in_progress", "stop": "cancelled", "urgent": "high"}
    """How it shows what was done."""
    created = r"^(WORK-2) +task"
    """How it shows the second item."""

    def __init__(self, environment: dict[str, str], program: str = "") -> None:
        self.environment = environment
        self.program = program

    def run(self, folder: Path, *arguments: str, check: bool = True) -> str:
        """What a program prints; raises `CalledProcessError` where it fails and should not."""
        done = subprocess.run(
            arguments,
            check=check,
            cwd=folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            text=True,
        )
        return done.stdout

    def git(self, folder: Path, *arguments: str, check: bool = True) -> str:
        """What git prints."""
        return self.run(folder, "git", *arguments, check=check)

    def version(self) -> str:
        """As the table names it."""
        return f"{self.name} {__version__}"

    def begin(self, folder: Path) -> None:
        """Set the tool up in a repository."""
        self.run(folder, *JERRY, "init")

    def do(self, folder: Path, verb: str, number: int = 1, text: str = "") -> None:
        """Change an item, by the library: what the commands call."""
        services = bootstrap(folder, self.environment)
        if verb == "create":
            commands.create(services, commands.Draft(title=text))
            return
        streams = sorted(path.name for path in (folder / ".jerry/events").glob("*/*"))  # in the order of creation
        item = streams[number - 1].partition("-")[2]
        acts: dict[str, Callable[[], object]] = {
            "note": lambda: commands.comment(services, item, text),
            "retitle": lambda: commands.edit(services, item, title=text),
            "urgent": lambda: commands.prioritize(services, item, Priority.HIGH),
            "calm": lambda: commands.prioritize(services, item, Priority.LOW),
            "start": lambda: commands.start(services, item),
            "stop": lambda: commands.cancel(services, item),
        }
        acts[verb]()

    def told(self, folder: Path) -> str:
        """All that the tool shows of all items."""
        names = dict.fromkeys(re.findall(r"WORK-\d+", self.run(folder, *JERRY, "list", "--all")))
        return self.run(folder, *JERRY, "list", "--all") + self.run(folder, *JERRY, "show", *names)


class Backlog(Tracker):
    """Backlog.md: a Markdown file for each task."""

    name = "Backlog.md"
    shown: ClassVar = {"start": "status: In Progress", "stop": "status: Done", "urgent": "priority: high"}
    created = r"^id: (TASK-2)$"
    verbs: ClassVar = {
        "note": ("--comment", ""),
        "retitle": ("--title", ""),
        "urgent": ("--priority", "High"),
        "calm": ("--priority", "Low"),
        "start": ("--status", "In Progress"),
        "stop": ("--status", "Done"),
    }

    def version(self) -> str:
        """As it says itself."""
        return f"{self.name} {self.run(ROOT, self.program, '--version').strip()}"

    def begin(self, folder: Path) -> None:
        """Without instructions for agents."""
        self.run(folder, self.program, "init", "Work", "--defaults", "--integration-mode", "none")

    def do(self, folder: Path, verb: str, number: int = 1, text: str = "") -> None:
        """Change a task."""
        if verb == "create":
            self.run(folder, self.program, "task", "create", text)
        else:
            option, value = self.verbs[verb]
            self.run(folder, self.program, "task", "edit", str(number), option, value or text)

    def told(self, folder: Path) -> str:
        """Its files, which are made to be read."""
        return "\n".join(path.read_text() for path in sorted((folder / "backlog/tasks").iterdir()))


class Taskwarrior(Tracker):
    """Taskwarrior 2: all tasks in one file, and a log beside it."""

    name = "Taskwarrior"
    shown: ClassVar = {"start": '"completed"', "stop": '"deleted"', "urgent": '"priority":"H"'}
    created = r'"id":(2),'
    verbs: ClassVar = {
        "note": "annotate",
        "retitle": "modify",
        "urgent": "modify priority:H",
        "calm": "modify priority:L",
        "start": "done",
        "stop": "delete",
    }

    def version(self) -> str:
        """As it says itself."""
        return f"{self.name} {self.run(ROOT, self.program, '--version').strip()}"

    def begin(self, folder: Path) -> None:
        """Numbers stay as they are; nothing is asked."""
        (folder / ".taskrc").write_text("confirmation=off\ngc=off\nverbose=nothing\n")

    def do(self, folder: Path, verb: str, number: int = 1, text: str = "") -> None:
        """Change a task."""
        if verb == "create":
            self._task(folder, "add", text)
        else:
            self._task(folder, str(number), *self.verbs[verb].split(), *([text] if text else ()))

    def told(self, folder: Path) -> str:
        """Everything, as JSON."""
        return self._task(folder, "export")

    def _task(self, folder: Path, *arguments: str) -> str:
        places = (f"rc:{folder}/.taskrc", f"rc.data.location:{folder}/.task")
        return self.run(folder, self.program, *places, *arguments)


Change = tuple[str, int, str]
"""What is done, to the item of which number, with which words."""
Kept = Callable[[Tracker, Path], str]


@dataclass(frozen=True)
class Scenario:
    """What each of two clones does, and what is to be seen of it when they have met."""

    title: str
    left: Sequence[Change]
    right: Sequence[Change]
    kept: Kept
    items: int = 1


def _says(*words: str) -> Kept:
    def kept(tracker: Tracker, folder: Path) -> str:
        told = tracker.told(folder)
        lost = [word for word in words if tracker.shown.get(word, word) not in told]
        return f"merged, {' and '.join(lost)} lost" if lost else "merged, both there"

    return kept


def _both_created(tracker: Tracker, folder: Path) -> str:
    merged = _says("of the left", "of the right")(tracker, folder)
    alike = len(re.findall(tracker.created, tracker.told(folder), re.MULTILINE))
    return f"{merged}, {alike} called alike" if alike > 1 else merged


def _many(side: str, changes: int, items: int) -> Iterator[tuple[str, int, str]]:
    """So many notes, titles and priorities, on items at random."""
    dice = random.Random(side)  # noqa: S311 - the same changes for every tool
    for count in range(changes):
        verb = dice.choice(("note", "note", "retitle", "urgent", "calm"))
        text = "" if verb in ("urgent", "calm") else f"{verb} of the {side} {count}."
        yield verb, dice.randrange(items) + 1, text


def _all_notes(changes: int, items: int) -> Kept:
    written = [change for side in ("left", "right") for change in _many(side, changes, items)]
    wanted = {text for verb, _, text in written if verb == "note"}

    def kept(tracker: Tracker, folder: Path) -> str:
        told = tracker.told(folder)
        lost = sum(text not in told for text in wanted)
        return f"merged, {lost:,} notes lost" if lost else f"merged, all {len(wanted):,} notes there"

    return kept


def scenarios(changes: int, items: int) -> tuple[Scenario, ...]:
    """The rows of the table."""
    left, right = "of the left", "of the right"
    note, other = ("note", 1, left), ("note", 1, right)
    title, other_title = ("retitle", 1, left), ("retitle", 1, right)
    return (
        Scenario("a new item each", [("create", 1, left)], [("create", 1, right)], _both_created),
        Scenario("status, note", [("start", 1, "")], [other], _says("start", right)),
        Scenario("note, note", [note], [other], _says(left, right)),
        Scenario("title, priority", [title], [("urgent", 1, "")], _says(left, "urgent")),
        Scenario("title, title", [title], [other_title], _says(left, right)),
        Scenario("status, status", [("start", 1, "")], [("stop", 1, "")], _says("start", "stop")),
        Scenario(
            f"{changes:,} changes each on {items} items",
            list(_many("left", changes, items)),
            list(_many("right", changes, items)),
            _all_notes(changes, items),
            items,
        ),
    )


def outcome(tracker: Tracker, scenario: Scenario, folder: Path) -> str:
    """Play a scenario in clones of a repository, and say what came of it."""
    hub, left, right = (folder / name for name in ("hub.git", "left", "right"))
    folder.mkdir()
    tracker.git(folder, "init", "--quiet", "--bare", str(hub))
    tracker.git(folder, "clone", "--quiet", str(hub), str(left))
    tracker.git(left, "commit", "--quiet", "--allow-empty", "--message", "begin")
    tracker.begin(left)
    for number in range(scenario.items):
        tracker.do(left, "create", text=f"item {number + 1}")
    _commit(tracker, left)
    tracker.git(left, "push", "--quiet", "origin", "main")
    tracker.git(folder, "clone", "--quiet", str(hub), str(right))
    for clone, changes in ((left, scenario.left), (right, scenario.right)):
        for change in changes:
            tracker.do(clone, *change)
        _commit(tracker, clone)
    tracker.git(left, "push", "--quiet", "origin", "main")
    tracker.git(right, "fetch", "--quiet")
    tracker.git(right, "merge", "--quiet", "--no-edit", "origin/main", check=False)
    conflicts = tracker.git(right, "diff", "--name-only", "--diff-filter=U").split("\n")[:-1]
    if conflicts:
        return f"**conflict** in {len(conflicts)} file{'s' if len(conflicts) > 1 else ''}"
    return scenario.kept(tracker, right)


def _commit(tracker: Tracker, folder: Path) -> None:
    tracker.git(folder, "add", "--all")
    tracker.git(folder, "commit", "--quiet", "--message", "work")


def main() -> None:
    """Play every scenario with every tool that is here, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--backlog", default=shutil.which("backlog"), help="the program of Backlog.md")
    parser.add_argument("--task", default=shutil.which("task"), help="the program of Taskwarrior 2")
    parser.add_argument("--changes", type=int, default=1000, help="on each side of the last scenario")
    parser.add_argument("--items", type=int, default=50, help="that are changed in it")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / ".gitconfig").write_text(CONFIG)
        environment = {**os.environ, "HOME": name, "PYTHONPATH": f"{ROOT}:{ROOT / 'domain'}:{ROOT / 'hooks'}"}
        trackers: list[Tracker] = [Tracker(environment)]
        if options.backlog:
            trackers.append(Backlog(environment, str(Path(options.backlog).absolute())))
        if options.task:
            trackers.append(Taskwarrior(environment, options.task))
        git = trackers[0].git(folder, "--version").split()[2]
        print(", ".join((f"git {git}", *(tracker.version() for tracker in trackers))), end="\n\n")
        print(f"| left and right | {' | '.join(tracker.name for tracker in trackers)} |")
        print(f"| --- {'| --- ' * len(trackers)}|")
        for row, scenario in enumerate(scenarios(options.changes, options.items)):
            cells = [outcome(it, scenario, folder / f"{it.name}-{row}") for it in trackers]
            print(f"| {scenario.title} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
