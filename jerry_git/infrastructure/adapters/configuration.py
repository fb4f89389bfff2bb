"""Settings from `[tool.jerry]` in pyproject.toml, or from `.jerry/config.toml` where there is no pyproject."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from jerry_git.application.errors import ConfigurationError
from jerry_git.application.settings import Settings

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
    import tomllib

    from jerry_git.infrastructure.adapters.plain_settings import quick_settings

    try:
        document = tomllib.loads(content.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigurationError(name, [("", f"not TOML: {error}")]) from error
    tool = document.get("tool", {}) if prefix else {"jerry": document}
    table = tool.get("jerry", {}) if isinstance(tool, dict) else {}
    return quick_settings(table) or _settings(name, prefix, table)


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
        integration=model.sync.integrate,
        schemas=model.schemas.settings(),
        layers=model.layers.settings(),
        review=model.review.settings(),
    )


def _problems(prefix: str, error: ValidationError) -> list[tuple[str, str]]:
    head = [prefix] if prefix else []
    return [(".".join([*head, *map(str, item["loc"])]), item["msg"]) for item in error.errors()]
