"""What a repository may set under `[tool.jerry]`, with the defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from jerry_domain.value_objects.quality import QualityPolicy
from jerry_git.application.checking.findings import Level

CommitMode = Literal["stage", "auto", "manual"]
"""What follows an append: the file is staged, committed alone, or left to the user (DESIGN 5)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings; `lock_timeout` is in seconds.

    `append_only_paths` are git's glob pathspecs from the root; `published` is the ref that they are compared with, None
    for the commit before. `severities` grade findings by code.
    """

    commit_mode: CommitMode = "stage"
    claim_lease: timedelta = timedelta(hours=2)
    lock_timeout: float = 10.0
    quality: QualityPolicy = field(default_factory=QualityPolicy)
    append_only_paths: tuple[str, ...] = ()
    published: str | None = None
    severities: Mapping[str, Level] = field(default_factory=dict)
    message_needs_item: bool = False
