"""Findings as text for people, JSON for programs, GitHub's annotations, and SARIF 2.1.0."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from jerry_git import __version__
from jerry_git.application.checking.findings import RULES, Finding, Report, Step

Render = Callable[[Report], str]

_SARIF_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def printable(text: str) -> str:
    """`text` on one line, with everything that is not printable written as an escape."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape", "replace").decode() for char in text)


def text(report: Report) -> str:
    """`path:line: severity[code] message`, the mending command below; nothing where nothing was found."""
    return "".join(f"{line}\n" for found in report.findings for line in lines(found))


def lines(found: Finding) -> Iterator[str]:
    """One finding for people."""
    yield printable(f"{_place(found)}{found.severity}[{found.code}] {found.message}")
    for step in found.steps:
        yield printable(f"  {_place(step)}{step.message}")
    yield printable(f"  mend: {found.mend}")


def _place(found: Finding | Step) -> str:
    numbers = (found.line, found.column) if found.column else (found.line,)
    place = ":".join(str(part) for part in (found.path, *numbers) if part)
    return f"{place}: " if found.path else ""


def as_data(found: Finding) -> dict[str, Any]:
    """One finding for programs."""
    return {
        "code": found.code,
        "severity": found.severity,
        "path": unicode_text(found.path) or None,
        "line": found.line or None,
        "column": found.column or None,
        "message": unicode_text(found.message),
        "mend": unicode_text(found.mend),
        "fixable": found.fixable,
        "steps": [
            {
                "path": unicode_text(step.path),
                "line": step.line,
                "column": step.column,
                "message": unicode_text(step.message),
            }
            for step in found.steps
        ],
    }


def unicode_text(words: str) -> str:
    """`words` with the bytes of a file name that are not UTF-8 written as escapes."""
    return words.encode("utf-8", "backslashreplace").decode()


def document(report: Report) -> str:
    """`jerry.check.v1` (docs/json.md)."""
    content = {
        "schema": "jerry.check.v1",
        "source": report.source,
        "files": report.files,
        "findings": [as_data(found) for found in report.findings],
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def github(report: Report) -> str:
    """Workflow commands that GitHub shows as annotations on the files."""
    return "".join(f"{_annotation(found)}\n" for found in report.findings)


def _annotation(found: Finding) -> str:
    steps = [f"{_place(step)}{step.message}" for step in found.steps]
    mend = f"mend: {found.mend}"
    words = "\n".join([found.message, *steps, mend]) if steps else f"{found.message} ({mend})"
    return annotation(found.severity, found.code, words, found.path, found.line, found.column)


def annotation(level: str, title: str, message: str, path: str = "", line: int = 0, column: int = 0) -> str:
    """One workflow command that GitHub shows as an annotation."""
    places = {"file": path, "line": str(line or 1 if path else ""), "col": str(column or ""), "title": title}
    properties = ",".join(f"{key}={_property(value)}" for key, value in places.items() if value)
    return f"::{level} {properties}::{_message(message)}"


def _message(value: str) -> str:
    return unicode_text(value).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _message(value).replace(":", "%3A").replace(",", "%2C")


def sarif(report: Report) -> str:
    """One run in SARIF 2.1.0, for code scanning."""
    codes = sorted({found.code for found in report.findings})
    rules = [{"id": code, "shortDescription": {"text": RULES[code].title}} for code in codes]
    driver = {"name": "jerry", "version": __version__, "rules": rules}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(found, codes) for found in report.findings],
    }
    return json.dumps({"$schema": _SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _result(found: Finding, codes: list[str]) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": found.code,
        "ruleIndex": codes.index(found.code),
        "level": found.severity,
        "message": {"text": unicode_text(f"{found.message}. Mend: {found.mend}")},
    }
    if found.path:
        result["locations"] = [_location(found)]
    if found.steps:
        steps = [
            {"location": {**_location(step), "message": {"text": unicode_text(step.message)}}} for step in found.steps
        ]
        result["codeFlows"] = [{"threadFlows": [{"locations": steps}]}]
    return result


def _location(found: Finding | Step) -> dict[str, Any]:
    numbers = {"startLine": found.line, "startColumn": found.column}
    region = {key: number for key, number in numbers.items() if number}
    place = {"artifactLocation": {"uri": _uri(found.path), "uriBaseId": "%SRCROOT%"}}
    return {"physicalLocation": {**place, "region": region} if region else place}


def _uri(path: str) -> str:
    from urllib.parse import quote

    return quote(path, errors="surrogateescape")


FORMATS: Mapping[str, Render] = {"text": text, "json": document, "github": github, "sarif": sarif}
"""Every format by its name."""
