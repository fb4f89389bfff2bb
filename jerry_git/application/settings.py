"""What a repository may set under `[tool.jerry]`, with the defaults."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from jerry_domain.value_objects.quality import QualityPolicy

CommitMode = Literal["stage", "auto", "manual"]
"""What follows an append: the file is staged, committed alone, or left to the user (DESIGN 5)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings; `lock_timeout` is in seconds."""

    commit_mode: CommitMode = "stage"
    claim_lease: timedelta = timedelta(hours=2)
    lock_timeout: float = 10.0
    quality: QualityPolicy = field(default_factory=QualityPolicy)
