"""How every hook runs: the rules of the repository around the current folder, and an exit status that never lies.

0: nothing refused; 1: errors found; 2: could not check; 3: a bug. A repository without work tracking and without
settings of ours passes untouched.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Iterable

from jerry_git.application.checking.findings import CannotCheckError, Report
from jerry_git.application.checking.rendering import printable, text
from jerry_git.application.errors import ConfigurationError, GitError, IdentityError, NoWorkTreeError
from jerry_git.bootstrap import App, bootstrap

FOUND, UNKNOWN, BUG = 1, 2, 3


def run(work: Callable[[App], int]) -> int:
    """Do the work of a hook in the repository around the current folder; returns the exit status."""
    try:
        return work(bootstrap())
    except CannotCheckError as error:
        return _could_not(error.reason, error.cure)
    except (ConfigurationError, GitError, IdentityError, NoWorkTreeError) as error:
        return _could_not(str(error), "`jerry check` says more")
    except Exception:  # noqa: BLE001 - the one handler on top
        say(traceback.format_exc())
        return BUG


def say(words: str) -> None:
    """Print a line on stderr, which no hook's data share."""
    print(words, file=sys.stderr)  # noqa: T201 - what a hook is for


def refuse(reports: Iterable[Report]) -> int:
    """Print what was found; returns the exit status."""
    refused = False
    for report in reports:
        if report.findings:
            say(f"in {printable(report.source)}:")
            say(text(report).rstrip("\n"))
        refused = refused or report.is_refused
    return FOUND if refused else 0


def _could_not(reason: str, cure: str) -> int:
    say(f"error: could not check: {reason}")
    say(f"hint: {cure}")
    return UNKNOWN
