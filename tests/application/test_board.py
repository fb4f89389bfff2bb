"""The board: every item as its events say, and what people may call it (DESIGN 4)."""

from __future__ import annotations

import pytest

from jerry_domain.aggregates.work_item import WorkItem
from jerry_domain.events.work_item_events import CommentAdded, Created
from jerry_domain.services.items import number_of
from jerry_domain.value_objects.classification import WorkType
from jerry_domain.value_objects.display_id import DisplayId
from jerry_domain.value_objects.work_item_id import WorkItemId
from jerry_git.application import commands
from jerry_git.application.commands.handling import change
from jerry_git.application.errors import AmbiguousItemError, ItemNotFoundError, UnreadableItemError
from jerry_git.application.folding import load_board
from tests.application.acting import board, given, internal, names, state, twin
from tests.application.fakes import DamagedStore, InterleavingStore, Services, problem

LOOKALIKES = str.maketrans("10", "Io")


def renumbered(services: Services) -> str:
    """The internal id of a younger WORK-1, which has become WORK-2."""
    younger = twin(services, "WORK-1", "Younger")
    commands.renumber_duplicates(services)
    return younger


@pytest.fixture
def damaged(services: Services) -> Services:
    """WORK-1 can be read, WORK-2 cannot, and a file lies astray."""
    given(services, "Whole", "Torn")
    torn = internal(services, "WORK-2")
    services.store = DamagedStore(
        services.store, damaged={torn: problem("torn.json")}, strays=(problem("README", "not a folder"),)
    )
    return services


@pytest.mark.positive
@pytest.mark.parametrize("reference", ["WORK-1", "work-1", "Work-1"])
@pytest.mark.parametrize("find", ["find", "pick"])
def test_an_item_answers_to_its_display_id_in_any_case(services, reference, find):
    given(services, "Parser", "Lexer")
    assert getattr(board(services), find)(reference).title == "Parser"


@pytest.mark.positive
@pytest.mark.parametrize("find", ["find", "pick"])
@pytest.mark.parametrize(
    "write",
    [
        pytest.param(str, id="as it is"),
        pytest.param(str.upper, id="in capitals"),
        pytest.param(lambda text: text.translate(LOOKALIKES), id="with letters that look alike"),
    ],
)
def test_an_item_answers_to_its_internal_id(services, find, write):
    given(services, "Parser", "Lexer")
    assert getattr(board(services), find)(write(internal(services, "WORK-2"))).title == "Lexer"


@pytest.mark.positive
@pytest.mark.parametrize("find", ["find", "pick"])
def test_an_item_answers_to_its_alias(services, find):
    given(services, "Older")
    younger = twin(services, "WORK-7", "Younger")
    change(services, younger, lambda item, stamp: item.renumber(stamp, DisplayId(prefix="WORK", number=8)))
    assert getattr(board(services), find)("WORK-7").title == "Younger"


@pytest.mark.positive
def test_a_display_id_goes_before_an_alias(services):
    given(services, "Older")
    renumbered(services)
    assert board(services).pick("WORK-1").title == "Older"
    assert board(services).pick("WORK-2").aliases == ("WORK-1",)


@pytest.mark.positive
def test_reads_take_a_unique_prefix_of_an_internal_id(services):
    given(services, "Parser")
    assert board(services).find(internal(services, "WORK-1")[:5].upper()).title == "Parser"


@pytest.mark.positive
def test_of_twins_the_older_is_read(services):
    given(services, "Older")
    twin(services, "WORK-1", "Younger")
    assert board(services).find("WORK-1").title == "Older"


@pytest.mark.positive
def test_items_come_in_the_order_of_their_making_and_deleted_ones_stay(services):
    given(services, "First", "Second", "Third")
    commands.delete(services, "WORK-2")
    assert names(board(services).items.values()) == ["WORK-1", "WORK-2", "WORK-3"]
    assert state(services, "WORK-2").deleted


@pytest.mark.positive
def test_the_highest_number_counts_aliases_too(services):
    given(services, "Parser")
    change(
        services, twin(services, "WORK-9"), lambda item, stamp: item.renumber(stamp, DisplayId(prefix="WORK", number=3))
    )
    assert board(services).items.highest_number() == 9


@pytest.mark.positive
def test_a_bad_file_costs_its_own_item_and_no_other(damaged):
    found = load_board(damaged.store)
    assert names(found.items.values()) == ["WORK-1"]
    assert [item.path for item in found.problems] == ["README", "torn.json"]
    assert len(found.broken) == 1


@pytest.mark.negative
@pytest.mark.parametrize("find", ["find", "pick"])
def test_an_item_that_cannot_be_read_says_why(damaged, find):
    (torn,) = load_board(damaged.store).broken
    with pytest.raises(UnreadableItemError) as refusal:
        getattr(load_board(damaged.store), find)(torn.upper())
    assert refusal.value.problems == (problem("torn.json"),)


@pytest.mark.negative
def test_writes_refuse_an_id_of_several_items_and_name_them(services):
    given(services, "Older")
    younger = twin(services, "WORK-1", "Younger")
    with pytest.raises(AmbiguousItemError) as refusal:
        board(services).pick("work-1")
    assert [item.title for item in refusal.value.candidates] == ["Older", "Younger"]
    assert board(services).pick(younger).title == "Younger"


@pytest.mark.negative
def test_reads_refuse_a_prefix_of_several_items_and_name_them(services):
    given(services, "Parser", "Lexer")
    with pytest.raises(AmbiguousItemError) as refusal:
        board(services).find(internal(services, "WORK-1")[:4])
    assert [item.title for item in refusal.value.candidates] == ["Parser", "Lexer"]


@pytest.mark.negative
def test_writes_refuse_a_prefix_though_it_be_unique(services):
    given(services, "Parser")
    with pytest.raises(ItemNotFoundError):
        board(services).pick(internal(services, "WORK-1")[:12])


@pytest.mark.negative
@pytest.mark.parametrize("reference", ["", " ", "WORK", "WORK-0", "WORK-01", "WORK-9", "-1", "zzzz", "WORK-1 "])
@pytest.mark.parametrize("find", ["find", "pick"])
def test_what_nobody_is_called_is_not_found(services, reference, find):
    given(services, "Parser")
    with pytest.raises(ItemNotFoundError):
        getattr(board(services), find)(reference)


@pytest.mark.negative
def test_suggestions_are_display_ids_that_look_alike_and_are_not_deleted(services):
    given(services, *(f"Item {number}" for number in range(1, 13)))
    commands.delete(services, "WORK-11")
    with pytest.raises(ItemNotFoundError) as refusal:
        board(services).find("wrok-12")
    assert "WORK-12" in refusal.value.similar
    assert "WORK-11" not in refusal.value.similar
    assert len(refusal.value.similar) <= 3


@pytest.mark.edge
def test_an_empty_store_is_an_empty_board(services):
    empty = load_board(services.store)
    assert (dict(empty.items), empty.problems, empty.items.highest_number()) == ({}, (), 0)


@pytest.mark.edge
def test_an_item_without_its_creation_is_called_by_its_internal_id_and_is_incomplete(services):
    item_id = str(WorkItemId.compose(1, 1))
    comment = CommentAdded(event_id="c", occurred_at=services.clock.now(), actor="Ada", text="Half of it")
    services.store.append(f"{WorkItem.category}-{item_id}", [comment], 0)
    found = board(services)
    assert found.incomplete == {item_id}
    assert found.name(item_id) == item_id
    assert found.find(item_id).comments[0].text == "Half of it"


@pytest.mark.edge
@pytest.mark.parametrize("text", ["ticket 7", "", "WORK-x"])
def test_a_display_id_of_another_writer_has_number_0(services, text):
    item_id = str(WorkItemId.compose(1, 1))
    created = Created(
        event_id="c", occurred_at=services.clock.now(), actor="Ada", display_id=text, work_type=WorkType.TASK, title="x"
    )
    services.store.append(f"{WorkItem.category}-{item_id}", [created], 0)
    assert (number_of(text), board(services).items.highest_number()) == (0, 0)


@pytest.mark.edge
def test_a_name_for_an_item_that_is_not_here_is_the_internal_id(services):
    assert board(services).name("0000000000001") == "0000000000001"


@pytest.mark.edge
def test_a_stream_that_was_empty_when_it_was_looked_at_is_no_item(services):
    given(services, "Parser")

    class Emptied(InterleavingStore):
        def scan(self, category):
            for scan in self.inner.scan(category):
                yield type(scan)(stream=scan.stream, events=(), problems=())

    assert not load_board(Emptied(services.store)).items
