"""Settings from `[tool.jerry]` in pyproject.toml, or from `.jerry/config.toml` where there is no pyproject."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jerry_git.application.errors import ConfigurationError
from jerry_git.application.settings import SchemaSettings, Settings

if TYPE_CHECKING:
    from pydantic import ValidationError


def load_settings(root: Path) -> Settings:
    """The repository's settings; raises `ConfigurationError` naming all that is wrong. pydantic is the judge."""
    path, prefix = root / "pyproject.toml", "tool.jerry"
    if not path.is_file():
        path, prefix = root / ".jerry" / "config.toml", ""
    name = path.relative_to(root).as_posix()
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        raise ConfigurationError(name, [("", f"cannot be read: {error.strerror}")]) from error
    if prefix and b"jerry" not in content:  # most projects set nothing, and need not wait for a parser
        return Settings()
    try:
        document = tomllib.loads(content.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigurationError(name, [("", f"not TOML: {error}")]) from error
    tool = document.get("tool", {}) if prefix else {"jerry": document}
    table = tool.get("jerry", {}) if isinstance(tool, dict) else {}
    if isinstance(table, dict) and not table.keys() - {"schemas"}:
        quick = quick_schemas(table.get("schemas", {}))
        if quick is not None:
            return Settings(schemas=quick)
    return _settings(name, prefix, table)


_TEXTS: Mapping[str, re.Pattern[str]] = {
    "directory": (folder := re.compile(r"[.\w-][\w./-]*[\w-]", re.ASCII)),
    "source-roots": folder,
    "modules": re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*(\.\*)?", re.ASCII),
    "bases": re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*", re.ASCII),
    "name-attribute": (word := re.compile(r"[A-Za-z_]\w*", re.ASCII)),
    "version-attribute": word,
    "envelope": word,
}
_LISTS = frozenset(("source-roots", "modules", "bases", "envelope"))


def quick_schemas(table: object) -> SchemaSettings | None:
    """The settings of a plain `[tool.jerry.schemas]`, None for anything that pydantic is to judge.

    A hook that has nothing to do takes a third of the time without pydantic. A property test holds the two together.
    """
    if not isinstance(table, dict) or table.keys() - _TEXTS.keys():
        return None
    values: dict[str, Any] = {}
    for key, value in table.items():
        texts = value if key in _LISTS and isinstance(value, list) else [value]
        if (key in _LISTS) != isinstance(value, list) or not all(_is_plain(key, text) for text in texts):
            return None
        values[key.replace("-", "_")] = tuple(texts) if key in _LISTS else value
    return SchemaSettings(**values)


def _is_plain(key: str, text: object) -> bool:
    if not isinstance(text, str) or ".." in text or text.endswith("/"):
        return False
    return (key == "source-roots" and text == ".") or _TEXTS[key].fullmatch(text) is not None


def _settings(name: str, prefix: str, table: object) -> Settings:
    from pydantic import ValidationError

    from jerry_git.infrastructure.adapters.settings_model import SettingsModel

    try:
        model = SettingsModel.model_validate(table)
    except ValidationError as error:
        raise ConfigurationError(name, _problems(prefix, error)) from error
    return Settings(
        commit_mode=model.commit.mode,
        claim_lease=timedelta(milliseconds=round(model.claim.minutes * 60_000)),
        lock_timeout=model.lock.seconds,
        quality=model.quality.policy(),
        append_only_paths=model.append_only.paths,
        published=model.append_only.published,
        severities=model.check.severity,
        message_needs_item=model.commit_msg.require_item,
        schemas=model.schemas.settings(),
        review=model.review.settings(),
    )


def _problems(prefix: str, error: ValidationError) -> list[tuple[str, str]]:
    head = [prefix] if prefix else []
    return [(".".join([*head, *map(str, item["loc"])]), item["msg"]) for item in error.errors()]
