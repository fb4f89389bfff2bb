"""`jerry schema` as a person sees it: what is published, what is refused, and what to do about it."""

from __future__ import annotations

import json
import subprocess

import pytest

from tests.cli.conftest import Desk

PYPROJECT = '[tool.jerry.schemas]\nmodules = ["shop"]\n'
SHOP = "from dataclasses import dataclass\n\n\n@dataclass\nclass placed:\n    order: str\n"
WITH_TOTAL = SHOP + "    total: float\n"
WITH_NOTE = SHOP + "    note: str | None = None\n"


def write(desk: Desk, **files: str) -> None:
    for name, text in files.items():
        path = desk.folder / {"pyproject": "pyproject.toml"}.get(name, f"{name}.py")
        path.write_text(text)


def git(desk: Desk, *arguments: str) -> None:
    subprocess.run(("git", *arguments), cwd=desk.folder, check=True)


@pytest.fixture
def repo(start: Desk) -> Desk:
    """A repository with nothing in it."""
    git(start, "init", "--quiet")
    return start


@pytest.fixture
def shop(repo: Desk) -> Desk:
    """A repository without work tracking whose one event is published and committed."""
    write(repo, pyproject=PYPROJECT, shop=SHOP)
    repo.jerry("schema", "publish", "--static")
    git(repo, "add", ".")
    git(repo, "commit", "--quiet", "--message=Shop")
    return repo


@pytest.mark.positive
def test_publishing_writes_what_is_new_and_says_what_to_do(repo: Desk) -> None:
    write(repo, pyproject=PYPROJECT, shop=SHOP)
    assert repo.jerry("schema", "publish", "--static", "--dry-run").screen == (
        "would publish .jerry/schemas/placed/v1.json\n1 new, 0 published as they are, 0 refused\n"
        "hint: `git add .jerry/schemas`: what is committed is published for good\n"
    )
    assert not (repo.folder / ".jerry").exists()
    assert repo.jerry("schema", "publish", "--static").stdout == "published .jerry/schemas/placed/v1.json\n"
    assert repo.jerry("schema", "publish", "--static").stderr == "0 new, 1 published as they are, 0 refused\n"
    assert (repo.folder / ".jerry/schemas/placed/v1.json").read_text() == (
        '{\n  "$schema": "https://json-schema.org/draft/2020-12/schema",\n  "properties": {\n    "order": {\n'
        '      "type": "string"\n    }\n  },\n  "required": [\n    "order"\n  ],\n'
        '  "title": "placed.v1",\n  "type": "object"\n}\n'
    )


@pytest.mark.positive
def test_an_additive_change_is_the_next_version(shop: Desk) -> None:
    write(shop, shop=WITH_NOTE)
    assert shop.jerry("schema", "publish", "placed", "--static").stdout == "published .jerry/schemas/placed/v2.json\n"
    assert shop.jerry("schema", "list").screen == (
        "EVENT   VERSIONS  UPCASTERS\nplaced  v1, v2\n1 event in .jerry/schemas\n"
    )
    assert json.loads(shop.jerry("schema", "show", "placed").stdout)["title"] == "placed.v2"
    assert json.loads(shop.jerry("schema", "show", "placed", "--version", "1").stdout)["title"] == "placed.v1"


@pytest.mark.negative
def test_a_change_that_breaks_old_events_is_refused_with_one_and_both_ways_out(shop: Desk) -> None:
    write(shop, shop=WITH_TOTAL)
    answer = shop.jerry("schema", "publish", "--static", check=False)
    assert answer.returncode == 1
    assert answer.screen == (
        ".jerry/schemas/placed/v2.json: error[schema-incompatible] placed: v2 does not read v1: O3 at /required: the "
        'property \'total\' is new and required; a stored event that breaks: {"order": "text"}\n'
        "  mend: either make the change additive (optional, with a default), or give v2 an upcaster from v1: "
        "`jerry schema stub placed --from 1` prints one\n"
        "0 new, 0 published as they are, 1 refused\n"
    )
    assert not (shop.folder / ".jerry/schemas/placed/v2.json").exists()


@pytest.mark.positive
def test_with_the_stub_as_upcaster_it_is_published_and_recorded(shop: Desk) -> None:
    write(shop, shop=WITH_TOTAL)
    stub = shop.jerry("schema", "stub", "placed", "--static").stdout
    assert "upcast['total'] = 0  # what was true of old events?" in stub
    write(
        shop,
        upcasters=stub,
        pyproject=PYPROJECT + '[tool.jerry.schemas.upcasters]\n"placed.v1" = "upcasters:placed_v1_to_v2"\n',
    )
    published = shop.jerry("schema", "publish", "--static").stdout.split()[1::2]
    assert published == [".jerry/schemas/placed/v2.json", ".jerry/schemas/placed/v2.upcaster.json"]
    assert shop.jerry("schema", "check").screen == "nothing found in the work tree (1 file read)\n"
    assert "v1 to v2" in shop.jerry("schema", "list").stdout
    assert shop.jerry("schema", "stub", "placed", "--from", "1", "--static").stdout == stub
    (shop.folder / "stored.jsonl").write_text('{"type": "placed.v1", "data": {"order": "1"}}\n')
    assert shop.jerry("schema", "verify", "stored.jsonl").stderr == "nothing found in stored events (1 file read)\n"


@pytest.mark.positive
def test_stored_events_are_looked_for_where_the_settings_say(shop: Desk) -> None:
    write(shop, pyproject=PYPROJECT + '[tool.jerry.schemas.stored]\nfiles = ["stored/*.json"]\n')
    (shop.folder / "stored").mkdir()
    (shop.folder / "stored/a.json").write_text('[{"type": "placed.v1", "data": {"order": 1}}]')
    answer = shop.jerry("schema", "verify", check=False)
    assert answer.returncode == 1
    assert answer.stdout.startswith(
        "stored/a.json:1: error[stored-event] placed v1: is not valid as v1 was published\n"
    )


@pytest.mark.positive
def test_without_event_classes_events_are_replayed_by_their_schemas_alone(shop: Desk) -> None:
    write(shop, pyproject="")
    (shop.folder / "a.json").write_text('{"type": "placed", "version": 1, "data": {"order": "1"}}')
    assert shop.jerry("schema", "verify", "a.json").returncode == 0


@pytest.mark.positive
def test_the_events_of_work_items_are_verified_too(desk: Desk) -> None:
    desk.jerry("new", "Parser")
    assert desk.jerry("schema", "verify").stderr == "nothing found in stored events (1 file read)\n"
    desk.files("WORK-1")[0].write_text("[]")
    assert "error[not-a-batch]" in desk.jerry("schema", "verify", check=False).stdout


@pytest.mark.positive
def test_the_check_tells_of_schemas_that_changed(shop: Desk) -> None:
    path = shop.folder / ".jerry/schemas/placed/v1.json"
    path.write_text(path.read_text().replace('"string"', '"number"'))
    for options in ((), ("--staged",)):
        git(shop, "add", ".")
        answer = shop.jerry("schema", "check", *options, check=False)
        assert answer.returncode == 1
        assert "v1.json: error[schema-modified] means something else than what HEAD has published\n" in answer.stdout
        assert "error[schema-drift] placed (placed) is not what was published as v1" in answer.stdout
    assert (
        "::error file=.jerry/schemas/placed/v1.json"
        in shop.jerry("schema", "check", "-f", "github", check=False).stdout
    )
    git(shop, "commit", "--quiet", "--message=x")
    assert "schema-modified" in shop.jerry("schema", "check", "--range", "HEAD~1..HEAD", check=False).stdout


@pytest.mark.positive
def test_two_schemas_are_compared_in_words(repo: Desk) -> None:
    (repo.folder / "old.json").write_text('{"type": "object", "properties": {"a": {"type": "number"}}}')
    (repo.folder / "new.json").write_text('{"type": "object", "properties": {"a": {"type": "integer"}}}')
    answer = repo.jerry("schema", "diff", "old.json", "new.json", check=False)
    assert answer.returncode == 1
    assert answer.screen == (
        'backward: incompatible\n  T3 /properties/a/type: only whole numbers, was any number\n    such as: {"a": 0.5}\n'
        "forward: compatible\nin an event store: a new version, and an upcaster for old events\n"
    )
    assert repo.jerry("schema", "diff", "new.json", "old.json").stdout.startswith(
        "backward: compatible\nforward: incompatible\n"
    )
    assert repo.jerry("schema", "diff", "old.json", "old.json").stdout.endswith(
        "nothing to do: old and new mean the same\n"
    )


@pytest.mark.positive
def test_strictly_compared_an_open_object_holds_anything(repo: Desk) -> None:
    (repo.folder / "old.json").write_text('{"type": "object", "properties": {}}')
    (repo.folder / "new.json").write_text('{"type": "object", "properties": {"a": {"type": "integer"}}}')
    assert repo.jerry("schema", "diff", "old.json", "new.json").returncode == 0
    assert "O2 /properties/a" in repo.jerry("schema", "diff", "--strict", "old.json", "new.json", check=False).stdout


@pytest.mark.positive
def test_a_note_says_what_breaks_nothing_and_still_matters(repo: Desk) -> None:
    (repo.folder / "old.json").write_text('{"type": "object", "properties": {"a": {"type": "number"}}}')
    (repo.folder / "new.json").write_text('{"type": "object", "properties": {}}')
    assert (
        "note: O6 /properties/a: the property 'a' was removed"
        in repo.jerry("schema", "diff", "old.json", "new.json").stdout
    )


REFUSED = {
    "an event that is not there": (
        ("show", "plaecd"),
        "error: no event is called 'plaecd'\n\nhint: Did you mean `placed`?\n",
    ),
    "an event like no other": (
        ("publish", "x", "--static"),
        "error: no event is called 'x'\n\nhint: jerry schema list\n",
    ),
    "a version that is not there": (
        ("show", "placed", "--version", "3"),
        "error: placed has no v3\n\nhint: there are: v1\n",
    ),
    "no JSON": (("diff", "shop.py", "shop.py"), "error: shop.py: not JSON: Expecting value in line 1\n"),
}


@pytest.mark.negative
@pytest.mark.parametrize(("arguments", "words"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_there_is_refused_with_a_hint(shop: Desk, arguments: tuple[str, ...], words: str) -> None:
    answer = shop.jerry("schema", *arguments, check=False)
    assert answer.returncode == 1
    assert answer.stderr.startswith(words)


@pytest.mark.negative
def test_settings_that_mean_nothing_are_refused_with_their_place(shop: Desk) -> None:
    write(shop, pyproject='[tool.jerry.schemas]\nmodules = ["a b"]\nlevel = "none"\nupcasters = {"placed" = "x"}\n')
    answer = shop.jerry("schema", "check", check=False)
    assert answer.returncode == 2
    for place in ("tool.jerry.schemas.modules.0", "tool.jerry.schemas.level", "tool.jerry.schemas.upcasters.placed"):
        assert place in answer.stderr
    assert shop.jerry("schema", "check", "--staged", "--range", "a..b", check=False).returncode == 2


@pytest.mark.negative
@pytest.mark.parametrize("place", ["../up", "/root", ":top", ""])
def test_a_registry_outside_of_the_repository_is_refused(shop: Desk, place: str) -> None:
    write(shop, pyproject=f"[tool.jerry.schemas]\ndirectory = {place!r}\n")
    assert "tool.jerry.schemas.directory" in shop.jerry("schema", "list", check=False).stderr


@pytest.mark.edge
def test_a_link_in_the_way_of_the_registry_is_never_followed(repo: Desk) -> None:
    write(repo, pyproject=PYPROJECT, shop=SHOP)
    (repo.folder / "elsewhere").mkdir()
    (repo.folder / ".jerry").symlink_to("elsewhere")
    assert repo.jerry("schema", "publish", "--static", check=False).returncode == 1
    assert list((repo.folder / "elsewhere").iterdir()) == []


@pytest.mark.edge
def test_an_empty_registry_is_listed_as_such(repo: Desk) -> None:
    assert repo.jerry("schema", "list").screen == "0 events in .jerry/schemas\n"


@pytest.mark.negative
def test_a_file_of_the_registry_that_cannot_be_read_hides_no_other_and_nothing_is_built_on_it(shop: Desk) -> None:
    write(shop, shop=WITH_NOTE + "\n\n@dataclass\nclass paid:\n    order: str\n")
    (shop.folder / ".jerry/schemas/placed/v1.json").write_text("{")
    answer = shop.jerry("schema", "list")
    assert answer.stdout == ""
    assert answer.stderr.startswith("warning: .jerry/schemas/placed/v1.json: not JSON")
    answer = shop.jerry("schema", "publish", "--static", check=False)
    assert answer.returncode == 1
    assert "placed/v1.json: error[schema-unreadable] not JSON" in answer.stdout
    assert answer.stdout.endswith("published .jerry/schemas/paid/v1.json\n")


@pytest.mark.negative
def test_a_link_out_of_the_repository_is_not_read_for_stored_events(shop: Desk) -> None:
    write(shop, pyproject=PYPROJECT + '[tool.jerry.schemas.stored]\nfiles = ["stored/*"]\n')
    (shop.folder / "stored/folder").mkdir(parents=True)
    (shop.folder / "stored/link.json").symlink_to("/etc/hostname")
    (shop.folder / "stored/loop.json").symlink_to("loop.json")
    answer = shop.jerry("schema", "verify", check=False)
    assert answer.returncode == 1
    assert "stored/link.json: error[stored-event] a symbolic link out of the repository" in answer.stdout
