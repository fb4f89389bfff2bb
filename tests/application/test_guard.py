"""Which sources a hook and a push are about."""

from __future__ import annotations

import pytest

from jerry_domain.events.work_item_events import Created, StatusChanged
from jerry_domain.value_objects.classification import WorkType
from jerry_domain.value_objects.status import WorkItemStatus
from jerry_git.application.checking.guard import Guard, Push, RefUpdate, append_only, everything, transitions
from jerry_git.application.settings import Settings
from jerry_git.infrastructure.persistence.event_file_reader import CloudEventFileReader
from jerry_git.testing.histories import happened
from tests.application.sources import MemorySource, files_of

CREATED = happened(Created, "one", display_id="WORK-1", work_type=WorkType.TASK, title="one")
WRONG = happened(StatusChanged, "bad", from_status=WorkItemStatus.PENDING, to_status=WorkItemStatus.DONE)
FILES = {
    **files_of([CREATED, WRONG]),
    **files_of([happened(Created, "twin", display_id="WORK-1", work_type=WorkType.TASK, title="t")], 1),
}


class AskedSources:
    """Sources that are all the same, and remember what they were asked for."""

    def __init__(self) -> None:
        self.asked: list[object] = []
        self.source = MemorySource(FILES, {"gone.sql": b"x"})

    def index(self, published):
        self.asked.append(("index", published))
        return self.source

    def range(self, text):
        self.asked.append(("range", text))
        return self.source

    def pushes(self, updates, remote):
        self.asked.append(("pushes", [update.local for update in updates], remote))
        return [Push(self.source)]

    def possible_pushes(self, remote, known):
        self.asked.append(("possible", remote, known))
        return [Push(self.source), Push(self.source, certain=False)]


@pytest.fixture
def sources():
    return AskedSources()


@pytest.fixture
def guard(sources):
    settings = Settings(published="origin/main", append_only_paths=("*.sql",))
    return Guard(sources, CloudEventFileReader(), settings)


def codes(reports):
    return [[(finding.code, finding.severity) for finding in report.findings] for report in reports]


@pytest.mark.positive
def test_a_hook_is_about_the_index(guard, sources):
    list(guard.hooked(everything, {}))
    assert sources.asked == [("index", "origin/main")]


@pytest.mark.positive
def test_a_hook_that_is_given_two_ends_is_about_their_range(guard, sources):
    list(guard.hooked(everything, {"PRE_COMMIT_FROM_REF": "a", "PRE_COMMIT_TO_REF": "b"}))
    assert sources.asked == [("range", "a..b")]


@pytest.mark.positive
def test_a_hook_of_a_push_is_about_every_branch_that_may_be_pushed(guard, sources):
    environment = {
        "PRE_COMMIT_REMOTE_NAME": "origin",
        "PRE_COMMIT_FROM_REF": "a",
        "PRE_COMMIT_TO_REF": "b",
        "PRE_COMMIT_LOCAL_BRANCH": "refs/heads/x",
        "PRE_COMMIT_REMOTE_BRANCH": "refs/heads/y",
    }
    list(guard.hooked(everything, environment))
    assert sources.asked == [("possible", "origin", RefUpdate("refs/heads/x", "b", "refs/heads/y", "a"))]


@pytest.mark.edge
@pytest.mark.parametrize("local", ["", "refs/heads/x"])
def test_on_a_first_push_the_framework_names_little(guard, sources, local):
    list(guard.hooked(everything, {"PRE_COMMIT_REMOTE_NAME": "origin", "PRE_COMMIT_LOCAL_BRANCH": local}))
    assert sources.asked == [("possible", "origin", RefUpdate(local, local, "", "0") if local else None)]


@pytest.mark.positive
def test_what_may_not_be_pushed_is_warned_of(guard):
    certain, uncertain = codes(guard.hooked(append_only, {"PRE_COMMIT_REMOTE_NAME": "origin"}))
    assert certain == [("published-deleted", "error")]
    assert uncertain == [("published-deleted", "warning")]


@pytest.mark.positive
def test_git_names_every_ref_of_a_push(guard, sources):
    updates = [RefUpdate("refs/heads/a", "1", "refs/heads/a", "0")]
    assert len(list(guard.pushed(everything, updates, "origin"))) == 1
    assert sources.asked == [("pushes", ["refs/heads/a"], "origin")]


@pytest.mark.positive
def test_a_line_of_the_hooks_input_is_an_update():
    assert RefUpdate.parse("refs/heads/a 1 refs/heads/b 0\n") == RefUpdate("refs/heads/a", "1", "refs/heads/b", "0")


@pytest.mark.negative
@pytest.mark.parametrize("line", ["", "a b c", "a b c d e"])
def test_another_line_is_none(line):
    assert RefUpdate.parse(line) is None


@pytest.mark.positive
def test_each_hook_tells_its_own_rules(guard):
    told = {
        rules: {code for code, _ in codes(guard.hooked(rules, {}))[0]}
        for rules in (append_only, transitions, everything)
    }
    assert told[append_only] == {"published-deleted"}
    assert told[transitions] == {"illegal-transition"}
    assert told[everything] == {"published-deleted", "illegal-transition", "duplicate-display-id"}


@pytest.mark.positive
def test_a_check_by_hand_may_be_about_everything(guard):
    assert guard.checked(MemorySource(FILES, FILES), whole=False).files == 0
    assert guard.checked(MemorySource(FILES, FILES), whole=True).files == 3
