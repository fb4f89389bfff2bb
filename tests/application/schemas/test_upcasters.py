"""Upcasters are found and fingerprinted by what their source says."""

from __future__ import annotations

import ast

import pytest

from jerry_git.application.schemas.upcasters import declared, key_of, paths, stub
from jerry_git.application.settings import SchemaSettings
from tests.application.schemas.registries import UPCASTERS
from tests.application.sources import MemorySource

OWN = SchemaSettings(upcasters={"placed.v1": "shop.upcasters:add_total"})


def fingerprint(text: str, path: str = "src/shop/upcasters.py") -> str:
    found = declared(MemorySource({path: text.encode()}), OWN)["placed", 1]
    assert found.fault == ""
    return found.fingerprint


@pytest.mark.positive
@pytest.mark.parametrize("path", ["shop/upcasters.py", "src/shop/upcasters.py", "src/shop/upcasters/__init__.py"])
def test_a_function_is_found_below_any_source_root(path):
    found = declared(MemorySource({path: UPCASTERS.encode()}), OWN)["placed", 1]
    assert (found.path, found.line, found.fault) == (path, 1, "")
    assert found.fingerprint.startswith("sha256:")
    assert path in paths(OWN)


SAME = {
    "a comment": UPCASTERS.replace("):\n", "):  # why\n"),
    "a docstring": UPCASTERS.replace("):\n", '):\n    """Why."""\n'),
    "layout": UPCASTERS.replace("{**data, 'total': NOTHING}", '(\n        {**data,\n         "total": NOTHING}\n    )'),
    "something else in the module": UPCASTERS + "\n\nOTHER = 3\n\n\ndef other():\n    return OTHER\n",
    "a condition elsewhere": UPCASTERS + "\nif True:\n    X: int = 3\n",
    "another place": "import os\n\n" + UPCASTERS,
}


@pytest.mark.positive
@pytest.mark.parametrize("text", SAME.values(), ids=SAME)
def test_what_says_the_same_has_the_same_fingerprint(text):
    assert fingerprint(text) == fingerprint(UPCASTERS)


OTHER = {
    "another value": UPCASTERS.replace("'total'", "'sum'"),
    "another constant that it uses": UPCASTERS.replace("NOTHING = 0", "NOTHING = 1"),
    "another function that it uses": UPCASTERS.replace("NOTHING}", "f()}") + "\n\ndef f():\n    return 1\n",
    "another import that it uses": "from decimal import Decimal as NOTHING\n"
    + UPCASTERS.replace("\n\nNOTHING = 0", ""),
    "an annotated constant": UPCASTERS.replace("NOTHING = 0", "NOTHING: int = 2"),
    "another default": UPCASTERS.replace("(data)", "(data, more=None)"),
}


@pytest.mark.positive
@pytest.mark.parametrize("text", OTHER.values(), ids=OTHER)
def test_what_says_something_else_has_another_fingerprint(text):
    assert fingerprint(text) != fingerprint(UPCASTERS)


@pytest.mark.positive
def test_a_fingerprint_is_for_ever():
    assert fingerprint(UPCASTERS) == "sha256:9dd7d7488ce6b45c3a8983a3d7634a1dc6c63daadd8d7494e3693c5eaff036a6"


MISSING = {
    "no module": ({}, "there is no module shop.upcasters below the source roots"),
    "no function": (
        {"src/shop/upcasters.py": b"add_total = 3"},
        "src/shop/upcasters.py has no function add_total of its own",
    ),
    "not Python": ({"src/shop/upcasters.py": b"def"}, "src/shop/upcasters.py: not Python of this version"),
    "not here": ({"src/shop/upcasters.py": b"gone"}, "src/shop/upcasters.py: is not here"),
    "a link": ({"src/shop/upcasters.py": b"->x"}, "there is no module shop.upcasters below the source roots"),
}


@pytest.mark.negative
@pytest.mark.parametrize(("files", "fault"), MISSING.values(), ids=MISSING)
def test_what_is_not_there_has_a_fault_that_says_why(files, fault):
    found = declared(MemorySource(files), OWN)["placed", 1]
    assert found.fault.startswith(fault)
    assert found.fingerprint == ""


@pytest.mark.edge
def test_without_upcasters_nothing_is_looked_for():
    assert declared(MemorySource({}), SchemaSettings()) == {}
    assert paths(SchemaSettings()) == []


@pytest.mark.positive
def test_a_stub_is_a_function_and_the_line_that_declares_it():
    text = stub("OrderPlaced", 1, {"currency": "EUR"}, ["price"])
    function = ast.parse(text).body[0]
    assert isinstance(function, ast.FunctionDef)
    assert function.name == "order_placed_v1_to_v2"
    assert f'# "{key_of("OrderPlaced", 1)}" = "your.module:order_placed_v1_to_v2"' in text
    namespace: dict = {}
    exec(text, namespace)  # noqa: S102 - our own stub
    assert namespace["order_placed_v1_to_v2"]({"price": 3, "order": "1"}) == {"order": "1", "currency": "EUR"}
