"""`jerry layers` as a person sees it: what is told, what is frozen, what is drawn, what is proposed."""

from __future__ import annotations

import json
import os
from xml.etree import ElementTree

import pytest

from tests.cli.conftest import Desk

LAYERS = '[tool.jerry.layers]\nlayers = ["infrastructure", "application", "domain"]\n'


def write(desk: Desk, **files: str) -> None:
    """Files by path, `__` for a slash."""
    for name, text in files.items():
        path = desk.folder / ("pyproject.toml" if name == "pyproject" else f"{name.replace('__', '/')}.py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.fixture
def repo(start: Desk) -> Desk:
    """A repository of three packages without a fault; nothing is committed."""
    start.git("init", "--quiet", "--initial-branch=main")
    write(
        start,
        shop__domain__order="import decimal\n",
        shop__application__place="from shop.domain import order\n",
        shop__infrastructure__db="import sqlite3\n\nfrom shop.domain.order import Order\n",
        shop__shared__cache="import functools\n",
    )
    return start


@pytest.fixture
def faulty(repo: Desk) -> Desk:
    """The same with two violations, one of them by way of another module."""
    write(
        repo,
        shop__domain__order="import decimal\n\nfrom shop.infrastructure import db\n",
        shop__domain__line="from ..shared.cache import held\n",
        shop__shared__cache="import shop.infrastructure.db as db\n",
    )
    return repo


@pytest.mark.positive
def test_nothing_is_found_where_nothing_is_wrong(repo: Desk) -> None:
    assert repo.jerry("layers", "check").screen == "nothing found in the work tree (4 files read)\n"


@pytest.mark.positive
def test_a_violation_is_told_with_its_place_and_its_chain(faulty: Desk) -> None:
    answer = faulty.jerry("layers", "check", check=False)
    assert answer.returncode == 1
    assert answer.screen == (
        "shop/domain/line.py:1:1: error[layer-chain] shop.domain.line reaches shop.infrastructure.db through 1 other: "
        "domain must not import infrastructure\n"
        "  shop/domain/line.py:1:1: shop.domain.line imports shop.shared.cache\n"
        "  shop/shared/cache.py:1:8: shop.shared.cache imports shop.infrastructure.db\n"
        "  mend: turn it round with a port, or allow it there: `# jerry: allow[LES-002] reason`\n"
        "shop/domain/order.py:3:33: error[layer-import] shop.domain.order imports shop.infrastructure.db: "
        "domain must not import infrastructure\n"
        "  mend: turn it round with a port, or allow it there: `# jerry: allow[LES-002] reason`\n"
        "2 errors, 0 warnings in the work tree (5 files read)\n"
    )


@pytest.mark.positive
def test_the_same_tree_is_told_the_same_when_it_is_remembered(faulty: Desk) -> None:
    first = faulty.jerry("layers", "check", check=False)
    assert list((faulty.folder / ".git/jerry/cache/layers").glob("*.json"))
    assert faulty.jerry("layers", "check", check=False) == first


@pytest.mark.positive
def test_programs_get_the_chain_as_steps(faulty: Desk) -> None:
    found = faulty.jerry("layers", "check", "--json", check=False).data["findings"][0]
    assert (found["code"], found["path"], found["line"], found["column"]) == (
        "layer-chain",
        "shop/domain/line.py",
        1,
        1,
    )
    assert [(step["path"], step["line"], step["column"]) for step in found["steps"]] == [
        ("shop/domain/line.py", 1, 1),
        ("shop/shared/cache.py", 1, 8),
    ]


@pytest.mark.positive
def test_forges_get_annotations_and_code_flows(faulty: Desk) -> None:
    lines = faulty.jerry("layers", "check", "--format", "github", check=False).stdout.splitlines()
    assert lines[1].startswith("::error file=shop/domain/order.py,line=3,col=33,title=layer-import::")
    assert "%0Ashop/shared/cache.py:1:8: shop.shared.cache imports shop.infrastructure.db%0A" in lines[0]
    (run,) = json.loads(faulty.jerry("layers", "check", "--format", "sarif", check=False).stdout)["runs"]
    chain, direct = run["results"]
    assert direct["locations"][0]["physicalLocation"]["region"] == {"startLine": 3, "startColumn": 33}
    (flow,) = chain["codeFlows"][0]["threadFlows"]
    assert [step["location"]["message"]["text"] for step in flow["locations"]] == [
        "shop.domain.line imports shop.shared.cache",
        "shop.shared.cache imports shop.infrastructure.db",
    ]


@pytest.mark.positive
def test_what_is_staged_a_commit_and_a_range_are_checked_by_their_own_files(repo: Desk) -> None:
    repo.git("add", ".")
    repo.git("commit", "--quiet", "--message=Begin")
    write(repo, shop__domain__order="import shop.infrastructure.db\n")
    repo.git("add", ".")
    write(repo, shop__domain__order="import decimal\n")
    assert repo.jerry("layers", "check").returncode == 0
    assert repo.jerry("layers", "check", "HEAD").returncode == 0
    assert repo.jerry("layers", "check", "--staged", check=False).returncode == 1
    repo.git("commit", "--quiet", "--message=Fault")
    assert repo.jerry("layers", "check", "--range", "HEAD~1..HEAD", check=False).returncode == 1


@pytest.mark.positive
def test_a_file_that_was_changed_behind_the_back_of_its_time_is_read_again(repo: Desk) -> None:
    repo.git("add", ".")
    repo.git("commit", "--quiet", "--message=Begin")
    place = repo.folder / "shop/domain/order.py"
    text, times = "import shop.infrastructure.db\n", place.stat()
    write(repo, shop__domain__order="#" * (len(text) - 1) + "\n")
    repo.git("commit", "--quiet", "--all", "--message=As long")
    assert repo.jerry("layers", "check").returncode == 0
    place.write_text(text)
    os.utime(place, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert repo.jerry("layers", "check", check=False).returncode == 1


@pytest.mark.positive
def test_a_file_that_git_is_told_to_assume_unchanged_is_not_believed(repo: Desk) -> None:
    repo.git("add", ".")
    repo.git("update-index", "--assume-unchanged", "shop/domain/order.py")
    write(repo, shop__domain__order="import shop.infrastructure.db\n")
    assert repo.jerry("layers", "check", check=False).returncode == 1


@pytest.mark.negative
def test_what_git_ignores_is_not_looked_at_and_what_it_does_not_know_yet_is(repo: Desk) -> None:
    write(repo, shop__domain__generated="import shop.infrastructure.db\n")
    assert repo.jerry("layers", "check", check=False).returncode == 1
    (repo.folder / ".gitignore").write_text("generated.py\n")
    assert repo.jerry("layers", "check").returncode == 0


@pytest.mark.negative
def test_a_check_that_cannot_be_made_never_passes(repo: Desk) -> None:
    answer = repo.jerry("layers", "check", "v9", check=False)
    assert answer.returncode == 2
    assert answer.stderr.startswith("error: could not check: v9 names no commit that is here\n")
    write(repo, pyproject='[tool.jerry.layers]\nlayers = ["domain", 3]\nforbidden = [{from = "a b", to = []}]\n')
    answer = repo.jerry("layers", "check", check=False)
    assert answer.returncode == 2
    assert [name for name in ("layers.1", "forbidden.0.from.0", "forbidden.0.to") if name not in answer.stderr] == []
    assert repo.jerry("layers", "check", "HEAD", "--staged", check=False).returncode == 2


@pytest.mark.positive
def test_a_pattern_that_matches_nothing_is_an_error(repo: Desk) -> None:
    write(repo, pyproject='[tool.jerry.layers]\nlayers = ["shop.infrastucture", "shop.domain"]\n')
    answer = repo.jerry("layers", "check", check=False)
    assert answer.stdout == (
        "pyproject.toml: error[layer-unmatched] tool.jerry.layers.layers: 'shop.infrastucture' matches no module\n"
        "  mend: correct the name: `jerry layers graph` shows what there is\n"
    )


@pytest.mark.positive
def test_the_whole_check_asks_about_layers_where_they_are_set(faulty: Desk) -> None:
    assert faulty.jerry("check").returncode == 0
    write(faulty, pyproject=LAYERS)
    answer = faulty.jerry("check", "--json", check=False)
    assert [found["code"] for found in answer.data["findings"]] == ["layer-chain", "layer-import"]
    faulty.git("add", ".")
    assert faulty.jerry("check", "--staged").returncode == 0


@pytest.mark.positive
def test_a_baseline_freezes_what_is_there_and_only_shrinks(faulty: Desk) -> None:
    assert faulty.jerry("layers", "baseline", "--dry-run").stderr == (
        "2 frozen, 0 mended, 0 new in .jerry/layers-baseline.json\n"
    )
    assert not (faulty.folder / ".jerry").exists()
    assert faulty.jerry("layers", "baseline").stderr == (
        "2 frozen, 0 mended, 0 new in .jerry/layers-baseline.json\nhint: `git add .jerry/layers-baseline.json`\n"
    )
    place = faulty.folder / ".jerry/layers-baseline.json"
    assert place.read_text() == (
        '{\n  "schema": "jerry.layers-baseline.v1",\n  "violations": [\n'
        '    {"code": "layer-chain", "importer": "shop.domain.line", "imported": "shop.infrastructure.db"},\n'
        '    {"code": "layer-import", "importer": "shop.domain.order", "imported": "shop.infrastructure.db"}\n  ]\n}\n'
    )
    assert faulty.jerry("layers", "check").returncode == 0
    write(faulty, shop__domain__order="", shop__domain__new="import shop.application.place\n")
    answer = faulty.jerry("layers", "check", check=False)
    assert [line for line in answer.stdout.splitlines() if "[layer-" in line] == [
        "shop/domain/new.py:1:8: error[layer-import] shop.domain.new imports shop.application.place: "
        "domain must not import application",
        ".jerry/layers-baseline.json: warning[layer-mended] shop.domain.order to shop.infrastructure.db "
        "(layer-import) is mended, and still in the baseline",
    ]
    answer = faulty.jerry("layers", "baseline", check=False)
    assert answer.returncode == 1
    assert "mended: shop.domain.order to shop.infrastructure.db (layer-import)\n" in answer.stdout
    assert answer.stderr == "1 frozen, 1 mended, 1 new in .jerry/layers-baseline.json\n"
    assert place.read_text().count("importer") == 1


@pytest.mark.negative
def test_a_baseline_that_somebody_lets_grow_is_refused(faulty: Desk) -> None:
    faulty.jerry("layers", "baseline")
    faulty.git("add", ".")
    faulty.git("commit", "--quiet", "--message=Begin")
    write(faulty, shop__domain__new="import shop.application.place\n")
    place = faulty.folder / ".jerry/layers-baseline.json"
    added = '{"code": "layer-import", "importer": "shop.domain.new", "imported": "shop.application.place"},\n    '
    place.write_text(place.read_text().replace('    {"code"', f'    {added}{{"code"', 1))
    faulty.git("add", ".")
    for arguments in (["--staged"], []):
        answer = faulty.jerry("layers", "check", *arguments, check=False)
        assert answer.stdout == (
            ".jerry/layers-baseline.json: error[layer-baseline] shop.domain.new to shop.application.place "
            "(layer-import) was added to the baseline\n  mend: mend it in the code: the baseline only shrinks\n"
        )
    faulty.git("commit", "--quiet", "--message=Grown")
    assert faulty.jerry("layers", "check", "--range", "HEAD~1..HEAD", check=False).returncode == 1


@pytest.mark.negative
def test_a_baseline_that_cannot_be_read_is_told_and_not_written_over(faulty: Desk) -> None:
    faulty.jerry("layers", "baseline")
    place = faulty.folder / ".jerry/layers-baseline.json"
    place.write_text("<<<<<<< HEAD\n")
    answer = faulty.jerry("layers", "check", check=False)
    assert ".jerry/layers-baseline.json: error[layer-baseline] not JSON: " in answer.stdout
    assert faulty.refused("layers", "baseline").startswith("error: .jerry/layers-baseline.json: not JSON: ")
    assert place.read_text() == "<<<<<<< HEAD\n"
    place.unlink()
    place.symlink_to(faulty.folder.parent / "elsewhere.json")
    assert "is behind a symbolic link" in faulty.refused("layers", "baseline")


@pytest.mark.positive
def test_the_graph_is_drawn_in_three_ways(faulty: Desk) -> None:
    mermaid = faulty.jerry("layers", "graph").stdout
    assert mermaid.startswith("flowchart TB\n")
    assert "linkStyle" in mermaid
    assert faulty.jerry("layers", "graph", "--format", "dot").stdout.startswith("digraph")
    place = faulty.folder / "layers.svg"
    assert faulty.jerry("layers", "graph", "--format", "svg", "--output", str(place)).stderr == f"wrote {place}\n"
    assert ElementTree.fromstring(place.read_text()).tag == "{http://www.w3.org/2000/svg}svg"  # noqa: S314 - our own drawing


@pytest.mark.positive
def test_the_graph_as_data_counts_imports_and_violations(faulty: Desk) -> None:
    data = faulty.ask("layers", "graph")
    assert [(each["name"], each["modules"], each["layer"]) for each in data["packages"]] == [
        ("shop.application", 1, 0),
        ("shop.domain", 2, 1),
        ("shop.infrastructure", 1, 0),
        ("shop.shared", 1, None),
    ]
    assert [tuple(each.values()) for each in data["dependencies"]] == [
        ("shop.application", "shop.domain", 1, 0),
        ("shop.domain", "shop.infrastructure", 1, 1),
        ("shop.domain", "shop.shared", 1, 1),
        ("shop.infrastructure", "shop.domain", 1, 0),
        ("shop.shared", "shop.infrastructure", 1, 0),
    ]
    within = faulty.ask("layers", "graph", "--within", "shop.domain", "--depth", "1")
    assert [each["name"] for each in within["packages"]] == ["shop.domain.line", "shop.domain.order"]


@pytest.mark.negative
def test_a_package_that_is_not_there_cannot_be_drawn(repo: Desk) -> None:
    assert repo.refused("layers", "graph", "--within", "shop.nothing") == (
        "error: no package is called 'shop.nothing'\n\nhint: `jerry layers graph` shows what there is\n"
    )


@pytest.mark.positive
def test_what_is_proposed_can_be_used_as_it_stands(repo: Desk) -> None:
    answer = repo.jerry("layers", "init")
    assert answer.stdout == (
        "[tool.jerry.layers]\nlayers = [  # each imports what stands below it\n"
        '    "shop.infrastructure",\n    "shop.application",\n    "shop.domain",\n]\n'
    )
    assert answer.stderr == "seen under shop: infrastructure, application, domain\n"
    write(repo, pyproject=answer.stdout)
    assert repo.jerry("layers", "check").returncode == 0
    assert "hint: this repository has a [tool.jerry.layers] already" in repo.jerry("layers", "init").stderr


@pytest.mark.negative
def test_nothing_is_proposed_where_no_name_says_anything(start: Desk) -> None:
    start.git("init", "--quiet")
    write(start, tool="import os\n")
    assert start.refused("layers", "init").startswith(
        "error: no packages with names such as domain and infrastructure stand together\n"
    )


@pytest.mark.edge
def test_a_repository_without_python_and_one_below_a_folder_pass(start: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    start.git("init", "--quiet")
    assert start.jerry("layers", "check").stderr == "nothing found in the work tree (0 files read)\n"
    write(start, shop__domain__order="import shop.cli\n", shop__cli="")
    monkeypatch.chdir(start.folder / "shop" / "domain")
    assert start.jerry("layers", "check", check=False).stdout.startswith("shop/domain/order.py:1:8: error")
