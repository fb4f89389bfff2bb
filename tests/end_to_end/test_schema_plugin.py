# ruff: noqa: E501 - the lines of modules
"""`pytest --jerry-schemas` in a project of a user's own: exact, for it imports the classes."""

from __future__ import annotations

import sys

import pytest

from tests.end_to_end.conftest import Place

SHOP = (
    "from pydantic import BaseModel, field_validator\n\n\nclass Placed(BaseModel):\n    order: str\n\n"
    "    @field_validator('order', mode='before')\n    @classmethod\n    def text(cls, value):\n        return str(value)\n"
)


@pytest.fixture
def shop(bare_place: Place) -> Place:
    """A project with one event, which cannot be told without importing it, and one test of its own."""
    (bare_place.folder / "pyproject.toml").write_text('[tool.jerry.schemas]\nmodules = ["shop"]\n')
    (bare_place.folder / "shop.py").write_text(SHOP)
    (bare_place.folder / "test_shop.py").write_text("def test_shop():\n    assert True\n")
    bare_place.jerry("schema", "publish")
    return bare_place


def ran(shop: Place, *options: str) -> str:
    command = (sys.executable, "-m", "pytest", "-p", "no:cacheprovider")
    return shop.run(*command, *options, check=False).stdout


@pytest.mark.positive
def test_a_class_that_is_what_was_published_passes_as_a_test_of_its_own(shop: Place) -> None:
    assert "1 passed" in ran(shop)
    assert "2 passed" in ran(shop, "--jerry-schemas")


@pytest.mark.positive
def test_what_the_hook_cannot_tell_the_test_tells(shop: Place) -> None:
    # of another length: Python may take what it compiled of a file as long in the same second
    (shop.folder / "shop.py").write_text(SHOP.replace("order: str", "order: float"))
    assert "warning[schema-opaque]" in shop.jerry("schema", "check").stdout
    said = ran(shop, "--jerry-schemas")
    assert "1 failed, 1 passed" in said
    assert "shop.py:4: error[schema-drift] Placed (Placed) is not what was published as v1" in said


@pytest.mark.negative
def test_a_class_that_cannot_be_imported_fails_the_test(shop: Place) -> None:
    (shop.folder / "shop.py").write_text(SHOP + "\nimport nowhere_to_be_found\n")
    assert "shop:Placed cannot be imported: ModuleNotFoundError" in ran(shop, "--jerry-schemas")


@pytest.mark.edge
def test_settings_that_are_wrong_are_an_error_and_no_drift(shop: Place) -> None:
    (shop.folder / "pyproject.toml").write_text("[tool.jerry.schemas]\nmodules = 3\n")
    assert "ConfigurationError" in ran(shop, "--jerry-schemas")
