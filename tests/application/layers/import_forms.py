# ruff: noqa: E501 - a form is best read on one line
"""Every form of an import that a domain must not have, each with its innocent twin.

A form is the text of `app/domain/m.py`, or whole files by path; `@@` marks where the finding is. Around it stands a small
package, `app`, whose domain must not import its infrastructure.
"""

from __future__ import annotations

import ast
from typing import NamedTuple

AROUND = {
    "app/__init__.py": "",
    "app/domain/__init__.py": "",
    "app/domain/other.py": "class infrastructure: pass\n",
    "app/infrastructure/__init__.py": "Session = 1\n",
    "app/infrastructure/db.py": "def open(): ...\n",
    "app/ports.py": "",
}
M = "app/domain/m.py"
Text = str | bytes | dict[str, str | bytes]


class Form(NamedTuple):
    """A form by its name, guilty and innocent; `code` is what the finding is."""

    name: str
    guilty: Text
    innocent: Text
    code: str = "layer-import"


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


STATEMENTS = (
    Form("an absolute import", "import @@app.infrastructure.db\n", "import app.domain.other\n"),
    Form("of the package itself", "import @@app.infrastructure\n", "import app\n"),
    Form("under another name", "import @@app.infrastructure.db as db\n", "import app.ports as infrastructure\n"),
    Form("the second of several", "import os, @@app.infrastructure.db, sys\n", "import os, app.ports, sys\n"),
    Form("from a package, a module", "from app.infrastructure import @@db\n", "from app.domain import other\n"),
    Form(
        "from a package, something in it",
        "@@from app.infrastructure import Session\n",
        "from app.domain.other import infrastructure\n",
    ),
    Form("from a module, something in it", "@@from app.infrastructure.db import open\n", "from app.ports import db\n"),
    Form("the package from its parent", "from app import @@infrastructure\n", "from app import ports\n"),
    Form(
        "under another name from a package",
        "from app.infrastructure import @@db as port\n",
        "from app import ports as db\n",
    ),
    Form(
        "in brackets over several lines",
        "from app.infrastructure import (\n    Session,\n    @@db as d,\n)\n".replace("    Session,\n", ""),
        "from app.domain import (\n    other as db,\n)\n",
    ),
    Form("everything", "@@from app.infrastructure.db import *\n", "from app.ports import *\n"),
    Form("relative, one level up", "from .. import @@infrastructure\n", "from .. import ports\n"),
    Form("relative, into a package", "from ..infrastructure import @@db\n", "from ..domain import other\n"),
    Form("relative, into a module", "@@from ..infrastructure.db import open\n", "from .other import infrastructure\n"),
    Form(
        "relative, from two levels below",
        {"app/domain/deep/er/m.py": "from ....infrastructure import @@db\n"},
        {"app/domain/deep/er/m.py": "from ...infrastructure import db\n", "app/domain/infrastructure/db.py": ""},
    ),
    Form(
        "relative, in the package itself",
        {"app/domain/__init__.py": "from ..infrastructure import @@db\n"},
        {"app/domain/__init__.py": "from . import other\n"},
    ),
    Form(
        "in a function",
        "def f():\n    import @@app.infrastructure.db\n",
        "def f():\n    'import app.infrastructure.db'\n",
    ),
    Form(
        "in a coroutine",
        "async def f():\n    import @@app.infrastructure.db\n",
        "async def f():\n    import app.ports\n",
    ),
    Form(
        "in a class",
        "class C:\n    import @@app.infrastructure.db\n",
        "class C:\n    '''\n    import app.infrastructure.db\n    '''\n",
    ),
    Form(
        "in a method of a class in a class",
        "class C:\n  class D:\n    def f(self):\n      from app.infrastructure import @@db\n",
        "class C:\n  class D:\n    def f(self):\n      self.app.infrastructure.db\n",
    ),
    Form(
        "in a try",
        "try:\n    import @@app.infrastructure.db\nexcept ImportError:\n    pass\n",
        "try:\n    import app.ports\nexcept ImportError:\n    pass\n",
    ),
    Form(
        "in an except",
        "try:\n    pass\nexcept ImportError:\n    import @@app.infrastructure.db\n",
        "try:\n    pass\nexcept ImportError:\n    import app.ports\n",
    ),
    Form(
        "in an except*",
        "try:\n    pass\nexcept* ValueError:\n    import @@app.infrastructure.db\n",
        "try:\n    pass\nexcept* ValueError:\n    import app.ports\n",
    ),
    Form(
        "in the else of a try",
        "try:\n    pass\nexcept E:\n    pass\nelse:\n    import @@app.infrastructure.db\n",
        "try:\n    pass\nexcept E:\n    pass\nelse:\n    import app.ports\n",
    ),
    Form(
        "in a finally",
        "try:\n    pass\nfinally:\n    import @@app.infrastructure.db\n",
        "try:\n    pass\nfinally:\n    import app.ports\n",
    ),
    Form("in a with", "with x as y:\n    import @@app.infrastructure.db\n", "with x as y:\n    import app.ports\n"),
    Form("in a for", "for x in y:\n    import @@app.infrastructure.db\n", "for x in y:\n    import app.ports\n"),
    Form(
        "in the else of a for",
        "for x in y:\n    pass\nelse:\n    import @@app.infrastructure.db\n",
        "for x in y:\n    pass\nelse:\n    import app.ports\n",
    ),
    Form("in a while", "while x:\n    import @@app.infrastructure.db\n", "while x:\n    import app.ports\n"),
    Form(
        "in a case",
        "match x:\n    case 1:\n        import @@app.infrastructure.db\n",
        "match x:\n    case 1:\n        import app.ports\n",
    ),
    Form("where it never runs", "if False:\n    import @@app.infrastructure.db\n", "if False:\n    import app.ports\n"),
    Form(
        "where only a script runs it",
        "if __name__ == '__main__':\n    import @@app.infrastructure.db\n",
        "if __name__ == '__main__':\n    print('import app.infrastructure.db')\n",
    ),
    Form(
        "in an elif",
        "if x:\n    pass\nelif y:\n    import @@app.infrastructure.db\n",
        "if x:\n    pass\nelif y:\n    import app.ports\n",
    ),
    Form("after a semicolon", "x = 1; import @@app.infrastructure.db\n", "x = '; import app.infrastructure.db'\n"),
    Form("after a colon", "if x: import @@app.infrastructure.db\n", "x = {'if x': 'import app.infrastructure.db'}\n"),
    Form(
        "over a joined line", "from app.infrastructure \\\n    import @@db\n", "from app.domain \\\n    import other\n"
    ),
    Form("with odd space", "from\tapp . infrastructure  import   @@db\n", "from\tapp . domain  import   other\n"),
    Form(
        "after letters that are not ASCII",
        "größe = 'ß'; import @@app.infrastructure.db\n",
        "größe = 'ß'; import app.ports\n",
    ),
    Form("without a line end", "import @@app.infrastructure.db", "import app.ports"),
    Form(
        "beside a text that looks like a comment",
        "x = '#'; import @@app.infrastructure.db\n",
        "x = 1 # ; import app.infrastructure.db\n",
    ),
    Form(
        "of a name that is not there any more", "@@from app.infrastructure.gone import x\n", "from app.gone import x\n"
    ),
)
GUARDS = (
    Form(
        "for type checkers",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import @@app.infrastructure.db\n",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import app.ports\n",
    ),
    Form(
        "not for type checkers",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    pass\nelse:\n    import @@app.infrastructure.db\n",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    pass\nelse:\n    import app.ports\n",
    ),
    Form(
        "for type checkers, by another name",
        "from typing import TYPE_CHECKING as TC\nif TC:\n    import @@app.infrastructure.db\n",
        "from typing import TYPE_CHECKING as TC\nif TC:\n    import app.ports\n",
    ),
    Form(
        "for type checkers, by its module",
        "import typing as t\nif t.TYPE_CHECKING:\n    import @@app.infrastructure.db\n",
        "import typing as t\nif t.TYPE_CHECKING:\n    import app.ports\n",
    ),
)
CALLS = (
    Form(
        "import_module",
        "import importlib\n@@importlib.import_module('app.infrastructure.db')\n",
        "import importlib\nimportlib.import_module('app.ports')\n",
    ),
    Form(
        "import_module, bare",
        "from importlib import import_module\n@@import_module('app.infrastructure.db')\n",
        "from elsewhere import import_module\nimport_module('app.infrastructure.db')\n",
    ),
    Form(
        "import_module under another name",
        "from importlib import import_module as load\n@@load('app.infrastructure.db')\n",
        "from elsewhere import load\nload('app.infrastructure.db')\n",
    ),
    Form(
        "import_module of a module under another name",
        "import importlib as il\n@@il.import_module('app.infrastructure.db')\n",
        "import elsewhere as il\nil.import_module('app.infrastructure.db')\n",
    ),
    Form(
        "import_module given to a name",
        "import importlib\nload = importlib.import_module\nx = @@load('app.infrastructure.db')\n",
        "import importlib\nload = importlib.import_module\nx = load('app.ports')\n",
    ),
    Form(
        "import_module given to an attribute",
        "import importlib\nclass C:\n    def __init__(self):\n        self.load = importlib.import_module\n    def f(self):\n        @@self.load('app.infrastructure.db')\n",
        "import importlib\nclass C:\n    def __init__(self):\n        self.load = importlib.reload\n    def f(self):\n        self.load('app.infrastructure.db')\n",
    ),
    Form(
        "import_module as a default",
        "import importlib\ndef f(load=importlib.import_module):\n    return @@load('app.infrastructure.db')\n",
        "def f(load=print):\n    return load('app.infrastructure.db')\n",
    ),
    Form(
        "import_module, relative to the package",
        "import importlib\n@@importlib.import_module('..infrastructure.db', __package__)\n",
        "import importlib\nimportlib.import_module('.other', __package__)\n",
    ),
    Form(
        "import_module, relative to a name",
        "import importlib\n@@importlib.import_module('..infrastructure.db', package='app.domain')\n",
        "import importlib\nimportlib.import_module('..infrastructure.db', package='other.domain')\n",
    ),
    Form(
        "import_module by keyword",
        "import importlib\n@@importlib.import_module(name='app.infrastructure.db')\n",
        "import importlib\nimportlib.import_module(name='app.ports')\n",
    ),
    Form(
        "import_module of a constant",
        "import importlib\nNAME = 'app.infrastructure.db'\n@@importlib.import_module(NAME)\n",
        "import importlib\nNAME = 'app.ports'\nimportlib.import_module(NAME)\n",
    ),
    Form(
        "import_module of parts",
        "import importlib\nHEAD = 'app'\n@@importlib.import_module(HEAD + '.infrastructure' '.db')\n",
        "import importlib\nHEAD = 'other'\nimportlib.import_module(HEAD + '.infrastructure' '.db')\n",
    ),
    Form(
        "import_module of a formatted text",
        "import importlib\nHEAD = 'app'\n@@importlib.import_module(f'{HEAD}.infrastructure')\n",
        "import importlib\nHEAD = 'other'\nimportlib.import_module(f'{HEAD}.infrastructure')\n",
    ),
    Form(
        "import_module in a loop over names",
        "import importlib\nfor n in ('json', 'app.infrastructure.db'):\n    @@importlib.import_module(n)\n",
        "import importlib\nfor n in ('json', 'app.ports'):\n    importlib.import_module(n)\n",
    ),
    Form(
        "import_module by its name",
        "import importlib\n@@getattr(importlib, 'import_module')('app.infrastructure.db')\n",
        "import importlib\ngetattr(importlib, 'reload')('app.infrastructure.db')\n",
    ),
    Form(
        "import_module in part",
        "import functools, importlib\n@@functools.partial(importlib.import_module, 'app.infrastructure.db')()\n",
        "import functools\nfunctools.partial(print, 'app.infrastructure.db')()\n",
    ),
    Form("__import__", "@@__import__('app.infrastructure.db')\n", "x.__import__('app.infrastructure.db')\n"),
    Form(
        "__import__ with a list",
        "@@__import__('app.infrastructure', fromlist=['db'])\n",
        "__import__('app', fromlist=['ports'])\n",
    ),
    Form(
        "__import__ of the builtins",
        "import builtins as b\n@@b.__import__('app.infrastructure.db')\n",
        "import elsewhere as b\nb.__import__('app.infrastructure.db')\n",
    ),
    Form(
        "__import__ in a lambda",
        "f = lambda: @@__import__('app.infrastructure.db')\n",
        "f = lambda: '__import__(app.infrastructure.db)'\n",
    ),
    Form(
        "resolve_name",
        "import pkgutil\n@@pkgutil.resolve_name('app.infrastructure.db.open')\n",
        "import pkgutil\npkgutil.resolve_name('app.domain.other.infrastructure')\n",
    ),
    Form(
        "resolve_name with a colon",
        "from pkgutil import resolve_name\n@@resolve_name('app.infrastructure.db:open')\n",
        "from pkgutil import resolve_name\nresolve_name('app.ports:infrastructure')\n",
    ),
    Form(
        "run_module",
        "import runpy\n@@runpy.run_module('app.infrastructure.db')\n",
        "import runpy\nrunpy.run_module('app.ports')\n",
    ),
    Form("exec of a text", "@@exec('import app.infrastructure.db')\n", "exec('app.infrastructure.db')\n"),
    Form(
        "a computed name",
        "import importlib\ndef f(name):\n    @@importlib.import_module(name)\n",
        {"app/infrastructure/m.py": "import importlib\ndef f(name):\n    importlib.import_module(name)\n"},
        "layer-dynamic",
    ),
    Form(
        "import_module that is handed on",
        "import importlib\nlist(map(@@importlib.import_module, names))\n",
        "import importlib\nlist(map(importlib.reload, names))\n",
        "layer-dynamic",
    ),
)
FILES = (
    Form(
        "a stub",
        {"app/domain/m.pyi": "from app.infrastructure import @@db\n"},
        {"app/domain/m.pyi": "from app import ports\n"},
    ),
    Form(
        "a hidden file",
        {"app/domain/.m.py": "import @@app.infrastructure.db\n"},
        {"app/domain/.m.txt": "import app.infrastructure.db\n"},
    ),
    Form(
        "a name with a dot",
        {"app/domain/m.old.py": "from ..infrastructure import @@db\n"},
        {"app/domain/m.old.py": "from .. import ports\n"},
    ),
    Form(
        "a name with a dash",
        {"app/domain/a-b.py": "from ..infrastructure import @@db\n"},
        {"app/domain/a-b.py": "from .other import db\n"},
    ),
    Form(
        "a script without a suffix",
        {"app/domain/tool": "#!/usr/bin/env python3\nimport @@app.infrastructure.db\n"},
        {"app/domain/tool": "#!/bin/sh\nimport app.infrastructure.db\n"},
    ),
    Form(
        "a folder without __init__.py",
        {"app/domain/deep/m.py": "import @@app.infrastructure.db\n"},
        {"app/domain/deep/m.py": "import app.domain.deep.other\n", "app/domain/deep/other.py": ""},
    ),
    Form(
        "a namespace package",
        {
            "x/domain/m.py": "from x import @@infrastructure\nfrom x.infrastructure import @@db\n",
            "x/infrastructure/db.py": "",
        },
        {"x/domain/m.py": "from x import infrastructure\n", "x/infrastructure.txt": ""},
    ),
    Form(
        "a source root below src",
        {
            "src/shop/__init__.py": "",
            "src/shop/domain/m.py": "from shop.infrastructure import @@db\n",
            "src/shop/infrastructure/db.py": "",
        },
        {
            "src/shop/__init__.py": "",
            "src/shop/domain/m.py": "from src.shop import other\nfrom app.infrastructure import db\n",
            "src/shop/infrastructure/db.py": "",
        },
    ),
    Form(
        "two projects with packages of one name",
        {
            f"{one}/{name}": text
            for one in ("a", "b")
            for name, text in {
                "pyproject.toml": "",
                "shop/__init__.py": "",
                "shop/domain/m.py": "import @@shop.infrastructure.db\n" if one == "b" else "",
                "shop/infrastructure/db.py": "",
            }.items()
        },
        {
            "a/pyproject.toml": "",
            "a/shop/__init__.py": "",
            "a/shop/infrastructure/db.py": "",
            "b/pyproject.toml": "",
            "b/core/__init__.py": "",
            "b/core/domain/m.py": "import shop.infrastructure.db\n",
        },
    ),
    Form(
        "a link to a file",
        {"app/domain/m.py": "-> ../../held.py", "held.py": "from .. import infrastructure\n"},
        {"app/domain/m.py": "-> ../../held.py", "held.py": "import app.ports\n"},
    ),
    Form(
        "a link to a folder",
        {"app/domain/linked": "-> ../../held", "held/m.py": "import app.infrastructure.db\n"},
        {"app/domain/linked": "-> ../../held", "held/m.py": "import app.ports\n"},
    ),
    Form(
        "another encoding",
        b"# -*- coding: latin-1 -*-\nname = '\xe4'; import @@app.infrastructure.db\n",
        b"# -*- coding: latin-1 -*-\nname = '\xe4'; import app.ports\n",
    ),
    Form("a byte-order mark", b"\xef\xbb\xbfimport @@app.infrastructure.db\n", b"\xef\xbb\xbfimport app.ports\n"),
    Form("other line ends", b"import os\r\nimport @@app.infrastructure.db\r\n", b"import os\r\nimport app.ports\r\n"),
    Form("a form feed", "import os\n\fimport @@app.infrastructure.db\n", "import os\n\fimport app.ports\n"),
    Form("null bytes", b"@@import app.infrastructure.db\0\n", b"import app.ports\n", "layer-unread"),
    Form(
        "a link out of the repository",
        {"app/domain/m.py": "-> ../../../elsewhere.py"},
        {"app/domain/m.py": "-> ../ports.py"},
        "layer-unread",
    ),
    Form(
        "a bracket that is never closed",
        "@@x = (\nimport app.ports\n",
        "x = (\n    1,\n)\nimport app.ports\n",
        "layer-unread",
    ),
    Form(
        "a conflict that is not resolved",
        "import os\n@@<<<<<<< HEAD\nimport app.ports\n=======\n>>>>>>> other\n",
        "import os\nx = '<<<<<<< HEAD'\n",
        "layer-unread",
    ),
)
NEWER = (
    Form(
        "a handler without brackets (3.14)",
        "try:\n    pass\nexcept A, B:\n    import @@app.infrastructure.db\n",
        "try:\n    pass\nexcept A, B:\n    import app.ports\n",
    ),
    Form("a lazy import (3.15)", "lazy from app.infrastructure import @@db\n", "lazy from app import ports\n"),
    Form("a template string (3.14)", "x = t'{y}'\nimport @@app.infrastructure.db\n", "x = t'{y}'\nimport app.ports\n"),
    Form(
        "equal quotes within (3.12)",
        "x = f'{y['import app.ports']}'\nimport @@app.infrastructure.db\n",
        "x = f'{y['import app.infrastructure.db']}'\nimport app.ports\n",
    ),
    Form(
        "a type statement (3.12)", "type X = int\nimport @@app.infrastructure.db\n", "type X = int\nimport app.ports\n"
    ),
    Form(
        "a generic function (3.12)",
        "def f[T](x: T) -> T:\n    import @@app.infrastructure.db\n",
        "def f[T](x: T) -> T:\n    import app.ports\n",
    ),
)
TEXTS = (
    Form(
        "an entry point in a text",
        "ENTRY = @@'app.infrastructure.db:open'\n",
        "ENTRY = 'app.domain.other:infrastructure'\n",
    ),
    Form(
        "a name for a patch in a text",
        "patch(@@'app.infrastructure.db.open')\n",
        "patch('the words app.infrastructure.db.open')\n",
    ),
)
"""Asked for by `strings` alone."""
CHAINS = (
    Form(
        "by way of one other",
        {M: "@@from app.ports import x\n", "app/ports.py": "import app.infrastructure.db\n"},
        {M: "from app.ports import x\n", "app/ports.py": "import app.domain.other\n"},
        "layer-chain",
    ),
    Form(
        "by way of two others",
        {
            M: "import @@app.a\n",
            "app/a.py": "from . import b\n",
            "app/b.py": "def f():\n    from .infrastructure import db\n",
        },
        {M: "import app.a\n", "app/a.py": "from . import b\n", "app/b.py": "def f():\n    from .domain import other\n"},
        "layer-chain",
    ),
)
ALL = (*STATEMENTS, *GUARDS, *CALLS, *FILES, *NEWER, *CHAINS)


def files(text: Text) -> tuple[dict[str, bytes], list[tuple[str, int, int]]]:
    """The files of a form with those around it, and the places that are marked in them, columns in characters."""
    places = []
    found = {path: content.encode() for path, content in AROUND.items()}
    for path, content in (text if isinstance(text, dict) else {M: text}).items():
        raw = content.encode() if isinstance(content, str) else content
        while (at := raw.find(b"@@")) >= 0:
            raw = raw[:at] + raw[at + 2 :]
            head = raw[:at].removeprefix(b"\xef\xbb\xbf")
            line = head[head.rfind(b"\n") + 1 :]
            places.append(
                (path, head.count(b"\n") + 1, len(line.decode("latin-1" if b"latin-1" in raw else "utf-8")) + 1)
            )
        found[path] = raw
    return found, places


def is_newer(text: Text) -> bool:
    """Whether the running Python cannot parse a form."""
    return isinstance(text, str) and not _parses(text.replace("@@", ""))
