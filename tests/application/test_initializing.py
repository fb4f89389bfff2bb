"""Setting up a repository: once, the same in every clone, and never another prefix (ADR-019)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import pytest

from jerry_domain.errors import InvalidValueError
from jerry_git.application.errors import IdentityError, NotInitializedError, PrefixFixedError
from jerry_git.application.initializing import NAMESPACE, RepositoryIdentity, identity_for, initialize

DRAWN = UUID(int=7)


@dataclass
class FakeFolder:
    """A `.jerry` folder in memory, of which `files` files are missing."""

    present: RepositoryIdentity | None = None
    files: int = 2
    damage: Exception | None = None

    def identity(self):
        if self.damage is not None:
            raise self.damage
        if self.present is None:
            raise NotInitializedError("/repo")
        return self.present

    def write_missing(self, identity):
        self.present = identity
        written, self.files = [f"file {number}" for number in range(self.files)], 0
        return written


def draw() -> UUID:
    return DRAWN


@pytest.mark.positive
def test_the_id_follows_from_the_first_commit():
    identity, written = initialize(FakeFolder(), lambda: ["abc", "def"], draw, None)
    assert identity == identity_for("abc", "WORK")
    assert written == ["file 0", "file 1"]


@pytest.mark.positive
def test_two_clones_that_set_up_apart_agree():
    ids = {initialize(FakeFolder(), lambda: ["abc"], draw, None)[0].source for _ in range(2)}
    assert ids == {f"urn:uuid:{identity_for('abc', 'ANY').repository_id}"}


@pytest.mark.positive
def test_another_history_has_another_id():
    assert identity_for("abc", "WORK").repository_id != identity_for("abd", "WORK").repository_id
    assert identity_for("abc", "WORK").repository_id.version == 5


@pytest.mark.positive
def test_the_prefix_is_written_in_capitals():
    assert initialize(FakeFolder(), lambda: ["abc"], draw, "app")[0].prefix == "APP"


@pytest.mark.edge
def test_without_commits_the_id_is_drawn():
    assert initialize(FakeFolder(), list, draw, None)[0] == identity_for(str(DRAWN), "WORK")


@pytest.mark.positive
@pytest.mark.parametrize("prefix", [None, "WORK", "work"])
def test_a_second_time_changes_nothing_and_completes_what_is_missing(prefix):
    folder = FakeFolder(present=identity_for("abc", "WORK"), files=1)
    assert initialize(folder, lambda: pytest.fail("not asked"), draw, prefix) == (folder.present, ["file 0"])
    assert initialize(folder, lambda: pytest.fail("not asked"), draw, prefix) == (folder.present, [])


@pytest.mark.negative
def test_another_prefix_is_refused():
    folder = FakeFolder(present=identity_for("abc", "WORK"))
    with pytest.raises(PrefixFixedError) as refusal:
        initialize(folder, list, draw, "APP")
    assert (refusal.value.prefix, folder.files) == ("WORK", 2)


@pytest.mark.negative
@pytest.mark.parametrize("prefix", ["", "1A", "A-B", "Ä", "TOOLONGPREFIX", "a b"])
def test_a_prefix_that_could_not_be_read_again_is_refused(prefix):
    folder = FakeFolder()
    with pytest.raises(InvalidValueError):
        initialize(folder, lambda: ["abc"], draw, prefix)
    assert folder.present is None


@pytest.mark.negative
def test_a_damaged_folder_is_not_set_up_over():
    folder = FakeFolder(damage=IdentityError(".jerry/repository.json", "not JSON"))
    with pytest.raises(IdentityError):
        initialize(folder, list, draw, None)
    assert folder.files == 2


@pytest.mark.positive
def test_the_namespace_is_pinned_for_ever():
    assert str(NAMESPACE) == "6f0a4d0e-3f0c-5a53-9a5e-0a7f2c3d1b42"
    assert str(identity_for("abc", "WORK").repository_id) == "28cfd5eb-e70c-5aaf-aa3c-000cce5e8d3f"
