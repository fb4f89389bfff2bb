"""What the definitions of a module are, by their code alone."""

from __future__ import annotations

import pytest

from jerry_git.application.settings import SchemaSettings, Settings
from tests.application.reviewing.changed import EVENTS, lines


def kinds(path: str, code: str, **schemas: object) -> list[str]:
    """Tier, kind and names of what is new in one file, beside the module `base` and others that do not change."""
    beside = {
        "base.py": "class Base: ...\nclass Other: ...\n",
        "shop/ports.py": "from typing import Protocol\nclass Store(Protocol): ...\n",
    }
    found = lines({**beside, path: code}, beside, Settings(schemas=SchemaSettings(**schemas)))
    return [f"{words[0]} {' '.join(words[2:-2])}" for words in map(str.split, found)]


@pytest.mark.positive
@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (EVENTS, "critical event class, new: DomainEvent, Placed"),
        ("from outside import DomainEvent\nclass A(DomainEvent): ...", "critical event class, new: A"),
        ("import outside\nclass A(outside.x.Event): ...", "critical event class, new: A"),
        ("class A(Event[int]): ...", "critical event class, new: A"),
        ("from outside import Event\nE = Event[int]\nclass A(E): ...", "critical event class, new: E (of A), A"),
        ("class Dog:\n  class Fed(Dog.Event): ...", "critical event class, new: Dog.Fed"),
        ("class FileEventStore: ...", "critical store format, new: FileEventStore"),
        ("class A(AggregateRoot): ...", "high aggregate, new: A"),
        ("class A:\n  def apply(self): ...\n  def pull_events(self): ...", "high aggregate, new: A"),
        ("from typing import Protocol\nclass IClock(Protocol): ...", "high port, new: IClock"),
        ("import abc\nclass IClock(metaclass=abc.ABCMeta): ...", "high port, new: IClock"),
        ("from shop.ports import Store\nclass Files(Store): ...", "medium adapter, new: Files"),
        ("def handle_order(): ...", "medium command handler, new: handle_order"),
        ("async def handle(): ...", "medium command handler, new: handle"),
        ("class PlaceHandler: ...", "medium command handler, new: PlaceHandler"),
        ("class OrderProjection: ...", "low projection, new: OrderProjection"),
        ("class OrderQueryHandler: ...", "low query, new: OrderQueryHandler"),
    ],
)
def test_a_definition_is_what_its_name_and_ancestors_say(code: str, kind: str) -> None:
    assert kind in kinds("shop/things.py", code)


@pytest.mark.positive
@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("shop/aggregates/order.py", "high aggregate, new: x"),
        ("shop/ports.py", "high port, new: x"),
        ("shop/infrastructure/projections/orders.py", "low projection, new: x"),
        ("shop/queries.py", "low query, new: x"),
        ("shop/commands/order.py", "medium command handler, new: x"),
        ("shop/infrastructure/disk.py", "medium adapter, new: x"),
        ("shop/other.py", "low other code, new: x"),
    ],
)
def test_everything_in_a_package_of_a_telling_name_is_that(path: str, kind: str) -> None:
    assert kind in kinds(path, "x = 1")


@pytest.mark.positive
def test_what_stands_in_a_package_of_ports_is_a_port_whatever_its_own_name() -> None:
    code = "from shop.ports import Store\nclass OrderHandler(Store): ...\n"
    assert kinds("shop/ports/orders.py", code) == ["high port, new: OrderHandler"]


@pytest.mark.positive
@pytest.mark.parametrize(
    ("schemas", "events"),
    [
        ({"bases": ("base:Base",)}, ["A"]),
        ({"bases": ("outside:Thing",)}, ["B"]),
        ({"modules": ("shop.things",)}, ["D"]),
        ({"modules": ("shop.*",)}, ["D"]),
        ({"modules": ("other",)}, []),
        ({"modules": ("shop",), "bases": ("base:Base",)}, []),
    ],
    ids=["a base", "a base that is elsewhere", "a module", "a package", "another module", "a base, and no such module"],
)
def test_where_the_settings_say_what_an_event_is_nothing_else_is_one(schemas: dict[str, object], events: list) -> None:
    code = """
    from dataclasses import dataclass
    from base import Base
    from outside import DomainEvent, Thing
    class A(Base): ...
    class B(Thing): ...
    class C(DomainEvent): ...
    @dataclass
    class D: ...
    """
    found = [kind.rpartition(": ")[2] for kind in kinds("shop/things.py", code, **schemas) if "event class" in kind]
    assert found == events


@pytest.mark.positive
def test_the_configured_base_is_an_event_class_itself() -> None:
    code = "class Base:\n    id: str\n"
    assert lines({"base.py": code}, {"base.py": "class Base: ...\n"}, Settings(
        schemas=SchemaSettings(bases=("base:Base",))
    )) == ["critical base.py:1 event class: Base by code"]  # fmt: skip


@pytest.mark.positive
def test_a_function_that_the_settings_name_is_an_upcaster_with_all_that_it_uses() -> None:
    code = "LIMIT = 1\ndef up(data): return _more(data)\ndef _more(data): return LIMIT\n"
    found = kinds("shop/up.py", code, upcasters={"placed.v1": "shop.up:up"})
    assert found == ["critical upcaster, new: LIMIT (of up), up, _more (of up)"]


@pytest.mark.negative
@pytest.mark.parametrize(
    "code",
    [
        "import threading\nclass Stop(threading.Event): ...",
        "from asyncio import Event\nclass Stop(Event): ...",
        "class IOAdapter: ...",
        "class IClock: ...",
        "class A:\n  def apply(self): ...",
        "from abc import ABC\nclass Shape(ABC): ...",
        "handle_order = 1",
        "class A(make()): ...",
    ],
)
def test_what_only_looks_alike_is_other_code(code: str) -> None:
    assert all("other code" in kind for kind in kinds("shop/things.py", code))


@pytest.mark.edge
def test_a_class_that_descends_from_itself_is_told_of_like_any_other() -> None:
    assert kinds("shop/things.py", "class A(B): ...\nclass B(A): ...") == ["low other code, new: A, B"]
