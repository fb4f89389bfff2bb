"""The contract of event stores itself: strangers can use it, and it catches a store that breaks a promise."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.infrastructure import broken_stores
from tests.infrastructure.processes import ROOT, environment
from tests.infrastructure.repositories import write

STRANGER = """
from jerry_domain.ports.event_store import StreamScan
from jerry_domain.services.causal_order import causal_order
from jerry_git.testing.event_store_contract import EventStoreContract
import pytest, sys

from jerry_git.infrastructure.persistence.in_memory_event_store import InMemoryEventStore

class TestMine(EventStoreContract):
    @pytest.fixture(autouse=True)
    def storage(self):
        self.mine = InMemoryEventStore("urn:mine")

    def make_store(self):
        return self.mine

@pytest.mark.positive
def test_nothing_heavy_was_needed():
    assert not {"pygit2", "pydantic", "filelock", "hypothesis"} & set(sys.modules)
"""
SETTINGS = "[pytest]\naddopts = --strict-markers -p no:cacheprovider\nmarkers =\n    positive\n    negative\n    edge\n"


def run_pytest(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    surrounding = {**environment(), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    surrounding.pop("PYTEST_ADDOPTS", None)
    command = [sys.executable, "-m", "pytest", "-q", *arguments]
    return subprocess.run(command, cwd=folder, env=surrounding, capture_output=True, text=True)


@pytest.mark.positive
def test_a_stranger_runs_the_contract_with_pytest_and_the_domain_alone(tmp_path):
    write(tmp_path, "pytest.ini", SETTINGS)
    write(tmp_path, "test_mine.py", STRANGER)
    done = run_pytest(tmp_path)
    assert re.search(r"^\d\d+ passed in", done.stdout, re.MULTILINE), done.stdout
    assert done.returncode == 0


@pytest.fixture(scope="module")
def failures():
    """For each broken store, the contract's tests that failed."""
    options = ("-p", "no:cacheprovider", "-rf", "--tb=no", "--import-mode=importlib")
    done = run_pytest(ROOT, *options, "tests/infrastructure/broken_stores.py")
    found: dict[str, set[str]] = {}
    for line in done.stdout.splitlines():
        match = re.match(r"FAILED \S+::Test(\w+)::(\w+)", line)
        if match:
            found.setdefault(match[1], set()).add(match[2])
    return found


@pytest.mark.positive
def test_an_honest_store_passes(failures):
    assert "Honest" not in failures


@pytest.mark.positive
@pytest.mark.parametrize(
    "store",
    ["EachProcessAlone", *(store.__name__ for store in broken_stores.STORES if store is not broken_stores.Honest)],
)
def test_a_store_that_breaks_a_promise_is_caught(failures, store):
    assert failures.get(store)


@pytest.mark.positive
def test_the_package_itself_never_imports_pytest():
    modules = [
        ".".join(path.relative_to(source).with_suffix("").parts)
        for source, package in ((ROOT, "jerry_git"), (ROOT / "domain", "jerry_domain"), (ROOT / "hooks", "jerry_hooks"))
        for path in sorted((source / package).rglob("*.py"))
        if path.stem not in ("__init__", "__main__") and path.parent.name != "testing"
    ]
    code = f"import importlib, sys\nfor name in {modules}: importlib.import_module(name)\n"
    code += "sys.exit('pytest' in sys.modules or 'hypothesis' in sys.modules)"
    assert len(modules) > 50
    done = subprocess.run([sys.executable, "-c", code], cwd=os.sep, env=environment(), capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
