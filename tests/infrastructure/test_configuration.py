"""Settings from `[tool.jerry]`, or `.jerry/config.toml` where there is no pyproject; all that is wrong at once."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jerry_domain.value_objects.classification import WorkType
from jerry_domain.value_objects.quality import GateLevel, QualityPolicy
from jerry_git.application.errors import ConfigurationError
from jerry_git.application.settings import Settings
from jerry_git.infrastructure.adapters import configuration
from jerry_git.infrastructure.adapters.configuration import load_settings
from jerry_git.infrastructure.adapters.plain_settings import quick_layers, quick_review, quick_schemas, quick_settings
from jerry_git.infrastructure.adapters.settings_model import SettingsModel
from tests.infrastructure.repositories import write

ALL = """
[tool.jerry.commit]
mode = "auto"
[tool.jerry.claim]
minutes = 0.5
[tool.jerry.lock]
seconds = 3
[tool.jerry.sync]
integrate = "rebase"
[tool.jerry.quality]
level = "L1"
types = { bug = "L2", spike = "L0" }
thresholds = { L2 = 95.5 }
"""


@pytest.mark.positive
def test_every_setting_is_read(tmp_path):
    write(tmp_path, "pyproject.toml", ALL)
    assert load_settings(tmp_path) == Settings(
        commit_mode="auto",
        claim_lease=timedelta(seconds=30),
        lock_timeout=3,
        integration="rebase",
        quality=QualityPolicy(
            default=GateLevel.L1,
            by_type={WorkType.BUG: GateLevel.L2, WorkType.SPIKE: GateLevel.L0},
            thresholds={GateLevel.L0: 0.0, GateLevel.L1: 80.0, GateLevel.L2: 95.5},
        ),
    )


@pytest.mark.positive
def test_without_a_pyproject_the_same_settings_stand_in_the_jerry_folder(tmp_path):
    write(tmp_path, ".jerry/config.toml", ALL.replace("tool.jerry.", ""))
    other = tmp_path / "other"
    write(other, "pyproject.toml", ALL)
    assert load_settings(tmp_path) == load_settings(other)


@pytest.mark.positive
def test_where_there_is_a_pyproject_the_jerry_folder_is_not_asked(tmp_path):
    write(tmp_path, "pyproject.toml", "[project]\nname = 'x'\n")
    write(tmp_path, ".jerry/config.toml", "commit.mode = 'auto'")
    assert load_settings(tmp_path) == Settings()


@pytest.mark.positive
@pytest.mark.parametrize("mode", ["stage", "auto", "manual"])
def test_one_setting_leaves_the_others_at_their_default(tmp_path, mode):
    write(tmp_path, "pyproject.toml", f'tool.jerry.commit.mode = "{mode}"')
    assert load_settings(tmp_path) == Settings(commit_mode=mode)


@pytest.mark.positive
@pytest.mark.parametrize(
    "content",
    [None, "", "[project]\nname = 'x'\n", "[tool.jerry]\n", "[tool.other]\nof = 'jerry'\n", "tool = 'jerry'\n"],
    ids=["no file", "empty", "another's", "an empty table", "the word elsewhere", "a tool that is a text"],
)
def test_where_nothing_is_set_the_defaults_hold(tmp_path, content):
    if content is not None:
        write(tmp_path, "pyproject.toml", content)
    assert load_settings(tmp_path) == Settings()


@pytest.mark.edge
def test_a_lease_is_rounded_to_milliseconds_as_times_of_events_are(tmp_path):
    write(tmp_path, "pyproject.toml", "tool.jerry.claim.minutes = 0.123456789")
    assert load_settings(tmp_path).claim_lease == timedelta(milliseconds=7407)


@pytest.mark.edge
def test_a_folder_named_like_the_pyproject_is_no_pyproject(tmp_path):
    (tmp_path / "pyproject.toml").mkdir()
    write(tmp_path, ".jerry/config.toml", "commit.mode = 'auto'")
    assert load_settings(tmp_path).commit_mode == "auto"


def refusal_of(folder):
    with pytest.raises(ConfigurationError) as refusal:
        load_settings(folder)
    return refusal.value


@pytest.mark.negative
def test_every_wrong_setting_is_named_at_once(tmp_path):
    write(
        tmp_path,
        "pyproject.toml",
        """
        [tool.jerry]
        colour = "red"
        commit = { mode = "always", sign = true }
        claim.minutes = 0
        lock.seconds = "soon"
        quality = { level = "L9", types = { saga = "L1" }, thresholds = { L1 = 101 } }
        """,
    )
    error = refusal_of(tmp_path)
    assert error.path == "pyproject.toml"
    assert [key for key, _ in error.problems] == [
        "tool.jerry.commit.mode",
        "tool.jerry.commit.sign",
        "tool.jerry.claim.minutes",
        "tool.jerry.lock.seconds",
        "tool.jerry.quality.level",
        "tool.jerry.quality.types.saga.[key]",
        "tool.jerry.quality.thresholds.L1",
        "tool.jerry.colour",
    ]
    assert dict(error.problems)["tool.jerry.commit.mode"] == "Input should be 'stage', 'auto' or 'manual'"


@pytest.mark.negative
def test_in_the_jerry_folder_keys_are_named_without_the_tool(tmp_path):
    write(tmp_path, ".jerry/config.toml", "commit.mode = 'always'")
    error = refusal_of(tmp_path)
    assert (error.path, [key for key, _ in error.problems]) == (".jerry/config.toml", ["commit.mode"])


@pytest.mark.negative
@pytest.mark.parametrize(
    ("setting", "key"),
    [
        ("tool.jerry = 0", "tool.jerry"),
        ("tool.jerry = 'on'", "tool.jerry"),
        ("tool.jerry.commit = 'auto'", "tool.jerry.commit"),
        ("tool.jerry.claim.minutes = nan", "tool.jerry.claim.minutes"),
        ("tool.jerry.claim.minutes = inf", "tool.jerry.claim.minutes"),
        ("tool.jerry.claim.minutes = -5", "tool.jerry.claim.minutes"),
        ("tool.jerry.lock.seconds = 3601", "tool.jerry.lock.seconds"),
        ("tool.jerry.quality.thresholds.L2 = nan", "tool.jerry.quality.thresholds.L2"),
        ("tool.jerry.quality.types = ['bug']", "tool.jerry.quality.types"),
    ],
)
def test_a_value_that_means_nothing_is_refused_by_its_key(tmp_path, setting, key):
    write(tmp_path, "pyproject.toml", setting)
    assert [name for name, _ in refusal_of(tmp_path).problems] == [key]


@pytest.mark.negative
@pytest.mark.parametrize(
    "content",
    [b"[tool.jerry", b"tool.jerry = 1\ntool.jerry = 2", b"# jerry \xff", b"# jerry\nx = " + b"[" * 5000],
    ids=["cut off", "a key twice", "not UTF-8", "nested too deeply"],
)
def test_what_is_not_toml_is_told(tmp_path, content):
    write(tmp_path, "pyproject.toml", content)
    ((key, message),) = refusal_of(tmp_path).problems
    assert key == ""
    assert message.startswith("not TOML: ")


@pytest.mark.negative
def test_settings_that_cannot_be_read_are_told(tmp_path):
    (tmp_path / ".jerry" / "config.toml").mkdir(parents=True)
    assert refusal_of(tmp_path).problems == (("", "cannot be read: Is a directory"),)


_WORDS = st.sampled_from(
    [
        "shop",
        "shop.events",
        "shop.*",
        "shop.events:Event",
        "src",
        ".",
        "a/b",
        "../x",
        "/a",
        "a//",
        "",
        "ä",
        "1a",
        "a b",
        "x.y:",
        ".",
    ]
)
_TABLES = st.dictionaries(
    st.sampled_from(
        [
            "directory",
            "source-roots",
            "modules",
            "bases",
            "name-attribute",
            "version-attribute",
            "envelope",
            "level",
            "x",
        ]
    ),
    _WORDS | st.lists(_WORDS, max_size=3) | st.integers() | st.none(),
    max_size=4,
)


@pytest.mark.positive
@settings(max_examples=400, derandomize=True, deadline=None)
@given(_TABLES)
def test_what_is_read_quickly_is_what_pydantic_says(table: dict[str, object]) -> None:
    """None is no claim."""
    quick = quick_schemas(table)
    if quick is not None:
        assert SettingsModel.model_validate({"schemas": table}).schemas.settings() == quick


@pytest.mark.edge
def test_plain_settings_of_schemas_are_read_quickly() -> None:
    plain = {
        "bases": ["shop.events:Event"],
        "modules": ["shop.*"],
        "source-roots": [".", "src"],
        "directory": ".jerry/schemas",
    }
    assert quick_schemas({**plain, "directory": "docs/schemas"}) is not None
    assert quick_schemas({}) is not None


_NAMES = st.sampled_from(
    ["shop", "shop.domain", "a.*.b", "**.x", "tools/*.py", "a b", "..", ".a", "a.", "", "*", "ä", "-"]
)
_SOME = _NAMES | st.lists(_NAMES, max_size=3) | st.integers() | st.lists(st.integers(), min_size=1, max_size=1)
_ROWS = st.lists(
    st.dictionaries(
        st.sampled_from(["from", "to", "reason", "forbidden", "only", "transitive", "type-checking", "x"]),
        _SOME | st.booleans(),
        max_size=4,
    )
    | st.fixed_dictionaries(
        {"from": _NAMES, "to": _NAMES},
        optional={"reason": st.sampled_from(["because", " ", ""]), "transitive": st.booleans() | st.integers(0, 1)},
    )
    | st.fixed_dictionaries({"from": _NAMES}, optional={"only": _NAMES, "forbidden": _SOME})
    | st.none(),
    max_size=2,
)
_LAYERS = st.fixed_dictionaries(
    {},
    optional={
        "roots": st.lists(_NAMES | st.sampled_from([".", "src", "a/../b", "/a"]), max_size=2) | _NAMES,
        "layers": st.lists(_SOME, max_size=3) | _NAMES,
        "forbidden": _ROWS,
        "allowed": _ROWS,
        "external": _ROWS,
        "transitive": st.booleans() | st.integers(0, 1),
        "type-checking": st.booleans() | st.text(max_size=2),
        "strings": st.booleans() | st.none(),
        "baseline": _NAMES | st.sampled_from([".jerry/b.json", "../b", "a/"]) | st.integers(),
        "x": st.none(),
    },
)


@pytest.mark.positive
@settings(max_examples=800, derandomize=True, deadline=None)
@given(_LAYERS)
def test_layers_that_are_read_quickly_are_what_pydantic_says(table: dict[str, object]) -> None:
    quick = quick_layers(table)
    if quick is not None:
        assert SettingsModel.model_validate({"layers": table}).layers.settings() == quick


@pytest.mark.positive
@settings(max_examples=200, derandomize=True, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["critical", "high", "medium", "low", "decisions", "x"]),
        _SOME | st.lists(st.sampled_from(["docs/**", "/a", ":a", "a/../b", "**/x.py", "a/"]), max_size=2),
        max_size=3,
    )
)
def test_reviews_that_are_read_quickly_are_what_pydantic_says(table: dict[str, object]) -> None:
    quick = quick_review(table)
    if quick is not None:
        assert SettingsModel.model_validate({"review": table}).review.settings() == quick


@pytest.mark.positive
def test_every_kind_of_rule_of_layers_is_read_quickly() -> None:
    table = {
        "roots": [".", "src"],
        "layers": ["shop.cli", ["shop.db", "shop.web"], "shop.domain"],
        "forbidden": [{"from": "shop.orders", "to": ["shop.billing"], "transitive": False, "type-checking": False}],
        "allowed": [{"from": "shop.domain.clock", "to": "shop.db.*", "reason": "it is old"}],
        "external": [{"from": "shop.domain", "only": "stdlib"}, {"from": "**.domain", "forbidden": ["requests.*"]}],
        "transitive": True,
        "strings": True,
        "baseline": "docs/baseline.json",
    }
    quick = quick_layers(table)
    assert quick is not None
    assert quick == SettingsModel.model_validate({"layers": table}).layers.settings()
    assert quick.external[1].forbidden == ("requests.*",)
    assert quick_settings({"layers": table, "review": {"low": ["docs/**"]}}) is not None


_VALUES = st.sampled_from(
    [
        "stage",
        "auto",
        "manual",
        "merge",
        "rebase",
        "x",
        "",
        "L0",
        "L1",
        "L2",
        "*.sql",
        "a/b",
        "../a",
        "/a",
        ":a",
        "a/..",
    ]
)
_ANY = (
    _VALUES
    | st.booleans()
    | st.none()
    | st.sampled_from([0, 1, -1, 0.5, 90, 100, 101, 3600, 3601, 525_600, 525_601, float("nan"), float("inf")])
    | st.lists(_VALUES | st.integers(), max_size=2)
    | st.dictionaries(
        st.sampled_from(["L0", "L1", "L2", "task", "bug", "fork", "version-gap", "x"]), _VALUES, max_size=2
    )
    | st.dictionaries(st.sampled_from(["fork", "version-gap", "x"]), st.sampled_from(["error", "off", "x"]), max_size=2)
    | st.dictionaries(st.sampled_from(["L0", "L1"]), st.sampled_from([0, 1.5, 100, 101, True, "1"]), max_size=2)
)
_PARTS = {
    "commit": ["mode"],
    "claim": ["minutes"],
    "lock": ["seconds"],
    "sync": ["integrate"],
    "commit-msg": ["require-item"],
    "check": ["severity"],
    "quality": ["level", "types", "thresholds"],
    "append-only": ["paths", "published"],
}


@pytest.mark.positive
@settings(max_examples=1500, derandomize=True, deadline=None)
@given(st.data(), st.lists(st.sampled_from(sorted(_PARTS)), max_size=2, unique=True))
def test_all_else_that_is_read_quickly_is_what_pydantic_says(data: st.DataObject, parts: list[str]) -> None:
    table = {
        part: data.draw(st.dictionaries(st.sampled_from([*_PARTS[part], "x"]), _ANY, max_size=2) | _ANY)
        for part in parts
    }
    quick = quick_settings(table)
    if quick is not None:
        assert quick == configuration._settings("pyproject.toml", "", table)


@pytest.mark.positive
def test_what_is_usually_set_is_read_quickly() -> None:
    table: dict[str, dict[str, object]] = {
        "commit": {"mode": "manual"},
        "claim": {"minutes": 30},
        "lock": {"seconds": 2.5},
        "sync": {"integrate": "rebase"},
        "commit-msg": {"require-item": True},
        "check": {"severity": {"fork": "off"}},
        "quality": {"level": "L1", "types": {"bug": "L0"}, "thresholds": {"L1": 75}},
        "append-only": {"paths": ["migrations/*.sql"]},
    }
    quick = quick_settings(table)
    assert quick is not None
    assert quick == configuration._settings("pyproject.toml", "", table)
    assert (quick.commit_mode, quick.lock_timeout, quick.integration) == ("manual", 2.5, "rebase")


@pytest.mark.negative
@pytest.mark.parametrize(
    ("table", "place"),
    [
        ({"forbidden": [{"from": "a"}]}, "layers.forbidden.0.to"),
        ({"allowed": [{"from": "a", "to": "b"}]}, "layers.allowed.0.reason"),
        ({"allowed": [{"from": "a", "to": "b", "reason": "  "}]}, "layers.allowed.0.reason"),
        ({"external": [{"from": "a"}]}, "layers.external.0"),
        ({"layers": ["a", []]}, "layers.layers.1"),
        ({"layers": "a"}, "layers.layers"),
        ({"baseline": "../b"}, "layers.baseline"),
        ({"rots": ["a"]}, "layers.rots"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_rule_of_layers_that_says_too_little_is_refused_by_its_place(tmp_path, table, place) -> None:
    write(tmp_path, ".jerry/config.toml", _toml({"layers": table}))
    with pytest.raises(ConfigurationError) as refusal:
        load_settings(tmp_path)
    assert place in [name for name, _ in refusal.value.problems]


def _toml(tables: dict[str, dict[str, object]]) -> str:
    """Tables of plain values, lists and inline tables."""

    def value(of: object) -> str:
        if isinstance(of, dict):
            return "{" + ", ".join(f"{key} = {value(inner)}" for key, inner in of.items()) + "}"
        return f"[{', '.join(value(inner) for inner in of)}]" if isinstance(of, list) else json.dumps(of)

    return "".join(
        f"[{name}]\n" + "".join(f"{key} = {value(of)}\n" for key, of in table.items()) for name, table in tables.items()
    )
