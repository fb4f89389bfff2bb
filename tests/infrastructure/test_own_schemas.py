"""Our own events are the first that the guard of schemas guards (LES-001)."""

from __future__ import annotations

from pathlib import Path

import pytest

from jerry_git.application.schemas.checking import check_everything
from jerry_git.bootstrap import App, bootstrap
from jerry_git.infrastructure.persistence.codec import UPCASTERS

ROOT = Path(__file__).parents[2]


@pytest.fixture
def ours() -> App:
    return bootstrap(ROOT, {})


@pytest.mark.positive
def test_our_schemas_stay_old_events_stay_readable_and_our_classes_agree(ours: App) -> None:
    report = check_everything(ours.guard.sources.work_tree(None), ours.settings, whole=True)
    assert report.findings == ()


@pytest.mark.positive
def test_our_classes_are_exactly_what_was_published(ours: App) -> None:
    report = ours.schemas.drifted()
    assert (report.findings, report.files) == ((), 23)


@pytest.mark.positive
def test_every_upcaster_that_reads_our_events_is_declared(ours: App) -> None:
    assert {f"{name}.v{version}" for name, version in UPCASTERS} == set(ours.settings.schemas.upcasters)
