"""The checklists: what is asked, and what the checks have said."""

from __future__ import annotations

import json

import pytest

from jerry_git.application.checking.findings import finding
from jerry_git.application.layers.checking import LayerCheck
from jerry_git.application.layers.scans import DirectScans
from jerry_git.application.reviewing.checklist import Answer, Question
from jerry_git.application.reviewing.rendering import document, github, markdown, verdict
from jerry_git.application.reviewing.reviewing import Review, review
from jerry_git.application.reviewing.tiers import Kind, Tier, Touch
from jerry_git.application.settings import ReviewSettings, SchemaSettings, Settings
from jerry_git.infrastructure.persistence.event_file_reader import CloudEventFileReader
from tests.application.reviewing.changed import EVENTS, ORDER, source

READER = CloudEventFileReader()


def reviewed(after: dict[str, str], before: dict[str, str] | None = None, settings: Settings | None = None) -> Review:
    return review(source(after, before), READER, settings or Settings(), LayerCheck(DirectScans()))


def answers(found: Review) -> dict[str, tuple[str, str]]:
    return {answer.question.key: (answer.outcome, answer.note) for answer in found.answers}


@pytest.mark.positive
@pytest.mark.parametrize(
    ("files", "tier", "keys"),
    [
        ({"a.py": EVENTS}, Tier.CRITICAL, ["decision-record", "past-tense", "schema-contract", "store", "consumers"]),
        (
            {"a.py": ORDER},
            Tier.HIGH,
            ["aggregate-boundaries", "layer-boundaries", "history", "port-contract", "language"],
        ),
        ({"handlers.py": "x = 1"}, Tier.MEDIUM, ["idempotency", "thin-handlers", "failures"]),
        ({"a.md": ""}, Tier.LOW, ["tests", "rebuilding", "words"]),
    ],
)
def test_each_tier_asks_its_own_questions(files: dict[str, str], tier: Tier, keys: list[str]) -> None:
    found = reviewed(files)
    assert (found.tier, list(answers(found))) == (tier, keys)


@pytest.mark.positive
def test_the_questions_of_all_tiers_that_are_touched_are_asked() -> None:
    found = reviewed({"a.py": ORDER, "a.md": ""})
    assert {answer.question.tier for answer in found.answers} == {Tier.HIGH, Tier.LOW}


@pytest.mark.positive
def test_a_critical_change_with_a_decision_record_and_tests_passes() -> None:
    found = reviewed({"a.py": EVENTS, "docs/adr/0001-events.md": "", "tests/test_a.py": "", "tests/b.py": ""})
    assert not found.is_refused
    assert answers(found) | {"consumers": ("human", "")} == answers(found)
    assert answers(found)["decision-record"] == ("passed", "docs/adr/0001-events.md")
    assert answers(found)["past-tense"] == ("passed", "Placed")
    assert answers(found)["schema-contract"] == ("passed", "")
    assert answers(found)["store"] == ("passed", "")
    assert answers(found)["tests"] == ("passed", "2 files of tests in the change")


@pytest.mark.positive
def test_where_decision_records_lie_can_be_set() -> None:
    settings = Settings(review=ReviewSettings(decisions=("why",)))
    found = reviewed({"a.py": EVENTS, "why/1.md": ""}, settings=settings)
    assert answers(found)["decision-record"] == ("passed", "why/1.md")


@pytest.mark.positive
@pytest.mark.parametrize("code", ["class Placed(Event):\n    total: int\n", ""], ids=["changed", "gone"])
def test_an_event_that_is_not_new_keeps_its_name(code: str) -> None:
    found = reviewed({"a.py": code}, {"a.py": "class Placed(Event): ...\nclass ShipOrder(Event): ...\n"})
    assert answers(found)["past-tense"] == ("passed", "no event is new")


@pytest.mark.positive
def test_an_event_that_is_moved_keeps_its_name() -> None:
    code = "class ShipOrder(Event): ...\n"
    assert answers(reviewed({"b.py": code}, {"a.py": code}))["past-tense"] == ("passed", "no event is new")


@pytest.mark.positive
def test_a_base_class_a_private_one_and_a_helper_are_no_new_names_of_events() -> None:
    found = reviewed(
        {"a.py": "class Event: ...\nclass _Send(Event): ...\nsend = 1\nclass Sent(Event):\n    x = send\n"}
    )
    assert answers(found)["past-tense"] == ("passed", "Sent")


@pytest.mark.negative
@pytest.mark.parametrize(
    "before",
    [{"docs/adr/1.md": ""}, {"docs/adr/1.md": "", "docs/adr/2.md": ""}],
    ids=["the record stood before", "a record is gone"],
)
def test_a_critical_change_without_a_decision_record_is_refused(before: dict[str, str]) -> None:
    found = reviewed({"a.py": EVENTS, "docs/adr/1.md": "", "docs/adr/README.md": ""}, before)
    assert answers(found)["decision-record"] == ("failed", "none is in the change")
    assert found.is_refused


@pytest.mark.negative
def test_a_new_event_that_is_named_like_a_command_is_refused() -> None:
    found = reviewed({"a.py": "class Dog:\n  class FeedDog(Event): ...\n  class SendDog(Event): ...\n"})
    assert answers(found)["past-tense"] == ("failed", "not in the past tense: Dog.SendDog")


@pytest.mark.negative
def test_an_alteration_of_what_was_published_fails_whatever_the_tier() -> None:
    settings = Settings(append_only_paths=("notes.md",), severities={"schema-misplaced": "warning"})
    found = reviewed({"notes.md": "b"}, {"notes.md": "a"}, settings)
    assert (found.tier, answers(found)["store"]) == (Tier.LOW, ("failed", "1 error"))
    assert [fault.code for answer in found.answers for fault in answer.findings] == ["published-modified"]


@pytest.mark.negative
def test_a_breach_of_the_schema_contract_is_told_once() -> None:
    path = ".jerry/schemas/placed/v1.json"
    found = reviewed({path: '{"type": "object"}', ".jerry/schemas/a.txt": ""}, {path: '{"type": "array"}'})
    failed = {answer.question.key: answer.note for answer in found.answers if answer.outcome == "failed"}
    assert failed == {"decision-record": "none is in the change", "schema-contract": "1 error, 1 warning"}


@pytest.mark.positive
def test_what_only_warns_passes_with_the_warning() -> None:
    settings = Settings(schemas=SchemaSettings(modules=("a",)), severities={"schema-unpublished": "warning"})
    code = "from dataclasses import dataclass\n@dataclass\nclass Placed:\n    order: str\n"
    assert answers(reviewed({"a.py": code}, settings=settings))["schema-contract"] == ("passed", "1 warning")


@pytest.mark.edge
def test_what_a_name_does_not_tell_and_missing_tests_are_for_a_human() -> None:
    found = answers(reviewed({"a.py": "class Overdue(Event): ...", "a.md": ""}, {}))
    assert found["past-tense"] == ("human", "cannot be told of Overdue")
    assert found["tests"] == ("human", "no test is in the change")
    assert answers(reviewed({}, {"tests/a.py": ""}))["tests"] == ("human", "no test is in the change")


@pytest.mark.positive
def test_of_one_file_of_tests_there_is_one() -> None:
    assert answers(reviewed({"tests/a.py": ""}))["tests"] == ("passed", "1 file of tests in the change")


@pytest.mark.negative
def test_where_nothing_changed_nothing_is_asked() -> None:
    found = reviewed({"a.py": EVENTS}, {"a.py": EVENTS})
    assert found == Review("memory")
    assert (found.tier, found.is_refused, verdict(found)) == (None, False, "nothing to review in memory")
    assert markdown(found) == "### Review: nothing to review in memory\n"
    assert json.loads(document(found))["reviewers"] is None


# --- how it is printed

SAMPLE = Review(
    "HEAD~1..HEAD",
    (
        Touch(
            path="a|b`@x`.py", kind=Kind.EVENT, how="new", tier=Tier.CRITICAL, line=3, names=("A", "B", "C", "D", "E")
        ),
        Touch(path="c,\n.md", kind=Kind.DOCUMENT, how="changed", tier=Tier.LOW, pattern="*.md"),
    ),
    (
        Answer(Question("decision-record", Tier.CRITICAL, "A record"), "failed", "none"),
        Answer(
            Question("store", Tier.CRITICAL, "The store"),
            "failed",
            "2 errors",
            (
                finding("event-deleted", "is <gone>", "git checkout", "e.json"),
                finding("cycle", "A waits for A", "undo"),
            ),
        ),
        Answer(Question("tests", Tier.LOW, "Tests"), "passed"),
        Answer(Question("words", Tier.LOW, "Words")),
    ),
)


@pytest.mark.positive
def test_in_markdown_it_is_a_table_and_checklists_that_nothing_breaks_out_of() -> None:
    assert markdown(SAMPLE) == (
        "### Review: critical: a senior and an architect, with a decision record\n"
        "\n"
        "| tier | where | what | by |\n"
        "| --- | --- | --- | --- |\n"
        "| critical | a&#124;b&#96;&#64;x&#96;.py:3 | event class, new: A, B, C, D and 1 more | code |\n"
        "| low | c,&#92;n.md | documentation | path &#42;.md |\n"
        "\n"
        "**critical**\n"
        "\n"
        "- [ ] **failed:** A record (none)\n"
        "- [ ] **failed:** The store (2 errors)\n"
        "  - error: e.json: is &#60;gone&#62; (mend: git checkout)\n"
        "  - error: A waits for A (mend: undo)\n"
        "\n"
        "**low**\n"
        "\n"
        "- [x] Tests\n"
        "- [ ] Words\n"
    )


@pytest.mark.positive
def test_for_github_each_thing_above_low_is_an_annotation_on_its_file() -> None:
    assert github(SAMPLE) == (
        "::notice title=review::critical: a senior and an architect, with a decision record\n"
        "::warning file=a|b`@x`.py,line=3,title=critical review::event class, new: A, B, C, D and 1 more (by code)\n"
        "::error title=decision-record::A record (none)\n"
        "::error file=e.json,line=1,title=event-deleted::is <gone> (mend: git checkout)\n"
        "::error title=cycle::A waits for A (mend: undo)\n"
    )


@pytest.mark.positive
def test_for_programs_it_has_every_name() -> None:
    found = json.loads(document(SAMPLE))
    assert (found["schema"], found["tier"], found["refused"]) == ("jerry.review.v1", "critical", True)
    assert found["touches"][0] == {
        "path": "a|b`@x`.py",
        "line": 3,
        "tier": "critical",
        "kind": "event class",
        "how": "new",
        "names": ["A", "B", "C", "D", "E"],
        "pattern": None,
    }
    assert [answer["outcome"] for answer in found["checklist"]] == ["failed", "failed", "passed", "human"]
    assert found["checklist"][1]["findings"][0]["code"] == "event-deleted"


OLD = {"shop/domain/old.py": "import shop.infrastructure.db\n", "shop/infrastructure/db.py": "import held\n"}


@pytest.mark.positive
def test_a_change_that_breaks_a_layer_fails_whatever_its_tier() -> None:
    found = reviewed({**OLD, "shop/domain/new.py": "import shop.infrastructure.db\n"}, OLD)
    (answer,) = [each for each in found.answers if each.question.key == "layer-boundaries"]
    assert (answer.outcome, answer.note, [each.path for each in answer.findings]) == (
        "failed",
        "1 error",
        ["shop/domain/new.py"],
    )
    assert found.is_refused


@pytest.mark.positive
def test_a_module_between_that_opens_a_way_into_a_layer_fails() -> None:
    before = {**OLD, "shop/domain/user.py": "import shop.held\n", "shop/held.py": ""}
    found = reviewed({**before, "shop/held.py": "import shop.infrastructure.db\n"}, before)
    (answer,) = [each for each in found.answers if each.question.key == "layer-boundaries"]
    assert [each.code for each in answer.findings] == ["layer-chain"]


@pytest.mark.negative
def test_what_was_broken_before_is_not_the_matter_of_this_change() -> None:
    found = reviewed({**OLD, "shop/domain/new.py": ORDER}, OLD)
    assert answers(found)["layer-boundaries"] == ("passed", "")
