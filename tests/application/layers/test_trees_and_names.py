"""Which files are modules, by which names they are known, and which of them an import means."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from jerry_git.application.checking.findings import Finding
from jerry_git.application.checking.sources import Entry
from jerry_git.application.layers.checking import LayerCheck
from jerry_git.application.layers.examining import Examined
from jerry_git.application.layers.proposing import propose
from jerry_git.application.layers.scans import DirectScans
from jerry_git.application.layers.tree import tree_of
from jerry_git.application.settings import LayerPair, LayerSettings, Settings
from jerry_git.infrastructure.persistence.event_file_reader import CloudEventFileReader
from tests.application.sources import MemorySource


def examined(files: dict[str, str], settings: LayerSettings | None = None) -> Examined:
    source = MemorySource({path: text.encode() for path, text in files.items()})
    entries = source.tracked()
    check = LayerCheck(DirectScans())
    return check.examined(source, tree_of(source, entries), entries, settings or LayerSettings())


def edges(files: dict[str, str], settings: LayerSettings | None = None) -> dict[str, list[str]]:
    """What each module imports, by the paths of those that are here and the names of those that are not."""
    graph = examined(files, settings).graph
    modules = graph.modules.all

    def name(number: int) -> str:
        return modules[number].path if graph.is_module(number) else graph.names[number]

    return {name(one): sorted(name(other) for other in others) for one, others in enumerate(graph.imports) if others}


@pytest.mark.positive
@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"a.py": "import b", "b.py": ""}, {"a.py": ["b.py"]}),
        ({"a.py": "import a"}, {}),
        ({"a.py": "import b", "b.pyi": ""}, {"a.py": ["b.pyi"]}),
        ({"a.py": "import b", "b.pyi": "", "b.py": ""}, {"a.py": ["b.py"]}),
        ({"a.py": "import b", "b.py": "", "b/__init__.py": ""}, {"a.py": ["b/__init__.py"]}),
        ({"a.py": "import b", "b.py": "", "b/c.py": ""}, {"a.py": ["b.py"]}),
        ({"p/a.py": "from . import b, c", "p/b.py": "", "p/__init__.py": ""}, {"p/a.py": ["p/__init__.py", "p/b.py"]}),
        ({"p/a.py": "from .b import *", "p/b.py": ""}, {"p/a.py": ["p/b.py"]}),
        ({"p/a.py": "from .... import b"}, {}),
        ({"a.py": "import b", "b.py": "", "b.pyw": ""}, {"a.py": ["b.py"]}),
        ({"a.py": "from . import b", "b.py": ""}, {"a.py": ["b.py"]}),
        ({"tools/run.py": "import held", "tools/held.py": ""}, {"tools/run.py": ["tools/held.py"]}),
        ({"tools/run.py": "import json", "tools/json.py": ""}, {"tools/run.py": ["json"]}),
        ({"a.py": "from alembic import op", "alembic/env.py": ""}, {"a.py": ["alembic"]}),
        ({"a.py": "import alembic", "alembic/env.py": ""}, {"a.py": ["alembic", "alembic"]}),
        ({"a.py": "import alembic.env", "alembic/env.py": ""}, {"a.py": ["alembic/env.py"]}),
        ({"a.py": "from x.y import z", "x/y/w.py": ""}, {"a.py": ["x/y"]}),
        ({"a.py": "from x.y.v import z", "x/y/w.py": ""}, {"a.py": ["x.y.v"]}),
        ({"src/p/__init__.py": "", "tests/t.py": "import p"}, {"tests/t.py": ["src/p/__init__.py"]}),
        (
            {"a/x/__init__.py": "", "a/x/m.py": "import x.n", "a/x/n.py": "", "b/x/__init__.py": "", "b/x/n.py": ""},
            {"a/x/m.py": ["a/x/n.py"]},
        ),
        (
            {"a/x/__init__.py": "", "b/x/__init__.py": "", "b/x/n.py": "", "c.py": "import x.n\nimport x.n as n"},
            {"c.py": ["b/x/n.py"]},
        ),
    ],
)  # fmt: skip
def test_what_an_import_means(files: dict[str, str], expected: dict[str, list[str]]) -> None:
    assert edges(files) == expected


@pytest.mark.positive
def test_source_roots_that_are_named_are_the_only_ones_beside_the_top() -> None:
    files = {"lib/one/p/__init__.py": "", "lib/two/q.py": "import p, r", "other/r.py": ""}
    assert edges(files, LayerSettings(roots=("lib/*",))) == {"lib/two/q.py": ["lib/one/p/__init__.py", "r"]}
    names = {
        each.name for each in examined(files, LayerSettings(roots=("lib/*", "."))).graph.modules.all if each.is_file
    }
    assert names == {"p", "q", "other.r"}


PACKAGE = {
    "top.py": "",
    "p/__init__.py": "",
    "p/a.py": "",
    "p/q/__init__.py": "",
    "p/q/b.py": "",
    "n/c.py": "",
    "n/m/d.py": "",
}
WRITTEN = (
    "import top", "import p.a", "import p.q.b as b", "from p import a", "from p.q import b", "from p import q",
    "from . import q", "from .q import b", "from .q.b import __name__", "import n.c", "from n.m import d",
    "from n import m",
)  # fmt: skip
LOADED = """
import sys
before = set(sys.modules)
import p.x
print(*sorted(n for n in set(sys.modules) - before if n.partition(".")[0] in ("top", "p", "n")))
"""


@pytest.mark.positive
@pytest.mark.parametrize("line", WRITTEN)
def test_an_import_means_what_python_loads(tmp_path: Path, line: str) -> None:
    """Python loads the module that is meant, and nothing else but the packages around it."""
    files = {**PACKAGE, "p/x.py": f"{line}\n"}
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    done = subprocess.run((sys.executable, "-c", LOADED), cwd=tmp_path, check=True, capture_output=True, text=True)
    graph = examined(files).graph
    number = next(number for number, module in enumerate(graph.modules.all) if module.path == "p/x.py")
    (meant,) = graph.imports[number]
    name = graph.names[meant]
    around = {name[:at] for at, letter in enumerate(name) if letter == "."}
    assert set(done.stdout.split()) - {"p", "p.x"} == {name, *around} - {"p", "p.x"}


def lost(files: dict[str, str]) -> list[str]:
    source = MemorySource({path: text.encode() for path, text in files.items()})
    return [path for path, _ in tree_of(source, source.tracked()).lost]


def paths(files: dict[str, str]) -> list[str]:
    source = MemorySource({path: text.encode() for path, text in files.items()})
    return sorted(tree_of(source, source.tracked()).files)


@pytest.mark.positive
@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"a.py": "", "b.py": "-> a.py"}, ["a.py", "b.py"]),
        ({"a.txt": "", "b.py": "-> a.txt"}, ["b.py"]),
        ({"p/a.py": "", "q": "-> p"}, ["p/a.py", "q/a.py"]),
        ({"p/a.py": "", "q": "-> p", "r": "-> q"}, ["p/a.py", "q/a.py", "r/a.py"]),
        ({"p/a.py": "", "p/b.py": "-> a.py", "q": "-> p"}, ["p/a.py", "p/b.py", "q/a.py", "q/b.py"]),
        ({"p/a.py": "", "p/a.txt": "", "q": "-> p"}, ["p/a.py", "q/a.py"]),
        ({"x/a.py": "", "p": "-> x", "b.py": "-> p/a.py"}, ["b.py", "p/a.py", "x/a.py"]),
        ({"p/a.py": "", "p/up": "-> .."}, ["p/a.py"]),
        ({"p/a.py": "", "p/q/up": "-> ../../p"}, ["p/a.py"]),
        ({"p/a.py": "", "words": "-> p/a.txt", "p/a.txt": ""}, ["p/a.py"]),
        ({"a": "-> b", "b": "-> a"}, []),
        ({"a.py": "gone", "b.txt": "", "c.sh": ""}, ["a.py"]),
        ({"a.py": "", "b": "-> "}, ["a.py"]),
    ],
)
def test_links_give_files_more_names(files: dict[str, str], expected: list[str]) -> None:
    assert paths(files) == expected


@pytest.mark.negative
@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"a.py": "-> /etc/a.py"}, ["a.py"]),
        ({"p/a.py": "-> ../../a.py"}, ["p/a.py"]),
        ({"a.py": "-> gone.py"}, ["a.py"]),
        ({"p/a.py": "", "p/q": "-> ../../other"}, ["p/q"]),
        ({"p/a.py": "", "p/q": "-> ../words", "words/a.txt": ""}, []),
        ({"docs": "-> ../elsewhere", "a.py": ""}, []),
        ({"a.py": "-> b.py", "b.py": "-> a.py"}, ["a.py", "b.py"]),
        ({"x": "-> ..", "b.py": "-> x/a.py"}, ["b.py"]),
    ],
)
def test_links_that_lead_to_no_module_are_told_where_one_is_expected(
    files: dict[str, str], expected: list[str]
) -> None:
    assert lost(files) == expected


@pytest.mark.edge
def test_links_that_multiply_are_followed_for_a_while_and_told() -> None:
    files = {f"d{number}/{side}": f"-> ../d{number + 1}" for number in range(30) for side in ("l", "r")}
    assert lost({**files, "d30/a.py": ""}) == ["d0/l"]


@pytest.mark.positive
def test_a_chain_through_a_stub_or_a_text_counts_as_any_other() -> None:
    settings = LayerSettings(strings=True, forbidden=(LayerPair(importers=("shop.domain",), imported=("shop.web",)),))
    files = {
        "shop/domain/a.pyi": "from shop import held",
        "shop/domain/b.py": "x = 'shop.web'\ny = 'shop.web.page:x'\nz = 'json.loads'",
        "shop/held.py": "import shop.web.page",
        "shop/web/page.py": "",
    }
    source = MemorySource({path: text.encode() for path, text in files.items()})
    found = LayerCheck(DirectScans())(source, CloudEventFileReader(), Settings(layers=settings)).findings
    assert [(each.code, each.path, each.line) for each in found] == [
        ("layer-chain", "shop/domain/a.pyi", 1),
        ("layer-import", "shop/domain/b.py", 2),
    ]


@pytest.mark.positive
def test_one_import_that_breaks_two_rules_is_told_once() -> None:
    pair = LayerPair(importers=("shop.domain",), imported=("shop.web",))
    files = {"shop/domain/a.py": "import shop.web.page", "shop/web/page.py": ""}
    found: list[Finding] = [each.found for each in examined(files, LayerSettings(forbidden=(pair, pair))).violations()]
    assert [each.path for each in found] == ["shop/domain/a.py"]


@pytest.mark.positive
def test_several_names_of_one_statement_are_one_import() -> None:
    files = {"shop/domain/a.py": "from shop.web.page import x, y\n", "shop/web/page.py": "x = y = 1\n"}
    settings = LayerSettings(layers=(("shop.web",), ("shop.domain",)))
    assert [each.found.line for each in examined(files, settings).violations()] == [1]


@pytest.mark.positive
@pytest.mark.parametrize(
    ("files", "text"),
    [
        (
            {"src/shop/__init__.py": "", "src/shop/domain/a.py": "", "src/shop/infra/b.py": "", "src/shop/db/c.py": ""},
            '[tool.jerry.layers]\nroots = ["src"]\nlayers = [  # each imports what stands below it\n'
            '    ["shop.db", "shop.infra"],\n    "shop.domain",\n]\n',
        ),
        (
            {f"{one}/{name}/a.py": "" for one in ("x", "y", "tests") for name in ("domain", "adapters")},
            '[tool.jerry.layers]\nlayers = [  # each imports what stands below it\n    "adapters",\n    "domain",\n]\n',
        ),
    ],
    ids=["one project", "two of one shape"],
)
def test_what_is_proposed(files: dict[str, str], text: str) -> None:
    found = propose(examined(files))
    assert found is not None
    assert found.text == text


@pytest.mark.positive
def test_what_is_no_file_is_no_module() -> None:
    """A repository within the repository has files of its own."""
    entries = [Entry("inner", "160000", "1"), Entry("a.py", "000000"), Entry("b.py", "100755", "2")]
    assert list(tree_of(MemorySource({}), entries).files) == ["b.py"]
