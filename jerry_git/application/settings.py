"""What a repository may set under `[tool.jerry]`, with the defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from jerry_domain.value_objects.quality import QualityPolicy
from jerry_domain.values import Value, value

if TYPE_CHECKING:
    from jerry_git.application.checking.findings import Level

CommitMode = Literal["stage", "auto", "manual"]
"""What follows an append: the file is staged, committed alone, or left to the user (DESIGN 5)."""


Integration = Literal["merge", "rebase"]
"""How `jerry sync` joins what came in with what is here."""

SchemaLevel = Literal["backward", "forward", "full"]
"""Which direction every pair of versions has to keep; a store replays old events, so that `backward` is the least."""


@value
class StoredEvents(Value):
    """Where stored events lie that `jerry schema verify` replays: globs from the root, and the keys of an event."""

    files: tuple[str, ...] = ()
    type: str = "type"
    version: str = "version"
    data: str = "data"


@value
class SchemaSettings(Value):
    """`[tool.jerry.schemas]`: which classes are events, and where their schemas are published.

    `modules` are dotted names, or `name.*` for all below; `bases` are `module:Class`. `name_attribute` and
    `version_attribute` name the class attributes that hold an event's name and version. `envelope` are fields that are
    not part of an event's data. `upcasters` are `module:function` by `<event name>.v<version it starts from>`.
    """

    directory: str = ".jerry/schemas"
    source_roots: tuple[str, ...] = (".", "src")
    modules: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    name_attribute: str = "event_type"
    version_attribute: str = "event_version"
    envelope: tuple[str, ...] = ()
    level: SchemaLevel = "backward"
    upcasters: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    stored: StoredEvents = StoredEvents()

    @property
    def declares(self) -> bool:
        """Whether the repository says which classes are events."""
        return bool(self.modules or self.bases)


@value
class LayerPair(Value):
    """Modules that must not import others, or may all the same, for a `reason`; None: as the table says."""

    importers: tuple[str, ...] = ()
    imported: tuple[str, ...] = ()
    reason: str = ""
    transitive: bool | None = None
    type_checking: bool | None = None


@value
class ExternalRule(Value):
    """Packages from elsewhere that modules must not import, or the only ones that may; `stdlib` is Python's own."""

    importers: tuple[str, ...]
    forbidden: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    transitive: bool | None = None
    type_checking: bool | None = None


@value
class LayerSettings(Value):
    """`[tool.jerry.layers]`: which modules must not import which; what is set nowhere is the default of LES-002.

    `layers` are ordered, the highest first; packages of one layer may import each other. `type_checking` counts imports
    that only type checkers see, `transitive` those by way of others, `strings` texts that name a module.
    """

    roots: tuple[str, ...] = ()
    layers: tuple[tuple[str, ...], ...] = ()
    forbidden: tuple[LayerPair, ...] = ()
    allowed: tuple[LayerPair, ...] = ()
    external: tuple[ExternalRule, ...] = ()
    transitive: bool = True
    type_checking: bool = True
    strings: bool = False
    baseline: str = ".jerry/layers-baseline.json"

    @property
    def declares(self) -> bool:
        """Whether the repository names rules of its own."""
        return bool(self.layers or self.forbidden or self.external)


@value
class ReviewSettings(Value):
    """`[tool.jerry.review]`: git's glob pathspecs, of each tier and of decision records."""

    critical: tuple[str, ...] = ()
    high: tuple[str, ...] = ()
    medium: tuple[str, ...] = ()
    low: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ("docs/decisions", "docs/adr", "doc/adr", "adr")


@value
class Settings(Value):
    """All settings; `lock_timeout` is in seconds.

    `append_only_paths` are git's glob pathspecs from the root; `published` is the ref that they are compared with, None
    for the commit before. `severities` grade findings by code. `integration` is None where git's settings say it.
    """

    commit_mode: CommitMode = "stage"
    claim_lease: timedelta = timedelta(hours=2)
    lock_timeout: float = 10.0
    quality: QualityPolicy = QualityPolicy()
    append_only_paths: tuple[str, ...] = ()
    published: str | None = None
    severities: Mapping[str, Level] = field(default_factory=lambda: MappingProxyType({}))
    message_needs_item: bool = False
    integration: Integration | None = None
    schemas: SchemaSettings = SchemaSettings()
    layers: LayerSettings = LayerSettings()
    review: ReviewSettings = ReviewSettings()
