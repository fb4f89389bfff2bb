"""What the check of layers costs beside import-linter and tach, on the same trees: `just bench-layers`.

Trees of 1,000 and 5,000 generated modules, and a large package from the package index. Cold: no cache of anybody's is
there. Unchanged: everybody has run before. One file: a line was added to one module since. Prints a Markdown table;
each row is the median of several runs, taken in turn so that a busy moment hits all alike, and its ratio to ours.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Mapping
from pathlib import Path

LAYERS = ("cli", "infrastructure", "application", "domain")
REAL, REAL_LAYERS = "Django", ("contrib", "views", "forms", "db", "utils")
PEERS = ("import-linter", "tach")
CACHES = (".git/jerry/cache", ".import_linter_cache", ".tach")
CLASS = '''
@dataclass
class C{number}:
    """Something that is kept, {number}."""

    name: str
    count: int = 0

    def total(self, other: int) -> int:
        """Add up what is there, # and what is not."""
        if other > self.count:
            return other + self.count * 2
        return sum(x for x in range(other) if x % 2)

'''


def main() -> None:
    """Make the trees, measure in them, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--sizes", type=int, nargs="*", default=[1000, 5000])
    parser.add_argument("--peers", type=Path, help="an environment that has the peers, instead of a new one")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        peers = options.peers or _peers(Path(folder) / "peers")
        print(f"{_versions(peers)}; Python {sys.version.split()[0]}; {options.runs} runs, median\n")
        print("| tree | run | jerry, hook | jerry | import-linter | tach |\n| --- | --- | ---: | ---: | ---: | ---: |")
        for size in options.sizes:
            root = Path(folder) / f"tree{size}"
            _generated(root, size)
            _measured(f"{size:,} modules", root, "shop", LAYERS, peers, options.runs)
        root = Path(folder) / "real"
        subprocess.run(_pip(peers, "install", "--quiet", "--no-deps", "--target", str(root), REAL), check=True)
        count = len(list((root / REAL.lower()).rglob("*.py")))
        _measured(f"{REAL}, {count:,} modules", root, REAL.lower(), REAL_LAYERS, peers, options.runs)


def _peers(folder: Path) -> Path:
    venv.create(folder, with_pip=True)
    subprocess.run(_pip(folder, "install", "--quiet", *PEERS), check=True)
    return folder


def _pip(peers: Path, *arguments: str) -> tuple[str, ...]:
    return (str(peers / "bin/python"), "-m", "pip", "--disable-pip-version-check", *arguments)


def _versions(peers: Path) -> str:
    code = f"from importlib.metadata import version; print(*(f'{{n}} {{version(n)}}' for n in {PEERS}), sep=', ')"
    return subprocess.run((str(peers / "bin/python"), "-c", code), check=True, capture_output=True, text=True).stdout[
        :-1
    ]


def _generated(root: Path, size: int) -> None:
    """Modules in four layers, each with a handful of imports of what is below it."""
    chance = random.Random(7)  # noqa: S311 - the same trees each time
    made: list[tuple[int, str]] = []
    for number in range(size):
        rank = chance.randrange(len(LAYERS))
        name = f"{LAYERS[rank]}.p{chance.randrange(max(1, size // 40))}.m{number}"
        place = root / "shop" / f"{name.replace('.', '/')}.py"
        for package in (place.parent, place.parent.parent, root / "shop"):
            package.mkdir(parents=True, exist_ok=True)
            (package / "__init__.py").touch()
        below = [other for at, other in chance.sample(made, min(6, len(made))) if at >= rank]
        imports = "".join("from shop.{} import {}\n".format(*other.rsplit(".", 1)) for other in below)
        head = f"from __future__ import annotations\n\nimport json\nfrom dataclasses import dataclass\n\n{imports}\n"
        place.write_text(head + "".join(CLASS.format(number=each) for each in range(4)))
        made.append((rank, name))


def _measured(name: str, root: Path, package: str, layers: tuple[str, ...], peers: Path, runs: int) -> None:
    _configured(root, package, layers)
    environment = {**os.environ, "PYTHONPATH": f"{os.environ.get('PYTHONPATH', '')}:{root}"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    cases = {
        "hook": (sys.executable, "-c", "from jerry_hooks.layers import main; main()"),
        "jerry": (sys.executable, "-m", "jerry_git", "layers", "check"),
        "import-linter": (str(peers / "bin/lint-imports"),),
        "tach": (str(peers / "bin/tach"), "check"),
    }
    touched = max((root / package).rglob("*.py"), key=lambda path: path.stat().st_size)

    def cold() -> None:
        for cache in CACHES:
            shutil.rmtree(root / cache, ignore_errors=True)

    def edited() -> None:
        with touched.open("a") as file:
            file.write("# a line\n")
        _git(root, "add", str(touched))

    nothing: Callable[[], None] = lambda: None  # noqa: E731
    for run, before in (("cold", cold), ("unchanged", nothing), ("one file", edited)):
        times = _in_turn(cases, root, environment, runs, before)
        ratios = {case: f"{value:.0f} ms ({value / times['jerry']:.1f})" for case, value in times.items()}
        print(f"| {name} | {run} | " + " | ".join(ratios.values()) + " |", flush=True)


def _configured(root: Path, package: str, layers: tuple[str, ...]) -> None:
    names = [f"{package}.{layer}" for layer in layers]
    listed = ", ".join(f'"{name}"' for name in names)
    (root / "pyproject.toml").write_text(f"[tool.jerry.layers]\nlayers = [{listed}]\n")
    below = "\n".join(f"    {name}" for name in names)
    (root / ".importlinter").write_text(
        f"[importlinter]\nroot_package = {package}\n\n[importlinter:contract:1]\nname = layers\ntype = layers\n"
        f"layers =\n{below}\n"
    )
    modules = "".join(
        f'[[modules]]\npath = "{name}"\ndepends_on = {json.dumps(names[at + 1 :])}\n' for at, name in enumerate(names)
    )
    (root / "tach.toml").write_text(f'source_roots = ["."]\n{modules}')
    (root / ".gitignore").write_text("__pycache__/\n.import_linter_cache/\n")
    _git(root, "init", "--quiet")
    _git(root, "add", ".")
    _git(root, "-c", "user.name=Ada", "-c", "user.email=ada@example.org", "commit", "--quiet", "--message=Everything")
    _git(root, "gc", "--quiet")


def _git(root: Path, *arguments: str) -> None:
    subprocess.run(("git", *arguments), cwd=root, check=True, capture_output=True)


def _in_turn(
    cases: Mapping[str, tuple[str, ...]], root: Path, environment: dict[str, str], runs: int, before: Callable[[], None]
) -> dict[str, float]:
    """Milliseconds by case; what the peers find is theirs, but that they could not look is an error."""
    timed: dict[str, list[float]] = {name: [] for name in cases}
    for run in range(runs + 1):  # the first one makes what Python compiles, and counts for nothing
        for name, command in cases.items():
            before()
            start = time.perf_counter()
            done = subprocess.run(command, cwd=root, env=environment, capture_output=True, check=False)
            if run:
                timed[name].append((time.perf_counter() - start) * 1000)
            assert done.returncode in (0, 1), (name, done.stderr[-2000:])
    return {name: statistics.median(times) for name, times in timed.items()}


if __name__ == "__main__":
    main()
