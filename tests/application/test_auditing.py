"""What an audit finds in a history, told step by step without git (DESIGN 3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from jerry_git.application.auditing import FOLDER, AuditReport, Difference, Signature, Step, audit
from jerry_git.application.checking.sources import LINK, SUBMODULE, Entry
from tests.application.fakes import NOON

PATH = ".jerry/events/2026-03/s/00000001-a.json"
ADA = "Ada <ada@example.org>"


def entry(blob: str, mode: str = "100644", path: str = PATH) -> Entry:
    return Entry(path, mode, blob)


ONE, TWO = entry("one"), entry("two")
LINKED, GITLINK, DIRECTORY = entry("one", LINK), entry("one", SUBMODULE), entry("one", FOLDER)


def step(name: str, *differences: Difference, signed: bool = False) -> Step:
    return Step(commit=name * 40, author=ADA, at=NOON, signed=signed, differences=differences)


def added(file: Entry) -> Difference:
    return Difference(file, (None,))


@dataclass
class ToldHistory:
    """A history of given steps; `asked` notes for which commits signatures were asked."""

    told: Sequence[Step]
    answers: Mapping[str, Signature] = field(default_factory=dict)
    asked: list[Sequence[str]] = field(default_factory=list)
    revision: str = "f" * 40

    @property
    def commits(self) -> int:
        return len(self.told)

    def steps(self) -> Iterator[Step]:
        yield from self.told

    def signatures(self, commits: Sequence[str]) -> Mapping[str, Signature]:
        self.asked.append(commits)
        return {commit: self.answers[commit[0]] for commit in commits if commit[0] in self.answers}


def audited(*steps: Step, **answers: Signature) -> AuditReport:
    return audit(ToldHistory(steps, answers))


def codes(*steps: Step) -> list[str]:
    return [found.code for found in audited(*steps).findings]


@pytest.mark.positive
def test_a_file_that_was_added_once_is_told_with_its_commit():
    report = audited(step("a", Difference(ONE)), step("b"))
    (addition,) = report.additions
    assert (addition.path, addition.blob, addition.commit) == (PATH, "one", "a" * 40)
    assert (addition.author, addition.at, addition.signature) == (ADA, NOON, "none")
    assert (report.revision, report.commits, report.files, report.findings) == ("f" * 40, 2, 1, ())


@pytest.mark.positive
@pytest.mark.parametrize(
    "difference",
    [
        pytest.param(Difference(ONE, (None, ONE)), id="a merge takes a file over from a branch"),
        pytest.param(Difference(entry("one", "100755"), (ONE,)), id="a file becomes executable"),
        pytest.param(Difference(DIRECTORY, (None,)), id="a folder is new"),
        pytest.param(Difference(entry("new", FOLDER), (DIRECTORY,)), id="a folder has more in it"),
        pytest.param(Difference(None, (DIRECTORY,)), id="a folder is empty now: its files are told by themselves"),
        pytest.param(Difference(LINKED, (LINKED, None)), id="a link is taken over, which was told when it was added"),
        pytest.param(Difference(None, (LINKED,)), id="a link is removed"),
    ],
)
def test_nothing_is_found_and_nothing_was_added_when(difference):
    report = audited(step("a", difference))
    assert (report.findings, report.additions) == ((), ())


@pytest.mark.positive
def test_the_same_content_added_by_several_commits_is_fine_and_counted():
    report = audited(step("a", added(ONE)), step("b", added(ONE)), step("c", added(ONE)))
    assert (report.findings, report.files, report.repeated) == ((), 1, 1)
    assert [addition.commit[0] for addition in report.additions] == ["a", "b", "c"]


@pytest.mark.positive
def test_signatures_are_asked_for_once_and_only_of_signed_commits_that_add_files():
    other = entry("x", path="other")
    history = ToldHistory(
        [
            step("a", added(ONE), added(other), signed=True),
            step("b", signed=True),
            step("c", added(TWO)),
            step("d", Difference(None, (TWO,)), signed=True),
        ],
        {"a": "good"},
    )
    report = audit(history)
    assert history.asked == [["a" * 40]]
    assert [addition.signature for addition in report.additions] == ["good", "good", "none"]


@pytest.mark.positive
def test_commits_are_counted_by_signature_the_most_frequent_first():
    files = [entry(name, path=name) for name in "abcd"]
    steps = [step(file.path, added(file), signed=file.path != "a") for file in files]
    steps.append(step("d", added(entry("e", path="e")), signed=True))
    report = audited(*steps, b="bad", c="good", d="good")
    assert list(report.by_signature.items()) == [("good", 2), ("none", 1), ("bad", 1)]


@pytest.mark.positive
def test_progress_is_told_after_each_commit():
    seen = []
    audit(ToldHistory([step("a"), step("b", added(ONE))]), lambda: seen.append("."))
    assert seen == [".", "."]


@pytest.mark.positive
def test_an_empty_history_is_clean():
    report = audited()
    assert (report.commits, report.files, report.repeated, report.by_signature) == (0, 0, 0, {})


@pytest.mark.positive
@pytest.mark.parametrize(
    ("difference", "code", "message"),
    [
        pytest.param(Difference(None, (ONE,)), "event-deleted", "was deleted", id="a file is gone"),
        pytest.param(Difference(None, (None, ONE)), "event-deleted", "was deleted", id="a merge drops a file"),
        pytest.param(Difference(TWO, (ONE,)), "event-modified", "was modified", id="a file has other content"),
        pytest.param(Difference(TWO, (TWO, ONE)), "event-modified", "was modified", id="a merge prefers one content"),
        pytest.param(
            Difference(LINKED, (ONE,)), "event-replaced", "was replaced by a symbolic link", id="a link is in its place"
        ),
        pytest.param(
            Difference(GITLINK, (ONE,)), "event-replaced", "was replaced by a submodule", id="a submodule in its place"
        ),
        pytest.param(
            Difference(DIRECTORY, (ONE,)), "event-replaced", "was replaced by a folder", id="a folder is in its place"
        ),
        pytest.param(
            Difference(entry("one", "070000"), (ONE,)),
            "event-replaced",
            "was replaced by an entry of mode 070000",
            id="nobody knows what is in its place",
        ),
        pytest.param(
            Difference(LINKED, (None,)), "symbolic-link", "was added as a symbolic link", id="a link is added"
        ),
        pytest.param(Difference(GITLINK), "not-a-file", "was added as a submodule", id="a submodule is added"),
        pytest.param(
            Difference(entry("two", LINK), (LINKED,)),
            "symbolic-link",
            "was added as a symbolic link",
            id="a link leads elsewhere",
        ),
    ],
)
def test_it_is_found_that(difference, code, message):
    (found,) = audited(step("a", difference)).findings
    assert (found.code, found.path, found.severity) == (code, PATH, "error")
    assert found.message == f"{message} in aaaaaaaa, by {ADA} on 2026-03-02"
    assert found.mend == f"git show -m aaaaaaaa -- {PATH}"


@pytest.mark.positive
def test_other_content_added_under_the_same_name_is_found():
    report = audited(step("a", added(ONE)), step("b", added(TWO)))
    (found,) = report.findings
    assert (found.code, found.path) == ("added-twice", PATH)
    assert found.message.startswith("was added otherwise in aaaaaaaa, and again in bbbbbbbb, by ")
    assert (report.files, report.repeated) == (1, 0)


@pytest.mark.positive
def test_a_file_that_comes_back_does_not_hide_that_it_was_gone():
    assert codes(step("a", added(ONE)), step("b", Difference(None, (ONE,))), step("c", added(ONE))) == ["event-deleted"]


@pytest.mark.edge
def test_a_file_that_several_parents_have_is_told_once():
    assert codes(step("a", Difference(None, (ONE, ONE, TWO)))) == ["event-deleted"]


@pytest.mark.positive
def test_a_file_in_the_place_of_a_link_is_an_addition():
    assert codes(step("a", added(ONE)), step("b", Difference(TWO, (LINKED,)))) == ["added-twice"]


@pytest.mark.edge
def test_a_signature_of_which_git_says_nothing_cannot_be_checked():
    (addition,) = audited(step("a", added(ONE), signed=True)).additions
    assert addition.signature == "cannot-check"


@pytest.mark.positive
def test_a_path_with_blanks_is_quoted_for_the_shell():
    (found,) = audited(step("a", Difference(entry("x", LINK, "a b")))).findings
    assert found.mend == "git show -m aaaaaaaa -- 'a b'"
