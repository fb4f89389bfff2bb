"""Imports of a plain file, told without parsing it: ten times as fast, and for many files that is what counts.

A file is plain where nothing can be misread: without strings and comments, each word `import` stands in a simple
statement of one line. Whatever is not plain, or looks like no Python that every version knows, is left to the parser,
so that what is told here is what the parser tells.
"""

from __future__ import annotations

import re

from jerry_git.application.layers.imports import Import, Scan

_ODD = (b"\0", b"\f", b"\r", b"\\\n", b"jerry", b"TYPE_CHECKING")
"""Odd line ends, comments that may allow something, guards: the parser understands them."""
_CALLS = (
    b"import_module",
    b"__import__",
    b"resolve_name",
    b"run_module",
    b"importlib",
    b"pkgutil",
    b"runpy",
    b"builtins",
)
_BROKEN = (b"'", b'"', b"?", b"$", b"<<<<<<<", b">>>>>>>")
"""What code does not have but in strings and comments."""
_CODING = re.compile(rb"\xef\xbb\xbf|[^\n]*coding|[^\n]*\n[^\n]*coding")
_HIDDEN = re.compile(
    rb"\"\"\"[^\"\\]*(?:(?:\\.|\"{1,2}(?!\"))[^\"\\]*)*\"\"\"|'''[^'\\]*(?:(?:\\.|'{1,2}(?!'))[^'\\]*)*'''"
    rb"|\"[^\"\\\n]*(?:\\.[^\"\\\n]*)*\"|'[^'\\\n]*(?:\\.[^'\\\n]*)*'|#[^\n]*",
    re.DOTALL,
)
_LETTERS = re.compile(rb"[A-Za-z]+\Z")
_NAME = rb"[A-Za-z_][A-Za-z0-9_]*"
_DOTTED = rb"%b(?:\.%b)*" % (_NAME, _NAME)
_AS = rb"(?: as %b)?" % _NAME
_STATEMENT = re.compile(
    rb"\n(?P<space>[ \t]*)(?:"
    rb"from (?P<dots>\.*)(?P<module>%(dotted)b)? import (?P<names>\*|%(name)b%(as)b(?:, ?%(name)b%(as)b)*"
    rb"|\([ \t\n]*%(name)b%(as)b(?:[ \t\n]*,[ \t\n]*%(name)b%(as)b)*,?[ \t\n]*\))"
    rb"|import (?P<modules>%(dotted)b%(as)b(?:, ?%(dotted)b%(as)b)*))[ \t]*(?=\n)"
    % {b"dotted": _DOTTED, b"name": _NAME, b"as": _AS}
)
_LINE = re.compile(
    rb"\n[ \t]*(?:(?:def|class|elif|while|with|try|except|finally)\b(?:[^:\n(\[{]*|[^:\n]*\))(?=\n)"
    rb"|(?:def|class)[ \t]+\w+[ \t]*\[|(?:type|match|case|lazy|print|exec)[ \t]+\w|except[ \t]+[\w.]+[ \t]*,)"
)
_WORDS = re.compile(
    rb"\n[ \t]*(?!(?:return|raise|del|assert|global|nonlocal|yield|await|import|not|else|if|and|or|in|is|for|async)\b)"
    rb"[A-Za-z_]\w*[ \t]+[A-Za-z_]\w*[ \t]*(?=\n)"
)
_TWICE = re.compile(rb"=[ \t]+=")
_RUN = re.compile(rb"\b(?:exec|eval)\b")
"""What a broken file has, or one that is newer than some Python: the parser says which."""
_WORD = re.compile(rb"\bimport\b")
_NAMES = re.compile(rb"(%b)%b" % (_DOTTED, _AS))


def quick(content: bytes) -> Scan | None:
    """The imports of a plain file, as the parser would tell them; None for any other."""
    if any(text in content for text in _ODD) or _CODING.match(content):
        return None
    if not content.isascii():
        try:
            content.decode()
        except UnicodeDecodeError:
            return None
    hidden = _Hiding(content)
    code = b"\n" + _HIDDEN.sub(hidden, content) + b"\n"
    if hidden.is_unsure or _is_strange(code):
        return None
    imports: list[Import] = []
    statements = letters = line = end = 0
    for found in _STATEMENT.finditer(code):
        line += code.count(b"\n", end, found.start() + 1)
        end = found.start() + 1
        statements += 1
        letters += found[0].count(b"import")
        _read(found, code, line, imports)
    is_whole = letters == code.count(b"import") or statements == len(_WORD.findall(code))
    return Scan(tuple(imports)) if is_whole else None


def _is_strange(code: bytes) -> bool:
    """Whether code is for the parser: with imports that are calls, broken, or newer than some Python."""
    if any(text in code for text in _CALLS) or any(text in code for text in _BROKEN):
        return True
    if (b"exec" in code or b"eval" in code) and _RUN.search(code):
        return True
    pairs = ((b"(", b")"), (b"[", b"]"), (b"{", b"}"), (b"!", b"!="))
    if any(code.count(one) != code.count(other) for one, other in pairs):
        return True
    return _LINE.search(code) is not None or _WORDS.search(code) is not None or _TWICE.search(code) is not None


class _Hiding:
    """Puts nothing in the place of comments and `0` in that of strings, of as many lines."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self.is_unsure = False

    def __call__(self, found: re.Match[bytes]) -> bytes:
        text = found[0]
        if text[:1] == b"#":
            return b""
        start = found.start()
        before = self._content[start - 2 : start] if start > 1 else self._content[:start]
        letters = _LETTERS.search(before)
        prefix = letters[0].lower().strip(b"rbu") if letters else b""
        # a field of a formatted string may hold its own quotes, so that this would be half of it
        is_half = text.count(b"{") != text.count(b"}") or b"\\" in text
        if prefix and (is_half or prefix != b"f"):
            self.is_unsure = True
        return b"0" + b"\n" * text.count(b"\n")


def _read(found: re.Match[bytes], code: bytes, line: int, imports: list[Import]) -> None:
    begin = found.start() + 1
    column = len(found["space"]) + 1
    modules = found["modules"]
    if modules is not None:
        at = found.start("modules") - begin + 1
        imports += [
            Import(name[1].decode(), None, 0, line, at + name.start(), line, column, line)
            for name in _NAMES.finditer(modules)
        ]
        return
    module, level = (found["module"] or b"").decode(), len(found["dots"])
    names, at = found["names"], found.start("names")
    if names == b"*":
        imports.append(Import(module, "*", level, line, at - begin + 1, line, column, line))
        return
    last = line + names.count(b"\n")
    for name in _NAMES.finditer(names):
        above = names.count(b"\n", 0, name.start())
        place = at + name.start()
        own = place - (code.rfind(b"\n", 0, place) + 1 if above else begin) + 1
        imports.append(Import(module, name[1].decode(), level, line + above, own, line, column, last))
