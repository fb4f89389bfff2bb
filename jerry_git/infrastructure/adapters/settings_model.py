"""The shape of `[tool.jerry]`, judged by pydantic; imported only where something is set."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, model_validator

from jerry_domain.value_objects.classification import WorkType
from jerry_domain.value_objects.quality import DEFAULT_THRESHOLDS, GateLevel, QualityPolicy
from jerry_git.application.checking.findings import RULES, Level
from jerry_git.application.settings import (
    CommitMode,
    ExternalRule,
    Integration,
    LayerPair,
    LayerSettings,
    ReviewSettings,
    SchemaLevel,
    SchemaSettings,
    StoredEvents,
)


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


class SyncTable(_Table):
    """`[tool.jerry.sync]`: how what came in is joined with what is here; as git is set up to pull unless named."""

    integrate: Integration | None = None


class QualityTable(_Table):
    """`[tool.jerry.quality]`: which gate an item passes before it is done; none of them unless named."""

    level: GateLevel | None = None
    types: dict[WorkType, GateLevel] = {}
    thresholds: dict[GateLevel, Annotated[float, Field(ge=0, le=100)]] = {}

    def policy(self) -> QualityPolicy:
        """The policy that these settings describe."""
        thresholds = {**DEFAULT_THRESHOLDS, **self.thresholds}
        return QualityPolicy(default=self.level, by_type=self.types, thresholds=thresholds)


def _pattern(pattern: str) -> str:
    if not pattern.strip("/") or pattern.startswith(("/", ":")) or ".." in pattern.split("/"):
        raise ValueError("a path or glob from the root of the repository, such as migrations/*.sql")
    return pattern


def _revision(name: str) -> str:
    if not name or name.startswith("-"):
        raise ValueError("the name of a branch or tag, such as origin/main")
    return name


_Pattern = Annotated[str, AfterValidator(_pattern)]


class AppendOnlyTable(_Table):
    """`[tool.jerry.append-only]`: paths that keep the rule of event files, and the ref that holds what is published."""

    paths: tuple[_Pattern, ...] = ()
    published: Annotated[str, AfterValidator(_revision)] | None = None


def _code(code: str) -> str:
    if code not in RULES:
        similar = get_close_matches(code, RULES, n=1)
        raise ValueError(f"no rule has this code{f': did you mean {similar[0]}?' if similar else ''}")
    return code


class CheckTable(_Table):
    """`[tool.jerry.check]`: how grave the findings of each code are."""

    severity: dict[Annotated[str, AfterValidator(_code)], Level] = {}


class CommitMessageTable(_Table):
    """`[tool.jerry.commit-msg]`: what a commit message must have."""

    require_item: bool = Field(default=False, alias="require-item")


_DOTTED = r"[^\W\d]\w*(\.[^\W\d]\w*)*"
_Attribute = Annotated[str, Field(pattern=r"^[^\W\d]\w*$")]


def _folder(path: str) -> str:
    if not path or path.startswith(("/", ":")) or ".." in path.split("/"):
        raise ValueError("a folder, relative to the root of the repository")
    return path.rstrip("/")


_Folder = Annotated[str, AfterValidator(_folder)]


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _name(name: str) -> str:
    if not name or name.startswith(".") or name.endswith(".") or ".." in name or any(char.isspace() for char in name):
        raise ValueError("a module such as shop.domain, a pattern such as shop.*.domain, or a path such as tools/*.py")
    return name


class StoredTable(_Table):
    """`[tool.jerry.schemas.stored]`: stored events that `jerry schema verify` replays."""

    files: tuple[_Pattern, ...] = ()
    type: str = "type"
    version: str = "version"
    data: str = "data"


class SchemasTable(_Table):
    """`[tool.jerry.schemas]`: which classes are events, and where their schemas are published."""

    directory: _Folder = ".jerry/schemas"
    source_roots: tuple[_Folder, ...] = Field(default=(".", "src"), alias="source-roots")
    modules: tuple[Annotated[str, Field(pattern=rf"^{_DOTTED}(\.\*)?$")], ...] = ()
    bases: tuple[Annotated[str, Field(pattern=rf"^{_DOTTED}:{_DOTTED}$")], ...] = ()
    name_attribute: _Attribute = Field(default="event_type", alias="name-attribute")
    version_attribute: _Attribute = Field(default="event_version", alias="version-attribute")
    envelope: tuple[str, ...] = ()
    level: SchemaLevel = "backward"
    upcasters: dict[
        Annotated[str, Field(pattern=r"^[A-Za-z][\w.-]*\.v[1-9][0-9]{0,5}$")],
        Annotated[str, Field(pattern=rf"^{_DOTTED}:{_DOTTED}$")],
    ] = {}
    stored: StoredTable = StoredTable()

    def settings(self) -> SchemaSettings:
        """What these settings describe."""
        own = self.model_dump(exclude={"stored"})
        return SchemaSettings(**own, stored=StoredEvents(**self.stored.model_dump()))


_Names = Annotated[tuple[Annotated[str, AfterValidator(_name)], ...], BeforeValidator(_listed), Field(min_length=1)]


class PairTable(_Table):
    """An element of `forbidden`: modules that must not import others."""

    importers: _Names = Field(alias="from")
    imported: _Names = Field(alias="to")
    transitive: StrictBool | None = None
    type_checking: StrictBool | None = Field(default=None, alias="type-checking")


class AllowedTable(_Table):
    """An element of `allowed`: modules that may import others all the same, and why."""

    importers: _Names = Field(alias="from")
    imported: _Names = Field(alias="to")
    reason: Annotated[str, Field(pattern=r"\S")]


class ExternalTable(_Table):
    """An element of `external`: packages from elsewhere that must not be imported, or the only ones that may."""

    importers: _Names = Field(alias="from")
    forbidden: _Names = ()
    only: _Names = ()
    transitive: StrictBool | None = None
    type_checking: StrictBool | None = Field(default=None, alias="type-checking")

    @model_validator(mode="after")
    def _says_something(self) -> ExternalTable:
        if not self.forbidden and not self.only:
            raise ValueError("name the packages: forbidden = [...], or only = [...]")
        return self


class LayersTable(_Table):
    """`[tool.jerry.layers]`: which modules must not import which."""

    roots: tuple[_Folder, ...] = ()
    layers: tuple[_Names, ...] = ()
    forbidden: tuple[PairTable, ...] = ()
    allowed: tuple[AllowedTable, ...] = ()
    external: tuple[ExternalTable, ...] = ()
    transitive: StrictBool = True
    type_checking: StrictBool = Field(default=True, alias="type-checking")
    strings: StrictBool = False
    baseline: _Folder = ".jerry/layers-baseline.json"

    def settings(self) -> LayerSettings:
        """What these settings describe."""
        own = self.model_dump(exclude={"forbidden", "allowed", "external"})
        return LayerSettings(
            **own,
            forbidden=tuple(LayerPair(**pair.model_dump()) for pair in self.forbidden),
            allowed=tuple(LayerPair(**pair.model_dump()) for pair in self.allowed),
            external=tuple(ExternalRule(**rule.model_dump()) for rule in self.external),
        )


class ReviewTable(_Table):
    """`[tool.jerry.review]`: the paths of each tier, and where decision records lie."""

    critical: tuple[_Pattern, ...] = ()
    high: tuple[_Pattern, ...] = ()
    medium: tuple[_Pattern, ...] = ()
    low: tuple[_Pattern, ...] = ()
    decisions: tuple[_Pattern, ...] = ReviewSettings().decisions

    def settings(self) -> ReviewSettings:
        """What these settings describe."""
        return ReviewSettings(**self.model_dump())


class SettingsModel(_Table):
    """`[tool.jerry]`."""

    commit: CommitTable = CommitTable()
    claim: ClaimTable = ClaimTable()
    lock: LockTable = LockTable()
    sync: SyncTable = SyncTable()
    quality: QualityTable = QualityTable()
    append_only: AppendOnlyTable = Field(default=AppendOnlyTable(), alias="append-only")
    check: CheckTable = CheckTable()
    commit_msg: CommitMessageTable = Field(default=CommitMessageTable(), alias="commit-msg")
    schemas: SchemasTable = SchemasTable()
    layers: LayersTable = LayersTable()
    review: ReviewTable = ReviewTable()
