"""What a change touches: file by file, and inside of files."""

from __future__ import annotations

import pytest

from jerry_git.application.settings import ReviewSettings, Settings
from tests.application.reviewing.changed import EVENTS, ORDER, lines


@pytest.mark.positive
def test_the_riskiest_stands_first_and_only_what_changed_is_told() -> None:
    before = {"shop/events.py": EVENTS, "shop/order.py": ORDER, "docs/a.md": "a"}
    after = {
        "shop/events.py": EVENTS + "class Shipped(DomainEvent): ...\n",
        "shop/order.py": ORDER.replace("event): ...", "event): return 1"),
        "docs/a.md": "b",
        "logo.svg": "",
    }
    assert lines(after, before) == [
        "critical shop/events.py:5 event class, new: Shipped by code",
        "high shop/order.py:2 aggregate: Order by code",
        "low docs/a.md documentation by code",
        "low logo.svg other file, new by code",
    ]


@pytest.mark.positive
@pytest.mark.parametrize(
    ("path", "told"),
    [
        (".jerry/schemas/placed/v1.json", "critical {} event schema, new by code"),
        (".jerry/events/2026-03/work_item-1/1.json", "low {} new stored event, new by code"),
        ("docs/decisions/ADR-1.md", "low {} decision record, new by code"),
        ("docs/decisions/README.md", "low {} documentation, new by code"),
        ("docs/conf.py", "low {} documentation, new by code"),
        ("tests/events.py", "low {} test, new by code"),
        ("shop/test_events.py", "low {} test, new by code"),
        ("shop/events_test.py", "low {} test, new by code"),
        ("shop/conftest.py", "low {} test, new by code"),
        ("setup.cfg", "low {} other file, new by code"),
    ],
)
def test_a_file_may_be_known_by_its_place(path: str, told: str) -> None:
    assert lines({path: EVENTS}) == [told.format(path)]


@pytest.mark.positive
@pytest.mark.parametrize("text", ["", "changed"], ids=["gone", "changed"])
def test_a_stored_event_that_is_not_as_it_was_is_critical(text: str) -> None:
    path = ".jerry/events/2026-03/work_item-1/1.json"
    how = "" if text else ", gone"
    assert lines({path: text} if text else {}, {path: "x"}) == [f"critical {path} stored event{how} by code"]


@pytest.mark.positive
def test_an_event_class_that_is_gone_is_critical_and_known_by_the_files_of_its_time() -> None:
    """Its base, in another file, is gone as well."""
    before = {
        "shop/base.py": "class DomainEvent: ...\n",
        "shop/a.py": "from shop.base import *\nclass A(DomainEvent): ...\n",
    }
    assert lines({"shop/kept.py": ""}, {**before, "shop/kept.py": ""}) == [
        "critical shop/a.py event class, gone: A by code",
        "critical shop/base.py event class, gone: DomainEvent by code",
    ]


@pytest.mark.positive
def test_a_file_that_was_renamed_is_one_that_is_gone_and_one_that_is_new() -> None:
    assert lines({"b.py": ORDER}, {"a.py": ORDER}) == [
        "high a.py aggregate, gone: Order by code",
        "high b.py:2 aggregate, new: Order by code",
    ]


@pytest.mark.positive
def test_a_class_that_no_longer_is_an_event_was_one() -> None:
    assert lines({"a.py": "class A: ..."}, {"a.py": "class A(Event): ..."}) == [
        "critical a.py:1 event class: A by code"
    ]


@pytest.mark.positive
def test_comments_docstrings_and_layout_are_no_change_of_what_is_there() -> None:
    after = '''
        """About orders."""
        class Order:
            """It counts."""
            # the only place
            def _apply(self, event):
                """Never refuses."""
                ...

            def collect_events(self):  ...
        '''
    assert lines({"order.py": after}, {"order.py": ORDER}) == ["low order.py comments and layout alone by code"]


@pytest.mark.positive
def test_a_helper_is_a_part_of_what_uses_it_in_the_same_module() -> None:
    code = "from shop import base\nLIMIT = {}\ndef _check(): return LIMIT\nclass A(Event):\n    check = _check()\n"
    assert lines({"a.py": code.format(2)}, {"a.py": code.format(1)}) == [
        "critical a.py:2 event class: LIMIT (of A) by code"
    ]


@pytest.mark.positive
def test_an_import_counts_where_it_brings_another_thing_and_where_it_is_all_that_changed() -> None:
    code = "from {} import Base\nclass A(Base, Event): ...\n"
    assert lines({"a.py": code.format("y")}, {"a.py": code.format("x")}) == [
        "critical a.py:1 event class: Base (of A) by code"
    ]
    assert lines({"a.py": "import re\nimport os.path as p\n"}, {"a.py": "import ast\n"}) == [
        "low a.py:1 other code: re, p, ast by code"
    ]
    assert lines({"a.py": "import re\nx = 2\n"}, {"a.py": "x = 1\n"}) == ["low a.py:2 other code: x by code"]


@pytest.mark.positive
def test_code_in_conditions_and_handlers_is_looked_into() -> None:
    code = """
    if {}:
        class A(Event): ...
    else:
        x: int = 1
    try:
        x += 1
    except ValueError:
        a, b = 1, 2
    for each in x:
        print(each)
    """
    assert lines({"a.py": code.format("new")}, {"a.py": code.format("old")}) == ["low a.py:2 other code by code"]
    changed = code.replace("1, 2", "1, 3").replace("x += 1", "x += 2").format("old")
    assert lines({"a.py": changed}, {"a.py": code.format("old")}) == ["low a.py:5 other code: x, a, b by code"]


@pytest.mark.positive
def test_an_assignment_to_an_attribute_of_a_class_is_a_change_of_the_class() -> None:
    after = ORDER + "Order.limit = 1\ncache[0] = 2\n[][0] = 1\n"
    assert lines({"a.py": after}, {"a.py": ORDER}) == [
        "high a.py:2 aggregate: Order by code",
        "low a.py:6 other code, new: cache by code",
    ]


@pytest.mark.positive
def test_of_several_configured_paths_the_one_with_the_most_letters_decides_and_then_the_riskiest() -> None:
    review = ReviewSettings(
        critical=("sql/**",), high=("sql/*.txt",), medium=("s*l/b.*", "s*l/a.s*"), low=("sql/a.s*",)
    )
    after = {"sql/a.sql": "", "sql/b.txt": "", "sql/c.sql": "", "sql/c.txt": "", "a.py": EVENTS}
    assert lines(after, settings=Settings(review=review)) == [
        "critical a.py:2 event class, new: DomainEvent, Placed by code",
        "critical sql/c.sql other file, new by path sql/**",
        "high sql/b.txt documentation, new by path sql/*.txt",
        "high sql/c.txt documentation, new by path sql/*.txt",
        "low sql/a.sql other file, new by path sql/a.s*",
    ]


@pytest.mark.positive
def test_a_configured_path_lowers_what_the_code_says_as_well() -> None:
    assert lines({"gen/a.py": EVENTS}, settings=Settings(review=ReviewSettings(low=("gen",)))) == [
        "low gen/a.py:2 event class, new: DomainEvent, Placed by path gen"
    ]


SETS = "[tool.jerry.review]\nlow = ['**']\n"


@pytest.mark.positive
def test_the_settings_of_the_guards_are_not_lowered_by_what_they_set() -> None:
    settings = Settings(review=ReviewSettings(low=("**",)))
    assert lines({"pyproject.toml": SETS}, {"pyproject.toml": ""}, settings) == [
        "high pyproject.toml settings of the guards by code",
        "low pyproject.toml other file by path **",
    ]


@pytest.mark.positive
def test_the_settings_of_the_guards_may_be_raised() -> None:
    settings = Settings(review=ReviewSettings(critical=("*.toml",)))
    assert "critical pyproject.toml settings of the guards, gone by path *.toml" in lines(
        {}, {"pyproject.toml": SETS}, settings
    )


@pytest.mark.positive
def test_settings_in_the_folder_of_jerry_are_settings_of_the_guards() -> None:
    assert lines({".jerry/config.toml": "review.low = ['x']"})[0] == (
        "high .jerry/config.toml settings of the guards, new by code"
    )


@pytest.mark.negative
@pytest.mark.parametrize("text", ["[project]\nname = 'x'\n", "tool = 1\n"], ids=["another table", "no table"])
def test_other_settings_are_just_a_file(text: str) -> None:
    assert lines({"pyproject.toml": text}) == ["low pyproject.toml other file, new by code"]


@pytest.mark.negative
def test_settings_that_cannot_be_read_any_more_are_a_change_of_them() -> None:
    assert lines({"pyproject.toml": "["}, {"pyproject.toml": SETS})[0].startswith("high pyproject.toml settings")


@pytest.mark.negative
def test_nothing_is_touched_where_nothing_differs() -> None:
    assert lines({"a.py": EVENTS}, {"a.py": EVENTS}) == []


@pytest.mark.negative
@pytest.mark.parametrize("text", ["def (", "gone", "\0"], ids=["not Python", "not here", "no text"])
def test_code_that_cannot_be_read_is_high_and_what_it_was_before_counts(text: str) -> None:
    assert lines({"a.py": text}) == ["high a.py code that cannot be read, new by code"]
    assert lines({"a.py": text}, {"a.py": EVENTS}) == [
        "critical a.py event class, gone: DomainEvent, Placed by code",
        "high a.py code that cannot be read by code",
    ]


@pytest.mark.edge
@pytest.mark.parametrize("path", ["code/things.py", "tools/my-tool.py"], ids=["of Python's own name", "no module"])
def test_a_file_that_nothing_can_import_is_read_all_the_same(path: str) -> None:
    assert lines({path: ORDER}) == [f"high {path}:2 aggregate, new: Order by code"]


@pytest.mark.edge
def test_of_two_files_that_are_one_module_both_are_read() -> None:
    assert len(lines({"shop.py": ORDER, "src/shop.py": ORDER})) == 2


@pytest.mark.negative
def test_a_link_is_never_followed() -> None:
    assert lines({"a.py": "->b.py"}) == ["low a.py other file, new by code"]
    assert lines({"pyproject.toml": "->b.toml"}) == ["low pyproject.toml other file, new by code"]


@pytest.mark.edge
def test_code_may_be_nested_deeply() -> None:
    deep = f"x = {'-' * 80}1\n"
    assert lines({"a.py": f"x = {' + '.join('1' * 900)}\n"}, {"a.py": deep}) == ["low a.py:1 other code: x by code"]
