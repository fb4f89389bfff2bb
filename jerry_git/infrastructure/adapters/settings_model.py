"""The shape of `[tool.jerry]`, judged by pydantic; imported only where something is set."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from jerry_domain.value_objects.classification import WorkType
from jerry_domain.value_objects.quality import DEFAULT_THRESHOLDS, GateLevel, QualityPolicy
from jerry_git.application.settings import CommitMode


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid")


class CommitTable(_Table):
    """`[tool.jerry.commit]`."""

    mode: CommitMode = "stage"


class ClaimTable(_Table):
    """`[tool.jerry.claim]`: how long a claim lasts that names no time of its own."""

    minutes: Annotated[float, Field(gt=0, le=60 * 24 * 365)] = 120


class LockTable(_Table):
    """`[tool.jerry.lock]`: how long a writer waits for another one."""

    seconds: Annotated[float, Field(gt=0, le=3600)] = 10


class QualityTable(_Table):
    """`[tool.jerry.quality]`: which gate an item passes before it is done; none of them unless named."""

    level: GateLevel | None = None
    types: dict[WorkType, GateLevel] = {}
    thresholds: dict[GateLevel, Annotated[float, Field(ge=0, le=100)]] = {}

    def policy(self) -> QualityPolicy:
        """The policy that these settings describe."""
        thresholds = {**DEFAULT_THRESHOLDS, **self.thresholds}
        return QualityPolicy(default=self.level, by_type=self.types, thresholds=thresholds)


class SettingsModel(_Table):
    """`[tool.jerry]`."""

    commit: CommitTable = CommitTable()
    claim: ClaimTable = ClaimTable()
    lock: LockTable = LockTable()
    quality: QualityTable = QualityTable()
