"""Import statements found without a parser, in files that are newer than the Python that looks at them, or broken.

It knows what every Python has in common: strings, comments, brackets, line ends, and that a statement begins with its
keyword. So it reads statements as they are, calls of the import functions by their names, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from jerry_git.application.layers.imports import CALL, Allowance, Import, Spot, allowance

_TOKEN = re.compile(
    r"""(?P<string>(?P<prefix>[rRbBuUfFtT]{0,3})(?P<quote>\"\"\"|'''|"|'))
    | (?P<comment>\#[^\r\n]*)
    | (?P<name>[^\W\d]\w*)
    | (?P<end>\r\n|\r|\n)
    | (?P<joined>\\(?:\r\n|\r|\n))
    | (?P<space>[ \t\f\ufeff]+)
    | (?P<mark>\.\.\.|.)""",
    re.VERBOSE | re.DOTALL,
)
_CLOSED = {")": "(", "]": "[", "}": "{"}
_FUNCTIONS: frozenset[str] = frozenset(("import_module", "__import__", "resolve_name", "run_module"))
_CONFLICT = re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE)


class BrokenError(Exception):
    """No Python of any version: `line` and the reason."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line


class Token(NamedTuple):
    """One token: `kind` is a group of the pattern above, `text` for a string without its quotes."""

    kind: str
    text: str
    line: int
    column: int
    depth: int = 0


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a text but for space; raises `BrokenError` where a string or a bracket has no end."""
    place, line, start, open_ = 0, 1, 0, list[tuple[str, int]]()
    while place < len(text):
        found = _TOKEN.match(text, place)
        assert found is not None  # noqa: S101 - the last alternative takes every character
        kind, end = str(found.lastgroup), found.end()
        if found["string"]:
            kind = "string"
            end = _end_of_string(text, end, found["prefix"].lower(), found["quote"], line)
        token = Token(kind, text[place:end], line, place - start + 1, len(open_))
        if kind == "mark" and token.text in "([{":
            open_.append((token.text, line))
        elif kind == "mark" and token.text in _CLOSED and (not open_ or open_.pop()[0] != _CLOSED[token.text]):
            raise BrokenError(line, f"{token.text} closes nothing")
        if kind == "string":
            yield token._replace(text=text[found.end() : end - len(found["quote"])])
        elif kind not in ("space", "joined"):
            yield token
        for break_ in re.finditer(r"\r\n|\r|\n", text[place:end]):
            line, start = line + 1, place + break_.end()
        place = end
    if open_:
        raise BrokenError(open_[-1][1], f"{open_[-1][0]} is never closed")


def _end_of_string(text: str, place: int, prefix: str, quote: str, line: int) -> int:
    """Where the string ends whose first character stands at `place`; its fields may hold strings of the same quotes."""
    fields = "f" in prefix or "t" in prefix
    while place < len(text):
        char = text[place]
        if text.startswith(quote, place):
            return place + len(quote)
        if char == "\\":
            place = _after_backslash(text, place, prefix) if fields else place + 2
        elif fields and char == "{":
            place = place + 2 if text.startswith("{{", place) else _end_of_field(text, place + 1, quote, line)
        elif len(quote) == 1 and char in "\r\n":
            break
        else:
            place += 1
    raise BrokenError(line, "a string has no end")


def _after_backslash(text: str, place: int, prefix: str) -> int:
    """In a formatted string: a bracket after a backslash counts, but for that of `\\N{...}`."""
    if text.startswith("N{", place + 1) and "r" not in prefix:
        return text.find("}", place) + 1 or len(text)
    return place + (1 if text.startswith(("{", "}"), place + 1) else 2)


def _end_of_field(text: str, place: int, quote: str, line: int) -> int:
    """After the `}` of a field of a formatted string; what stands in it is code, and after a colon text again."""
    depth = 0
    while place < len(text):
        found = _TOKEN.match(text, place)
        assert found is not None  # noqa: S101 - the last alternative takes every character
        if found["string"]:
            inner = _end_of_string(text, found.end(), found["prefix"].lower(), found["quote"], line)
            place = inner
            continue
        char = found[0]
        if char == "}" and not depth:
            return found.end()
        if char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
        elif char == ":" and not depth:
            return _end_of_spec(text, found.end(), quote, line)
        place = found.end()
    raise BrokenError(line, "a field of a string has no end")


def _end_of_spec(text: str, place: int, quote: str, line: int) -> int:
    while place < len(text):
        if text[place] == "}":
            return place + 1
        if text.startswith(quote, place):
            break
        place = _end_of_field(text, place + 1, quote, line) if text[place] == "{" else place + 1
    raise BrokenError(line, "a field of a string has no end")


def comments(text: str) -> Iterator[Allowance]:
    """The comments of a text that allow something; as far as it can be read."""
    try:
        for token in tokens(text):
            if token.kind == "comment" and (found := allowance(token.text, token.line, token.column)):
                yield found
    except BrokenError:
        return


@dataclass(slots=True)
class _Line:
    """The tokens of one logical line, or of the part between `;` or after `:`."""

    tokens: list[Token]
    indent: int


def statements(text: str) -> tuple[list[Import], list[Spot]]:
    """All imports of a text, and the calls whose argument is no plain string; raises `BrokenError`."""
    if conflict := _CONFLICT.search(text):
        raise BrokenError(text.count("\n", 0, conflict.start()) + 1, "a conflict of a merge is not resolved")
    imports: list[Import] = []
    computed: list[Spot] = []
    functions: set[str] = set(_FUNCTIONS)
    guards = {"TYPE_CHECKING"}
    guarded: list[int] = []
    for line in _lines(text):
        guarded = [indent for indent in guarded if indent < line.indent]
        for part in _parts(line.tokens):
            found = list(_imported(part, typing=bool(guarded)))
            imports += found
            functions |= _aliases(part, functions)
            guards |= _aliases(part, guards)
        if _is_guard(line.tokens, guards):
            guarded.append(line.indent)
        _calls(line.tokens, functions, imports, computed)
    return imports, computed


def _lines(text: str) -> Iterator[_Line]:
    line: list[Token] = []
    for token in tokens(text):
        if token.kind == "comment" or (token.kind == "end" and (token.depth or not line)):
            continue
        if token.kind == "end":
            yield _Line(line, line[0].column)
            line = []
        else:
            line.append(token)
    if line:
        yield _Line(line, line[0].column)


def _parts(line: Sequence[Token]) -> Iterator[list[Token]]:
    """The statements of a line: `;` ends one, and so does the `:` of a compound one."""
    part: list[Token] = []
    for token in line:
        if token.kind == "mark" and token.text in ";:" and not token.depth:
            yield part
            part = []
        else:
            part.append(token)
    yield part


def _imported(part: Sequence[Token], *, typing: bool) -> Iterator[Import]:
    words = [token.text if token.kind == "name" else "" for token in part[:2]]
    if words[:1] == ["lazy"] and words[1:] in (["import"], ["from"]):  # PEP 810
        part = part[1:]
    if not part or part[0].kind != "name" or part[0].text not in ("import", "from"):
        return
    first, last = part[0], part[-1]
    module, level, names = _origin(part) if first.text == "from" else ("", 0, list(part[1:]))
    if first.text == "from" and not names:
        return
    for name in _names(names):
        place = (name[0].line, name[0].column, first.line, first.column, last.line, typing)
        dotted = "".join(token.text for token in name)
        yield Import(module, dotted, level, *place) if first.text == "from" else Import(dotted, None, 0, *place)


def _origin(part: Sequence[Token]) -> tuple[str, int, list[Token]]:
    """`from ..a.b import c`: the module, the level, and the tokens after `import`; none where it is no statement."""
    at = next((at for at, token in enumerate(part) if at and token.kind == "name" and token.text == "import"), None)
    if at is None:
        return "", 0, []
    origin = "".join(token.text for token in part[1:at])
    module = origin.lstrip(".")
    return module, len(origin) - len(module), list(part[at + 1 :])


def _names(part: Sequence[Token]) -> Iterator[list[Token]]:
    """The dotted names in a list of imports, without brackets, commas and aliases."""
    name: list[Token] = []
    skipping = False
    for token in (*part, Token("mark", ",", 0, 0)):
        if token.text in ("(", ")"):
            continue
        if token.text == ",":
            if name:
                yield name
            name, skipping = [], False
        elif token.text == "as":
            skipping = True
        elif not skipping:
            name.append(token)


def _aliases(part: Sequence[Token], known: set[str]) -> set[str]:
    """`known as other`, and `other = known`."""
    found = set()
    for before, middle, after in zip(part, part[1:], part[2:], strict=False):
        if middle.text == "as" and before.text in known and after.kind == "name":
            found.add(after.text)
    if len(part) >= 3 and part[0].kind == "name" and part[1].text == "=" and part[-1].text in known:
        found.add(part[0].text)
    return found


def _is_guard(line: Sequence[Token], guards: set[str]) -> bool:
    """`if TYPE_CHECKING:` or `if typing.TYPE_CHECKING:`, and nothing more."""
    if line[0].text != "if" or line[-1].text != ":":
        return False
    test = [token.text for token in line[1:-1]]
    return (len(test) == 1 and test[0] in guards) or (len(test) == 3 and test[1:] == [".", "TYPE_CHECKING"])


def _calls(line: Sequence[Token], functions: set[str], imports: list[Import], computed: list[Spot]) -> None:
    for at, token in enumerate(line):
        if (
            token.kind != "name"
            or token.text not in functions
            or [each.text for each in line[at + 1 : at + 2]] != ["("]
        ):
            continue
        if at and line[at - 1].text == "def":
            continue
        argument = line[at + 2 : at + 4]
        if len(argument) == 2 and argument[0].kind == "string" and argument[1].text in (",", ")"):
            name = argument[0].text.partition(":")[0]
            module = name.lstrip(".")
            place = (token.line, token.column, token.line, token.column, token.line, False, CALL)
            imports.append(Import(module, None, len(name) - len(module), *place))
        else:
            computed.append(Spot(token.line, token.column, token.text))
