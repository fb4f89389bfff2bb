"""The canonical form of a JSON Schema: one spelling for all that means the same, with whatever generates it.

Two schemas of one form are one schema (rules R1, R2, O14, O19, F1 of docs/schema-rules.md); nothing is ever compared
byte by byte, for the same class is written otherwise by every release of pydantic.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from jerry_domain.schemas.dialects import LISTS, MAPS, ONE, escaped
from jerry_domain.schemas.referring import ANNOTATIONS, GROUPS, References
from jerry_domain.schemas.spellings import EVALUATING, simplify, text_of, whole

Json = Any

DIALECT = "https://json-schema.org/draft/2020-12/schema"
"""What published schemas are written in."""

_WORK = 20_000
"""How many definitions are looked at to tell them apart, before the order in which they are met decides."""
_HEAD = ("$schema", "$id", "title", "description", "$comment")


def canonical(schema: Json) -> Json:
    """The canonical form; what is no schema, or too deep to be followed, is given back as it is."""
    return _form(schema, keep_open=False)


def fingerprint(schema: Json) -> str:
    """`sha256:` and the digest of the canonical form."""
    return f"sha256:{hashlib.sha256(text_of(canonical(schema)).encode(errors='surrogatepass')).hexdigest()}"


def published_text(schema: Json) -> str:
    """The text of a published file: the canonical form with the head of the schema, which says what it is about.

    That an object lets anything in by word is kept where it names properties: it tells that its writer makes more
    keys than those (docs/schema-rules.md, "as written").
    """
    body = _form(schema, keep_open=True)
    if isinstance(body, dict):
        head = {key: schema[key] for key in _HEAD if isinstance(schema.get(key), str)}
        body = {"$schema": DIALECT, **head, **body}
    text = json.dumps(body, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    try:
        text.encode()
    except UnicodeEncodeError:  # half a surrogate pair, which JSON can write and UTF-8 cannot
        text = json.dumps(body, indent=2, sort_keys=True) + "\n"
    return text


def _form(schema: Json, *, keep_open: bool) -> Json:
    if not isinstance(schema, dict):
        return schema
    try:
        return _Writer(schema, keep_open=keep_open).document()
    except RecursionError:
        return schema


class _Writer:
    """One schema being written; definitions that cannot be written out are told apart by what is in them.

    Numbered as they are met, they would be numbered otherwise where the branches of a union are turned round. So each
    gets a mark, made of its form and of the marks in that, and again, until no more definitions differ by their marks.
    """

    def __init__(self, schema: Mapping[str, Json], *, keep_open: bool) -> None:
        self._schema = schema
        self._keep_open = keep_open
        self._targets = {
            f"#/{group}/{escaped(name)}": definition
            for group in GROUPS
            if isinstance(schema.get(group), dict)
            for name, definition in schema[group].items()
        }
        references = References(schema, self._targets)
        self._is_rigid = references.are_foreign
        self._keep = EVALUATING if references.are_evaluations_seen else frozenset[str]()
        self._kept = frozenset[str]() if self._is_rigid else references.kept()
        self._marks: dict[str, str] = {}

    def document(self) -> Json:
        """The root with the definitions that are left; where places are referred to, everything keeps its place."""
        root, definitions = self._pass()
        for _ in range(_WORK // len(definitions) if definitions else 0):
            before = len(set(self._marks.values()))
            self._marks = {name: _digest(self._marks[name], form) for name, form in definitions.items()}
            if len(set(self._marks.values())) == before:
                break
            root, definitions = self._pass()
        if not definitions:
            return root
        order = sorted(definitions, key=self._marks.__getitem__)
        self._marks = {name: f"D{number}" for number, name in enumerate(order, 1)}
        root, definitions = self._pass()
        named = {self._marks[name]: form for name, form in sorted(definitions.items())}
        return dict(sorted({**root, "$defs": dict(sorted(named.items()))}.items()))

    def _pass(self) -> tuple[Json, dict[str, Json]]:
        """The root, and the definitions that it leads to, by the marks as they are."""
        dropped = ("$schema",) if self._is_rigid else ("$schema", "$id")
        root = self.node({key: value for key, value in self._schema.items() if key not in dropped})
        definitions: dict[str, Json] = {}
        while waiting := [name for name in self._marks if name not in definitions]:
            definitions |= {name: self.node(self._targets[name]) for name in waiting}
        return root, definitions

    def node(self, schema: Json) -> Json:
        """One schema in its form."""
        if not isinstance(schema, dict):
            return schema
        written = {key: self._keyword(key, value) for key, value in sorted(schema.items()) if key not in ANNOTATIONS}
        if not self._is_rigid:
            for key in GROUPS:
                written.pop(key, None)
            self._simplify(written)
            written = self._resolved(written)
        return True if written == {} else dict(sorted(written.items()))

    def _simplify(self, written: dict[str, Json]) -> None:
        open_by_word = {"additionalProperties"} if self._keep_open and "properties" in written else set[str]()
        simplify(written, keep=self._keep | open_by_word)

    def _resolved(self, written: dict[str, Json]) -> dict[str, Json]:
        """The schema with what it refers to in the reference's place, where nothing but a default stands beside."""
        reference = written.get("$ref")
        if not isinstance(reference, str) or reference not in self._targets:
            return written
        if reference not in self._kept and not written.keys() - {"$ref", "default"}:
            found = self.node(self._targets[reference])
            if isinstance(found, dict) or found is True:
                del written["$ref"]
                written = {**(found if isinstance(found, dict) else {}), **written}
                self._simplify(written)
                return written
        return {**written, "$ref": f"#/$defs/{self._marks.setdefault(reference, '')}"}

    def _keyword(self, key: str, value: Json) -> Json:
        if key in ONE:
            return _plain(self.node(value))
        if key in LISTS and isinstance(value, list):
            return [_plain(self.node(item)) for item in value]
        if key in MAPS and key not in GROUPS and isinstance(value, dict):
            return {name: _plain(self.node(item)) for name, item in sorted(value.items())}
        if key == "discriminator" and isinstance(value, dict):
            return {"propertyName": value.get("propertyName")}
        return value if key in ("default", "const", "enum") else whole(value)


def _digest(mark: str, form: Json) -> str:
    return hashlib.sha256(f"{mark} {text_of(form)}".encode(errors="surrogatepass")).hexdigest()


def _plain(schema: Json) -> Json:
    return True if schema == {} and isinstance(schema, dict) else schema
