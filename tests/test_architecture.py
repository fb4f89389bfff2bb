"""The arrows of the house: cli -> application -> domain; adapters -> ports; the domain points at nothing (LES-002)."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from jerry_domain.ports.event_store import IEventStore
from jerry_git.application.examination import StoreCare
from jerry_git.application.initializing import Folder
from jerry_git.application.ports import Services
from jerry_git.bootstrap import App
from jerry_git.infrastructure.persistence.in_memory_event_store import InMemoryEventStore

ROOT = Path(__file__).parent.parent
LAYERS = {
    "domain/jerry_domain": ("jerry_domain",),
    "jerry_git/application": ("jerry_domain", "jerry_git.application"),
    "jerry_git/infrastructure": ("jerry_domain", "jerry_git.application", "jerry_git.infrastructure"),
    "jerry_git/cli": ("jerry_domain", "jerry_git.application", "jerry_git.bootstrap", "jerry_git.cli", "click"),
    "hooks/jerry_hooks": ("jerry_domain", "jerry_git.application", "jerry_git.bootstrap", "jerry_hooks"),
}
"""What each layer may import beside the standard library; adapters may import other packages too."""

OWN = ("jerry_domain", "jerry_git", "jerry_hooks")


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield f"{'.' * node.level}{node.module or ''}"


def _strangers(folder: str) -> list[str]:
    """Imports of a layer's modules that it must not have."""
    found = []
    for path in (ROOT / folder).rglob("*.py"):
        for name in _imports(path):
            top = name.partition(".")[0]
            foreign_is_fine = folder == "jerry_git/infrastructure" and top not in OWN
            lawful = any(name == allowed or name.startswith(f"{allowed}.") for allowed in LAYERS[folder])
            if not (
                lawful or foreign_is_fine or top in sys.stdlib_module_names or name in ("jerry_git", "toon_format")
            ):
                found.append(f"{path.relative_to(ROOT)}: {name}")
    return found


@pytest.mark.negative
@pytest.mark.parametrize("folder", LAYERS)
def test_no_layer_points_outward(folder: str) -> None:
    """Each layer imports only what stands inside of it."""
    assert _strangers(folder) == []


@pytest.mark.positive
def test_the_reader_of_imports_sees_them() -> None:
    """The check above has something to look at: the command line does import the application."""
    names = {name for path in (ROOT / "jerry_git" / "cli").rglob("*.py") for name in _imports(path)}
    assert "jerry_git.application" in names


def _ports_are_answered(app: App) -> tuple[Services, IEventStore, StoreCare, Folder, IEventStore]:
    """mypy and pyright hold the adapters to their ports here; nothing calls it."""
    return app, app.store, app.care, app.folder, InMemoryEventStore()


@pytest.mark.positive
def test_the_wiring_has_every_port() -> None:
    """`App` names each port that the handlers ask for."""
    ports = [name for name in vars(Services) if not name.startswith("_")]
    assert [name for name in ports if not hasattr(App, name)] == []
