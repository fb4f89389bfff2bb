"""Each form of an import is found at its place, and its innocent twin is not (the table of forms)."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from jerry_git.application.checking.findings import Finding
from jerry_git.application.layers.checking import LayerCheck
from jerry_git.application.layers.scans import DirectScans
from jerry_git.application.settings import LayerSettings, Settings
from jerry_git.infrastructure.persistence.event_file_reader import CloudEventFileReader
from tests.application.layers.import_forms import (
    ALL,
    CHAINS,
    GUARDS,
    NEWER,
    STATEMENTS,
    TEXTS,
    Form,
    Text,
    files,
    is_newer,
)
from tests.application.sources import MemorySource

FORMS = pytest.mark.parametrize("form", ALL, ids=lambda form: form.name)


def found(text: Text, settings: LayerSettings | None = None) -> Sequence[Finding]:
    source = MemorySource(files(text)[0])
    report = LayerCheck(DirectScans())(source, CloudEventFileReader(), Settings(layers=settings or LayerSettings()))
    return report.findings


@pytest.mark.positive
@FORMS
def test_a_form_is_found_at_its_place(form: Form) -> None:
    told = found(form.guilty)
    places = [(each.path, each.line, each.column) for each in told if each.code == form.code]
    expected = files(form.guilty)[1]
    if form.code == "layer-unread":  # a line is told, where there is one
        expected = [(path, line, 0) for path, line, _ in expected] or [("app/domain/m.py", 0, 0)]
    elif form.name.startswith("a link to"):  # marked in no file of its own
        expected = (
            [("app/domain/m.py", 1, 16)] if form.name == "a link to a file" else [("app/domain/linked/m.py", 1, 8)]
        )
    assert places == expected
    others = {each.code for each in told} - {form.code}
    assert others == ({"layer-syntax"} if is_newer(form.guilty) and form.code == "layer-import" else set())


@pytest.mark.positive
@FORMS
def test_its_innocent_twin_is_not(form: Form) -> None:
    expected = ["layer-syntax"] if is_newer(form.innocent) else []
    assert [each.code for each in found(form.innocent)] == expected


@pytest.mark.positive
@pytest.mark.parametrize("form", TEXTS, ids=lambda form: form.name)
def test_a_text_that_names_a_module_is_found_where_that_is_asked_for(form: Form) -> None:
    asked = LayerSettings(strings=True)
    (told,) = found(form.guilty, asked)
    assert [(told.path, told.line, told.column)] == files(form.guilty)[1]
    assert found(form.innocent, asked) == found(form.guilty) == ()


@pytest.mark.positive
@pytest.mark.parametrize("form", GUARDS, ids=lambda form: form.name)
def test_what_is_for_type_checkers_alone_counts_unless_that_is_switched_off(form: Form) -> None:
    is_runtime = form.name == "not for type checkers"
    assert len(found(form.guilty, LayerSettings(type_checking=False))) == is_runtime


@pytest.mark.positive
@pytest.mark.parametrize("form", CHAINS, ids=lambda form: form.name)
def test_a_chain_is_told_step_by_step_and_only_where_that_is_not_switched_off(form: Form) -> None:
    (told,) = found(form.guilty)
    assert next(step.path for step in told.steps) == "app/domain/m.py"
    assert told.steps[-1].message.endswith("imports app.infrastructure.db")
    assert len(told.steps) == len(form.guilty)
    assert found(form.guilty, LayerSettings(transitive=False)) == ()


@pytest.mark.positive
@pytest.mark.parametrize(
    "form",
    [form for form in STATEMENTS if isinstance(form.guilty, str) and "\\" not in form.guilty],
    ids=lambda form: form.name,
)
def test_a_reason_on_the_line_allows_it_and_only_it(form: Form) -> None:
    """The comment stands at the end of the statement."""
    text = str(form.guilty)
    lines = text.replace("@@", "").rstrip("\n").split("\n")
    at = next(number for number, line in enumerate(text.split("\n")) if "@@" in line)
    lines[at] += "  # jerry: allow[LES-002] it is old"
    assert found("\n".join(lines)) == ()
    assert [each.code for each in found("\n".join([*lines, "import app.infrastructure.db\n"]))] == ["layer-import"]


@pytest.mark.positive
def test_what_the_running_python_cannot_parse_is_told_with_the_reason() -> None:
    newer = [form for form in NEWER if is_newer(form.innocent)]
    assert newer
    for form in newer:
        (told,) = found(form.innocent)
        assert told.severity == "warning"
        assert "cannot parse it" in told.message
        assert told.message.endswith("its imports were read without a parser")
