"""`pytest --jerry-schemas`: event classes are what was published, exactly, in the environment of the project.

The hook tells what it can without importing anything; this imports the classes, and so knows all of them.
"""

from __future__ import annotations

from typing import Any

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--jerry-schemas`."""
    group = parser.getgroup("jerry")
    group.addoption(
        "--jerry-schemas", action="store_true", help="Check that event classes are what was published as their schemas."
    )


def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    """Add the check as a test of its own."""
    if config.getoption("--jerry-schemas"):
        items.append(SchemaItem.from_parent(session, name="jerry-schemas"))


class SchemaItem(pytest.Item):
    """The check of the repository around pytest's root."""

    def runtest(self) -> None:
        """Raise `DriftError` with all findings that are errors."""
        from jerry_git.application.checking.rendering import text
        from jerry_git.bootstrap import bootstrap

        report = bootstrap(self.config.rootpath).schemas.drifted()
        if report.is_refused:
            raise DriftError(text(report))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The findings as `jerry check` prints them."""
        if isinstance(excinfo.value, DriftError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Any, int | None, str]:
        """What the test is called."""
        return self.config.rootpath, None, "jerry-schemas"


class DriftError(Exception):
    """Event classes are not what was published."""
