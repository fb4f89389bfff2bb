"""The graph of packages, drawn: Mermaid and DOT for programs, SVG to look at."""

from __future__ import annotations

import random
import re
from collections import Counter
from itertools import combinations
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jerry_git.application.layers.drawing import DRAWINGS, Dependency, Package, PackageGraph, dot, mermaid, svg

SVG = "{http://www.w3.org/2000/svg}"
NAMES = (
    "",
    ".a",
    ".a.b",
    ".c",
    ".long_name_of_a_package_that_has.no_room.in_any_box",
    ".e",
    "<&>",
    '"',
    "\\",
    "]",
    "é日",
)


def graph(*links: tuple[str, str] | tuple[str, str, int], layers: tuple[str, ...] = (), **ranks: int) -> PackageGraph:
    """Links as (importer, imported, violations); the packages are those named, with their ranks."""
    names = dict.fromkeys([*ranks, *(name for link in links for name in link[:2])])
    return PackageGraph(
        packages=tuple(Package(name=name, modules=2, layer=ranks.get(name)) for name in names),
        dependencies=tuple(
            Dependency(importer=link[0], imported=link[1], imports=5, violations=link[2] if len(link) > 2 else 0)
            for link in links
        ),
        layers=layers,
    )


LAYERED = graph(
    ("cli", "app"), ("app", "domain"), ("domain", "cli", 3), cli=0, app=1, domain=1, layers=("outer", "inner")
)


@st.composite
def graphs(draw: st.DrawFn) -> PackageGraph:
    """Any graph: layers or none or some, cycles, links to itself, links of what is not there, hostile names."""
    count = draw(st.integers(0, 14))
    names = [f"p{index}{draw(st.sampled_from(NAMES))}" for index in range(count)]
    rank = st.none() if draw(st.booleans()) else st.none() | st.integers(0, 4)
    packages = tuple(Package(name=name, modules=draw(st.integers(0, 999)), layer=draw(rank)) for name in names)
    ends = st.sampled_from([*names, "absent"])
    pairs = draw(st.lists(st.tuples(ends, ends), max_size=40, unique=True))
    links = []
    for importer, imported in pairs:
        imports = draw(st.integers(1, 5000))
        violations = draw(st.just(0) | st.integers(0, imports))
        links.append(Dependency(importer=importer, imported=imported, imports=imports, violations=violations))
    return PackageGraph(packages=packages, dependencies=tuple(links), layers=("top", "<middle> & more"))


def crowd(packages: int, links: int, *, layers: int = 0, bad: float = 0.1) -> PackageGraph:
    """A large graph, the same each time; of its links, `bad` point against the order, and break a rule."""
    chance = random.Random(7)
    names = [f"shop.part{index}" for index in range(packages)]
    pairs: dict[tuple[int, int], None] = {}
    while len(pairs) < links:
        low, high = sorted(chance.sample(range(packages), 2))
        pairs[(high, low) if chance.random() < bad else (low, high)] = None
    return PackageGraph(
        packages=tuple(
            Package(name=name, modules=3, layer=index * layers // packages if layers else None)
            for index, name in enumerate(names)
        ),
        dependencies=tuple(
            Dependency(importer=names[a], imported=names[b], imports=a + 1, violations=int(a > b)) for a, b in pairs
        ),
    )


def parsed(drawn: PackageGraph) -> ElementTree.Element:
    return ElementTree.fromstring(svg(drawn))  # noqa: S314 - our own


def groups(root: ElementTree.Element, kind: str) -> dict[str, ElementTree.Element]:
    """The groups of one class, by their tooltip."""
    found = [group for group in root.iter(f"{SVG}g") if kind in group.get("class", "").split()]
    titled = {group.findtext(f"{SVG}title", ""): group for group in found}
    assert len(titled) == len(found)
    return titled


def boxes(root: ElementTree.Element) -> dict[str, tuple[float, float, float, float]]:
    """Left, top, right and lower edge of each package's box, by its name."""
    found = {}
    for title, group in groups(root, "package").items():
        rect = group.find(f"{SVG}rect")
        assert rect is not None
        x, y, width, height = (float(rect.get(key, "")) for key in ("x", "y", "width", "height"))
        found[title.rpartition(": ")[0]] = (x, y, x + width, y + height)
    return found


def bands(root: ElementTree.Element) -> dict[str, tuple[float, float]]:
    """The upper and lower edge of each layer, by its label."""
    found = {}
    for group in root.iter(f"{SVG}g"):
        rect = group.find(f"{SVG}rect[@class='band']")
        if rect is not None:
            top = float(rect.get("y", ""))
            found[group.findtext(f"{SVG}title", "")] = (top, top + float(rect.get("height", "")))
    return found


def overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def drawn_links(some: PackageGraph) -> list[Dependency]:
    names = {package.name for package in some.packages}
    return [
        link for link in some.dependencies if link.importer != link.imported and {link.importer, link.imported} <= names
    ]


@pytest.mark.positive
def test_mermaid_has_a_subgraph_for_each_layer_and_thick_red_links_for_violations():
    assert mermaid(LAYERED) == (
        "flowchart TB\n"
        '  subgraph layer0["outer"]\n'
        '    p0["cli<br/>2 modules"]\n'
        "  end\n"
        '  subgraph layer1["inner"]\n'
        '    p1["app<br/>2 modules"]\n'
        '    p2["domain<br/>2 modules"]\n'
        "  end\n"
        "  p1 --> p2\n"
        "  p0 --> p1\n"
        '  p2 ==>|"3 violations"| p0\n'
        "  linkStyle 2 stroke:#cf222e,stroke-width:3px,color:#cf222e\n"
    )


@pytest.mark.positive
def test_mermaid_without_layers_is_a_plain_flowchart():
    assert mermaid(graph(("a", "b"))) == (
        'flowchart TB\n  p0["a<br/>2 modules"]\n  p1["b<br/>2 modules"]\n  p0 --> p1\n'
    )


@pytest.mark.positive
def test_dot_has_a_cluster_of_one_rank_for_each_layer_and_red_edges_for_violations():
    assert dot(LAYERED).splitlines()[4:] == [
        "  subgraph cluster_0 {",
        '    label="outer"; labeljust=l; style="rounded,filled"; color="#d0d7de"; fillcolor="#f6f8fa";',
        "    rank=same;",
        r'    p0 [label="cli\n2 modules"];',
        "  }",
        "  subgraph cluster_1 {",
        '    label="inner"; labeljust=l; style="rounded,filled"; color="#d0d7de"; fillcolor="#f6f8fa";',
        "    rank=same;",
        r'    p1 [label="app\n2 modules"];',
        r'    p2 [label="domain\n2 modules"];',
        "  }",
        "  p0 -> p1 [style=invis];",
        '  p1 -> p2 [penwidth=2.0, tooltip="5 imports"];',
        '  p0 -> p1 [penwidth=2.0, tooltip="5 imports"];',
        '  p2 -> p0 [penwidth=2.0, tooltip="5 imports", color="#cf222e", fontcolor="#cf222e", label="3", '
        "constraint=false];",
        "}",
    ]


@pytest.mark.positive
def test_dot_without_layers_has_no_clusters():
    assert dot(graph(("a", "b"))).splitlines()[4:] == [
        r'  p0 [label="a\n2 modules"];',
        r'  p1 [label="b\n2 modules"];',
        '  p0 -> p1 [penwidth=2.0, tooltip="5 imports"];',
        "}",
    ]


@pytest.mark.positive
@given(graphs())
def test_mermaid_and_dot_mention_every_package_and_every_dependency_once(some: PackageGraph):
    ids = {f"p{index}" for index in range(len(some.packages))}
    nodes = re.findall(r'^ +(p\d+)\["', mermaid(some), re.MULTILINE)
    assert sorted(nodes) == sorted(ids)
    assert sorted(re.findall(r"^ +(p\d+) \[label=", dot(some), re.MULTILINE)) == sorted(ids)
    links = len(drawn_links(some))
    assert len(re.findall(r"^  p\d+ (?:-->|==>).* p\d+$", mermaid(some), re.MULTILINE)) == links
    assert len(re.findall(r"^  p\d+ -> p\d+ \[penwidth", dot(some), re.MULTILINE)) == links


@pytest.mark.positive
@settings(deadline=None)
@given(graphs())
def test_svg_shows_every_package_in_a_box_of_its_own_within_the_picture(some: PackageGraph):
    root = parsed(some)
    left, top, width, height = map(float, root.get("viewBox", "").split())
    found = boxes(root)
    assert len(found) == len(some.packages)
    assert all(left < box[0] and top < box[1] and box[2] < width and box[3] < height for box in found.values())
    assert not [pair for pair in combinations(found, 2) if overlap(found[pair[0]], found[pair[1]])]


@pytest.mark.positive
@settings(deadline=None)
@given(graphs())
def test_svg_draws_every_dependency_once_and_counts_its_violations(some: PackageGraph):
    root, links = parsed(some), drawn_links(some)
    edges = groups(root, "edge")
    assert sorted(edges) == sorted(str(link) for link in links)
    assert all(len(group.findall(f"{SVG}path")) == 1 for group in edges.values())
    counts = [text.text for text in root.iter(f"{SVG}text") if text.get("class") == "count"]
    assert Counter(counts) == Counter(str(link.violations) for link in links if link.violations)
    assert len(groups(root, "violation").keys() & edges.keys()) == len(counts)


@pytest.mark.positive
@settings(deadline=None)
@given(graphs(), st.randoms(use_true_random=False))
def test_the_order_in_which_a_graph_is_given_changes_no_drawing(some: PackageGraph, chance: random.Random):
    packages, dependencies = list(some.packages), list(some.dependencies)
    chance.shuffle(packages)
    chance.shuffle(dependencies)
    other = PackageGraph(packages=tuple(packages), dependencies=tuple(dependencies), layers=some.layers)
    assert [draw(other) for draw in DRAWINGS.values()] == [draw(some) for draw in DRAWINGS.values()]


@pytest.mark.positive
@settings(deadline=None)
@given(graphs())
def test_lines_begin_and_end_at_their_boxes(some: PackageGraph):
    root = parsed(some)
    found = list(boxes(root).values())
    for group in groups(root, "edge").values():
        path = group.find(f"{SVG}path")
        assert path is not None
        numbers = [float(number) for number in re.findall(r"-?[\d.]+", path.get("d", ""))]
        for x, y in (numbers[:2], numbers[-2:]):
            assert [box for box in found if box[0] < x < box[2] and box[1] - 10 < y < box[3] + 10]


@pytest.mark.positive
def test_each_layer_is_a_band_around_its_packages_from_the_top():
    root = parsed(graph(("a", "b"), ("b", "c"), ("c", "d"), a=0, b=1, c=1, layers=("outer", "inner")))
    found, around = boxes(root), bands(root)
    assert list(around) == ["outer", "inner", "in no layer"]
    for name, label in (("a", "outer"), ("b", "inner"), ("c", "inner"), ("d", "in no layer")):
        assert around[label][0] < found[name][1] < found[name][3] < around[label][1]
    edges = [edge for band in around.values() for edge in band]
    assert edges == sorted(edges)


@pytest.mark.positive
def test_without_layers_importers_are_above_what_they_import():
    found = boxes(parsed(graph(("a", "b"), ("b", "c"), ("a", "c"), ("c", "d"), ("x", "d"))))
    assert [found[name][1] for name in "abcd"] == sorted({found[name][1] for name in "abcd"})
    assert found["x"][1] < found["d"][1]


@pytest.mark.positive
def test_a_cycle_and_what_points_upward_are_drawn_differently():
    root = parsed(graph(("a", "b"), ("b", "c"), ("c", "b"), ("d", "a"), ("c", "d", 1), a=0, b=0, c=0, d=1))
    classes = {title.partition(":")[0]: group.get("class") for title, group in groups(root, "edge").items()}
    assert classes == {
        "a -> b": "edge plain",
        "b -> c": "edge cycle",
        "c -> b": "edge cycle up",
        "d -> a": "edge upward up",
        "c -> d": "edge violation",
    }


@pytest.mark.positive
def test_of_a_cycle_the_link_that_breaks_a_rule_points_upward():
    links = [("a", "b"), ("b", "c"), ("c", "a")]
    for bad in links:
        root = parsed(graph(*((*link, 5) if link == bad else link for link in links)))
        upward = [title for title, group in groups(root, "edge").items() if "up" in group.get("class", "").split()]
        assert upward == [f"{bad[0]} -> {bad[1]}: 5 imports, 5 violations"]


@pytest.mark.positive
def test_the_legend_explains_just_the_lines_that_are_there():
    def legend(some: PackageGraph) -> list[str | None]:
        return [
            group.findtext(f"{SVG}text") for group in parsed(some).iter(f"{SVG}g") if "key" in group.get("class", "")
        ]

    assert legend(graph(("a", "b"))) == ["imports, the wider the more"]
    assert legend(LAYERED) == ["imports, the wider the more", "breaks a rule, how often", "dashed: upward"]
    assert legend(graph(a=0)) == []


@pytest.mark.positive
def test_the_picture_is_named_and_described_and_says_what_lies_under_the_pointer():
    root = parsed(LAYERED)
    assert (root.get("role"), root.get("aria-labelledby")) == ("img", "what how")
    assert root.findtext(f"{SVG}title[@id='what']") == "Packages and their imports"
    assert root.findtext(f"{SVG}desc[@id='how']") == "3 packages, 3 dependencies, 3 violations"
    assert list(groups(root, "package")) == ["cli: 2 modules", "app: 2 modules", "domain: 2 modules"]
    assert set(groups(root, "edge")) == {
        "cli -> app: 5 imports",
        "app -> domain: 5 imports",
        "domain -> cli: 5 imports, 3 violations",
    }


@pytest.mark.positive
def test_more_imports_make_a_wider_line_up_to_a_bound():
    names = "bcdefg"
    many = PackageGraph(
        packages=tuple(Package(name=name, modules=1) for name in f"a{names}"),
        dependencies=tuple(Dependency(importer="a", imported=b, imports=20**n) for n, b in enumerate(names)),
    )
    paths = [group.find(f"{SVG}path") for group in groups(parsed(many), "edge").values()]
    widths = {path.get("d"): float(path.get("stroke-width", "")) for path in paths if path is not None}
    assert sorted(widths.values())[0] < 2 < sorted(widths.values())[-1] < 5


@pytest.mark.positive
def test_the_picture_is_at_home_on_light_and_on_dark_pages():
    style = parsed(LAYERED).findtext(f"{SVG}style") or ""
    light, _, dark = style.partition("@media (prefers-color-scheme:dark)")
    selectors = re.findall(r"^(\.\S.*)\{(?:fill|stroke):#", dark, re.MULTILINE)
    assert selectors == re.findall(r"^(\.\S.*)\{(?:fill|stroke):#", light, re.MULTILINE)
    assert ".packages .edge" in light


@pytest.mark.positive
@pytest.mark.parametrize(("layers", "bad"), [(0, 0.1), (5, 0.1), (5, 0.5)], ids=["no layers", "layers", "a mess"])
def test_two_hundred_packages_with_two_thousand_dependencies_do_not_overlap(layers: int, bad: float):
    big = crowd(200, 2000, layers=layers, bad=bad)
    root = parsed(big)
    found = boxes(root)
    assert (len(found), len(groups(root, "edge"))) == (200, 2000)
    assert not [pair for pair in combinations(found, 2) if overlap(found[pair[0]], found[pair[1]])]


@pytest.mark.positive
def test_forty_packages_without_dependencies_are_laid_in_rows():
    found = boxes(parsed(crowd(40, 0)))
    assert 4 < len({box[1] for box in found.values()}) < 10


@pytest.mark.negative
def test_the_svg_holds_no_script_and_asks_for_nothing_from_elsewhere():
    hostile = graph(("<script>alert(1)</script>", '"><image href="https://e.invalid/x"/>', 1))
    assert {element.tag.removeprefix(SVG) for element in parsed(hostile).iter()} == {
        *("svg", "title", "desc", "style", "defs", "marker", "path", "rect", "text", "g")
    }
    assert re.findall(r"url\((?!#)|@import|@font-face", svg(hostile)) == []


@pytest.mark.negative
@pytest.mark.parametrize(
    "name", ["a\nb", "a\x00b", "a\ud800b", "a\u202eb", "a\ufffeb"], ids=["line", "nul", "half", "turn", "no character"]
)
def test_what_cannot_be_printed_is_written_as_an_escape(name: str):
    shown = "a" + name[1].encode("unicode_escape", "surrogatepass").decode() + "b"
    some = graph((name, "other"))
    assert list(boxes(parsed(some))) == [shown, "other"]
    assert shown.replace("\\", "#92;") in mermaid(some)
    assert shown.replace("\\", "\\\\") in dot(some)


@pytest.mark.negative
def test_a_hostile_name_does_not_leave_its_quotes_in_mermaid():
    text = mermaid(graph(('"] --> x; click p0 "javascript:1"', "#quot;<b>`"), layers=("]",)))
    nodes = [line for line in text.splitlines() if "[" in line]
    assert nodes == [
        '  p0["#34;#93; --#62; x#59; click p0 #34;javascript#58;1#34;<br/>2 modules"]',
        '  p1["#35;quot#59;#60;b#62;#96;<br/>2 modules"]',
    ]


@pytest.mark.negative
def test_a_hostile_name_does_not_leave_its_quotes_in_dot():
    text = dot(graph(('"]; x [label="', "&lt;\\"), a=0, layers=('"',)))
    assert r'p0 [label="a\n2 modules"];' in text
    assert r'label="\""; labeljust' in text
    assert r'[label="\"]; x [label=\"\n2 modules"];' in text
    assert r'[label="&amp;lt;\\\n2 modules"];' in text


@pytest.mark.negative
def test_a_long_name_does_not_leave_its_box_and_stands_whole_in_the_tooltip():
    name = ".".join(["package"] * 20)
    root = parsed(graph((name, "b"), layers=("l" * 80,), b=0))
    group = groups(root, "package")[f"{name}: 2 modules"]
    shown = group.findtext(f"{SVG}text") or ""
    start, _, end = shown.partition("\u2026")
    assert start
    assert name.startswith(start)
    assert name.endswith(end)
    left, _, right, _ = boxes(root)[name]
    assert right - left < 240
    assert "l" * 80 in bands(root)


@pytest.mark.negative
def test_letters_of_unknown_width_are_held_in_their_box():
    name = "\u65e5\u672c\u8a9e" * 30
    root = parsed(graph((name, "b")))
    text = groups(root, "package")[f"{name}: 2 modules"].find(f"{SVG}text")
    left, _, right, _ = boxes(root)[name]
    assert text is not None
    assert float(text.get("textLength", "inf")) < right - left


@pytest.mark.negative
def test_github_is_not_given_more_links_than_it_draws_and_violations_come_first():
    big = crowd(80, 700)
    text = mermaid(big)
    assert len(re.findall(r"^  p\d+ (?:-->|==>)", text, re.MULTILINE)) == 500
    assert text.count("==>") == sum(bool(link.violations) for link in big.dependencies)
    assert text.endswith('  rest["200 of 700 dependencies are left out"]\n')


@pytest.mark.negative
def test_badges_do_not_hide_each_other():
    root = parsed(graph(*((a, b, 7) for a in "abcde" for b in "vwxyz")))
    rects = [rect for rect in root.iter(f"{SVG}rect") if rect.get("class") == "badge"]
    places = [[float(rect.get(key, "")) for key in ("x", "y", "width", "height")] for rect in rects]
    found = [(x, y, x + width, y + height) for x, y, width, height in places]
    assert len(found) == 25
    assert sum(overlap(*pair) for pair in combinations(found, 2)) <= 2


@pytest.mark.edge
def test_a_graph_of_nothing_is_drawn():
    nothing = PackageGraph(packages=(), dependencies=())
    assert mermaid(nothing) == 'flowchart TB\n  none["no packages"]\n'
    assert dot(nothing).splitlines()[-1] == "}"
    assert parsed(nothing).findtext(f"{SVG}desc") == "0 packages"


@pytest.mark.edge
def test_a_package_alone_is_drawn_and_its_imports_of_itself_are_not():
    root = parsed(graph(("a", "a")))
    assert list(boxes(root)) == ["a"]
    assert groups(root, "edge") == {}
    assert root.findtext(f"{SVG}desc") == "1 package"


@pytest.mark.edge
def test_a_layer_without_a_label_is_called_by_its_number():
    assert list(bands(parsed(graph(a=7, b=0, layers=("top",))))) == ["top", "layer 7"]


@pytest.mark.edge
def test_two_that_import_each_other_have_two_lines_apart():
    root = parsed(graph(("a", "b"), ("b", "a")))
    paths = [group.find(f"{SVG}path") for group in groups(root, "edge").values()]
    starts = {re.findall(r"[\d.]+", path.get("d", ""))[0] for path in paths if path is not None}
    assert len(starts) == 2
    assert root.findtext(f"{SVG}desc") == "2 packages, 2 dependencies, 2 of them in cycles that break no rule"
