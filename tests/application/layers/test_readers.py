# ruff: noqa: E501 - a form is best read on one line
"""Three readers of one file: the quick one, the parser, and the tolerant one, which agree in all that they claim."""

from __future__ import annotations

import json
import sysconfig
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jerry_git.application.layers import reading
from jerry_git.application.layers.imports import Import, Scan, packed, unpacked
from jerry_git.application.layers.quick import quick
from jerry_git.application.layers.reading import scan
from jerry_git.application.layers.tolerant import BrokenError, comments, statements, tokens

LIBRARY = sorted(Path(sysconfig.get_path("stdlib")).glob("[a-z]*/*.py"))[::7]
LIBRARY += sorted(Path(sysconfig.get_path("stdlib")).glob("*.py"))[::3]


def parsed(content: bytes, monkeypatch: pytest.MonkeyPatch) -> Scan:
    """What the parser tells, without the quick reader."""
    with monkeypatch.context() as patch:
        patch.setattr(reading, "quick", lambda content: None)
        return scan(content)


def names(imports: tuple[Import, ...] | list[Import]) -> list[str]:
    return [f"{'.' * each.level}{each.module}{f':{each.name}' if each.name else ''}" for each in imports]


@pytest.mark.positive
@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: path.stem)
def test_the_readers_agree_on_a_module_of_the_standard_library(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = path.read_bytes()
    expected = parsed(content, monkeypatch)
    assert quick(content) in (None, expected)
    if expected.trouble is None:
        found, _ = statements(content.decode())
        plain = [each for each in expected.imports if each.how == "statement"]
        assert [each for each in found if each.how == "statement"] == [
            each._replace(typing=False) for each in plain
        ] or any(each.typing for each in plain)


PIECES = st.sampled_from(
    [
        "import a.b, c as d", "from ..x import (y,\n    z as w,\n)", "from . import *", "x = 'import no'", 'y = "#"; z = 1',
        "'''\nimport no\n'''", '"""doc\n\'\'\' import no"""', "# import no", "def f(a: int = 1) -> None:", "    import inner", "    pass",
        "x = f'{a}' 'import no'", "x = f'{a['b']}'", 'x = rb"\\""', "x = f\"{a!r:>{b}} {{import no}}\"", "if a: import b", "a = 1; import b",
        "x = (1,\n  2)", "import a \\\n  , b", "from a import b # import c", "important = reimport(1)", "class C[T]: pass", "type X = int",
        "except A, B:", "lazy import a", "x = t'{a}'", "try:", "except E:", "import", "from a", "x = 'open", "(", "]", "\f", "\r", "é = 'ü'", "hello world",
        "exec('import a')", "if TYPE_CHECKING:", "@decorated", "lambda: 0", "match x:", "  case 1: import y", "import a;", "from a import b, c as d",
    ]
)  # fmt: skip


@pytest.mark.positive
@settings(max_examples=1500, deadline=None)
@given(st.lists(PIECES, max_size=6))
def test_the_quick_reader_claims_only_what_the_parser_says(pieces: list[str]) -> None:
    """Lines put together at random, most of which are no Python."""
    content = "\n".join([*pieces, ""]).encode()
    found = quick(content)
    with pytest.MonkeyPatch.context() as monkeypatch:
        expected = parsed(content, monkeypatch)
    if found is not None and expected.trouble is None:
        assert found == expected


@pytest.mark.positive
@settings(max_examples=500, deadline=None)
@given(
    st.binary(max_size=60)
    | st.text(max_size=60).map(str.encode)
    | st.lists(PIECES, max_size=4).map("\n".join).map(str.encode)
)
def test_no_file_is_too_odd_to_be_read_or_refused(content: bytes) -> None:
    """And what was read is the same when it was packed."""
    found = scan(content)
    assert found.unread <= (found.trouble is not None)
    assert unpacked(json.loads(packed(found))) == found
    scan(content, texts=True)


@pytest.mark.negative
@pytest.mark.parametrize(
    "content",
    [
        b"import a\r\n", b"\xef\xbb\xbfimport a\n", b"# coding: latin-1\nimport a\n", b"x = '\xff'\n", b"import a \\\n, b\n", b"import importlib\n",
        b"exec(x)\n", b"if TYPE_CHECKING:\n    import a\n", b"import a  # jerry: allow[LES-002] x\n", b"x = 'open\n", b"x = (\n", b"import a b\n",
        b"x = = 1\n", b"def f()\n", b"hello world\n", b"<<<<<<< HEAD\n", b"x = f'{y['a']}'\n", b"if a: import b\n", b"type X = int\n", b"x = t'a'\n",
        b"def f[T](): pass\n", b"try:\n    pass\nexcept A, B:\n    pass\n", b"lazy import a\n", b"x = a ? b\n", b"print 'x'\n", b"a ! b\n",
    ],
)  # fmt: skip
def test_the_quick_reader_leaves_to_the_parser(content: bytes) -> None:
    assert quick(content) is None


@pytest.mark.positive
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import a.b as c, d", ["a.b", "d"]),
        ("from ... import a, b as c", ["...:a", "...:b"]),
        ("from .a import (  # words\n    b,\n    c,\n)", [".a:b", ".a:c"]),
        ("from a import *", ["a:*"]),
        ("lazy import a; lazy from b import c", ["a", "b:c"]),
        ("if x: import a\nelse: from b import c", ["a", "b:c"]),
        ("x = rf'\\{{import a}}' 'import b'; import c", ["c"]),
        ("x = f'\\N{DASH} {a:{b}>{c}} {{d}} {e[1]:x}'; import f", ["f"]),
        ("x = f'''{\n 'import a' # }\n}'''; import b", ["b"]),
        ("x = f'{a[\"b\"]}{f'{c}'}'; import d", ["d"]),
        ("x = t'{a['b']:{'c'}}'\nimport d", ["d"]),
        ("load = import_module\nload('a.b')\n__import__('c')\nresolve_name('d:e')", ["a.b", "c", "d"]),
        ("from importlib import import_module as load\nload('a')", ["importlib:import_module", "a"]),
        ("import_module('.a', __package__)", [".a"]),
        ("def import_module(name): pass", []),
        ("x = import_module", []),
        ("from a import ()", []),
        ("from a", []),
        ("a.import_\nimported = 1\nfrom_ = 2", []),
        ("yield from a", []),
        ("\\\nimport a", ["a"]),
    ],
)
def test_what_the_tolerant_reader_finds(text: str, expected: list[str]) -> None:
    found, _ = statements(text)
    assert names(found) == expected


@pytest.mark.positive
@pytest.mark.parametrize(
    ("text", "typing"),
    [
        ("if TYPE_CHECKING:\n    import a\nimport b", [True, False]),
        ("if t.TYPE_CHECKING:\n    if x:\n        import a\n    import b\nelse:\n    import c", [True, True, False]),
        ("from typing import TYPE_CHECKING as TC\nif TC:\n    import a", [False, True]),
        ("if TYPE_CHECKING or x:\n    import a", [False]),
        ("if not TYPE_CHECKING:\n    import a", [False]),
    ],
)
def test_the_tolerant_reader_knows_guards_by_their_indentation(text: str, typing: list[bool]) -> None:
    assert [each.typing for each in statements(text)[0]] == typing


@pytest.mark.positive
def test_the_tolerant_reader_tells_calls_that_it_cannot_read() -> None:
    found, computed = statements("import_module(name)\nimport_module('a' + b)\nimport_module('a')")
    assert ([(each.line, each.column) for each in computed], names(found)) == ([(1, 1), (2, 1)], ["a"])


@pytest.mark.negative
@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("a = 1\nb = (\n", 2, "( is never closed"),
        ("a = ]", 1, "] closes nothing"),
        ("a = (1]", 1, "] closes nothing"),
        ("\n'open\n", 2, "a string has no end"),
        ('"""open\n\n', 1, "a string has no end"),
        ("f'{a", 1, "a field of a string has no end"),
        ("f'{a:b", 1, "a field of a string has no end"),
        ("f'{a:'", 1, "a field of a string has no end"),
        ("f'{a[1}'", 1, "a string has no end"),
        ("f'{(a", 1, "a field of a string has no end"),
        ("f'\\N{DASH", 1, "a string has no end"),
        ("a\n<<<<<<< HEAD\n", 2, "a conflict of a merge is not resolved"),
    ],
)
def test_what_is_no_python_of_any_version_is_refused_with_its_line(text: str, line: int, reason: str) -> None:
    with pytest.raises(BrokenError) as refusal:
        statements(text)
    assert (refusal.value.line, str(refusal.value)) == (line, reason)


@pytest.mark.positive
def test_tokens_know_their_places_over_strings_and_joined_lines() -> None:
    found = [(each.kind, each.line, each.column) for each in tokens("a = '''\n\n''' + \\\n  b\r\nc\rd")]
    assert found == [
        ("name", 1, 1), ("mark", 1, 3), ("string", 1, 5), ("mark", 3, 5), ("name", 4, 3), ("end", 4, 4), ("name", 5, 1),
        ("end", 5, 2), ("name", 6, 1),
    ]  # fmt: skip


@pytest.mark.negative
def test_comments_are_read_as_far_as_the_text_goes() -> None:
    found = list(comments("a = 1  # jerry: allow[LES-002] x\n'# jerry: allow[LES-002] y'\n# words\nb = ("))
    assert [(each.line, each.column, each.reason) for each in found] == [(1, 8, "x")]


@pytest.mark.positive
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import importlib\nimportlib.import_module('.a', 'b.c')", ["b.c.a"]),
        ("import importlib\nimportlib.import_module('..a', __spec__.parent)", ["..a"]),
        ("import importlib\nimportlib.import_module('..a', __name__)", ["..a"]),
        ("import importlib\nimportlib.import_module('a' if x else 'b')", ["a", "b"]),
        ("import importlib\nN: str = 'a'\nimportlib.import_module(N)", ["a"]),
        ("import importlib\n(n := 'a')\nimportlib.import_module(n)", ["a"]),
        ("import importlib\n[importlib.import_module(n) for n in ['a', 'b']]", ["a", "b"]),
        ("import importlib\na, load = 1, importlib.import_module\nload('a')", ["a"]),
        ("import importlib\nload = other = importlib.import_module\nother('a')", ["a"]),
        ("import importlib\n(load := importlib.import_module)('a')", ["a"]),
        ("import importlib as il\nx: object = il\nx.import_module('a')", ["a"]),
        ("import importlib.util\nimportlib.import_module('a')", ["a"]),
        ("import sys\nsys.modules['importlib'].import_module('a')", ["a"]),
        ("__builtins__['__import__']('a')", ["a"]),
        ("__builtins__.__import__('a')", ["a"]),
        ("from importlib import *\nimport_module('a')", ["a"]),
        ("from importlib import __import__ as load\nload('a')", ["a"]),
        ("__import__('a', None, None, ['b', 'c'], 0)", ["a:b", "a:c"]),
        ("__import__('a', fromlist=['b'], level=2)", ["..a:b"]),
        ("__import__('a', fromlist=x)", ["a"]),
        ("from pkgutil import resolve_name\nresolve_name('a.b:c.d')", ["a.b:c"]),
        ("import runpy\nrunpy.run_module(mod_name='a')", ["a"]),
        ("def f(x, /, *, load=__import__):\n    load('a')", ["a"]),
        ("eval(\"__import__('a')\")", ["a"]),
        ("exec('from a import b')", ["a:b"]),
        ("exec('import a' if x else 'no code')", ["a"]),
        ("exec()\nexec(code)", []),
        ("import importlib\nimportlib.reload('a')", []),
        ("import sys\nsys.path['a'].import_module('b')\nx['importlib'].import_module('c')", []),
        ("from .importlib import import_module\nimport_module('a')", []),
        ("import importlib.util as util\nutil.import_module('a')", []),
        ("import x.importlib as importlib\nimportlib.import_module('a')", []),
    ],
)  # fmt: skip
def test_what_calls_import(text: str, expected: list[str]) -> None:
    assert names([each for each in scan(text.encode()).imports if each.how == "call"]) == expected


@pytest.mark.positive
@pytest.mark.parametrize(
    "text",
    [
        "import importlib\nimportlib.import_module(name)",
        "import importlib\nimportlib.import_module()",
        "import importlib\nimportlib.import_module(*names)",
        "import importlib\nimportlib.import_module('.a', package)",
        "import importlib\nimportlib.import_module('.a')",
        "import importlib\nimportlib.import_module(f'a.{b}')",
        "import importlib\nimportlib.import_module(f'a.{b!r}')",
        "import importlib\nN = 'a'\nN = 'b'\nimportlib.import_module(N)",
        "import importlib\ndef f(n='a'):\n    importlib.import_module(n)",
        "import importlib\nimportlib.import_module('a' if x else b)",
        "import importlib\nA = ('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j')\nfor n in A: importlib.import_module(n)",
        "import importlib\nfor n in ('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'): importlib.import_module(n + n + n + n)",
        "__import__(name)",
        "__import__('a', level=n)",
        "import pkgutil\npkgutil.resolve_name(name)",
        "import runpy\nrunpy.run_module(name)",
        "import importlib\nload = [importlib.import_module]",
        "import functools, importlib\nfunctools.partial(importlib.import_module)",
    ],
)
def test_what_is_known_only_when_it_runs_is_told(text: str) -> None:
    found = scan(text.encode())
    assert [each for each in found.imports if each.how == "call"] == []
    assert len(found.computed) == 1


@pytest.mark.positive
def test_code_in_a_text_is_read_as_code() -> None:
    found = scan(b"exec('import importlib; importlib.import_module(x)')")
    assert (names(found.imports), [each.line for each in found.computed]) == (["importlib"], [1])


@pytest.mark.edge
def test_a_text_that_the_parser_cannot_bear_is_read_all_the_same() -> None:
    """Brackets in brackets, deeper than any parser goes."""
    found = scan(b"import a\nx = " + b"(" * 5000 + b")" * 5000 + b"\nimport b\nx = = 1\n")
    assert names(found.imports) == ["a", "b"]
    assert found.trouble is not None
    assert not found.unread


@pytest.mark.edge
@pytest.mark.parametrize("deep", [b"x = " + b"-" * 100_000 + b"1", b"x = 1" + b" + 1" * 20_000])
def test_what_is_deeper_than_the_parser_goes_hides_no_import(deep: bytes) -> None:
    found = scan(b"import importlib\nimport a\n" + deep + b"\n")
    assert names(found.imports) == ["importlib", "a"]
    assert found.trouble is not None
    assert not found.unread


@pytest.mark.negative
@pytest.mark.parametrize(
    "content", [b"# coding: nothing-known\nimport a\n", b"x = '\xff'\n", "import ä\n".encode("utf-16")]
)
def test_what_cannot_be_decoded_is_unread(content: bytes) -> None:
    assert scan(content).unread
