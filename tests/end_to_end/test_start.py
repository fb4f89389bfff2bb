"""What a command imports is felt in every call (DESIGN 8)."""

from __future__ import annotations

import json
import sys
import time

import pytest

from tests.end_to_end.conftest import Place

HEAVY = {"pygit2", "pydantic", "pydantic_core", "filelock", "rich", "asyncio", "toon_format"}
PROBE = """
import json, sys
before = set(sys.modules)  # what the interpreter was started with: coverage brings modules of its own
from jerry_git.cli.main import main
status = main(sys.argv[1:])
print(json.dumps({"status": status, "modules": sorted(set(sys.modules) - before)}), file=sys.stderr)
"""


def _modules(place: Place, *arguments: str) -> set[str]:
    """The modules that a command has imported when it is done, over those of a bare start."""
    done = place.run(sys.executable, "-c", PROBE, *arguments)
    report = json.loads(done.stderr.splitlines()[-1])
    assert report["status"] == 0
    return set(report["modules"])


def _settle(place: Place) -> None:
    """Have the projection up to date: a change that is younger than 50 ms would be looked at once more (ADR-032)."""
    time.sleep(0.06)
    place.jerry("list")


@pytest.fixture
def busy(here: Place) -> Place:
    """A repository with items, a claim, and a pyproject that sets nothing."""
    (here.folder / "pyproject.toml").write_text('[project]\nname = "jerry-user"\nversion = "1"\n')
    here.jerry("new", "First", "--label", "a")
    here.jerry("new", "Second", "--depends-on", "WORK-1")
    here.jerry("claim", "WORK-1")
    here.git("commit", "--quiet", "--message", "Work")
    return here


@pytest.mark.positive
@pytest.mark.parametrize(
    "command",
    [
        "--version",
        "--help",
        "list",
        "list --all --json",
        "ready",
        "show WORK-1",
        "status",
        "search first",
        "export",
        "list --as-of HEAD",
        "ready --as-of today",
        "show WORK-1 --as-of HEAD",
        "export --as-of HEAD --events",
        "diff HEAD",
        "changelog HEAD..HEAD",
    ],
)
def test_looking_imports_nothing_heavy(busy: Place, command: str) -> None:
    """Neither pygit2, pydantic nor filelock: they are for writing, history and judging."""
    assert _modules(busy, *command.split()) & HEAVY == set()


@pytest.mark.positive
@pytest.mark.parametrize("command", ["new More", "start WORK-1", "comment WORK-1 hello", "commit"])
def test_writing_imports_nothing_heavy_whatever_is_set(busy: Place, command: str) -> None:
    """Settings that are written plainly are read without pydantic, which takes as long as half of the rest."""
    tables = (
        'commit]\nmode = "manual"',
        "claim]\nminutes = 30",
        'check.severity]\nfork = "off"',
        'quality]\nlevel = "L1"',
    )
    (busy.folder / "pyproject.toml").write_text("".join(f"[tool.jerry.{table}\n" for table in tables))
    assert _modules(busy, *command.split()) & HEAVY == set()


EVENTS = {"jerry_domain.events.work_item_events", "jerry_git.infrastructure.persistence.codec"}


@pytest.mark.positive
@pytest.mark.parametrize("command", ["list", "list --all --json", "ready", "show WORK-2", "search first"])
def test_what_is_projected_is_shown_without_the_events(busy: Place, command: str) -> None:
    """Dozens of classes, and what reads them, are for what has changed since."""
    assert _modules(busy, "list") & EVENTS == EVENTS
    _settle(busy)
    assert _modules(busy, *command.split()) & EVENTS == set()


@pytest.mark.positive
@pytest.mark.parametrize("command", ["list", "ready", "show WORK-1", "search first"])
def test_looking_imports_nothing_that_starts_programs_or_takes_paths_apart(busy: Place, command: str) -> None:
    """Where the repository is, is seen without git (ADR-036); who asks is asked only where something is claimed."""
    busy.jerry("release", "WORK-1")
    _settle(busy)
    programs = {"subprocess", "jerry_git.infrastructure.adapters.git"}
    assert _modules(busy, *command.split()) & (programs | {"pathlib"}) == set()


@pytest.mark.positive
@pytest.mark.parametrize("command", ["--version", "--help"])
def test_version_and_help_load_almost_nothing(busy: Place, command: str) -> None:
    """Not even the domain."""
    ours = {name for name in _modules(busy, command) if name.startswith("jerry_")}
    assert ours == {"jerry_git", "jerry_git.cli", "jerry_git.cli.main", "jerry_git.cli.session"}


@pytest.mark.positive
@pytest.mark.parametrize("command", ["new Third", "start WORK-1", "cancel WORK-2", "comment WORK-1 words"])
def test_writing_imports_what_it_needs_and_nothing_heavy(busy: Place, command: str) -> None:
    """A lock that is free needs no filelock, which takes longer to load than all that writes (ADR-035)."""
    found = _modules(busy, *command.split())
    assert {"jerry_git.infrastructure.persistence.file_locks", "subprocess"} <= found
    assert found & HEAVY == set()


@pytest.mark.positive
def test_a_check_of_layers_that_was_made_before_loads_no_parser(busy: Place) -> None:
    """Nor the graph and the rules, nor the judge of settings: plain ones are read without it."""
    with (busy.folder / "pyproject.toml").open("a") as file:
        file.write('[tool.jerry.layers]\nlayers = ["shop.web", "shop.domain"]\n')
    for name in ("web", "domain"):
        (busy.folder / "shop" / name).mkdir(parents=True)
        (busy.folder / "shop" / name / "a.py").write_text("import json\n")
    first = _modules(busy, "layers", "check")
    again = _modules(busy, "layers", "check")
    rooms = {f"jerry_git.application.layers.{name}" for name in ("reading", "graph", "rules", "modules", "examining")}
    assert rooms <= first
    assert again & (rooms | HEAVY | {"multiprocessing"}) == set()
