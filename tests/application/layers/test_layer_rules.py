"""What the settings ask: who must not import whom, by which names, and what of them says nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pytest

from jerry_domain.ports.event_store import Problem
from jerry_git.application.checking.findings import Finding
from jerry_git.application.checking.sources import Entry
from jerry_git.application.layers.checking import LayerCheck
from jerry_git.application.layers.scans import DirectScans
from jerry_git.application.settings import ExternalRule, LayerPair, LayerSettings, Settings
from jerry_git.infrastructure.persistence.event_file_reader import CloudEventFileReader
from tests.application.sources import MemorySource

SHOP = {
    "shop/domain/order.py": "import shop.web.page\nimport requests.sessions\nimport decimal\n",
    "shop/domain/deep/line.py": "from django.db import models\nfrom django import conf\n",
    "shop/web/page.py": "import shop.service.place\nimport flask\n",
    "shop/service/place.py": "import shop.domain.order\nimport shop.web.page\n",
    "shop/clock.py": "import shop.web.page\nimport requests\n",
    "tools/make.py": "import shop.web.page\n",
}
Told = list[tuple[str, str, int]]


def check(
    files: Mapping[str, str | bytes], settings: LayerSettings, before: Mapping[str, str | bytes] | None = None
) -> Sequence[Finding]:
    source = MemorySource(_bytes(files), None if before is None else _bytes(before))
    return LayerCheck(DirectScans())(source, CloudEventFileReader(), Settings(layers=settings)).findings


def _bytes(files: Mapping[str, str | bytes]) -> dict[str, bytes]:
    return {path: text.encode() if isinstance(text, str) else text for path, text in files.items()}


def told(found: Sequence[Finding]) -> Told:
    return [(each.code.removeprefix("layer-"), each.path.removeprefix("shop/"), each.line) for each in found]


def pair(one: str, other: str, **more: object) -> LayerPair:
    return LayerPair(importers=(one,), imported=(other,), **more)  # type: ignore[arg-type]


DOMAIN_WEB = ("import", "domain/order.py", 1)
SERVICE_WEB = ("import", "service/place.py", 2)


@pytest.mark.positive
@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (LayerSettings(layers=(("shop.web",), ("shop.service",), ("shop.domain",))), [DOMAIN_WEB, SERVICE_WEB]),
        (LayerSettings(layers=(("web",), ("service",), ("domain",))), [DOMAIN_WEB, SERVICE_WEB]),
        (LayerSettings(layers=(("shop.web", "shop.service"), ("shop.domain",))), [DOMAIN_WEB]),
        (LayerSettings(layers=(("*.web",), ("**.domain",))), [DOMAIN_WEB]),
        (LayerSettings(layers=(("shop.w*",), ("shop.domain",))), [DOMAIN_WEB]),
        (LayerSettings(layers=(("shop",), ("shop.domain",))), [DOMAIN_WEB]),
        (LayerSettings(forbidden=(pair("shop.service", "shop.web"),)), [SERVICE_WEB]),
        (LayerSettings(forbidden=(pair("shop.domain", "shop.service"),)), [("chain", "domain/order.py", 1)]),
        (LayerSettings(forbidden=(pair("shop.service", "shop.web"),), transitive=False), [SERVICE_WEB]),
        (LayerSettings(forbidden=(pair("shop.service", "shop.web", transitive=False),)), [SERVICE_WEB]),
        (LayerSettings(forbidden=(pair("service", "web", transitive=False),)), [SERVICE_WEB]),
        (LayerSettings(forbidden=(pair("tools/*.py", "shop/**/page.py"),)), [("import", "tools/make.py", 1)]),
        (LayerSettings(forbidden=(pair("tools", "shop.web.*"),)), [("import", "tools/make.py", 1)]),
        (LayerSettings(forbidden=(pair("shop.clock", "shop.web"),)), [("import", "clock.py", 1)]),
    ],
    ids=[
        "layers by their full names",
        "layers by bare names under one parent",
        "two packages of one layer may import each other",
        "stars",
        "a part of a name",
        "the longer name is the layer",
        "a pair",
        "a pair, by way of others",
        "a pair, without any chain",
        "a pair without its chain",
        "a pair by bare names",
        "paths",
        "what is below a package",
        "a module",
    ],
)
def test_who_must_not_import_whom(settings: LayerSettings, expected: Told) -> None:
    assert told(check(SHOP, settings)) == expected


@pytest.mark.positive
@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (ExternalRule(importers=("shop.domain",), forbidden=("requests",)), [("external", "domain/order.py", 2)]),
        (ExternalRule(importers=("shop.domain",), forbidden=("requests.*",)), [("external", "domain/order.py", 2)]),
        (
            ExternalRule(importers=("shop.clock",), forbidden=("requests.*",)),
            [("external", "clock.py", 1), ("external", "clock.py", 2)],
        ),
        (ExternalRule(importers=("shop.domain",), forbidden=("django.db",)), [("external", "domain/deep/line.py", 1)]),
        (
            ExternalRule(importers=("shop.domain",), forbidden=("django.conf",)),
            [("external", "domain/deep/line.py", 2)],
        ),
        (ExternalRule(importers=("shop.domain",), forbidden=("django.urls",)), []),
        (
            ExternalRule(importers=("shop.domain",), forbidden=("django",)),
            [("external", "domain/deep/line.py", 1), ("external", "domain/deep/line.py", 2)],
        ),
        (ExternalRule(importers=("shop.domain",), forbidden=("flask",)), [("external", "domain/order.py", 1)]),
        (ExternalRule(importers=("shop.domain",), forbidden=("flask",), transitive=False), []),
        (
            ExternalRule(importers=("shop.domain.order",), only=("stdlib",), transitive=False),
            [("external", "domain/order.py", 2)],
        ),
        (ExternalRule(importers=("shop.domain.order",), only=("stdlib", "requests"), transitive=False), []),
    ],
    ids=[
        "a package",
        "a package with a star",
        "a package with a star, by itself",
        "a package within a package",
        "a package within a package, by its name",
        "another one within it",
        "the package around it",
        "by way of others",
        "not by way of others",
        "the standard library only",
        "the standard library and one more",
    ],
)
def test_which_packages_from_elsewhere_are_not_for_everyone(rule: ExternalRule, expected: Told) -> None:
    lawful = LayerPair(importers=("tools",), imported=("shop.domain",), transitive=False)
    assert told(check(SHOP, LayerSettings(external=(rule,), forbidden=(lawful,)))) == expected


@pytest.mark.positive
@pytest.mark.parametrize(
    ("settings", "key", "pattern"),
    [
        (LayerSettings(layers=(("shop.web",), ("shop.domian",))), "layers", "shop.domian"),
        (LayerSettings(layers=(("web",), ("domian",))), "layers", "domian"),
        (LayerSettings(layers=(("domain",), ("make",))), "layers", "domain beside make"),
        (LayerSettings(forbidden=(pair("shop.x", "shop.web"),)), "forbidden[0].from", "shop.x"),
        (LayerSettings(forbidden=(pair("tools", "shop.x"),)), "forbidden[0].to", "shop.x"),
        (LayerSettings(forbidden=(pair("domain", "x"),)), "forbidden[0]", "x"),
        (LayerSettings(forbidden=(pair("domain", "make"),)), "forbidden[0]", "domain beside make"),
        (LayerSettings(external=(ExternalRule(importers=("x",), only=("stdlib",)),)), "external[0].from", "x"),
        (LayerSettings(roots=("sources",)), "roots", "sources"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_pattern_that_matches_nothing_is_told(settings: LayerSettings, key: str, pattern: str) -> None:
    found = [each for each in check({**SHOP, "pyproject.toml": ""}, settings) if each.code == "layer-unmatched"]
    assert [(each.path, each.message) for each in found] == [
        ("pyproject.toml", f"tool.jerry.layers.{key}: {pattern!r} matches no module")
    ]


@pytest.mark.positive
def test_an_exception_is_told_when_nothing_needs_it_and_when_it_names_nothing() -> None:
    layers = (("shop.web",), ("shop.service",), ("shop.domain",))
    allowed = (
        pair("shop.domain.order", "shop.web", reason="it is old"),
        pair("shop.clock", "shop.service", reason="it was old"),
        pair("shop.gone", "shop.web", reason="it is gone"),
    )
    found = check(SHOP, LayerSettings(layers=layers, allowed=allowed))
    assert [(each.code, each.message.partition(":")[0]) for each in found] == [
        ("layer-unmatched", "tool.jerry.layers.allowed[2].from"),
        ("layer-import", "shop.service.place imports shop.web.page"),
        ("layer-unused", "tool.jerry.layers.allowed[1]"),
        ("layer-unused", "tool.jerry.layers.allowed[2]"),
    ]


FAULT = "import shop.web.page"
LAYERS = LayerSettings(layers=(("shop.web",), ("shop.domain",)))


@pytest.mark.positive
@pytest.mark.parametrize(
    ("line", "codes"),
    [
        (f"{FAULT}  # jerry: allow[LES-002] it is old", []),
        (f"{FAULT}  # noqa # jerry: allow[LES-002]: it is old # and more", []),
        (f"{FAULT}  # jerry: allow[layer-import] it is old", []),
        (f"{FAULT}  # jerry: allow[layer-chain, layer-external] it is old", []),
        (f"{FAULT}  # jerry: allow[layer-external] it is old", ["layer-import", "layer-unused"]),
        (f"{FAULT}  # jerry: allow[LES-002]", ["layer-allowance", "layer-import"]),
        (f"{FAULT}  # jerry: allow[LES-003] it is old", ["layer-allowance", "layer-import"]),
        (f"{FAULT}  # jerry: allow[] it is old", ["layer-allowance", "layer-import"]),
        (f"{FAULT}  # jerry: ignore", ["layer-allowance", "layer-import"]),
        ("import os  # jerry: allow[LES-002] it is old", ["layer-unused"]),
        (f"# jerry: allow[LES-002] it is old\n{FAULT}", ["layer-import", "layer-unused"]),
        (f"x = '# jerry: allow[LES-002] it is old'; {FAULT}", ["layer-import"]),
        ("from shop.web import (  # jerry: allow[LES-002] it is old\n    page,\n)", []),
        ("from shop.web import (\n    page,  # jerry: allow[LES-002] it is old\n)", []),
        ("from shop.web import (\n    page,\n)  # jerry: allow[LES-002] it is old", []),
        ("import importlib\nimportlib.import_module(x)  # jerry: allow[LES-002] plugins", []),
        ("import importlib\nimportlib.import_module(x)  # jerry: allow[LES-002]", ["layer-allowance", "layer-dynamic"]),
        ("except A, B: import shop.web.page  # jerry: allow[LES-002] it is old", ["layer-syntax"]),
    ],
)
def test_a_comment_allows_what_it_names_with_a_reason(line: str, codes: list[str]) -> None:
    found = check({"shop/domain/m.py": f"{line}\n", "shop/web/page.py": ""}, LAYERS)
    assert sorted(each.code for each in found) == codes


@pytest.mark.positive
def test_an_allowance_in_a_module_between_closes_the_way() -> None:
    files = {
        "shop/domain/m.py": "import shop.held\n",
        "shop/held.py": "import shop.web.page  # jerry: allow[LES-002] it is old\n",
        "shop/web/page.py": "",
    }
    assert check(files, LAYERS) == ()


BASELINE = ".jerry/layers-baseline.json"
FROZEN = (
    '{"schema": "jerry.layers-baseline.v1", "violations": '
    '[{"code": "layer-import", "importer": "shop.domain.m", "imported": "shop.web.page"}%s]}'
)
NAMED = ', {"code": "layer-import", "importer": "shop.domain.n", "imported": "shop.web.page"}'


@pytest.mark.positive
def test_what_is_frozen_is_not_told_wherever_it_stands_in_its_file() -> None:
    files = {"shop/domain/m.py": f"\n\n{FAULT}\n", "shop/web/page.py": "", BASELINE: FROZEN % ""}
    assert check(files, LAYERS) == ()
    assert told(check({**files, "shop/domain/n.py": FAULT}, LAYERS)) == [("import", "domain/n.py", 1)]


@pytest.mark.negative
@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[]", "its schema is not jerry.layers-baseline.v1"),
        ('{"schema": "other"}', "its schema is not jerry.layers-baseline.v1"),
        ('{"schema": "jerry.layers-baseline.v1"}', "violations is not a list"),
        ('{"schema": "jerry.layers-baseline.v1", "violations": [{"code": 1}]}', 'not a violation: {"code": 1}'),
        ("gone", "is not here"),
        ("{", "not JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
    ],
)
def test_a_baseline_that_is_none_freezes_nothing(content: str, message: str) -> None:
    files = {"shop/domain/m.py": FAULT, "shop/web/page.py": "", BASELINE: content}
    found = check(files, LAYERS, {**files, BASELINE: FROZEN % ""})
    assert [(each.code, each.path) for each in found] == [
        ("layer-baseline", BASELINE),
        ("layer-import", "shop/domain/m.py"),
    ]
    assert found[0].message == message


@pytest.mark.negative
def test_a_baseline_that_grew_is_told_once_for_each_violation() -> None:
    files = {"shop/domain/m.py": FAULT, "shop/domain/n.py": FAULT, "shop/web/page.py": ""}
    before, after = {**files, BASELINE: FROZEN % ""}, {**files, BASELINE: FROZEN % NAMED}
    (found,) = check(after, LAYERS, before)
    assert (found.code, found.message) == (
        "layer-baseline",
        "shop.domain.n to shop.web.page (layer-import) was added to the baseline",
    )
    assert check(after, LAYERS, files) == ()  # the first day
    assert check(after, LAYERS, {**files, BASELINE: "{"}) == ()


@pytest.mark.positive
def test_modules_of_one_name_are_told_apart_by_their_paths() -> None:
    """In a repository of several projects one's frozen violation excuses no other's."""
    fault = "from shop.web import page"
    one = {"pyproject.toml": "", "shop/__init__.py": "", "shop/domain/m.py": fault, "shop/web/page.py": ""}
    both = {f"{folder}/{path}": text for folder in ("a", "b") for path, text in one.items()}
    found = check(both, LAYERS)
    assert [each.message.partition(":")[0] for each in found] == [
        "a/shop/domain/m.py imports a/shop/web/page.py",
        "b/shop/domain/m.py imports b/shop/web/page.py",
    ]
    assert {each.column for each in found} == {22}


@pytest.mark.negative
def test_a_file_that_cannot_be_had_is_told_and_hides_no_other() -> None:
    files = {"shop/domain/m.py": FAULT, "shop/domain/n.py": "gone", "shop/web/page.py": ""}
    found = check(files, LAYERS)
    assert told(found) == [("import", "domain/m.py", 1), ("unread", "domain/n.py", 0)]


class Remembering(DirectScans):
    """Remembers reports as the real one does."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[Finding, ...]] = {}

    def report(self, key: str) -> tuple[Finding, ...] | None:  # type: ignore[override]
        return self.kept.get(key)

    def keep(self, key: str, findings: Sequence[Finding]) -> None:
        self.kept[key] = tuple(findings)


@pytest.mark.positive
def test_what_was_checked_before_is_told_without_reading_a_file() -> None:
    source, scans = MemorySource(_bytes(SHOP)), Remembering()
    first = LayerCheck(scans)(source, CloudEventFileReader(), Settings(layers=LAYERS))
    source.read.clear()
    assert LayerCheck(scans)(source, CloudEventFileReader(), Settings(layers=LAYERS)) == first
    assert source.read == []
    other = LayerSettings(layers=(("shop.service",), ("shop.domain",)))
    LayerCheck(scans)(source, CloudEventFileReader(), Settings(layers=other))
    assert len(scans.kept) == 2


class OnDisk(MemorySource):
    """Files that git has no object of yet."""

    def tracked(self) -> Sequence[Entry]:
        return [Entry(entry.path, entry.mode) for entry in super().tracked()]

    def contents(self, entries: Sequence[Entry]) -> Iterator[tuple[Entry, bytes | Problem]]:
        return super().contents(entries)


@pytest.mark.positive
def test_files_without_an_object_are_known_by_their_content_and_what_is_unread_is_not_remembered() -> None:
    scans = Remembering()
    for files in (SHOP, SHOP, {**SHOP, "shop/domain/order.py": "import decimal\n"}):
        LayerCheck(scans)(OnDisk(_bytes(files)), CloudEventFileReader(), Settings(layers=LAYERS))
    assert len(scans.kept) == 2
    for source in (OnDisk({"a.py": b"gone"}), MemorySource({"a.py": b"gone"})):
        LayerCheck(scans)(source, CloudEventFileReader(), Settings())
    assert len(scans.kept) == 2
