"""`jerry check`: what a person reads, and the exit status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jerry_git.application.checking.findings import RULES
from tests.cli.conftest import Desk


@pytest.fixture
def work(desk: Desk) -> Desk:
    """An item, committed."""
    desk.jerry("new", "One")
    desk.git("commit", "--quiet", "--message=One")
    return desk


def tamper(work: Desk) -> str:
    (file,) = work.files("WORK-1")
    file.write_text(file.read_text().replace('"One"', '"Won"'))
    return file.relative_to(work.folder).as_posix()


@pytest.mark.positive
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "nothing found in the work tree (1 event file read)\n"),
        (("--staged",), "nothing found in the index (0 event files read)\n"),
        (("--staged", "--whole"), "nothing found in the index (1 event file read)\n"),
        (("HEAD",), "nothing found in HEAD (1 event file read)\n"),
        (("--range", "HEAD~1..HEAD"), "nothing found in HEAD~1..HEAD (1 event file read)\n"),
    ],
)
def test_a_clean_check_says_what_it_looked_at(work: Desk, arguments: tuple[str, ...], said: str) -> None:
    answer = work.jerry("check", *arguments)
    assert (answer.stdout, answer.stderr) == ("", said)


@pytest.mark.negative
def test_a_finding_has_its_place_and_its_cure(work: Desk) -> None:
    path = tamper(work)
    answer = work.jerry("check", check=False)
    assert answer.returncode == 1
    assert answer.stdout == (
        f"{path}: error[event-modified] differs from what HEAD has\n  mend: git checkout HEAD -- {path}\n"
    )
    assert answer.stderr == "1 error, 0 warnings in the work tree (1 event file read)\n"


@pytest.mark.positive
def test_a_warning_is_told_and_refuses_nothing(work: Desk) -> None:
    (work.folder / "pyproject.toml").write_text('[tool.jerry.check.severity]\nevent-modified = "warning"\n')
    tamper(work)
    answer = work.jerry("check")
    assert "warning[event-modified]" in answer.stdout
    assert answer.stderr == "0 errors, 1 warning in the work tree (1 event file read)\n"


@pytest.mark.negative
@pytest.mark.parametrize("form", ["json", "github", "sarif"])
def test_a_format_is_for_programs_alone(work: Desk, form: str) -> None:
    tamper(work)
    answer = work.jerry("check", "--format", form, check=False)
    assert (answer.returncode, answer.stderr) == (1, "")
    assert "event-modified" in answer.stdout
    if form != "github":
        json.loads(answer.stdout)


@pytest.mark.negative
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nowhere",), "could not check: nowhere names no commit that is here"),
        (("--range", "HEAD"), "could not check: HEAD is not a range"),
        (("--range", "nowhere..HEAD"), "could not check: nowhere names no commit that is here"),
    ],
)
def test_what_could_not_be_checked_has_a_status_of_its_own(work: Desk, arguments: tuple[str, ...], said: str) -> None:
    answer = work.jerry("check", *arguments, check=False)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr.startswith(f"error: {said}\n\nhint: ")
    assert work.jerry("check", *arguments, "--json", check=False).data["error"]["code"] == "cannot-check"


@pytest.mark.negative
def test_every_wrong_setting_is_told_at_once(work: Desk) -> None:
    (work.folder / "pyproject.toml").write_text(
        '[tool.jerry.append-only]\npaths = ["../x", ":(top)y"]\npublished = "--all"\n'
        '[tool.jerry.check.severity]\nforked = "off"\nfork = "grave"\n[tool.jerry.commit-msg]\nrequire = true\n'
    )
    answer = work.jerry("check", check=False)
    assert answer.returncode == 2
    for key in ("paths.0", "paths.1", "published", "forked", "severity.fork", "commit-msg.require"):
        assert key in answer.stderr
    assert "did you mean fork?" in answer.stderr


@pytest.mark.negative
def test_two_sources_at_once_are_a_mistake(work: Desk) -> None:
    answer = work.jerry("check", "HEAD", "--staged", check=False)
    assert answer.returncode == 2
    assert "exclude each other" in answer.stderr


@pytest.mark.negative
def test_outside_of_a_repository_nothing_can_be_checked(start: Desk) -> None:
    answer = start.jerry("check", check=False)
    assert answer.returncode == 2
    assert "no git repository" in answer.stderr or "error:" in answer.stderr


@pytest.mark.edge
def test_a_repository_without_work_tracking_has_nothing_wrong(start: Desk) -> None:
    start.git("init", "--quiet")
    assert start.jerry("check").stderr == "nothing found in the work tree (0 event files read)\n"


@pytest.mark.positive
def test_the_doctor_and_the_check_use_the_same_codes(work: Desk) -> None:
    """Everything that either tells has a rule, and a page."""
    pages = {path.stem for path in (Path(__file__).parent.parent.parent / "docs" / "findings").glob("*.md")}
    assert set(RULES) <= pages
