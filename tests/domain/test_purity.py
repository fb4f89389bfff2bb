"""The domain is pure: it imports the standard library and itself alone, and its events and values never change."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import FrozenInstanceError, fields, is_dataclass
from importlib import import_module
from pathlib import Path

import pytest

import jerry_domain
from jerry_domain.events.base import DomainEvent

ROOT = Path(jerry_domain.__file__).parents[1]

# -I and -S: no environment, no site-packages, so that only what is imported on purpose can be found.
IMPORT_ALL = """
import importlib, pkgutil, sys
sys.path.insert(0, sys.argv[1])
package = importlib.import_module(sys.argv[2])
for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    importlib.import_module(module.name)
known = {*sys.stdlib_module_names, sys.argv[2], "__main__"}
print(*sorted(name for name in sys.modules if name.split(".")[0] == sys.argv[2]))
print(*sorted(name for name in sys.modules if name.split(".")[0] not in known))
"""


def imported_by(root: Path, package: str) -> tuple[list[str], list[str]]:
    """The modules of a package, and what importing them all brings in from outside the standard library."""
    answer = subprocess.run(
        [sys.executable, "-I", "-S", "-c", IMPORT_ALL, str(root), package], capture_output=True, text=True, check=True
    )
    own, foreign = answer.stdout.splitlines()
    return own.split(), foreign.split()


@pytest.mark.positive
def test_importing_the_whole_domain_imports_nothing_but_the_standard_library():
    own, foreign = imported_by(ROOT, "jerry_domain")
    files = {path.relative_to(ROOT).with_suffix("") for path in (ROOT / "jerry_domain").rglob("*.py")}
    assert {name.replace(".", "/") for name in own} == {str(file).removesuffix("/__init__") for file in files}
    assert foreign == []


@pytest.mark.negative
def test_a_domain_that_imports_something_else_is_found_out(tmp_path):
    (tmp_path / "guest.py").write_text("")
    (tmp_path / "impure" / "inner").mkdir(parents=True)
    (tmp_path / "impure" / "__init__.py").write_text("")
    (tmp_path / "impure" / "inner" / "__init__.py").write_text("import guest, json\n")
    assert imported_by(tmp_path, "impure") == (["impure", "impure.inner"], ["guest"])


def dataclasses_of_the_domain() -> list[type]:
    files = (path.relative_to(ROOT).with_suffix("") for path in (ROOT / "jerry_domain").rglob("*.py"))
    modules = (import_module(".".join(file.parts).removesuffix(".__init__")) for file in files)
    return sorted(
        {thing for module in modules for thing in vars(module).values() if is_dataclass(thing)},
        key=lambda value: value.__name__,
    )


@pytest.mark.positive
@pytest.mark.parametrize("value", dataclasses_of_the_domain(), ids=lambda value: value.__name__)
def test_events_and_values_are_frozen_and_slotted(value):
    assert "__slots__" in vars(value)
    for field in fields(value):
        with pytest.raises(FrozenInstanceError, match=field.name):
            setattr(object.__new__(value), field.name, None)
        with pytest.raises(FrozenInstanceError, match=field.name):
            delattr(object.__new__(value), field.name)


@pytest.mark.positive
@pytest.mark.parametrize(
    "event",
    [value for value in dataclasses_of_the_domain() if issubclass(value, DomainEvent)],
    ids=lambda it: it.__name__,
)
def test_the_data_of_an_event_are_named(event):
    assert all(field.kw_only for field in fields(event))
