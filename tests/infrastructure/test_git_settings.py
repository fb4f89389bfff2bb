"""Whatever the user has set, git answers us the same, and their hooks and files see no difference (DESIGN 1)."""

from __future__ import annotations

import pytest

from jerry_git.infrastructure.adapters.git import Git
from tests.infrastructure.repositories import ACTOR, git, settings
from tests.infrastructure.users_work import CONTENT, EVENT, MESSAGE, files_of, in_use, state_of

HOSTILE = {
    "no settings": {},
    "colours": settings(color__ui="always", color__status="always", color__diff="always", color__interactive="always"),
    "no untracked files": settings(status__showUntrackedFiles="no"),
    "another status": settings(status__short="true", status__branch="true", status__renames="copies"),
    "quoted paths": settings(core__quotePath="true"),
    "line ends of Windows": settings(core__autocrlf="true", core__safecrlf="true", core__eol="crlf"),
    "another diff": settings(diff__noprefix="true", diff__external="false", diff__renames="copies"),
    "another log": settings(
        log__showSignature="true", log__decorate="full", log__date="relative", format__pretty="fuller",
        log__abbrevCommit="true", core__abbrev="4", log__follow="true",
    ),
    "log in Latin-1": settings(i18n__logOutputEncoding="ISO-8859-1"),
    "another commit": settings(commit__cleanup="strip", commit__verbose="true", commit__status="false"),
    "another sign for comments": settings(commit__cleanup="scissors", core__commentChar=";"),
    "a pager": settings(core__pager="false", pager__log="false", pager__status="false"),
    "aliases": settings(alias__add="!false", alias__commit="!false", alias__status="!false"),
    "another index": settings(index__version="4", core__splitIndex="true", feature__manyFiles="true"),
    "ignore-case": settings(core__ignoreCase="true"),
    "no advice": settings(advice__addEmptyPathspec="false", advice__statusHints="false"),
    "submodules": settings(submodule__recurse="true", status__submoduleSummary="true", diff__ignoreSubmodules="none"),
    "literal pathspecs": {"GIT_LITERAL_PATHSPECS": "1"},
    "pathspecs of no case": {"GIT_ICASE_PATHSPECS": "1"},
    "glob pathspecs": {"GIT_GLOB_PATHSPECS": "1"},
    "no-glob pathspecs": {"GIT_NOGLOB_PATHSPECS": "1"},
    "another language": {"LC_ALL": "de_DE.UTF-8", "LANGUAGE": "de"},
    "traces": {"GIT_TRACE": "1", "GIT_TRACE_SETUP": "1"},
    "another diff through the environment": {"GIT_EXTERNAL_DIFF": "false", "GIT_DIFF_OPTS": "-u0"},
}  # fmt: skip


@pytest.mark.edge
@pytest.mark.parametrize("surrounding", HOSTILE.values(), ids=HOSTILE)
def test_no_setting_of_the_user_changes_what_is_pending_staged_committed_and_told(tracked, monkeypatch, surrounding):
    in_use(tracked)
    before = state_of(tracked)
    for name, value in surrounding.items():
        monkeypatch.setenv(name, value)
    ours = Git(tracked)
    assert ours.new_and_gone()[0] == (EVENT,)
    ours.add([EVENT])
    assert ours.new_and_gone()[0] == (EVENT,)
    info = ours.commit([EVENT], MESSAGE)
    assert (ours.new_and_gone()[0], ours.actor(), ours.work_trees()) == ((), ACTOR, (tracked,))
    assert ours.paths_ever_added(".jerry/events") == {EVENT}
    for name in surrounding:
        monkeypatch.delenv(name)
    assert (info.author, info.subject) == (ACTOR, "Größe: WORK-1 done")
    raw = git(tracked, "cat-file", "commit", info.commit)
    assert raw.endswith(f"\nauthor {ACTOR} 1795417848 +0000\ncommitter {ACTOR} 1795417848 +0000\n\n{MESSAGE}")
    assert git(tracked, "rev-parse", "HEAD").strip() == info.commit
    assert git(tracked, "cat-file", "blob", f"HEAD:{EVENT}").encode() == CONTENT
    assert files_of(tracked) == [EVENT]
    assert state_of(tracked) == before
